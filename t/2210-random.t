#!/bin/sh
# Random archives of few ids, several Message-IDs in a mail, mails of another
# list, links and versions: grouped part by part with rulings in between, they
# are the same as rebuilt, and their threads as --audit works them out.
. "${srcdir:-.}/t/lib.sh"

archives=10
[ -z "${KVDIGEST_LONG:-}" ] || archives=200

cat >random.pl <<'EOF'
# random.pl SEED: parts of an archive, 0.mbox and so on, and rulings, 0.rules.
use strict;
use warnings;

srand $ARGV[0];
sub any { $_[rand @_] }
my @ids = map { "i$_\@x" } 1 .. any(8, 20, 60);
my @titles = ('KVM: arm64: fix the timer', 'KVM: arm64: fix the timer now',
    'vgic: drop dead code here', 'Re: KVM: arm64: fix the timer');
my @tags = ('', '[PATCH] ', '[PATCH v2] ', '[PATCH 1/2] ', '[PATCH 2/2] ',
    '[PATCH v3 0/2] ');
my $n = any(20, 60, 150);

my $out;
for my $i (0 .. $n - 1) {
	open $out, '>', int(5 * $i / $n) . '.mbox' or die if $i * 5 % $n < 5;
	my $id = rand() < .7 ? any(@ids) : "u$i\@y";
	print $out "From m\@z Tue Mar  9 10:00:00 2021\n";
	printf $out "From: Dev %d <d%d\@example.org>\n", ($i % 5) x 2;
	printf $out "Date: Tue, %d Mar 2021 10:00:%02d +0000\n",
	    1 + rand 28, $i % 60;
	print $out "List-Id: <kvmarm.lists.example.org>\n" if rand() < .8;
	print $out "Message-ID: <$id>\n" if rand() < .95;
	print $out 'Message-ID: <', any(@ids), ">\n" if rand() < .2;
	print $out 'Subject: ', any(@tags), any(@titles), "\n";
	print $out 'References:', (map { ' <' . any(@ids) . '>' } 0 .. rand 3),
	    "\n" if rand() < .4;
	print $out 'In-Reply-To: ', any(@ids), "\n" if rand() < .15;
	print $out "\n", any('text', 'other text'), "\n";
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

for seed in $(seq $archives) 87; do
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
done_testing
