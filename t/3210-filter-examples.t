#!/bin/sh
# The examples of the manuals work as they are printed.
. "${srcdir:-.}/t/lib.sh"

# example PAGE NUMBER: the text of a literal display, as mandoc shows it.
example()
{
	awk -v want="$2" '/^\.Ed/ { in_it = 0 }
		in_it && n == want { print }
		/^\.Bd -literal/ { in_it = 1; n++ }' "$srcdir/man/$1" |
	    sed 's/\\&//g; s/\\e/\\/g'
}

example kvdigest-filters.7 1 >keep-brief
example kvdigest-filters.7 2 >ask-ollama
chmod +x keep-brief ask-ollama
example kvdigest-brief.5 1 >brief.json

has 'the filter is a script' '^#!/bin/sh' keep-brief
status 'the brief goes through the filter' 0 ./keep-brief <brief.json
is 'unchanged' brief.json out
is 'and a copy is kept' brief.json last-brief.json
mv out passed
status 'the summariser takes it' 0 summarise-facts <passed
has 'with a sentence' '"text":"Ann 于 03-09 发起讨论“vgic: a question”。"' out

# A command that reads the question, and answers as it should, or does not.
mkdir bin
cat >bin/ollama <<'EOF'
#!/bin/sh
cat >"$HOME/asked"
echo "$*" >"$HOME/arguments"
cat "$HOME/answer"
EOF
chmod +x bin/ollama
PATH=$T/bin:$PATH
if command -v jq >/dev/null; then
	echo '{"sentences": [{"field": "week", "text": "Ann 提出了问题。",' \
	    '"cites": ["m1"]}]}' >answer
	status 'a command answers' 0 ./ask-ollama <brief.json
	has 'it was given the mails' '^m1$' asked
	has 'the brief is kept' '"format":1,' out
	has 'and has its sentence' '"text":"Ann 提出了问题。"' out
	has 'and its name' '"source":\{"filter":"ollama"\}' out
	: >answer
	./ask-ollama <brief.json >out
	ok 'a command that says nothing has no brief' test ! -s out
	echo 'Sure! Here it is.' >answer
	status 'a command says no JSON' 69 ./ask-ollama <brief.json
else
	skip 'a filter that asks a command' 'no jq'
fi

# What the page promises of every key: the kinds of facts are the program's,
# but for those that put threads together and are told of no topic.
sed -n '/^\.It Cm value$/q
    /^\.It Cm kind$/,$s/^\.Cm \([a-z-]*\).*/\1/p' \
    "$srcdir/man/kvdigest-brief.5" | sort >documented
sed -n 's/^    \[KD_FACT_[A-Z_]*\] = "\([a-z-][a-z-]*\)",*$/\1/p' \
    "$srcdir/src/record.c" | grep -vx -e cited -e upstream | sort >known
ok 'kinds are found' test -s known
is 'all kinds of facts are documented' known documented

done_testing
