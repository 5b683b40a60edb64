#!/bin/sh
# A real Postfix of its own, on a loopback port, delivers by the shipped
# .forward and by the shipped transport.  While kvdigest-ingest fails, in any
# way, mail is deferred; afterwards each mail arrives once; and none is ever
# returned to its sender.
. "${srcdir:-.}/t/lib.sh"

# The program under test: where it works, a mail counts only if it takes it.
ingest=${KVDIGEST_INGEST:-$builddir/src/kvdigest-ingest}
count=20

[ "$(id -u)" -eq 0 ] || skip_all 'only root starts a Postfix'
command -v postfix >/dev/null || skip_all 'no Postfix'

# Everything of this instance lies below $T, which its users may pass through.
chmod 711 "$T"
mkdir etc spool data bin forward
chmod 777 bin
chown "$(postconf -dh mail_owner)" data
cp "$srcdir/t/fake-ingest" bin/kvdigest-ingest

port=$(perl -MIO::Socket::INET -e '
	print IO::Socket::INET->new(LocalAddr => "127.0.0.1", Listen => 1)
	    ->sockport')

# Mail for nobody goes by .forward, for list@ by the transport; what is
# returned would go to the mailbox of its sender.
cat >etc/main.cf <<EOF
compatibility_level = 3.6
queue_directory = $T/spool
data_directory = $T/data
maillog_file = $T/log
maillog_file_prefixes = $T
myhostname = test.example.org
mydestination = test.example.org
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mynetworks = 127.0.0.0/8
alias_maps = inline:{ {sender = $T/bin/returned} }
alias_database =
local_recipient_maps =
transport_maps = inline:{ {list@test.example.org = kvdigest:} }
forward_path = $T/forward/\$user\$recipient_delimiter\$extension,
	$T/forward/\$user
recipient_delimiter = +
default_transport = error:no mail leaves this machine
relay_transport = error:no mail leaves this machine
kvdigest_destination_concurrency_limit = 4
kvdigest_destination_recipient_limit = 1
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_peername_lookup = no
EOF
cat >etc/master.cf <<EOF
127.0.0.1:$port inet n - n - - smtpd
pickup    unix  n - n 60 1 pickup
cleanup   unix  n - n - 0 cleanup
qmgr      unix  n - n 300 1 qmgr
rewrite   unix  - - n - - trivial-rewrite
bounce    unix  - - n - 0 bounce
defer     unix  - - n - 0 bounce
trace     unix  - - n - 0 bounce
flush     unix  n - n 1000? 0 flush
showq     unix  n - n - - showq
error     unix  - - n - - error
retry     unix  - - n - - error
local     unix  - n n - - local
postlog   unix-dgram n - n - 1 postlogd
EOF
sed -e "s|@bindir@|$T/bin|g" -e 's/user=kvdigest/user=nobody/' \
    "$srcdir/conf/master.cf.in" >>etc/master.cf
sed "s|@bindir@|$T/bin|g" "$srcdir/conf/forward.in" >forward/nobody
if command -v procmail >/dev/null; then
	sed "s|@bindir@|$T/bin|g" "$srcdir/conf/procmailrc.in" >procmailrc
	chown nobody procmailrc
	chmod 600 procmailrc
	cat >forward/nobody+procmail <<-EOF
	"|procmail DEFAULT=$T/bin/mbox ORGMAIL=$T/bin/mbox $T/procmailrc || exit 75"
	EOF
fi
chown -R nobody forward

trap 'postfix -c "$T/etc" stop >/dev/null 2>&1
    chmod -R u+w "$T"; rm -rf "$T"' EXIT
if ! postfix -c "$T/etc" start >start 2>&1; then
	sed 's/^/# /' start
	skip_all 'Postfix does not start here'
fi

# The real program with a store of nobody's.
if "$ingest" --help >/dev/null 2>&1; then
	mkdir home
	chown nobody home
	cat >home/kvdigest.yaml <<-EOF
	store:
	  path: $T/home/store
	list:
	  id: kvmarm.lists.example.org
	  name: KVMARM
	EOF
	cat >real <<-EOF
	#!/bin/sh
	exec "$ingest" -c "$T/home/kvdigest.yaml" "\$@"
	EOF
	chmod 755 real
	if setpriv --reuid=nobody --regid=nogroup --clear-groups \
	    ./real --init >init 2>&1; then
		cp real bin/real
	else
		sed 's/^/# kvdigest-ingest --init: /' init
	fi
fi
[ -x bin/real ] || echo '# without the real kvdigest-ingest'

# send FIRST LAST RECIPIENT [FIELD]: that many mails over one connection.
cat >client <<'EOF'
use strict;
use warnings;
use IO::Socket::INET;

my ($port, $first, $last, $to, @field) = @ARGV;
my $smtp;
for (1 .. 50) {	# until smtpd listens
	$smtp = IO::Socket::INET->new("127.0.0.1:$port") and last;
	select undef, undef, undef, 0.2;
}
$smtp or die "port $port: $!\n";

sub answer {
	my ($want) = @_;
	my $line;
	do { $line = <$smtp> // "" } while $line =~ /^...-/;
	$line =~ /^$want/ or die "not $want: $line\n";
}
sub command {
	my ($line, $want) = @_;
	print $smtp "$line\r\n";
	answer($want);
}

answer(2);
command("EHLO client.example.org", 2);
for my $n ($first .. $last) {
	command('MAIL FROM:<sender@test.example.org>', 2);
	command("RCPT TO:<$to>", 2);
	command("DATA", 3);
	command(join("\r\n", 'From: Ann Example <ann@example.org>',
	    "Subject: mail $n", "Message-ID: <$n.$to>",
	    "List-Id: <kvmarm.lists.example.org>",
	    "Date: Tue, 09 Mar 2021 10:00:00 +0000", @field, "",
	    "From the beginning of a line", "..", ("x" x 70) x 1000, "."), 2);
}
command("QUIT", 2);
EOF
send()
{
	perl client "$port" "$@"
}

# within_a_minute COMMAND...: it succeeds, mail being flushed meanwhile.
within_a_minute()
{
	end=$(($(date +%s) + 60))
	until "$@"; do
		[ "$(date +%s)" -lt "$end" ] || return 1
		sleep 0.3
		postfix -c "$T/etc" flush 2>>flush.err
	done
	return 0
}

queue_is_empty()
{
	[ -z "$(find spool/maildrop spool/incoming spool/active \
	    spool/deferred -type f)" ]
}

# deferred RECIPIENT COUNT: as many different mails were.
deferred()
{
	[ "$(sed -n "s/.*: \([0-9A-F]*\): to=<$1>.*status=deferred.*/\1/p" \
	    log | sort -u | wc -l)" -eq "$2" ]
}

# scenario RECIPIENT: every failure, then chance, then success.
scenario()
{
	rm -f bin/got.* bin/mail.*
	first=1
	for how in 75 78 1 segv missing; do
		echo "$how" >bin/how
		[ "$how" != missing ] || mv bin/kvdigest-ingest bin/moved
		last=$((first + count / 5 - 1))
		ok "$1: ingest: $how: Postfix takes mails $first to $last" \
		    send "$first" "$last" "$1"
		ok "$1: ingest: $how: all are deferred" \
		    within_a_minute deferred "$1" "$last"
		first=$((last + 1))
	done
	mv bin/moved bin/kvdigest-ingest
	ok "$1: none has arrived" test -z "$(find bin -name 'got.*')"

	echo flaky >bin/how
	postfix -c "$T/etc" flush 2>>flush.err
	sleep 1
	echo 0 >bin/how
	ok "$1: the queue empties" within_a_minute queue_is_empty

	for n in $(seq "$count"); do
		echo "Message-ID: <$n.$1>"
	done | sort >expected
	sed -n '/^Message-ID:/p' bin/got.* | sort >arrived
	is "$1: each mail has arrived once" expected arrived
	sed -n '/^From the beginning/p; /^\.$/p; /^x\{70\}$/p' bin/got.* |
	    sort | uniq -c | awk '{ print $1 }' >lines
	printf '%d\n' "$count" "$count" $((count * 1000)) | sort >expected
	sort -o lines lines
	is "$1: whole" expected lines
	hasnt "$1: none was returned" 'status=bounced' log
	ok "$1: nor has its sender got anything" test ! -e bin/returned
}

scenario nobody@test.example.org
scenario list@test.example.org

# storm RECIPIENT: the real program, half of the time killed at a random
# moment or made to fail, until the queue is empty: each mail is in the store
# once.
storm()
{
	cp storm bin/kvdigest-ingest
	echo wild >bin/how
	ok "$1: Postfix takes $storm mails" send 1001 $((1000 + storm)) "$1"
	sleep 3
	ok "$1: some of them were killed" within_a_minute test -s bin/killed
	echo tame >bin/how
	ok "$1: the queue empties" within_a_minute queue_is_empty
	seq -f "%.0f.$1" 1001 $((1000 + storm)) | sort >expected
	setpriv --reuid=nobody --regid=nogroup --clear-groups env HOME="$T" \
	    kvdigest-thread -c "$T/home/kvdigest.yaml" --dump |
	    sed -n "s/^\(1[0-9][0-9][0-9]\.$1\)	.*/\1/p" | sort >arrived
	is "$1: each mail is stored once" expected arrived
	hasnt "$1: none was returned" 'status=bounced' log
	ok "$1: nor has its sender got anything" test ! -e bin/returned
	ok "$1: nor any mailbox" test ! -s bin/mbox
	rm -f bin/killed
}

storm=40
[ ! "${KVDIGEST_LONG:-}" ] || storm=200
cat >storm <<EOF
#!/usr/bin/perl
use strict;
use warnings;
open my \$how, '<', '$T/bin/how' or exit 75;
exec '$T/bin/real' if <\$how> =~ /tame/;
my \$at_once = !-e '$T/bin/killed';	# one at least dies, be it ever so fast
exec '$T/bin/real' if !\$at_once && rand() < 0.5;
if (!\$at_once && rand() < 0.3) {
	1 while read STDIN, my \$mail, 65536;
	exit((75, 78, 1, 127)[rand 4]);
}
my \$pid = fork // exit 75;
exec '$T/bin/real' or exit 75 if !\$pid;
select undef, undef, undef, \$at_once ? 0 : rand 0.006;
kill KILL => \$pid;
waitpid \$pid, 0;
exit \$? >> 8 if !(\$? & 127);
open my \$killed, '>>', '$T/bin/killed';
print \$killed "x\n";
close \$killed;
kill KILL => \$\$;
EOF
chmod 755 storm
if [ -x bin/real ]; then
	storm nobody@test.example.org
	storm list@test.example.org
	if [ -e forward/nobody+procmail ]; then
		storm nobody+procmail@test.example.org
	else
		skip 'procmail below Postfix' 'not installed'
	fi
	cp "$srcdir/t/fake-ingest" bin/kvdigest-ingest
else
	skip 'the real program below Postfix' 'it does not run here'
fi

# local(8) returns a mail with our address in Delivered-To, which any sender
# can write; the transport has to take it.
rm -f bin/got.*
echo 0 >bin/how
ok 'a mail that claims to have been here' send 99 99 \
    list@test.example.org 'Delivered-To: list@test.example.org'
ok 'leaves the queue' within_a_minute queue_is_empty
ok 'and is delivered by the transport' \
    test "$(find bin -name 'got.*' | wc -l)" -eq 1

done_testing
