#!/bin/sh
# The reference week, known by its headers: every number of the digest, each
# mail's thread, the categories, no fault of the reference repeated.
. "${srcdir:-.}/t/lib.sh"

corpus=${KVDIGEST_CORPUS:-}/mail/seed-week.mbox.xz
[ -f "$corpus" ] || skip_all 'KVDIGEST_CORPUS has no reference week'
command -v xz >/dev/null || skip_all 'no xz'

new_store
sed -i 's/kvmarm.lists.example.org/kvmarm.lists.linux.dev/' kvdigest.yaml
xz -dc "$corpus" | kvdigest-ingest --mbox - >out
echo '278 new, 0 known, 0 refused' >want
is 'all mails are taken' want out

kvdigest-report --week 2025-W19 --format json -o digest.json
perl "$srcdir/t/digest.pl" <digest.json >facts
grep -v '^topic ' facts >got
cat >want <<'EOF'
mails 278
in_window 247
older 31
threads 36
topics 34
category PATCH 31 269
category Bug Report 2 7
category GIT PULL 1 2
EOF
is 'totals, categories, sums; nothing undecoded or folded' want got
has 'kvm-unit-tests is a series of patches' \
    '^topic PATCH: \[kvm-unit-tests PATCH v3 00/16\]' facts
has 'a regression is a bug report' \
    '^topic Bug Report: LM regression: ' facts
has 'syzbot as well' '^topic Bug Report: \[syzbot\]' facts

# Each mail's thread is what its References say: read independently.
kvdigest-thread --dump | cut -f 1,2 | sort >threads
xz -dc "$corpus" | perl -e '
	my (%up, $id);
	sub find { my $x = shift; $x = $up{$x} while $up{$x} ne $x; $x }
	my (%mail, $header, $ids);
	my $end = sub {
		return unless defined $header;
		$header =~ s/\n[ \t]+/ /g;
		my ($self) = $header =~ /^Message-ID: <(.*)>$/mi;
		my @refs = ($header =~ /^(?:References|In-Reply-To): (.*)$/mig);
		$mail{$self} = 1;
		$up{$self} //= $self;
		for my $ref (map { /<([^>]+)>/g } @refs) {
			$up{$ref} //= $ref;
			$up{find($ref)} = find($self);
		}
	};
	while (<STDIN>) {
		if (/^From mboxrd/) { $end->(); $header = ""; $body = 0; next }
		$body = 1 if /^$/;
		$header .= $_ unless $body;
	}
	$end->();
	print "$_\t", find($_), "\n" for sort keys %mail' >references
cat >same.pl <<'EOF'
# Two groupings of the same mails are one when their pairs are a bijection.
my ($fh1, $fh2, %a, %b, %ab);
open $fh1, '<', $ARGV[0] or die; open $fh2, '<', $ARGV[1] or die;
my %x = map { chomp; split /\t/, $_, 2 } <$fh1>;
my %y = map { chomp; split /\t/, $_, 2 } <$fh2>;
die "not the same mails" if join("\n", sort keys %x) ne join("\n", sort keys %y);
for (keys %x) { $a{$x{$_}}{$y{$_}} = 1; $b{$y{$_}}{$x{$_}} = 1 }
for (values %a, values %b) { die "groups differ" if keys %$_ != 1 }
EOF
ok 'each thread is what its References say' perl same.pl threads references

# Every element of the reference is in the Markdown.
kvdigest-report --week 2025-W19 --format md -o digest.md
for element in 生成时间 分析周期 总邮件数 '总 Thread 数' '超过 20 封' \
    分类分布 邮件数 参与者 开始时间 原始补丁 之前讨论 本周 邮件列表; do
	has "has $element" "$element" digest.md
done
ok 'lists every mail' test "$(grep -c '^ *[0-9]*\. [0-9-]* ' digest.md)" -eq 278
done_testing
