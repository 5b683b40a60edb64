#include "config.h"

#include <string.h>

#include "group-private.h"
#include "load.h"
#include "series.h"
#include "topic.h"

char
kd_realm_of(const kd_record *record)
{
	return record->flags & KD_MAIL_LIST ? KD_REALM_LIST : KD_REALM_OTHER;
}

guint64
kd_realm_key(guint64 key, char realm)
{
	return realm == KD_REALM_LIST ? key : ~key;
}

/* Threads whose topics are formed anew, and the records of their mails. */
struct scope {
	kd_txn *txn;
	GHashTable *threads; /* set of guint64 *: taken in */
	GHashTable *keys;    /* set of guint64 *: looked up */
	GPtrArray *records;  /* of kd_record: their mails */
};

static gboolean
scope_add_thread(struct scope *scope, guint64 thread, GError **error)
{
	if (!g_hash_table_add(
		scope->threads, g_memdup2(&thread, sizeof(thread))))
		return TRUE;
	return kd_load_add_thread(scope->txn, scope->records, thread, error);
}

/* A thread with all others of its topic; one taken in has brought them. */
static gboolean
scope_add_topic_of(struct scope *scope, guint64 thread, GError **error)
{
	g_autoptr(GArray) threads = NULL;
	guint64 topic;

	if (g_hash_table_contains(scope->threads, &thread))
		return TRUE;
	if (!scope_add_thread(scope, thread, error) ||
	    !kd_store_get_topic(scope->txn, thread, &topic, error))
		return FALSE;
	threads = kd_store_topic_threads(scope->txn, topic, error);
	for (guint i = 0; threads && i < threads->len; i++)
		if (!scope_add_thread(
			scope, g_array_index(threads, guint64, i), error))
			return FALSE;
	return threads != NULL;
}

/* Every thread that shares a key with a mail, with its topic. */
static gboolean
scope_add_candidates(
    struct scope *scope, const struct kd_member *member, GError **error)
{
	g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(guint64));

	kd_topic_keys(member, keys);
	for (guint i = 0; i < keys->len; i++) {
		guint64 key = kd_realm_key(g_array_index(keys, guint64, i),
		    kd_realm_of(member->record));
		g_autoptr(GArray) numbers = NULL;

		if (!g_hash_table_add(
			scope->keys, g_memdup2(&key, sizeof(key))))
			continue;
		numbers = kd_store_find_key(scope->txn, key, error);
		for (guint j = 0; numbers && j < numbers->len; j++) {
			guint64 thread;

			if (!kd_store_get_thread(scope->txn,
				g_array_index(numbers, guint64, j), &thread,
				error) ||
			    !scope_add_topic_of(scope, thread, error))
				return FALSE;
		}
		if (!numbers)
			return FALSE;
	}
	return TRUE;
}

/* Form the topics of one realm. */
static gboolean
form_topics(kd_txn *txn, const GPtrArray *records, char realm, GError **error)
{
	g_autoptr(GPtrArray) ours = g_ptr_array_sized_new(records->len);
	g_autoptr(GPtrArray) postings = NULL;
	g_autoptr(GHashTable) topics = NULL;
	GArray *members;
	GHashTableIter at;
	gpointer thread, topic;
	gboolean done = TRUE;

	for (guint i = 0; i < records->len; i++)
		if (kd_realm_of(g_ptr_array_index(records, i)) == realm)
			g_ptr_array_add(ours, g_ptr_array_index(records, i));
	members = kd_members_new(ours);
	postings = kd_series_assemble(members);
	topics = kd_topic_group(members, postings);
	g_hash_table_iter_init(&at, topics);
	while (done && g_hash_table_iter_next(&at, &thread, &topic))
		done = kd_store_set_topic(
		    txn, *(guint64 *)thread, *(guint64 *)topic, error);
	kd_members_free(members);
	return done;
}

gboolean
kd_group_topics(kd_txn *txn, guint64 first, guint n, GError **error)
{
	g_autoptr(GHashTable) threads =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	g_autoptr(GPtrArray) records =
	    g_ptr_array_new_with_free_func((GDestroyNotify)kd_record_free);
	g_autoptr(GHashTable) keys =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	struct scope scope = {
	    .txn = txn, .threads = threads, .keys = keys, .records = records};
	guint touched;

	for (guint i = 0; i < n; i++) {
		guint64 thread;

		if (!kd_store_get_thread(txn, first + i, &thread, error) ||
		    !scope_add_topic_of(&scope, thread, error))
			return FALSE;
	}
	touched = records->len;
	for (guint i = 0; i < touched; i++) {
		const kd_record *record = g_ptr_array_index(records, i);
		g_autoptr(kd_subject) subject =
		    kd_subject_parse(record->subject);
		const struct kd_member member = {
		    .record = record, .subject = subject, .posting = -1};

		if (!scope_add_candidates(&scope, &member, error))
			return FALSE;
	}
	return form_topics(txn, records, KD_REALM_LIST, error) &&
	       form_topics(txn, records, KD_REALM_OTHER, error);
}
