#!/bin/sh
# A year of real mail, delivered mail by mail with the threads brought up to
# date after each, gives the groups that it gives in one go.  The corpus is no
# part of this tree; KVDIGEST_CORPUS names it.
. "${srcdir:-.}/t/lib.sh"

archive=${KVDIGEST_CORPUS:-}/mail/kvmarm-2021.mbox.xz
[ "${KVDIGEST_CORPUS:-}" ] || skip_all 'KVDIGEST_CORPUS is not set'
[ -r "$archive" ] || skip_all "there is no $archive"
command -v xz >/dev/null || skip_all 'there is no xz'

# A sample from where postings, versions and replies are in full flow.
first=2000 count=300
[ -z "${KVDIGEST_LONG:-}" ] || first=1 count=100000
mkdir mails
xz -dc "$archive" | perl -e '
	my ($first, $count) = @ARGV;
	my $n = 0;
	while (<STDIN>) {
		if (/^From /) {
			$n++;
			exit if $n >= $first + $count;
			next if $n < $first;
			open F, ">", sprintf("mails/%05d", $n) or die;
			next;
		}
		s/^>(>*From )/$1/;
		print F $_ if $n >= $first;
	}' "$first" "$count"

# list_store NAME
list_store()
{
	new_store "$1"
	sed -i 's/^  id:.*/  id: kvmarm.lists.cs.columbia.edu/' kvdigest.yaml
}

list_store at-once
for file in mails/*; do
	kvdigest-ingest <"$file" || echo "# ingest fails at $file"
done
status 'grouped at once' 0 kvdigest-thread --dump
cp out want

list_store one-by-one
failed=0
for file in mails/*; do
	kvdigest-ingest <"$file" && kvdigest-thread || failed=$((failed + 1))
done
ok 'grouped after each' [ $failed -eq 0 ]
kvdigest-thread --dump >got
is "the same groups of $(wc -l <want) mails" want got
ok 'which are not one for each mail' \
    [ "$(cut -f3 got | sort -u | wc -l)" -lt "$(($(wc -l <got) / 2))" ]

# Half of them twice as fast as the other half: some know what others do not.
list_store every-few
n=0
for file in mails/*; do
	kvdigest-ingest <"$file"
	n=$((n + 1))
	[ $((n % 7)) -ne 0 ] || kvdigest-thread
done
kvdigest-thread --dump >got
is 'and after every seventh' want got

list_store backwards
ls -r mails >reversed
while read -r file; do
	kvdigest-ingest <"mails/$file" && kvdigest-thread
done <reversed
# Numbers are by order of coming; groups are named by their first id here.
cat >named.pl <<'EOF'
my (@rows, %first);
while (<STDIN>) { chomp; push @rows, [split /\t/] }
for (sort { $a->[0] cmp $b->[0] } @rows) {
	for my $group (@$_[1, 2]) { $first{$group} //= $_->[0] }
}
print join("\t", $_->[0], map { $first{$_} } @$_[1, 2]), "\n"
    for sort { $a->[0] cmp $b->[0] } @rows;
EOF
kvdigest-thread --dump | perl named.pl >got
perl named.pl <want >wanted
is 'and after each, the last one first' wanted got
status 'which an audit confirms' 0 kvdigest-thread --audit
done_testing
