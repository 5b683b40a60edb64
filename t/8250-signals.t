#!/bin/sh
# Signals, closed descriptors, and mail that comes slowly or not at all.
. "${srcdir:-.}/t/lib.sh"

new_store
mail one@example.org </dev/null >one

# slow.pl SECONDS: begin a mail, wait, end it.
cat >slow.pl <<'EOF'
$| = 1;
print "Message-ID: <slow\@example.org>\nList-Id: <kvmarm.lists.example.org>\n";
select undef, undef, undef, $ARGV[0];
print "\nbody\n";
EOF

# waiting.pl: begin a mail, wait until told to end it.
cat >waiting.pl <<'EOF'
$| = 1;
print "Message-ID: <slow\@example.org>\nList-Id: <kvmarm.lists.example.org>\n";
select undef, undef, undef, 0.02 until -e 'go' || time - $^T > 60;
print "\nbody\n";
EOF

# listens PID: it is the program, and has said what to do at a signal.
listens()
{
	[ "$(cat "/proc/$1/comm")" = kvdigest-ingest ] &&
	    grep -q '^SigCgt:.*[1-9a-f]' "/proc/$1/status"
}

for signal in TERM HUP INT QUIT USR1 USR2 ALRM VTALRM PROF XCPU SEGV BUS \
    ABRT FPE ILL SYS PWR IO RTMIN; do
	rm -f pid go
	(
		perl waiting.pl | {
			perl -e 'open F, ">", "pid"; print F "$$\n"; close F;
			    exec @ARGV' kvdigest-ingest 2>err
			echo $? >status
		}
	) &
	until [ -s pid ] && listens "$(cat pid)"; do sleep 0.02; done
	sleep 0.05
	kill -s $signal "$(cat pid)"
	: >go
	wait
	ok "SIG$signal while the mail comes: 75" test "$(cat status)" -eq 75
	has 'the mail system is told' '^4\.3\.0 kvdigest-ingest: ' err
done
kvdigest-thread --dump >dump
ok 'nothing is stored of any' test ! -s dump

# What an MTA may have set before it started us.
status 'SIGALRM blocked and ignored: the deadline holds' 75 perl -e '
	use POSIX; $SIG{ALRM} = "IGNORE";
	POSIX::sigprocmask(SIG_BLOCK, POSIX::SigSet->new(SIGALRM));
	open STDIN, "-|", "perl", "slow.pl", 5;
	exec "kvdigest-ingest", "--deadline", "1"'

perl slow.pl 4 | kvdigest-ingest --deadline 2 2>err &
stalled=$!
sleep 0.2
status 'while one waits for its mail another is stored' 0 \
    kvdigest-ingest --deadline 1 <one
wait $stalled
rc=$?
ok 'a mail that does not come to its end: 75' test $rc -eq 75
has 'it says why' '^4\.3\.0 kvdigest-ingest: deadline passed' err
status 'one byte every 20 ms: 0' 0 sh -c '
	mail_bytes=$(wc -c <one)
	perl -e "open F, q(one); \$| = 1; while (read F, my \$c, 1) {
		print \$c; select undef, undef, undef, 0.02 }" |
	    kvdigest-ingest --deadline 60'
for value in 0 901 -1 x 1.5 ''; do
	status "--deadline '$value': 75" 75 kvdigest-ingest --deadline "$value" \
	    <one
done

# Each set of descriptors closed: no mix-up with the store's.
for closed in '' '>&-' '2>&-' '>&- 2>&-'; do
	mail "c$closed@example.org" </dev/null >letter
	sh -c "kvdigest-ingest <letter $closed"
	rc=$?
	ok "closed: $closed: 0" test $rc -eq 0
	sh -c "kvdigest-ingest <&- $closed" 2>/dev/null
	rc=$?
	ok "closed: <&- $closed: 75" test $rc -eq 75
done
status 'and the store is whole' 0 kvdigest-thread --dump
ok 'with all of them' test "$(wc -l <out)" -eq 5
status 'a reader that is gone: 75 all the same' 75 perl -e '
	pipe my $r, my $w; close $r; open STDERR, ">&", $w;
	exec "kvdigest-ingest", "--no-such"' <one
done_testing
