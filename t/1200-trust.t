#!/bin/sh
# What counts as the list's mail: by what the mail system says of the envelope,
# in options, in the environment and in fields of its own; the rest is stored
# and in no digest.
. "${srcdir:-.}/t/lib.sh"

new_store
cp kvdigest.yaml plain.yaml

# configure LINE...: these keys of "list" besides.
configure()
{
	rm -rf store
	sed '/^mail:/,$d' plain.yaml >kvdigest.yaml
	printf '  %s\n' "$@" >>kvdigest.yaml
	kvdigest-ingest --init
}

# counted: how many mails the digest has.
counted()
{
	kvdigest-report -n --no-llm --since 2001-01-01 --format json 2>err |
	    perl -MJSON::PP -0e 'print decode_json(<>)->{totals}{mails}, "\n"'
}

mail one@example.org </dev/null >one
mail two@example.org </dev/null >two

configure 'sender_hosts: [lists.example.org]'
SENDER=kvmarm-bounces@lists.example.org kvdigest-ingest <one
SENDER=eve@example.net kvdigest-ingest <two
kvdigest-thread --dump >dump
ok 'both mails are stored' test "$(wc -l <dump)" -eq 2
ok 'that with a copied List-Id does not count' test "$(counted)" = 1
SENDER=eve@example.net kvdigest-ingest \
    --sender kvmarm-bounces@lists.example.org <<EOF
$(mail three@example.org </dev/null)
EOF
ok 'an option goes before the environment' test "$(counted)" = 2

mail bytes@example.org </dev/null >bytes
status 'an envelope in UTF-8 (RFC 6531)' 0 env LC_ALL=C kvdigest-ingest \
    --sender jörg@lists.example.org <bytes
ok 'counts by its host' test "$(counted)" = 3
status 'or in no charset' 0 kvdigest-ingest \
    --sender "$(printf 'j\366rg@example.net')" --recipient "$(printf '\377')" \
    <bytes

configure 'recipient: kvdigest+q7@example.org'
RECIPIENT=kvdigest+q7@example.org kvdigest-ingest <one
RECIPIENT=kvdigest@example.org kvdigest-ingest <two
ok 'the secret address' test "$(counted)" = 1
RECIPIENT=kvdigest@example.org ORIGINAL_RECIPIENT=kvdigest+q7@example.org \
    kvdigest-ingest <<EOF
$(mail four@example.org </dev/null)
EOF
ok 'before an alias led elsewhere' test "$(counted)" = 2
mail five@example.org </dev/null |
    kvdigest-ingest --recipient kvdigest+q7@example.org
ok 'by an option' test "$(counted)" = 3
{
	echo 'X-Original-To: kvdigest+q7@example.org'
	echo 'Received: by mx.example.org; Tue, 09 Mar 2021 10:00:00 +0000'
	mail six@example.org </dev/null
} | kvdigest-ingest
ok 'by a field of our mail system' test "$(counted)" = 4
{
	echo 'Received: by mx.example.org; Tue, 09 Mar 2021 10:00:00 +0000'
	echo 'X-Original-To: kvdigest+q7@example.org'
	mail seven@example.org </dev/null
} | kvdigest-ingest
ok 'not by one of the sender' test "$(counted)" = 4
mail eight@example.org </dev/null >archive
kvdigest-ingest --archived <archive
ok 'an archive has no envelope' test "$(counted)" = 5

configure 'authserv_id: mx.example.org'
status 'authserv_id alone: 75' 75 kvdigest-ingest <one
has 'says what is missing' 'list.authserv_id: .*list.sender_hosts' err

# The one that came through the list is the one that counts, also if another
# with its Message-ID was there before.
configure 'sender_hosts: [lists.example.org]'
mail one@example.org <<EOF | SENDER=eve@example.net kvdigest-ingest
forged
EOF
SENDER=kvmarm-bounces@lists.example.org kvdigest-ingest <one
ok 'a forged id before it takes no place' test "$(counted)" = 1
kvdigest-thread --raw one@example.org >raw
is 'nor its bytes' one raw
done_testing
