#!/bin/sh
# What threads and topics cost: an archive brought up to date, beside mairix
# and notmuch; one new mail, a week's list and memory in a small and in a large
# store.  "make bench" runs it; HACKING tells more.
. "${srcdir:-.}/t/lib.sh"
. "$srcdir/t/bench.sh"

[ -r "${KVDIGEST_CORPUS:-}/mail/kvmarm-2021.mbox.xz" ] ||
	skip_all 'KVDIGEST_CORPUS names no real mail'
xz -dc "$KVDIGEST_CORPUS/mail/kvmarm-2021.mbox.xz" >year.mbox
bench_machine

cat >run.pl <<'EOF'
# run.pl COUNT PREPARE COMMAND...: the medians, in milliseconds, of the time
# and of the CPU time of all processes, and the most memory in kB that one of
# them had: of its own, and with what of the store is mapped.
use strict;
use warnings;
use Time::HiRes qw(time usleep);

my ($count, $prepare, @command) = @ARGV;
my (@wall, @cpu);
my %most = (RssAnon => 0, VmHWM => 0);

sub look
{
	my ($pid) = @_;
	open my $in, '<', "/proc/$pid/status" or return;
	while (<$in>) {
		$most{$1} = $2
		    if /^(RssAnon|VmHWM):\s*(\d+)/ && $2 > $most{$1};
	}
}

for (1 .. $count) {
	system('sh', '-c', $prepare) && exit 1;
	my @before = times;
	my $start = time;
	my $pid = fork;
	if (!$pid) {
		open STDOUT, '>', '/dev/null';
		exec @command;
		exit 127;
	}
	if ($ENV{MEMORY}) {
		until (waitpid $pid, 1) {
			look($pid);
			usleep 500;
		}
	} else {
		waitpid $pid, 0;
	}
	exit 1 if $?;
	push @wall, 1000 * (time - $start);
	my @after = times;
	push @cpu, 1000 * ($after[2] + $after[3] - $before[2] - $before[3]);
}
@$_ = sort { $a <=> $b } @$_ for \@wall, \@cpu;
printf "%.2f\t%.0f\t%d\t%d\n", $wall[$count / 2], $cpu[$count / 2],
    $most{RssAnon}, $most{VmHWM};
EOF

# run COUNT PREPARE COMMAND...: sets wall, cpu, memory and resident.
run()
{
	perl run.pl "$@" >ran || exit 1
	read -r wall cpu memory resident <ran
}

# use STORE: a configuration for it, and the store if there is none.
use()
{
	new_store "$1" 2>/dev/null || :
	sed -i 's/^  id: .*/  id: kvmarm.lists.cs.columbia.edu/' kvdigest.yaml
}

# Three years' worth, and the same as mairix and notmuch take it.
perl "$srcdir/t/bench-archive.pl" year.mbox 2 >archive.mbox
mails=$(grep -c '^From ' archive.mbox)
use archive
kvdigest-ingest --mbox archive.mbox >/dev/null
cp archive/data.mdb archive.mdb
one_core=
! command -v taskset >/dev/null || one_core='taskset -c 0'
# shellcheck disable=SC2086 # words
run 5 'cp archive.mdb archive/data.mdb' $one_core kvdigest-thread
bench_goal "$mails new mails, mails a second of CPU" \
    "$((mails * 1000))" / "$cpu" '>=' 10000
group=$cpu
run 3 'rm -rf archive; kvdigest-ingest --init' \
    kvdigest-ingest --mbox archive.mbox
import=$cpu
if command -v mairix >/dev/null; then
	mkdir mairix
	sed 's/^From .*/From mail@example.org Tue Mar  9 10:00:00 2021/' \
	    archive.mbox >mairix/archive.mbox
	printf 'base=%s\nmbox=archive.mbox\nmfolder=out\ndatabase=%s\n' \
	    "$T/mairix" "$T/mairix/db" >mairix/rc
	run 3 'rm -f mairix/db' mairix -f mairix/rc
	bench_goal 'import and grouping, times the CPU of mairix' \
	    "$((import + group))" / "$cpu" '<=' 1
	rm -rf mairix
else
	echo 'mairix: not installed, not compared'
fi
run 3 : kvdigest-thread --rebuild
echo "	--rebuild: $wall ms"
run 21 : kvdigest-thread --audit
audit=$wall
echo "	--audit: $wall ms"
if command -v notmuch >/dev/null; then
	mkdir -p nm/mail/cur nm/mail/new nm/mail/tmp
	perl -ne 'if (/^From /) { $n++; open F, ">", "nm/mail/cur/$n" or die; next }
		s/^>(>*From )/$1/; print F $_' archive.mbox
	NOTMUCH_CONFIG=$T/nm/config
	export NOTMUCH_CONFIG
	printf '[database]\npath=%s\n[user]\nname=x\nprimary_email=x@example.org\n[new]\ntags=\n' \
	    "$T/nm/mail" >nm/config
	notmuch new --quiet
	run 5 : notmuch search --output=threads '*'
	echo "	notmuch search --output=threads: $wall ms"
	bench_goal 'that, times all threads worked out from the records' \
	    "$wall" / "$audit" '>=' 50
	rm -rf nm
else
	echo 'notmuch: not installed, not compared'
fi
rm -rf archive archive.mdb archive.mbox

# store NAME COPIES YEARS: the year, after so many copies of it.
store()
{
	use "$1"
	perl "$srcdir/t/bench-archive.pl" year.mbox "$2" "$3" |
	    kvdigest-ingest --mbox - >/dev/null
	MEMORY=1 run 1 : kvdigest-thread
	echo "	$1: private memory to group it $memory kB, resident $resident kB"
}

cat >one-more <<'EOF'
n=$(($(cat n 2>/dev/null || echo 0) + 1))
echo $n >n
printf 'Message-ID: <new%s@example.org>\nList-Id: <kvmarm.lists.cs.columbia.edu>\nFrom: Ann Example <ann%s@example.org>\nSubject: [PATCH v2 1/2] KVM: arm64: one more\nDate: Tue, 14 Dec 2021 10:00:00 +0000\n\ntext\n' $n $n |
    kvdigest-ingest
EOF
cold='sync; echo 3 >/proc/sys/vm/drop_caches; kvdigest-thread -V >/dev/null; parse-mail --batch </dev/null'

# costs NAME
costs()
{
	use "$1"
	run 21 'sh one-more' kvdigest-thread
	bench_goal "$1: one new mail, ms" "$wall" / 1 '<=' 20
	run 21 : kvdigest-thread --list --week 2021-W10
	eval "week_$1=$wall"
	[ -w /proc/sys/vm/drop_caches ] || return 0
	run 7 "$cold" kvdigest-thread --list --week 2021-W10
	eval "cold_$1=$wall"
}

cold_small=
store small 0 1
memory_small=$memory
resident_small=$resident
costs small
if [ "${BENCH_LARGE:-}" ]; then
	# As many mails a day as in the large one.
	store middle 14 5
	memory_middle=$memory
	store large 70 25
	memory_large=$memory
	resident_large=$resident
	costs large
	# shellcheck disable=SC2154 # set by eval
	bench_goal 'a week listed at 500,000, times that at 7,000' \
	    "$week_large" / "$week_small" '<=' 1.5
	# shellcheck disable=SC2154
	[ -z "$cold_small" ] ||
	    bench_goal 'the same, nothing cached' \
		"$cold_large" / "$cold_small" '<=' 1.5
	bench_goal 'private memory to group 500,000, MB' \
	    "$memory_large" / 1024 '<=' 4
	bench_goal 'resident memory, MB' "$resident_large" / 1024 '<=' 64
	bench_goal 'resident memory, times that of 7,000' \
	    "$resident_large" / "$resident_small" '<=' 1.5
	bench_goal 'private memory, times that of 100,000' \
	    "$memory_large" / "$memory_middle" '<=' 1.2
	bench_goal 'and times that of 7,000, which fill no batch' \
	    "$memory_large" / "$memory_small" '<=' 1.5
else
	echo 'BENCH_LARGE=1 does it again with 500,000 mails (3 GB, 4 minutes)'
fi
