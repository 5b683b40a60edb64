#include "config.h"

#include "docket.h"
#include "load.h"
#include "thread.h"

struct kd_docket {
	kd_txn *txn;
	GPtrArray *rulings; /* of struct kd_ruling */
	GArray *mails;	    /* of guint64: the one that each names first */
	GArray *threads;    /* of guint64: those of these */
	GHashTable *apart;  /* set of guint64 *: pieces */
	GArray *joins;	    /* of struct kd_union */
};

gboolean
kd_docket_mail(kd_txn *txn, const char *id, guint64 *number, GError **error)
{
	g_autoptr(GArray) numbers = kd_store_find_mail(txn, id, error);
	guint64 last;

	*number = 0;
	if (!numbers || !kd_store_last_record(txn, &last, error))
		return FALSE;
	for (guint i = 0; i < numbers->len && !*number; i++) {
		guint64 one = g_array_index(numbers, guint64, i);
		struct kd_mail_info mail;

		if (one > last)
			break;
		if (!kd_store_get_mail(txn, one, &mail, error))
			return FALSE;
		if (mail.flags & KD_MAIL_LIST)
			*number = one;
	}
	return TRUE;
}

kd_docket *
kd_docket_load(kd_txn *txn, GError **error)
{
	g_autoptr(kd_docket) docket = g_new0(kd_docket, 1);

	docket->txn = txn;
	docket->mails = g_array_new(FALSE, FALSE, sizeof(guint64));
	docket->threads = g_array_new(FALSE, FALSE, sizeof(guint64));
	docket->joins = g_array_new(FALSE, FALSE, sizeof(struct kd_union));
	docket->apart =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	docket->rulings = kd_store_list_rulings(txn, error);
	if (!docket->rulings)
		return NULL;
	for (guint i = 0; i < docket->rulings->len; i++) {
		const struct kd_ruling *ruling =
		    g_ptr_array_index(docket->rulings, i);
		guint64 number, thread;

		if (!kd_docket_mail(txn, ruling->a, &number, error) ||
		    !kd_store_get_thread(txn, number, &thread, error))
			return NULL;
		g_array_append_val(docket->mails, number);
		g_array_append_val(docket->threads, thread);
	}
	return g_steal_pointer(&docket);
}

void
kd_docket_free(kd_docket *docket)
{
	if (!docket)
		return;
	g_clear_pointer(&docket->rulings, g_ptr_array_unref);
	g_clear_pointer(&docket->mails, g_array_unref);
	g_clear_pointer(&docket->threads, g_array_unref);
	g_clear_pointer(&docket->apart, g_hash_table_unref);
	g_clear_pointer(&docket->joins, g_array_unref);
	g_free(docket);
}

static gboolean
is_split(const kd_docket *docket, guint i)
{
	const struct kd_ruling *ruling = g_ptr_array_index(docket->rulings, i);

	return ruling->kind == KD_RULING_SPLIT;
}

static gboolean
splits_thread(const kd_docket *docket, guint i, guint64 thread)
{
	return is_split(docket, i) &&
	       g_array_index(docket->threads, guint64, i) == thread;
}

/* The mails of a thread that begin a piece (set of guint64 *). */
static GHashTable *
find_splits(const kd_docket *docket, guint64 thread)
{
	GHashTable *splits =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

	for (guint i = 0; i < docket->rulings->len; i++)
		if (splits_thread(docket, i, thread))
			g_hash_table_add(splits,
			    g_memdup2(&g_array_index(docket->mails, guint64, i),
				sizeof(guint64)));
	return splits;
}

/*
 * Which piece each place is in, by the index of the place that begins it; 0 is
 * the thread's own, which begins with its first mail.  What answers a mail
 * stands behind it.
 */
static void
find_heads(const GArray *places, GHashTable *splits, guint *heads)
{
	for (guint i = 0; i < places->len; i++) {
		const struct kd_place *place =
		    &g_array_index(places, struct kd_place, i);

		if (i && g_hash_table_contains(splits, &place->record->number))
			heads[i] = i;
		else
			heads[i] = place->parent < 0 ? 0 : heads[place->parent];
	}
}

static void
add_cuts(GArray *cuts, const GArray *places, const guint *heads)
{
	g_autofree guint64 *lowest = g_new(guint64, places->len);

	for (guint i = 0; i < places->len; i++)
		lowest[i] = G_MAXUINT64;
	for (guint i = 0; i < places->len; i++) {
		guint64 number =
		    g_array_index(places, struct kd_place, i).record->number;

		lowest[heads[i]] = MIN(lowest[heads[i]], number);
	}
	for (guint i = 0; i < places->len; i++) {
		const struct kd_cut cut = {
		    .number = g_array_index(places, struct kd_place, i)
				  .record->number,
		    .piece = heads[i] ? lowest[heads[i]] : 0};

		g_array_append_val(cuts, cut);
	}
}

gboolean
kd_docket_cuts(
    const kd_docket *docket, guint64 thread, gboolean *cuts, GError **error)
{
	struct kd_thread_state state;

	if (!kd_store_thread_state(docket->txn, thread, &state, error))
		return FALSE;
	*cuts = state.cut;
	for (guint i = 0; !*cuts && i < docket->rulings->len; i++)
		*cuts = splits_thread(docket, i, thread);
	return TRUE;
}

gboolean
kd_docket_cut(
    const kd_docket *docket, guint64 thread, GArray *pieces, GError **error)
{
	g_autoptr(GPtrArray) records =
	    kd_load_thread(docket->txn, thread, error);
	g_autoptr(GHashTable) splits = find_splits(docket, thread);
	g_autoptr(GArray) cuts =
	    g_array_new(FALSE, FALSE, sizeof(struct kd_cut));
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	g_autoptr(GArray) places = NULL;
	g_autofree guint *heads = NULL;

	if (!records)
		return FALSE;
	places = kd_thread_arrange(records);
	heads = g_new0(guint, places->len);
	find_heads(places, splits, heads);
	add_cuts(cuts, places, heads);
	if (!kd_store_cut_thread(docket->txn, thread, cuts, error))
		return FALSE;
	for (guint i = 0; i < cuts->len; i++) {
		guint64 number = g_array_index(cuts, struct kd_cut, i).number;
		guint64 piece;

		if (!kd_store_get_piece(docket->txn, number, &piece, error))
			return FALSE;
		if (g_hash_table_add(seen, g_memdup2(&piece, sizeof(piece))))
			g_array_append_val(pieces, piece);
	}
	return TRUE;
}

/* A split ends the joins before it that have to do with its piece. */
static void
drop_joins(kd_docket *docket, guint64 piece)
{
	for (guint i = docket->joins->len; i-- > 0;) {
		const struct kd_union *join =
		    &g_array_index(docket->joins, struct kd_union, i);

		if (join->a == piece || join->b == piece)
			g_array_remove_index(docket->joins, i);
	}
}

gboolean
kd_docket_settle(kd_docket *docket, GError **error)
{
	g_hash_table_remove_all(docket->apart);
	g_array_set_size(docket->joins, 0);
	for (guint i = 0; i < docket->rulings->len; i++) {
		const struct kd_ruling *ruling =
		    g_ptr_array_index(docket->rulings, i);
		guint64 number = g_array_index(docket->mails, guint64, i);
		struct kd_union join = {0};

		if (!kd_store_get_piece(docket->txn, number, &join.a, error))
			return FALSE;
		if (is_split(docket, i)) {
			if (!join.a)
				continue;
			drop_joins(docket, join.a);
			g_hash_table_add(
			    docket->apart, g_memdup2(&join.a, sizeof(join.a)));
			continue;
		}
		if (!kd_docket_mail(docket->txn, ruling->b, &number, error) ||
		    !kd_store_get_piece(docket->txn, number, &join.b, error))
			return FALSE;
		if (join.a && join.b && join.a != join.b)
			g_array_append_val(docket->joins, join);
	}
	return TRUE;
}

gboolean
kd_docket_is_apart(const kd_docket *docket, guint64 piece)
{
	return g_hash_table_contains(docket->apart, &piece);
}

const GArray *
kd_docket_joins(const kd_docket *docket)
{
	return docket->joins;
}
