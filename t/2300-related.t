#!/bin/sh
# What topics have to do with one another without being one story, each shown
# from both sides and by the mails that say it; and what is no relation.
. "${srcdir:-.}/t/lib.sh"

# deliver ID FIELD... <BODY
deliver()
{
	mail "$@" | kvdigest-ingest --archived || echo "# $1 was not stored"
}

cat >related.pl <<'EOF'
# A line for each relation in a digest: topic, relation, other topic, and the
# two mails; topics by the last word of their titles.
use strict;
use warnings;
use JSON::PP;
local $/;
my $digest = decode_json(<STDIN>);
my %name = map { $_->{id} => (split ' ', $_->{title})[-1] }
    @{$digest->{topics}};
for my $topic (@{$digest->{topics}}) {
	for (@{$topic->{related}}) {
		my ($title) = (split ' ', $_->{title})[-1];
		die "another title: $title" if $name{$_->{topic}} ne $title;
		die "no link" unless $_->{url} =~ m{^https://archive.example.org/};
		print "$name{$topic->{id}} $_->{relation} $title",
		    " @{$_->{evidence}}\n";
	}
}
EOF

# related WANT: all that the digest of the store's mails tells.
related()
{
	kvdigest-report -n --since 2000-01-01 --format json >digest.json &&
	    perl related.pl <digest.json | sort >got
}

# A report, what mends it, in each form that says so.
new_store
deliver report@x 'Subject: [BUG] KVM: arm64: guest hangs in oops' \
    'From: Ben Reporter <ben@example.org>' <<'EOF'
It hangs.
EOF
deliver answer@x 'Subject: Re: [BUG] KVM: arm64: guest hangs in oops' \
    'In-Reply-To: <report@x>' <<'EOF'
With this config as well.
EOF
deliver closes@x 'Subject: [PATCH] KVM: arm64: Do not hang in closer' <<'EOF'
Reported-by: Ben Reporter <ben@example.org>
Closes: https://lore.kernel.org/all/report@x/
Signed-off-by: Ann Example <ann@example.org>
EOF
deliver links@x 'Subject: [PATCH] KVM: arm64: Do not stall in linker' <<'EOF'
Link: https://lore.kernel.org/r/answer%40x
Signed-off-by: Ann Example <ann@example.org>
EOF
deliver bot@x 'Subject: [syzbot] [kvmarm?] WARNING in kvm_timer_vcpu_load' \
    'From: syzbot <syzbot+0123456789abcdef0123@syzkaller.appspotmail.com>' <<'EOF'
Hello,

syzbot found the following issue on:
EOF
deliver botfix@x 'Subject: [PATCH] KVM: arm64: Check the timer in mender' <<'EOF'
Reported-by: syzbot+0123456789abcdef0123@syzkaller.appspotmail.com
Signed-off-by: Ann Example <ann@example.org>
EOF
deliver talk@x 'Subject: [PATCH] KVM: arm64: Only a mention in talker' <<'EOF'
As https://lore.kernel.org/all/report@x/ says, it is bad.

Reported-by: Ben Reporter <ben@example.org>
Signed-off-by: Ann Example <ann@example.org>
EOF
related
cat >want <<'EOF'
closer report oops closes@x report@x
kvm_timer_vcpu_load fix mender bot@x botfix@x
linker report oops links@x answer@x
mender report kvm_timer_vcpu_load botfix@x bot@x
oops fix closer report@x closes@x
oops fix linker answer@x links@x
EOF
is 'a bug and what mends it: Closes, Link, syzbot' want got
kvdigest-report -n --since 2000-01-01 --format text >text
has 'for people, with the mail that says so' \
    '相关话题 *[:：] *所修复的问题：\[BUG\] KVM: arm64: guest hangs in oops' text
has 'from the other side, too' '修复：\[PATCH\] KVM: arm64: Do not hang' text
kvdigest-thread --show closes@x >out
has 'in the drawing of a topic' \
    '^related +report topic:1  \[BUG\] KVM: arm64: guest hangs in oops$' out
kvdigest-thread --show report@x --json |
    perl -MJSON::PP -0777 -ne 'binmode STDOUT, ":utf8";
	print "$_->{relation} $_->{title} @{$_->{evidence}}\n"
	    for @{decode_json($_)->{topic}{related}}' >got
cat >want <<'EOF'
fix [PATCH] KVM: arm64: Do not hang in closer report@x closes@x
fix [PATCH] KVM: arm64: Do not stall in linker answer@x links@x
EOF
is 'and with --json' want got

# Once the fix is applied the bug is fixed, which its notice proves.
deliver taken@x 'Subject: Re: [PATCH] KVM: arm64: Do not hang in closer' \
    'From: Marc Maintainer <marc@example.org>' 'In-Reply-To: <closes@x>' <<'EOF'
> It hangs no more.

Applied to fixes, thanks!
EOF
kvdigest-report -n --since 2000-01-01 --format json |
    perl -MJSON::PP -0777 -ne 'for (@{decode_json($_)->{topics}}) {
	next if $_->{title} !~ /oops$/; binmode STDOUT, ":utf8";
	print "$_->{state}{name}: @{$_->{state}{evidence}}\n" }' >got
echo '已修复，已应用到 fixes: taken@x' >want
is 'a bug with an applied fix is fixed' want got

# What a patch mends: by the commit of an applied notice, by the title.
new_store second
deliver cause@x 'Subject: [PATCH v2] KVM: arm64: Add a feature from causer' \
    'Date: Tue, 02 Mar 2021 10:00:00 +0000' <<'EOF'
Signed-off-by: Ann Example <ann@example.org>
EOF
deliver applied@x 'Subject: Re: [PATCH v2] KVM: arm64: Add a feature from causer' \
    'From: Marc Maintainer <marc@example.org>' 'In-Reply-To: <cause@x>' <<'EOF'
On Tue, 2 Mar 2021 10:00:00 +0000, Ann Example wrote:
> It is good.

Applied to next, thanks!

[1/1] KVM: arm64: Add a feature from causer
      commit: 0123456789abcdef0123456789abcdef01234567
EOF
deliver byhash@x 'Subject: [PATCH] KVM: arm64: Mend the hash of hasher' <<'EOF'
Fixes: 0123456789abcdef ("something else")
Signed-off-by: Ben Example <ben@example.org>
EOF
deliver bytitle@x 'Subject: [PATCH] KVM: arm64: Mend the title of titler' <<'EOF'
Fixes: fedcba9876543210 ("KVM: arm64: Add a feature from causer")
Signed-off-by: Ben Example <ben@example.org>
EOF
deliver short@x 'Subject: [PATCH] KVM: arm64: Mend something of shorter' <<'EOF'
Fixes: 0123456 ("something else")
Signed-off-by: Ben Example <ben@example.org>
EOF
deliver quoted@x 'Subject: Re: [PATCH] something else by quoter' <<'EOF'
> Fixes: 0123456789abcdef ("something else")

No, it does not.
EOF
related
cat >want <<'EOF'
causer amended hasher applied@x byhash@x
causer amended titler cause@x bytitle@x
hasher cause causer byhash@x applied@x
titler cause causer bytitle@x cause@x
EOF
is 'a commit and what mends it: Fixes by hash and by title' want got

# A stable tree's copies, a pull request's payload.
new_store third
deliver first@x 'Subject: [PATCH] KVM: arm64: Avoid a crash in original' \
    'Date: Tue, 02 Mar 2021 10:00:00 +0000' <<'EOF'
Signed-off-by: Ann Example <ann@example.org>
EOF
deliver stable@x \
    'Subject: [PATCH 5.10] KVM: arm64: Avoid a crash in original' \
    'From: Greg Stable <greg@example.org>' <<'EOF'
commit 0123456789abcdef0123456789abcdef01234567 upstream.
EOF
deliver pull@x 'Subject: [GIT PULL] KVM/arm64 fixes for 5.12' \
    'From: Marc Maintainer <marc@example.org>' <<'EOF'
The following changes since commit 0123456789abcdef:

  Linux 5.12-rc2

are available in the Git repository at:

  git://git.example.org/kvmarm.git tags/fixes-5.12
EOF
deliver request@x 'Subject: [GIT PULL] KVM/arm64 updates for 5.13' \
    'From: Marc Maintainer <marc@example.org>' <<'EOF'
are available in the Git repository at:

  git://git.example.org/kvmarm.git tags/updates-5.13

kernel test robot (1):
      KVM: arm64: Come in from a robot

Ann Example (3):
      KVM: arm64: Do what the shortlog alone lists
      KVM: arm64: Come in whole
      KVM: arm64: Avoid a crash in later
EOF
deliver listed@x \
    'Subject: [PATCH v2 1/2] KVM: arm64: Do what the shortlog alone lists' \
    'Date: Tue, 02 Mar 2021 11:00:00 +0000' <<'EOF'
Signed-off-by: Ann Example <ann@example.org>
EOF
deliver whole@x 'Subject: [PATCH v3] KVM: arm64: Come in whole' \
    'Date: Tue, 02 Mar 2021 12:00:00 +0000' <<'EOF'
Signed-off-by: Ann Example <ann@example.org>
EOF
deliver reviewed@x 'Subject: Re: [PATCH v3] KVM: arm64: Come in whole' \
    'From: Bob Example <bob@example.org>' 'In-Reply-To: <whole@x>' \
    'Date: Tue, 02 Mar 2021 13:00:00 +0000' <<'EOF'
Reviewed-by: Bob Example <bob@example.org>
EOF
deliver robot@x 'Subject: [PATCH] KVM: arm64: Come in from a robot' \
    'From: kernel test robot <lkp@intel.com>' \
    'Date: Tue, 02 Mar 2021 14:00:00 +0000' <<'EOF'
Signed-off-by: kernel test robot <lkp@intel.com>
EOF
deliver later@x 'Subject: [PATCH] KVM: arm64: Avoid a crash in later' \
    'Date: Fri, 12 Mar 2021 10:00:00 +0000' <<'EOF'
Signed-off-by: Ann Example <ann@example.org>
EOF
deliver payload@x 'Subject: [PATCH 1/1] KVM: arm64: Avoid a crash in original' \
    'From: Marc Maintainer <marc@example.org>' 'In-Reply-To: <pull@x>' <<'EOF'
Signed-off-by: Ann Example <ann@example.org>
EOF
deliver other@x 'Subject: [PATCH] KVM: arm64: Fix a typo' \
    'From: Cid Example <cid@example.org>' <<'EOF'
Signed-off-by: Cid Example <cid@example.org>
EOF
deliver same@x 'Subject: [PATCH] KVM: arm64: Fix a typo' \
    'From: Dan Example <dan@example.org>' <<'EOF'
Signed-off-by: Dan Example <dan@example.org>
EOF
deliver twin@x 'Subject: [PATCH] KVM: arm64: Stay apart by text' \
    'Date: Mon, 01 Mar 2021 10:00:00 +0000' <<'EOF'
Signed-off-by: Ann Example <ann@example.org>
EOF
deliver text@x 'Subject: [PATCH] KVM: arm64: Stay apart by text' <<'EOF'
[ Upstream commit 0123456789abcdef0123456789abcdef01234567 ]

Signed-off-by: Ann Example <ann@example.org>
EOF
deliver copy@x 'Subject: [PATCH] KVM: arm64: Stay apart by text' \
    'From: Sam Other <sam@example.org>' <<'EOF'
[ Upstream commit 0123456789abcdef0123456789abcdef01234567 ]
EOF
deliver branch@x 'Subject: [PATCH] KVM: arm64: Stay apart from a tree' \
    'Date: Mon, 01 Mar 2021 11:00:00 +0000' <<'EOF'
Signed-off-by: Ann Example <ann@example.org>
EOF
deliver tree@x 'Subject: [PATCH] KVM: arm64: Stay apart from a tree' \
    'Cc: stable@example.org' <<'EOF'
Signed-off-by: Ann Example <ann@example.org>
Signed-off-by: Marc Maintainer <marc@example.org>
Link: https://lore.kernel.org/r/branch@x
EOF
related
cat >want <<'EOF'
5.12 payload original payload@x first@x
5.13 payload robot request@x robot@x
5.13 payload whole request@x whole@x
5.13 payload-partly lists request@x listed@x
lists pull-partly 5.13 listed@x request@x
original original original stable@x first@x
original pull 5.12 first@x payload@x
original stable original first@x stable@x
robot pull 5.13 robot@x request@x
text original text copy@x twin@x
text original text text@x twin@x
text stable text twin@x copy@x
text stable text twin@x text@x
tree original tree tree@x branch@x
tree stable tree branch@x tree@x
whole pull 5.13 whole@x request@x
EOF
is 'stable copies and payload, no two with just a common title' want got

# states: topics that are in a request's shortlog, and theirs.
states()
{
	kvdigest-report -n --since 2021-03-01 --until 2021-03-16 \
	    --format json >digest.json &&
	    perl -MJSON::PP -CO -0ne 'for (@{decode_json($_)->{topics}}) {
	    my ($name) = (split " ", $_->{title})[-1];
	    my $state = $_->{state};
	    my $waits = $_->{waiting_for} ? ", waits" : "";
	    print "$name $state->{name} @{$state->{evidence}}$waits\n"
	        if $name =~ /whole|lists/ }' digest.json | sort >got
}
states
cat >want <<'EOF'
lists 新发布 listed@x
whole 已发 PULL request@x
EOF
is 'what is listed whole is in the request' want got
deliver pulled@x 'Subject: Re: [GIT PULL] KVM/arm64 updates for 5.13' \
    'From: Bob Example <bob@example.org>' 'In-Reply-To: <request@x>' \
    'Date: Tue, 09 Mar 2021 10:00:00 +0000' <<'EOF'
Pulled, thanks.
EOF
states
cat >want <<'EOF'
lists 新发布 listed@x
whole 已合入 pulled@x
EOF
is 'and pulled with it' want got
deliver whole4@x 'Subject: [PATCH v4] KVM: arm64: Come in as a whole' \
    'References: <whole@x>' 'Date: Wed, 10 Mar 2021 12:00:00 +0000' <<'EOF'
Signed-off-by: Ann Example <ann@example.org>
EOF
states
cat >want <<'EOF'
lists 新发布 listed@x
whole 新发布 whole4@x
EOF
is 'a newer version is in none' want got

# The window's end: what arrived later is not known yet.
kvdigest-report -n --since 2021-03-01 --until 2021-03-09 --format json \
    >digest.json
has 'there is the patch of that time' '"id": "first@x"' digest.json
perl related.pl <digest.json >got
: >want
is 'nothing of what came later' want got

# No mail's word leads to itself, and nothing of a hostile mail ends a line.
new_store fourth
deliver self@x 'Subject: [PATCH] KVM: arm64: Refer to oneself' <<'EOF'
Link: https://lore.kernel.org/r/self@x
Closes: https://lore.kernel.org/r/nobody@x
Fixes: 0123456789abcdef ("KVM: arm64: Refer to oneself")
Signed-off-by: Ann Example <ann@example.org>
EOF
related
is 'nothing leads to itself' want got
# A corrected request: what it has dropped is carried by none.
new_store fifth
for word in kept dropped; do
	deliver $word@x "Subject: [PATCH] KVM: arm64: This one is $word" \
	    'Date: Tue, 02 Mar 2021 10:00:00 +0000' <<-EOF
	Signed-off-by: Ann Example <ann@example.org>
	EOF
done
deliver one@x 'Subject: [GIT PULL] KVM/arm64 updates for 5.13' \
    'From: Marc Maintainer <marc@example.org>' \
    'Date: Mon, 08 Mar 2021 10:00:00 +0000' <<'EOF'
Ann Example (2):
      KVM: arm64: This one is kept
      KVM: arm64: This one is dropped
EOF
deliver two@x 'Subject: [GIT PULL] KVM/arm64 updates for 5.13' \
    'From: Marc Maintainer <marc@example.org>' \
    'Date: Tue, 09 Mar 2021 10:00:00 +0000' <<'EOF'
Ann Example (1):
      KVM: arm64: This one is kept
EOF
related
cat >want <<'EOF'
5.13 payload kept one@x kept@x
kept pull 5.13 kept@x one@x
EOF
is 'the newest request says what is carried' want got

# Of several mails that show a relation the earliest do, whichever came first;
# and older topics stand before younger ones.
mail pull@x 'Subject: [GIT PULL] KVM/arm64 updates for 5.13' \
    'From: Marc Maintainer <marc@example.org>' \
    'Date: Tue, 09 Mar 2021 10:00:00 +0000' >mail1 <<'EOF'
Ann Example (3):
      KVM: arm64: This is one of two
      KVM: arm64: This is two of two
      KVM: arm64: This is all alone
EOF
n=1
for word in one two; do
	n=$((n + 1))
	mail $word@x \
	    "Subject: [PATCH $((n - 1))/2] KVM: arm64: This is $word of two" \
	    'References: <cover@x>' \
	    'Date: Tue, 02 Mar 2021 10:00:00 +0000' >mail$n </dev/null
done
mail alone@x 'Subject: [PATCH] KVM: arm64: This is all alone' \
    'Date: Mon, 01 Mar 2021 10:00:00 +0000' >mail4 </dev/null
cat >want <<'EOF'
pull@x payload pull@x alone@x
pull@x payload pull@x one@x
two@x pull one@x pull@x
EOF
for order in '1 2 3 4' '4 3 2 1' '3 1 4 2'; do
	new_store "order $order"
	for n in $order; do
		kvdigest-ingest --archived <mail$n
	done
	for id in pull@x two@x; do
		kvdigest-thread --show $id --json |
		    perl -MJSON::PP -0777 -sne '
			print "$id $_->{relation} @{$_->{evidence}}\n"
			    for @{decode_json($_)->{topic}{related}}' -- -id=$id
	done >got
	is "the same relations when mails came in the order $order" want got
done

# What a request brings is the same whether an answer in its thread came before
# it or later: grouping knows the one answer and not the other.
for order in 'answer request brought same' 'request answer brought same' \
    'same brought request answer'; do
	new_store "brought $order"
	for what in $order; do
		case $what in
		answer) deliver answer@x 'In-Reply-To: <never@x>' \
		    'Subject: Re: [PATCH v2 1/2] KVM: arm64: What it is about' \
		    'From: Ben Example <ben@example.org>' ;;
		request) deliver request@x 'In-Reply-To: <answer@x>' \
		    'Subject: [GIT PULL] KVM/arm64 fixes' ;;
		brought) deliver brought@x 'In-Reply-To: <answer@x>' \
		    'Subject: [PATCH 3/3] KVM: arm64: The last of three' \
		    'Date: Tue, 09 Mar 2021 11:00:00 +0000' ;;
		same) deliver same@x \
		    'Subject: [PATCH] KVM: arm64: The last of three' ;;
		esac </dev/null
	done
	kvdigest-thread --dump >dump
	perl -ne '/^(\S+)\t.*\t(\S+)$/ or die; push @{$topic{$2}}, $1;
	    END { print join("\n", sort map { join " ", sort @$_ }
		values %topic), "\n" }' dump >got
	printf '%s\n' 'answer@x brought@x request@x' same@x >want
	is "a payload when mails came as $order" want got
done
done_testing
