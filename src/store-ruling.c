#include "config.h"

#include <string.h>

#include "error.h"
#include "store-private.h"

static gboolean
set_damaged(kd_txn *txn, guint64 number, GError **error)
{
	g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
	    "%s: ruling %" G_GUINT64_FORMAT ": damaged; restore the store "
	    "from a backup",
	    txn->store->path, number);
	return FALSE;
}

GPtrArray *
kd_store_list_rulings(kd_txn *txn, GError **error)
{
	g_autoptr(GPtrArray) rulings =
	    g_ptr_array_new_with_free_func((GDestroyNotify)kd_ruling_free);
	g_autoptr(MDB_cursor) cursor = NULL;
	MDB_val key, value;
	int rc = mdb_cursor_open(txn->txn, txn->dbi[TABLE_RULING], &cursor);

	if (!rc)
		rc = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
	while (!rc) {
		struct kd_ruling *ruling =
		    kd_ruling_unpack(value.mv_data, value.mv_size);
		guint64 number;

		memcpy(&number, key.mv_data, sizeof(number));
		if (!ruling) {
			set_damaged(txn, number, error);
			return NULL;
		}
		ruling->number = number;
		g_ptr_array_add(rulings, ruling);
		rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	if (rc != MDB_NOTFOUND) {
		kd_txn_error(txn, rc, "ruling", error);
		return NULL;
	}
	return g_steal_pointer(&rulings);
}

gboolean
kd_store_add_ruling(kd_txn *txn, struct kd_ruling *ruling, GError **error)
{
	g_autoptr(GBytes) packed = kd_ruling_pack(ruling);
	MDB_val value;
	guint64 number;

	if (!kd_txn_last(txn, TABLE_RULING, &number, error))
		return FALSE;
	number++;
	value.mv_data = (void *)g_bytes_get_data(packed, &value.mv_size);
	if (!kd_txn_put(txn, TABLE_RULING, VAL(number), &value, 0, error))
		return FALSE;
	ruling->number = number;
	return TRUE;
}

gboolean
kd_store_drop_ruling(kd_txn *txn, guint64 number, GError **error)
{
	return kd_txn_drop(txn, TABLE_RULING, VAL(number), NULL, error);
}
