/*
 * Which topic a piece of a thread is of; most threads are one piece.
 *
 * Threads with new mail are touched: their topics are taken apart and formed
 * anew, among all pieces that share a key with them.  Between the others,
 * which are settled, nothing can have changed, so that what joins them stays
 * as it is; unless something touched has come between them: then they count
 * as touched, too, and it is done once more.
 */
#include "config.h"

#include "docket.h"
#include "group-private.h"
#include "series.h"
#include "topic.h"

#define SLICE	   500 /* mails whose topics are formed at once */
#define ROUNDS_MAX 16  /* before all that can matter counts as touched */

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

/* Pieces whose topics are formed anew, and the mails that decide it. */
struct scope {
	kd_txn *txn;
	kd_docket *docket;
	GHashTable *pieces;  /* set of guint64 *: taken in */
	GHashTable *keys;    /* set of guint64 *: looked up */
	GHashTable *settled; /* guint64 * -> guint64 *: piece -> its topic */
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
	    .pieces = numbers_new(NULL),
	    .keys = numbers_new(NULL),
	    .settled = numbers_new(g_free),
	    .records =
		g_ptr_array_new_with_free_func((GDestroyNotify)kd_record_free),
	    .members = {kd_members_new(NULL), kd_members_new(NULL)}};
}

static void
scope_clear(struct scope *scope)
{
	g_hash_table_unref(scope->pieces);
	kd_docket_free(scope->docket);
	g_hash_table_unref(scope->keys);
	g_hash_table_unref(scope->settled);
	kd_members_free(scope->members[0]);
	kd_members_free(scope->members[1]);
	g_ptr_array_unref(scope->records);
}

static gboolean
scope_add_piece(struct scope *scope, guint64 piece, GError **error)
{
	gboolean apart = kd_docket_is_apart(scope->docket, piece);
	g_autoptr(GArray) numbers = NULL;

	if (!g_hash_table_add(scope->pieces, g_memdup2(&piece, sizeof(piece))))
		return TRUE;
	numbers = kd_store_piece_actors(scope->txn, piece, error);
	for (guint i = 0; numbers && i < numbers->len; i++) {
		kd_record *record = kd_store_get_record(
		    scope->txn, g_array_index(numbers, guint64, i), error);

		if (!record)
			return FALSE;
		/* What topic.c calls a thread is a piece. */
		record->thread = piece;
		g_ptr_array_add(scope->records, record);
		if (apart)
			continue;
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

/* A piece with all others of its topic; one taken in has brought them. */
static gboolean
scope_add_topic_of(
    struct scope *scope, guint64 piece, gboolean settled, GError **error)
{
	g_autoptr(GArray) pieces = NULL;
	guint64 topic;

	if (g_hash_table_contains(scope->pieces, &piece))
		return TRUE;
	if (!kd_store_get_topic(scope->txn, piece, &topic, error))
		return FALSE;
	pieces = kd_store_topic_pieces(scope->txn, topic, error);
	for (guint i = 0; pieces && i < pieces->len; i++) {
		guint64 other = g_array_index(pieces, guint64, i);

		if (settled)
			set_number(scope->settled, other, topic);
		if (!scope_add_piece(scope, other, error))
			return FALSE;
	}
	return pieces != NULL;
}

/* Every piece that shares a key with a mail, with its topic. */
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
			guint64 piece;

			if (!kd_store_get_piece(scope->txn,
				g_array_index(numbers, guint64, j), &piece,
				error) ||
			    !scope_add_topic_of(scope, piece, TRUE, error))
				return FALSE;
		}
		if (!numbers)
			return FALSE;
	}
	return TRUE;
}

/* Take in what can be joined with the touched pieces. */
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

/* Take in what a ruling joins with a piece that is there. */
static gboolean
scope_add_joined(struct scope *scope, GError **error)
{
	const GArray *joins = kd_docket_joins(scope->docket);
	guint before;

	do {
		before = g_hash_table_size(scope->pieces);
		for (guint i = 0; i < joins->len; i++) {
			const struct kd_union *join =
			    &g_array_index(joins, struct kd_union, i);
			gboolean a =
			    g_hash_table_contains(scope->pieces, &join->a);
			gboolean b =
			    g_hash_table_contains(scope->pieces, &join->b);

			if (a != b && !scope_add_topic_of(scope,
					  a ? join->b : join->a, TRUE, error))
				return FALSE;
		}
	} while (before != g_hash_table_size(scope->pieces));
	return TRUE;
}

/* Form the topics of one realm: piece -> topic. */
static GHashTable *
form_topics(const struct scope *scope, GArray *members)
{
	g_autoptr(GPtrArray) postings = kd_series_assemble(members);

	return kd_topic_group(members, postings, scope->settled);
}

/* Two topics are one, of the older number. */
static void
unite(GHashTable *topics, guint64 a, guint64 b)
{
	guint64 one = *(const guint64 *)g_hash_table_lookup(topics, &a);
	guint64 two = *(const guint64 *)g_hash_table_lookup(topics, &b);
	GHashTableIter at;
	gpointer topic;

	g_hash_table_iter_init(&at, topics);
	while (one != two && g_hash_table_iter_next(&at, NULL, &topic))
		if (*(guint64 *)topic == MAX(one, two))
			*(guint64 *)topic = MIN(one, two);
}

/*
 * What the rules do not see: pieces that were split off, or have nothing but
 * answers, are topics for themselves; and then come the rulings.
 */
static void
apply_rulings(const struct scope *scope, GHashTable *list, GHashTable *others)
{
	const GArray *joins = kd_docket_joins(scope->docket);
	GHashTableIter at;
	gpointer piece;

	g_hash_table_iter_init(&at, scope->pieces);
	while (g_hash_table_iter_next(&at, &piece, NULL))
		if (!g_hash_table_contains(list, piece) &&
		    !g_hash_table_contains(others, piece))
			set_number(list, *(guint64 *)piece, *(guint64 *)piece);
	for (guint i = 0; i < joins->len; i++) {
		const struct kd_union *join =
		    &g_array_index(joins, struct kd_union, i);

		if (g_hash_table_contains(list, &join->a) &&
		    g_hash_table_contains(list, &join->b))
			unite(list, join->a, join->b);
	}
}

/*
 * Find the topics that were settled and are another set of pieces now: some
 * left, or others came in.  before: piece -> topic; now the same as formed.
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
	       scope_add_candidates(scope, scope->members[1], error) &&
	       scope_add_joined(scope, error);
}

/* Take in all that a chain of common keys leads to; nothing stays settled. */
static gboolean
take_in_all(struct scope *scope, GError **error)
{
	guint before;

	do {
		before = g_hash_table_size(scope->pieces);
		g_hash_table_remove_all(scope->settled);
		if (!take_in(scope, error))
			return FALSE;
	} while (g_hash_table_size(scope->pieces) > before);
	return TRUE;
}

/*
 * This ends: a piece is settled once at most, since it is taken in once, and
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
		apply_rulings(scope, list, others);
		settled =
		    stays_settled(scope, list) & stays_settled(scope, others);
	}
	return store_topics(scope->txn, list, error) &&
	       store_topics(scope->txn, others, error) &&
	       drop_todo(scope, error);
}

/*
 * Cut the touched threads; what is touched are their pieces, and all that was
 * of one topic with them before.
 */
static gboolean
cut_threads(
    struct scope *scope, const GArray *threads, GArray *touched, GError **error)
{
	for (guint i = 0; i < threads->len; i++) {
		guint64 thread = g_array_index(threads, guint64, i);
		g_autoptr(GArray) mails = NULL;
		struct kd_thread_state was;

		if (!kd_store_thread_state(scope->txn, thread, &was, error))
			return FALSE;
		if (was.cut)
			mails =
			    kd_store_thread_mails(scope->txn, thread, error);
		if (was.cut && !mails)
			return FALSE;
		for (guint j = 0; j < (mails ? mails->len : 1); j++) {
			g_autoptr(GArray) pieces = NULL;
			guint64 topic;

			if (!kd_store_get_topic(scope->txn,
				mails ? g_array_index(mails, guint64, j)
				      : thread,
				&topic, error))
				return FALSE;
			pieces =
			    kd_store_topic_pieces(scope->txn, topic, error);
			if (!pieces)
				return FALSE;
			g_array_append_vals(touched, pieces->data, pieces->len);
		}
		if (!kd_docket_cut(scope->docket, thread, touched, error))
			return FALSE;
	}
	return TRUE;
}

static gboolean
begin_with(struct scope *scope, const GArray *threads, GError **error)
{
	g_autoptr(GArray) touched = g_array_new(FALSE, FALSE, sizeof(guint64));

	scope->docket = kd_docket_load(scope->txn, error);
	if (!scope->docket || !cut_threads(scope, threads, touched, error) ||
	    !kd_docket_settle(scope->docket, error))
		return FALSE;
	for (guint i = 0; i < touched->len; i++) {
		guint64 piece;

		/* Its number may be that of no piece any more. */
		if (!kd_store_get_piece(scope->txn,
			g_array_index(touched, guint64, i), &piece, error) ||
		    !scope_add_topic_of(scope, piece, FALSE, error))
			return FALSE;
	}
	return TRUE;
}

/* Form the topics of these threads (of guint64) anew. */
static gboolean
form_threads(kd_txn *txn, const GArray *threads, GError **error)
{
	struct scope scope;
	gboolean done;

	scope_init(&scope, txn);
	done = begin_with(&scope, threads, error) && form(&scope, error);
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
	return !threads->len || form_threads(txn, threads, error);
}
