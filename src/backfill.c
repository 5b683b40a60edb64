#include "config.h"

#include <malloc.h>

#include "backfill.h"
#include "cli.h"
#include "error.h"
#include "mailbox.h"
#include "parcel.h"

/* Of one transaction: what a power cut or a full disk may cost. */
#define BATCH_MAILS 10000
#define BATCH_BYTES ((gsize)64 << 20)

/* What one batch frees the next one takes: the kernel need not have it. */
#define MEMORY_KEPT (2 * BATCH_BYTES)

/* Hashing and packing take longer than all the rest together. */
#define WORKERS_MAX 4

/*
 * Mails that a worker is given at once, so that it is woken less often, and how
 * often that before it is waited for: reading is faster than the workers are.
 */
#define CHUNK_MAILS 16
#define CHUNKS	    32

/* A mail that is being made ready, and its place among the others. */
struct item {
	GBytes *mail; /* until there is a parcel */
	gint64 arrival;
	guint32 flags;
	kd_parcel *parcel;
	GError *error;
};

struct backfill {
	kd_store *store;
	const kd_conf *conf;
	struct kd_backfill_counts *counts;
	GThreadPool *workers;
	GAsyncQueue *codecs; /* one for each worker */
	GAsyncQueue *chunks; /* GPtrArray: those that are empty */
	GPtrArray *items;    /* struct item, in the order of the mailbox */
	GPtrArray *chunk;    /* those that no worker has yet */
	gsize bytes;
	guint known; /* of the transaction that is running */
};

static void
item_free(gpointer data)
{
	struct item *item = data;

	g_clear_pointer(&item->mail, g_bytes_unref);
	kd_parcel_free(item->parcel);
	g_clear_error(&item->error);
	g_free(item);
}

static void
make_ready(gpointer data, gpointer user_data)
{
	GPtrArray *chunk = data;
	struct backfill *backfill = user_data;
	kd_codec *codec = g_async_queue_pop(backfill->codecs);

	for (guint i = 0; i < chunk->len; i++) {
		struct item *item = g_ptr_array_index(chunk, i);

		item->parcel = kd_parcel_new(backfill->conf, codec, item->mail,
		    NULL, item->arrival, item->flags, &item->error);
		g_clear_pointer(&item->mail, g_bytes_unref);
	}
	g_async_queue_push(backfill->codecs, codec);
	g_ptr_array_set_size(chunk, 0);
	g_async_queue_push(backfill->chunks, chunk);
}

/* Give what was read to a worker; wait when they have enough. */
static gboolean
hand_out(struct backfill *backfill, GError **error)
{
	GPtrArray *chunk = backfill->chunk;

	backfill->chunk = g_async_queue_pop(backfill->chunks);
	return g_thread_pool_push(backfill->workers, chunk, error);
}

static void
workers_stop(struct backfill *backfill)
{
	if (backfill->workers)
		g_thread_pool_free(backfill->workers, FALSE, TRUE);
	backfill->workers = NULL;
}

static gboolean
workers_start(struct backfill *backfill, GError **error)
{
	guint n = MIN(g_get_num_processors(), WORKERS_MAX);

	while (g_async_queue_length(backfill->codecs) < (gint)n)
		g_async_queue_push(backfill->codecs, kd_codec_new());
	backfill->workers =
	    g_thread_pool_new(make_ready, backfill, (gint)n, FALSE, error);
	return backfill->workers != NULL;
}

static gboolean
store_items(kd_txn *txn, gpointer data, GError **error)
{
	struct backfill *backfill = data;

	backfill->known = 0;
	for (guint i = 0; i < backfill->items->len; i++) {
		const struct item *item = g_ptr_array_index(backfill->items, i);
		enum kd_stored stored;

		if (!kd_store_add_mail(txn, item->parcel, &stored, error))
			return FALSE;
		backfill->known += stored == KD_STORED_KNOWN;
	}
	return TRUE;
}

/* Wait until all mails read so far are ready, and store them. */
static gboolean
flush(struct backfill *backfill, GError **error)
{
	struct kd_backfill_counts *counts = backfill->counts;
	gboolean given = !backfill->chunk->len || hand_out(backfill, error);

	workers_stop(backfill);
	if (!given)
		return FALSE;
	for (guint i = 0; i < backfill->items->len; i++) {
		struct item *item = g_ptr_array_index(backfill->items, i);

		if (item->parcel)
			continue;
		g_propagate_error(error, g_steal_pointer(&item->error));
		return FALSE;
	}
	if (!kd_store_write(backfill->store, store_items, backfill, error))
		return FALSE;
	counts->known += backfill->known;
	counts->fresh += backfill->items->len - backfill->known;
	g_ptr_array_set_size(backfill->items, 0);
	backfill->bytes = 0;
	kd_cli_progress("mails stored", counts->fresh + counts->known, 0);
	return TRUE;
}

static gboolean
take_letter(const struct kd_letter *letter, gpointer data, GError **error)
{
	struct backfill *backfill = data;
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	gboolean posted = letter->posted > 0 && letter->posted <= now;
	struct item *item;

	if (!letter->length ||
	    letter->length > backfill->conf->store_max_mail) {
		kd_cli_notice("line %" G_GUINT64_FORMAT
			      ": refused: a mail that is empty or over "
			      "store.max_mail",
		    letter->line);
		backfill->counts->refused++;
		return TRUE;
	}
	if (!backfill->workers && !workers_start(backfill, error))
		return FALSE;
	item = g_new0(struct item, 1);
	item->mail = g_bytes_new(letter->bytes, letter->length);
	item->arrival = posted ? letter->posted : now;
	item->flags = KD_MAIL_BACKFILL | (posted ? KD_MAIL_POSTED : 0);
	g_ptr_array_add(backfill->items, item);
	g_ptr_array_add(backfill->chunk, item);
	backfill->bytes += letter->length;
	if (backfill->chunk->len == CHUNK_MAILS && !hand_out(backfill, error))
		return FALSE;
	return (backfill->items->len < BATCH_MAILS &&
		   backfill->bytes < BATCH_BYTES) ||
	       flush(backfill, error);
}

gboolean
kd_backfill_run(kd_store *store, const kd_conf *conf, const char *path,
    gboolean maildir, struct kd_backfill_counts *counts, GError **error)
{
	g_autoptr(GPtrArray) items = g_ptr_array_new_with_free_func(item_free);
	g_autoptr(GAsyncQueue) codecs =
	    g_async_queue_new_full((GDestroyNotify)kd_codec_free);
	g_autoptr(GAsyncQueue) chunks =
	    g_async_queue_new_full((GDestroyNotify)g_ptr_array_unref);
	struct backfill backfill = {.store = store,
	    .conf = conf,
	    .counts = counts,
	    .codecs = codecs,
	    .chunks = chunks,
	    .items = items,
	    .chunk = g_ptr_array_new()};
	g_autoptr(GError) problem = NULL;
	gboolean stored;

	for (guint i = 1; i < CHUNKS; i++)
		g_async_queue_push(chunks, g_ptr_array_new());
	mallopt(M_TRIM_THRESHOLD, MEMORY_KEPT);
	if (maildir)
		kd_mailbox_read_maildir(path, take_letter, &backfill, &problem);
	else
		kd_mailbox_read_mbox(path, take_letter, &backfill, &problem);
	/* What was read before the mailbox turned out bad is kept. */
	stored = flush(&backfill, problem ? NULL : error);
	g_ptr_array_unref(backfill.chunk);
	kd_cli_progress_done();
	counts->refused += g_error_matches(problem, KD_ERROR, KD_ERROR_DATA);
	if (problem)
		g_propagate_error(error, g_steal_pointer(&problem));
	else if (stored)
		return TRUE;
	return FALSE;
}
