#include "config.h"

#include <string.h>

#include "error.h"
#include "sha256.h"
#include "store-private.h"

void
kd_node_set(struct kd_node *node, char realm, const char *id)
{
	struct sha256_ctx context;
	guint8 sum[SHA256_DIGEST_SIZE];

	sha256_init(&context);
	sha256_update(&context, 1, (const guint8 *)&realm);
	sha256_update(&context, strlen(id), (const guint8 *)id);
	sha256_digest(&context, sizeof(sum), sum);
	memcpy(node->key, sum, sizeof(node->key));
}

gboolean
kd_txn_get_group(
    kd_txn *txn, guint64 number, struct kd_group_entry *group, GError **error)
{
	return kd_txn_get_fixed(
	    txn, TABLE_GROUP, VAL(number), group, sizeof(*group), error);
}

gboolean
kd_txn_put_group(kd_txn *txn, guint64 number,
    const struct kd_group_entry *group, GError **error)
{
	return kd_txn_put(txn, TABLE_GROUP, VAL(number), VAL(*group), 0, error);
}

gboolean
kd_txn_get_entry(
    kd_txn *txn, guint64 key, struct kd_thread_entry *entry, GError **error)
{
	if (txn->key != key) {
		/* Under 0 there is nothing, as after an error. */
		txn->key = 0;
		if (!kd_txn_get_fixed(txn, TABLE_THREAD, VAL(key), &txn->entry,
			sizeof(txn->entry), error))
			return FALSE;
		txn->key = key;
	}
	*entry = txn->entry;
	return TRUE;
}

gboolean
kd_txn_put_entry(kd_txn *txn, guint64 key, const struct kd_thread_entry *entry,
    GError **error)
{
	txn->key = key;
	txn->entry = *entry;
	return kd_txn_put(txn, TABLE_THREAD, VAL(key), VAL(*entry), 0, error);
}

gboolean
kd_txn_drop_entry(kd_txn *txn, guint64 key, GError **error)
{
	if (txn->key == key)
		txn->entry = (struct kd_thread_entry){0};
	return kd_txn_drop(txn, TABLE_THREAD, VAL(key), NULL, error);
}

gboolean
kd_txn_get_thread(kd_txn *txn, guint64 number, guint64 *handle,
    struct kd_thread_entry *thread, GError **error)
{
	struct kd_group_entry group;

	if (!kd_txn_get_group(txn, number, &group, error))
		return FALSE;
	*handle = group.handle;
	return kd_txn_get_entry(txn, group.handle, thread, error);
}

gboolean
kd_store_get_thread(
    kd_txn *txn, guint64 number, guint64 *thread, GError **error)
{
	struct kd_thread_entry entry;
	guint64 handle;

	if (!kd_txn_get_thread(txn, number, &handle, &entry, error))
		return FALSE;
	*thread = entry.number;
	return TRUE;
}

gboolean
kd_store_thread_state(
    kd_txn *txn, guint64 thread, struct kd_thread_state *state, GError **error)
{
	struct kd_thread_entry entry;
	guint64 handle;

	if (!kd_txn_get_thread(txn, thread, &handle, &entry, error))
		return FALSE;
	*state = (struct kd_thread_state){
	    .begun = entry.begun != 0, .cut = entry.split != 0};
	return TRUE;
}

/* A node's value is a mail of its thread: that stays true when it joins. */
gboolean
kd_store_get_node(
    kd_txn *txn, const struct kd_node *node, guint64 *number, GError **error)
{
	return kd_txn_get_fixed(
	    txn, TABLE_NODE, VAL(*node), number, sizeof(*number), error);
}

gboolean
kd_store_put_node(
    kd_txn *txn, const struct kd_node *node, guint64 number, GError **error)
{
	return kd_txn_put(txn, TABLE_NODE, VAL(*node), VAL(number), 0, error);
}

gboolean
kd_store_set_copy(kd_txn *txn, guint64 number, guint64 copy_of, GError **error)
{
	struct kd_group_entry group;

	if (!kd_txn_get_group(txn, number, &group, error))
		return FALSE;
	group.copy_of = copy_of;
	return kd_txn_put_group(txn, number, &group, error);
}

gboolean
kd_store_add_thread(kd_txn *txn, guint64 number, GError **error)
{
	const struct kd_thread_entry entry = {
	    .number = number, .topic = number, .piece = number};

	return kd_txn_put_entry(txn, number, &entry, error) &&
	       kd_txn_add(txn, TABLE_STORY, VAL(number), number, error) &&
	       kd_txn_put_group(txn, number,
		   &(struct kd_group_entry){.handle = number}, error) &&
	       kd_store_add_to_thread(txn, number, number, error);
}

gboolean
kd_store_add_to_thread(
    kd_txn *txn, guint64 number, guint64 thread, GError **error)
{
	struct kd_thread_entry entry;
	struct kd_group_entry group = {0};

	if (!kd_txn_get_thread(txn, thread, &group.handle, &entry, error))
		return FALSE;
	entry.mails++;
	return kd_txn_add(
		   txn, TABLE_MEMBER, VAL(group.handle), number, error) &&
	       kd_txn_put_group(txn, number, &group, error) &&
	       kd_txn_put_entry(txn, group.handle, &entry, error);
}

gboolean
kd_store_add_actor(kd_txn *txn, guint64 number, gboolean begins, GError **error)
{
	struct kd_thread_entry entry;
	guint64 handle;

	if (!kd_txn_get_thread(txn, number, &handle, &entry, error) ||
	    !kd_txn_add(txn, TABLE_ACTOR, VAL(handle), number, error))
		return FALSE;
	if (!begins || entry.begun)
		return TRUE;
	entry.begun = TRUE;
	return kd_txn_put_entry(txn, handle, &entry, error);
}

/* Hang the values of one key under another. */
static gboolean
move_values(
    kd_txn *txn, enum kd_table table, guint64 from, guint64 to, GError **error)
{
	g_autoptr(GArray) numbers =
	    kd_txn_numbers(txn, table, VAL(from), error);

	if (!numbers || !kd_txn_drop(txn, table, VAL(from), NULL, error))
		return FALSE;
	for (guint i = 0; i < numbers->len; i++) {
		guint64 number = g_array_index(numbers, guint64, i);
		struct kd_group_entry group;

		if (!kd_txn_add(txn, table, VAL(to), number, error))
			return FALSE;
		if (table != TABLE_MEMBER)
			continue;
		if (!kd_txn_get_group(txn, number, &group, error))
			return FALSE;
		group.handle = to;
		if (!kd_txn_put_group(txn, number, &group, error))
			return FALSE;
	}
	return TRUE;
}

/* All threads of a topic into another, until topics are formed anew. */
static gboolean
join_topics(kd_txn *txn, guint64 from, guint64 to, GError **error)
{
	g_autoptr(GArray) threads = kd_store_topic_pieces(txn, from, error);

	for (guint i = 0; threads && i < threads->len && from != to; i++)
		if (!kd_store_set_topic(
			txn, g_array_index(threads, guint64, i), to, error))
			return FALSE;
	return threads != NULL;
}

gboolean
kd_store_join_threads(
    kd_txn *txn, guint64 a, guint64 b, guint64 *thread, GError **error)
{
	guint64 handle[2], newer;
	struct kd_thread_entry entry[2];
	int keep;

	*thread = MIN(a, b);
	if (a == b)
		return TRUE;
	if (!kd_txn_get_thread(txn, a, &handle[0], &entry[0], error) ||
	    !kd_txn_get_thread(txn, b, &handle[1], &entry[1], error) ||
	    !join_topics(txn, MAX(entry[0].topic, entry[1].topic),
		MIN(entry[0].topic, entry[1].topic), error))
		return FALSE;
	keep = entry[1].mails > entry[0].mails;
	newer = MAX(entry[0].piece, entry[1].piece);
	entry[keep].piece = MIN(entry[0].piece, entry[1].piece);
	entry[keep].number = MIN(a, b);
	entry[keep].mails += entry[!keep].mails;
	entry[keep].topic = MIN(entry[0].topic, entry[1].topic);
	entry[keep].begun |= entry[!keep].begun;
	entry[keep].split |= entry[!keep].split;
	return kd_txn_drop(
		   txn, TABLE_STORY, VAL(entry[keep].topic), &newer, error) &&
	       kd_txn_drop_entry(txn, handle[!keep], error) &&
	       move_values(
		   txn, TABLE_MEMBER, handle[!keep], handle[keep], error) &&
	       move_values(
		   txn, TABLE_ACTOR, handle[!keep], handle[keep], error) &&
	       kd_txn_put_entry(txn, handle[keep], &entry[keep], error);
}

GArray *
kd_store_thread_mails(kd_txn *txn, guint64 thread, GError **error)
{
	struct kd_group_entry group;

	if (!kd_txn_get_group(txn, thread, &group, error))
		return NULL;
	return kd_txn_numbers(txn, TABLE_MEMBER, VAL(group.handle), error);
}

GArray *
kd_store_list_threads(kd_txn *txn, guint64 last, GError **error)
{
	g_autoptr(GArray) threads =
	    g_array_sized_new(FALSE, FALSE, sizeof(guint64), (guint)last);
	g_autofree guint64 *known = g_new0(guint64, last + 1); /* by handle */
	g_autoptr(MDB_cursor) cursor = NULL;
	MDB_val key, value;
	int rc = mdb_cursor_open(txn->txn, txn->dbi[TABLE_GROUP], &cursor);

	if (!rc)
		rc = mdb_cursor_get(cursor, &key, &value, MDB_FIRST);
	for (guint64 at = 1; at <= last; at++) {
		struct kd_group_entry group = {0};
		struct kd_thread_entry thread;
		guint64 number;

		if (!rc)
			memcpy(&number, key.mv_data, sizeof(number));
		if (!rc && number == at) {
			memcpy(&group, value.mv_data,
			    MIN(sizeof(group), value.mv_size));
			rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
		}
		if (group.handle > last)
			group.handle = 0;
		if (group.handle && !known[group.handle]) {
			if (!kd_txn_get_entry(
				txn, group.handle, &thread, error))
				return NULL;
			known[group.handle] = thread.number;
		}
		g_array_append_val(threads, known[group.handle]);
	}
	if (rc && rc != MDB_NOTFOUND) {
		kd_txn_error(txn, rc, "group", error);
		return NULL;
	}
	return g_steal_pointer(&threads);
}

static kd_record *
get_record(kd_txn *txn, guint64 number,
    kd_record *(*unpack)(const void *, gsize, GError **), GError **error)
{
	g_autoptr(kd_record) record = NULL;
	struct kd_group_entry group;
	struct kd_thread_entry thread;
	guint64 key;
	gboolean found;
	MDB_val value;

	if (!kd_txn_get_record(txn, number, &value, &found, error))
		return NULL;
	if (!found) {
		g_set_error(error, KD_ERROR, KD_ERROR_BUG,
		    "%s: mail %" G_GUINT64_FORMAT ": has no record",
		    txn->store->path, number);
		return NULL;
	}
	record = unpack(value.mv_data, value.mv_size, NULL);
	if (!record) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: mail %" G_GUINT64_FORMAT ": its record is damaged or "
		    "of another version; run kvdigest-thread --rebuild",
		    txn->store->path, number);
		return NULL;
	}
	if (!kd_txn_get_group(txn, number, &group, error) ||
	    !kd_txn_get_entry(txn, group.handle, &thread, error))
		return NULL;
	record->number = number;
	record->thread = thread.number;
	record->copy_of = group.copy_of;
	if (group.piece && !kd_txn_get_piece(txn, number, &key, &thread, error))
		return NULL;
	record->topic = thread.topic;
	return g_steal_pointer(&record);
}

kd_record *
kd_store_get_record(kd_txn *txn, guint64 number, GError **error)
{
	return get_record(txn, number, kd_record_unpack, error);
}

kd_record *
kd_store_borrow_record(kd_txn *txn, guint64 number, GError **error)
{
	return get_record(txn, number, kd_record_borrow, error);
}
