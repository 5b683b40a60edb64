# Facts about a digest's JSON on standard input, for tests: totals, categories,
# topics, and whether every mail is in exactly one topic.
use strict;
use warnings;
use JSON::PP;

binmode STDOUT, ':utf8';
my $d = do { local $/; decode_json(<STDIN>) };
my $t = $d->{totals};
print "$_ $t->{$_}\n" for qw(mails in_window older threads topics);
print "category $_->{name} $_->{topics} $_->{mails}\n"
    for @{$d->{categories}};
my (%seen, $sum, $in, %threads);
for my $topic (@{$d->{topics}}) {
	$sum += @{$topic->{mails}};
	$in += grep { $_->{in_window} } @{$topic->{mails}};
	$seen{$_->{id}}++ for @{$topic->{mails}};
	$threads{$_}++ for @{$topic->{threads}};
	print "topic $topic->{category}: $topic->{title}\n";
	for my $text ($topic->{title},
	    map { ($_->{subject}, $_->{author}{name}) } @{$topic->{mails}}) {
		print "undecoded: $text\n" if $text =~ /=\?[\w-]+\?[QB]\?/i;
		print "unfolded: $text\n" if $text =~ /[\r\n\t]/;
	}
}
print "sums differ\n"
    if $sum != $t->{mails} || $in != $t->{in_window}
    || $t->{mails} != $t->{in_window} + $t->{older}
    || $t->{topics} != @{$d->{topics}} || $t->{threads} != keys %threads;
print "twice: $_\n" for grep { $seen{$_} > 1 } sort keys %seen;
print "in two topics: $_\n" for grep { $threads{$_} > 1 } sort keys %threads;
