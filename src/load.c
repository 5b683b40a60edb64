#include "config.h"

#include "load.h"

/* Append the records of mails (numbers, or NULL when they were not found). */
static gboolean
add_records(
    kd_txn *txn, GPtrArray *records, const GArray *numbers, GError **error)
{
	for (guint i = 0; numbers && i < numbers->len; i++) {
		kd_record *record = kd_store_get_record(
		    txn, g_array_index(numbers, guint64, i), error);

		if (!record)
			return FALSE;
		g_ptr_array_add(records, record);
	}
	return numbers != NULL;
}

static GPtrArray *
records_new(void)
{
	return g_ptr_array_new_with_free_func((GDestroyNotify)kd_record_free);
}

GPtrArray *
kd_load_thread(kd_txn *txn, guint64 thread, GError **error)
{
	g_autoptr(GPtrArray) records = records_new();
	g_autoptr(GArray) numbers = kd_store_thread_mails(txn, thread, error);

	if (!add_records(txn, records, numbers, error))
		return NULL;
	return g_steal_pointer(&records);
}

GPtrArray *
kd_load_topic(kd_txn *txn, guint64 topic, GError **error)
{
	g_autoptr(GPtrArray) records = records_new();
	g_autoptr(GArray) pieces = kd_store_topic_pieces(txn, topic, error);

	for (guint i = 0; pieces && i < pieces->len; i++) {
		g_autoptr(GArray) numbers = kd_store_piece_mails(
		    txn, g_array_index(pieces, guint64, i), error);

		if (!add_records(txn, records, numbers, error))
			return NULL;
	}
	return pieces ? g_steal_pointer(&records) : NULL;
}

GPtrArray *
kd_load_active(
    kd_txn *txn, const struct kd_window *window, guint *copies, GError **error)
{
	guint n_copies = 0;
	g_autoptr(GPtrArray) topics =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	g_autoptr(GArray) numbers =
	    kd_store_find_arrived(txn, window->since, window->until, error);

	for (guint i = 0; numbers && i < numbers->len; i++) {
		g_autoptr(kd_record) record = kd_store_get_record(
		    txn, g_array_index(numbers, guint64, i), error);
		GPtrArray *records;

		if (!record)
			return NULL;
		n_copies += record->copy_of != 0;
		if (record->copy_of ||
		    !g_hash_table_add(
			seen, g_memdup2(&record->topic, sizeof(record->topic))))
			continue;
		records = kd_load_topic(txn, record->topic, error);
		if (!records)
			return NULL;
		g_ptr_array_add(topics, records);
	}
	if (copies)
		*copies = n_copies;
	return numbers ? g_steal_pointer(&topics) : NULL;
}
