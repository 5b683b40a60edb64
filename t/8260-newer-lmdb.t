#!/bin/sh
# kvdigest-ingest with an LMDB newer than the system's, from its source in
# KVDIGEST_LMDB (a directory with mdb.c; HACKING tells where from): the same
# promises in a crowd, also where closing an environment destroys the lock that
# others wait for (0.9.26 to 0.9.31, ITS#9278).
. "${srcdir:-.}/t/lib.sh"

[ -r "${KVDIGEST_LMDB:-}/mdb.c" ] || skip_all 'KVDIGEST_LMDB is not set'

mkdir lib
cc -O2 -fPIC -shared -w -I"$KVDIGEST_LMDB" -o lib/liblmdb.so.0 \
    -Wl,-soname,liblmdb.so.0 "$KVDIGEST_LMDB/mdb.c" "$KVDIGEST_LMDB/midl.c" \
    -lpthread || skip_all 'it does not build here'
cat >closer.c <<'EOF'
#include <lmdb.h>
#include <stdio.h>
#include <stdlib.h>
/* closer STORE N: open, write, close; prints how often that failed. */
int main(int argc, char **argv)
{
	int failed = 0;
	for (int i = 0; i < atoi(argv[argc - 1]); i++) {
		MDB_env *env;
		MDB_txn *txn;
		if (mdb_env_create(&env) || mdb_env_open(env, argv[1], 0, 0600))
			failed++;
		else if (mdb_txn_begin(env, NULL, 0, &txn))
			failed++;
		else if (mdb_txn_commit(txn))
			failed++;
		mdb_env_close(env);
	}
	printf("%d\n", failed);
	return 0;
}
EOF
cc -o closer -I"$KVDIGEST_LMDB" closer.c lib/liblmdb.so.0 || exit 1
LD_LIBRARY_PATH=$T/lib
export LD_LIBRARY_PATH
version=$(sed -n 's/^#define MDB_VERSION_PATCH[ 	]*//p' \
    "$KVDIGEST_LMDB/lmdb.h")
echo "# LMDB 0.9.$version"
new_store
# Made by the newer one, whose format may be another.
rm -rf store
run-shared-ingest --init
ok 'the programs take it' sh -c '
	ldd "$(command -v run-shared-ingest)" | grep -q "$1/lib/liblmdb"' - "$T"

# Does it have the fault?  Four that open and close, beside each other.
for _ in 1 2 3 4; do
	./closer store 1000 >>failures &
done
wait
echo "# of 4,000 openings and closings failed:" \
    "$(awk '{ n += $1 } END { print n }' failures)"

# Eight that deliver, beside those that group, which close the store.
for writer in 1 2 3 4 5 6 7 8; do
	(
		n=0
		while [ $n -lt 40 ]; do
			n=$((n + 1))
			mail "$writer.$n@example.org" </dev/null |
			    run-shared-ingest || echo "$writer.$n: $?" >>failed
		done
	) &
done
for _ in 1 2 3 4 5 6 7 8 9 10; do
	kvdigest-thread >>thread.out 2>&1
done
wait
ok '320 deliveries, all of them 0' test ! -e failed
[ ! -e failed ] || sed 's/^/# /' failed
kvdigest-thread --dump | cut -f1 | sort -u >ids
ok 'each mail is there once' test "$(wc -l <ids)" -eq 320
done_testing
