#include "config.h"

#include "cli.h"
#include "error.h"
#include "group-private.h"
#include "group.h"

/* Of one transaction. */
#define BATCH_MAILS 64
#define BATCH_BYTES ((gsize)32 << 20)

/* What is read and parsed at once: no more bytes of mails are held. */
#define CHUNK_MAILS 64
#define CHUNK_BYTES ((gsize)1 << 20)

/* Mails that follow one another, to be grouped together. */
struct batch {
	guint64 first; /* number of the first */
	guint64 last;  /* highest number in the store */
	guint max_mails;
	gsize max_bytes;
	GArray *parses; /* of struct kd_parse */
	guint parsed;	/* of these, which have records and no bytes */
	gsize bytes;	/* of their mails */
	gboolean stale; /* others have grouped these mails meanwhile */
	gboolean more;	/* mails or topics are left to be grouped */

	/* Of kd_group_rehearse(): what is run in the same transaction. */
	kd_store_func func;
	gpointer data;
};

static void
parse_clear(gpointer data)
{
	struct kd_parse *parse = data;

	g_clear_pointer(&parse->mail, g_bytes_unref);
	g_clear_pointer(&parse->record, kd_record_free);
}

static void
batch_init(struct batch *batch, guint max_mails, gsize max_bytes)
{
	*batch = (struct batch){.max_mails = max_mails,
	    .max_bytes = max_bytes,
	    .parses = g_array_new(FALSE, TRUE, sizeof(struct kd_parse))};
	g_array_set_clear_func(batch->parses, parse_clear);
}

/* Where the batch begins, and whether there is anything to do at all. */
static gboolean
find_first(kd_txn *txn, struct batch *batch, GError **error)
{
	g_autoptr(GArray) todo = kd_store_list_todo(txn, 1, error);
	guint64 done;

	if (!todo || !kd_store_last_record(txn, &done, error) ||
	    !kd_store_last_mail(txn, &batch->last, error))
		return FALSE;
	batch->more = todo->len > 0;
	batch->first = done + 1;
	return TRUE;
}

static gboolean
is_full(const struct batch *batch)
{
	return batch->parses->len >= batch->max_mails ||
	       batch->bytes >= batch->max_bytes ||
	       batch->first + batch->parses->len > batch->last;
}

/* The next mails of the batch, after those that are parsed. */
static gboolean
read_chunk(kd_txn *txn, gpointer data, GError **error)
{
	struct batch *batch = data;
	gsize bytes = batch->bytes;

	g_array_set_size(batch->parses, batch->parsed);
	if (!batch->parsed && !find_first(txn, batch, error))
		return FALSE;
	while (!is_full(batch) &&
	       batch->parses->len < batch->parsed + CHUNK_MAILS &&
	       batch->bytes < bytes + CHUNK_BYTES) {
		guint64 number = batch->first + batch->parses->len;
		struct kd_mail_info mail;
		struct kd_parse parse = {0};

		if (!kd_store_get_mail(txn, number, &mail, error))
			return FALSE;
		parse.mail = kd_store_get_raw(txn, number, error);
		if (!parse.mail)
			return FALSE;
		parse.arrival = mail.arrival;
		parse.flags = mail.flags;
		g_array_append_val(batch->parses, parse);
		batch->bytes += g_bytes_get_size(parse.mail);
	}
	return TRUE;
}

/* What is left of a mail is its record. */
static gboolean
parse_chunk(kd_parser *parser, struct batch *batch, GError **error)
{
	guint from = batch->parsed;
	struct kd_parse *parses =
	    (struct kd_parse *)(void *)batch->parses->data;

	if (!kd_parser_run(
		parser, parses + from, batch->parses->len - from, error))
		return FALSE;
	for (guint i = from; i < batch->parses->len; i++)
		g_clear_pointer(&parses[i].mail, g_bytes_unref);
	batch->parsed = batch->parses->len;
	return TRUE;
}

static gboolean
fill_batch(
    kd_store *store, kd_parser *parser, struct batch *batch, GError **error)
{
	batch->parsed = 0;
	batch->bytes = 0;
	do
		if (!kd_store_read(store, read_chunk, batch, error) ||
		    !parse_chunk(parser, batch, error))
			return FALSE;
	while (!is_full(batch));
	return TRUE;
}

/*
 * All of them before anything else, so that they lie together.  The parser's
 * answers have been checked; they are kept as they came.
 */
static gboolean
put_records(kd_txn *txn, struct batch *batch, GError **error)
{
	g_autoptr(GPtrArray) packed =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

	for (guint i = 0; i < batch->parses->len; i++) {
		kd_record *record =
		    g_array_index(batch->parses, struct kd_parse, i).record;

		record->number = batch->first + i;
		g_ptr_array_add(packed,
		    g_bytes_new_static(record->packed, record->packed_length));
	}
	return kd_store_put_records(txn, batch->first, packed, error);
}

static gboolean
apply_batch(kd_txn *txn, gpointer data, GError **error)
{
	struct batch *batch = data;
	g_autoptr(kd_placer) placer = kd_placer_new(txn);
	guint64 done;

	if (!kd_store_last_record(txn, &done, error))
		return FALSE;
	/* Another process was faster; its work is as good as ours. */
	batch->stale = done + 1 != batch->first && batch->parses->len;
	if (batch->stale)
		return TRUE;
	if (!put_records(txn, batch, error))
		return FALSE;
	for (guint i = 0; i < batch->parses->len; i++)
		if (!kd_group_place(placer,
			g_array_index(batch->parses, struct kd_parse, i).record,
			error))
			return FALSE;
	/* Topics of many mails are formed together, after the last of them. */
	batch->more = batch->first + batch->parses->len <= batch->last;
	if (batch->more && !batch->func)
		return TRUE;
	do {
		if (!kd_group_topics(txn, &batch->more, error))
			return FALSE;
	} while (batch->more && batch->func);
	return !batch->func || batch->func(txn, batch->data, error);
}

gboolean
kd_group_update(kd_store *store, kd_parser *parser, GError **error)
{
	struct batch batch;
	gboolean done;

	batch_init(&batch, BATCH_MAILS, BATCH_BYTES);
	do {
		done = fill_batch(store, parser, &batch, error) &&
		       ((!batch.parses->len && !batch.more) ||
			   kd_store_write(store, apply_batch, &batch, error));
		if (done && batch.parses->len)
			kd_cli_progress("mails grouped",
			    batch.first + batch.parses->len - 1, batch.last);
	} while (done && (batch.parses->len || batch.more));
	kd_cli_progress_done();
	g_array_unref(batch.parses);
	return done;
}

gboolean
kd_group_rehearse(kd_store *store, kd_parser *parser, kd_store_func func,
    gpointer data, GError **error)
{
	struct batch batch;
	gboolean done;

	batch_init(&batch, G_MAXUINT, G_MAXSIZE);
	batch.func = func;
	batch.data = data;
	do {
		batch.stale = FALSE;
		done = fill_batch(store, parser, &batch, error);
		/* With nothing new, readers need not wait for writers. */
		if (done && !batch.parses->len && !batch.more)
			done = kd_store_read(store, func, data, error);
		else if (done)
			done = kd_store_rehearse(
			    store, apply_batch, &batch, error);
	} while (done && batch.stale);
	g_array_unref(batch.parses);
	return done;
}
