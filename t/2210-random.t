#!/bin/sh
# Random archives of few ids, several Message-IDs in a mail, mails of another
# list, persons with several addresses or none, links and versions, stable
# copies and lost answers, over a month or four years: grouped part by part with
# rulings in between, they are the same as rebuilt, and their threads as --audit
# works them out.
. "${srcdir:-.}/t/lib.sh"

archives=10
[ -z "${KVDIGEST_LONG:-}" ] || archives=200

cat >random.pl <<'EOF'
# random.pl SEED: parts of an archive, 0.mbox and so on, and rulings, 0.rules.
use strict;
use warnings;
use POSIX qw(strftime);

srand $ARGV[0];
sub any { $_[rand @_] }
my @ids = map { "i$_\@x" } 1 .. any(8, 20, 60);
my @titles = ('KVM: arm64: fix the timer', 'KVM: arm64: fix the timer now',
    'vgic: drop dead code here', 'fixes');
my @tags = ('', '[PATCH] ', '[PATCH v2] ', '[PATCH 1/2] ', '[PATCH 2/2] ',
    '[PATCH v3 0/2] ', '[PATCH 0/2] ', '[RFC PATCH v2] ', '[PATCH 5.10] ',
    '[PATCH stable 0/2] ', '[GIT PULL] ', '[GIT PULL v2] ');
my @people = ('Dev Ek <d@example.org>', 'Dev <d+k@example.org>',
    'Dev Ek <dev@example.com>', 'Ann <ann@example.org>',
    'Ann Oy <ann@example.org>', 'Bo Li <bo@example.org>', 'Bo Li', '');
my $n = any(20, 60, 150);
my $days = any(28, 28, 300, 1500);

my $out;
for my $i (0 .. $n - 1) {
	open $out, '>', int(5 * $i / $n) . '.mbox' or die if $i * 5 % $n < 5;
	my $id = rand() < .7 ? any(@ids) : "u$i\@y";
	print $out "From m\@z Tue Mar  9 10:00:00 2021\n";
	print $out 'From: ', any(@people), "\n";
	printf $out "Date: %s 10:00:%02d +0000\n", strftime('%a, %d %b %Y',
	    gmtime 1609459200 + 86400 * int rand $days), $i % 60;
	print $out 'Cc: ', any(@people, 'stable@example.org'), "\n"
	    if rand() < .4;
	print $out "List-Id: <kvmarm.lists.example.org>\n" if rand() < .8;
	print $out "Message-ID: <$id>\n" if rand() < .95;
	print $out 'Message-ID: <', any(@ids), ">\n" if rand() < .2;
	print $out 'Subject: ', any('', '', 'Re: '), any(@tags), any(@titles),
	    "\n";
	print $out 'References:', (map { ' <' . any(@ids) . '>' } 0 .. rand 3),
	    "\n" if rand() < .4;
	print $out 'In-Reply-To: ', any(@ids), "\n" if rand() < .15;
	print $out "\n", any('text', 'other text',
	    'commit 0123456789abcdef upstream.'), "\n";
	print $out "\nSigned-off-by: Dev Ek <d\@example.org>\n",
	    "Signed-off-by: Bo Li <bo\@example.org>\n" if rand() < .3;
	print $out "\nv1: https://lore.kernel.org/kvmarm/", any(@ids),
	    "/\nLink: https://lore.kernel.org/r/", any(@ids), "\n"
	    if rand() < .3;
	print $out "\n";
}
for my $part (0 .. 4) {
	open my $rules, '>', "$part.rules" or die;
	print $rules rand() < .6 ? "--split " . any(@ids)
	    : "--join " . any(@ids) . ' ' . any(@ids), "\n" for 1, 2;
}
EOF

for seed in $(seq $archives); do
	rm -rf store
	new_store
	perl random.pl "$seed"
	for part in 0 1 2 3 4; do
		kvdigest-ingest --mbox $part.mbox >/dev/null 2>&1
		kvdigest-thread
		while read -r rule; do
			# Some of them name nobody.
			# shellcheck disable=SC2086 # words
			kvdigest-thread $rule >/dev/null 2>&1 || :
		done <$part.rules
	done
	status "archive $seed: audited" 0 kvdigest-thread --audit
	kvdigest-thread --dump >before
	ok 'has mails' [ -s before ]
	kvdigest-thread --rebuild --dump >after
	is 'the same as rebuilt' before after
done

# A thread of answers alone, in which no mail decides its topic, is cut as well.
rm -rf store
new_store
for id in one two three; do
	mail $id@x 'Subject: Re: a talk' 'References: <gone@x>' </dev/null |
	    kvdigest-ingest --archived
done
kvdigest-thread
kvdigest-thread --split two@x >/dev/null
kvdigest-thread --dump >before
ok 'a thread of answers is split' \
    test "$(cut -f3 before | sort -u | wc -l)" -eq 2
kvdigest-thread --rebuild --dump >after
is 'and is when rebuilt' before after

# Two lost answers are 391 days apart.  What the later one may answer is two
# persons', so it goes with the other one; one of them is 411 days from that.
rm -rf store
new_store
# far ID SUBJECT DATE FIELD: one more mail comes.
far()
{
	mail "$1" "Subject: $2" "Date: $3:00:00 +0000" "$4" </dev/null |
	    kvdigest-ingest --archived
	kvdigest-thread
}
far ann@x '[PATCH v4] KVM: arm64: Go far' 'Tue, 26 Jul 2022 20' \
    'From: Ann Ek <ann@example.org>'
far bob@x '[PATCH v4] KVM: arm64: Go far' 'Sat, 06 Aug 2022 10' \
    'From: Bob Oak <bob@example.org>'
far late@x 'Re: [PATCH v3] KVM: arm64: Go far' 'Sun, 17 Jul 2022 10' \
    'From: Cid Fir <cid@example.org>'
far soon@x 'Re: [PATCH v2] KVM: arm64: Go far' 'Mon, 21 Jun 2021 10' \
    'From: Cid Fir <cid@example.org>'
kvdigest-thread --dump | cut -f3 | sort -u >topics
ok 'answers far apart: three topics' test "$(wc -l <topics)" -eq 3
kvdigest-thread --dump >before
kvdigest-thread --rebuild --dump >after
is 'as many when rebuilt' before after
done_testing
