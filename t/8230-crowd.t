#!/bin/sh
# Many deliveries at once, beside those who read, stop and die: nobody waits
# for ever, nothing is lost, nothing is there twice.
. "${srcdir:-.}/t/lib.sh"

deliverers=10 each=20
if [ "${KVDIGEST_LONG:-}" ]; then
	deliverers=50 each=200
fi

# crowd.pl: that many processes with so many mails each; prints how long the
# slowest delivery took, and what did not exit 0.
cat >crowd.pl <<'EOF'
use strict;
use warnings;
use Time::HiRes qw(time);
my ($deliverers, $each) = @ARGV;
my ($worst, @pipes) = (0);
for my $d (1 .. $deliverers) {
	my $pid = open(my $pipe, '-|') // die "fork: $!";
	if ($pid) {
		push @pipes, $pipe;
		next;
	}
	my $slowest = 0;
	for my $n (1 .. $each) {
		my $begin = time;
		open my $in, '|-', 'kvdigest-ingest' or die "$!";
		print $in "From: a\@example.org\nSubject: x\n",
		    "Message-ID: <$d.$n\@example.org>\n",
		    "List-Id: <kvmarm.lists.example.org>\n\n",
		    'x' x ($d * $n % 7000), "\n";
		close $in or print "exit $?\n";
		my $took = time - $begin;
		$slowest = $took if $took > $slowest;
	}
	print "took $slowest\n";
	exit 0;
}
for my $pipe (@pipes) {
	while (<$pipe>) {
		if (/^took (.*)/) { $worst = $1 if $1 > $worst }
		else { print }
	}
}
printf "worst %.3f s\n", $worst;
exit($worst < 60 ? 0 : 1);
EOF

new_store
status "$deliverers deliverers x $each mails" 0 timeout 900 \
    perl crowd.pl $deliverers $each
sed 's/^/# /' out
hasnt 'each of them exits 0' exit out
kvdigest-thread --dump | cut -f1 | sort -u >ids
ok 'each mail is there once' \
    test "$(wc -l <ids)" -eq $((deliverers * each))

mail same@example.org </dev/null >same
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	{ kvdigest-ingest <same || echo failed >>same.failed; } &
done
wait
ok '20 processes with one mail: all exit 0' test ! -e same.failed
kvdigest-thread --dump | grep -c '^same@' >count
ok 'it is there once' test "$(cat count)" -eq 1

# Four that find the map full: 64 MB at first.
for n in 1 2 3 4; do
	head -c 24000000 /dev/urandom | mail "full$n@example.org" >"full$n"
	{ kvdigest-ingest <"full$n" || echo failed >>full.failed; } &
done
wait
ok 'four at a full map: all exit 0' test ! -e full.failed
for n in 1 2 3 4; do
	kvdigest-thread --raw "full$n@example.org" >raw
	ok "mail $n is whole" cmp -s raw "full$n"
done

# hold r|w: somebody holds a transaction; sets holder.
hold()
{
	rm -f held
	mkfifo held
	run-lock-holder store "$1" >held &
	holder=$!
	read -r _ <held
}

# A writer that was stopped, by a debugger or a full disk's log, in the middle.
hold w
kill -STOP $holder
begin=$(date +%s)
mail waits@example.org </dev/null >waits
status 'the lock is held and its holder stopped: 75' 75 \
    kvdigest-ingest --deadline 2 <waits
ok 'in time' test $(($(date +%s) - begin)) -le 5
has 'says that it took too long' '^4\.3\.0 kvdigest-ingest: deadline' err
kill -KILL $holder
wait $holder 2>/dev/null
status 'its holder killed: 0' 0 kvdigest-ingest --deadline 10 <waits

# Readers, also dead and stopped ones, are not in a delivery's way.
hold r
kill -STOP $holder
status 'a stopped reader: 0' 0 kvdigest-ingest --deadline 5 <<EOF
$(mail reader1@example.org </dev/null)
EOF
kill -KILL $holder
wait $holder 2>/dev/null
status 'a killed reader: 0' 0 kvdigest-ingest --deadline 5 <<EOF
$(mail reader2@example.org </dev/null)
EOF
n=0
while [ $n -lt 140 ]; do
	n=$((n + 1))
	hold r
	kill -KILL $holder
	wait $holder 2>/dev/null
	if [ $((n % 20)) -eq 0 ]; then
		kvdigest-thread --raw same@example.org | cmp -s - same ||
		    echo "after $n"
	fi
done >readers
is '140 readers that died leave room for others' /dev/null readers

# A copy of the store is one state of it, and a store.
if command -v mdb_copy >/dev/null; then
	perl crowd.pl 4 10 >/dev/null 2>&1 &
	crowd=$!
	mkdir -m 700 copy
	status 'mdb_copy during deliveries' 0 mdb_copy store copy
	wait $crowd
	sed "s|$T/store|$T/copy|" kvdigest.yaml >copy.yaml
	chmod 600 copy.yaml
	status 'is a store' 0 kvdigest-thread -c copy.yaml --dump
	cut -f1 out | sort >in.copy
	comm -23 ids in.copy >missing
	is 'with all that was there before' /dev/null missing
	kvdigest-thread -c copy.yaml --raw full1@example.org >raw
	ok 'byte for byte' cmp -s raw full1
	status 'and takes mail' 0 kvdigest-ingest -c copy.yaml <waits
	mkdir -m 700 loaded
	mdb_dump -a copy >dumped
	mdb_load -f dumped loaded 2>/dev/null
	sed "s|$T/store|$T/loaded|" kvdigest.yaml >loaded.yaml
	chmod 600 loaded.yaml
	status 'mdb_dump and mdb_load make a store as well' 0 \
	    kvdigest-thread -c loaded.yaml --raw full1@example.org
	ok 'byte for byte' cmp -s out full1
else
	skip 'mdb_copy' 'not installed'
fi
done_testing
