#!/bin/sh
# The examples of the manuals work as they are printed.
. "${srcdir:-.}/t/lib.sh"

# example PAGE: the text of its literal displays, as mandoc shows it.
example()
{
	sed -n '/^\.Bd -literal/,/^\.Ed/{ /^\.[BE]d/d; s/\\\&//g; p; }' \
	    "$srcdir/man/$1"
}

example kvdigest-filters.7 >keep-brief
chmod +x keep-brief
example kvdigest-brief.5 >brief.json

has 'the filter is a script' '^#!/bin/sh' keep-brief
status 'the brief goes through the filter' 0 ./keep-brief <brief.json
is 'unchanged' brief.json out
is 'and a copy is kept' brief.json last-brief.json
mv out passed
status 'the summariser takes it' 0 summarise-facts <passed
has 'with a sentence' '"text":"Ann 于 03-09 发起讨论“vgic: a question”。"' out

# What the page promises of every key: the kinds of facts are the program's.
sed -n '/^\.It Cm value$/q
    /^\.It Cm kind$/,$s/^\.Cm \([a-z-]*\).*/\1/p' \
    "$srcdir/man/kvdigest-brief.5" | sort >documented
sed -n 's/^    \[KD_FACT_[A-Z_]*\] = "\([a-z-][a-z-]*\)",*$/\1/p' \
    "$srcdir/src/record.c" | sort >known
ok 'kinds are found' test -s known
is 'all kinds of facts are documented' known documented

done_testing
