#include "config.h"

#include <string.h>

#include "error.h"
#include "store-private.h"

/* Values of the tables, in the machine's byte order. */
struct group {
	guint64 thread;
	guint64 copy_of; /* or 0 */
};

struct thread {
	guint64 into;  /* the older thread this one was joined into, or 0 */
	guint64 topic; /* or 0 */
};

/* Copy a value of fixed size; all zero when there is none. */
static gboolean
get_fixed(kd_txn *txn, enum kd_table table, MDB_val *key, void *to, gsize size,
    GError **error)
{
	gboolean found;
	MDB_val value;

	memset(to, 0, size);
	if (!kd_txn_get(txn, table, key, &value, &found, error))
		return FALSE;
	if (!found)
		return TRUE;
	if (value.mv_size != size) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: damaged; run kvdigest-thread --rebuild",
		    txn->store->path);
		return FALSE;
	}
	memcpy(to, value.mv_data, size);
	return TRUE;
}

void
kd_node_set(struct kd_node *node, char realm, const char *id)
{
	g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 sum[32];
	gsize size = sizeof(sum);

	g_checksum_update(checksum, (const guchar *)&realm, 1);
	g_checksum_update(checksum, (const guchar *)id, -1);
	g_checksum_get_digest(checksum, sum, &size);
	memcpy(node->key, sum, sizeof(node->key));
}

/* Joins lead to ever lower numbers, so following them ends. */
static gboolean
follow_joins(kd_txn *txn, guint64 *thread, GError **error)
{
	struct thread entry;

	while (*thread) {
		if (!get_fixed(txn, TABLE_THREAD, VAL(*thread), &entry,
			sizeof(entry), error))
			return FALSE;
		if (!entry.into || entry.into >= *thread)
			break;
		*thread = entry.into;
	}
	return TRUE;
}

gboolean
kd_store_resolve_thread(kd_txn *txn, guint64 *thread, GError **error)
{
	g_autoptr(GArray) mails = NULL;

	if (!follow_joins(txn, thread, error))
		return FALSE;
	mails = kd_store_thread_mails(txn, *thread, error);
	if (!mails)
		return FALSE;
	if (!mails->len)
		*thread = 0;
	return TRUE;
}

gboolean
kd_store_resolve_topic(kd_txn *txn, guint64 *topic, GError **error)
{
	guint64 at = *topic;

	*topic = 0;
	while (at) {
		g_autoptr(GArray) threads =
		    kd_store_topic_threads(txn, at, error);
		guint64 into;

		if (!threads || !get_fixed(txn, TABLE_TOPIC, VAL(at), &into,
				    sizeof(into), error))
			return FALSE;
		if (threads->len)
			*topic = at;
		if (threads->len || into >= at)
			break;
		at = into;
	}
	return TRUE;
}

gboolean
kd_store_get_node(
    kd_txn *txn, const struct kd_node *node, guint64 *thread, GError **error)
{
	return get_fixed(txn, TABLE_NODE, VAL(*node), thread, sizeof(*thread),
		   error) &&
	       follow_joins(txn, thread, error);
}

gboolean
kd_store_put_node(
    kd_txn *txn, const struct kd_node *node, guint64 thread, GError **error)
{
	return kd_txn_put(txn, TABLE_NODE, VAL(*node), VAL(thread), 0, error);
}

/* Add one of several values; that it is there already is no error. */
static gboolean
add(kd_txn *txn, enum kd_table table, MDB_val *key, guint64 number,
    GError **error)
{
	return kd_txn_put(txn, table, key, VAL(number), 0, error);
}

gboolean
kd_store_add_bare(
    kd_txn *txn, const struct kd_node *node, guint64 number, GError **error)
{
	return add(txn, TABLE_BARE, VAL(*node), number, error);
}

GArray *
kd_store_find_bare(kd_txn *txn, const struct kd_node *node, GError **error)
{
	return kd_txn_numbers(txn, TABLE_BARE, VAL(*node), error);
}

gboolean
kd_store_add_key(kd_txn *txn, guint64 key, guint64 number, GError **error)
{
	return add(txn, TABLE_KEY, VAL(key), number, error);
}

GArray *
kd_store_find_key(kd_txn *txn, guint64 key, GError **error)
{
	return kd_txn_numbers(txn, TABLE_KEY, VAL(key), error);
}

static gboolean
set_thread_of(kd_txn *txn, guint64 number, guint64 thread, GError **error)
{
	struct group group;

	if (!get_fixed(
		txn, TABLE_GROUP, VAL(number), &group, sizeof(group), error))
		return FALSE;
	group.thread = thread;
	return kd_txn_put(txn, TABLE_GROUP, VAL(number), VAL(group), 0, error);
}

gboolean
kd_store_get_thread(
    kd_txn *txn, guint64 number, guint64 *thread, GError **error)
{
	struct group group;

	if (!get_fixed(
		txn, TABLE_GROUP, VAL(number), &group, sizeof(group), error))
		return FALSE;
	*thread = group.thread;
	return TRUE;
}

gboolean
kd_store_set_copy(kd_txn *txn, guint64 number, guint64 copy_of, GError **error)
{
	struct group group;

	if (!get_fixed(
		txn, TABLE_GROUP, VAL(number), &group, sizeof(group), error))
		return FALSE;
	group.copy_of = copy_of;
	return kd_txn_put(txn, TABLE_GROUP, VAL(number), VAL(group), 0, error);
}

gboolean
kd_store_add_thread(kd_txn *txn, guint64 number, GError **error)
{
	struct thread entry = {0};

	return kd_txn_put(
		   txn, TABLE_THREAD, VAL(number), VAL(entry), 0, error) &&
	       kd_store_add_to_thread(txn, number, number, error);
}

gboolean
kd_store_add_to_thread(
    kd_txn *txn, guint64 number, guint64 thread, GError **error)
{
	return add(txn, TABLE_MEMBER, VAL(thread), number, error) &&
	       set_thread_of(txn, number, thread, error);
}

static gboolean
drop_values(
    kd_txn *txn, enum kd_table table, guint64 key, guint64 *one, GError **error)
{
	int rc = mdb_del(
	    txn->txn, txn->dbi[table], VAL(key), one ? VAL(*one) : NULL);

	if (rc && rc != MDB_NOTFOUND)
		return kd_txn_error(txn, rc, "delete", error);
	return TRUE;
}

/* Take a thread out of a topic; an empty topic leads on to another. */
static gboolean
leave_topic(
    kd_txn *txn, guint64 thread, guint64 topic, guint64 into, GError **error)
{
	g_autoptr(GArray) left = NULL;

	if (!drop_values(txn, TABLE_STORY, topic, &thread, error))
		return FALSE;
	left = kd_store_topic_threads(txn, topic, error);
	if (!left)
		return FALSE;
	if (left->len || topic == into)
		return TRUE;
	return kd_txn_put(txn, TABLE_TOPIC, VAL(topic), VAL(into), 0, error);
}

gboolean
kd_store_join_threads(
    kd_txn *txn, guint64 a, guint64 b, guint64 *thread, GError **error)
{
	guint64 older = MIN(a, b), newer = MAX(a, b);
	g_autoptr(GArray) mails = NULL;
	struct thread keep, gone;

	*thread = older;
	if (a == b)
		return TRUE;
	mails = kd_store_thread_mails(txn, newer, error);
	if (!mails || !drop_values(txn, TABLE_MEMBER, newer, NULL, error))
		return FALSE;
	for (guint i = 0; i < mails->len; i++)
		if (!kd_store_add_to_thread(
			txn, g_array_index(mails, guint64, i), older, error))
			return FALSE;
	if (!get_fixed(
		txn, TABLE_THREAD, VAL(older), &keep, sizeof(keep), error) ||
	    !get_fixed(
		txn, TABLE_THREAD, VAL(newer), &gone, sizeof(gone), error))
		return FALSE;
	if (gone.topic && !leave_topic(txn, newer, gone.topic,
			      keep.topic ? keep.topic : older, error))
		return FALSE;
	gone = (struct thread){.into = older};
	return kd_txn_put(txn, TABLE_THREAD, VAL(newer), VAL(gone), 0, error);
}

gboolean
kd_store_get_topic(kd_txn *txn, guint64 thread, guint64 *topic, GError **error)
{
	struct thread entry;

	if (!get_fixed(
		txn, TABLE_THREAD, VAL(thread), &entry, sizeof(entry), error))
		return FALSE;
	*topic = entry.topic;
	return TRUE;
}

gboolean
kd_store_set_topic(kd_txn *txn, guint64 thread, guint64 topic, GError **error)
{
	struct thread entry;
	guint64 nowhere = 0;

	if (!get_fixed(
		txn, TABLE_THREAD, VAL(thread), &entry, sizeof(entry), error))
		return FALSE;
	if (entry.topic == topic)
		return TRUE;
	if (entry.topic && !leave_topic(txn, thread, entry.topic, topic, error))
		return FALSE;
	entry.topic = topic;
	return kd_txn_put(
		   txn, TABLE_THREAD, VAL(thread), VAL(entry), 0, error) &&
	       kd_txn_put(
		   txn, TABLE_TOPIC, VAL(topic), VAL(nowhere), 0, error) &&
	       add(txn, TABLE_STORY, VAL(topic), thread, error);
}

GArray *
kd_store_thread_mails(kd_txn *txn, guint64 thread, GError **error)
{
	return kd_txn_numbers(txn, TABLE_MEMBER, VAL(thread), error);
}

GArray *
kd_store_topic_threads(kd_txn *txn, guint64 topic, GError **error)
{
	return kd_txn_numbers(txn, TABLE_STORY, VAL(topic), error);
}

kd_record *
kd_store_get_record(kd_txn *txn, guint64 number, GError **error)
{
	g_autoptr(kd_record) record = NULL;
	struct group group;
	struct thread thread;
	gboolean found;
	MDB_val value;

	if (!kd_txn_get(txn, TABLE_RECORD, VAL(number), &value, &found, error))
		return NULL;
	if (!found) {
		g_set_error(error, KD_ERROR, KD_ERROR_BUG,
		    "%s: mail %" G_GUINT64_FORMAT ": has no record",
		    txn->store->path, number);
		return NULL;
	}
	record = kd_record_unpack(value.mv_data, value.mv_size, NULL);
	if (!record) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: mail %" G_GUINT64_FORMAT ": its record is damaged or "
		    "of another version; run kvdigest-thread --rebuild",
		    txn->store->path, number);
		return NULL;
	}
	if (!get_fixed(
		txn, TABLE_GROUP, VAL(number), &group, sizeof(group), error) ||
	    !get_fixed(txn, TABLE_THREAD, VAL(group.thread), &thread,
		sizeof(thread), error))
		return NULL;
	record->number = number;
	record->thread = group.thread;
	record->copy_of = group.copy_of;
	record->topic = thread.topic;
	return g_steal_pointer(&record);
}
