#include "config.h"

#include <errno.h>
#include <string.h>

#include "error.h"
#include "store-private.h"

#define FORMAT "kvdigest 7"

#define STALE_TRIES 100	  /* to find the lock file in order */
#define STALE_WAIT  20000 /* microseconds between two, at most */

#define NUMBERS (MDB_DUPSORT | MDB_DUPFIXED | MDB_INTEGERDUP)

/* LMDB takes integer keys of the machine's size only. */
G_STATIC_ASSERT(sizeof(guint64) == sizeof(size_t));

static const struct {
	const char *name;
	guint flags;
} tables[TABLES] = {
    [TABLE_META] = {"meta", 0},
    [TABLE_MAIL] = {"mail", MDB_INTEGERKEY},
    [TABLE_RAW] = {"raw", MDB_INTEGERKEY},
    [TABLE_ID] = {"id", NUMBERS},
    [TABLE_RECORD] = {"record", MDB_INTEGERKEY},
    [TABLE_ARRIVAL] = {"arrival", 0},
    [TABLE_OUTSIDE] = {"outside", 0},
    [TABLE_GROUP] = {"group", MDB_INTEGERKEY},
    [TABLE_NODE] = {"node", 0},
    [TABLE_BARE] = {"bare", NUMBERS},
    [TABLE_THREAD] = {"thread", MDB_INTEGERKEY},
    [TABLE_MEMBER] = {"member", MDB_INTEGERKEY | NUMBERS},
    [TABLE_ACTOR] = {"actor", MDB_INTEGERKEY | NUMBERS},
    [TABLE_STORY] = {"story", MDB_INTEGERKEY | NUMBERS},
    [TABLE_KEY] = {"key", MDB_INTEGERKEY | NUMBERS},
    [TABLE_TEXT] = {"text", MDB_INTEGERKEY},
    [TABLE_TODO] = {"todo", MDB_INTEGERKEY},
    [TABLE_RULING] = {"ruling", MDB_INTEGERKEY},
    [TABLE_REPORT] = {"report", 0},
    [TABLE_ANSWER] = {"answer", 0},
};

/* Tables that can be made anew from the mails. */
static gboolean
is_derived(enum kd_table table)
{
	return table > TABLE_ID && table < TABLE_RULING;
}

gboolean
kd_store_error(const char *path, int rc, const char *action, GError **error)
{
	enum kd_error code = KD_ERROR_TEMP;
	const char *advice = "";

	switch (rc) {
	case EACCES:
	case EPERM:
	case EROFS:
		code = KD_ERROR_CONFIG;
		advice = "; it must belong to the user that runs this program";
		break;
	case MDB_INVALID:
	case MDB_VERSION_MISMATCH:
		code = KD_ERROR_CONFIG;
		advice = "; this is no store of ours";
		break;
	case MDB_MAP_FULL:
		advice = "; raise store.max_size";
		break;
	case EDEADLK:
		advice = "; its lock file is stale while other programs have "
			 "it open";
		break;
	case MDB_CORRUPTED:
	case MDB_PAGE_NOTFOUND:
		code = KD_ERROR_CONFIG;
		advice = "; restore it from a backup";
		break;
	default:
		break;
	}
	g_set_error(error, KD_ERROR, code, "%s: %s: %s%s", path, action,
	    mdb_strerror(rc), advice);
	return FALSE;
}

gboolean
kd_txn_error(kd_txn *txn, int rc, const char *action, GError **error)
{
	txn->full |= rc == MDB_MAP_FULL;
	return kd_store_error(txn->store->path, rc, action, error);
}

static gboolean
open_tables(kd_txn *txn, guint flags, GError **error)
{
	for (int i = 0; i < TABLES; i++) {
		int rc = mdb_dbi_open(txn->txn, tables[i].name,
		    tables[i].flags | flags, &txn->dbi[i]);

		if (rc == MDB_NOTFOUND)
			rc = MDB_INVALID;
		if (rc)
			return kd_txn_error(txn, rc, tables[i].name, error);
	}
	return TRUE;
}

/*
 * Another process may have grown the map since we looked, and readers that
 * were killed keep their slots until somebody clears them.
 */
static int
begin_once(kd_store *store, guint flags, MDB_txn **txn)
{
	int rc = mdb_txn_begin(store->env, NULL, flags, txn);
	int dead;

	if (rc == MDB_MAP_RESIZED)
		rc = mdb_env_set_mapsize(store->env, 0);
	else if (rc == MDB_READERS_FULL)
		rc = mdb_reader_check(store->env, &dead);
	else if (rc == EINVAL)
		/* Another process closed it and took the lock along:
		 * LMDB 0.9.26 to 0.9.31 (ITS#9278). */
		rc = kd_store_open_env(store, 0);
	else
		return rc;
	return rc ? rc : mdb_txn_begin(store->env, NULL, flags, txn);
}

/* Whether a transaction that writes follows the last one on the disk. */
static gboolean
follows(kd_store *store, MDB_txn *txn)
{
	MDB_envinfo info;

	mdb_env_info(store->env, &info);
	return mdb_txn_id(txn) == info.me_last_txnid + 1;
}

/*
 * The first process that opens a store makes its lock file anew: 0 for the
 * number of the last transaction in mdb_env_setup_locks(), the true one in
 * mdb_env_share_locks().  One that is killed in between leaves the 0 to those
 * who waited for it.  What they would write on top of that is lost when the
 * store is next opened, so nobody writes: all close it, until one is the first
 * again.  Those who only read get one of the last two states, whole, and its
 * pages are not used again before they end.
 */
static int
begin(kd_store *store, guint flags, MDB_txn **txn)
{
	int rc = begin_once(store, flags, txn);

	for (guint i = 0; !rc && !(flags & MDB_RDONLY); i++) {
		if (follows(store, *txn))
			return 0;
		mdb_txn_abort(g_steal_pointer(txn));
		if (i == STALE_TRIES)
			return EDEADLK;
		g_clear_pointer(&store->env, mdb_env_close);
		g_usleep(g_random_int_range(1, STALE_WAIT));
		rc = kd_store_open_env(store, 0);
		if (!rc)
			rc = begin_once(store, flags, txn);
	}
	return rc;
}

static gboolean
check_format(kd_txn *txn, GError **error)
{
	MDB_val key = {strlen("format"), (void *)"format"};
	MDB_val value;
	gboolean found;

	if (!kd_txn_get(txn, TABLE_META, &key, &value, &found, error))
		return FALSE;
	if (found && value.mv_size == strlen(FORMAT) &&
	    !memcmp(value.mv_data, FORMAT, value.mv_size))
		return TRUE;
	g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
	    "%s: is of another format than \"" FORMAT "\"; it wants the "
	    "version of kvdigest that made it",
	    txn->store->path);
	return FALSE;
}

/* Double the map, within the operator's limit. */
static gboolean
grow(kd_store *store, GError **error)
{
	MDB_envinfo info;
	guint64 size;
	int rc;

	mdb_env_info(store->env, &info);
	if (info.me_mapsize >= store->max_size)
		return kd_store_error(store->path, MDB_MAP_FULL, "grow", error);
	size = MIN((guint64)info.me_mapsize * 2, store->max_size);
	rc = mdb_env_set_mapsize(store->env, (size_t)size);
	return rc ? kd_store_error(store->path, rc, "grow", error) : TRUE;
}

enum ending {
	ENDING_COMMIT,
	ENDING_ABORT,
	ENDING_READ
};

static gboolean
run_once(kd_store *store, kd_store_func func, gpointer data, enum ending ending,
    gboolean *full, GError **error)
{
	kd_txn txn = {.store = store};
	g_autoptr(MDB_txn) handle = NULL;
	int rc = begin(store, ending == ENDING_READ ? MDB_RDONLY : 0, &handle);

	if (rc)
		return kd_store_error(store->path, rc, "begin", error);
	txn.txn = handle;
	if (!open_tables(&txn, 0, error) || !check_format(&txn, error) ||
	    !func(&txn, data, error)) {
		*full = txn.full;
		return FALSE;
	}
	if (ending != ENDING_COMMIT)
		return TRUE;
	rc = mdb_txn_commit(g_steal_pointer(&handle));
	*full = rc == MDB_MAP_FULL;
	return rc ? kd_store_error(store->path, rc, "commit", error) : TRUE;
}

static gboolean
run(kd_store *store, kd_store_func func, gpointer data, enum ending ending,
    GError **error)
{
	for (;;) {
		g_autoptr(GError) problem = NULL;
		gboolean full = FALSE;

		if (run_once(store, func, data, ending, &full, &problem))
			return TRUE;
		if (!full) {
			g_propagate_error(error, g_steal_pointer(&problem));
			return FALSE;
		}
		if (!grow(store, error))
			return FALSE;
	}
}

gboolean
kd_store_write(
    kd_store *store, kd_store_func func, gpointer data, GError **error)
{
	return run(store, func, data, ENDING_COMMIT, error);
}

gboolean
kd_store_rehearse(
    kd_store *store, kd_store_func func, gpointer data, GError **error)
{
	return run(store, func, data, ENDING_ABORT, error);
}

gboolean
kd_store_read(
    kd_store *store, kd_store_func func, gpointer data, GError **error)
{
	return run(store, func, data, ENDING_READ, error);
}

gboolean
kd_store_create_tables(kd_store *store, GError **error)
{
	kd_txn txn = {.store = store};
	g_autoptr(MDB_txn) handle = NULL;
	MDB_val key = {strlen("format"), (void *)"format"};
	MDB_val value = {strlen(FORMAT), (void *)FORMAT};
	int rc = mdb_txn_begin(store->env, NULL, 0, &handle);

	txn.txn = handle;
	if (rc)
		return kd_store_error(store->path, rc, "create", error);
	if (!open_tables(&txn, MDB_CREATE, error) ||
	    !kd_txn_put(&txn, TABLE_META, &key, &value, 0, error))
		return FALSE;
	rc = mdb_txn_commit(g_steal_pointer(&handle));
	return rc ? kd_store_error(store->path, rc, "create", error) : TRUE;
}

gboolean
kd_txn_get(kd_txn *txn, enum kd_table table, MDB_val *key, MDB_val *value,
    gboolean *found, GError **error)
{
	int rc = mdb_get(txn->txn, txn->dbi[table], key, value);

	kd_store_looked(txn->store);
	*found = !rc;
	if (rc && rc != MDB_NOTFOUND)
		return kd_txn_error(txn, rc, tables[table].name, error);
	if (*found)
		kd_value_want(txn->store, value);
	return TRUE;
}

gboolean
kd_txn_put(kd_txn *txn, enum kd_table table, MDB_val *key, MDB_val *value,
    guint flags, GError **error)
{
	int rc = mdb_put(txn->txn, txn->dbi[table], key, value, flags);

	return rc ? kd_txn_error(txn, rc, tables[table].name, error) : TRUE;
}

gboolean
kd_txn_last(kd_txn *txn, enum kd_table table, guint64 *number, GError **error)
{
	g_autoptr(MDB_cursor) cursor = NULL;
	MDB_val key, value;
	int rc = mdb_cursor_open(txn->txn, txn->dbi[table], &cursor);

	*number = 0;
	if (!rc)
		rc = mdb_cursor_get(cursor, &key, &value, MDB_LAST);
	if (rc == MDB_NOTFOUND)
		return TRUE;
	if (rc)
		return kd_txn_error(txn, rc, tables[table].name, error);
	memcpy(number, key.mv_data, sizeof(*number));
	return TRUE;
}

gboolean
kd_txn_add_numbers(kd_txn *txn, enum kd_table table, MDB_val *key,
    GArray *numbers, GError **error)
{
	g_autoptr(MDB_cursor) cursor = NULL;
	MDB_val value;
	/* Often there is nothing, and a cursor costs more than the look. */
	int rc = mdb_get(txn->txn, txn->dbi[table], key, &value);

	kd_store_looked(txn->store);
	if (!rc)
		rc = mdb_cursor_open(txn->txn, txn->dbi[table], &cursor);
	if (!rc)
		rc = mdb_cursor_get(cursor, key, &value, MDB_SET_KEY);
	while (!rc) {
		/* Values may be unaligned; this copies bytes. */
		g_array_append_vals(numbers, value.mv_data, 1);
		rc = mdb_cursor_get(cursor, key, &value, MDB_NEXT_DUP);
	}
	return rc == MDB_NOTFOUND ||
	       kd_txn_error(txn, rc, tables[table].name, error);
}

GArray *
kd_txn_numbers(kd_txn *txn, enum kd_table table, MDB_val *key, GError **error)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint64));

	return kd_txn_add_numbers(txn, table, key, numbers, error)
		   ? g_steal_pointer(&numbers)
		   : NULL;
}

gboolean
kd_store_drop_derived(kd_txn *txn, GError **error)
{
	txn->key = 0;
	txn->entry = (struct kd_thread_entry){0};
	for (int i = 0; i < TABLES; i++) {
		int rc = 0;

		if (is_derived((enum kd_table)i))
			rc = mdb_drop(txn->txn, txn->dbi[i], 0);
		if (rc)
			return kd_txn_error(txn, rc, tables[i].name, error);
	}
	return TRUE;
}
