#!/bin/sh
# A model's summary comes from servers of every kind, and whatever a server
# does ends in one, or in one line and a status that says so, in time.
. "${srcdir:-.}/t/lib.sh"
. "$srcdir/t/llm.sh"
trap 'stop_servers; chmod -R u+w "$T"; rm -rf "$T"' EXIT

start_server server

# sends N: the last ask made so many requests.
sends()
{
	ok "$1 requests" test "$(sent)" -eq "$1"
}

# good SCENARIO REQUESTS [LINE...]: it ends in a summary.
good()
{
	scenario=$1 requests=$2
	shift 2
	conf "$scenario" "$@"
	ask 0 "$scenario: a summary"
	has "$scenario: of sentences" '"text":"该系列重写了陷入处理。"' out
	sends "$requests"
}

# bad SCENARIO STATUS REQUESTS PATTERN [LINE...]: it ends in one line.
bad()
{
	scenario=$1 want=$2 requests=$3 pattern=$4
	shift 4
	conf "$scenario" "$@"
	ask "$want" "$scenario: no summary"
	ok "$scenario: nothing on standard output" test ! -s out
	sed -n '$p' err >last
	has "$scenario: says why" "^summarise-llm: .*$pattern" last
	sends "$requests"
}

# waits PATTERN: the milliseconds that it slept, in their order.
waits()
{
	echo "$(tr '\n' ' ' <sleeps)" >waited
	has "waits $1" "^$1 ?\$" waited
}

good good 1
has 'the brief is kept' '"id":"topic:1"' out
has 'the source is said' '"filter":"summarise-llm".*"profile":"a","model":"m"' out
has 'with usage' '"usage":\{"prompt":[0-9]+,"completion":50,"cached":null' out
is 'and no word on standard error' /dev/null err
has 'the key is not sent when there is none' '^POST /good/v1/chat/completions' server/1.head
hasnt 'no Authorization' '^[Aa]uthorization' server/1.head

# LL-03, L16: patience, in the ways that servers ask for it.
good busy3 4
waits '50 50 50'
good overloaded 2
waits 0
good after2 2
waits 2000
good afterdate 2
waits '1[0-9]{3}'
good afternone 2
waits '(3[789]|4[0-9])[0-9]'
good afterminus 2
waits '(3[789]|4[0-9])[0-9]'
good resource 2
bad same500 75 2 'status 500 \(x\): the same' 'output: text'
waits 10
bad noretry 69 1 'status 503'
waits ''
bad busy 75 5 'status 503.*; concurrency and rpm make it less'
waits '(3[789]|4[0-9])[0-9] ([789]..) (1[5-9]..) (3...)'

# No patience where it does not help.
bad bad400 69 1 'status 400 \(x\): messages: something is wrong'
bad key401 78 1 'status 401 \(invalid_api_key\)'
bad vllm401 78 1 'status 401: Unauthorized'
bad no403 78 1 'status 403 \(x\): forbidden'
bad money402 69 1 'status 402 \(x\): Insufficient Balance'
bad quota 69 1 'status 429 \(insufficient_quota\)'
bad glm1113 69 1 'status 429 \(1113\): 您的账户已欠费'
for code in 1304 1308 1310; do
	bad glm$code 69 1 "status 429 \\($code\\)"
done
bad arrearage 69 1 'status 400 \(Arrearage\)'
for scenario in glm1302 glm1305 loading; do
	good $scenario 2
done
bad nothing 69 1 '/chat/completions: .*404.*; mend base_url, which usually ends in /v1'
bad redirect 69 1 'status 302'
bad redirectfile 69 1 'status 307'
bad html200 69 3 'HTML page'

# LL-06 to LL-08: bodies.
bad flood 69 1 'the answer is too long'
bad headers 69 1 'its header is too long'
bad continue 69 1 'its header is too long'
bad cutlength 69 3 '.'
bad cutclose 69 3 'cut or malformed'
bad cutchunk 69 3 '.'
bad empty 69 3 'empty answer'
bad deep 69 3 'cut or malformed'
bad keys 69 3 '.'
bad nan 69 3 'cut or malformed'
bad huge 69 3 'cut or malformed'
bad gzip 69 3 '.'
good bom 1
good blanks 1

# LL-09 to LL-11, L10 to L14: answers.
bad nochoice 69 3 'not whole'
bad duplicate 69 3 'not whole'
bad null 69 2 'answer: empty' 'output: text'
bad number 69 2 'answer: empty' 'output: text'
bad reasoning 69 2 'answer: empty' 'output: text'
good array 1
good think 1
good fence 1
good badutf8 1
bad thinkcut 69 2 'reasoning without an end' 'output: text'
bad prose 69 2 'answer: no JSON' 'output: text'
bad prose 69 6 'answer: no JSON'
bad english 69 2 'no sentence that may be shown'
good mended 2
bad length 69 2 'the answer is cut'
good length1 2
bad filter 69 1 'content filter'
bad filter400 69 1 'content filter'
bad refusal 69 1 'content filter'
bad glm1301 69 1 'content filter'
bad inspection 69 1 'content filter'
bad tools 69 2 'finish_reason tool_calls'
bad unknown 69 2 'finish_reason because'
bad nofinish 69 2 'finish_reason missing'
bad surrogate 69 3 '.'
bad nul 69 3 '.'
bad line 69 2 'no JSON' 'output: text'

# L8: streams.
for scenario in good sse1 sse7 ssecr ssejson; do
	good $scenario 1 'stream: yes'
done
good sseopen 1 'stream: yes' 'deadline: 10'
good sseerror 2 'stream: yes'
good ssecut 2 'stream: yes'
bad ssenodone 69 3 'not whole' 'stream: yes'
good streamonly 2
good streamonly 1 'dialect: dashscope'
good nooptions 2 'stream: yes'

# L5, L9: what a server wants otherwise is done so, and said once.
good newtokens 2
has 'what was changed' 'a: max_tokens: now max_completion_tokens' err
good newtokens 1 'dialect: openai'
good notokens 3
good noheat 2 'temperature: 0.3'
good noschema 2
good noformat 3
good peg500 4
good nothink 2 'dialect: glm'

# LL-05, G: what never ends is ended.
bad silent 75 2 'a: .*[Tt]imed? ?out' 'deadline: 1'
bad drip 75 2 'a: .*[Tt]imed? ?out' 'deadline: 1'
conf afterever
sed -i 's/^  use: .*/&\n  max_wait: 1/' k.yaml
ask 75 'afterever: no summary'
ok 'afterever: five requests' test "$(sent)" -eq 5
waits '1000 1000 1000 1000'
conf silent
KVDIGEST_DEADLINE=3
export KVDIGEST_DEADLINE
ask 75 'a caller who has little time'
unset KVDIGEST_DEADLINE

# LL-01: no server at all.
conf good
sed -i "s/:$port/:1/" k.yaml
status 'connection refused' 75 summarise-llm -c k.yaml <"$brief"
has 'says where' 'a: http://127.0.0.1:1/.*[Cc]onnect' err
sed -i 's|http://127.0.0.1:1/|https://no-such-host.invalid/|' k.yaml
status 'no such name' 75 summarise-llm -c k.yaml <"$brief"

# LL-18: nothing of the environment counts.
conf good
http_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1 \
    SSL_CERT_FILE=/nowhere CURL_HOME=$T SSLKEYLOGFILE=$T/keys
export http_proxy ALL_PROXY SSL_CERT_FILE CURL_HOME SSLKEYLOGFILE
echo 'machine 127.0.0.1 login x password y' >.netrc
echo 'proxy = http://127.0.0.1:1' >.curlrc
ask 0 'a hostile environment'
hasnt 'no password of .netrc' '^[Aa]uthorization' server/1.head
unset http_proxy ALL_PROXY SSL_CERT_FILE CURL_HOME SSLKEYLOGFILE

# L7: usage as vendors say it, and what it costs.
for scenario in deepseek kimi openai; do
	good $scenario 1 \
	    'price: {input: 2, cached_input: 0.5, output: 8, currency: CNY}'
	has "$scenario: cached tokens" '"cached":2000' out
	has "$scenario: cost" '"cost":\{"micro":3800,"currency":"CNY"\}' out
done
good nousage 1
has 'unknown is not 0' '"usage":\{"prompt":null,"completion":null' out

# L4: the second profile when the first fails.
conf key401
cat >>k.yaml <<EOF
    b:
      base_url: http://127.0.0.1:$port/good/v1
      model: n
EOF
sed -i 's/use: .a./use: [a, b]/' k.yaml
ask 0 'the second of two profiles'
has 'is said' '"profile":"b"' out
has 'and why' 'a: status 401' err
status 'one profile by name' 78 summarise-llm -c k.yaml -p a <"$brief"
status 'a profile that is not there' 64 summarise-llm -c k.yaml -p x <"$brief"

# L17: how much a server takes is learnt once in a run.
perl -0pe 's/("text": ?")/$1 . "A line that says much of nothing.\\n" x 400/ge' \
    "$brief" >large.json
conf small
mkdir run
KVDIGEST_RUN_DIR=$T/run
export KVDIGEST_RUN_DIR
rm -f server/log
status 'a topic larger than the context' 0 summarise-llm -c k.yaml <large.json
has 'is asked about in parts' '"parts":[2-9]' out
has 'after a refusal' 'a: context: now [0-9]+ tokens' err
first=$(sent)
rm server/log
sed 's/much of nothing/more of nothing/' large.json >other.json
status 'the next one' 0 summarise-llm -c k.yaml <other.json
ok 'takes a request less' test "$(sent)" -lt "$first"
is 'and no refusal' /dev/null err
rm server/log
status 'the same one' 0 summarise-llm -c k.yaml <other.json
ok 'takes none' test ! -e server/log
has 'and has cost nothing' '"requests":0' out
unset KVDIGEST_RUN_DIR

# And in whatever words it is said, or by the size of the body.
small=$brief
brief=$T/large.json
for scenario in vllmsmall openaismall kimismall glmsmall dashsmall toolarge; do
	conf $scenario
	ask 0 "$scenario: a topic larger than the context"
	has "$scenario: is asked about in parts" '"parts":[2-9]' out
done
conf truncates
ask 0 'a server that cuts requests silently'
has 'is noticed' 'a: it counts 100 tokens where at least [0-9]+ were sent' err
has 'and the summary marked' '"cut":true' out
brief=$small

# key WHAT EXPECTED: the key that is sent, "" for none.
key()
{
	ask 0 "$1"
	sed -n 's/\r$//; s/^[Aa]uthorization: Bearer //p' server/*.head >sent
	printf '%s' "${2:+$2
}" >expected
	is "$1: that key is sent" expected sent
}

conf good
mkdir -m 700 cred
for name in llm.key named cred/llm-api-key cred/llm-api-key-a; do
	echo "of-${name##*/}" >"$name"
	chmod 600 "$name"
done
key 'llm.key beside the configuration' of-llm.key
CREDENTIALS_DIRECTORY=$T/cred
export CREDENTIALS_DIRECTORY
key 'a credential of the profile goes before it' of-llm-api-key-a
rm cred/llm-api-key-a
key 'and one for all' of-llm-api-key
conf good "api_key_file: $T/named"
key 'and a file that is named before both' of-named
conf good
sed -n '/^    a:/,$p' k.yaml | sed 's/^    a:/    b:/' >second
sed 's/^  use: .*/  use: [a, b]/' k.yaml | cat - second >two
mv two k.yaml
key 'two profiles share no key' ''
unset CREDENTIALS_DIRECTORY
key 'nor llm.key' ''
conf good
chmod 640 llm.key
ask 78 'llm.key that a group may read'
has 'is refused' 'llm.key: mode 0640: expected 0600.*chmod 600' err
rm -r llm.key named cred

# The administrator's prompt.
shipped=$KVDIGEST_DATA_PATH
mkdir -p etc/prompts
sed 's/^你为内核/EXAMPLE &/' "$shipped/prompts/summarise.zh_CN" \
    >etc/prompts/summarise.zh_CN
KVDIGEST_DATA_PATH=$T/etc:$shipped
ask 0 "the administrator's prompt"
has 'goes before the installed one' 'EXAMPLE 你为内核' server/*.body
sed -i 's/^{{data}}/{{subject}}/' etc/prompts/summarise.zh_CN
ask 78 'a place that there is not'
has 'is named' 'etc/prompts/summarise.zh_CN:[0-9]+: .*\{\{subject\}\}' err
KVDIGEST_DATA_PATH=$T:$shipped
ask 0 'a directory without a prompt'
hasnt 'leads to the next' EXAMPLE server/*.body
KVDIGEST_DATA_PATH=$T/etc:$T
rm etc/prompts/summarise.zh_CN
ask 78 'no prompt anywhere'
has 'is missed in the last' "$T/prompts/summarise.zh_CN:1: read: No such" err
KVDIGEST_DATA_PATH=$shipped

# Usage and input.
status 'an operand' 64 summarise-llm x
status 'no configuration' 78 summarise-llm -c /nowhere
conf good
status 'no JSON' 65 summarise-llm -c k.yaml </dev/null
echo '{"format": 1, "mails": []}' >none.json
status 'no brief' 65 summarise-llm -c k.yaml <none.json
status 'a full disk' 74 sh -c 'summarise-llm -c k.yaml <"$1" >/dev/full' - "$brief"
sed -i '/use:/d' k.yaml
status 'no profile to use' 78 summarise-llm -c k.yaml <"$brief"
has 'says so' 'llm.use: missing' err

done_testing
