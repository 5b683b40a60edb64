/*
 * Which topic a thread is of.
 *
 * Threads with new mail are touched: their topics are taken apart and formed
 * anew, among all threads that share a key with them.  Between the others,
 * which are settled, nothing can have changed, so that what joins them stays
 * as it is; unless something touched has come between them: then they count
 * as touched, too, and it is done once more.
 */
#include "config.h"

#include "group-private.h"
#include "series.h"
#include "topic.h"

#define SLICE	   4000 /* mails whose topics are formed at once */
#define ROUNDS_MAX 16	/* before all that can matter counts as touched */

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

/* Threads whose topics are formed anew, and the mails that decide it. */
struct scope {
	kd_txn *txn;
	GHashTable *threads; /* set of guint64 *: taken in */
	GHashTable *keys;    /* set of guint64 *: looked up */
	GHashTable *settled; /* guint64 * -> guint64 *: thread -> its topic */
	GPtrArray *records;  /* of kd_record: their actors */
	GArray *members[2];  /* of struct kd_member: the list's, others */
};

static GHashTable *
numbers_new(GDestroyNotify free_value)
{
	return g_hash_table_new_full(
	    g_int64_hash, g_int64_equal, g_free, free_value);
}

static void
scope_init(struct scope *scope, kd_txn *txn)
{
	*scope = (struct scope){.txn = txn,
	    .threads = numbers_new(NULL),
	    .keys = numbers_new(NULL),
	    .settled = numbers_new(g_free),
	    .records =
		g_ptr_array_new_with_free_func((GDestroyNotify)kd_record_free),
	    .members = {kd_members_new(NULL), kd_members_new(NULL)}};
}

static void
scope_clear(struct scope *scope)
{
	g_hash_table_unref(scope->threads);
	g_hash_table_unref(scope->keys);
	g_hash_table_unref(scope->settled);
	kd_members_free(scope->members[0]);
	kd_members_free(scope->members[1]);
	g_ptr_array_unref(scope->records);
}

static gboolean
scope_add_thread(struct scope *scope, guint64 thread, GError **error)
{
	g_autoptr(GArray) numbers = NULL;

	if (!g_hash_table_add(
		scope->threads, g_memdup2(&thread, sizeof(thread))))
		return TRUE;
	numbers = kd_store_thread_actors(scope->txn, thread, error);
	for (guint i = 0; numbers && i < numbers->len; i++) {
		kd_record *record = kd_store_get_record(
		    scope->txn, g_array_index(numbers, guint64, i), error);

		if (!record)
			return FALSE;
		g_ptr_array_add(scope->records, record);
		kd_members_add(
		    scope->members[kd_realm_of(record) != KD_REALM_LIST],
		    record);
	}
	return numbers != NULL;
}

static gboolean
is_settled(const struct scope *scope, const kd_record *record)
{
	return g_hash_table_contains(scope->settled, &record->thread);
}

static void
set_number(GHashTable *table, guint64 key, guint64 value)
{
	g_hash_table_insert(table, g_memdup2(&key, sizeof(key)),
	    g_memdup2(&value, sizeof(value)));
}

/* A thread with all others of its topic; one taken in has brought them. */
static gboolean
scope_add_topic_of(
    struct scope *scope, guint64 thread, gboolean settled, GError **error)
{
	g_autoptr(GArray) threads = NULL;
	guint64 topic;

	if (g_hash_table_contains(scope->threads, &thread))
		return TRUE;
	if (!kd_store_get_topic(scope->txn, thread, &topic, error))
		return FALSE;
	threads = kd_store_topic_threads(scope->txn, topic, error);
	for (guint i = 0; threads && i < threads->len; i++) {
		guint64 other = g_array_index(threads, guint64, i);

		if (settled)
			set_number(scope->settled, other, topic);
		if (!scope_add_thread(scope, other, error))
			return FALSE;
	}
	return threads != NULL;
}

/* Every thread that shares a key with a mail, with its topic. */
static gboolean
scope_look(
    struct scope *scope, const kd_record *record, GArray *keys, GError **error)
{
	for (guint i = 0; i < keys->len; i++) {
		guint64 key = kd_realm_key(
		    g_array_index(keys, guint64, i), kd_realm_of(record));
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
			    !scope_add_topic_of(scope, thread, TRUE, error))
				return FALSE;
		}
		if (!numbers)
			return FALSE;
	}
	return TRUE;
}

/* Take in what can be joined with the touched threads. */
static gboolean
scope_add_candidates(struct scope *scope, GArray *members, GError **error)
{
	g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(guint64));
	guint end = members->len;

	for (guint i = 0; i < end; i++) {
		/* By value: what is taken in moves the array. */
		const struct kd_member member =
		    g_array_index(members, struct kd_member, i);

		if (is_settled(scope, member.record))
			continue;
		g_array_set_size(keys, 0);
		kd_topic_look(&member, keys);
		if (!scope_look(scope, member.record, keys, error))
			return FALSE;
	}
	return TRUE;
}

/* Form the topics of one realm: thread -> topic. */
static GHashTable *
form_topics(const struct scope *scope, GArray *members)
{
	g_autoptr(GPtrArray) postings = kd_series_assemble(members);

	return kd_topic_group(members, postings, scope->settled);
}

/*
 * Find the topics that were settled and are another set of threads now: some
 * left, or others came in.  before: thread -> topic; now the same as formed.
 */
static GHashTable *
find_changed(GHashTable *before, GHashTable *now)
{
	GHashTable *changed = numbers_new(NULL);
	g_autoptr(GHashTable) from = numbers_new(g_free);
	g_autoptr(GHashTable) to = numbers_new(g_free);
	GHashTableIter at;
	gpointer thread, topic;

	/* Both ways each old topic must be one new one. */
	for (int pass = 0; pass < 2; pass++) {
		g_hash_table_iter_init(&at, now);
		while (g_hash_table_iter_next(&at, &thread, &topic)) {
			const guint64 *old =
			    g_hash_table_lookup(before, thread);
			guint64 none = 0;
			guint64 one = *(old ? old : &none);
			guint64 two = *(guint64 *)topic;

			if (!pass && !g_hash_table_contains(from, &one))
				set_number(from, one, two);
			if (!pass && !g_hash_table_contains(to, &two))
				set_number(to, two, one);
			if (pass && old &&
			    (*(guint64 *)g_hash_table_lookup(from, &one) !=
				    two ||
				*(guint64 *)g_hash_table_lookup(to, &two) !=
				    one))
				g_hash_table_add(
				    changed, g_memdup2(old, sizeof(*old)));
			if (pass && !old) {
				const guint64 *other =
				    g_hash_table_lookup(to, &two);

				if (*other)
					g_hash_table_add(changed,
					    g_memdup2(other, sizeof(*other)));
			}
		}
	}
	return changed;
}

/*
 * Whether what was settled stays as it was.  What does not is touched from now
 * on.
 */
static gboolean
stays_settled(struct scope *scope, GHashTable *topics)
{
	g_autoptr(GHashTable) changed = find_changed(scope->settled, topics);
	GHashTableIter at;
	gpointer before;

	g_hash_table_iter_init(&at, scope->settled);
	while (g_hash_table_iter_next(&at, NULL, &before))
		if (g_hash_table_contains(changed, before))
			g_hash_table_iter_remove(&at);
	return !g_hash_table_size(changed);
}

/* With a thread all of its mails have been looked at. */
static gboolean
drop_todo(const struct scope *scope, GError **error)
{
	for (guint i = 0; i < scope->records->len; i++) {
		const kd_record *record = g_ptr_array_index(scope->records, i);

		if (!is_settled(scope, record) &&
		    !kd_store_drop_todo(scope->txn, record->number, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
store_topics(kd_txn *txn, GHashTable *topics, GError **error)
{
	GHashTableIter at;
	gpointer thread, topic;
	gboolean done = TRUE;

	g_hash_table_iter_init(&at, topics);
	while (done && g_hash_table_iter_next(&at, &thread, &topic))
		done = kd_store_set_topic(
		    txn, *(guint64 *)thread, *(guint64 *)topic, error);
	return done;
}

static gboolean
take_in(struct scope *scope, GError **error)
{
	return scope_add_candidates(scope, scope->members[0], error) &&
	       scope_add_candidates(scope, scope->members[1], error);
}

/* Take in all that a chain of common keys leads to; nothing stays settled. */
static gboolean
take_in_all(struct scope *scope, GError **error)
{
	guint before;

	do {
		before = g_hash_table_size(scope->threads);
		g_hash_table_remove_all(scope->settled);
		if (!take_in(scope, error))
			return FALSE;
	} while (g_hash_table_size(scope->threads) > before);
	return TRUE;
}

/*
 * This ends: a thread is settled once at most, since it is taken in once, and
 * each round but the last makes one or more of them touched.  One mail can set
 * off a long row of rounds, though, each as long as all before; then what the
 * row could reach is formed in one.
 */
static gboolean
form(struct scope *scope, GError **error)
{
	g_autoptr(GHashTable) list = NULL;
	g_autoptr(GHashTable) others = NULL;
	gboolean settled = FALSE;

	for (guint round = 0; !settled; round++) {
		if (!(round < ROUNDS_MAX ? take_in : take_in_all)(scope, error))
			return FALSE;
		g_clear_pointer(&list, g_hash_table_unref);
		g_clear_pointer(&others, g_hash_table_unref);
		list = form_topics(scope, scope->members[0]);
		others = form_topics(scope, scope->members[1]);
		settled =
		    stays_settled(scope, list) & stays_settled(scope, others);
	}
	return store_topics(scope->txn, list, error) &&
	       store_topics(scope->txn, others, error) &&
	       drop_todo(scope, error);
}

gboolean
kd_group_form(kd_txn *txn, const GArray *threads, GError **error)
{
	struct scope scope;
	gboolean done = TRUE;

	scope_init(&scope, txn);
	for (guint i = 0; done && i < threads->len; i++)
		done = scope_add_topic_of(
		    &scope, g_array_index(threads, guint64, i), FALSE, error);
	done = done && form(&scope, error);
	scope_clear(&scope);
	return done;
}

gboolean
kd_group_topics(kd_txn *txn, gboolean *more, GError **error)
{
	g_autoptr(GArray) todo = kd_store_list_todo(txn, SLICE, error);
	g_autoptr(GArray) threads = g_array_new(FALSE, FALSE, sizeof(guint64));

	for (guint i = 0; todo && i < todo->len; i++) {
		guint64 number = g_array_index(todo, guint64, i);
		guint64 thread;

		if (!kd_store_get_thread(txn, number, &thread, error) ||
		    !kd_store_drop_todo(txn, number, error))
			return FALSE;
		g_array_append_val(threads, thread);
	}
	if (!todo)
		return FALSE;
	*more = todo->len == SLICE;
	return !threads->len || kd_group_form(txn, threads, error);
}
