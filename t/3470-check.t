#!/bin/sh
# kvdigest-report --check: all that a digest needs is tried, and what is wrong is
# named with what to do.
. "${srcdir:-.}/t/lib.sh"
. "$srcdir/t/llm.sh"
trap 'stop_servers; rm -rf "$T"' EXIT

new_store
cp "$srcdir/t/fake-sendmail" sendmail
start_server server
echo sk-canary-0123456789abcdef >key
chmod 600 key
echo hello | mail m1@example.org | kvdigest-ingest --archived

# configure SENDMAIL [LINE...]: k.yaml, with what comes after mail.
configure()
{
	sed "/sendmail/d; s/^mail:.*/mail:/" kvdigest.yaml >k.yaml
	echo "  sendmail: [$1]" >>k.yaml
	shift
	for line; do
		echo "$line" >>k.yaml
	done
}

# model NAME SCENARIO [LINE...]
model()
{
	echo "    $1: {base_url: \"http://127.0.0.1:$port/$2/v1\", model: m${3+, $3}}"
}

# check STATUS DESCRIPTION
check()
{
	rm -f argv
	cp -r store before
	status "$2" "$1" kvdigest-report -c k.yaml --check
	ok '  sends no mail' test ! -e argv
	ok '  changes nothing' cmp before/data.mdb store/data.mdb
	rm -r before
}

configure "$T/sendmail"
check 0 'facts alone'
ok '  a line for each' test "$(grep -c '^ok     ' out)" -eq 6 -a "$(wc -l <out)" -eq 6
has '  the configuration' "^ok     configuration: k.yaml$" out
has '  the store' "^ok     store: $T/store: 1 mails$" out
has '  the chain' '^ok     filters\.chain: [1-9] sentences$' out
has '  sendmail' "^ok     sendmail: $T/sendmail .*-- team@example.org$" out
is '  silently' /dev/null err

configure "$T/sendmail" 'filters: {chain: [trim-quotes, summarise-llm]}' \
    'llm:' '  use: [a, b]' '  profiles:' \
    "$(model a good "api_key_file: $T/key, price: {input: 2, output: 8}")" \
    "$(model b key401 "api_key_file: $T/key")"
rm -f server/[0-9]* server/log
check 78 'a model that answers, and a key that is wrong'
has '  the one' '^ok     model a: [1-9] sentences, [1-9][0-9]+ tokens, price 0\.00' out
has '  the other' '^WRONG  model b: .*summarise-llm: exit status 78$' out
has '  and what to do' 'b: status 401.*; mend the key, see api_key_file' err
has '  the fallback' '^ok     filters\.fallback: ' out
has '  the sum' '^kvdigest-report: check: 1 of 8 are wrong$' err
ok '  one request each' test "$(sent)" -eq 2
cat out err server/*.body >said
hasnt '  the key is nowhere' canary said

configure "$T/sendmail" 'filters: {chain: [summarise-llm]}' \
    'llm:' '  use: [a, b, c, d]' '  profiles:' \
    "$(model a nosuch)" "$(model b good "api_key_file: $T/open")" \
    '    c: {base_url: "http://127.0.0.1:1/v1", model: m}' \
    "$(model d garbage)"
echo x >open
chmod 644 open
check 69 'four that do not work'
has '  an address' 'a: status 404.*; mend base_url, .* or model$' err
has '  a key that others can read' "$T/open: mode 0644.*chmod 600" err
has '  no server' 'c: .*; is it running, and base_url right[?]$' err
ok '  each is named' test "$(grep -c '^WRONG  model' out)" -eq 4

configure "$T/missing" 'filters: {chain: [summarise-none]}'
check 78 'programs that are not there'
has '  the filter' '^WRONG  filters\.chain: .*summarise-none' out
has '  sendmail' "^WRONG  sendmail: $T/missing: No such file" out

cat >garbage <<'EOF'
#!/bin/sh
echo '{"format": 1, "summary": {"sentences": [
    {"field": "week", "text": "See https://example.org", "cites": ["m1"]}]}}'
EOF
chmod +x garbage
configure "$T/sendmail" "filters: {chain: [$T/garbage]}"
check 69 'a program whose sentences do not pass'
has '  says so' '^WRONG  filters\.chain: 1 sentences, none of which passes$' out

# A parser that is there, and dies.
mkdir filters
cp "$builddir"/filters/* filters 2>/dev/null
printf '#!/bin/sh\nexit 1\n' >filters/parse-mail
chmod +x filters/parse-mail
configure "$T/sendmail"
status 'a parser that does not parse' 78 \
    env KVDIGEST_EXEC_PATH="$T/filters" kvdigest-report -c k.yaml --check
has '  is found' '^WRONG  parser: ' out

sed "s,$T/store,$T/nowhere," kvdigest.yaml >k.yaml
status 'no store' 78 kvdigest-report -c k.yaml --check
has '  says how to make one' '^WRONG  store: .*no store there; make one with kvdigest-ingest --init' out
status 'it goes with nothing else' 64 kvdigest-report --check --week 2021-W10
has '  and says so' '--check excludes --week' err
done_testing
