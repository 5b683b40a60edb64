#!/bin/sh
# Answers are kept: the same question is not asked, nor paid for, twice.
. "${srcdir:-.}/t/lib.sh"
. "$srcdir/t/llm.sh"
trap 'stop_servers; chmod -R u+w "$T"; rm -rf "$T"' EXIT

new_store
for n in 1 2 3; do
	mail "m$n@example.org" "Subject: question $n about area$n" \
	    "From: Person$n <p$n@example.org>" <<-EOF |
		Does vgic_get_irq() hold the lock of area$n?
	EOF
	    kvdigest-ingest --archived
done
start_server server
TMPDIR=$T/tmp
export TMPDIR
mkdir tmp

# configure SCENARIO [LINE...]: k.yaml; the lines are of the profile.
configure()
{
	scenario=$1
	shift
	cat kvdigest.yaml - >k.yaml <<-EOF
	filters:
	  chain: [summarise-llm]
	llm:
	  use: [a]
	  profiles:
	    a:
	      base_url: http://127.0.0.1:$port/$scenario/v1
	      model: m
	      price: {input: 2, output: 8, currency: USD}
	EOF
	for line; do
		echo "      $line" >>k.yaml
	done
}

# ask NUMBER DESCRIPTION [OPTION...]: a digest takes so many requests.
ask()
{
	want=$1 what=$2
	shift 2
	rm -f server/[0-9]*
	: >server/log
	LD_PRELOAD=$builddir/t/shim-syslog.so kvdigest-report -n -c k.yaml \
	    --week 2021-W10 ${1:---format=md} >out 2>err
	ok "$what" test "$(sent)" -eq "$want"
}

configure good
SOURCE_DATE_EPOCH=1615780000 KD_SYSLOG=$T/syslog
export SOURCE_DATE_EPOCH KD_SYSLOG
ask 3 'the first time each topic is asked for'
has 'the footer has what was asked' '语言模型：3 次请求，输入 [0-9]+ token' out
has 'and paid' '费用 [0-9.]+ USD' out
sed '/语言模型\|沿用/d' out >first
has 'as the log has' '^models: requests=3 prompt=[1-9][0-9]+ cached=0 completion=[1-9][0-9]+ cost=[0-9.]*[1-9] USD$' syslog
rm syslog
ask 0 'the second time none is'
ok 'and nothing is logged' test ! -e syslog
has 'as the footer says' '3 个话题沿用已有的回答' out
sed '/语言模型\|沿用/d' out >second
is 'the digest is the same' first second
SOURCE_DATE_EPOCH=1615880000
ask 0 'whenever it is made'
ask 0 'in any form' --format=html

kvdigest-report -c k.yaml --llm-log >log
ok 'the log has a line for each' test "$(grep -c '^2021-03-15 11:46  2021-W10  topic:[123] .*  a  .* stop .* USD$' log)" -eq 3
kvdigest-report -c k.yaml --llm-log --format json >json
perl -MJSON::PP -0 -ne '
	for (@{decode_json($_)}) {
		print "$_->{week} $_->{topic} $_->{source}{profile} ",
		    "$_->{source}{finish_reason} ",
		    scalar @{$_->{sentences}}, "\n";
	}
' json | sort >got
for n in 1 2 3; do
	echo "2021-W10 topic:$n a stop $(sed -n "s/.* topic:$n a stop //p" got)"
done >want
is 'in JSON too' want got
hasnt 'with sentences' ' 0$' got
status 'nothing else goes with it' 64 kvdigest-report --llm-log --week 2021-W10

echo 'It does, since v5.12.' | mail r1@example.org \
    'Subject: Re: question 1 about area1' 'In-Reply-To: <m1@example.org>' \
    'From: Bo <bo@example.org>' | kvdigest-ingest --archived
ask 1 'a topic that has a new mail is asked for'
configure good 'temperature: 0.7'
ask 3 'and all are when a parameter is another'
sed 's/^model: .*/model: n/; s/      model: m/      model: n/' k.yaml >n.yaml
mv n.yaml k.yaml
ask 3 'or the model'
mkdir -p data/prompts
cp "$srcdir/conf/terms" "$srcdir/conf/robots" data
sed 's/。/。 /' "$srcdir/conf/prompts/summarise.zh_CN" >data/prompts/summarise.zh_CN
KVDIGEST_DATA_PATH=$T/data
ask 3 'or the prompt'
ask 0 'each is kept'
KVDIGEST_DATA_PATH=$srcdir/conf
ask 0 'beside the others'

configure key401
ask 3 'a failure is not kept'
ask 3 'and tried again'

# A program of the administrator's.
cat >own <<EOF
#!/bin/sh
echo >>$T/runs
exec $builddir/filters/summarise-facts
EOF
chmod +x own
cat kvdigest.yaml - >k.yaml <<EOF
filters: {chain: [$T/own], jobs: 1}
EOF
ask 0 'another program'
ok 'is run for each topic' test "$(wc -l <runs)" -eq 3
ask 0 'again'
ok 'once' test "$(wc -l <runs)" -eq 3
echo '# another version' >>own
ask 0 'when it is changed'
ok 'for each once more' test "$(wc -l <runs)" -eq 6
kvdigest-report -n -c k.yaml --no-llm --week 2021-W10 >out
hasnt 'facts are not kept' '沿用' out

# Half a year later the old ones are gone.
lines=$(kvdigest-report --llm-log | wc -l)
SOURCE_DATE_EPOCH=1646000000
ask 0 'a year later'
ok 'old answers are forgotten' \
    test "$(kvdigest-report --llm-log | wc -l)" -lt "$lines"
# L21: what it would be, without network.
rm -f server/log
echo sk-canary-0123456789abcdef >key
chmod 600 key
configure planned "api_key_file: $T/key"
cp -r store before
status 'a plan' 0 kvdigest-report -n --plan --dump-requests sent \
    -c k.yaml --week 2021-W10
has 'has a line for each topic' '^topic:1 +1 +[0-9]+ +0\.[0-9]+  question 1' out
has 'and the sum' '^all +3 +[0-9]+ +0\.[0-9]+$' out
ok 'is made without the server' test ! -e server/log
ok 'each request is a file' test "$(ls sent/*.json | wc -l)" -eq 3
cat sent/*.json >bodies
has 'with what would be asked' '"model":"m"' bodies
hasnt 'and without the key' canary bodies
ok 'the store is as it was' cmp before/data.mdb store/data.mdb
status 'a plan is no digest' 64 kvdigest-report --plan
configure good
kvdigest-report -n -c k.yaml --week 2021-W10 >/dev/null 2>&1
status 'what is kept' 0 kvdigest-report -n --plan -c k.yaml --week 2021-W10
has 'is not to be asked' '^all +0 +0$' out

# A topic that is asked about in parts, one of which is refused.
sed "s,^\(.*path: \).*,\1$T/parts," kvdigest.yaml >parts.yaml
mv parts.yaml kvdigest.yaml
kvdigest-ingest --init
yes 'The list register of the vgic is saved once more than it must be.' |
    head -n 80 | mail big@example.org 'Subject: a question of many words' |
    kvdigest-ingest --archived
for n in 1 2 3; do
	yes "Answer $n says that save_lr() is not what costs time here." |
	    head -n 100 |
	    mail "big$n@example.org" 'Subject: Re: a question of many words' \
		'In-Reply-To: <big@example.org>' | kvdigest-ingest --archived
done
configure second 'context: 8000'
ask 2 'a topic in parts, the second of which is refused'
has 'fails' '1 个话题的摘要生成失败' out
has 'and has cost what it has cost' '语言模型：2 次请求，输入 [1-9][0-9]+ token.*费用 0\.0[1-9]' out
status 'the log' 0 kvdigest-report -c k.yaml --llm-log
ok 'has the part' test "$(grep -c '(part)$' out)" -eq 1
has 'with its price' '^2022-02.*2021-W10.*topic:1 .* stop .* 0\.[0-9]*[1-9][0-9]* USD \(part\)$' out
ask 2 'the next time the second is asked for, and for both together'
hasnt 'which it does' '失败' out
ask 0 'and nothing after that'
kvdigest-report -c k.yaml --llm-log --format json >json
ok 'what is kept of the topic has cost those two' test "$(perl -MJSON::PP -0 -ne '
	print map { $_->{source}{requests} }
	    grep { !$_->{part} } @{decode_json($_)}' json)" = 2
done_testing
