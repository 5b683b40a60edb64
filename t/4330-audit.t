#!/bin/sh
# The sums of a digest, proved from the store: what came in the week is in one
# topic, or a copy, or not the list's.
. "${srcdir:-.}/t/lib.sh"

new_store
kvdigest-ingest --mbox "$srcdir/t/data/sample.mbox" >counts
status 'an audit before anything is grouped' 0 \
    kvdigest-report --audit --week 2021-W10
cat >want <<'EOF'
mails                                          digest    store
received in the window                             51       51  ok
  not the list's                                    2        2  ok
  copies of other mails                             1        1  ok
  in topics                                        48       48  ok
    of robots                                       2        2  ok
    that could not be parsed                        0        0  ok
sums                                           digest  counted
in topics, copies and not the list's               51       51  ok
mails of the window that topics list               48       48  ok
mails that topics list                             56       56  ok
of the window and older                            56       56  ok
mails by category                                  56       56  ok
EOF
sed '$d' out >got
is 'all sums hold' want got
has 'what is missing is counted' '^13 topics; .* patches of .*did not come' out
kvdigest-report -n --week 2021-W10 >digest
has 'the digest has them' '51 封：话题中 48 封，重复副本 1 封，非列表来信 2 封' digest
kvdigest-report -n --week 2021-W10 --format json >json
perl -MJSON::PP -0 -ne '
	my $totals = decode_json($_)->{totals};
	print join(" ", @$totals{qw(received in_window copies outside
	    unparsed)}), "\n";
' json >got
echo '51 48 1 2 0' >want
is 'in JSON too' want got
status 'a week without mail' 0 kvdigest-report --audit --week 2020-W20
status 'any span' 0 kvdigest-report --audit --since 2021-03-10
status 'it writes no digest' 64 kvdigest-report --audit --format md
has 'and says so' '--audit excludes' err

if command -v mdb_dump >/dev/null; then
	kvdigest-thread --dump >thread
	mdb_dump -s outside store | sed 's/^database=.*/database=arrival/' |
	    mdb_load store 2>/dev/null
	status 'a mail where it does not belong: 70' 70 \
	    kvdigest-report --audit --week 2021-W10
	has 'is named' '^mail [0-9]+ <.*>: told of, and none of the window' out
	has 'the sum is wrong' '^  in topics .* WRONG' out
	has 'and what to do is said' 'of these are wrong; kvdigest-thread --rebuild' err
	kvdigest-thread --rebuild >/dev/null
	status 'that mends it' 0 kvdigest-report --audit --week 2021-W10
else
	skip 'a damaged table' 'there is no mdb_dump'
fi
done_testing
