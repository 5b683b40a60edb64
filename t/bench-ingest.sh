#!/bin/sh
# What a delivery costs, beside the least that it can cost and beside notmuch;
# how many a second; how fast an archive comes in; and what becomes of it all
# when the store is large.  "make bench" runs it; HACKING tells more.
. "${srcdir:-.}/t/lib.sh"
. "$srcdir/t/bench.sh"

small=7000 deliveries=${BENCH_DELIVERIES:-300}
id=kvmarm.lists.example.org

mbox=-
if [ -r "${KVDIGEST_CORPUS:-}/mail/kvmarm-2021.mbox.xz" ]; then
	xz -dc "$KVDIGEST_CORPUS/mail/kvmarm-2021.mbox.xz" >corpus.mbox
	mbox=corpus.mbox
	id=kvmarm.lists.cs.columbia.edu
fi
bench_machine
echo "mail: $([ "$mbox" = - ] && echo 'made up' || echo "$mbox")"

# mails FIRST COUNT DIRECTORY
mails()
{
	rm -rf "$3"
	mkdir "$3"
	perl "$srcdir/t/bench-mails.pl" $mbox "$1" "$2" "$3"
}

# fill COUNT: a store with so many mails.
fill()
{
	rm -rf store
	new_store
	sed -i "s/^  id: .*/  id: $id/" kvdigest.yaml
	rm -rf store
	kvdigest-ingest --init
	perl "$srcdir/t/bench-mails.pl" $mbox 0 "$1" |
	    kvdigest-ingest --mbox - >/dev/null
}

mkdir -p floor/tmp floor/new
fill $small
mails 1000000 "$deliveries" fresh
set -- kvdigest-ingest -- bench-floor floor
if command -v notmuch >/dev/null; then
	mkdir -p nm/mail
	mails 0 $small nm/mail/cur
	mkdir nm/mail/new nm/mail/tmp
	NOTMUCH_CONFIG=$T/nm/config
	export NOTMUCH_CONFIG
	printf '[database]\npath=%s\n[user]\nname=x\nprimary_email=x@example.org\n[new]\ntags=\n' \
	    "$T/nm/mail" >nm/config
	notmuch new --quiet
	set -- "$@" -- notmuch insert
else
	echo 'notmuch: not installed, not compared'
fi
bench-run fresh "$@" >runs
bench_row runs
ours=$(sed -n 1p runs | cut -f1)
floor=$(sed -n 2p runs | cut -f1)
peer=$(sed -n 3p runs | cut -f1)
bench_goal 'one delivery, times the floor' "$ours" / "$floor" '<=' 1.5
[ -z "$peer" ] ||
    bench_goal 'notmuch insert, times one delivery' "$peer" / "$ours" '>=' 10
bench_goal 'peak memory, MB' "$(sed -n 1p runs | cut -f5)" / 1024 '<=' 6
if command -v strace >/dev/null; then
	mails 1500000 1 single
	strace -o trace -y kvdigest-ingest <single/1500000
	fsyncs=$(grep -c '^f\(data\)\{0,1\}sync' trace)
	# LMDB opens the file once more, O_DSYNC, for its meta pages.
	meta=$(sed -n 's/.*data.mdb".*O_DSYNC.* = \([0-9]*\)<.*/\1/p' trace)
	writes=$(grep -c "^pwrite64($meta<" trace)
	bench_goal 'barriers for one mail' $((fsyncs + writes)) / 1 '<=' 2
fi

mails 2000000 2000 many
at_once=$(bench-run -j 8 many kvdigest-ingest)
bench_goal '8 deliverers, mails a second' "$at_once" / 1 '>=' 800
[ -z "$peer" ] ||
    echo "	notmuch insert likewise: $(mails 3000000 100 few
	bench-run -j 8 few notmuch insert)"

# The rate of a backfill: the archive's bytes are read before.
perl "$srcdir/t/bench-mails.pl" $mbox 0 7088 >all.mbox
for _ in 1 2 3 4 5; do
	rm -rf store
	kvdigest-ingest --init
	perl -MTime::HiRes=time -e 'my $t = time; system @ARGV and exit 1;
		printf STDERR "%.0f\n", 7088 / (time - $t)' \
	    kvdigest-ingest --mbox all.mbox 2>>rates >/dev/null
done
rate=$(sort -n rates | sed -n 3p)
bench_goal '--mbox, mails a second' "$rate" / 1 '>=' 20000
bench_goal 'store, times the mails' "$(wc -c <store/data.mdb)" / \
    "$(wc -c <all.mbox)" '<=' 0.5

if [ "${BENCH_LARGE:-}" ]; then
	large=500000
	fill $large
	mails 4000000 "$deliveries" fresh
	bench-run fresh kvdigest-ingest -- bench-floor floor >runs
	bench_row runs
	bench_goal "one delivery at $large, times that at $small" \
	    "$(sed -n 1p runs | cut -f1)" / "$ours" '<=' 1.2
	bench_goal 'with the floor of then and now out' \
	    "$(($(sed -n 1p runs | cut -f1) * floor / \
	    $(sed -n 2p runs | cut -f1)))" / "$ours" '<=' 1.2
	bench_goal "peak memory at $large, MB" \
	    "$(sed -n 1p runs | cut -f5)" / 1024 '<=' 6
	# In turn: a fresh store, the large one.
	sed "s|$T/store|$T/fresh.store|" kvdigest.yaml >fresh.yaml
	chmod 600 fresh.yaml
	: >rates
	for first in 5000000 5100000 5200000 5300000 5400000; do
		perl "$srcdir/t/bench-mails.pl" $mbox $first 7088 >more.mbox
		rm -rf fresh.store
		kvdigest-ingest -c fresh.yaml --init
		sync
		perl -MTime::HiRes=time -e 'for (@ARGV) {
			my $t = time;
			system "kvdigest-ingest", "-c", $_, "--mbox",
			    "more.mbox" and exit 1;
			push @took, time - $t;
		} printf STDERR "%.3f\n", $took[1] / $took[0]' \
		    fresh.yaml kvdigest.yaml 2>>rates >/dev/null
	done
	bench_goal "--mbox at $large, times a fresh store" \
	    "$(sort -n rates | sed -n 3p)" / 1 '<=' 1.2
	bench_goal '8 deliverers, mails a second' \
	    "$(mails 6000000 2000 many
		bench-run -j 8 many kvdigest-ingest)" / 1 '>=' 800
else
	echo 'BENCH_LARGE=1 does it again with 500,000 mails (3 GB, 2 minutes)'
fi
