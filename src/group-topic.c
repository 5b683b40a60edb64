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
#define SLICE_MAX  512 /* mails to do that are looked at, at once */
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

/* The first mails to do. */
struct todo {
	GArray *mails;	 /* of guint64, ascending */
	GArray *threads; /* of guint64: theirs */
	GHashTable *all; /* set of guint64 *: these */
	GHashTable *cut; /* set of guint64 *: threads that were cut */
	GArray *pieces;	 /* of guint64: touched by that */
	guint taken;	 /* of the mails */
};

/*
 * Whether it is known if the thread of a mail is to be cut: no mail of another
 * one than those of the first mails has told.
 */
static gboolean
is_examined(const struct kd_scope *scope, const struct todo *todo,
    guint64 number, gboolean *is, GError **error)
{
	guint64 thread;

	*is =
	    number <= g_array_index(todo->mails, guint64, todo->mails->len - 1);
	if (*is)
		return TRUE;
	if (!kd_store_get_thread(scope->txn, number, &thread, error))
		return FALSE;
	*is = g_hash_table_contains(todo->all, &thread);
	return TRUE;
}

/* With a piece all of its mails have been looked at. */
static gboolean
drop_todo(const struct kd_scope *scope, const struct todo *todo, GError **error)
{
	GHashTableIter at;
	gpointer value;

	g_hash_table_iter_init(&at, scope->records);
	while (g_hash_table_iter_next(&at, NULL, &value)) {
		const kd_record *record = value;
		gboolean examined;

		if (kd_scope_is_settled(scope, record))
			continue;
		if (!is_examined(
			scope, todo, record->number, &examined, error) ||
		    (examined &&
			!kd_store_drop_todo(scope->txn, record->number, error)))
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

/*
 * This ends: a piece is settled once at most, since it is taken in once, and
 * each round but the last makes one or more of them touched.  One mail can set
 * off a long row of rounds, though, each as long as all before; then what the
 * row could reach is formed in one.
 */
static gboolean
form(struct kd_scope *scope, const struct todo *todo, GError **error)
{
	gboolean cut = todo->pieces->len > 0;
	g_autoptr(GHashTable) list = NULL;
	g_autoptr(GHashTable) others = NULL;
	gboolean settled = FALSE;

	/* What is taken out of a topic also goes from between two others. */
	if (cut && !kd_scope_take_in(scope, error))
		return FALSE;
	if (cut)
		g_hash_table_remove_all(scope->settled);
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
	       drop_todo(scope, todo, error);
}

static void
todo_clear(struct todo *todo)
{
	g_clear_pointer(&todo->mails, g_array_unref);
	g_clear_pointer(&todo->threads, g_array_unref);
	g_clear_pointer(&todo->all, g_hash_table_unref);
	g_clear_pointer(&todo->cut, g_hash_table_unref);
	g_clear_pointer(&todo->pieces, g_array_unref);
}

static gboolean
todo_init(struct todo *todo, kd_txn *txn, GError **error)
{
	*todo =
	    (struct todo){.mails = kd_store_list_todo(txn, SLICE_MAX, error),
		.threads = g_array_new(FALSE, FALSE, sizeof(guint64)),
		.all = kd_numbers_new(NULL),
		.cut = kd_numbers_new(NULL),
		.pieces = g_array_new(FALSE, FALSE, sizeof(guint64))};
	for (guint i = 0; todo->mails && i < todo->mails->len; i++) {
		guint64 thread;

		if (!kd_store_get_thread(txn,
			g_array_index(todo->mails, guint64, i), &thread, error))
			return FALSE;
		g_array_append_val(todo->threads, thread);
		if (!g_hash_table_contains(todo->all, &thread))
			g_hash_table_add(
			    todo->all, g_memdup2(&thread, sizeof(thread)));
	}
	return todo->mails != NULL;
}

static const guint64 *
todo_thread(const struct todo *todo, guint i)
{
	return &g_array_index(todo->threads, guint64, i);
}

/*
 * Whether there is nothing to be done for a mail's thread: it was cut, or was
 * that of the mail before, as in a discussion it mostly is.
 */
static gboolean
todo_is_done(const struct todo *todo, guint i)
{
	const guint64 *thread = todo_thread(todo, i);

	return (i && *thread == *todo_thread(todo, i - 1)) ||
	       g_hash_table_contains(todo->cut, thread);
}

/*
 * Cut a thread as the rulings say.  That touches its pieces, and all that was
 * of one topic with them before.
 */
static gboolean
cut_thread(
    struct kd_scope *scope, struct todo *todo, guint64 thread, GError **error)
{
	g_autoptr(GArray) mails =
	    kd_store_thread_mails(scope->txn, thread, error);

	g_hash_table_add(todo->cut, g_memdup2(&thread, sizeof(thread)));
	for (guint i = 0; mails && i < mails->len; i++) {
		g_autoptr(GArray) others = NULL;
		guint64 topic;

		if (!kd_store_get_topic(scope->txn,
			g_array_index(mails, guint64, i), &topic, error))
			return FALSE;
		others = kd_store_topic_pieces(scope->txn, topic, error);
		if (!others)
			return FALSE;
		g_array_append_vals(todo->pieces, others->data, others->len);
	}
	return mails &&
	       kd_docket_cut(scope->docket, thread, todo->pieces, error);
}

/* Cut all threads that are to be cut, while the scope is empty. */
static gboolean
cut_threads(struct kd_scope *scope, struct todo *todo, GError **error)
{
	scope->docket = kd_docket_load(scope->txn, error);
	for (guint i = 0; scope->docket && i < todo->mails->len; i++) {
		guint64 thread = *todo_thread(todo, i);
		gboolean cuts;

		if (todo_is_done(todo, i))
			continue;
		if (!kd_docket_cuts(scope->docket, thread, &cuts, error) ||
		    (cuts && !cut_thread(scope, todo, thread, error)))
			return FALSE;
	}
	return scope->docket && kd_docket_settle(scope->docket, error);
}

/* Touch the piece that has a number, if it is still that of one. */
static gboolean
touch(struct kd_scope *scope, guint64 number, GError **error)
{
	guint64 piece;

	return kd_store_get_piece(scope->txn, number, &piece, error) &&
	       kd_scope_add_topic_of(scope, piece, FALSE, error);
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

/* Touch the next threads that were not cut, STEP at most; how many is *n. */
static gboolean
touch_threads(
    struct kd_scope *scope, struct todo *todo, guint *n, GError **error)
{
	for (*n = 0; todo->taken < todo->mails->len; todo->taken++) {
		if (todo_is_done(todo, todo->taken))
			continue;
		if (*n == STEP)
			break;
		if (!touch(scope, *todo_thread(todo, todo->taken), error))
			return FALSE;
		++*n;
	}
	return TRUE;
}

/*
 * Take in what was cut, since that is no topic's any more; then the first of
 * the other threads, and what can be joined with them, until enough records are
 * held.
 */
static gboolean
take_threads(struct kd_scope *scope, struct todo *todo, GError **error)
{
	guint threads = 0;
	gboolean enough = FALSE;

	for (guint i = 0; i < todo->pieces->len; i++)
		if (!touch(
			scope, g_array_index(todo->pieces, guint64, i), error))
			return FALSE;
	while (todo->taken < todo->mails->len && !enough) {
		guint before = g_hash_table_size(scope->records);
		guint held, more;

		if (!touch_threads(scope, todo, &more, error) ||
		    !kd_scope_take_in(scope, error))
			return FALSE;
		held = g_hash_table_size(scope->records);
		enough = is_enough(before, threads, held - before, more);
		threads += more;
	}
	return TRUE;
}

/* Mails of threads that were cut are done, be they taken or not. */
static gboolean
drop_taken(kd_txn *txn, const struct todo *todo, GError **error)
{
	for (guint i = 0; i < todo->mails->len; i++)
		if ((i < todo->taken || g_hash_table_contains(
					    todo->cut, todo_thread(todo, i))) &&
		    !kd_store_drop_todo(
			txn, g_array_index(todo->mails, guint64, i), error))
			return FALSE;
	return TRUE;
}

/* Form anew the topics of the first mails to do; *todo says which. */
static gboolean
form_mails(kd_txn *txn, struct todo *todo, GError **error)
{
	struct kd_scope scope;
	gboolean done;

	kd_scope_init(&scope, txn);
	done = cut_threads(&scope, todo, error) &&
	       take_threads(&scope, todo, error) && form(&scope, todo, error) &&
	       drop_taken(txn, todo, error);
	kd_scope_clear(&scope);
	return done;
}

gboolean
kd_group_topics(kd_txn *txn, gboolean *more, GError **error)
{
	struct todo todo;
	gboolean done = todo_init(&todo, txn, error);

	if (done && todo.mails->len)
		done = form_mails(txn, &todo, error);
	if (done)
		*more = todo.taken < todo.mails->len ||
			todo.mails->len == SLICE_MAX;
	todo_clear(&todo);
	return done;
}
