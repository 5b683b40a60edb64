#!/bin/sh
# The timer, its service and the crontab start the report, once, and in a way
# that leaves sendmail its set-group-ID.
. "${srcdir:-.}/t/lib.sh"

# Made as the Makefile does it, for programs that lie in $T/bin.
mkdir bin units
for unit in kvdigest-report.service kvdigest-report.timer; do
	sed -e "s|@bindir@|$T/bin|g" -e "s|@sysconfdir@|$T/etc|g" \
	    "$srcdir/conf/$unit.in" >"units/$unit"
done
cat >bin/kvdigest-report <<'EOT'
#!/bin/sh
echo report >>"${0%/*}/runs"
EOT
chmod +x bin/kvdigest-report

if command -v systemd-analyze >/dev/null; then
	status 'systemd takes the units' 0 \
	    systemd-analyze verify --man=no units/kvdigest-report.service \
	    "$T/units/kvdigest-report.timer"
	: >none
	is 'without a word' none err
	when=$(sed -n 's/^OnCalendar=//p' units/kvdigest-report.timer)
	systemd-analyze calendar --base-time='2021-03-10 UTC' "$when" >next
	has 'and runs them on Monday at eight' \
	    'Next elapse: Mon 2021-03-15 08:00:00' next
else
	skip 'systemd takes the units' 'no systemd-analyze'
fi

# systemd.exec(5): each of these sets NoNewPrivileges= for a unit with User=,
# and then Postfix's postdrop cannot write to its queue.
grep -v '^#' units/kvdigest-report.service >settings
hasnt 'no setting takes away the set-group-ID of sendmail' \
    '^(NoNewPrivileges|LockPersonality|MemoryDenyWriteExecute|PrivateDevices|ProtectClock|ProtectHostname|ProtectKernel[A-Z][a-z]*|Restrict[A-Z][A-Za-z]*|SystemCall[A-Z][A-Za-z]*|DynamicUser)=' \
    settings
hasnt 'nor the queue below /var/spool' \
    '^(ProtectSystem=strict|ReadOnlyPaths|PrivateNetwork|CapabilityBoundingSet)' \
    settings

# cron.d(5): five fields, the user, the command.
sed -e "s|@bindir@|$T/bin|g" -e "s|/run/systemd/system|$T/systemd|g" \
    "$srcdir/conf/crontab.in" | grep '^[0-9*]' >line
ok 'cron has one line, with a user' grep -Eqx \
    '([0-9*,/-]+ ){5}kvdigest	[^	]+' line
command=$(sed 's/^.*kvdigest	//' line)
status 'without systemd cron runs the report' 0 sh -c "$command"
mkdir systemd
status 'with systemd cron is silent' 0 sh -c "$command"
echo report >expected
is 'and has left the report to the timer' expected bin/runs

done_testing
