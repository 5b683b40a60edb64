#!/bin/sh
# Threads and topics of real mail, and of cases made to be hard: exactly those
# that were worked out by hand, and the same when the archive comes backwards.
# The corpus is no part of this tree; KVDIGEST_CORPUS names it.
. "${srcdir:-.}/t/lib.sh"

[ "${KVDIGEST_CORPUS:-}" ] || skip_all 'KVDIGEST_CORPUS is not set'
cases=$KVDIGEST_CORPUS/threads
archive=$KVDIGEST_CORPUS/mail/kvmarm-2021.mbox.xz
compare=$KVDIGEST_CORPUS/tools/compare-groups.py
for file in "$cases/real" "$cases/edge/expected.json" "$archive" "$compare"; do
	[ -e "$file" ] || skip_all "there is no $file"
done
command -v python3 >/dev/null || skip_all 'there is no python3'
command -v xz >/dev/null || skip_all 'there is no xz'

# same WHAT OURS WANTED: the same groups, of exactly the same mails.
same()
{
	status "$1" 0 python3 "$compare" "$2" "$3"
	[ "$got" -eq 0 ] || sed 's/^/# /' out
}

# dump: threads and topics of the store in files of their own.
dump()
{
	kvdigest-thread --dump >dump
	grep -v '@no-message-id.kvdigest.invalid' dump >named
	cut -f 1,2 named >threads
	cut -f 1,3 named >topics
}

# series FILE: lines of id, posting, version and total.  Postings that the
# report tells of these mails, in the same form and order; a posting is named
# by its first mail in the file.
cat >series.pl <<'EOF'
use strict;
use warnings;
use JSON::PP;
my (%posting, %first);
my $digest = do { local $/; decode_json(<STDIN>) };
for my $topic (@{$digest->{topics}}) {
	for (@{$topic->{mails}}) {
		my $n = $_->{posting};
		next if !defined $n || $_->{kind} !~ /^(cover|patch)$/;
		$posting{$_->{id}} = ["$topic->{id} $n",
		    @{$topic->{postings}[$n]}{qw(version total)}];
	}
}
open my $file, '<', $ARGV[0] or die "$ARGV[0]: $!\n";
while (<$file>) {
	my ($id, $series) = split /\t/;
	my $p = $posting{$id} // ['none', '', ''];
	$first{$p->[0]} //= $series;
	print join("\t", $id, $first{$p->[0]}, @$p[1, 2]), "\n";
}
EOF
series()
{
	kvdigest-report -n --since 2000-01-01 --format json |
	    perl series.pl "$1"
}

for dir in "$cases"/real/*; do
	name=${dir##*/}
	new_store "$name"
	sed -i 's/^  id:.*/  id: [kvmarm.lists.cs.columbia.edu, linux-arm-kernel.lists.infradead.org]/' \
	    kvdigest.yaml
	kvdigest-ingest --mbox "$dir/messages.mbox" >out
	dump
	same "$name: threads" threads "$dir/threads.tsv"
	same "$name: topics" topics "$dir/topics.tsv"
	series "$dir/series.tsv" >got
	is "$name: postings" "$dir/series.tsv" got
done

# expected.json as files NAME.threads and NAME.topics.
mkdir edge
perl -MJSON::PP -0777 -ne '
	for my $case (@{decode_json($_)}) {
		for my $kind (qw(threads topics)) {
			open my $file, ">", "edge/$case->{id}.$kind" or die;
			my $n = 0;
			for my $group (@{$case->{$kind}}) {
				print $file "$_\tgroup$n\n" for @$group;
				$n++;
			}
		}
	}' "$cases/edge/expected.json"
for dir in "$cases"/edge/E*; do
	name=${dir##*/}
	new_store "$name"
	kvdigest-ingest --maildir "$dir" >out
	dump
	same "$name: threads" threads "edge/$name.threads"
	same "$name: topics" topics "edge/$name.topics"
done

new_archive()
{
	new_store "$1"
	sed -i 's/^  id:.*/  id: kvmarm.lists.cs.columbia.edu/' kvdigest.yaml
}

xz -dc "$archive" >box
new_archive year
kvdigest-ingest --mbox box >out
dump
ok '7,088 mails, each once' \
    test "$(cut -f 1 dump | sort -u | wc -l)" -eq 7088
ok '567 threads' test "$(cut -f 2 dump | sort -u | wc -l)" -eq 567
for file in dump threads topics; do
	cp $file year.$file
done
status 'a rebuild: 0' 0 kvdigest-thread --rebuild --dump
is 'leaves every number' year.dump out

# The last mail first, in three portions.
perl -0777 -ne 'print reverse split /^(?=From mboxrd\@z)/m' box >reversed
ok 'the reversed archive is the same mails' \
    test "$(wc -c <box)" -eq "$(wc -c <reversed)"
new_archive backwards
perl -0777 -e '
	local @ARGV = ("reversed");
	my @mails = split /^(?=From mboxrd\@z)/m, <>;
	for my $part (0 .. 2) {
		open my $file, ">", "part$part" or die;
		print $file @mails[grep { int($_ * 3 / @mails) == $part }
		    0 .. $#mails];
	}'
for part in 0 1 2; do
	kvdigest-ingest --mbox part$part >out
	kvdigest-thread
done
dump
same 'backwards: the same threads' threads year.threads
same 'backwards: the same topics' topics year.topics
status 'backwards: an audit' 0 kvdigest-thread --audit
has 'counts the same' '^7088 mails, 567 threads$' out

# In no order, and everything twice.
for seed in 1 2 3; do
	perl -0777 -MList::Util=shuffle -e '
		srand shift;
		print shuffle(split /^(?=From mboxrd\@z)/m, <>);
	' $seed box >shuffled
	new_archive "shuffled-$seed"
	for time in 1 2; do
		kvdigest-ingest --mbox shuffled >out
		kvdigest-thread
	done
	dump
	same "shuffled, seed $seed: the same threads" threads year.threads
	same "shuffled, seed $seed: the same topics" topics year.topics
done
done_testing
