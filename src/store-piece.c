/*
 * Pieces of threads, of which topics are made.
 */
#include "config.h"

#include "store-private.h"

/* A piece lies under its number inverted, so that no handle is like it. */
static guint64
piece_key(guint64 piece)
{
	return ~piece;
}

gboolean
kd_txn_get_piece(kd_txn *txn, guint64 number, guint64 *key,
    struct kd_thread_entry *piece, GError **error)
{
	struct kd_group_entry group;

	if (!kd_txn_get_group(txn, number, &group, error))
		return FALSE;
	*key = group.piece ? piece_key(group.piece) : group.handle;
	return kd_txn_get_entry(txn, *key, piece, error);
}

gboolean
kd_store_get_piece(kd_txn *txn, guint64 number, guint64 *piece, GError **error)
{
	struct kd_thread_entry entry;
	guint64 key;

	if (!kd_txn_get_piece(txn, number, &key, &entry, error))
		return FALSE;
	*piece = entry.piece;
	return TRUE;
}

gboolean
kd_store_get_topic(kd_txn *txn, guint64 number, guint64 *topic, GError **error)
{
	struct kd_thread_entry entry;
	guint64 key;

	if (!kd_txn_get_piece(txn, number, &key, &entry, error))
		return FALSE;
	*topic = entry.topic;
	return TRUE;
}

gboolean
kd_store_set_topic(kd_txn *txn, guint64 piece, guint64 topic, GError **error)
{
	struct kd_thread_entry entry;
	guint64 key;

	if (!kd_txn_get_piece(txn, piece, &key, &entry, error))
		return FALSE;
	if (entry.topic == topic)
		return TRUE;
	if (!kd_txn_drop(
		txn, TABLE_STORY, VAL(entry.topic), &entry.piece, error))
		return FALSE;
	entry.topic = topic;
	return kd_txn_put_entry(txn, key, &entry, error) &&
	       kd_txn_add(txn, TABLE_STORY, VAL(topic), entry.piece, error);
}

/* Of a thread that was cut, those of its own piece. */
static gboolean
keep_own(kd_txn *txn, GArray *numbers, GError **error)
{
	guint kept = 0;

	for (guint i = 0; i < numbers->len; i++) {
		guint64 number = g_array_index(numbers, guint64, i);
		struct kd_group_entry group;

		if (!kd_txn_get_group(txn, number, &group, error))
			return FALSE;
		if (!group.piece)
			g_array_index(numbers, guint64, kept++) = number;
	}
	g_array_set_size(numbers, kept);
	return TRUE;
}

static GArray *
numbers_of(kd_txn *txn, enum kd_table table, guint64 piece, GError **error)
{
	g_autoptr(GArray) numbers = NULL;
	struct kd_thread_entry entry;
	guint64 key;

	if (!kd_txn_get_piece(txn, piece, &key, &entry, error))
		return NULL;
	numbers = kd_txn_numbers(txn, table, VAL(key), error);
	if (!numbers || (entry.split && !keep_own(txn, numbers, error)))
		return NULL;
	return g_steal_pointer(&numbers);
}

GArray *
kd_store_piece_mails(kd_txn *txn, guint64 piece, GError **error)
{
	return numbers_of(txn, TABLE_MEMBER, piece, error);
}

GArray *
kd_store_piece_actors(kd_txn *txn, guint64 piece, GError **error)
{
	return numbers_of(txn, TABLE_ACTOR, piece, error);
}

gboolean
kd_store_is_actor(kd_txn *txn, guint64 number, gboolean *actor, GError **error)
{
	struct kd_thread_entry entry;
	guint64 key;

	return kd_txn_get_piece(txn, number, &key, &entry, error) &&
	       kd_txn_has(txn, TABLE_ACTOR, VAL(key), number, actor, error);
}

GArray *
kd_store_topic_pieces(kd_txn *txn, guint64 topic, GError **error)
{
	return kd_txn_numbers(txn, TABLE_STORY, VAL(topic), error);
}

/* Forget the piece that a mail was in, unless another mail has done so. */
static gboolean
drop_piece(kd_txn *txn, guint64 piece, GError **error)
{
	struct kd_thread_entry entry;
	guint64 key = piece_key(piece);

	if (!kd_txn_get_entry(txn, key, &entry, error))
		return FALSE;
	return !entry.number ||
	       (kd_txn_drop(
		    txn, TABLE_STORY, VAL(entry.topic), &entry.piece, error) &&
		   kd_txn_drop(txn, TABLE_MEMBER, VAL(key), NULL, error) &&
		   kd_txn_drop(txn, TABLE_ACTOR, VAL(key), NULL, error) &&
		   kd_txn_drop_entry(txn, key, error));
}

/* Take a mail out of the piece it was in, and say which it will be in. */
static gboolean
move_mail(kd_txn *txn, const struct kd_cut *cut, GError **error)
{
	struct kd_group_entry group;

	if (!kd_txn_get_group(txn, cut->number, &group, error) ||
	    (group.piece && !drop_piece(txn, group.piece, error)))
		return FALSE;
	if (group.piece == cut->piece)
		return TRUE;
	group.piece = cut->piece;
	return kd_txn_put_group(txn, cut->number, &group, error);
}

/* Put a mail into its piece, which is made with the first of them. */
static gboolean
fill_piece(kd_txn *txn, const struct kd_cut *cut, GError **error)
{
	struct kd_thread_entry entry;
	guint64 key = piece_key(cut->piece);

	if (!kd_txn_get_entry(txn, key, &entry, error))
		return FALSE;
	if (!entry.number) {
		entry.number = entry.topic = entry.piece = cut->piece;
		if (!kd_txn_add(
			txn, TABLE_STORY, VAL(entry.topic), entry.piece, error))
			return FALSE;
	}
	entry.mails++;
	return kd_txn_put_entry(txn, key, &entry, error) &&
	       kd_txn_add(txn, TABLE_MEMBER, VAL(key), cut->number, error);
}

static gboolean
fill_actors(kd_txn *txn, guint64 handle, GError **error)
{
	g_autoptr(GArray) actors =
	    kd_txn_numbers(txn, TABLE_ACTOR, VAL(handle), error);

	for (guint i = 0; actors && i < actors->len; i++) {
		guint64 number = g_array_index(actors, guint64, i);
		struct kd_group_entry group;
		guint64 key;

		if (!kd_txn_get_group(txn, number, &group, error))
			return FALSE;
		key = piece_key(group.piece);
		if (group.piece &&
		    !kd_txn_add(txn, TABLE_ACTOR, VAL(key), number, error))
			return FALSE;
	}
	return actors != NULL;
}

/* What is left of a thread is a topic for itself like its pieces. */
static gboolean
put_own(kd_txn *txn, guint64 handle, struct kd_thread_entry *entry,
    const GArray *cuts, GError **error)
{
	guint64 own = G_MAXUINT64;

	entry->split = FALSE;
	for (guint i = 0; i < cuts->len; i++) {
		const struct kd_cut *cut =
		    &g_array_index(cuts, struct kd_cut, i);

		entry->split |= cut->piece != 0;
		if (!cut->piece)
			own = MIN(own, cut->number);
	}
	if (!kd_txn_drop(
		txn, TABLE_STORY, VAL(entry->topic), &entry->piece, error))
		return FALSE;
	entry->piece = entry->topic = own;
	return kd_txn_put_entry(txn, handle, entry, error) &&
	       kd_txn_add(txn, TABLE_STORY, VAL(own), own, error);
}

gboolean
kd_store_cut_thread(
    kd_txn *txn, guint64 thread, const GArray *cuts, GError **error)
{
	struct kd_thread_entry entry;
	guint64 handle;

	if (!kd_txn_get_thread(txn, thread, &handle, &entry, error))
		return FALSE;
	for (guint i = 0; i < cuts->len; i++)
		if (!move_mail(
			txn, &g_array_index(cuts, struct kd_cut, i), error))
			return FALSE;
	/* First what is left: its number so far may be that of a piece. */
	if (!put_own(txn, handle, &entry, cuts, error))
		return FALSE;
	for (guint i = 0; i < cuts->len; i++) {
		const struct kd_cut *cut =
		    &g_array_index(cuts, struct kd_cut, i);

		if (cut->piece && !fill_piece(txn, cut, error))
			return FALSE;
	}
	return fill_actors(txn, handle, error);
}
