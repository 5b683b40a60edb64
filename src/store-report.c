#include "config.h"

#include <string.h>

#include "store-private.h"

struct report {
	const char *week;
	GBytes *record;
};

static gboolean
get_report(kd_txn *txn, gpointer data, GError **error)
{
	struct report *report = data;
	MDB_val key = {strlen(report->week), (void *)report->week};
	MDB_val value;
	gboolean found;

	if (!kd_txn_get(txn, TABLE_REPORT, &key, &value, &found, error))
		return FALSE;
	if (found)
		report->record = g_bytes_new(value.mv_data, value.mv_size);
	return TRUE;
}

static gboolean
put_report(kd_txn *txn, gpointer data, GError **error)
{
	struct report *report = data;
	MDB_val key = {strlen(report->week), (void *)report->week};
	MDB_val value;

	value.mv_data =
	    (void *)g_bytes_get_data(report->record, &value.mv_size);
	return kd_txn_put(txn, TABLE_REPORT, &key, &value, 0, error);
}

GBytes *
kd_store_report_get(kd_store *store, const char *week, GError **error)
{
	struct report report = {.week = week};

	if (!kd_store_read(store, get_report, &report, error))
		return NULL;
	return report.record;
}

gboolean
kd_store_report_put(
    kd_store *store, const char *week, GBytes *record, GError **error)
{
	struct report report = {.week = week, .record = record};

	return kd_store_write(store, put_report, &report, error);
}

static gboolean
collect_weeks(kd_txn *txn, gpointer data, GError **error)
{
	GPtrArray *weeks = data;
	g_autoptr(MDB_cursor) cursor = NULL;
	MDB_val key, value;
	int rc = mdb_cursor_open(txn->txn, txn->dbi[TABLE_REPORT], &cursor);

	g_ptr_array_set_size(weeks, 0);
	if (!rc)
		rc = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
	while (!rc) {
		g_ptr_array_add(weeks, g_strndup(key.mv_data, key.mv_size));
		rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	return rc == MDB_NOTFOUND || kd_txn_error(txn, rc, "report", error);
}

GStrv
kd_store_report_weeks(kd_store *store, GError **error)
{
	g_autoptr(GPtrArray) weeks = g_ptr_array_new_with_free_func(g_free);

	if (!kd_store_read(store, collect_weeks, weeks, error))
		return NULL;
	g_ptr_array_add(weeks, NULL);
	return (GStrv)g_ptr_array_free(g_steal_pointer(&weeks), FALSE);
}
