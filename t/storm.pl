# storm.pl WRITERS KILLS SEED DIRECTORY: deliver mails by that many writers at
# once, each attempt killed at a random moment or not, until so many kills have
# hit.  A mail is tried until an attempt exits 0; "accepted" gets its number
# then.  Mails are files DIRECTORY/NUMBER, made here.
use strict;
use warnings;
use Time::HiRes qw(time sleep);
use POSIX ();

my ($writers, $kills, $seed, $directory) = @ARGV;
my @pids;

sub make_mail {
	my ($n) = @_;
	my $text = join "\n", map { rand } 1 .. 2**int(rand 9);
	open my $mail, '>', "$directory/$n" or die "$directory/$n: $!";
	print $mail "From: Ann Example <ann\@example.org>\n",
	    "Message-ID: <$n\@example.org>\nSubject: $n\n",
	    "List-Id: <kvmarm.lists.example.org>\n\n$text\n";
	close $mail or die "$!";
}

# One attempt; its exit status, or -1 if it was killed.
sub attempt {
	my ($n) = @_;
	my $pid = fork // die "fork: $!";
	if (!$pid) {
		open STDIN, '<', "$directory/$n" or POSIX::_exit(99);
		open STDERR, '>', '/dev/null';
		exec 'kvdigest-ingest' or POSIX::_exit(99);
	}
	if (rand() < 0.8) {
		sleep rand 0.006;
		kill KILL => $pid;
	}
	waitpid $pid, 0;
	return $? & 127 ? -1 : $? >> 8;
}

for my $writer (1 .. $writers) {
	my $pid = fork // die "fork: $!";
	if ($pid) {
		push @pids, $pid;
		next;
	}
	srand $seed + $writer;
	open my $accepted, '>>', 'accepted' or die "accepted: $!";
	my ($hits, $n) = (0, 0);
	while ($hits < $kills / $writers) {
		my $number = $writer + $writers * $n++;
		make_mail($number);
		for (;;) {
			my $status = attempt($number);
			$hits++ if $status < 0;
			last if $status == 0;
			die "exit $status\n" if $status > 0 && $status != 75;
		}
		syswrite $accepted, "$number\n";
	}
	print "$hits kills, $n mails\n";
	exit 0;
}
my $bad = 0;
for (@pids) {
	waitpid $_, 0;
	$bad ||= $?;
}
exit $bad ? 1 : 0;
