#!/bin/sh
# A digest with a model: its sentences when the server answers, the facts when
# it does not, one server's refusals counted once for a run, and no key
# anywhere.
. "${srcdir:-.}/t/lib.sh"
. "$srcdir/t/llm.sh"
trap 'stop_servers; chmod -R u+w "$T"; rm -rf "$T"' EXIT

new_store
for n in 1 2 3 4 5 6; do
	mail "m$n@example.org" "Subject: question $n about area$n" \
	    "From: Person$n <p$n@example.org>" <<-EOF |
		Does vgic_get_irq() hold the lock of area$n?
		The stage 2 tables seem to say so.
	EOF
	    kvdigest-ingest --archived
done
start_server server
TMPDIR=$T/tmp
export TMPDIR
mkdir tmp

key=sk-canary-0123456789abcdef
echo "$key" >key
chmod 600 key

# Of another model each time, so that no answer is known.
reports=0
# report SCENARIO STATUS DESCRIPTION [JOBS]: a digest with that server.
report()
{
	rm -f server/[0-9]* server/log
	reports=$((reports + 1))
	cp kvdigest.yaml k.yaml
	cat >>k.yaml <<-EOF
	filters:
	  chain: [summarise-llm]
	  jobs: ${4:-4}
	llm:
	  use: [a]
	  profiles:
	    a:
	      base_url: http://127.0.0.1:$port/$1/v1
	      model: m$reports
	      api_key_file: $T/key
	EOF
	status "$3" "$2" kvdigest-report -n -c k.yaml --week 2021-W10
}

report good 0 'the server answers'
ok 'each topic has its sentence' \
    test "$(grep -c '该系列重写了陷入处理' out)" -eq 6
has 'and who wrote it' '总结来源：summarise-llm' out
has 'in the footer too' '摘要由 summarise-llm 生成' out
is 'nothing on standard error' /dev/null err
ok 'a request for each' test "$(sent)" -eq 6
cat server/*.body >bodies
has 'terms that occur are told' '- stage 2：第二阶段' bodies
hasnt 'others are not' '- nVHE' bodies
for n in 1 2 3 4 5 6; do
	sed 's/.*"messages":\[{"role":"system","content":"\([^"]*\).*/\1/' \
	    "server/$n.body"
done | sort -u >prefixes
ok 'what is told first is the same' test "$(wc -l <prefixes)" -eq 1
has 'the key is sent' "^[Aa]uthorization: Bearer $key" server/1.head
hasnt 'but in no body' canary bodies
cp out good.out

# While it is asked: what other users of the machine can see of it, and what
# its own could, and what filters share.
descendants()
{
	for child in $(pgrep -P "$1"); do
		echo "$child"
		descendants "$child"
	done
}
rm -f server/log
sed "s,/good/,/slow/,; s/model: m.*/model: seen/" k.yaml >slow.yaml
KD_SYSLOG=$T/syslog LD_PRELOAD=$builddir/t/shim-syslog.so \
    kvdigest-report -n -c slow.yaml --week 2021-W10 --format eml >slow.eml &
report=$!
until [ -s server/log ] || ! kill -0 $report 2>/dev/null; do
	sleep 0.05
done
for pid in $report $(descendants $report); do
	tr '\0' '\n' <"/proc/$pid/cmdline"
	tr '\0' '\n' <"/proc/$pid/environ" 2>/dev/null
	cat "/proc/$pid/maps" 2>/dev/null
done >seen
find tmp -type f -exec cat {} + >>seen
wait $report
has 'the one that asks was seen' 'summarise-llm$' seen
has 'it has answered' '^X-Kvdigest' slow.eml
has 'and logged' '^models: requests=' syslog
hasnt 'no key in arguments, environment, or what filters share' canary seen
hasnt 'in no log' canary syslog
hasnt 'and in no mail' canary slow.eml
hasnt 'nor in the store that has the answers' canary store/data.mdb

report key401 0 'the server refuses the key' 1
ok 'and is left alone after three' test "$(sent)" -eq 3
ok 'the facts take its place' test "$(grep -c '^.*总结来源：summarise-facts' out)" -eq 6
has 'said to the reader' '6 个话题的摘要生成失败，改用后备过滤器' out
has 'and to the operator' 'topic:1: summarised by the fallback: .*exit status 78' err
has 'who learns why' 'a: status 401 \(invalid_api_key\)' err
cat out err good.out >all
hasnt 'no key in digest or messages' canary all
hasnt 'nor in the store' canary store/data.mdb
ok 'nothing is left behind' test -z "$(ls tmp)"

report key401 0 'the same for two topics at once' 2
# The other one may have been under way when the third was refused.
ok 'one more may be asked' test "$(sent)" -ge 3 -a "$(sent)" -le 4

# The third request takes what is spent over the cap: 3 x 0.0038.
rm -f server/[0-9]* server/log
sed -e "s,/key401/,/openai/," -e 's/model: m.*/model: capped/' \
    -e 's/jobs: .*/jobs: 1/' -e 's/^  use: .*/&\n  max_cost: 0.008/' \
    -e 's/^      api_key_file.*/      price: {input: 2, cached_input: 0.5, output: 8, currency: CNY}/' \
    k.yaml >capped.yaml
status 'what a run may cost' 0 kvdigest-report -n -c capped.yaml --week 2021-W10
ok 'is spent in three requests' test "$(sent)" -eq 3
ok 'and half of the topics have facts instead' \
    test "$(grep -c '总结来源：summarise-facts' out)" -eq 3
has 'the operator learns why' 'a: not asked: max_cost 0.008 is spent' err
tr -d '\n' <out >line
has 'the footer what it was' '3 次请求，.*，费用0.0114 CNY' line

report prose 0 'the model writes no JSON'
ok 'the facts again' test "$(grep -c '总结来源：summarise-facts' out)" -eq 6

mkdir data
echo 'no term' >data/terms
cp -r "$srcdir/conf/prompts" "$srcdir/conf/robots" data
KVDIGEST_DATA_PATH=$T/data
report good 0 'a term base that is none'
has 'is said' 'data/terms:1: term base: .*going on without terms' err
has 'and is no reason to do without a summary' '总结来源：summarise-llm' out
KVDIGEST_DATA_PATH=$srcdir/conf

# LL-14: every second request fails for good; of a thousand in the long run.
topics=10
[ -z "${KVDIGEST_LONG:-}" ] || topics=1000
mv store few
new_store
n=0
while [ $n -lt $topics ]; do
	n=$((n + 1))
	echo "From MAILER-DAEMON Tue Mar  9 10:00:00 2021"
	mail "many$n@example.org" "Subject: question $n" \
	    "From: Person <p@example.org>" <<-EOF
		Does it hold the lock of area$n?

	EOF
done >many.mbox
kvdigest-ingest --mbox many.mbox >counts
report alternate 0 'every second request fails' 1
ok 'half of the topics have the facts' test \
    "$(grep -c '总结来源：summarise-facts' out)" -eq $((topics / 2))
ok 'half their sentences' test \
    "$(grep -c '总结来源：summarise-llm' out)" -eq $((topics / 2))
has 'the reader is told' "$((topics / 2)) 个话题的摘要生成失败" out
rm -r store
mv few store

stop_servers
report good 0 'there is no server'
ok 'the facts again' test "$(grep -c '总结来源：summarise-facts' out)" -eq 6
chmod 644 key
report good 0 'a key that others may read'
has 'is not used' 'summarise-llm: .*key: .*0600' err
done_testing
