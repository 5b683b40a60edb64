#!/bin/sh
# The sample mailbox is what t/data/README says, so that other tests may rely
# on its figures.
. "${srcdir:-.}/t/lib.sh"

box=$srcdir/t/data/sample.mbox

# One line per mail: arrival as YYYYMMDDhhmmss in UTC, yes or no for List-Id
# of the list, Message-ID, and whether the top Received says the same time.
perl -ne '
	BEGIN { @m{qw(Jan Feb Mar)} = 1 .. 3 }
	if (/^From mboxrd\@z (\w+) (\w+) +(\d+) ([\d:]+) (\d+)$/) {
		put();
		$at = sprintf("%d%02d%02d%s", $5, $m{$2}, $3, $4 =~ tr/://dr);
		$stamp = sprintf("%s, %2d %s %d %s +0000", $1, $3, $2, $5, $4);
		($list, $id, $same, $head) = ("no", "", "", 1);
	}
	$head = 0 if /^$/;
	next unless $head;
	$list = "yes" if /^List-Id: <kvmarm\.lists\.example\.org>$/;
	$id = $1 if /^Message-I[Dd]: <(.*)>$/;
	$same = /; \Q$stamp\E/ ? "same" : "differs"
	    if $same eq "" && /^\s+for <digest/;
	sub put { print "$at $list $id $same\n" if $at }
	END { put() }' "$box" >mails

cat >expected <<EOT
	mails				$(wc -l <mails)
	without List-Id			$(grep -c ' no ' mails)
	of the list			$(grep -c ' yes ' mails)
	older than the week		$(awk '$1 < 20210307160000' mails |
		wc -l)
	distinct Message-IDs		$(cut -d ' ' -f 3 mails | sort -u |
		wc -l)
EOT
sed -n '/^	mails	/,/^	distinct/p' "$srcdir/t/data/README" >readme
is 'the figures of the README' expected readme

ok 'every mail arrives before the end of the week' \
    awk '$1 >= 20210314160000 { exit 1 }' mails
hasnt 'the From_ line is the time of the top Received' ' differs$| $' mails
ok 'mails are in order of arrival' sort -c -k1,1 mails
ok 'it is small enough to ship' test "$(wc -c <"$box")" -lt 150000

grep -Eio '[a-z0-9.-]+\.(com|net|org)\b' "$box" |
    grep -Eiv '(^|\.)example\.(com|net|org)$' >foreign
ok 'no domain but those reserved for examples' test ! -s foreign

done_testing
