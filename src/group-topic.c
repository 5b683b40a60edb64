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

#define HELD	   600 /* records that are to be held at once */
#define HELD_MANY  (3 * HELD)
#define SLICE_MAX  512 /* mails whose topics are formed at once */
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

/*
 * Cut the touched threads; what is touched are their pieces, and all that was
 * of one topic with them before.
 */
static gboolean
cut_threads(struct kd_scope *scope, const GArray *threads, GArray *touched,
    GError **error)
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
begin_with(struct kd_scope *scope, const GArray *threads, GError **error)
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
		    !kd_scope_add_topic_of(scope, piece, FALSE, error))
			return FALSE;
	}
	return TRUE;
}

/*
 * Form the topics of these threads (of guint64) anew.  *held is how many
 * records were held for that.
 */
static gboolean
form_threads(kd_txn *txn, const GArray *threads, guint *held, GError **error)
{
	struct kd_scope scope;
	gboolean done;

	kd_scope_init(&scope, txn);
	done = begin_with(&scope, threads, error) && form(&scope, error);
	*held = g_hash_table_size(scope.records);
	kd_scope_clear(&scope);
	return done;
}

/*
 * Fewer mails are to hold fewer records.  Where very many are held all the
 * same, because all of them have to do with the same ones, they are taken
 * together.
 */
static void
adapt(struct kd_slice *slice, guint held)
{
	guint taken = slice->mails;
	guint next = taken * HELD / MAX(held, 1);
	gboolean in_vain = taken < slice->taken ? held > slice->held / 4 * 3
						: held < slice->held / 4 * 5;

	if (held > HELD_MANY && (in_vain || taken == KD_SLICE_MIN))
		next = taken * 2;
	slice->mails = CLAMP(next, KD_SLICE_MIN, MIN(taken * 2, SLICE_MAX));
	slice->taken = taken;
	slice->held = held;
}

gboolean
kd_group_topics(
    kd_txn *txn, struct kd_slice *slice, gboolean *more, GError **error)
{
	g_autoptr(GArray) todo = kd_store_list_todo(txn, slice->mails, error);
	g_autoptr(GArray) threads = g_array_new(FALSE, FALSE, sizeof(guint64));
	guint held;

	for (guint i = 0; todo && i < todo->len; i++) {
		guint64 number = g_array_index(todo, guint64, i);
		guint64 thread;

		if (!kd_store_get_thread(txn, number, &thread, error) ||
		    !kd_store_drop_todo(txn, number, error))
			return FALSE;
		/* Mails of one thread mostly come in a row. */
		if (!threads->len ||
		    g_array_index(threads, guint64, threads->len - 1) != thread)
			g_array_append_val(threads, thread);
	}
	if (!todo)
		return FALSE;
	*more = todo->len == slice->mails;
	if (!threads->len)
		return TRUE;
	if (!form_threads(txn, threads, &held, error))
		return FALSE;
	adapt(slice, held);
	return TRUE;
}
