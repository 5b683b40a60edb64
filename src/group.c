#include "config.h"

#include <string.h>

#include "cli.h"
#include "error.h"
#include "group-private.h"
#include "group.h"
#include "topic.h"

#define BATCH_MAILS 1000
#define BATCH_BYTES ((gsize)32 << 20)

/* Mails that follow one another, to be parsed and grouped together. */
struct batch {
	guint64 first; /* number of the first */
	guint64 last;  /* highest number in the store */
	guint max_mails;
	gsize max_bytes;
	GArray *parses; /* of struct kd_parse */
	gsize bytes;
	gboolean stale; /* others have grouped these mails meanwhile */

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

static gboolean
read_batch(kd_txn *txn, gpointer data, GError **error)
{
	struct batch *batch = data;
	guint64 done;

	g_array_set_size(batch->parses, 0);
	batch->bytes = 0;
	if (!kd_store_last_record(txn, &done, error) ||
	    !kd_store_last_mail(txn, &batch->last, error))
		return FALSE;
	batch->first = done + 1;
	for (guint64 number = batch->first;
	     number <= batch->last && batch->parses->len < batch->max_mails &&
	     batch->bytes < batch->max_bytes;
	     number++) {
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

/* A mail on its way into its thread. */
struct placing {
	kd_txn *txn;
	const kd_record *record;
	char realm;
	guint64 thread; /* so far; 0 none */
};

static gboolean
join_thread(struct placing *placing, guint64 thread, GError **error)
{
	if (!placing->thread || !thread) {
		placing->thread = MAX(placing->thread, thread);
		return TRUE;
	}
	return kd_store_join_threads(
	    placing->txn, placing->thread, thread, &placing->thread, error);
}

static gboolean
join_node(struct placing *placing, const char *id, GError **error)
{
	struct kd_node node;
	guint64 thread;

	kd_node_set(&node, placing->realm, id);
	return kd_store_get_node(placing->txn, &node, &thread, error) &&
	       join_thread(placing, thread, error);
}

/* Whether a mail with this id is stored, in this realm. */
static gboolean
is_stored(
    struct placing *placing, const char *id, gboolean *stored, GError **error)
{
	g_autoptr(GArray) numbers = kd_store_find_mail(placing->txn, id, error);

	*stored = FALSE;
	if (!numbers)
		return FALSE;
	for (guint i = 0; i < numbers->len && !*stored; i++) {
		guint64 number = g_array_index(numbers, guint64, i);
		struct kd_mail_info mail;

		if (!kd_store_get_mail(placing->txn, number, &mail, error))
			return FALSE;
		*stored = number < placing->record->number &&
			  !!(mail.flags & KD_MAIL_LIST) ==
			      (placing->realm == KD_REALM_LIST);
	}
	return TRUE;
}

/* Join those that named this id without <> before it was known. */
static gboolean
join_bare(struct placing *placing, const char *id, GError **error)
{
	g_autoptr(GArray) numbers = NULL;
	struct kd_node node;

	kd_node_set(&node, placing->realm, id);
	numbers = kd_store_find_bare(placing->txn, &node, error);
	for (guint i = 0; numbers && i < numbers->len; i++) {
		guint64 thread;

		if (!kd_store_get_thread(placing->txn,
			g_array_index(numbers, guint64, i), &thread, error) ||
		    !join_thread(placing, thread, error))
			return FALSE;
	}
	return numbers != NULL;
}

static gboolean
find_thread(struct placing *placing, GError **error)
{
	const kd_record *record = placing->record;

	if (!join_node(placing, record->id, error) ||
	    !join_bare(placing, record->id, error))
		return FALSE;
	for (guint i = 0; i < record->n_aliases; i++)
		if (!join_node(placing, record->aliases[i], error) ||
		    !join_bare(placing, record->aliases[i], error))
			return FALSE;
	for (guint i = 0; i < record->n_refs; i++)
		if (!join_node(placing, record->refs[i], error))
			return FALSE;
	for (guint i = 0; i < record->n_bare; i++) {
		gboolean stored;

		if (!is_stored(placing, record->bare[i], &stored, error) ||
		    (stored && !join_node(placing, record->bare[i], error)))
			return FALSE;
	}
	return TRUE;
}

static gboolean
put_node(struct placing *placing, const char *id, GError **error)
{
	struct kd_node node;

	kd_node_set(&node, placing->realm, id);
	return kd_store_put_node(placing->txn, &node, placing->thread, error);
}

static gboolean
put_nodes(struct placing *placing, GError **error)
{
	const kd_record *record = placing->record;

	if (!put_node(placing, record->id, error))
		return FALSE;
	for (guint i = 0; i < record->n_aliases; i++)
		if (!put_node(placing, record->aliases[i], error))
			return FALSE;
	for (guint i = 0; i < record->n_refs; i++)
		if (!put_node(placing, record->refs[i], error))
			return FALSE;
	for (guint i = 0; i < record->n_bare; i++) {
		struct kd_node node;

		kd_node_set(&node, placing->realm, record->bare[i]);
		if (!kd_store_add_bare(
			placing->txn, &node, record->number, error))
			return FALSE;
	}
	return TRUE;
}

/*
 * The same id and the same text: a cross-post, counted once.  Of a mail that
 * came cut off and then whole, the whole one counts.
 */
static gboolean
mark_copy(struct placing *placing, GError **error)
{
	const kd_record *record = placing->record;
	g_autoptr(GArray) numbers =
	    kd_store_find_mail(placing->txn, record->id, error);
	gboolean part = !!(record->flags & KD_MAIL_TRUNCATED);

	for (guint i = 0; numbers && i < numbers->len; i++) {
		guint64 number = g_array_index(numbers, guint64, i);
		g_autoptr(kd_record) other = NULL;
		struct kd_mail_info mail;
		gboolean other_part;

		if (number >= record->number)
			break;
		other = kd_store_get_record(placing->txn, number, error);
		if (!other ||
		    !kd_store_get_mail(placing->txn, number, &mail, error))
			return FALSE;
		if (kd_realm_of(other) != placing->realm)
			continue;
		other_part = !!(mail.flags & KD_MAIL_TRUNCATED);
		if (other->body_hash == record->body_hash ||
		    (part && !other_part))
			return kd_store_set_copy(
			    placing->txn, record->number, number, error);
		if (!part && other_part &&
		    !kd_store_set_copy(
			placing->txn, number, record->number, error))
			return FALSE;
	}
	return numbers != NULL;
}

static gboolean
put_keys(struct placing *placing, GError **error)
{
	g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(guint64));
	g_autoptr(kd_subject) subject =
	    kd_subject_parse(placing->record->subject);
	const struct kd_member member = {
	    .record = placing->record, .subject = subject, .posting = -1};

	kd_topic_keys(&member, keys);
	for (guint i = 0; i < keys->len; i++)
		if (!kd_store_add_key(placing->txn,
			kd_realm_key(
			    g_array_index(keys, guint64, i), placing->realm),
			placing->record->number, error))
			return FALSE;
	return TRUE;
}

static gboolean
place_mail(kd_txn *txn, const kd_record *record, GError **error)
{
	struct placing placing = {
	    .txn = txn, .record = record, .realm = kd_realm_of(record)};
	g_autoptr(GBytes) packed = kd_record_pack(record, FALSE);

	if (!kd_store_put_record(txn, record->number, packed, record->arrival,
		record->flags, error) ||
	    !find_thread(&placing, error))
		return FALSE;
	if (!placing.thread) {
		placing.thread = record->number;
		if (!kd_store_add_thread(txn, record->number, error))
			return FALSE;
	} else if (!kd_store_add_to_thread(
		       txn, record->number, placing.thread, error)) {
		return FALSE;
	}
	return put_nodes(&placing, error) && mark_copy(&placing, error) &&
	       put_keys(&placing, error);
}

static gboolean
apply_batch(kd_txn *txn, gpointer data, GError **error)
{
	struct batch *batch = data;
	guint64 done;

	if (!kd_store_last_record(txn, &done, error))
		return FALSE;
	/* Another process was faster; its work is as good as ours. */
	batch->stale = done + 1 != batch->first && batch->parses->len;
	if (batch->stale)
		return TRUE;
	for (guint i = 0; i < batch->parses->len; i++) {
		kd_record *record =
		    g_array_index(batch->parses, struct kd_parse, i).record;

		record->number = batch->first + i;
		if (!place_mail(txn, record, error))
			return FALSE;
	}
	if (batch->parses->len &&
	    !kd_group_topics(txn, batch->first, batch->parses->len, error))
		return FALSE;
	return !batch->func || batch->func(txn, batch->data, error);
}

static gboolean
parse_batch(kd_parser *parser, struct batch *batch, GError **error)
{
	return kd_parser_run(parser,
	    (struct kd_parse *)(void *)batch->parses->data, batch->parses->len,
	    error);
}

gboolean
kd_group_update(kd_store *store, kd_parser *parser, GError **error)
{
	struct batch batch;
	gboolean done;

	batch_init(&batch, BATCH_MAILS, BATCH_BYTES);
	do {
		done = kd_store_read(store, read_batch, &batch, error) &&
		       parse_batch(parser, &batch, error) &&
		       (!batch.parses->len ||
			   kd_store_write(store, apply_batch, &batch, error));
		if (done && batch.parses->len)
			kd_cli_progress("mails grouped",
			    batch.first + batch.parses->len - 1, batch.last);
	} while (done && batch.parses->len);
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
		done = kd_store_read(store, read_batch, &batch, error) &&
		       parse_batch(parser, &batch, error);
		/* With nothing new, readers need not wait for writers. */
		if (done && !batch.parses->len)
			done = kd_store_read(store, func, data, error);
		else if (done)
			done = kd_store_rehearse(
			    store, apply_batch, &batch, error);
	} while (done && batch.stale);
	g_array_unref(batch.parses);
	return done;
}
