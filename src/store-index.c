/*
 * Indexes beside the groups: what leads from what mails have in common to the
 * mails, and what is left to do.
 */
#include "config.h"

#include <string.h>

#include "error.h"
#include "store-private.h"

gboolean
kd_txn_get_fixed(kd_txn *txn, enum kd_table table, MDB_val *key, void *to,
    gsize size, GError **error)
{
	gboolean found;
	MDB_val value;

	memset(to, 0, size);
	if (!kd_txn_get(txn, table, key, &value, &found, error))
		return FALSE;
	if (!found)
		return TRUE;
	if (value.mv_size != size) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: damaged; run kvdigest-thread --rebuild",
		    txn->store->path);
		return FALSE;
	}
	memcpy(to, value.mv_data, size);
	return TRUE;
}

gboolean
kd_txn_add(kd_txn *txn, enum kd_table table, MDB_val *key, guint64 number,
    GError **error)
{
	return kd_txn_put(txn, table, key, VAL(number), 0, error);
}

gboolean
kd_txn_has(kd_txn *txn, enum kd_table table, MDB_val *key, guint64 number,
    gboolean *has, GError **error)
{
	g_autoptr(MDB_cursor) cursor = NULL;
	int rc = mdb_cursor_open(txn->txn, txn->dbi[table], &cursor);

	if (!rc)
		rc = mdb_cursor_get(cursor, key, VAL(number), MDB_GET_BOTH);
	kd_store_looked(txn->store);
	*has = !rc;
	return !rc || rc == MDB_NOTFOUND ||
	       kd_txn_error(txn, rc, "look", error);
}

gboolean
kd_txn_drop(kd_txn *txn, enum kd_table table, MDB_val *key, guint64 *one,
    GError **error)
{
	int rc =
	    mdb_del(txn->txn, txn->dbi[table], key, one ? VAL(*one) : NULL);

	if (rc && rc != MDB_NOTFOUND)
		return kd_txn_error(txn, rc, "delete", error);
	return TRUE;
}

gboolean
kd_store_add_bare(
    kd_txn *txn, const struct kd_node *node, guint64 number, GError **error)
{
	return kd_txn_add(txn, TABLE_BARE, VAL(*node), number, error);
}

GArray *
kd_store_take_bare(kd_txn *txn, const struct kd_node *node, GError **error)
{
	g_autoptr(GArray) numbers =
	    kd_txn_numbers(txn, TABLE_BARE, VAL(*node), error);

	if (!numbers || (numbers->len && !kd_txn_drop(txn, TABLE_BARE,
					     VAL(*node), NULL, error)))
		return NULL;
	return g_steal_pointer(&numbers);
}

gboolean
kd_store_add_key(kd_txn *txn, guint64 key, guint64 number, GError **error)
{
	return kd_txn_add(txn, TABLE_KEY, VAL(key), number, error);
}

GArray *
kd_store_find_key(kd_txn *txn, guint64 key, GError **error)
{
	return kd_txn_numbers(txn, TABLE_KEY, VAL(key), error);
}

gboolean
kd_store_first_text(
    kd_txn *txn, guint64 key, guint64 number, guint64 *first, GError **error)
{
	*first = 0;
	if (!kd_txn_get_fixed(
		txn, TABLE_TEXT, VAL(key), first, sizeof(*first), error))
		return FALSE;
	if (*first)
		return TRUE;
	*first = number;
	return kd_txn_put(txn, TABLE_TEXT, VAL(key), VAL(number), 0, error);
}

gboolean
kd_store_add_todo(kd_txn *txn, guint64 number, GError **error)
{
	MDB_val nothing = {0, (void *)""};

	return kd_txn_put(txn, TABLE_TODO, VAL(number), &nothing, 0, error);
}

gboolean
kd_store_drop_todo(kd_txn *txn, guint64 number, GError **error)
{
	return kd_txn_drop(txn, TABLE_TODO, VAL(number), NULL, error);
}

GArray *
kd_store_list_todo(kd_txn *txn, guint max, GError **error)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint64));
	g_autoptr(MDB_cursor) cursor = NULL;
	MDB_val key, value;
	int rc = mdb_cursor_open(txn->txn, txn->dbi[TABLE_TODO], &cursor);

	if (!rc)
		rc = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
	while (!rc && numbers->len < max) {
		g_array_append_vals(numbers, key.mv_data, 1);
		rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	if (rc && rc != MDB_NOTFOUND) {
		kd_txn_error(txn, rc, "todo", error);
		return NULL;
	}
	return g_steal_pointer(&numbers);
}
