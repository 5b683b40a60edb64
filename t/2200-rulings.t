#!/bin/sh
# What the administrator rules about topics: it wins over the rules, persists,
# can be taken back, and does not depend on the order in which mails came.
# Threads stay what References make of them.
. "${srcdir:-.}/t/lib.sh"

# Two stories that the rules keep apart, and one of two versions that they
# join; below the first patch a talk about something else.
mkdir mails
mail a@x 'Subject: [PATCH 0/1] KVM: arm64: The first story' >mails/1 </dev/null
mail a1@x 'Subject: [PATCH 1/1] KVM: arm64: Part of the first' \
    'In-Reply-To: <a@x>' >mails/2 </dev/null
mail r@x 'Subject: Re: [PATCH 1/1] KVM: arm64: Part of the first' \
    'In-Reply-To: <a1@x>' 'References: <a@x> <a1@x>' >mails/3 </dev/null
mail t@x 'Subject: Timers (was: Re: [PATCH 1/1] KVM: arm64: Part of the first)' \
    'In-Reply-To: <r@x>' 'References: <a@x> <a1@x> <r@x>' >mails/4 </dev/null
mail t1@x 'Subject: Re: Timers' 'In-Reply-To: <t@x>' \
    'References: <a@x> <t@x>' >mails/5 </dev/null
mail t2@x 'Subject: Re: Timers' 'In-Reply-To: <t1@x>' \
    'References: <a@x> <t1@x>' >mails/6 </dev/null
mail b@x 'Subject: [PATCH] KVM: arm64: The second story' \
    'From: Ben Example <ben@example.org>' >mails/7 </dev/null
mail v1@x 'Subject: [PATCH] KVM: arm64: The third story' >mails/8 </dev/null
mail v2@x 'Subject: [PATCH v2] KVM: arm64: The third story' \
    'Date: Wed, 10 Mar 2021 10:00:00 +0000' >mails/9 </dev/null
mail s@x 'Subject: Re: What was asked long ago' 'In-Reply-To: <never@x>' \
    'From: Cid Example <cid@example.org>' >mails/10 </dev/null

# fill N...: a store with these mails in this order.
fill()
{
	rm -rf store
	new_store
	for n; do
		kvdigest-ingest --archived <"mails/$n" || echo "# mail $n: $?"
	done
	kvdigest-thread
}

# topics: the mails of each topic on a line, whatever its number.
topics()
{
	kvdigest-thread --dump | perl -F'\t' -lane '
		push @{$topic{$F[2]}}, $F[0];
		END { print "@{[sort @$_]}" for values %topic }' | sort
}

fill 1 2 3 4 5 6 7 8 9 10
topics >plain
cat >want <<'EOF'
a1@x a@x r@x t1@x t2@x t@x
b@x
s@x
v1@x v2@x
EOF
is 'as the rules have it' want plain
kvdigest-thread --dump | cut -f 1,2 >threads

status '--join: 0' 0 kvdigest-thread --join a1@x '<b@x>'
has 'it says what it did' '^ruling 1: join <a1@x> <b@x>$' out
topics >got
cat >want <<'EOF'
a1@x a@x b@x r@x t1@x t2@x t@x
s@x
v1@x v2@x
EOF
is 'two stories are one' want got
kvdigest-thread --dump | grep '^b@x' >got
ok 'under the older number' grep -q 'topic:1$' got
kvdigest-thread --show topic:7 >shown
has '--show of the other leads to it' '^topic +topic:1$' shown
has 'and shows the ruling' '^ruling +1	.*	join	a1@x	b@x$' shown
status 'once more: 64' 64 kvdigest-thread --join topic:1 thread:7
has 'it says why' 'is of one topic with thread:7 already' err

status '--split of a version: 0' 0 kvdigest-thread --split v2@x
topics >got
cat >want <<'EOF'
a1@x a@x b@x r@x t1@x t2@x t@x
s@x
v1@x
v2@x
EOF
is 'versions are apart' want got

status '--split below the thread'\''s first mail: 0' 0 \
    kvdigest-thread --split t@x
topics >got
cat >split <<'EOF'
a1@x a@x b@x r@x
s@x
t1@x t2@x t@x
v1@x
v2@x
EOF
is 'a talk is a topic of its own' split got
kvdigest-thread --dump | cut -f 1,2 >got
is 'threads are what they were' threads got
kvdigest-report -n --since 2021-03-01 --format json >digest.json
perl -MJSON::PP -0777 -ne 'for (@{decode_json($_)->{topics}}) {
	print join(" ", sort map { $_->{id} } @{$_->{mails}}), "\n" }' \
    digest.json | sort >got
is 'the digest has the same topics' split got

mail t3@x 'Subject: Re: Timers' 'In-Reply-To: <t2@x>' \
    'References: <a@x> <a1@x> <t2@x>' </dev/null | kvdigest-ingest --archived
mail b1@x 'Subject: Re: [PATCH] KVM: arm64: The second story' \
    'In-Reply-To: <b@x>' </dev/null | kvdigest-ingest --archived
topics >got
sed 's/a1@x a@x b@x/a1@x a@x b1@x b@x/; s/t2@x t@x/t2@x t3@x t@x/' split >want
is 'answers go where they belong' want got
status '--rebuild: 0' 0 kvdigest-thread --rebuild
topics >got
is 'and all survives it' want got
kvdigest-thread --rulings | cut -f 1,3- >got
cat >want <<'EOF'
1	join	a1@x	b@x
2	split	v2@x
3	split	t@x
EOF
is '--rulings lists them' want got

# A thread of answers only; what was split is joined again, or elsewhere.
status '--join of a thread without a beginning: 0' 0 \
    kvdigest-thread --join s@x v2@x
topics >got
has 'is done' '^s@x v2@x$' got
status 'a later split ends a join: 0' 0 kvdigest-thread --split v2@x
topics >got
hasnt 'it is ended' '^s@x v2@x$' got
status '--undo: 0' 0 kvdigest-thread --undo
has 'it says what it did' '^ruling 5 taken back: split <v2@x>$' out
topics >got
has 'the join holds again' '^s@x v2@x$' got
status '--undo of one by its number: 0' 0 kvdigest-thread --undo 3
topics >got
has 'the talk is back in its thread' '^a1@x a@x b1@x b@x r@x t1@x t2@x t3@x t@x$' got
status 'an unknown number: 64' 64 kvdigest-thread --undo 3
has 'says where to look' '^kvdigest-thread: --undo: 3: no such ruling; --rulings' err
for n in 1 2 3; do
	status "--undo, $n: 0" 0 kvdigest-thread --undo
done
status '--undo of nothing: 64' 64 kvdigest-thread --undo
has 'says so' '^kvdigest-thread: --undo: there is no ruling to take back$' err
topics >got
sed 's/t2@x t@x/t2@x t3@x t@x/; s/^b@x/b1@x b@x/' plain >want
is 'all is as the rules have it' want got

# Rulings and mails in any order give the same topics.
for order in '10 9 8 7 6 5 4 3 2 1' '6 4 2 10 8 1 3 5 7 9' \
    '5 1 6 9 3 7 2 8 4 10' '4 6 5 3 2 1 7 8 9 10'; do
	# shellcheck disable=SC2086 # words are wanted
	fill $order
	kvdigest-thread --split t@x >/dev/null
	kvdigest-thread --split v2@x >/dev/null
	kvdigest-thread --join b@x r@x >/dev/null
	topics >got
	is "mails in the order $order" split got
	kvdigest-thread --dump >before
	kvdigest-thread --rebuild --dump >after
	is 'and rebuilt' before after
done
fill 4 7 8
kvdigest-thread --split t@x >/dev/null
kvdigest-thread --join b@x v1@x >/dev/null
for n in 9 6 5 3 2 1 10; do
	kvdigest-ingest --archived <"mails/$n"
	kvdigest-thread
done
topics >got
cat >want <<'EOF'
a1@x a@x r@x
b@x v1@x v2@x
s@x
t1@x t2@x t@x
EOF
is 'rulings before most of the mails came' want got

# The first mail of a thread, whole threads.
fill 1 2 3 4 7 8 9
kvdigest-thread --join a@x b@x >/dev/null
kvdigest-thread --join b@x v1@x >/dev/null
topics >got
has 'three are one' '^a1@x a@x b@x r@x t@x v1@x v2@x$' got
kvdigest-thread --split b@x >/dev/null
topics >got
cat >want <<'EOF'
a1@x a@x r@x t@x
b@x
v1@x v2@x
EOF
is 'the one between them leaves: they part' want got
kvdigest-thread --split t@x >/dev/null
kvdigest-thread --join t@x b@x >/dev/null
topics >got
has 'a piece joins another topic' '^b@x t@x$' got

# A mail moves what joined two topics into a piece of its own, among new mails
# of threads so large that they are not all taken at once.
rm -rf store
new_store
{
	for work in 1 2 3 4 5 6; do
		parent=
		for part in $(seq 120); do
			echo 'From m@z Tue Mar  9 10:00:00 2021'
			mail "$work-$part@x" "From: Dev$work <d$work@example.org>" \
			    "Subject: [PATCH $part/120] work$work part$part" \
			    ${parent:+"In-Reply-To: <$parent>"} </dev/null
			echo
			parent=$work-1@x
		done
	done
} >mbox
kvdigest-ingest --mbox mbox >/dev/null
change='change-id: 20210309-some-work-0123456789ab'
zoe='From: Zoe Zee <zoe@example.org>'
printf 'text\n---\n%s\n' "$change" |
    mail q@x 'Subject: [PATCH] the first of the titles' |
    kvdigest-ingest
mail r@x "$zoe" 'Subject: [PATCH] another title with words' </dev/null |
    kvdigest-ingest
mail t@x 'Subject: a talk' </dev/null | kvdigest-ingest
mail s@x 'Subject: Re: a talk' 'In-Reply-To: <t@x>' </dev/null |
    kvdigest-ingest
printf 'text\n---\n%s\n' "$change" |
    mail m@x "$zoe" 'Subject: [PATCH v2] another title with words' \
	'Date: Wed, 10 Mar 2021 10:00:00 +0000' \
	'In-Reply-To: <l@x>' 'References: <t@x> <l@x>' | kvdigest-ingest
kvdigest-thread --split s@x >/dev/null
for work in 1 2 3 4 5 6; do
	mail "$work-x@x" "From: Dev$work <d$work@example.org>" \
	    "Subject: [PATCH] more of work$work" \
	    "In-Reply-To: <$work-1@x>" </dev/null | kvdigest-ingest
done
mail l@x 'Subject: Re: a talk' 'References: <t@x> <s@x>' </dev/null |
    kvdigest-ingest
kvdigest-thread --dump | grep -v '^[1-6]-' >before
cut -f3 before | sort -u >topics
ok 'four topics are left' [ "$(wc -l <topics)" -eq 4 ]
kvdigest-thread --rebuild --dump | grep -v '^[1-6]-' >after
is 'and rebuilt, the same' before after

# What is split off was between two others: nobody knew whose the answer is.
rm -rf store
new_store
mail a@x 'Subject: [PATCH] KVM: a title' </dev/null | kvdigest-ingest
mail b@x 'Subject: [PATCH] KVM: a title' \
    'From: Ben Example <ben@example.org>' </dev/null | kvdigest-ingest
mail r@x 'Subject: Re: [PATCH] KVM: a title' \
    'From: Eve Example <eve@example.org>' </dev/null | kvdigest-ingest
topics >got
printf '%s\n' a@x b@x r@x >want
is 'an answer without references to one of two is of neither' want got
kvdigest-thread --split a@x >/dev/null
topics >got
printf '%s\n' a@x 'b@x r@x' >want
is 'when one is split off it is of the other' want got
kvdigest-thread --rebuild
topics >got
is 'and rebuilt, the same' want got
kvdigest-thread --undo 1 >/dev/null
topics >got
printf '%s\n' a@x b@x r@x >want
is 'and undone, of neither' want got

# The mail that came first is split off: its piece has the number that the
# thread had.
rm -rf store
new_store
mail c@x 'Subject: Re: a talk' 'In-Reply-To: <p@x>' </dev/null |
    kvdigest-ingest
mail p@x 'Subject: a talk' </dev/null | kvdigest-ingest
mail q@x 'Subject: another talk' </dev/null | kvdigest-ingest
kvdigest-thread --split c@x >/dev/null
kvdigest-thread --join c@x q@x >/dev/null
topics >got
cat >want <<'EOF'
c@x q@x
p@x
EOF
is 'the first mail is split off and joined' want got
kvdigest-thread --dump >before
kvdigest-thread --rebuild --dump >after
is 'and rebuilt, the same' before after

status 'an unknown mail: 64' 64 kvdigest-thread --split nobody@x
has 'says so' '^kvdigest-thread: nobody@x: no such topic, thread or mail' err
status 'an unknown topic: 64' 64 kvdigest-thread --join topic:1 topic:999
status 'no number: 64' 64 kvdigest-thread --join topic:1 topic:x
status 'one is not enough: 64' 64 kvdigest-thread --join topic:1
has 'says what it wants' 'expected two of' err
status 'three are too many: 64' 64 kvdigest-thread --join a@x b@x v1@x
status '--undo of no number: 64' 64 kvdigest-thread --undo x
status 'with another option: 64' 64 kvdigest-thread --undo --list
mail foreign@x 'Subject: from elsewhere' </dev/null | sed '/^List-Id/d' |
    kvdigest-ingest
status 'mail from elsewhere is no topic'\''s: 64' 64 \
    kvdigest-thread --join foreign@x a@x
status 'a full disk: 74' 74 sh -c 'kvdigest-thread --rulings >/dev/full'
done_testing
