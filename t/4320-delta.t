#!/bin/sh
# What has changed since the last digest: told of each topic, from what that
# digest told, and the same each time that an old week is made again.
. "${srcdir:-.}/t/lib.sh"

# Reports that are compared say one time.
SOURCE_DATE_EPOCH=1622505600
export SOURCE_DATE_EPOCH

new_store
cp "$srcdir/t/fake-sendmail" sendmail
echo "  sendmail: [$T/sendmail]" >>kvdigest.yaml

# at DAY ID PERSON SUBJECT [FIELD...] <BODY: a mail of that day of March 2021.
at()
{
	day=$1 id=$2@example.org person=$3 subject=$4
	shift 4
	{
		echo "Received: from a by b; $day Mar 2021 10:00:00 +0000"
		mail "$id" "From: $person <$person@example.org>" \
		    "Date: $day Mar 2021 10:00:00 +0000" "Subject: $subject" \
		    "$@"
	} | kvdigest-ingest --archived
}

patch()
{
	cat <<-EOF
	It does what it says.

	Signed-off-by: $1 <$1@example.org>
	---
	 virt/kvm/arm/$2.c | 2 +-
	 1 file changed, 1 insertion(+), 1 deletion(-)

	diff --git a/virt/kvm/arm/$2.c b/virt/kvm/arm/$2.c
	--- a/virt/kvm/arm/$2.c
	+++ b/virt/kvm/arm/$2.c
	@@ -1,1 +1,1 @@
	-a
	+b
	EOF
}

ask()
{
	printf '> It does what it says.\n\nWhy is this not done by %s?\n' "$1"
}

# week WEEK: it is sent; the digest as Markdown is in WEEK.
week()
{
	rm -f argv
	KD_SYSLOG=$T/syslog LD_PRELOAD=$builddir/t/shim-syslog.so \
	    kvdigest-report --week "$1" 2>err || cat err
	kvdigest-report -n --week "$1" --format md >"$1"
	ok "$1 is sent" test -e argv
}

# topic WORD FILE: what a digest has of the topic with that in its title.
topic()
{
	awk -v word="$1" '/^### /{ on = index($0, word) } on' "$2" >topic
}

patch ann walk | at 'Tue, 02' walk1 ann '[PATCH] KVM: arm64: walk tables'
ask walking | at 'Wed, 03' walk1r bob 'Re: [PATCH] KVM: arm64: walk tables' \
    'In-Reply-To: <walk1@example.org>'
patch eve trap | at 'Tue, 02' trap1 eve '[PATCH] KVM: arm64: trap <b>less</b>'
ask trapping | at 'Wed, 03' trap1r bob 'Re: [PATCH] KVM: arm64: trap <b>less</b>' \
    'In-Reply-To: <trap1@example.org>'
patch dan mask | at 'Tue, 02' mask1 dan '[PATCH] KVM: arm64: mask bits'
patch joy carry | at 'Tue, 02' carry1 joy '[PATCH] KVM: arm64: carry this'
echo 'Reviewed-by: bob <bob@example.org>' |
    at 'Wed, 03' carry1r bob 'Re: [PATCH] KVM: arm64: carry this' \
    'In-Reply-To: <carry1@example.org>'
echo 'What do you think?' | at 'Tue, 02' talk1 ivy 'KVM: arm64: talk'
week 2021-W09
has 'that is logged' '^report=2021-W09 msgid=<[^ >]+> action=sent$' syslog
hasnt 'the first digest compares nothing' '变化|首次出现|无动静' 2021-W09

patch ann walk | at 'Tue, 09' walk2 ann '[PATCH v2] KVM: arm64: walk tables' \
    'In-Reply-To: <walk1@example.org>'
echo 'Reviewed-by: bob <bob@example.org>' |
    at 'Wed, 10' walk2r bob 'Re: [PATCH v2] KVM: arm64: walk tables' \
    'In-Reply-To: <walk2@example.org>'
echo 'Reviewed-by: bob <BOB@example.org>' |
    at 'Wed, 10' walk2s bob 'Re: [PATCH v2] KVM: arm64: walk tables' \
    'In-Reply-To: <walk2@example.org>'
patch hal fresh | at 'Tue, 09' fresh1 hal '[PATCH] KVM: arm64: fresh start'
echo 'Nothing yet.' | at 'Tue, 09' talk2 bob 'Re: KVM: arm64: talk' \
    'In-Reply-To: <talk1@example.org>'
at 'Thu, 11' pull1 max '[GIT PULL] KVM/arm64 fixes' <<'EOF'
are available in the Git repository at:

  git://git.example.org/kvm.git tags/fixes

joy (1):
      KVM: arm64: carry this
EOF
week 2021-W10
topic 'walk tables' 2021-W10
has 'version, state and trailers' \
    '变化.*自 2021-W09 的周报：v1 → v2，等作者 → 等维护者，Reviewed-by 0 → 1 人$' topic
topic 'arm64: talk' 2021-W10
has 'no state as before is no change' '状态、版本和标签未变' topic
topic 'fresh start' 2021-W10
has 'what is new' '变化.*首次出现' topic
has 'what was waited for, and nothing came' \
    'trap.*：2021-W09 的周报在等待作者 eve（2021-03-03 起），本周无动静' 2021-W10
hasnt 'what a pull request carries is not' 'carry.*本周无动静' 2021-W10
ok 'told once' test "$(grep -c '的周报在等待' 2021-W10)" -eq 1
hasnt 'the title is no markup' '<b>less' 2021-W10
has 'with its link' \
    'https://archive.example.org/kvmarm/trap1@example.org/' 2021-W10
kvdigest-report -n --week 2021-W10 --format json >json
perl -MJSON::PP -0 -ne '
	my $digest = decode_json($_);
	for my $topic (@{$digest->{topics}}) {
		my $delta = $topic->{delta};
		next unless @{$topic->{postings}};
		print join("|", $topic->{postings}[0]{id},
		    $delta->{week} // "-", $delta->{before}{version} // "-",
		    $delta->{before}{reviewed} // "-"), "\n";
	}
	print join("|", map { "$_->{id} $_->{week} $_->{waiting_for}{role}" }
	    @{$digest->{quiet}}), "\n";
' json | sort >got
sort >want <<EOF
walk1@example.org|2021-W09|1|0
fresh1@example.org|-|-|-
trap1@example.org 2021-W09 author
EOF
is 'in JSON' want got

# A filter that keeps what it is given.
cat >keep <<EOF
#!/bin/sh
exec tee -a $T/briefs
EOF
chmod +x keep
sed "\$a filters: {chain: [$T/keep], jobs: 1}" kvdigest.yaml >keep.yaml
kvdigest-report -n -c keep.yaml --since 2021-03-09 --until 2021-03-10 \
    >out 2>&1
has 'filters are told' '"delta": ?"v1 → v2，等作者' briefs

echo 'Applied to kvm-arm64/next, thanks!' |
    at 'Tue, 16' walk2t marc 'Re: [PATCH v2] KVM: arm64: walk tables' \
    'In-Reply-To: <walk2@example.org>'
patch dan mask | at 'Tue, 16' mask2 dan '[PATCH v2] KVM: arm64: mask bits' \
    'In-Reply-To: <mask1@example.org>'
echo 'I have only a word to add.' |
    at 'Tue, 16' fresh2 gil 'Re: [PATCH] KVM: arm64: fresh start' \
    'In-Reply-To: <fresh1@example.org>'
week 2021-W11
topic 'walk tables' 2021-W11
has 'it was applied' '自 2021-W10 的周报：等维护者 → 已应用到' topic
topic 'mask bits' 2021-W11
has 'what was silent for a week is known again' \
    '自 2021-W09 的周报：v1 → v2' topic
hasnt 'silence is told once' '本周无动静' 2021-W11

kvdigest-report -n --week 2021-W10 --format md >again
is 'an old week says the same' 2021-W10 again
kvdigest-report -n --since 2021-03-08 --until 2021-03-15 --format md >again
is 'as a span as well' 2021-W10 again
kvdigest-report --week 2021-W10 --force
kvdigest-report -n --week 2021-W11 --format md >again
is 'and sent again changes none after it' 2021-W11 again

# Topics that are joined, and what is split off.
kvdigest-thread --join walk1@example.org mask1@example.org >/dev/null
kvdigest-report -n --week 2021-W11 --format md >joined
topic 'mask bits' joined
has 'joined topics are compared with the one told of last' \
    '自 2021-W10 的周报' topic
has 'and are one' '话题数.*2 个' joined
kvdigest-thread --undo >/dev/null
kvdigest-thread --split fresh2@example.org >/dev/null
kvdigest-report -n --week 2021-W11 --format md >split
ok 'what was split off is told of as new' \
    test "$(grep -c '首次出现' split)" -eq 1
kvdigest-thread --undo >/dev/null

# A record of another make: the digest goes out without it.
if command -v mdb_dump >/dev/null; then
	mdb_dump -s report store | sed 's/^ 0302/ 0902/' >dump
	mdb_load store <dump 2>/dev/null
	status 'a damaged record is no reason for no digest' 0 \
	    kvdigest-report -n --week 2021-W11
	has 'and is named' 'report 2021-W09: .*damaged.*going on without' err
else
	skip 'a damaged record' 'there is no mdb_dump'
fi
done_testing
