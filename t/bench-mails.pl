# bench-mails.pl MBOX FIRST COUNT [DIRECTORY]: COUNT mails, made of those of an
# mboxrd in turn, from the FIRST one on: each with a Message-ID of its own and a
# line more, so that no two are the same.  Into files of a directory, or as an
# mboxrd on standard output.  Without a MBOX (-) the mails are made up.
use strict;
use warnings;

my ($mbox, $first, $count, $directory) = @ARGV;
my @mails;

if ($mbox ne '-') {
	open my $in, '<:raw', $mbox or die "$mbox: $!\n";
	while (<$in>) {
		if (/^From /) { push @mails, ''; next }
		s/^>(>*From )/$1/;
		$mails[-1] .= $_;
	}
} else {
	srand 1;
	my @words = map { join '', map { ('a' .. 'z')[rand 26] }
		0 .. 2 + rand 8 } 1 .. 3000;
	for my $n (1 .. 500) {
		my $mail = "Received: from a.example.org by b.example.org; " .
		    "Tue, 09 Mar 2021 10:00:00 +0000\n" x 3 .
		    "From: Ann Example $n <ann$n\@example.org>\n" .
		    "Subject: [PATCH $n/500] KVM: arm64: $words[$n]\n" .
		    "Message-ID: <$n\@example.org>\n" .
		    "List-Id: <kvmarm.lists.example.org>\n" .
		    "Date: Tue, 09 Mar 2021 10:00:00 +0000\n\n";
		$mail .= join(' ', map { $words[rand @words] } 1 .. 9) . "\n"
		    for 1 .. 10 + rand 260;
		push @mails, $mail;
	}
}

for my $n ($first .. $first + $count - 1) {
	my $mail = $mails[$n % @mails];
	$mail =~ s/^Message-ID:.*\n(?:[ \t].*\n)*/Message-ID: <$n.bench\@example.org>\n/mi;
	$mail =~ s/\n\n/\n\n$n\n/;
	if (defined $directory) {
		open my $out, '>:raw', "$directory/$n" or die "$!";
		print $out $mail;
		close $out or die "$!";
	} else {
		$mail =~ s/^(>*From )/>$1/mg;
		print "From MAILER Tue Mar  9 10:00:00 2021\n$mail\n";
	}
}
