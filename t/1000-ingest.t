#!/bin/sh
# kvdigest-ingest, one mail on standard input.  The MTA's contract: exit 0 says
# that the mail is on disk, everything else is 75, and nothing is ever lost or
# counted twice.
. "${srcdir:-.}/t/lib.sh"

mail one@example.org >one </dev/null
status 'without a configuration: 75' 75 kvdigest-ingest <one
has 'the MTA reads an enhanced status code first' \
    '^4\.3\.0 kvdigest-ingest: .*configuration' err

new_store
status 'a second --init is refused' 75 kvdigest-ingest --init
has 'and says why' 'there is a store already' err

status 'a mail: 0' 0 kvdigest-ingest <one
ok 'silence on success' test ! -s out -a ! -s err
status 'the same bytes again: 0' 0 kvdigest-ingest <one
kvdigest-thread --dump >dump
echo 'one@example.org	thread:1	topic:1' >want
is 'counted once' want dump
kvdigest-thread --raw one@example.org >raw
is 'the bytes come back as they went in' one raw

printf 'From: a@example.org\nSubject: no id\n\nbody\n' >noid
status 'a mail without Message-ID: 0' 0 kvdigest-ingest <noid
kvdigest-ingest <noid
kvdigest-thread --dump | tail -n +2 >dump
has 'has a synthetic id' \
    '^[0-9a-f]{32}@no-message-id.kvdigest.invalid	thread:2' dump
ok 'and only one' test "$(wc -l <dump)" -eq 1

status 'no bytes at all: 75' 75 kvdigest-ingest </dev/null
has 'and says that there is no mail' '4\.3\.0 .*no mail: it is empty' err
status 'standard input closed: 75' 75 sh -c 'kvdigest-ingest <&-'
status 'a directory as standard input: 75' 75 kvdigest-ingest <"$T"

mail one@example.org >other <<-EOF
	other bytes
EOF
status 'the same id with other bytes: 0' 0 kvdigest-ingest <other
kvdigest-thread --dump >dump
ok 'both are kept, in one thread' \
    test "$(grep -c 'one@example.org	thread:1	topic:1' dump)" -eq 2

printf 'From: a@example.org\nMessage-ID: <nul@example.org>\n\na\0b\n' >nul
status 'a NUL byte: 0' 0 kvdigest-ingest <nul
kvdigest-thread --raw nul@example.org >raw
is 'kept' nul raw

status 'an unknown option: 75, not 64' 75 kvdigest-ingest --no-such <one
has 'it is named' '4\.3\.0 .*--no-such' err
status 'an operand: 75' 75 kvdigest-ingest mail <one
status 'two jobs at once: 75' 75 kvdigest-ingest --init --mbox x
status '--help: 0' 0 kvdigest-ingest --help
has 'on standard output' 'maildir=DIR' out
status '--version: 0' 0 kvdigest-ingest --version
has 'names the package' '^kvdigest-ingest \(kvdigest\) [0-9]' out

# Stores that are none.  Ingest never makes one by itself: that would be
# taken for an empty week.
cp -r store good
status 'a good store, to begin with' 0 kvdigest-ingest <one
rm -rf store
status 'store missing: 75' 75 kvdigest-ingest <one
has 'the remedy is named' 'kvdigest-ingest --init' err
ok 'nothing was made' test ! -e store
mkdir store
: >store/data.mdb
status 'data file empty: 75' 75 kvdigest-ingest <one
has 'it says so' 'is empty' err
ok 'it stays empty' test ! -s store/data.mdb
head -c 20000 /dev/urandom >store/data.mdb
status 'data file foreign: 75' 75 kvdigest-ingest <one
head -c 20000 good/data.mdb >store/data.mdb
status 'data file truncated: 75' 75 kvdigest-ingest <one
has 'it says so' 'truncated' err
rm -rf store && cp -r good store
# Root may write everything, so a test as root becomes somebody else.
unprivileged=
if [ "$(id -u)" -eq 0 ]; then
	chown -R 65534:65534 "$T"
	unprivileged='setpriv --reuid=65534 --regid=65534 --clear-groups'
fi
chmod 500 store
chmod 400 store/*
# shellcheck disable=SC2086 # a command and its options
status 'store not writable: 75' 75 $unprivileged kvdigest-ingest <one
chmod 700 store
chmod 600 store/*
[ -z "$unprivileged" ] || chown -R 0:0 "$T"
status 'and a good one again' 0 kvdigest-ingest <one

# A limit on file size kills by SIGXFSZ unless it is ignored.
head -c 300000 /dev/zero | tr '\0' 'x' | mail big@example.org >big
status 'file-size limit: 75' 75 sh -c 'ulimit -f 100; kvdigest-ingest <big'
status 'and without it: 0' 0 kvdigest-ingest <big

echo 'store: [' >bad.yaml
chmod 600 bad.yaml
status 'broken configuration: 75' 75 kvdigest-ingest -c bad.yaml <one
has 'with file, line and column' 'bad.yaml:[0-9]+:[0-9]+: ' err
ok 'standard input is read to its end, even so' sh -c '
	{ head -c 1000000 /dev/zero && : >written; } |
	    kvdigest-ingest --no-such 2>/dev/null
	test -e written'

# Where the user's file is looked for.
mkdir -p home/.config/kvdigest
cp bad.yaml home/.config/kvdigest/kvdigest.yaml
status 'a file of the user' 75 env -u KVDIGEST_CONFIG HOME="$T/home" \
    kvdigest-ingest <one
has 'is found' 'home/.config/kvdigest/kvdigest.yaml:[0-9]+:' err
status 'XDG_CONFIG_HOME' 75 env -u KVDIGEST_CONFIG HOME=/nowhere \
    XDG_CONFIG_HOME="$T/home/.config" kvdigest-ingest <one
has 'wins' 'home/.config/kvdigest/kvdigest.yaml:[0-9]+:' err

# What the loader cannot load ends in 127, which returns mail; and nothing that
# reads MIME or speaks to a network has a place here.
if command -v ldd >/dev/null; then
	ldd "$(command -v run-shared-ingest)" >libraries
	hasnt 'no library that this program must not need' \
	    'gmime|gio|gobject|curl|jansson' libraries
fi

# The map grows by itself.
n=0
while [ $n -lt 30 ]; do
	n=$((n + 1))
	head -c 4000000 /dev/zero | tr '\0' 'y' | mail "fat$n@example.org" |
	    kvdigest-ingest || echo "mail $n"
done >failed
ok '120 MB into a map of 64' test ! -s failed

# Many at once.
n=0
while [ $n -lt 20 ]; do
	n=$((n + 1))
	kvdigest-ingest <one &
	mail "many$n@example.org" </dev/null | kvdigest-ingest &
done
wait
kvdigest-thread --dump >dump
ok '20 processes with a mail each' \
    test "$(grep -c '^many' dump)" -eq 20
ok '20 with one and the same' \
    test "$(grep -c '^one@' dump)" -eq 2
done_testing
