# bench-archive.pl MBOX COPIES [YEARS]: an archive of many years, 25 unless it
# is said, out of one of a year, as an mboxrd on standard output.  The copies
# come first, the year as it is last: so a week of that has the same mails
# however large the archive is.  Copies have Message-IDs, titles, change-ids and
# links of their own, and threads and topics as the year has them.
use strict;
use warnings;
use POSIX qw(strftime);

my ($mbox, $copies, $years) = (@ARGV, 25);
my @mails;

open my $in, '<:raw', $mbox or die "$mbox: $!\n";
while (<$in>) {
	if (/^From /) { push @mails, ''; next }
	$mails[-1] .= $_;
}

# copy N BEGIN SPAN: the N-th copy, spread over so many seconds.
sub copy
{
	my ($n, $begin, $span) = @_;

	for my $i (0 .. $#mails) {
		my ($head, $body) = split /\n\n/, $mails[$i], 2;
		my $date = strftime '%a, %d %b %Y %H:%M:%S +0000',
		    gmtime $begin + $span * $i / @mails;
		my @fields = split /\n(?![ \t])/, $head;

		for (@fields) {
			s/<(?=[^<>]+>)/<c$n./g
			    if /^(?:Message-ID|References|In-Reply-To):/i;
			s/^(Message-ID:\s*)(?=[^<\s])/$1c$n./i;
			$_ .= " c$n" if /^Subject:/i;
			$_ = "Date: $date" if /^Date:/i;
		}
		$body //= '';
		$body =~ s{(https?://\S+/)([^/\s]+(?:@|%40))}{$1c$n.$2}g;
		$body =~ s/^(change-id: \S+)/$1-c$n/mg;
		print "From MAILER Tue Mar  9 10:00:00 2021\n",
		    "Received: from a.example.org by b.example.org; $date\n",
		    join("\n", @fields), "\n\n$body\n";
	}
}

my $span = $years * 31556952;
my $begin = 1600000000 - $span;
copy($_, $begin + $span * ($_ - 1) / $copies, $span / $copies)
    for 1 .. $copies;
print "From MAILER Tue Mar  9 10:00:00 2021\n$_\n" for @mails;
