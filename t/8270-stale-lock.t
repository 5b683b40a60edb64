#!/bin/sh
# A lock file whose maker was killed before it wrote the number of the last
# transaction there: nobody writes on top of that, and nothing is lost.
. "${srcdir:-.}/t/lib.sh"

command -v mdb_stat >/dev/null || skip_all 'there is no mdb_stat'
new_store
for n in 1 2 3 4 5 6 7; do
	mail "$n@example.org" </dev/null | kvdigest-ingest
done
last=$(mdb_stat -e store | sed -n 's/.*Last transaction ID: //p')

# Keep the store open, as far as LMDB can see, with 0 for that number.
cat >hold.pl <<'EOF'
use strict;
use warnings;
use Fcntl qw(F_SETLKW F_RDLCK SEEK_SET);
my ($file, $last) = @ARGV;
open my $lock, '+<', $file or die "$file: $!";
my $head = '';
sysread $lock, $head, 256;
my @numbers = unpack 'Q*', $head;
my ($at) = grep { $numbers[$_] == $last } 1 .. $#numbers;
die "no $last in $file\n" if !$at;
my $shared = pack 's s x4 q q i x4', F_RDLCK, SEEK_SET, 0, 1, 0;
fcntl $lock, F_SETLKW, $shared or die "lock: $!";
sysseek $lock, 8 * $at, SEEK_SET;
syswrite $lock, pack 'Q', 0;
open my $ready, '>', 'ready';
close $ready;
sleep 120;
EOF
perl hold.pl store/lock.mdb "$last" &
holder=$!
for _ in 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16 17 18 19 20; do
	[ -e ready ] && break
	sleep 0.1
done
ok "it says 0 and not $last" test -e ready
mail 8@example.org </dev/null >eight
status 'not stored' 75 kvdigest-ingest <eight
has 'says why' 'lock file is stale' err
kill "$holder"
wait "$holder" 2>/dev/null
status 'stored when nobody holds it' 0 kvdigest-ingest <eight
kvdigest-thread --dump | cut -f1 >got
for n in 1 2 3 4 5 6 7 8; do
	echo "$n@example.org"
done >want
is 'all are there' want got

# So much for what is refused; now the makers that are really killed, at each
# system call from the lock file's to the delivery's end, while another
# delivery waits for them.
command -v pkill ps >/dev/null && strace -qq -o /dev/null true 2>/dev/null || {
	skip 'a maker killed while others wait' 'strace cannot trace here'
	done_testing
}
mail 9@example.org </dev/null >nine
mail 10@example.org </dev/null >ten
strace -qq -o trace kvdigest-ingest <nine
perl -ne '
	/^(\w+)\(/ or next;
	my $name = $1;
	++$n{$name};
	print "$name $n{$name}\n" if $locked && $name ne "exit_group";
	$locked = 1 if /lock\.mdb/;
' trace >calls
ok 'there are calls to try' test "$(wc -l <calls)" -gt 10
cp -r store pristine

# gone NUMBER: whether that mail is not in the store.
gone()
{
	! kvdigest-thread --raw "$1@example.org" >raw 2>&1
}

# await_stop TRACER: until what it traces is stopped; false if that ended, as
# one does that writes other pages than the first.
await_stop()
{
	while kill -0 "$1"; do
		case $(ps -o stat= --ppid "$1") in
		[tT]*) return 0 ;;
		esac
		sleep 0.02
	done
	return 1
}

stops=0
while read -r name n; do
	rm -rf store
	cp -r pristine store
	strace -qq -o /dev/null -e trace="$name" \
	    -e inject="$name:signal=STOP:when=$n" \
	    kvdigest-ingest <nine 2>/dev/null &
	tracer=$!
	await_stop $tracer || continue
	stops=$((stops + 1))
	kvdigest-ingest <ten 2>err &
	sleep 0.1
	pkill -KILL -P $tracer
	wait $!
	waited=$?
	wait $tracer
	kvdigest-ingest <eight || echo "$name $n: third: exit $?"
	[ $waited -eq 0 ] && gone 10 &&
	    echo "$name $n: the one that waited is lost"
	gone 7 && echo "$name $n: the mail before is lost"
done <calls >wrong 2>killed
ok 'makers were killed' test $stops -gt 10
is 'a maker killed while another waits' /dev/null wrong
done_testing
