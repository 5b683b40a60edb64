#!/bin/sh
# Threads and topics at their edges.  All cases go into one store, so that none
# may disturb another, and that four times over: mail by mail and at once,
# forwards and backwards, once and twice.  The partition is always the same.
. "${srcdir:-.}/t/lib.sh"

mkdir mails
n=0

# begin NAME WHAT: a case; its ids are NAME-1@x and so on.
begin()
{
	case=$1
	printf '%s\t%s\n' "$1" "$2" >>cases
}

# next_file: sets file to where the next mail goes.
next_file()
{
	n=$((n + 1))
	file=$(printf 'mails/%03d' $n)
}

full_id()
{
	case $1 in
	*@*) echo "$1" ;;
	*) echo "$case-$1@x" ;;
	esac
}

# given NAME FIELD...: whether a field has this name.
given()
{
	field=$1
	shift
	for f; do
		case $f in "$field:"*) return 0 ;; esac
	done
	return 1
}

# m ID [FIELD...]: a mail of the case, by a person of its own and about what no
# other is, unless a field says otherwise.
m()
{
	id=$(full_id "$1")
	shift
	given Subject "$@" || set -- "Subject: the mails of $case" "$@"
	given From "$@" || set -- "From: Dev $case <$case@example.org>" "$@"
	next_file
	echo "text of $id" | mail "$id" "$@" >"$file"
}

# threads GROUP..., topics GROUP...: each the IDs of one group.
groups()
{
	kind=$1
	shift
	for group; do
		line=
		for id in $group; do
			line="$line $(full_id "$id")"
		done
		printf '%s\t%s\t%s\n' "$case" "$kind" "${line# }"
	done >>groups
}
threads() { groups thread "$@"; }
topics() { groups topic "$@"; }

ann='From: Ann Lee <ann@example.org>'
ben='From: Ben Ito <ben@example.net>'
at() { echo "Date: Tue, 09 Mar 2021 $1 +0000"; }

begin missing 'siblings of a parent that never came'
m 1 'In-Reply-To: <missing-0@x>'
m 2 'In-Reply-To: <missing-0@x>'
m 3 'References: <missing-0@x> <missing-9@x>'
threads '1 2 3'
topics '1 2 3'

begin bridge 'two groups, joined by the mail that comes last'
m 1
m 2 'In-Reply-To: <bridge-1@x>'
m 3 'In-Reply-To: <bridge-0@x>'
m 4 'References: <bridge-0@x> <bridge-2@x>'
threads '1 2 3 4'
topics '1 2 3 4'

begin alias 'several Message-IDs are one mail'
m 1 'Message-ID: <alias-b@x>' 'Message-ID: <alias-c@x>'
m 2 'In-Reply-To: <alias-b@x>'
m 3 'In-Reply-To: <alias-c@x>'
threads '1 2 3'

begin known 'a further Message-ID that is that of another mail'
m 1 'Message-ID: <known-2@x>'
m 2
m 3 'In-Reply-To: <known-2@x>'
threads '1 2 3'

begin noid 'no Message-ID'
next_file
printf '%s\n' "$ann" 'Subject: the anonymous one' 'List-Id: <kvmarm.lists.example.org>' \
    'In-Reply-To: <noid-1@x>' '' 'text' >"$file"
m 1 'Subject: the known one'
threads '0 1'

begin bareid 'a Message-ID without brackets'
next_file
printf '%s\n' "$ann" 'Subject: bare' 'List-Id: <kvmarm.lists.example.org>' \
    'Message-ID: bareid-1@x' '' 'text' >"$file"
m 2 'In-Reply-To: <bareid-1@x>'
threads '1 2'

begin phrase 'an address in In-Reply-To is no id'
m 1 'Subject: the first thread of phrase'
m 2 'Subject: Re: the first thread of phrase' 'References: <phrase-1@x>' \
    'Cc: carl@example.com' \
    'In-Reply-To: Your message of "Mon, 8 Mar 2021" <carl@example.com>'
m 3 'Subject: Re: another thread of phrase' 'Cc: Carl@Example.com' \
    'In-Reply-To: Your message of "Mon, 8 Mar 2021" <carl@example.com>'
threads '1 2' 3
topics '1 2' 3

begin several 'several ids in In-Reply-To, without blanks, and all References'
m 1
m 2
m 3 'In-Reply-To: <several-1@x> (and) <several-2@x>'
m 4
m 5 'References: <several-4@x>,<several-3@x>'
m 6 'Subject: the sixth of several'
m 7 'Subject: Re: the sixth of several' 'References: <several-6@x>' \
    'References: <several-5@x>'
threads '1 2 3 4 5 6 7'

begin order 'References truncated, contradicting, cyclic, to itself'
m 1 'References: <order-2@x>' 'In-Reply-To: <order-3@x>'
m 2 'In-Reply-To: <order-1@x>'
m 3 'References: <order-1@x> <order-2@x>' 'In-Reply-To: <order-3@x>'
m 4 'References: <order-2@x> <order-1@x>'
m 5 'References: <order-1@x> ... <order-4@'
m 6 'Subject: it answers itself' 'References: <order-6@x>' \
    'In-Reply-To: <order-6@x>'
threads '1 2 3 4 5' 6

begin many '2,000 References'
m 1 "References: $(perl -e 'print "<many-x$_\@x>\n " for 1 .. 1999')<many-9@x>"
m 2 'In-Reply-To: <many-x1@x>'
m 3 'In-Reply-To: <many-x700@x>'
threads '1 2 3'

p=$(printf '%0540d' 0)
begin long 'ids of over 511 bytes that differ at their ends'
m "long-${p}one@x" 'Subject: the long one'
m "long-${p}two@x" 'Subject: the other long one'
m 1 "In-Reply-To: <long-${p}one@x>" 'Subject: Re: the long one'
m 2 "In-Reply-To: <long-${p}two@x>" 'Subject: Re: the other long one'
threads "long-${p}one@x 1" "long-${p}two@x 2"

begin case 'ids that differ in case'
m a 'Subject: lower case of letters'
m A 'Subject: upper case of letters'
m 1 'In-Reply-To: <case-a@x>' 'Subject: Re: lower case of letters'
threads 'a 1' A

begin junk 'what is no id'
m 1 'Subject: junk of the first' 'In-Reply-To: <y>'
m 2 'Subject: junk of the second' 'In-Reply-To: <y>' 'References: <n>'
m 3 'Subject: junk of the third' 'References: <Jungo Lin <j@m.com>'
m 4 'Subject: junk of the fourth' 'References: <Jungo Lin <j@m.com>'
m 5 'Subject: junk of the fifth' 'References: <junk@protonmail.internalid>'
m 6 'Subject: junk of the sixth' 'References: <junk@protonmail.internalid>'
m 7 'Subject: junk of the seventh' 'References: "<junk-0@x>" (<junk-9@x>)'
m 8 'Subject: junk of the eighth' 'References: "<junk-0@x>" (<junk-9@x>)'
threads 1 2 3 4 5 6 7 8

begin brackets '<<id>> is id'
m 1 'Message-ID: <<brackets-b@x>>'
m 2 'In-Reply-To: <<brackets-1@x>>'
m 3 'References: <<brackets-b@x>>'
threads '1 2 3'

begin bare 'References without brackets count when that mail is known'
m 1 'Subject: bare the first'
m 2 'Subject: bare the second' 'References: bare-1@x'
m 3 'Subject: bare the third' 'References: bare-0@x'
m 4 'Subject: bare the fourth' 'References: bare-0@x'
threads '1 2' 3 4

begin barealias 'also when it is a further id of that mail'
m 1 'Subject: barealias the first' 'Message-ID: <barealias-b@x>'
m 2 'Subject: barealias the second' 'References: barealias-b@x'
threads '1 2'

begin collision 'one id, two texts: both are kept, in one thread'
m 1
m 1 'Subject: the mails of collision, not quite'
echo 'another text' >>"$file"
m 2 'In-Reply-To: <collision-1@x>'
threads '1 2'

begin copies 'the same mail through two lists'
m 1
next_file
{
	echo 'text of copies-1@x' | mail copies-1@x \
	    'Subject: the mails of copies' 'X-Other: list'
	printf '%s\n' _______________________________________________ \
	    'kvmarm mailing list' kvmarm@lists.example.org \
	    https://lists.example.org/
} >"$file"
threads 1

begin question 'the same subject of different people, no references'
m 1 'Subject: Question' "$ann"
m 2 'Subject: Question' "$ben"
threads 1 2
topics 1 2

begin was 'a subject that changes'
m 1 'Subject: the old matter'
m 2 'Subject: the new matter (was: Re: the old matter)' \
    'In-Reply-To: <was-1@x>'
m 3 'Subject: Re: the new matter' 'References: <was-1@x> <was-2@x>'
threads '1 2 3'
topics '1 2 3'

begin newer 'version 2 as a thread of its own'
m 1 'Subject: [PATCH 0/1] KVM: newer: teach it to count' "$(at 10:00:00)"
m 2 'Subject: [PATCH 1/1] KVM: newer: count' 'References: <newer-1@x>'
m 3 'Subject: [PATCH v2 0/1] KVM: newer: teach it to count' \
    'Date: Tue, 16 Mar 2021 10:00:00 +0000'
m 4 'Subject: [PATCH v2 1/1] KVM: newer: count' 'References: <newer-3@x>' \
    'Date: Tue, 16 Mar 2021 10:00:01 +0000'
threads '1 2' '3 4'
topics '1 2 3 4'

begin below 'version 2 as an answer to version 1'
m 1 'Subject: [PATCH] KVM: below: fix a leak in teardown'
m 2 'Subject: [PATCH v2] KVM: below: fix a leak in teardown' \
    'In-Reply-To: <below-1@x>' 'Date: Wed, 10 Mar 2021 10:00:00 +0000'
threads '1 2'
topics '1 2'

begin nocover 'no cover letter: 2/2 and 3/2 answer 1/2'
m 1 'Subject: [PATCH 1/2] KVM: nocover: first step' "$(at 12:00:00)"
m 2 'Subject: [PATCH 2/2] KVM: nocover: second step' \
    'In-Reply-To: <nocover-1@x>' "$(at 12:00:01)"
m 3 'Subject: [PATCH 3/2] KVM: nocover: one more' \
    'In-Reply-To: <nocover-1@x>' "$(at 12:10:00)"
threads '1 2 3'
topics '1 2 3'

begin deep 'each patch below the one before'
m 0 'Subject: [PATCH 0/3] KVM: deep: a chain'
m 1 'Subject: [PATCH 1/3] KVM: deep: one' 'In-Reply-To: <deep-0@x>'
m 2 'Subject: [PATCH 2/3] KVM: deep: two' 'In-Reply-To: <deep-1@x>'
m 3 'Subject: [PATCH 3/3] KVM: deep: three' 'In-Reply-To: <deep-2@x>'
threads '0 1 2 3'
topics '0 1 2 3'

begin loose 'a series that is not threaded'
m 0 'Subject: [PATCH 0/3] KVM: loose: without threads' "$(at 10:00:00)"
m 1 'Subject: [PATCH 1/3] KVM: loose: one' "$(at 10:00:01)"
m 2 'Subject: [PATCH 2/3] KVM: loose: two' "$(at 10:00:02)"
m 3 'Subject: [PATCH 3/3] KVM: loose: three' "$(at 10:00:03)"
m 4 'Subject: Re: [PATCH 2/3] KVM: loose: two' 'In-Reply-To: <loose-2@x>' \
    "$ben" "$(at 11:00:00)"
threads 0 1 '2 4' 3
topics '0 1 2 3 4'

begin people 'the same counters of two people in one hour'
m 1 'Subject: [PATCH 1/2] KVM: people: the one thing' "$ann" "$(at 10:00:00)"
m 2 'Subject: [PATCH 2/2] KVM: people: of the other' "$ben" "$(at 10:00:01)"
m 3 'Subject: [PATCH 2/2] KVM: people: made better' "$ann" "$(at 10:00:02)" \
    'References: <people-1@x>'
m 4 'Subject: [PATCH 1/2] KVM: people: and his first' "$ben" "$(at 10:00:03)"
threads '1 3' 2 4
topics '1 3' '2 4'

begin twice 'posted twice within a minute'
for i in 1 3; do
	m $i 'Subject: [PATCH 1/2] KVM: twice: set it up' "$(at 10:00:0$i)"
	m $((i + 1)) 'Subject: [PATCH 2/2] KVM: twice: use it' \
	    "$(at 10:00:0$((i + 1)))"
done
threads 1 2 3 4
topics '1 2 3 4'

begin charset 'titles in other charsets are the same titles'
m 1 "$(printf 'Subject: [PATCH 0/1] KVM: charset: \345\242\236\345\212\240\350\257\264\346\230\216')" \
    "$(at 10:00:00)"
m 2 'Subject: [PATCH v2 0/1] KVM: charset: =?gb2312?b?1Pa808u1w/c=?=' \
    'Date: Tue, 16 Mar 2021 10:00:00 +0000'
m 3 "$(printf 'Subject: [PATCH v3 0/1] KVM: charset: \324\366\274\323\313\265\303\367')" \
    'Date: Tue, 23 Mar 2021 10:00:00 +0000'
m 4 'Subject: [PATCH v4 0/1] KVM: charset: =?utf-8?b?5aI=?= =?utf-8?b?nuWKoOivtOaYjg==?=' \
    'Date: Tue, 30 Mar 2021 10:00:00 +0000'
threads 1 2 3 4
topics '1 2 3 4'

robot='From: kernel test robot <lkp@intel.com>'
begin robot 'a robot answers, and reports on its own'
m 1 'Subject: [PATCH] KVM: robot: break the build'
m 2 'Subject: Re: [PATCH] KVM: robot: break the build' "$robot" \
    'In-Reply-To: <robot-1@x>'
m 3 'Subject: [kvmarm:next 29/32] arch/arm64/robot.c:1: warning: unused' \
    "$robot"
threads '1 2' 3
topics '1 2' 3

begin dates 'dates of 2038 and 1970, none, and before the parent'
m 1 'Date: Tue, 19 Jan 2038 03:14:08 +0000'
m 2 'In-Reply-To: <dates-1@x>' 'Date: Thu, 01 Jan 1970 00:00:00 +0000'
m 3 'In-Reply-To: <dates-2@x>' 'Date: none of your business'
m 4 'In-Reply-To: <dates-3@x>' 'Date: Tue, 02 Mar 2021 10:00:00 +0000'
threads '1 2 3 4'
topics '1 2 3 4'

begin frame 'CR LF, an empty line first, no empty line, a mail inside'
m 1
perl -pi -e 's/\n/\r\n/' "$file"
m 2 'In-Reply-To: <frame-1@x>'
perl -0777 -pi -e 's/^/\n/' "$file"
m 3 'In-Reply-To: <frame-2@x>'
perl -0777 -pi -e 's/\n\n/\n/' "$file"
m 4 'In-Reply-To: <frame-3@x>' \
    'Content-Type: multipart/mixed; boundary=b'
printf '%s\n' --b 'Content-Type: message/rfc822' '' \
    'Message-ID: <frame-inner@x>' 'References: <missing-1@x>' '' text \
    --b-- >>"$file"
m 5 'Subject: about what was inside' 'In-Reply-To: <frame-inner@x>'
threads '1 2 3 4' 5

begin counter 'a patch of somebody else in the thread'
m 1 'Subject: [PATCH] KVM: counter: fix it so' "$ann"
m 2 'Subject: Re: [PATCH] KVM: counter: fix it so' "$ben" \
    'In-Reply-To: <counter-1@x>'
m 3 'Subject: [PATCH] KVM: counter: or rather so' "$ben" \
    'In-Reply-To: <counter-2@x>'
threads '1 2 3'
topics '1 2 3'

begin thanks 'what b4 ty writes'
m 1 'Subject: [PATCH 0/2] KVM: thanks: two things'
m 2 'Subject: [PATCH 1/2] KVM: thanks: one' 'References: <thanks-1@x>'
m 3 'Subject: [PATCH 2/2] KVM: thanks: two' 'References: <thanks-1@x>'
m 161528.1234.thanks.b4-ty@kernel.org "$ben" \
    'Subject: Re: (subset) [PATCH 0/2] KVM: thanks: two things' \
    'In-Reply-To: <thanks-1@x>'
threads '1 2 3 161528.1234.thanks.b4-ty@kernel.org'
topics '1 2 3 161528.1234.thanks.b4-ty@kernel.org'

begin orphan 'an answer without any reference, in the words of its country'
m 1 'Subject: [PATCH v3 1/4] KVM: orphan: look after it' \
    'References: <orphan-0@x>'
i=1
for prefix in 'Re: ' 'RE: ' 'AW: ' 'Re[2]: ' '回复: ' '答复：' \
    'Re: [External] ' '***SPAM*** Re: ' 'FW: ' 'Fwd: ' '转发: '; do
	i=$((i + 1))
	m $i "Subject: ${prefix}[PATCH v3 1/4] KVM: orphan: look after it" \
	    "$ben" 'Date: Wed, 10 Mar 2021 10:00:00 +0000'
done
threads 1 2 3 4 5 6 7 8 9 10 11 12
topics '1 2 3 4 5 6 7 8 9 10 11 12'

begin passed 'a patch that somebody passes on is no other original'
m 1 'Subject: [PATCH v3 2/4] KVM: passed: look after it' \
    'References: <passed-0@x>'
m 2 'Subject: FW: [PATCH v3 2/4] KVM: passed: look after it' \
    'In-Reply-To: <passed-1@x>' "$ben"
m 3 'Subject: Re: [PATCH v3 2/4] KVM: passed: look after it' \
    'From: Eve Example <eve@example.org>'
threads '1 2' 3
topics '1 2 3'

begin pull 'take one and take two of a pull request'
m 1 'Subject: [GIT PULL] KVM/arm64 changes for pull, take #1'
m 2 'Subject: [GIT PULL] KVM/arm64 changes for pull, take #2' \
    'Date: Wed, 10 Mar 2021 10:00:00 +0000'
m 3 'Subject: [PATCH 1/2] KVM: pull: what is in it' 'References: <pull-1@x>'
threads '1 3' 2
topics '1 3' 2

begin takes 'the same in brackets, and a take that was sent anew'
m 1 'Subject: [GIT PULL, take #1] KVM/arm64 changes for takes'
m 2 'Subject: [GIT PULL, take #2] KVM/arm64 changes for takes' \
    'Date: Wed, 10 Mar 2021 10:00:00 +0000'
m 3 'Subject: [GIT PULL take 2] KVM/arm64 changes for takes' \
    'Date: Wed, 10 Mar 2021 11:00:00 +0000'
m 4 'Subject: [GIT PULL v2] KVM/arm64 changes for 5.12 takes'
m 5 'Subject: [GIT PULL] KVM/arm64 changes for 5.12 takes' \
    'Date: Mon, 08 Mar 2021 10:00:00 +0000'
threads 1 2 3 4 5
topics 1 '2 3' '4 5'

begin payload 'what a pull brings, by a clock that is late and another address'
m 1 'Subject: [PATCH v2] KVM: payload: make the guest work'
m 2 'Subject: [GIT PULL] KVM/arm64 changes for payload' \
    'Date: Fri, 12 Mar 2021 10:00:02 +0000'
m 3 'Subject: [PATCH 1/2] KVM: payload: make the guest work' \
    'In-Reply-To: <payload-2@x>' 'Date: Fri, 12 Mar 2021 10:00:00 +0000'
m 4 'Subject: [PATCH 2/2] KVM: payload: make the host work' \
    'From: Dev payload <dev@example.com>' 'References: <payload-3@x>' \
    'Date: Fri, 12 Mar 2021 10:00:03 +0000'
m 5 'Subject: [PATCH 2/2] KVM: payload: make the host work'
threads 1 '2 3 4' 5
topics 1 '2 3 4' 5

begin request 'a pull below a patch brings nothing that is not below it'
m 1 'Subject: [PATCH] KVM: request: do it'
m 2 'Subject: [GIT PULL] KVM/arm64 changes for request' \
    'In-Reply-To: <request-1@x>' 'Date: Wed, 10 Mar 2021 10:00:00 +0000'
m 3 'Subject: [PATCH v2] KVM: request: wholly another way' \
    'In-Reply-To: <request-1@x>' 'Date: Thu, 11 Mar 2021 10:00:00 +0000'
m 4 'Subject: [PATCH v3] KVM: request: wholly another way' \
    'Date: Fri, 12 Mar 2021 10:00:00 +0000'
threads '1 2 3' 4
topics '1 2 3 4'

begin direct 'mail that is not of the list meets none of it'
m 1 'Subject: direct and to the list'
m 2 'Subject: Re: direct and to the list' 'In-Reply-To: <direct-1@x>'
sed -i '/^List-Id:/d' "$file"
threads 1 2
topics 1 2

# A line for each group of each case.
cat >partition.pl <<'EOF'
my (%group, %seen);
while (<>) {
	s/^[0-9a-f]{32}\@no-message-id\S*/noid-0\@x/;
	chomp;
	my ($id, $thread, $topic) = split /\t/;
	next if $seen{"$id$thread"}++;
	push @{$group{"thread\t$thread"}}, $id;
	push @{$group{"topic\t$topic"}}, $id;
}
for my $name (keys %group) {
	my ($kind) = split /\t/, $name;
	my %case;
	$case{/\.(\w+)\.b4-ty/ ? $1 : /^([a-z]+)-/ ? $1 : $_} = 1
	    for @{$group{$name}};
	print "$_\t$kind\t", join(' ', sort @{$group{$name}}), "\n"
	    for keys %case;
}
EOF

# check HOW <DUMP: every case has its groups.
check()
{
	perl partition.pl | sort >partition
	while IFS='	' read -r name about; do
		for kind in thread topic; do
			grep "^$name	$kind	" groups | perl -pe \
			    's/[^\t]*$/join(" ", sort split " ", $&) . "\n"/e' |
			    sort >want
			[ -s want ] || continue
			grep "^$name	$kind	" partition >got
			is "$1: ${kind}s: $about" want got
		done
	done <cases
}

# audit HOW: working all threads out anew finds the same.
audit()
{
	status "$1: an audit: 0" 0 kvdigest-thread --audit
	perl -ne 'END { print scalar keys %t, "\n" } $t{(split /\t/)[1]} = 1' \
	    dump >want
	sed -n 's/^[0-9]* mails, \([0-9]*\) threads$/\1/p' out >got
	is "$1: as many threads" want got
}

new_store forwards
for file in mails/*; do
	kvdigest-ingest --archived <"$file" && kvdigest-thread
done
kvdigest-thread --dump >dump
ok 'every mail is there' test "$(wc -l <dump)" -eq "$n"
ok 'two of the id that came with two texts' \
    test "$(grep -c '^collision-1@x' dump)" -eq 2
check 'one by one' <dump
status 'a rebuild: 0' 0 kvdigest-thread --rebuild --dump
is 'leaves every number' dump out
audit 'one by one'
for file in mails/*; do
	kvdigest-ingest --archived <"$file"
done
kvdigest-thread --dump >again
is 'once more: no line is new' dump again

new_store backwards
# shellcheck disable=SC2046 # names of digits
for file in $(printf '%s\n' mails/* | sort -r); do
	kvdigest-ingest --archived <"$file" && kvdigest-thread
done
kvdigest-thread --dump >dump
check 'backwards' <dump
audit 'backwards'
status 'a rebuild: 0' 0 kvdigest-thread --rebuild --dump
is 'leaves every number' dump out

new_store at-once
for file in mails/*; do
	kvdigest-ingest --archived <"$file"
done
kvdigest-thread --dump >dump
check 'at once' <dump
audit 'at once'
status 'a rebuild: 0' 0 kvdigest-thread --rebuild --dump
is 'leaves every number' dump out

new_store mixed
for file in $(printf '%s\n' mails/* | sort -r) mails/*; do
	kvdigest-ingest --archived <"$file"
	case $file in *5) kvdigest-thread ;; esac
done
kvdigest-thread --dump >dump
check 'mixed and twice' <dump
audit 'mixed and twice'

# What is wrong is named: two threads change their numbers.
if command -v mdb_dump >/dev/null; then
	perl -e '
		my $table = $ARGV[0];
		open my $in, "-|", "mdb_dump", "-s", "thread", $table or die;
		my @lines = <$in>;
		my ($first) = grep { $lines[$_] =~ /HEADER=END/ } 0 .. $#lines;
		my ($a, $b) = ($first + 2, $first + 4);
		(substr($lines[$a], 1, 16), substr($lines[$b], 1, 16)) =
		    (substr($lines[$b], 1, 16), substr($lines[$a], 1, 16));
		print @lines;
	' "$T/mixed" >swapped
	mdb_load -f swapped mixed 2>/dev/null
	status 'threads that are wrong: 70' 70 kvdigest-thread --audit
	has 'their mails are named' \
	    '^[^ ]+@[^ ]*: kept in thread:[0-9]+, by its ids in thread:' out
	has 'and what to do' 'kvdigest-thread --rebuild' err
	status 'that mends it' 0 kvdigest-thread --rebuild --audit
else
	skip 'threads that are wrong' 'there is no mdb_dump'
fi
done_testing
