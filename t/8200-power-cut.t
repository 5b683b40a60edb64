#!/bin/sh
# What was accepted survives a power cut, whatever the disk had written by
# then.  What kvdigest-ingest does to the disk is written down, and from that
# the states are made that the disk may be in (see run-power-cut); with LMDB's
# MDB_NOSYNC the same must show losses, or it shows nothing.
. "${srcdir:-.}/t/lib.sh"

if [ "${KVDIGEST_LONG:-}" ]; then
	mails=120 states=10000 broken=1500
else
	mails=30 states=400 broken=200
fi
seed=$(date +%s)
echo "# seed $seed"

# Text that packs badly now and then, so that mails take one page or many.
mkdir mails
n=0
while [ $n -lt $mails ]; do
	n=$((n + 1))
	perl -e 'srand $ARGV[0]; my $n = 2 ** int(rand 16);
		print join(" ", map { int rand 1e9 } 1 .. $n / 8), "\n"' \
	    "$n" | mail "$n@example.org" >"mails/$n"
done

# deliver: all mails into a new store, with a log of what the disk saw, by the
# program that can be watched so.
deliver()
{
	rm -rf store log
	kvdigest-ingest --init
	cp store/data.mdb before
	n=0
	while [ $n -lt $mails ]; do
		n=$((n + 1))
		KD_DISK_LOG=$T/log LD_PRELOAD=$builddir/t/shim-disk.so \
		    run-shared-ingest <"mails/$n" || return
		perl -e 'print pack "QQQ", 5, $ARGV[0], 0' $n >>log
	done
}

new_store
status 'mails are delivered' 0 deliver
status "$states power cuts lose nothing" 0 timeout 1200 \
    run-power-cut store log before mails $states "$seed"
sed 's/^/# /' out

# The same without what makes it last.
KD_NOSYNC=1
export KD_NOSYNC
status 'mails are delivered without any fsync' 0 deliver
status "$broken power cuts lose some of these" 1 timeout 600 \
    run-power-cut store log before mails $broken "$seed"
sed 's/^/# /' out
unset KD_NOSYNC

# A making that is cut off leaves no store, or a whole one.
rm -rf store log
KD_DISK_LOG=$T/log LD_PRELOAD=$builddir/t/shim-disk.so run-shared-ingest --init
rm -rf mails && mkdir mails
: >before
run-power-cut store log before mails $((states / 4)) "$seed" >out
sed 's/^/# --init: /' out
hasnt 'a making that is cut off loses nothing' '[1-9][0-9]* lost' out
for bytes in 0 1 4096 8192 12288; do
	rm -rf store
	kvdigest-ingest --init
	truncate -s $bytes store/data.mdb
	mail x@example.org </dev/null >x
	kvdigest-ingest <x >out 2>err
	rc=$?
	ok "cut off after $bytes bytes: 75, or it works" \
	    test $rc -eq 75 -o $rc -eq 0
	[ $rc -eq 75 ] || ok 'then the mail is there' \
	    kvdigest-thread --raw x@example.org
	kvdigest-thread --dump >out 2>err
	rc=$?
	ok 'and no program dies of it' test $rc -eq 0 -o $rc -eq 78
done
done_testing
