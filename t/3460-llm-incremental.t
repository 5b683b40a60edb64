#!/bin/sh
# A topic that goes on: what a model wrote of it for the last digest is given to
# it again, the mails that this was of are not.
. "${srcdir:-.}/t/lib.sh"
. "$srcdir/t/llm.sh"
trap 'stop_servers; rm -rf "$T"' EXIT

# Reports that are compared say one time.
SOURCE_DATE_EPOCH=1622505600
export SOURCE_DATE_EPOCH

new_store
cp "$srcdir/t/fake-sendmail" sendmail
start_server server
cat >>kvdigest.yaml <<EOF
  sendmail: [$T/sendmail]
filters: {chain: [trim-quotes, condense-diff, summarise-llm]}
llm:
  use: [a]
  profiles: {a: {base_url: "http://127.0.0.1:$port/good/v1", model: m}}
EOF

# at ARRIVAL DATE ID PERSON SUBJECT [FIELD...] <BODY
at()
{
	arrival=$1 date=$2 id=$3@example.org person=$4 subject=$5
	shift 5
	{
		echo "Received: from a by b; $arrival Mar 2021 10:00:00 +0000"
		mail "$id" "From: $person <$person@example.org>" \
		    "Date: $date Mar 2021 10:00:00 +0000" \
		    "Subject: $subject" "$@"
	} | kvdigest-ingest --archived
}

# requests FILE: the data of all requests so far, as text.
requests()
{
	perl -MJSON::PP -0 -CO -ne '
		print decode_json($_)->{messages}[1]{content}, "\n"
	' server/[0-9]*.body >"$1"
}

# week WEEK: sent; what was asked for it is in asked.
week()
{
	rm -f server/[0-9]*
	status "$1 is sent" 0 kvdigest-report --week "$1"
	requests asked
}

echo 'Does the zebra hold the lock?' |
    at 'Tue, 02' 'Tue, 02' root ann 'KVM: arm64: who holds it'
echo 'The giraffe does.' |
    at 'Wed, 03' 'Wed, 03' first bob 'Re: KVM: arm64: who holds it' \
    'In-Reply-To: <root@example.org>'
week 2021-W09
has 'at first all is asked about' 'zebra' asked
has 'and nothing was said before' '本期$' asked
hasnt 'and no digest' '上期' asked

# It comes late, and stands before the answer that was m2.
printf '> Does the zebra hold the lock?\n\nThe heron never would.\n' |
    at 'Tue, 09' 'Tue, 02' late eve 'Re: KVM: arm64: who holds it' \
    'In-Reply-To: <root@example.org>'
week 2021-W10
has 'then what is new' 'The heron never would' asked
has 'with what it answers' '^> Does the zebra' asked
hasnt 'what was summarised is not read again' 'giraffe' asked
has 'its mails are named, with the labels of now' \
    '^\[m3\] 2021-03-03 bob，reply，回复 m1，上期已概括$' asked
has 'and its sentences are given' \
    '^- purpose：该系列重写了陷入处理。（m1）$' asked
has 'with those labels' '^- week：m2 提出了 vgic_get_irq\(\) 的问题。（m3）$' asked
kvdigest-report -n --week 2021-W10 --format md >first

echo 'The heron did after all.' |
    at 'Tue, 23' 'Tue, 23' last eve 'Re: KVM: arm64: who holds it' \
    'In-Reply-To: <late@example.org>'
# This one came after the last digest, and is in none.
echo 'The otter might.' |
    at 'Tue, 16' 'Tue, 16' missed gil 'Re: KVM: arm64: who holds it' \
    'In-Reply-To: <late@example.org>'
week 2021-W12
has 'a week that no digest was made of is read' 'The otter might' asked
hasnt 'but not those before it' 'never would' asked

rm -f server/[0-9]*
kvdigest-report -n --week 2021-W10 --format md >again
is 'an old week is as it was' first again
ok 'and asks nothing' test -z "$(ls server/[0-9]*.body 2>/dev/null)"

# What the facts alone say is no summary to go on from.
echo 'And the crow?' |
    at 'Tue, 02' 'Tue, 02' crow dan 'KVM: arm64: of crows'
status 'facts alone' 0 kvdigest-report --week 2021-W09 --no-llm --force
echo 'The crow does not.' |
    at 'Tue, 09' 'Tue, 09' crows bob 'Re: KVM: arm64: of crows' \
    'In-Reply-To: <crow@example.org>'
rm -f server/[0-9]*
kvdigest-report -n --week 2021-W10 --format md >out
requests asked
has 'mails behind facts alone are read' 'And the crow' asked

# Joined topics: the sentences are of one of them.
kvdigest-report --week 2021-W09 --force
kvdigest-thread --join root@example.org crow@example.org >/dev/null
rm -f server/[0-9]*
kvdigest-report -n --week 2021-W10 --format md >out
requests asked
has 'joined topics are read whole' 'giraffe' asked
hasnt 'without sentences of either' '上期的概括' asked
done_testing
