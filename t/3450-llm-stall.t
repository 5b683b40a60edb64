#!/bin/sh
# A report that waits for a filter has no transaction open: mail that comes
# meanwhile uses the pages that became free, and the store grows as it would
# without the report.  With KVDIGEST_LONG=1, 20,000 mails come.
. "${srcdir:-.}/t/lib.sh"
trap 'touch "$T/go"; chmod -R u+w "$T"; rm -rf "$T"' EXIT

parts=5 each=60
if [ "${KVDIGEST_LONG:-}" ]; then
	parts=100 each=200
fi

cat >stall <<EOF
#!/bin/sh
: >$T/waiting
while [ ! -e $T/go ]; do
	sleep 0.1
done
exec cat
EOF
chmod +x stall

# fill: all the mails, part by part, grouped after each as a timer would.
fill()
{
	for part in $(seq "$parts"); do
		perl "$srcdir/t/bench-mails.pl" - $((part * each)) "$each" |
		    kvdigest-ingest --mbox - && kvdigest-thread || return 1
	done
}

# kilobytes STORE
kilobytes()
{
	du -k "$1/data.mdb" | cut -f 1
}

new_store alone
mail first@example.org </dev/null | kvdigest-ingest --archived
ok 'mails come' fill

new_store store
mail first@example.org </dev/null | kvdigest-ingest --archived
printf 'filters: {chain: [%s/stall], deadline: 3600}\n' "$T" >>kvdigest.yaml
kvdigest-report -n --since 2021-01-01 >digest 2>report.err &
report=$!
for _ in $(seq 600); do
	[ -e waiting ] && break
	sleep 0.1
done
ok 'a filter stalls' test -e waiting
ok 'mails come meanwhile' fill
ok 'the filter has not ended yet' kill -0 "$report"
ok "the store has grown by $(kilobytes store), not twice $(kilobytes alone)" \
    test "$(kilobytes store)" -lt $((2 * $(kilobytes alone)))
if command -v mdb_stat >/dev/null; then
	mdb_stat -r store >readers
	# pid, thread, transaction: "-" is none.
	hasnt 'nobody reads it' "^ *$report .* [0-9]+\$" readers
else
	skip 'nobody reads it' 'no mdb_stat'
fi
touch go
wait "$report"
ok 'the digest is made' grep -q 'KVMARM' digest

done_testing
