#!/bin/sh
# What concerns the team: its own series, what it is asked, what is sent to it,
# its files, the interface to user space, its words.
. "${srcdir:-.}/t/lib.sh"

new_store
cp kvdigest.yaml plain.yaml

# post ID PERSON SUBJECT [FIELD...] <BODY
post()
{
	id=$1@example.org person=$2 subject=$3
	shift 3
	mail "$id" "From: $person <$person@example.org>" \
	    "Subject: $subject" "$@" | kvdigest-ingest --archived
}

# patch FILE...: a body with a diff of these.
patch()
{
	printf 'Some words.\n\n---\n'
	for file; do
		printf 'diff --git a/%s b/%s\n--- a/%s\n+++ b/%s\n' \
		    "$file" "$file" "$file" "$file"
		printf '@@ -1,1 +1,1 @@\n-a\n+b\n'
	done
}

patch arch/arm64/kvm/sys_regs.c include/uapi/linux/kvm.h |
    post own ann '[PATCH] KVM: arm64: our own'
printf '> Some words.\n\nWhy is that not done by <b>trapping</b>?\n' |
    post asked bob 'Re: [PATCH] KVM: arm64: our own' \
    'In-Reply-To: <own@example.org>'
printf '> Some words.\n\nAnd what does Zeta do?\n' |
    post asked2 cy 'Re: [PATCH] KVM: arm64: our own' \
    'In-Reply-To: <own@example.org>'
printf '> And what does Zeta do?\n\nNothing at all.\n' |
    post answer 'ann+kvm' 'Re: [PATCH] KVM: arm64: our own' \
    'In-Reply-To: <asked2@example.org>'
patch virt/kvm/arm/vgic/vgic.c virt/kvm/armour.c |
    post path dan '[PATCH] KVM: arm64: vgic: some files' \
    'Cc: Ann <ANN@example.org>'
patch tools/testing/selftests/kvm/aarch64/psci_test.c |
    post pattern eve '[PATCH] selftests: a pattern'
patch Documentation/virt/kvm/api.rst |
    post uapi fay '[PATCH] KVM: Document an ioctl'
echo 'The Zeta bit is not kept.' | post word gil 'A question about bits'
echo 'Alphazeta is another thing.
> The Zeta bit is not kept.' | post noword hal 'A question about letters'

week()
{
	kvdigest-report -n --since 2021-03-08 --until 2021-03-15 \
	    --format "${1:-md}"
}

week >digest
hasnt 'without a team there is no such part' '与我们有关' digest
week json >json
has 'in JSON neither' '"team": null' json

cat plain.yaml - >kvdigest.yaml <<'EOF'
team:
  addresses: ann@example.org
  names: [Nobody Else]
  paths: [virt/kvm/arm, "tools/*/psci_*"]
  keywords: [zeta]
EOF
week text | sed -n '/^与我们有关/,/^总体统计/p' >got
cat >want <<'EOF'
与我们有关
==========

我们的系列
----------
- 1. [PATCH] KVM: arm64: our own：等作者，已 5 天

等我们回答
----------
- 1. [PATCH] KVM: arm64: our own：Why is that not done by <b>trapping</b>?
  [4]

抄送我们
--------
- 2. [PATCH] KVM: arm64: vgic: some files [1]

涉及我们的文件
--------------
- 2. [PATCH] KVM: arm64: vgic: some files：virt/kvm/arm [1]
- 3. [PATCH] selftests: a pattern：tools/*/psci_* [1]

用户接口变化
------------
- 1. [PATCH] KVM: arm64: our own：include/uapi/linux/kvm.h [1]
- 4. [PATCH] KVM: Document an ioctl：Documentation/virt/kvm/api.rst [1]

关键词
------
- 5. A question about bits：zeta [1]

总体统计
EOF
is 'a team' want got
week >digest
has 'before all counts' '^## 与我们有关' digest
week json >json
perl -MJSON::PP -0 -ne '
	for my $topic (@{decode_json($_)->{topics}}) {
		print "$_->{why} ", $_->{detail} // "-", " @{$_->{mails}}\n"
		    for @{$topic->{team}};
	}
' json | LC_ALL=C sort >got
LC_ALL=C sort >want <<'EOF'
own - 
asked Why is that not done by <b>trapping</b>? asked@example.org
copied - path@example.org
path virt/kvm/arm path@example.org
path tools/*/psci_* pattern@example.org
uapi - own@example.org
uapi - uapi@example.org
keyword zeta word@example.org
EOF
is 'in JSON' want got
has 'each topic has its interface' '用户接口.*include/uapi/linux/kvm.h' digest

cat plain.yaml - >kvdigest.yaml <<'EOF'
team: {names: [BOB]}
EOF
week >digest
hasnt 'who only answers has no series' '我们的系列' digest
kvdigest-report -n --since 2021-04-01 --until 2021-04-02 >digest
has 'a week without' '本周没有与我们有关的话题' digest
for bad in 'addresses: [ann]' 'paths: [/usr]' 'keywords: []' 'name: x'; do
	cat plain.yaml - >kvdigest.yaml <<EOF
team: {$bad}
EOF
	status "$bad" 78 kvdigest-report -n
	has 'is refused' 'team.*: .*expected|team\.name: unknown' err
done
done_testing
