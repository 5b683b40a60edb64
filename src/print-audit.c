#include "config.h"

#include <stdio.h>

#include "error.h"
#include "partition.h"
#include "print-private.h"

/* The records of all mails, which have numbers without a gap. */
struct load {
	kd_partition *partition;
	guint64 last;
};

static gboolean
take_in(guint64 number, const void *record, gsize length, gpointer data,
    GError **error)
{
	struct load *load = data;

	if (number != load->last + 1) {
		g_set_error(error, KD_ERROR, KD_ERROR_BUG,
		    "audit: mail %" G_GUINT64_FORMAT " has no record; "
		    "kvdigest-thread --rebuild makes it",
		    load->last + 1);
		return FALSE;
	}
	load->last = number;
	if (kd_partition_add(load->partition, number, record, length, error))
		return TRUE;
	g_prefix_error(error, "audit: mail %" G_GUINT64_FORMAT ": ", number);
	return FALSE;
}

static gboolean
print_wrong(
    kd_txn *txn, guint64 number, guint64 kept, guint64 found, GError **error)
{
	g_autoptr(kd_record) record = kd_store_get_record(txn, number, error);

	if (record)
		printf("%s: kept in thread:%" G_GUINT64_FORMAT
		       ", by its ids in thread:%" G_GUINT64_FORMAT "\n",
		    record->id, kept, found);
	return record != NULL;
}

gboolean
kd_print_audit(kd_txn *txn, G_GNUC_UNUSED gpointer data, GError **error)
{
	g_autoptr(kd_partition) partition = kd_partition_new();
	struct load load = {.partition = partition};
	g_autoptr(GArray) kept = NULL;
	g_autoptr(GArray) found = NULL;
	guint64 threads = 0, wrong = 0;

	if (!kd_store_walk_records(txn, take_in, &load, error))
		return FALSE;
	found = kd_partition_threads(partition);
	kept = kd_store_list_threads(txn, load.last, error);
	for (guint i = 0; kept && i < found->len; i++) {
		guint64 one = g_array_index(kept, guint64, i);
		guint64 two = g_array_index(found, guint64, i);

		threads += two == i + 1;
		wrong += one != two;
		if (one != two && !print_wrong(txn, i + 1, one, two, error))
			return FALSE;
	}
	if (!kept)
		return FALSE;
	printf("%" G_GUINT64_FORMAT " mails, %" G_GUINT64_FORMAT " threads\n",
	    load.last, threads);
	if (wrong)
		g_set_error(error, KD_ERROR, KD_ERROR_BUG,
		    "audit: %" G_GUINT64_FORMAT
		    " mails are in another thread than their ids say; "
		    "kvdigest-thread --rebuild puts them right",
		    wrong);
	return !wrong;
}
