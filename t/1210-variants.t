#!/bin/sh
# One Message-ID, several mails: the truncated twin that an MTA leaves when it
# dies while it writes, forged ids, mails over the size limit; and the log.
. "${srcdir:-.}/t/lib.sh"

new_store
mail one@example.org 'Subject: whole' >whole <<EOF
first line
second line
third line
EOF
head -c "$(($(wc -c <whole) - 20))" whole >cut

# shown: what the topic says of its mails.
shown()
{
	kvdigest-thread --show "$1" >show
}

for order in 'cut whole' 'whole cut'; do
	rm -rf store
	kvdigest-ingest --init
	for which in $order; do
		status "$order: $which: 0" 0 kvdigest-ingest <$which
		status "$order: $which again: 0" 0 kvdigest-ingest <$which
		kvdigest-thread
	done
	kvdigest-thread --raw one@example.org >raw
	is "$order: the whole one is the mail" whole raw
	kvdigest-report -n --since 2001-01-01 --format json >digest
	ok "$order: it counts once" grep -q '"mails": 1[,}]' digest
	kvdigest-thread --rebuild
	kvdigest-report -n --since 2001-01-01 --format json >again
	perl -pi -e 's/"(generated|until)": "[^"]*"//' digest again
	is "$order: also when all is made anew" digest again
done

# procmail writes the time of the attempt above the mail.
mail time@example.org </dev/null >timed
for time in 10:00:00 10:05:00; do
	{ echo "From a@example.org Tue Mar  9 $time 2021"; cat timed; } |
	    kvdigest-ingest
	{ echo "From a@example.org Tue Mar  9 $time 2021"
		sed '/^Message-ID/d' timed; } | kvdigest-ingest
done
kvdigest-thread --dump >dump
ok 'another From_ line is no other mail' \
    test "$(grep -c '^time@' dump)" -eq 1
ok 'without a Message-ID either' test "$(grep -c '^[0-9a-f]*@no-m' dump)" -eq 1

# Both of a conflict are kept, and the second is marked.
mail two@example.org 'Subject: two' >two <<EOF
one text
EOF
mail two@example.org 'Subject: two' >other <<EOF
another text
EOF
kvdigest-ingest <two
kvdigest-ingest <other
kvdigest-thread --dump | grep two@example.org >dump
ok 'both of a conflict are kept' test "$(wc -l <dump)" -eq 2
kvdigest-thread --raw two@example.org >raw
is 'the first is primary' two raw

# Ten thousand mails with one id would be a way to stop all mail.
n=0
while [ $n -lt 200 ]; do
	n=$((n + 1))
	printf 'From MAILER Tue Mar  9 10:00:00 2021\n'
	mail many@example.org <<EOF
text $n

EOF
done >many.mbox
status '200 mails with one id' 0 timeout 20 kvdigest-ingest --mbox many.mbox
has 'are 200 mails' '^200 new, 0 known' out

# Over the limit the beginning is kept, and two that differ beyond it are two.
sed 's/^store:/store:\n  max_mail: 64K/' kvdigest.yaml >small.yaml
chmod 600 small.yaml
perl -e 'print "x" x 70, "\n" for 1 .. 3000' | mail big@example.org >big
{ cat big; echo more; } >bigger
status 'a mail over the limit: 0' 0 kvdigest-ingest -c small.yaml <big
status 'the same again: 0' 0 kvdigest-ingest -c small.yaml <big
status 'one with the same beginning: 0' 0 kvdigest-ingest -c small.yaml <bigger
kvdigest-thread --dump | grep big@ >dump
ok 'are two' test "$(wc -l <dump)" -eq 2
kvdigest-thread --raw big@example.org >raw
head -c 65536 big >want
is 'with their beginning' want raw
status 'the limit exactly' 0 kvdigest-ingest -c small.yaml <<EOF
$(head -c 65535 big | sed 's/big@/exact@/')
EOF
status 'a mailbox refuses what is over it' 0 \
    kvdigest-ingest -c small.yaml --mbox - <<EOF
From MAILER Tue Mar  9 10:00:00 2021
$(cat big)

EOF
has 'and says so' '^0 new, 0 known, 1 refused' out
has 'with the line and the key' 'line 1: refused: .* store.max_mail' err

# The system's log, in a mount namespace of our own whose /dev has one.
mkdir dev
: >dev/null
cat >listen <<'EOF'
use IO::Socket::UNIX;
my $log = IO::Socket::UNIX->new(Local => $ARGV[0], Type => SOCK_DGRAM) or die;
open my $out, '>', $ARGV[1] or die;
$out->autoflush;
alarm 60;
while (defined $log->recv(my $line, 4096)) {
	print $out "$line\n";
}
EOF
if unshare -rm true 2>/dev/null; then
	perl listen "$T/dev/log" "$T/log" &
	listener=$!
	for _ in 1 2 3 4 5 6 7 8 9 10; do
		[ -S dev/log ] || sleep 0.1
	done
	# in_log COMMAND...
	in_log()
	{
		unshare -rm sh -c 'mount --bind /dev/null dev/null &&
		    mount --rbind dev /dev && exec "$@"' - "$@"
	}
	mail log@example.org 'X: %s%n' >letter </dev/null
	status 'with a log' 0 in_log kvdigest-ingest <letter
	in_log kvdigest-ingest <letter
	in_log kvdigest-ingest <other
	in_log kvdigest-ingest --no-such <letter
	printf 'Message-ID: <%%s%%n\033@x>\n\nsecret body\n' |
	    in_log kvdigest-ingest
	sleep 0.2
	kill $listener
	size=$(wc -c <letter)
	sed 's/^<[0-9]*>.* kvdigest-ingest/kvdigest-ingest/' log >lines
	cat >want <<-EOF
	kvdigest-ingest: msgid=<log@example.org> list=KVMARM size=$size action=stored
	kvdigest-ingest: msgid=<log@example.org> list=KVMARM size=$size action=known
	EOF
	head -n 2 lines >got
	is 'one line for each mail' want got
	has 'what failed as well' 'action=deferred: .*--no-such' lines
	has 'facility mail, by its weight' '^<22>' log
	has 'an error by its own' '^<19>' log
	hasnt 'no body' 'secret body' log
	hasnt 'no control character' "$(printf '\033')" log
else
	skip 'the log' 'no user and mount namespaces'
fi
done_testing
