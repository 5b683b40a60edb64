#!/bin/sh
# The sample mailbox from end to end: what t/data/README counts is what the
# digest says, in all its forms.
. "${srcdir:-.}/t/lib.sh"

new_store
kvdigest-ingest --mbox "$srcdir/t/data/sample.mbox" >out
echo '59 new, 0 known, 0 refused' >want
is 'all mails are taken' want out
kvdigest-thread --dump >dump
ok 'all are listed' test "$(wc -l <dump)" -eq 59

kvdigest-report --week 2021-W10 --format json -o digest.json
cat >look.pl <<'EOF'
use strict; use warnings; use JSON::PP;
local $/;
open my $f, '<', 'digest.json' or die;
my $d = decode_json(<$f>);
my $t = $d->{totals};
print "$_ $t->{$_}\n" for qw(mails in_window older threads topics people robots);
print "$_->{name} $_->{topics} $_->{mails} $_->{in_window}\n"
    for @{$d->{categories}};
my (%seen, %facts);
for my $topic (@{$d->{topics}}) {
	$seen{$_->{id}}++ for @{$topic->{mails}};
	$facts{$_->{kind}}++ for @{$topic->{facts}};
}
print 'distinct ', scalar(keys %seen), "\n";
print 'twice ', scalar(grep { $_ > 1 } values %seen), "\n";
EOF
perl look.pl >got
cat >want <<'EOF'
mails 56
in_window 48
older 8
threads 14
topics 13
people 13
robots 2
PATCH 8 40 33
RFC 1 6 6
Bug Report 2 5 4
GIT PULL 1 2 2
Discussion 1 3 3
distinct 56
twice 0
EOF
is 'the counts are those of t/data/README' want got

for format in text md html eml; do
	kvdigest-report --week 2021-W10 --format $format -o digest.$format
done
cat digest.text digest.md digest.html digest.json >all
hasnt 'no word of mail that is not of the list' \
    'Seats for the workshop|off-list' all
hasnt 'no encoded word is left' '=\?[A-Za-z0-9-]+\?[QqBb]\?' all
hasnt 'no date that lies is shown' '2038-' all
has 'a name that was encoded' 'Tomás Arévalo Quiroga' digest.text
ok 'valid UTF-8' perl -0777 -ne 'utf8::decode($_) or exit 1' all
ok 'no control character' \
    perl -0777 -ne 'exit 1 if /[\x00-\x08\x0b-\x1f\x7f]/' all
ok 'the text is at most 76 columns where words allow' perl -CSD -ne '
	chomp; next if m{https?://|^\s*\S+$};
	s/[\x{1100}-\x{115f}\x{2e80}-\x{a4cf}\x{ac00}-\x{d7a3}\x{f900}-\x{faff}\x{fe30}-\x{fe6f}\x{ff00}-\x{ff60}\x{ffe0}-\x{ffe6}]/xx/g;
	if (length > 76) { print STDERR "$.: $_\n"; $bad = 1 }
	END { exit $bad }' digest.text

# Every topic has sentences from facts, and each cites mails of its topic.
cat >cites.pl <<'EOF'
use strict; use warnings; use JSON::PP;
local $/;
open my $f, '<', 'digest.json' or die;
for my $topic (@{decode_json(<$f>)->{topics}}) {
	my %has = map { $_->{id} => 1 } @{$topic->{mails}};
	my $s = $topic->{summary}{sentences};
	print "$topic->{id}: no sentence\n" unless @$s;
	for (@$s) {
		print "$topic->{id}: cites nothing\n" unless @{$_->{cites}};
		for my $id (@{$_->{cites}}) {
			print "$topic->{id}: $id is not in it\n"
			    unless $has{$id};
		}
	}
}
EOF
perl cites.pl >got
ok 'every topic is summarised, every sentence cites' test ! -s got

# Mail by mail, in any order, the digest counts the same.
perl -e '
	local $/; open my $f, "<", $ARGV[0]; my @m = split /^(?=From )/m, <$f>;
	print reverse @m' "$srcdir/t/data/sample.mbox" >reversed
new_store other
kvdigest-ingest --mbox reversed >out
kvdigest-report --week 2021-W10 --format json -o digest.json
perl look.pl >got
is 'the same in reversed order' want got
done_testing
