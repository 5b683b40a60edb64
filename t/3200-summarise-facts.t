#!/bin/sh
# The summariser says what facts prove, in the same words every time, and
# refuses what is no brief with one line.
. "${srcdir:-.}/t/lib.sh"

data=$srcdir/t/data
: >none

# sentences BRIEF: one line for each sentence of its summary.
sentences()
{
	summarise-facts <"$data/brief-$1.json" |
	    grep -o '{"field":[^}]*}' |
	    sed 's/^{"field":"\([a-z]*\)","text":"/\1 /
	        s/","cites":\[/ /; s/\]}$//; s/\\"/"/g; s/"\(m[0-9]*\)"/\1/g'
}

cat >want <<'EOF'
purpose Ann Ek 于 03-08 发出 v2 系列“KVM: arm64: Trap handling rework”，共 4 个补丁，收到其中 3 个。 m3
purpose 补丁 1 修复提交 0123456789ab ("KVM: arm64: Trap")。 m4
purpose 补丁 1 所修的问题由 Di Wu 报告。 m4
earlier 此前的版本：RFC v1（2020-12-20）。 m1
earlier 本周之前已有 1 封回复，来自 Bo Li。 m2
earlier 此前 Bo Li 对 v1 系列给出 Reviewed-by。 m2
week Bo Li 回复补丁 1，含提问。 m5
week eva 回复 v1 封面。 m9
week 作者 Ann Ek 答复补丁 1。 m6
week Bo Li 对补丁 2、4 给出 Reviewed-by。 m7,m8
week Bo Li 就补丁 4 转来 Cy Oh 的 Tested-by。 m8
week kernel test robot 报告补丁 4 构建失败：arch/arm64/kvm/arm.c:2:3: error: no member named 'x'。 m10
conclusion Cy Oh 于 03-10 将其中 1 个补丁应用到 kvm-arm64/next，提交 89abcdef0123。 m11
open kernel test robot 报告 v2 构建失败，此后未见新版本。 m10
EOF
sentences series >got
is 'a series, its history, week, notice and failure' want got

# The sender's own "pulled" confirms nothing.
cat >want <<'EOF'
purpose Ann Ek 于 03-08 发出合并请求“KVM/arm64 fixes for 5.12, take #1”，标签为 kvmarm-fixes-5.12-1。 m1
purpose 该请求含 2 个补丁。 m1
conclusion Bo Li 于 03-09 确认已合入。 m2
EOF
sentences pull >got
is 'a pull request that was confirmed' want got

# A title that may not be shown is left out, a name is cleaned, and a reply by
# a name that cannot be told is still a reply: nothing says that none came.
cat >want <<'EOF'
purpose Mallory X 于 03-08 发出补丁。 m1
EOF
sentences hostile >got
is 'markup, links and bidi controls are not repeated' want got

summarise-facts <"$data/brief-series.json" >one
summarise-facts <one >two
is 'the same again for its own output' one two
has 'the brief is kept' '"label":"m11"' one
has 'the source is named' '"filter":"summarise-facts"' one

# small [SCRIPT]: a brief of one mail, with a sed script applied.
small()
{
	sed -e "${1:-}" <<-'EOF'
	{"format":1,"topic":{"title":"x","category":"Discussion"},
	"window":{"since":"2021-03-08"},"postings":[],"facts":[],
	"mails":[{"label":"m1","date":"2021-03-09","author":
	{"name":"Ann","address":"a@x"},"in_window":true,"kind":"mail",
	"reply_to":null,"text":""}]}
	EOF
}

small >brief
status 'the least brief' 0 summarise-facts <brief
has 'says who began it' 'Ann 于 03-09 发起讨论“x”。' out

# refused DESCRIPTION MESSAGE SCRIPT
refused()
{
	name=$1 message=$2
	small "$3" >brief
	status "$name" 65 summarise-facts <brief
	has "$name: says so" "^summarise-facts: $message" err
	is "$name: no output" none out
	ok "$name: and no more" test "$(wc -l <err)" -eq 1
}
refused 'another format' 'brief: format: not 1' 's/"format":1/"format":2/'
refused 'no topic' 'brief: category: no string' 's/"topic"/"x"/'
refused 'no mails' 'brief: mails: no list' 's/"mails"/"x"/'
refused 'mails is no list' 'brief: mails: no list' \
    's/"mails":/&{},"y":/'
refused 'a mail without label' 'brief: mails\[0\]\.label: no string' \
    's/"label":"m1",//'
refused 'an odd date' 'brief: mails\[0\]\.date: no date' 's/2021-03-09/x/'
refused 'an unknown parent' 'brief: mails\[0\]\.reply_to: no such mail' \
    's/"reply_to":null/"reply_to":"m9"/'
refused 'a posting that is not there' \
    'brief: mails\[0\]\.posting: no such posting' \
    's/"kind"/"posting":3,"kind"/'
refused 'a fact of no mail' 'brief: facts\[0\]\.mail: no such mail' \
    's/"facts":\[/&{"kind":"acked-by","value":"x","mail":"m9"}/'
refused 'a key twice' 'standard input: no JSON: line 1' \
    's/"format":1/&,"format":1/'

: >brief
status 'empty input' 65 summarise-facts <brief
printf '{"format":1}\0' >brief
status 'a NUL byte' 65 summarise-facts <brief
printf '{"format":1,"a":"\377"}' >brief
status 'bytes that are no UTF-8' 65 summarise-facts <brief
head -c 10000000 /dev/zero | tr '\0' '[' >brief
status '10 MB of garbage' 65 summarise-facts <brief
has '10 MB of garbage: says so' 'more than 8000000 bytes' err
head -c 1000000 brief >deep
status 'brackets a million deep' 65 summarise-facts <deep

# A parent that leads in a circle.
small 's/"reply_to":null/"reply_to":"m1"/' >brief
status 'a mail that answers itself' 0 summarise-facts <brief

if [ -c /dev/full ]; then
	ok 'a full device is exit 74' sh -c \
	    'summarise-facts <"$1" >/dev/full 2>err; test $? -eq 74' \
	    - "$data/brief-series.json"
fi
status 'an unknown option' 64 summarise-facts --nonsense
status 'an operand' 64 summarise-facts file
status 'help' 0 summarise-facts --help
has 'help names the program' 'summarise-facts' out
status 'version' 0 summarise-facts --version
has 'version is one line' '^summarise-facts \(kvdigest\) [0-9]' out

done_testing
