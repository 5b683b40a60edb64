/*
 * run-lock-holder STORE r|w: hold a read or the write transaction of a store,
 * say so by a line on standard output, and wait to be killed.
 */
#include "config.h"

#include <lmdb.h>
#include <stdio.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	MDB_env *env;
	MDB_txn *txn;

	if (argc != 3)
		return 64;
	if (mdb_env_create(&env) || mdb_env_open(env, argv[1], 0, 0600) ||
	    mdb_txn_begin(env, NULL, argv[2][0] == 'r' ? MDB_RDONLY : 0, &txn))
		return 75;
	puts("held");
	fflush(stdout);
	/* Not for ever, should a test forget it. */
	alarm(120);
	pause();
	return 0;
}
