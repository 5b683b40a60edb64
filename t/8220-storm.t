#!/bin/sh
# Eight writers, killed at random moments: every mail that one of them was told
# is stored is there, once, byte for byte.
. "${srcdir:-.}/t/lib.sh"

kills=300
[ ! "${KVDIGEST_LONG:-}" ] || kills=10000
seed=$(date +%s)
echo "# seed $seed"

new_store
mkdir mails
status "$kills kills" 0 timeout 1500 perl "$srcdir/t/storm.pl" 8 $kills \
    "$seed" mails
sed 's/^/# writer: /' out

sed 's/$/@example.org/' accepted | sort >want
ok 'mails were accepted' test "$(wc -l <want)" -gt 20
kvdigest-thread --dump | cut -f1 | sort >got
is 'each is there once, and no other' want got
while read -r n; do
	kvdigest-thread --raw "$n@example.org" | cmp -s - "mails/$n" ||
	    echo "$n"
done <accepted >wrong
is 'with its bytes' /dev/null wrong
done_testing
