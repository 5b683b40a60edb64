#!/bin/sh
# Disks that are full, gone, somebody else's or damaged, limits, and memory
# that runs out: 0 or 75, never a death, and whatever was accepted stays.
. "${srcdir:-.}/t/lib.sh"

new_store
mail base@example.org </dev/null >base
kvdigest-ingest <base
cp -r store pristine
head -c 200000 /dev/urandom | mail big@example.org >big
mail one@example.org </dev/null >one

# fresh: the store as it was.
fresh()
{
	chmod -R u+rwx store 2>/dev/null
	rm -rf store
	cp -r pristine store
}

# refused DESCRIPTION PATTERN: a delivery is put off, in words that match.
refused()
{
	status "$1: 75" 75 kvdigest-ingest <one
	has "$1: in the words for it" "^4\\.3\\.0 kvdigest-ingest: .*$2" err
	ok "$1: in one line" test "$(wc -l <err)" -eq 1
}

# A disk of 3 MB, in name spaces of our own.
cat >full <<'EOF'
mount -t tmpfs -o size=3m,mode=700 tmpfs "$T/disk" || exit 99
sed "s|$T/store|$T/disk/store|" kvdigest.yaml >disk.yaml
chmod 600 disk.yaml
kvdigest-ingest -c disk.yaml --init || exit 99
n=0
while [ $n -lt 30 ]; do
	n=$((n + 1))
	sed "s/big@/$n@/" big | kvdigest-ingest -c disk.yaml 2>err
	rc=$?
	echo $rc
	[ $rc -ne 0 ] || echo $n >>accepted
done
while read -r n; do
	sed "s/big@/$n@/" big >want
	kvdigest-thread -c disk.yaml --raw $n@example.org | cmp - want
done <accepted
mount -o remount,size=20m "$T/disk"
sed "s/big@/30@/" big | kvdigest-ingest -c disk.yaml
echo room $?
EOF
mkdir disk
export T
if unshare -rm true 2>/dev/null; then
	unshare -rm sh full >exits 2>disk.err
	ok 'a full disk: mails before it are taken' grep -qx 0 exits
	ok 'those after it are put off' grep -qx 75 exits
	hasnt 'no other status' '^[1-9]$|^[0-68-9][0-9]|differ|EOF' exits
	has 'with room again they are taken' '^room 0' exits
	has 'the disk is named' 'No space left|Input/output' err
else
	skip 'a full disk' 'no user and mount name spaces'
fi

status 'a limit on the size of files: 75' 75 \
    sh -c 'ulimit -f 60; kvdigest-ingest <big'
status 'a limit on memory: 75' 75 \
    sh -c 'ulimit -v 60000; kvdigest-ingest <one'
for n in 4 5 6 7 8; do
	prlimit --nofile=$n kvdigest-ingest <one >out 2>err
	rc=$?
	ok "a limit of $n descriptors: 75 or 0" test $rc -eq 75 -o $rc -eq 0
done
status 'without limits: 0' 0 kvdigest-ingest <big

rm -rf store
refused 'no store' 'no store there'
mkdir -m 700 store
refused 'a directory without one' 'no store there'
fresh
mv store elsewhere
ln -s elsewhere store
refused 'a symbolic link' 'symbolic link'
rm store
mv elsewhere store
chmod 770 store
refused 'a directory that others can write' 'chmod 700'
fresh
: >store/data.mdb
refused 'an empty file' 'is empty'
fresh
KD_NFS=1 LD_PRELOAD=$builddir/t/shim-fault.so run-shared-ingest <one >out 2>err
rc=$?
ok 'NFS: 75' test $rc -eq 75
has 'NFS: in the words for it' 'network file system' err

if [ "$(id -u)" -eq 0 ]; then
	as_nobody='setpriv --reuid=65534 --regid=65534 --clear-groups'
	chmod 755 "$T"
	cp kvdigest.yaml other.yaml
	chmod 644 other.yaml
	status 'as another user: 75' 75 $as_nobody \
	    kvdigest-ingest -c other.yaml <one
	chown -R 65534:65534 store
	status "as root into another user's: 75" 75 kvdigest-ingest <one
	has 'says whose it must be' 'belongs to another user' err
	ok 'and leaves nothing of root there' \
	    test -z "$(find store -user 0)"
	fresh
	chown -R 65534:65534 store
	chmod 500 store
	chmod 400 store/*
	status 'read-only to its owner: 75' 75 $as_nobody \
	    kvdigest-ingest -c other.yaml <one
else
	skip 'other owners' 'only root makes those'
	chmod 500 store
	chmod 400 store/*
	refused 'read-only' 'Permission denied'
fi
fresh

# damaged WHAT: never anything but 0 or 75; the programs that read do not die.
damaged()
{
	kvdigest-ingest <one >out 2>err
	rc=$?
	[ $rc -eq 75 ] || [ $rc -eq 0 ] || echo "$1: exit $rc"
	kvdigest-thread --dump >out 2>err
	rc=$?
	[ $rc -lt 126 ] || echo "$1: kvdigest-thread: exit $rc"
}
size=$(wc -c <store/data.mdb)
for bytes in 1 100 4095 4096 5000 8192 12288 20000 40000 $((size - 1)); do
	fresh
	truncate -s "$bytes" store/data.mdb
	damaged "cut off after $bytes bytes"
done >wrong
is 'a file that is cut off' /dev/null wrong

# In both meta pages: magic, version, page size, depth, last page, root.
for offset in 16 20 24 40 64 88 112 128 136; do
	fresh
	for page in 0 4096; do
		printf '\377\377\377\177' | dd of=store/data.mdb bs=1 \
		    seek=$((page + offset)) conv=notrunc 2>/dev/null
	done
	damaged "both meta pages at $offset"
done >wrong
is 'damaged meta pages' /dev/null wrong

rounds=20
[ ! "${KVDIGEST_LONG:-}" ] || rounds=500
seed=$(date +%s)
echo "# seed $seed"
n=0
while [ $n -lt $rounds ]; do
	n=$((n + 1))
	fresh
	perl -e 'srand $ARGV[0]; open my $f, "+<", "store/data.mdb" or die;
		binmode $f;
		for (1 .. 20) {
			seek $f, 8192 + int rand((-s $f) - 8192), 0;
			print $f chr int rand 256;
		}' $((seed + n))
	damaged "seed $((seed + n))"
done >wrong
is 'damage anywhere' /dev/null wrong

for what in 'rm store/lock.mdb' ': >store/lock.mdb' \
    'head -c 8192 /dev/urandom >store/lock.mdb' 'echo x >store/lock.mdb'; do
	fresh
	eval "$what"
	damaged "$what"
	rm -f store/lock.mdb
	kvdigest-thread --raw base@example.org | cmp - base
done >wrong 2>&1
is 'a lock file that is gone or garbage' /dev/null wrong

# Memory that runs out at the N-th request, once or for good.
fresh
n=0 step=7
[ ! "${KVDIGEST_LONG:-}" ] || step=1
while [ $n -lt 600 ]; do
	n=$((n + step))
	for on in '' 1; do
		mail "$n$on@example.org" </dev/null >letter
		KD_FAIL_MALLOC=$n KD_FAIL_ON=$on \
		    LD_PRELOAD=$builddir/t/shim-fault.so \
		    run-shared-ingest <letter >out 2>err
		rc=$?
		echo $rc >>statuses
		case $rc in
		0) kvdigest-thread --raw "$n$on@example.org" | cmp - letter ;;
		75) [ -z "$(head -n 1 err | grep -v '^4\.3\.0 ')" ] ||
			echo "$n: $(head -c 100 err)" ;;
		*) echo "request $n, $on: exit $rc: $(head -c 200 err)" ;;
		esac
	done
done >wrong 2>&1
is 'no memory: 0 or 75' /dev/null wrong
sort statuses | uniq -c | sed 's/^/# exits: /'
ok 'it did run out' grep -qx 75 statuses
status 'and no lock is left behind' 0 kvdigest-ingest --deadline 5 <one
done_testing
