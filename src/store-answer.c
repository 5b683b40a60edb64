#include "config.h"

#include <string.h>

#include "store-private.h"

gboolean
kd_store_get_answer(
    kd_txn *txn, const guint8 *key, kd_answer **answer, GError **error)
{
	MDB_val name = {KD_ANSWER_KEY, (void *)key};
	MDB_val value;
	gboolean found;

	*answer = NULL;
	if (!kd_txn_get(txn, TABLE_ANSWER, &name, &value, &found, error))
		return FALSE;
	if (found) {
		g_autoptr(GBytes) record =
		    g_bytes_new(value.mv_data, value.mv_size);

		*answer = kd_answer_unpack(record);
	}
	if (*answer)
		memcpy((*answer)->key, key, KD_ANSWER_KEY);
	return TRUE;
}

gboolean
kd_store_put_answer(kd_txn *txn, const kd_answer *answer, GError **error)
{
	g_autoptr(GBytes) record = kd_answer_pack(answer);
	MDB_val key = {KD_ANSWER_KEY, (void *)answer->key};
	MDB_val value;

	value.mv_data = (void *)g_bytes_get_data(record, &value.mv_size);
	return kd_txn_put(txn, TABLE_ANSWER, &key, &value, 0, error);
}

gboolean
kd_store_drop_answer(kd_txn *txn, const guint8 *key, GError **error)
{
	MDB_val name = {KD_ANSWER_KEY, (void *)key};

	return kd_txn_drop(txn, TABLE_ANSWER, &name, NULL, error);
}

static int
compare_answers(gconstpointer a, gconstpointer b)
{
	const kd_answer *x = *(kd_answer *const *)a;
	const kd_answer *y = *(kd_answer *const *)b;

	if (x->made != y->made)
		return x->made < y->made ? -1 : 1;
	return (x->topic > y->topic) - (x->topic < y->topic);
}

GPtrArray *
kd_store_list_answers(kd_txn *txn, GError **error)
{
	g_autoptr(GPtrArray) answers =
	    g_ptr_array_new_with_free_func((GDestroyNotify)kd_answer_free);
	g_autoptr(MDB_cursor) cursor = NULL;
	MDB_val key, value;
	int rc = mdb_cursor_open(txn->txn, txn->dbi[TABLE_ANSWER], &cursor);

	if (!rc)
		rc = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
	while (!rc) {
		g_autoptr(GBytes) record =
		    g_bytes_new(value.mv_data, value.mv_size);
		kd_answer *answer = kd_answer_unpack(record);

		if (answer && key.mv_size == KD_ANSWER_KEY) {
			memcpy(answer->key, key.mv_data, KD_ANSWER_KEY);
			g_ptr_array_add(answers, g_steal_pointer(&answer));
		}
		kd_answer_free(answer);
		rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	if (rc != MDB_NOTFOUND) {
		kd_txn_error(txn, rc, "answer", error);
		return NULL;
	}
	g_ptr_array_sort(answers, compare_answers);
	return g_steal_pointer(&answers);
}
