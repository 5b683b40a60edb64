#!/bin/sh
# Handing the mail over: sendmail gets an argument vector, a small environment
# and the whole mail on standard input; no shell sees any of it.  Whatever goes
# wrong ends in a message that names the program and an exit status that says
# whether to try again: 75, or 69 and 78 when somebody must mend something.
. "${srcdir:-.}/t/lib.sh"

mkdir mta
cp "$srcdir/t/fake-sendmail" mta/sendmail

cat >mail <<'EOF'
From: digest@example.org
Subject: =?utf-8?b?5ZGo5oql?=
Date: Mon, 15 Mar 2021 08:00:00 +0800
Message-ID: <kvdigest.kvmarm.2021-W10@example.org>

From the top:
.
..two dots

5ZGo5oql
EOF

# deliver [OPTION...] SENDMAIL [WORD...]
deliver()
{
	run-deliver -r team@example.org "$@" <mail
}

cat >argv <<'EOF'
-C
/etc/my rc
-i
-f
bounce@example.org
--
team@example.org
boss@example.org
EOF
SECRET=canary
export SECRET
status 'a mail is handed over' 0 deliver -f 'Bounces <bounce@example.org>' \
    -r 'The Boss <boss@example.org>' -- "$T/mta/sendmail" -C '/etc/my rc'
is 'its arguments' argv mta/argv
is 'its bytes' mail mta/stdin
sed -n 's/=.*//p' mta/env | grep -Evx 'PWD|OLDPWD|SHLVL|_' | sort >names
printf '%s\n' HOME LC_ALL PATH >expected
is 'its environment' expected names
hasnt 'nothing of ours is in it' canary mta/env

printf '%s\n' -i -- team@example.org >argv
status 'without an envelope sender' 0 deliver "$T/mta/sendmail"
is 'there is no -f' argv mta/argv

wild="a&touch\$IFS'pwned'|b*\`c\`@example.org"
printf '%s\n' -i -f "$wild" -- team@example.org "$wild" >argv
status 'characters of the shell are characters' 0 \
    deliver -f "$wild" -r "$wild" "$T/mta/sendmail"
is 'and arrive as they are' argv mta/argv
ok 'no shell has read them' test ! -e pwned -a ! -e mta/pwned

# What must not reach sendmail.

refuse()
{
	rm -f mta/argv
	status "$1" 78 deliver "$2" "$3" "$T/mta/sendmail"
	has '  the key is named' "^run-deliver: mail\.$4: " err
	ok '  sendmail was not started' test ! -e mta/argv
}
refuse 'an option as recipient' -r -oQ/tmp to
refuse 'an option behind an address' -r 'a@example.org -X/tmp/x' to
refuse 'a program as recipient' -r '|cmd' to
refuse 'a file as recipient' -r /etc/x to
refuse 'two recipients in one' -r 'a@example.org; b@example.org' to
refuse 'a line feed in a recipient' -r 'a@example.org
b@example.org' to
refuse 'an option as sender' -f -oQ/tmp envelope_sender
refuse 'an empty sender' -f '' envelope_sender

rm -f mta/argv
status 'no recipient' 78 run-deliver "$T/mta/sendmail" <mail
has '  the key is named' '^run-deliver: mail\.to: ' err
set --
while [ $# -lt 200 ]; do
	set -- "$@" -r team@example.org
done
status '101 recipients' 78 deliver "$@" "$T/mta/sendmail"
ok '  sendmail was not started' test ! -e mta/argv
shift 2
status '100 recipients' 0 deliver "$@" "$T/mta/sendmail"

# What sendmail answers, and what we make of it.

while read -r theirs ours; do
	echo "$theirs" >mta/status
	status "exit status $theirs becomes $ours" "$ours" \
	    deliver "$T/mta/sendmail"
	has '  program, status and remedy are named' \
	    "^run-deliver: $T/mta/sendmail: exit status $theirs: [a-z]" err
done <<'EOF'
1 75
64 78
65 69
67 69
68 75
69 75
70 75
71 75
74 75
75 75
77 78
78 78
127 75
EOF

# script NAME: a program of its own kind of trouble.
script()
{
	{
		echo '#!/bin/sh'
		cat
	} >"$1"
	chmod +x "$1"
}

script dies <<'EOF'
kill -9 $$
EOF
status 'sendmail dies' 75 deliver "$T/dies"
has '  the signal is named' "$T/dies: killed by signal 9: [a-z]" err

script hangs <<EOF
echo \$\$ >"$T/pid"
sleep 600
EOF
status 'sendmail hangs' 75 deliver -t 1 "$T/hangs"
has '  the program is named' "^run-deliver: $T/hangs: .*1 second" err
ok '  and is gone' sh -c '! kill -0 "$(cat pid)"'

# More than a pipe holds: what sendmail has not read, it cannot send.
head -c 1000000 /dev/zero | tr '\0' x | fold -w 70 >large
script deaf <<'EOF'
exec <&-
exit 0
EOF
status 'sendmail stops reading' 75 run-deliver -r a@example.org \
    "$T/deaf" <large
has '  the program is named' "^run-deliver: $T/deaf: " err
status 'it reads a large mail' 0 sh -c 'rm mta/status
	run-deliver -r a@example.org "$0" <large' "$T/mta/sendmail"
is '  whole' large mta/stdin

script talks <<'EOF'
echo 'a word on standard output'
echo 'mailq: disk full' >&2
cat >/dev/null
exit 75
EOF
status 'sendmail explains itself' 75 deliver "$T/talks"
has '  on our standard error' '^mailq: disk full$' err
hasnt '  its standard output is not ours' word out

status 'there is no such program' 75 deliver "$T/missing/sendmail"
has '  it is named' "^run-deliver: $T/missing/sendmail: " err
: >plain
status 'it is not executable' 75 deliver "$T/plain"
status 'it has no path' 78 deliver sendmail
has '  the key is named' '^run-deliver: mail\.sendmail: ' err

# A real submission program, and a server that keeps what it gets.

# submit RECIPIENT: through msmtp to a new sink.
submit()
{
	rm -rf sink
	mkdir sink
	"$srcdir/t/smtp-sink" "$T/sink" &
	until [ -s sink/port ] || ! kill -0 $! 2>/dev/null; do
		sleep 0.1
	done
	cat >msmtprc <<-EOF
	defaults
	auth off
	tls off
	account default
	host 127.0.0.1
	port $(cat sink/port)
	EOF
	deliver -f bounce@example.org -r "$1" -- \
	    /usr/bin/msmtp -C "$T/msmtprc"
	submitted=$?
	wait $!
	return $submitted
}

if [ ! -x /usr/bin/msmtp ]; then
	skip 'msmtp takes the mail' 'no msmtp'
elif ! perl -MIO::Socket::INET -e 1 2>/dev/null; then
	skip 'msmtp takes the mail' 'no Perl'
else
	status 'msmtp takes the mail' 0 submit boss@example.org
	sed 's/> .*/>/' sink/envelope >envelope
	cat >expected <<-'EOF'
	MAIL FROM:<bounce@example.org>
	RCPT TO:<team@example.org>
	RCPT TO:<boss@example.org>
	EOF
	is 'its envelope arrives' expected envelope
	is 'its bytes arrive' mail sink/mail
	status 'a recipient that the server refuses' 69 \
	    submit refused@example.org
	ok '  and no mail arrives' test ! -e sink/mail
fi

done_testing
