#!/bin/sh
# Sending: one digest per week, at most once, by sendmail without a shell.
# What could not be sent is kept and goes out first the next time.
. "${srcdir:-.}/t/lib.sh"

new_store
cp "$srcdir/t/fake-sendmail" sendmail
cat >>kvdigest.yaml <<-EOF
	  sendmail: [$T/sendmail, -X]
	  envelope_sender: bounces@example.org
EOF
kvdigest-ingest --mbox "$srcdir/t/data/sample.mbox" >counts

status 'a week is sent' 0 kvdigest-report --week 2021-W10
ok 'silently' test ! -s out -a ! -s err
printf '%s\n' -X -i -f bounces@example.org -- team@example.org >want
is 'sendmail is called by the book' want argv
has 'with the digest' '^Subject: ' stdin
id=$(sed -n 's/^Message-I[dD]: //p' stdin)
echo '<kvdigest.kvmarm.2021-W10@example.org>' >want
echo "$id" >got
is 'its Message-ID is the week'\''s' want got
cp stdin first

rm argv
status 'the same week again: 0' 0 kvdigest-report --week 2021-W10
ok 'sends nothing' test ! -e argv
has 'and says when it was sent' '2021-W10: was sent at .*--force' err
status '--force sends it again' 0 kvdigest-report --week 2021-W10 --force
ok 'it does' test -e argv
has 'under the same Message-ID' "$id" stdin

rm argv
for option in -n '-o /dev/null' '--format md'; do
	# shellcheck disable=SC2086 # an option and its value
	status "$option sends nothing" 0 \
	    kvdigest-report --week 2021-W09 $option
	ok 'nothing' test ! -e argv
done

echo 75 >status
status 'sendmail says try later: 75' 75 env KD_SYSLOG="$T/syslog" \
    LD_PRELOAD="$builddir/t/shim-syslog.so" kvdigest-report --week 2021-W09
has 'the digest is kept' '2021-W09: kept, not sent' err
has 'as the log says' '^report=2021-W09 msgid=<.*> action=kept: .*75' syslog
cp stdin kept
rm status
mail late@example.org 'Received: from a by b; Wed, 3 Mar 2021 10:00:00 +0000' \
    </dev/null | kvdigest-ingest --archived
status 'the next run, of any week, sends it first' 0 \
    kvdigest-report --week 2021-W10
is 'the very same mail' kept stdin
rm argv
status 'and then it is sent for good' 0 kvdigest-report --week 2021-W09
ok 'nothing more' test ! -e argv

echo 67 >status
status 'a refusal that stays: 69' 69 kvdigest-report --week 2021-W08
rm status
status 'a week that has not ended: 64' 64 \
    env SOURCE_DATE_EPOCH=1615500000 kvdigest-report --week 2021-W10
has 'says what to do' 'has not ended; -n' err
status 'a week that has not begun: 64' 64 kvdigest-report -n --week 2099-W01
has 'says so' '2099-W01: has not begun' err
status '--force with --dry-run: 64' 64 kvdigest-report -n --force
status 'a span is not sent: 64' 64 kvdigest-report --since 2021-03-01

# Two at once: the second does not wait.
cat >slow <<-EOF
	#!/bin/sh
	: >'$T/started'
	cat >/dev/null
	sleep 3
EOF
chmod +x slow
sed "s|$T/sendmail|$T/slow|" kvdigest.yaml >slow.yaml
chmod 600 slow.yaml
kvdigest-report -c slow.yaml --week 2021-W07 &
while [ ! -e started ]; do sleep 0.1; done
status 'another report at work: 75' 75 kvdigest-report --week 2021-W06
has 'says so' 'another kvdigest-report is at work' err
wait

sed '/^  to:/d' kvdigest.yaml >nobody.yaml
chmod 600 nobody.yaml
status 'nobody to send to: 78' 78 \
    kvdigest-report -c nobody.yaml --week 2021-W05
has 'names the key' 'mail\.to' err

# The mail parses, and its attachment is the Markdown digest to the byte, but
# for what has changed since W09, which was sent after it.
kvdigest-report --week 2021-W10 --format md -o week.md
if command -v python3 >/dev/null; then
	cat >parse.py <<-'EOF'
	import email, email.policy, re
	m = email.message_from_bytes(open('first', 'rb').read(),
	    policy=email.policy.default)
	assert not m.defects, m.defects
	kinds = [p.get_content_type() for p in m.walk()]
	assert kinds == ['multipart/mixed', 'multipart/alternative',
	    'text/plain', 'text/html', 'text/markdown'], kinds
	md = list(m.walk())[-1].get_content()
	mine = open('week.md').read()
	drop = lambda s: [l for l in s.split('\n') if not re.search('生成|变化', l)]
	assert drop(md) == drop(mine)
	assert all(len(l) <= 78 for l in open('first').read().split('\n'))
	assert m['Auto-Submitted'] == 'auto-generated'
	EOF
	ok 'the mail has no defect' python3 parse.py
else
	skip 'the mail has no defect' 'no python3'
fi
done_testing
