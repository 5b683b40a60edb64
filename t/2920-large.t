#!/bin/sh
# Threads of many mails in the shapes that are hardest to join, with hardly any
# stack: a star, a chain, and a random graph, also with ids that nobody has; and
# topics of many mails that are hardest to tell apart.
. "${srcdir:-.}/t/lib.sh"

mails=10000
[ -z "${KVDIGEST_LONG:-}" ] || mails=100000
within=10

cat >graph.pl <<'EOF'
# graph.pl SHAPE COUNT [patches]: an mbox of mails that answer each other so.
use strict;
use warnings;

my ($shape, $n, $patches) = @ARGV;
srand 7;
for my $i (1 .. $n) {
	my @to;
	@to = (1) if $shape eq 'star' && $i > 1;
	@to = ($i - 1) if $shape eq 'chain' && $i > 1;
	@to = ($i % $n + 1) if $shape eq 'cycle';
	# Earlier and later mails, some of which never come.
	@to = map { 1 + int rand 1.1 * $n } 1, 2 if $shape eq 'random';
	my $subject = $patches ? "[PATCH] patch $i"
	    : $i > 1 ? 'Re: a discussion' : 'a discussion';
	print "From MAILER Tue Mar  9 10:00:00 2021\n",
	    "From: Dev $i <dev$i\@example.org>\nSubject: $subject\n",
	    "Date: Tue, 09 Mar 2021 10:00:00 +0000\n",
	    "List-Id: <kvmarm.lists.example.org>\nMessage-ID: <$i\@x>\n";
	print 'References:', (map { "\n <$_\@x>" } @to), "\n" if @to;
	print "\ntext $i\n\n";
}
EOF

# What is connected in the random one, worked out in another way: by walking.
cat >walk.pl <<'EOF'
my (%to, %seen, $id);
while (<STDIN>) {
	if (/^Message-ID: <(.*)>/) { $id = $1; $to{$id} //= [] }
	elsif (/^ <(.*)>/) { push @{$to{$id}}, $1; push @{$to{$1}}, $id }
}
my $groups = 0;
for my $start (grep { $_ <= $ENV{mails} } map { /(\d+)/ } keys %to) {
	next if $seen{"$start\@x"};
	$groups++;
	my @todo = "$start\@x";
	while (defined(my $at = pop @todo)) {
		push @todo, grep { !$seen{$_} } @{$to{$at}} unless $seen{$at}++;
	}
}
print "$groups\n";
EOF

for shape in star chain cycle random; do
	new_store $shape
	perl graph.pl $shape $mails >mbox
	kvdigest-ingest --mbox mbox >/dev/null
	status "$shape: $mails mails within $within s" 0 \
	    timeout $within sh -c 'ulimit -s 256; exec kvdigest-thread'
	status "$shape: listed" 0 \
	    timeout $within sh -c 'ulimit -s 256; exec kvdigest-thread --list'
	[ $shape = random ] || ok "$shape: in one line" [ "$(wc -l <out)" -eq 1 ]
	status "$shape: audited" 0 \
	    timeout $within sh -c 'ulimit -s 256; exec kvdigest-thread --audit'
	kvdigest-thread --dump | cut -f2 | sort | uniq -c >got
	if [ $shape = random ]; then
		mails=$mails perl walk.pl <mbox >want
		wc -l <got >groups
		is 'random: connected as by another way' want groups
	else
		echo "$mails thread:1" >want
		sed 's/^ *//' got >groups
		is "$shape: one thread of all" want groups
	fi
	# One more mail is no matter of the thread's size.
	mail one-more@x "References: <1@x>" </dev/null | kvdigest-ingest
	status "$shape: one more mail within a second" 0 \
	    timeout 1 sh -c 'ulimit -s 256; exec kvdigest-thread'
done

# The same where each mail has a say in what topic the thread is of: it is told
# once for all of them, not for each slice of them.
long=$((3 * within))
for shape in star random; do
	new_store $shape-patches
	perl graph.pl $shape $mails patches >mbox
	kvdigest-ingest --mbox mbox >/dev/null
	status "$shape of patches: within $long s" 0 \
	    timeout $long sh -c 'ulimit -s 256; exec kvdigest-thread'
	status "$shape of patches: listed" 0 \
	    timeout $long sh -c 'ulimit -s 256; exec kvdigest-thread --list'
done

# Each of these could be of one topic with any other, and is not: all are held
# for each slice of them, so that slices must not get the smaller for it.
new_store dense
perl -e '
	srand 1;
	for my $i (1 .. 3000) {
		my $words = join " ",
		    map { join "", map { chr 97 + rand 26 } 1 .. 8 } 1 .. 4;
		print "From m\@z Tue Mar  9 10:00:00 2021\n",
		    "Message-ID: <$i\@x>\nList-Id: <kvmarm.lists.example.org>\n",
		    "From: Ann <ann\@x>\nDate: Tue, 9 Mar 2021 10:00:00 +0000\n",
		    "Subject: [PATCH] commonprefixword $words\n\ntext\n\n";
	}' >mbox
kvdigest-ingest --mbox mbox >/dev/null
status 'titles with a word in common' 0 kvdigest-thread
kvdigest-thread --dump | cut -f3 | sort -u >topics
ok 'are topics of their own' [ "$(wc -l <topics)" -eq 3000 ]
if command -v mdb_stat >/dev/null; then
	mdb_stat -e dense | sed -n 's/.*Last transaction ID: //p' >transactions
	ok 'in few transactions' [ "$(cat transactions)" -lt 60 ]
else
	skip 'in few transactions' 'there is no mdb_stat'
fi
done_testing
