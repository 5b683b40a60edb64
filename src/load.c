#include "config.h"

#include "load.h"

gboolean
kd_load_add_thread(
    kd_txn *txn, GPtrArray *records, guint64 thread, GError **error)
{
	g_autoptr(GArray) numbers = kd_store_thread_mails(txn, thread, error);

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

	if (!kd_load_add_thread(txn, records, thread, error))
		return NULL;
	return g_steal_pointer(&records);
}

GPtrArray *
kd_load_topic(kd_txn *txn, guint64 topic, GError **error)
{
	g_autoptr(GPtrArray) records = records_new();
	g_autoptr(GArray) threads = kd_store_topic_threads(txn, topic, error);

	for (guint i = 0; threads && i < threads->len; i++)
		if (!kd_load_add_thread(txn, records,
			g_array_index(threads, guint64, i), error))
			return NULL;
	return threads ? g_steal_pointer(&records) : NULL;
}

GPtrArray *
kd_load_active(kd_txn *txn, const struct kd_window *window, GError **error)
{
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
		if (record->copy_of ||
		    !g_hash_table_add(
			seen, g_memdup2(&record->topic, sizeof(record->topic))))
			continue;
		records = kd_load_topic(txn, record->topic, error);
		if (!records)
			return NULL;
		g_ptr_array_add(topics, records);
	}
	return numbers ? g_steal_pointer(&topics) : NULL;
}
