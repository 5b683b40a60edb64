#!/bin/sh
# What a model is asked about a week of the sample, to the letter: see whether a
# change of it is one for the better, then
#
#	GOLDEN=1 make check TESTS_ONLY=t/3480-golden-requests.t
#
# writes it anew.
. "${srcdir:-.}/t/lib.sh"

golden=$srcdir/t/data/requests.txt
new_store
cat >>kvdigest.yaml <<EOF
filters: {chain: [trim-quotes, condense-diff, summarise-llm]}
llm: {use: [a], profiles: {a: {base_url: "http://127.0.0.1:1/v1", model: m}}}
EOF
kvdigest-ingest --mbox "$srcdir/t/data/sample.mbox" 2>counts
status 'a plan' 0 kvdigest-report -n --plan --dump-requests sent --week 2021-W10
perl -MJSON::PP -e '
	binmode STDOUT, ":utf8";
	for (@ARGV) {
		open my $file, "<", $_ or die "$_: $!";
		local $/;
		push @asked, decode_json(<$file>)->{messages}[1]{content};
	}
	print map { "$_\n\f\n" } sort @asked;
' sent/*.json >asked
[ -z "${GOLDEN-}" ] || cp asked "$golden"
is 'is what it was' "$golden" asked
done_testing
