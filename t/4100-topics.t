#!/bin/sh
# What the digest makes of a topic: its category from tags and content, its
# title, its tree, what is missing of it.
. "${srcdir:-.}/t/lib.sh"

new_store
# post ID SUBJECT [FIELD...] <BODY
post()
{
	id=$1 subject=$2
	shift 2
	mail "$id" "Subject: $subject" "$@" | kvdigest-ingest --archived
}
diff='---
 arch/arm64/kvm/arm.c | 1 +
 1 file changed, 1 insertion(+)

diff --git a/arch/arm64/kvm/arm.c b/arch/arm64/kvm/arm.c
--- a/arch/arm64/kvm/arm.c
+++ b/arch/arm64/kvm/arm.c
@@ -1 +1,2 @@
 a
+b'

echo "$diff" | post patch@x '[PATCH] KVM: arm64: Fix a regression'
echo "$diff" | post rfc@x '[RFC PATCH] KVM: arm64: Try this'
echo "$diff" | post kut@x '[kvm-unit-tests PATCH] arm: Add a test'
echo "$diff" | post kvmtool@x '[PATCH kvmtool] arm: Add an option'
post pull@x '[GIT PULL] KVM/arm64 fixes for 5.12' </dev/null
post bug@x 'LM regression: 0123456789ab KVM: arm64: Break it' </dev/null
post syzbot@x '[syzbot] WARNING in kvm_example' \
    'From: syzbot <syzbot+0123@syzkaller.example.com>' </dev/null
post ask@x 'How do I trap this?' </dev/null
post talk@x 'Thoughts on timers' </dev/null
post talk-re@x 'Re: Thoughts on timers' 'In-Reply-To: <talk@x>' </dev/null
post notice@x 'Server maintenance' </dev/null

# A reply to a patch in the middle of a series that never came.
post orphan@x 'Re: [PATCH v8 15/43] arm64: RME: Set it' \
    'In-Reply-To: <gone@x>' </dev/null
# A series whose cover never came, and one that never had one.
echo "$diff" | post lost1@x '[PATCH v2 1/3] KVM: arm64: First of three' \
    'In-Reply-To: <lost0@x>' 'From: Ben <ben@x.example>'
echo "$diff" | post lost3@x '[PATCH v2 3/3] KVM: arm64: Third of three' \
    'In-Reply-To: <lost0@x>' 'From: Ben <ben@x.example>'
echo "$diff" | post two1@x '[PATCH 1/2] KVM: arm64: First of two' \
    'From: Cem <cem@x.example>'
echo "$diff" | post two2@x '[PATCH 2/2] KVM: arm64: Second of two' \
    'In-Reply-To: <two1@x>' 'From: Cem <cem@x.example>'
# Another author's patch in answer does not take the series' title.
echo "$diff" | post main@x '[PATCH] KVM: arm64: The way we do it' \
    'From: Eve <eve@x.example>'
echo "$diff" | post counter@x '[PATCH] KVM: arm64: The way I would do it' \
    'In-Reply-To: <main@x>' 'From: Fay <fay@x.example>' \
    'Date: Tue, 09 Mar 2021 11:00:00 +0000'
# A bug report that is answered with a patch stays a report.
post oops@x '[BUG] kernel oops in vgic' </dev/null
echo "$diff" | post oops-fix@x '[PATCH] KVM: arm64: vgic: Fix oops' \
    'In-Reply-To: <oops@x>' 'From: Dan <dan@x.example>'

kvdigest-report --week 2021-W10 --format json -o digest.json
cat >look.pl <<'EOF'
use strict; use warnings; use JSON::PP;
binmode STDOUT, ':utf8';
my $d = do { local $/; decode_json(<STDIN>) };
print join("\t", $_->{category}, $_->{tree} // '-', $_->{title}), "\n"
    for sort { $a->{title} cmp $b->{title} } @{$d->{topics}};
print "$_\n" for sort @{$d->{gaps}};
EOF
perl look.pl <digest.json >got
cat >want <<'EOF'
Discussion	-	How do I trap this?
Bug Report	-	LM regression: 0123456789ab KVM: arm64: Break it
Other	-	Server maintenance
Discussion	-	Thoughts on timers
Bug Report	kernel	[BUG] kernel oops in vgic
GIT PULL	-	[GIT PULL] KVM/arm64 fixes for 5.12
PATCH	kernel	[PATCH 1/2] KVM: arm64: First of two
PATCH	kvmtool	[PATCH kvmtool] arm: Add an option
PATCH	kernel	[PATCH v2 0/3] KVM: arm64: … (Ben)
PATCH	-	[PATCH v8 15/43] arm64: RME: Set it
PATCH	kernel	[PATCH] KVM: arm64: Fix a regression
PATCH	kernel	[PATCH] KVM: arm64: The way we do it
RFC	kernel	[RFC PATCH] KVM: arm64: Try this
PATCH	kvm-unit-tests	[kvm-unit-tests PATCH] arm: Add a test
Bug Report	-	[syzbot] WARNING in kvm_example
[PATCH v2 0/3] KVM: arm64: … (Ben)：v2 收到 2/3 封补丁。
[PATCH v2 0/3] KVM: arm64: … (Ben)：最新一版的封面未收到。
[PATCH v8 15/43] arm64: RME: Set it：根邮件未收到。
EOF
is 'category, tree, title; what is missing' want got

kvdigest-report --week 2021-W10 --format text -o digest.txt
has 'a title without its cover says so' '封面未收到' digest.txt
has 'and one of a reply' '根邮件未收到' digest.txt
kvdigest-thread --list >list
has 'so does the list' \
    'v2 +\[PATCH v2 0/3\] KVM: arm64: … \(Ben\) \(missing\)$' list

# What answers call a cover that never came is no title.
rm -r store
new_store
echo "$diff" | post named1@x '[RFC PATCH v3 1/2] KVM: arm64: One' \
    'In-Reply-To: <named0@x>'
post answer@x 'Re: [RFC PATCH v3 0/2] KVM: arm64: The lost cover' \
    'In-Reply-To: <named0@x>' </dev/null
kvdigest-thread --list >list
has 'a name for a lost cover, whatever answers call it' \
    ' \[RFC PATCH v3 0/2\] KVM: arm64: … \(Ann Example\) \(missing\)$' list

# A patch about something else that was sent along with a series is no version
# of it, and takes neither its title nor its state.
rm -r store
new_store
post set0@x '[PATCH 0/2] KVM: arm64: The whole set' 'From: Gil <gil@x.example>' \
    </dev/null
for n in 1 2; do
	echo "$diff" | post set$n@x "[PATCH $n/2] KVM: arm64: Part $n" \
	    'In-Reply-To: <set0@x>' 'From: Gil <gil@x.example>'
done
echo "$diff" | post along@x '[PATCH] of: Sent by mistake' \
    'In-Reply-To: <set0@x>' 'From: Gil <gil@x.example>' \
    'Date: Tue, 09 Mar 2021 11:00:00 +0000'
echo 'Applied to next, thanks!' | post taken@x \
    'Re: [PATCH 0/2] KVM: arm64: The whole set' 'In-Reply-To: <set0@x>' \
    'From: Hal <hal@x.example>'

# Nor does what goes with it into another project.
echo "$diff" | post user@x '[RFC kvmtool PATCH v2] arm: Use the whole set' \
    'In-Reply-To: <set0@x>' 'From: Gil <gil@x.example>' \
    'Date: Tue, 09 Mar 2021 12:00:00 +0000'

# What was said of a patch that was posted, and applied, is not said of it when
# it is posted again for another tree.
echo "$diff" | post once@x '[PATCH] KVM: arm64: Mend it' \
    'From: Ivy <ivy@x.example>' 'Date: Mon, 08 Mar 2021 10:00:00 +0000'
echo 'Applied to next, thanks!' | post mended@x \
    'Re: [PATCH] KVM: arm64: Mend it' 'In-Reply-To: <once@x>' \
    'From: Hal <hal@x.example>' 'Date: Mon, 08 Mar 2021 11:00:00 +0000'
echo "$diff" | post again@x '[PATCH] KVM: arm64: Mend it' \
    'From: Ivy <ivy@x.example>' 'Date: Wed, 10 Mar 2021 10:00:00 +0000'
kvdigest-report -n --week 2021-W10 --format json >digest.json
perl -MJSON::PP -0 -CO -ne 'for (@{decode_json($_)->{topics}}) {
	print "$_->{title}: $_->{state}{name}: @{$_->{state}{evidence}}\n" }' \
    digest.json | sort >got
cat >want <<'EOF'
[PATCH 0/2] KVM: arm64: The whole set: 已应用到 next: taken@x
[PATCH] KVM: arm64: Mend it: 新发布: again@x
EOF
is 'the state of what is current' want got
kvdigest-report -n --week 2021-W10 --format md >digest.md
has 'what stands beside it is told with its title' \
    'RFC v2 2021-03-09 Gil，1/1 封，另发的“arm: Use the whole set”' digest.md
has 'and is no earlier version' '另发“arm: Use the whole set”' digest.md
hasnt 'nor another version' '另一份 v2|v2（' digest.md

# A trailer below somebody else's patch in an answer is of that patch, and what
# the patch mends is not what the series mends; below its author's own it is of
# the series.
rm -r store
new_store
ann='From: ann <ann@x.example>'
echo "$diff" | post own@x '[PATCH] KVM: arm64: Own way' "$ann"
for who in bo ann; do
	from="From: $who <$who@x.example>"
	{
		printf 'Rather so?\n\nFixes: 0123456789ab ("KVM: %s")\n' $who
		echo "$diff"
	} | post $who-way@x 'Re: [PATCH] KVM: arm64: Own way' \
	    'In-Reply-To: <own@x>' "$from"
	printf 'Reviewed-by: For%s <for%s@x.example>\n' $who $who |
	    post $who-yes@x 'Re: [PATCH] KVM: arm64: Own way' \
		"In-Reply-To: <$who-way@x>" "From: For$who <for$who@x.example>"
done
kvdigest-report -n --week 2021-W10 --format json >digest.json
perl -MJSON::PP -0 -ne 'for (@{decode_json($_)->{topics}}) {
	print join(" ", $_->{kind}, $_->{value}), "\n" for grep {
	    $_->{kind} =~ /^(fixes|reviewed-by)$/ } @{$_->{facts}} }' \
    digest.json | sort >got
cat >want <<'EOF'
fixes 0123456789ab ("KVM: ann")
reviewed-by Forann <forann@x.example>
EOF
is 'trailers of another patch are not of the series' want got

# The tree is that of the newest posting.
rm -r store
new_store
echo "$diff" | post old@x '[PATCH kvmtool] arm: Handle it' "$ann"
echo "$diff" | post new@x '[PATCH v2] KVM: arm64: Handle it' "$ann" \
    'In-Reply-To: <old@x>' 'Date: Tue, 09 Mar 2021 11:00:00 +0000'
echo "$diff" | post named@x '[PATCH v2] kvmtool: Limit it' \
    'From: bo <bo@x.example>'
kvdigest-report -n --week 2021-W10 --format json >digest.json
perl -MJSON::PP -0 -ne 'print "$_->{title}: $_->{tree}\n"
    for @{decode_json($_)->{topics}}' digest.json | sort >got
cat >want <<'EOF'
[PATCH v2] KVM: arm64: Handle it: kernel
[PATCH v2] kvmtool: Limit it: kvmtool
EOF
is 'the tree of the newest' want got

# What the scripts of the stable trees write is a notice; an author who defends
# a series objects to nothing.
rm -r store
new_store
echo "$diff" | post fix@x '[PATCH] KVM: arm64: The fix' "$ann"
echo "I don't like the other way." | post defend@x \
    'Re: [PATCH] KVM: arm64: The fix' 'In-Reply-To: <fix@x>' "$ann"
for tree in 5.4 5.10; do
	echo 'This is a note to let you know' | post "stable-$tree@x" \
	    "Patch \"KVM: arm64: The fix\" has been added to the $tree-stable tree" \
	    'In-Reply-To: <fix@x>' 'From: <gregkh@linuxfoundation.org>'
done
kvdigest-report -n --week 2021-W10 >out
has 'a notice of the stable trees' '^状态： *已应用到 5\.(4|10)-stable、5\.(4|10)-stable' out
hasnt 'the author objects to nothing' '异议' out

# Of what stable trees review the list gets what is its own, and is told so;
# robots mail patches as well; a pull request may be taken as patches.
rm -r store
new_store
echo "$diff" | post review@x '[PATCH 5.10 086/122] KVM: arm64: Restrict it' \
    'From: Gus <gus@x.example>' 'In-Reply-To: <review0@x>'
echo "$diff" | post robot@x '[PATCH 5.11 306/306] KVM: arm64: Mend it' \
    'From: <gregkh@linuxfoundation.org>'
post request@x '[GIT PULL] KVM/arm64 fixes' "$ann" </dev/null
echo 'Applied to kvm/next, thanks!' | post took@x \
    'Re: [GIT PULL] KVM/arm64 fixes' 'In-Reply-To: <request@x>' \
    'From: Hal <hal@x.example>'
kvdigest-report -n --week 2021-W10 >out
has 'how much of it came' '收到 1/122 封，封面未收到' out
has 'it has a name' '\[PATCH 5\.10 0/122\] KVM: arm64: … \(Gus\)（封面未收到）' out
has 'and its patch' 'Gus 于 03-09 发出系列，共 122 个补丁，.*“KVM: arm64:' out
has 'and the robot mails one' '发来补丁“KVM: arm64: Mend it”' out
has 'the request was taken' '^状态： *已合入' out

# A patch by nobody, in answer to one that never came.
rm -r store
new_store
echo "$diff" | post nobody@x '[PATCH] KVM: arm64: Come from nowhere' \
    'From: ' 'In-Reply-To: <gone@x>'
status 'a patch without a From: 0' 0 kvdigest-report -n --week 2021-W10
has 'is told' '^1\. \[PATCH\] KVM: arm64: Come from nowhere' out

# What is asked, and who has answered: below it, or about the same patch.
rm -r store
new_store
post asked0@x '[PATCH 0/2] KVM: arm64: Two of them' "$ann" </dev/null
for n in 1 2; do
	echo "$diff" | post asked$n@x "[PATCH $n/2] KVM: arm64: Number $n" \
	    "$ann" 'In-Reply-To: <asked0@x>'
done
# say ID PARENT PART WHO MINUTE: an answer, its words on standard input.
say()
{
	post "$1@x" "Re: [PATCH $3/2] KVM: arm64: Number $3" \
	    "In-Reply-To: <$2@x>" "From: $4 <$4@x.example>" \
	    "Date: Tue, 09 Mar 2021 11:$5:00 +0000"
}
printf 'Why is the lock held?\n\nThis is broken.\n' | say q1 asked1 1 Bo 10
echo 'Who frees the page?' | say q2 asked1 1 Cy 11
echo 'It frees itself; see the comment.' | say a2 q2 1 ann 12
echo 'Shall I send the next version?' | post q5@x \
    'Re: [PATCH 2/2] KVM: arm64: Number 2' 'In-Reply-To: <asked2@x>' \
    'From: ann <ann+home@x.example>' 'Date: Tue, 09 Mar 2021 11:12:30 +0000'
printf 'Is this needed?\n\nReviewed-by: Di <Di@x.example>\n' |
    say q3 asked2 2 Di 13
echo 'Could this be a macro instead?' | say q4 asked2 2 Eve 14
printf 'For the series:\n\nAcked-by: Flo <Flo@x.example>\n' |
    say yes asked1 1 Flo 15
kvdigest-report -n --week 2021-W10 >out
has 'an open question' '^未答的提问： *Eve，2/2：Could this be a macro' out
hasnt 'not what the author asks' '未答的提问： *ann|^ +ann，2/2：Shall' out
ok 'is the only one' test "$(grep -c 'Why is the lock\|Who frees\|Is this needed' out)" -eq 0
has 'an objection has its answer' '异议： *This is broken\.，Bo .*：1/2 ' out
has 'which is told' 'ann 答复 \[' out
has 'a review of all' 'Acked-by： *Flo <Flo@x.example>：全部补丁' out
has 'is told so' '^- Flo 对补丁 1.2 给出 Acked-by' out
has 'whose turn it is' '^- Eve 对补丁 2 的提问未见答复。' out
kvdigest-report -n --week 2021-W10 --format json >digest.json
perl -MJSON::PP -0 -ne 'for (@{decode_json($_)->{topics}[0]{facts}}) {
	print "$_->{id} ", $_->{answered_by} // "-", "\n"
	    if exists $_->{answered_by} }' digest.json | sort >got
printf '%s\n' 'q1@x a2@x' 'q1@x a2@x' 'q2@x a2@x' 'q3@x -' 'q4@x -' \
    'q5@x -' >want
is 'for programs too' want got

# Versions that never came, and one that was sent again.
rm -r store
new_store
n=9
for version in '' ' v2' ' RESEND v2' ' v4' ' v7'; do
	n=$((n + 1))
	echo "$diff" | post "ver$n@x" "[PATCH$version] KVM: arm64: Go on" "$ann" \
	    "Date: Tue, 09 Mar 2021 $n:00:00 +0000"
done
kvdigest-report -n --week 2021-W10 >out
has 'one version' '：v3 未收到。' out
has 'several' '：v5 至 v6 未收到。' out
has 'what was sent again says so' 'v2 RESEND（' out
hasnt 'and is no other one' '另一份' out

# A lone patch beside the versions is none of them: nothing is missing because
# of it, and nothing takes its place.
rm -r store
new_store
for version in 1 2 3; do
	post go$version.0@x "[PATCH v$version 0/2] KVM: arm64: All of it" "$ann" \
	    "Date: Tue, 09 Mar 2021 1$version:00:00 +0000" </dev/null
	for n in 1 2; do
		echo "$diff" | post go$version.$n@x \
		    "[PATCH v$version $n/2] KVM: arm64: Part $n" "$ann" \
		    "In-Reply-To: <go$version.0@x>" \
		    "Date: Tue, 09 Mar 2021 1$version:00:0$n +0000"
	done
done
echo "$diff" | post aside@x '[PATCH] of: Beside it' "$ann" \
    'In-Reply-To: <go3.0@x>' 'Date: Tue, 09 Mar 2021 13:30:00 +0000'
kvdigest-report -n --week 2021-W10 --format json >digest.json
perl -MJSON::PP -0 -CO -ne '
	my $digest = decode_json($_);
	print "$_\n" for @{$digest->{gaps}};
	for (@{$digest->{topics}}) {
		my @postings = @{$_->{postings}};
		for (@postings) {
			my $by = $_->{superseded_by};
			print "$_->{id} ", defined $by ? $postings[$by]{id} : "-",
			    "\n";
		}
	}' digest.json | sort >got
cat >want <<'EOF'
aside@x -
go1.0@x go2.0@x
go2.0@x go3.0@x
go3.0@x -
EOF
is 'a lone patch beside three versions' want got
done_testing
