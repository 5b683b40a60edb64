#!/bin/sh
# kvdigest-report at its edges: windows, forms, what it changes and what not,
# and every error that an operator can make.
. "${srcdir:-.}/t/lib.sh"

status 'without a configuration: 78' 78 kvdigest-report -n
new_store
mail a@example.org 'Subject: Does it boot?' <<-EOF | kvdigest-ingest --archived
	It does not.
EOF
mail b@example.org 'Subject: Re: Does it boot?' 'From: Ben <ben@example.org>' \
    'In-Reply-To: <a@example.org>' 'Date: Wed, 10 Mar 2021 12:00:00 +0100' \
    <<-EOF | kvdigest-ingest --archived
	Now it does.
EOF
mail away@example.org 'Subject: elsewhere' </dev/null |
    sed 's/^List-Id: .*/List-Id: <other.example.org>/' >away
kvdigest-ingest --archived <away
sum=$(cat store/data.mdb | cksum)

SOURCE_DATE_EPOCH=1615766400
export SOURCE_DATE_EPOCH
status '-n prints the last week as text' 0 kvdigest-report -n
has 'of the zone and time given' '2021-W10' out
has 'both mails' '\b2\b' out
hasnt 'a mail of another list is never reported' 'elsewhere' out
ok 'nothing is changed by -n' test "$(cat store/data.mdb | cksum)" = "$sum"

status 'a week by name' 0 kvdigest-report -n --week 2021-W10 --format json
has 'JSON' '"week": "2021-W10"' out
has 'its span is the zone'\''s' '"since": "2021-03-08T00:00:00\+08:00"' out
has 'its mails' '"in_window": 2' out
has 'links to the archive' \
    '"url": "https://archive.example.org/kvmarm/a@example.org/"' out
status 'a span' 0 kvdigest-report -n --format json \
    --since 2021-03-10 --until 2021-03-11
has 'tells older mails apart' '"older": 1' out
status 'a week without mail' 0 kvdigest-report -n --week 2020-W01
has 'says so' '没有|无' out
for format in text md html json eml; do
	status "format $format" 0 kvdigest-report --week 2021-W10 \
	    --format $format -o "out.$format"
	ok 'is written whole' test -s out.$format
	ok 'and the same again' sh -c "kvdigest-report --week 2021-W10 \
	    --format $format | cmp - out.$format"
done
ok 'no temporary file is left' test "$(ls out.* | wc -l)" -eq 5

status 'no such format: 64' 64 kvdigest-report --format pdf
has 'says which there are' 'pdf: .*text, md, html, json or eml' err
status 'no such week: 64' 64 kvdigest-report -n --week 2021-W54
status 'no week: 64' 64 kvdigest-report -n --week yesterday
has 'says the form' '2021-W10' err
status '--week with --since: 64' 64 \
    kvdigest-report -n --week 2021-W10 --since 2021-03-01
status '--until alone: 64' 64 kvdigest-report -n --until 2021-03-01
status 'an operand: 64' 64 kvdigest-report 2021-W10
status 'an unknown option: 64' 64 kvdigest-report --no-such
status '/dev/full: 74' 74 sh -c 'kvdigest-report -n >/dev/full'
status 'a directory that is not there: 74' 74 \
    kvdigest-report -n -o no/such/file
has 'is named' 'no/such/file' err
mkfifo pipe
cat pipe >got &
status 'a FIFO: 0' 0 timeout 10 kvdigest-report -n -o pipe
wait
kvdigest-report -n >want
is 'is written to' want got
ok 'and stays one' test -p pipe
status '/dev/full by name: 74' 74 sh -c 'ln -s /dev/full full
	kvdigest-report -n -o full'
ok 'is no file now' test -c full

sed 's/^  name:/  nmae:/' kvdigest.yaml >wrong.yaml
chmod 600 wrong.yaml
status 'a wrong key: 78' 78 kvdigest-report -n -c wrong.yaml
has 'with its place and a suggestion' \
    'wrong.yaml:5:3: .*nmae.*did you mean "name"' err
sed "s|path: .*|path: $T/none|" kvdigest.yaml >none.yaml
chmod 600 none.yaml
status 'no store: 78' 78 kvdigest-report -n -c none.yaml
has 'says how to make one' 'none: no store there.*--init' err
# Root may read everything, so a test as root becomes somebody else.
unprivileged=
if [ "$(id -u)" -eq 0 ]; then
	chown -R 65534:65534 "$T"
	unprivileged='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
chmod 0 store/data.mdb
# shellcheck disable=SC2086 # a command and its options
status 'a store that cannot be read: 78' 78 \
    $unprivileged kvdigest-report -n
has 'is named' 'data.mdb: Permission denied' err
chmod 600 store/data.mdb
chmod 500 store
chmod 400 store/*
# shellcheck disable=SC2086
status 'nor written: 78' 78 $unprivileged kvdigest-report -n
chmod 700 store
chmod 600 store/*
[ -z "$unprivileged" ] || chown -R 0:0 "$T"

# Where a summariser fails another takes its place, and it is not hidden.
cat >bad-filter <<-'EOF'
	#!/bin/sh
	cat >/dev/null
	exit 69
EOF
chmod +x bad-filter
cp kvdigest.yaml bad.yaml
printf 'filters:\n  chain: [%s/bad-filter]\n' "$T" >>bad.yaml
status 'a failing filter: the digest is made' 0 \
    kvdigest-report -n -c bad.yaml --week 2021-W10
has 'says so to the operator' \
    'summarised by the fallback: .*bad-filter: exit status 69' err
has 'and to the reader' \
    '总结来源：summarise-facts.*没有成功的：bad-filter: exit status 69' out
printf '  fallback: [%s/bad-filter]\n' "$T" >>bad.yaml
status 'a failing fallback: the digest is made' 0 \
    kvdigest-report -n -c bad.yaml --week 2021-W10
has 'says so to the operator' 'no summary: .*bad-filter: exit status 69' err
has 'and to the reader' '未能生成摘要' out
has 'with the reason' '本话题没有总结：bad-filter: exit status 69' out
status '--no-llm uses the facts' 0 \
    kvdigest-report -n -c bad.yaml --week 2021-W10 --no-llm
ok 'and is silent' test ! -s err
done_testing
