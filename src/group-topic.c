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
#include "group-scope.h"
#include "series.h"
#include "topic.h"

#define HELD	   400 /* records that are enough to be held at once */
#define SLICE_MAX  512 /* mails whose topics are formed at once */
#define STEP	   2   /* threads that are taken in at once */
#define ROUNDS_MAX 16  /* before all that can matter counts as touched */

/* Find what joins the pieces that are taken in, in each realm. */
static void
find_links(struct kd_scope *scope)
{
	for (int realm = 0; realm < 2; realm++) {
		GArray *members = scope->members[realm];
		g_autoptr(GPtrArray) postings = kd_series_assemble(members);

		g_clear_pointer(&scope->links[realm], g_array_unref);
		scope->links[realm] = kd_topic_links(members, postings);
	}
}

/* Form the topics of one realm: piece -> topic. */
static GHashTable *
form_topics(const struct kd_scope *scope, int realm)
{
	return kd_topic_group(
	    scope->members[realm], scope->links[realm], scope->settled);
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
apply_rulings(
    const struct kd_scope *scope, GHashTable *list, GHashTable *others)
{
	const GArray *joins = kd_docket_joins(scope->docket);
	GHashTableIter at;
	gpointer piece;

	g_hash_table_iter_init(&at, scope->pieces);
	while (g_hash_table_iter_next(&at, &piece, NULL))
		if (!g_hash_table_contains(list, piece) &&
		    !g_hash_table_contains(others, piece))
			kd_numbers_set(
			    list, *(guint64 *)piece, *(guint64 *)piece);
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
	GHashTable *changed = kd_numbers_new(NULL);
	g_autoptr(GHashTable) from = kd_numbers_new(g_free);
	g_autoptr(GHashTable) to = kd_numbers_new(g_free);
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
				kd_numbers_set(from, one, two);
			if (!pass && !g_hash_table_contains(to, &two))
				kd_numbers_set(to, two, one);
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
stays_settled(struct kd_scope *scope, GHashTable *topics)
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
drop_todo(const struct kd_scope *scope, GError **error)
{
	GHashTableIter at;
	gpointer record;

	g_hash_table_iter_init(&at, scope->records);
	while (g_hash_table_iter_next(&at, NULL, &record))
		if (!kd_scope_is_settled(scope, record) &&
		    !kd_store_drop_todo(
			scope->txn, ((kd_record *)record)->number, error))
			return FALSE;
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

/*
 * This ends: a piece is settled once at most, since it is taken in once, and
 * each round but the last makes one or more of them touched.  One mail can set
 * off a long row of rounds, though, each as long as all before; then what the
 * row could reach is formed in one.
 */
static gboolean
form(struct kd_scope *scope, GError **error)
{
	g_autoptr(GHashTable) list = NULL;
	g_autoptr(GHashTable) others = NULL;
	gboolean settled = FALSE;

	for (guint round = 0; !settled; round++) {
		guint before = g_hash_table_size(scope->pieces);

		if (!(round < ROUNDS_MAX ? kd_scope_take_in
					 : kd_scope_take_in_all)(scope, error))
			return FALSE;
		g_clear_pointer(&list, g_hash_table_unref);
		g_clear_pointer(&others, g_hash_table_unref);
		/* What is settled decides which links hold, not which are. */
		if (!round || before != g_hash_table_size(scope->pieces))
			find_links(scope);
		list = form_topics(scope, 0);
		others = form_topics(scope, 1);
		apply_rulings(scope, list, others);
		settled =
		    stays_settled(scope, list) & stays_settled(scope, others);
	}
	return store_topics(scope->txn, list, error) &&
	       store_topics(scope->txn, others, error) &&
	       drop_todo(scope, error);
}

/* A thread with mails to do. */
struct touched {
	guint64 thread;
	guint mails;  /* to do, from the first of all to the last of its own */
	guint pieces; /* that are touched, likewise */
};

/* The threads of mails to do (of guint64): an array of struct touched. */
static GArray *
find_threads(kd_txn *txn, const GArray *todo, GError **error)
{
	g_autoptr(GArray) threads =
	    g_array_new(FALSE, FALSE, sizeof(struct touched));
	struct touched touched = {0};

	for (guint i = 0; i < todo->len; i++) {
		guint64 thread;

		if (!kd_store_get_thread(
			txn, g_array_index(todo, guint64, i), &thread, error))
			return NULL;
		/* Mails of one thread mostly come in a row. */
		if (i && thread != touched.thread)
			g_array_append_val(threads, touched);
		touched.thread = thread;
		touched.mails = i + 1;
	}
	g_array_append_val(threads, touched);
	return g_steal_pointer(&threads);
}

/*
 * Cut a thread as the rulings say, and append what is touched to pieces: its
 * own, and all that was of one topic with them before.
 */
static gboolean
cut_thread(
    struct kd_scope *scope, guint64 thread, GArray *pieces, GError **error)
{
	struct kd_thread_state was;
	g_autoptr(GArray) mails = NULL;

	if (!kd_store_thread_state(scope->txn, thread, &was, error))
		return FALSE;
	if (was.cut) {
		mails = kd_store_thread_mails(scope->txn, thread, error);
		if (!mails)
			return FALSE;
	}
	for (guint i = 0; i < (mails ? mails->len : 1); i++) {
		g_autoptr(GArray) others = NULL;
		guint64 topic;

		if (!kd_store_get_topic(scope->txn,
			mails ? g_array_index(mails, guint64, i) : thread,
			&topic, error))
			return FALSE;
		others = kd_store_topic_pieces(scope->txn, topic, error);
		if (!others)
			return FALSE;
		g_array_append_vals(pieces, others->data, others->len);
	}
	return kd_docket_cut(scope->docket, thread, pieces, error);
}

/* Cut all threads; the scope is empty.  Returns the pieces (of guint64). */
static GArray *
cut_threads(struct kd_scope *scope, GArray *threads, GError **error)
{
	g_autoptr(GArray) pieces = g_array_new(FALSE, FALSE, sizeof(guint64));

	scope->docket = kd_docket_load(scope->txn, error);
	for (guint i = 0; scope->docket && i < threads->len; i++) {
		struct touched *touched =
		    &g_array_index(threads, struct touched, i);

		if (!cut_thread(scope, touched->thread, pieces, error))
			return NULL;
		touched->pieces = pieces->len;
	}
	if (!scope->docket || !kd_docket_settle(scope->docket, error))
		return NULL;
	return g_steal_pointer(&pieces);
}

static gboolean
touch_pieces(struct kd_scope *scope, const GArray *pieces, guint from, guint to,
    GError **error)
{
	for (guint i = from; i < to; i++) {
		guint64 piece;

		/* Its number may be that of no piece any more. */
		if (!kd_store_get_piece(scope->txn,
			g_array_index(pieces, guint64, i), &piece, error) ||
		    !kd_scope_add_topic_of(scope, piece, FALSE, error))
			return FALSE;
	}
	return TRUE;
}

/*
 * Whether enough records are held: those before for some threads, and those
 * that more of them have brought.  What has to do with the same records, and
 * brings less than a quarter as many for each thread, is done with them.
 */
static gboolean
is_enough(guint before, guint threads, guint brought, guint more)
{
	return before + brought >= HELD &&
	       brought * 4 * threads > before * more;
}

/*
 * Take in the first threads, and what can be joined with them, until enough
 * records are held.  *taken is how many of the mails to do are theirs.
 */
static gboolean
take_threads(struct kd_scope *scope, const GArray *threads,
    const GArray *pieces, guint *taken, GError **error)
{
	guint pieces_end = 0, held = 0;
	gboolean enough = FALSE;
	guint end;

	for (guint i = 0; i < threads->len && !enough; i = end) {
		guint before = held;
		guint begin = pieces_end;
		const struct touched *last;

		end = MIN(i + STEP, threads->len);
		last = &g_array_index(threads, struct touched, end - 1);
		pieces_end = last->pieces;
		*taken = last->mails;
		if (!touch_pieces(scope, pieces, begin, pieces_end, error) ||
		    !kd_scope_take_in(scope, error))
			return FALSE;
		held = g_hash_table_size(scope->records);
		enough = is_enough(before, i, held - before, end - i);
	}
	return TRUE;
}

/*
 * Form anew the topics of the first of these mails (of guint64), how many is
 * *taken.
 */
static gboolean
form_mails(kd_txn *txn, const GArray *todo, guint *taken, GError **error)
{
	g_autoptr(GArray) threads = find_threads(txn, todo, error);
	g_autoptr(GArray) pieces = NULL;
	struct kd_scope scope;
	gboolean done;

	if (!threads)
		return FALSE;
	kd_scope_init(&scope, txn);
	pieces = cut_threads(&scope, threads, error);
	done = pieces && take_threads(&scope, threads, pieces, taken, error) &&
	       form(&scope, error);
	kd_scope_clear(&scope);
	return done;
}

gboolean
kd_group_topics(kd_txn *txn, gboolean *more, GError **error)
{
	g_autoptr(GArray) todo = kd_store_list_todo(txn, SLICE_MAX, error);
	guint taken = 0;

	if (!todo || (todo->len && !form_mails(txn, todo, &taken, error)))
		return FALSE;
	for (guint i = 0; i < taken; i++)
		if (!kd_store_drop_todo(
			txn, g_array_index(todo, guint64, i), error))
			return FALSE;
	*more = taken < todo->len || todo->len == SLICE_MAX;
	return TRUE;
}
