#!/bin/sh
# kvdigest-thread, what it prints and how it fails: --list, --show, --raw,
# --facts, on an empty store and on a small one.
. "${srcdir:-.}/t/lib.sh"

new_store
: >none
for option in --dump --list --facts ''; do
	# shellcheck disable=SC2086 # an option or none
	status "an empty store, ${option:-no option}: 0" 0 \
	    kvdigest-thread $option
	is 'prints nothing' none out
done
status '--show in an empty store: 64' 64 kvdigest-thread --show topic:1
status '--raw in an empty store: 64' 64 kvdigest-thread --raw a@example.org
status '--rebuild of nothing: 0' 0 kvdigest-thread --rebuild

mail cover@example.org 'Subject: [PATCH 0/2] KVM: show: two things' \
    >mail1 <<'EOF'
What this is for.
EOF
mail one@example.org 'Subject: [PATCH 1/2] KVM: show: one' \
    'References: <cover@example.org>' 'Date: Tue, 09 Mar 2021 10:00:01 +0000' \
    >mail2 <<'EOF'
Fixes: 0123456789ab ("KVM: show: none")
Signed-off-by: Ann Example <ann@example.org>
EOF
mail two@example.org 'Subject: [PATCH 2/2] KVM: show: two' \
    'References: <cover@example.org>' 'Date: Tue, 09 Mar 2021 10:00:02 +0000' \
    >mail3 </dev/null
mail re@example.org 'Subject: Re: [PATCH 1/2] KVM: show: one' \
    'From: =?utf-8?b?5byg5LiJ?= <z@example.net>' \
    'In-Reply-To: <one@example.org>' 'Date: Wed, 10 Mar 2021 01:00:00 +0000' \
    >mail4 <<'EOF'
> one

Reviewed-by: 张三 <z@example.net>
EOF
mail counter@example.org 'Subject: [PATCH] KVM: show: or so' \
    'From: Ben Ito <ben@example.com>' 'In-Reply-To: <re@example.org>' \
    'Date: Thu, 11 Mar 2021 10:00:00 +0000' >mail5 </dev/null
mail v2@example.org 'Subject: [PATCH v2 0/2] KVM: show: two things' \
    'Date: Mon, 15 Mar 2021 16:00:00 +0000' >mail6 </dev/null
mail other@example.org 'Subject: a question about nothing' \
    'From: Cid <cid@example.com>' 'Date: Fri, 12 Mar 2021 10:00:00 +0000' \
    >mail7 </dev/null
for i in 1 2 3 4 5 6 7; do
	kvdigest-ingest --archived <mail$i
done

cat >want <<'EOF'
cover@example.org	thread:1	topic:1
one@example.org	thread:1	topic:1
two@example.org	thread:1	topic:1
re@example.org	thread:1	topic:1
counter@example.org	thread:1	topic:1
v2@example.org	thread:6	topic:1
other@example.org	thread:7	topic:7
EOF
status '--dump: 0' 0 kvdigest-thread --dump
is 'a line for each mail, as they came' want out

status '--list: 0' 0 kvdigest-thread --list
cat >want <<'EOF'
2021-03-12   topic:7             1/1  Other           a question about nothing
2021-03-16   topic:1             6/6  PATCH      v2   [PATCH v2 0/2] KVM: show: two things
EOF
is 'the latest last, days in the zone of the report' want out
status 'until a day: 0' 0 kvdigest-thread --list --until 2021-03-11
echo '2021-03-10   topic:1             4/4  PATCH      v1   [PATCH 0/2] KVM: show: two things' >want
is 'as it was known then' want out
status 'of a week: 0' 0 kvdigest-thread --list --week 2021-W10
awk '{ print $2, $3 }' out >got
printf 'topic:1 5/5\ntopic:7 1/1\n' | sort >want
sort -o got got
is 'both topics' want got
status 'of the next: 0' 0 kvdigest-thread --list --week 2021-W11
awk '{ print $2, $3 }' out >got
echo 'topic:1 1/6' >want
is 'one of six' want got
status 'a span: 0' 0 kvdigest-thread --list --since 2021-03-12 \
    --until 2021-03-13T00:00:00+08:00
awk '{ print $2 }' out >got
echo topic:7 >want
is 'a day' want got
status 'a week without mail: 0' 0 kvdigest-thread --list --week 2020-W10
is 'prints nothing' none out

status '--show topic: 0' 0 kvdigest-thread --show topic:1
has 'its title is the newest' '^title +\[PATCH v2 0/2\] KVM: show: two things$' \
    out
ok 'two threads' test "$(grep -c '^thread ' out)" -eq 2
grep '^posting' out >got
cat >want <<'EOF'
posting  v1  2021-03-09  Ann Example  2/2 parts, cover, superseded by v2
posting  v1  2021-03-11  Ben Ito  1/1 parts
posting  v2  2021-03-16  Ann Example  0/2 parts, cover, incomplete
EOF
is 'a patch of another author is a posting, and no version 2' want got
sed '1,/^$/d' out >got
cat >want <<'EOF'
2021-03-09 18:00  v1 0/2    [PATCH 0/2] KVM: show: two things
                            Ann Example <ann@example.org>  <cover@example.org>
2021-03-09 18:00  v1 1/2    ├─[PATCH 1/2] KVM: show: one
                            │ Ann Example <ann@example.org>  <one@example.org>
2021-03-10 09:00            │ └─Re: [PATCH 1/2] KVM: show: one
                            │   张三 <z@example.net>  <re@example.org>
2021-03-11 18:00  v1        │   └─[PATCH] KVM: show: or so
                            │     Ben Ito <ben@example.com>  <counter@example.org>
2021-03-09 18:00  v1 2/2    └─[PATCH 2/2] KVM: show: two
                              Ann Example <ann@example.org>  <two@example.org>
2021-03-16 00:00  v2 0/2    [PATCH v2 0/2] KVM: show: two things
                            Ann Example <ann@example.org>  <v2@example.org>
EOF
is 'a tree, with who wrote what' want got
cp out topic
for id in re@example.org thread:1 v2@example.org topic:6; do
	status "--show $id: 0" 0 kvdigest-thread --show $id
	[ $id = thread:1 ] || is 'is that topic' topic out
done
status '--show thread: 0' 0 kvdigest-thread --show thread:6
hasnt 'that thread alone' 'one@example.org' out
for id in topic:99 topic: topic:x thread:0 thread:99 \
    thread:18446744073709551616 none@example.org '' ' ' topic:-1 topic:1x; do
	status "--show '$id': 64" 64 kvdigest-thread --show "$id"
	is 'prints nothing' none out
done
has 'says what there is' 'no such topic, thread or mail; --list' err

# For programs.
cat >look.pl <<'EOF'
use strict;
use warnings;
use JSON::PP;
binmode STDOUT, ':utf8';
my $all = do { local $/; decode_json(<STDIN>) };
print "format $all->{format} $all->{timezone}\n";
for (@{$all->{topics} // []}) {
	print join(' ', @$_{qw(id category in_window mails unseen version)},
	    $_->{last}, "@{$_->{threads}}", $_->{title}), "\n";
}
exit if !$all->{topic};
print "$all->{topic}{title}\n";
print join(' ', $_->{id}, $_->{reply_to} // '-', $_->{depth}), "\n"
    for @{$all->{topic}{mails}};
EOF
status '--list --json: 0' 0 kvdigest-thread --list --json
perl look.pl <out >got
cat >want <<'EOF'
format 1 Asia/Shanghai
topic:7 Other 1 1 1  2021-03-12T18:00:00+08:00 thread:7 a question about nothing
topic:1 PATCH 6 6 6 2 2021-03-16T00:00:00+08:00 thread:1 thread:6 [PATCH v2 0/2] KVM: show: two things
EOF
is 'says the same' want got
status '--show --json: 0' 0 kvdigest-thread --show topic:1 --json
perl look.pl <out >got
cat >want <<'EOF'
format 1 Asia/Shanghai
[PATCH v2 0/2] KVM: show: two things
cover@example.org - 0
one@example.org cover@example.org 1
re@example.org one@example.org 2
counter@example.org re@example.org 3
two@example.org cover@example.org 1
v2@example.org - 0
EOF
is 'says the same' want got
status '--json alone: 64' 64 kvdigest-thread --json
status '--dump --json: 64' 64 kvdigest-thread --dump --json

# On a terminal: as wide as it is, and styled only where that is wanted.
terminal()
{
	SHELL=/bin/sh TERM=xterm script -qec "stty cols $1; $2" /dev/null |
	    tr -d '\r' >screen
}
if command -v script >/dev/null && command -v stty >/dev/null; then
	terminal 72 'kvdigest-thread --list'
	has 'a head' '^latest +topic +mails +category +title$' screen
	has 'a title that does not fit is cut' \
	    'v2   \[PATCH v2 0/2\] KVM:…$' screen
	terminal 200 'kvdigest-thread --list'
	has 'one that does is not' 'v2   \[PATCH v2 0/2\] KVM: show: two things$' \
	    screen
	terminal 120 'kvdigest-thread --show topic:1'
	ok 'patches are bold' grep -q "$(printf '\033\\[1m')\[PATCH 1/2\]" screen
	terminal 120 'NO_COLOR=1 kvdigest-thread --show topic:1'
	hasnt 'not with NO_COLOR' "$(printf '\033')" screen
	terminal 120 'TERM=dumb kvdigest-thread --show topic:1'
	hasnt 'nor on a dumb one' "$(printf '\033')" screen
else
	skip 'on a terminal' 'no script or stty'
fi

# What is new since the last digest.
cp -r store kept
mkdir mta
cp "$srcdir/t/fake-sendmail" mta/sendmail
sed -i "s|^mail:|&\n  sendmail: $T/mta/sendmail|" kvdigest.yaml
status 'a digest is sent: 0' 0 kvdigest-report --week 2021-W10
kvdigest-thread --list >out
cut -c 12 out >got
printf ' \n+\n' >want
is 'what it has not told of is marked' want got
mail new@example.org 'Subject: another question' \
    'Date: Mon, 15 Mar 2021 12:00:00 +0000' </dev/null |
    kvdigest-ingest --archived
kvdigest-thread --list >out
has 'and a topic that is new' '^2021-03-15 N topic:8 ' out
if command -v script >/dev/null; then
	terminal 120 'kvdigest-thread --show topic:1'
	ok 'older mails are dim' \
	    grep -q "$(printf '\033\\[2m')\[PATCH 1/2\]" screen
	ok 'newer ones are not' \
	    grep -q "$(printf '\033\\[1m')\[PATCH v2 0/2\]" screen
fi
rm -rf store
mv kept store
sed -i '/  sendmail:/d' kvdigest.yaml

for i in 1 2 3 4 5 6 7; do
	id=$(sed -n 's/^Message-ID: <\(.*\)>/\1/p' mail$i)
	kvdigest-thread --raw "$id" >raw
	is "--raw $id" mail$i raw
done
status '--raw of an unknown id: 64' 64 kvdigest-thread --raw none@example.org
has 'says so' 'none@example.org: no mail with this Message-ID' err
status '--raw with brackets is not that id: 64' 64 \
    kvdigest-thread --raw '<re@example.org>'
mail re@example.org >again <<'EOF'
the same id, other words
EOF
kvdigest-ingest --archived <again
kvdigest-thread --raw re@example.org >raw
is '--raw of two: the first' mail4 raw

status '--facts: 0' 0 kvdigest-thread --facts
cat >want <<'EOF'
one@example.org	fixes	0123456789ab ("KVM: show: none")
re@example.org	reviewed-by	张三 <z@example.net>
EOF
is 'by arrival' want out
status 'of a span: 0' 0 kvdigest-thread --facts --since 2021-03-10
sed -n 2p want >want2
is 'only those' want2 out

status 'an unknown option: 64' 64 kvdigest-thread --no-such
has 'is named' 'kvdigest-thread: .*--no-such' err
status 'an operand: 64' 64 kvdigest-thread topic:1
has 'says so' 'topic:1: unexpected operand' err
status 'two of them: 64' 64 kvdigest-thread --dump --list
has 'says so' 'exclude each other' err
status 'a week without what it is for: 64' 64 kvdigest-thread --week 2021-W10
status 'a week and a span: 64' 64 \
    kvdigest-thread --list --week 2021-W10 --since 2021-03-01
status 'no such week: 64' 64 kvdigest-thread --list --week 2021-W54
status 'no day: 64' 64 kvdigest-thread --list --since yesterday
status 'a span that ends before it begins: 64' 64 \
    kvdigest-thread --list --since 2021-03-02 --until 2021-03-01
status '--help: 0' 0 kvdigest-thread --help
has 'on standard output' '--rebuild' out
status '--version: 0' 0 kvdigest-thread --version
has 'names the package' '^kvdigest-thread \(kvdigest\) [0-9]' out
for option in --dump --list --facts '--show topic:1' '--raw re@example.org'; do
	status "$option on a full disk: 74" 74 \
	    sh -c "kvdigest-thread $option >/dev/full"
	ok 'one line says so' test "$(wc -l <err)" -eq 1
done
status 'no configuration: 78' 78 env KVDIGEST_CONFIG="$T/none.yaml" \
    kvdigest-thread
mv store elsewhere
status 'no store: 78' 78 kvdigest-thread
has 'says how to make one' 'kvdigest-ingest --init' err
ok 'and makes none' test ! -e store

# What is of one second stands in the same order, whichever came first.
for order in 'early late' 'late early'; do
	new_store "$order"
	for id in $order; do
		mail $id@example.org "Subject: Re: gone, says $id" \
		    'In-Reply-To: <gone@example.org>' </dev/null |
		    kvdigest-ingest --archived
	done
	kvdigest-thread --show early@example.org |
	    sed -n 's/.*<\(.*\)>$/\1/p' >got
	printf '%s@example.org\n' early late >want
	is "mails of one second, $order" want got
done
done_testing
