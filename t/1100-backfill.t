#!/bin/sh
# kvdigest-ingest --mbox and --maildir: archives into the store.  Counts at
# the end; a file that is cut loses nothing and says which mail it is about.
. "${srcdir:-.}/t/lib.sh"

new_store
cat >box <<'EOF'
From mboxrd@z Tue Mar  9 10:00:00 2021
From: Ann <ann@example.org>
Subject: first
Message-ID: <first@example.org>
List-Id: <kvmarm.lists.example.org>

>From here on it is quoted once,
>>From here twice.

From mboxrd@z Wed Mar 10 10:00:00 2021
From: Ben <ben@example.org>
Subject: second
Message-ID: <second@example.org>
List-Id: <kvmarm.lists.example.org>

body

EOF
status 'an mbox: 0' 0 kvdigest-ingest --mbox box
echo '2 new, 0 known, 0 refused' >want
is 'counts' want out
status 'the same again: 0' 0 kvdigest-ingest --mbox - <box
echo '0 new, 2 known, 0 refused' >want
is 'nothing new' want out

sed -n '2,8p' box | sed 's/^>\(>*From \)/\1/' >want
kvdigest-thread --raw first@example.org >raw
is 'unquoted, without From_ line and closing empty line' want raw

# Arrival is the From_ line's time when the mail has no trace field.
kvdigest-report --week 2021-W10 --format json -o digest.json
has 'the From_ line decides the week' '"in_window": 2' digest.json

printf 'From mboxrd@z Thu Mar 11 10:00:00 2021\nSubject: third\nMessage-ID: <third@example.org>\n\nbody\n' >no-blank
status 'no empty line at the end of the file is no fault' 0 \
    kvdigest-ingest --mbox no-blank
head -c 350 box >cut
status 'a file that ends inside a mail: 75' 75 kvdigest-ingest --mbox cut
has 'its line is named, and what to do' \
    'cut: line 10: the file ends inside this mail; import .* again' err
has 'what was whole is counted' '^0 new, 1 known, 1 refused$' out
kvdigest-thread --dump >dump
ok 'and the cut mail is not stored' test "$(grep -c second dump)" -eq 1
tail -n +2 box >none
status 'no mbox: 75' 75 kvdigest-ingest --mbox none
has 'it says so' 'none: line 1: no mbox' err
status 'an empty mbox: 0' 0 kvdigest-ingest --mbox /dev/null
status 'a missing one: 75' 75 kvdigest-ingest --mbox missing
has 'it is named' 'missing: No such file' err
printf 'From mboxrd@z Thu Mar 11 10:00:00 2021\n\nFrom mboxrd@z Thu Mar 11 10:00:00 2021\nSubject: ends in its header\n' >header
status 'a file that ends inside a header: 75' 75 kvdigest-ingest --mbox header
status 'a full disk is noticed' 75 \
    sh -c 'kvdigest-ingest --mbox box >/dev/full'

# Mails that lie across what is read at once, in pieces of any size: byte for
# byte what was quoted.
cat >large.pl <<'EOF'
use strict;
use warnings;
my ($seed) = @ARGV;
my @lines = (
	"From here\n", ">From there\n", ">>From\n", ">From\n", "From\n",
	"Fr\n", ">\n", "\n", "\0 \r\n", '>' x 9 . "From z\n", 'x' x 70 . "\n",
	'y' x 100_000 . "\n");
my $all = '';
srand $seed;
mkdir 'mails';
for my $n (1 .. 30) {
	my $mail = "Message-ID: <large$n\@example.org>\n\n";
	my $size = 2 ** (8 + rand 11);
	$mail .= $lines[rand @lines] while length $mail < $size;
	open my $out, '>:raw', "mails/$n" or die;
	print $out $mail;
	$mail =~ s/^(>*From )/>$1/gm;
	$all .= "From m\@z Tue Mar  9 10:00:00 2021\n$mail\n";
}
$| = 1;
print substr $all, 0, 1 + rand 2 ** rand 17, '' while length $all;
EOF
for seed in 1 2 3; do
	rm -rf mails store
	kvdigest-ingest --init
	perl large.pl $seed | kvdigest-ingest --mbox - >out
	echo '30 new, 0 known, 0 refused' >want
	is "large mails, $seed" want out
	for n in $(seq 30); do
		kvdigest-thread --raw "large$n@example.org" | cmp - "mails/$n"
	done >differ 2>&1
	is "large mails, $seed: their bytes" /dev/null differ
done

mkdir -p dir/cur dir/new dir/tmp
mail cur@example.org >dir/cur/1.a:2,S </dev/null
mail new@example.org >dir/new/2.b </dev/null
mail tmp@example.org >dir/tmp/3.c </dev/null
status 'a Maildir: 0' 0 kvdigest-ingest --maildir dir
echo '2 new, 0 known, 0 refused' >want
is 'cur and new, not tmp' want out
status 'no Maildir: 75' 75 kvdigest-ingest --maildir "$T"
has 'it says so' 'no Maildir' err

# One mail of an archive on standard input.
mail old@example.org 'Received: from a by b; Tue, 2 Mar 2021 10:00:00 +0000' \
    </dev/null | kvdigest-ingest --archived
kvdigest-report --week 2021-W09 --format json -o digest.json
has '--archived: the trace field decides the week' \
    'old@example.org' digest.json
done_testing
