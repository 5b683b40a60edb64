/*
 * Which thread a mail is of: that of each id it has or names.
 */
#include "config.h"

#include <string.h>

#include "group-private.h"
#include "relation.h"
#include "topic.h"

#define PARTS_MAX 64 /* mails with one id that are compared */

/*
 * Ids that are remembered: few, since who sends mail knows how they are hashed,
 * and of no mail that refers to more than people do.
 */
#define NAMED_MAX 512
#define REFS_MAX  64

struct kd_placer {
	kd_txn *txn;
	GHashTable *named[2]; /* by realm: id -> kd_record that names it */

	/* Of the mail that is placed, empty before and after. */
	GArray *nodes; /* of struct kd_node: those nobody has named yet */
	GArray *bare;  /* the same for ids without <> */
	GArray *keys;  /* of guint64: those it is found by */
};

char
kd_realm_of(guint32 flags)
{
	return flags & KD_MAIL_LIST ? KD_REALM_LIST : KD_REALM_OTHER;
}

guint64
kd_realm_key(guint64 key, char realm)
{
	return realm == KD_REALM_LIST ? key : ~key;
}

/* A mail on its way into its thread. */
struct placing {
	kd_txn *txn;
	kd_placer *placer;
	GHashTable *named; /* the placer's for this realm */
	const kd_record *record;
	char realm;
	guint64 thread; /* so far; 0 none */
	guint64 known;	/* a mail of that, to which most nodes lead */
	gboolean joins; /* it has made one of two */
};

/* Join the thread of a mail. */
static gboolean
join_mail(struct placing *placing, guint64 number, GError **error)
{
	guint64 thread;

	if (number == placing->known)
		return TRUE;
	if (!kd_store_get_thread(placing->txn, number, &thread, error))
		return FALSE;
	placing->known = number;
	if (!placing->thread) {
		placing->thread = thread;
		return TRUE;
	}
	placing->joins |= placing->thread != thread;
	return kd_store_join_threads(
	    placing->txn, placing->thread, thread, &placing->thread, error);
}

/* Whether ingest has seen no mail with its Message-ID before it. */
static gboolean
is_first(const kd_record *record)
{
	return !(record->flags & (KD_MAIL_TRUNCATED | KD_MAIL_ID_CONFLICT));
}

/* Join the mail that a node leads to.  *found FALSE: it leads to none. */
static gboolean
join_node(struct placing *placing, const struct kd_node *node, gboolean *found,
    GError **error)
{
	guint64 number;

	if (!kd_store_get_node(placing->txn, node, &number, error))
		return FALSE;
	*found = number > 0;
	return !number || join_mail(placing, number, error);
}

/*
 * Join the mail with this Message-ID, else, by a node, those that named it
 * before it came.  The first mail with an id needs no node, but when it is in
 * the other realm.  made is the id's node, or NULL to have it made when needed.
 */
static gboolean
join_id(struct placing *placing, const char *id, const struct kd_node *made,
    GError **error)
{
	const kd_record *record = placing->record;
	guint64 first = record->number;
	struct kd_mail_info mail;
	struct kd_node node;
	gboolean found;

	if ((id != record->id || !is_first(record)) &&
	    !kd_store_first_mail(placing->txn, id, &first, error))
		return FALSE;
	if (first && first < record->number) {
		if (!kd_store_get_mail(placing->txn, first, &mail, error))
			return FALSE;
		if (kd_realm_of(mail.flags) == placing->realm)
			return join_mail(placing, first, error);
	}
	if (made)
		node = *made;
	else
		kd_node_set(&node, placing->realm, id);
	if (!join_node(placing, &node, &found, error))
		return FALSE;
	if (!found && first != record->number)
		g_array_append_val(placing->placer->nodes, node);
	return TRUE;
}

static gboolean
join_named(struct placing *placing, const char *id, GError **error)
{
	const kd_record *record = g_hash_table_lookup(placing->named, id);

	return record ? join_mail(placing, record->thread, error)
		      : join_id(placing, id, NULL, error);
}

/*
 * The node that says a mail has this id beside its Message-ID; the id's other
 * one says no more than that somebody named it.
 */
static void
set_alias_node(
    const struct placing *placing, struct kd_node *node, const char *id)
{
	kd_node_set(node, g_ascii_tolower(placing->realm), id);
}

/* Whether a mail with this Message-ID is stored, in this realm. */
static gboolean
is_stored(
    struct placing *placing, const char *id, gboolean *stored, GError **error)
{
	g_autoptr(GArray) numbers = kd_store_find_mail(placing->txn, id, error);

	*stored = FALSE;
	if (!numbers)
		return FALSE;
	for (guint i = 0; i < numbers->len && !*stored; i++) {
		guint64 number = g_array_index(numbers, guint64, i);
		struct kd_mail_info mail;

		if (number >= placing->record->number)
			break;
		if (!kd_store_get_mail(placing->txn, number, &mail, error))
			return FALSE;
		*stored = kd_realm_of(mail.flags) == placing->realm;
	}
	return TRUE;
}

/* An id without <>: join its mail, or be joined when that comes. */
static gboolean
name_bare(struct placing *placing, const char *id, GError **error)
{
	struct kd_node node;
	guint64 alias;
	gboolean stored;

	set_alias_node(placing, &node, id);
	if (!is_stored(placing, id, &stored, error) ||
	    !kd_store_get_node(placing->txn, &node, &alias, error))
		return FALSE;
	if (stored || alias)
		return join_named(placing, id, error);
	kd_node_set(&node, placing->realm, id);
	g_array_append_val(placing->placer->bare, node);
	return TRUE;
}

/* An id of the mail's own, with those that named it without <> before. */
static gboolean
join_own(struct placing *placing, const char *id, GError **error)
{
	g_autoptr(GArray) numbers = NULL;
	struct kd_node node;

	kd_node_set(&node, placing->realm, id);
	if (!join_id(placing, id, &node, error))
		return FALSE;
	numbers = kd_store_take_bare(placing->txn, &node, error);
	for (guint i = 0; numbers && i < numbers->len; i++)
		if (!join_mail(
			placing, g_array_index(numbers, guint64, i), error))
			return FALSE;
	return numbers != NULL;
}

static gboolean
find_thread(struct placing *placing, GError **error)
{
	const kd_record *record = placing->record;

	if (!join_own(placing, record->id, error))
		return FALSE;
	for (guint i = 0; i < record->n_aliases; i++) {
		struct kd_node node;
		gboolean found;

		set_alias_node(placing, &node, record->aliases[i]);
		if (!join_own(placing, record->aliases[i], error) ||
		    !join_node(placing, &node, &found, error))
			return FALSE;
		if (!found)
			g_array_append_val(placing->placer->nodes, node);
	}
	for (guint i = 0; i < record->n_refs; i++)
		if (!join_named(placing, record->refs[i], error))
			return FALSE;
	for (guint i = 0; i < record->n_bare; i++)
		if (!name_bare(placing, record->bare[i], error))
			return FALSE;
	return TRUE;
}

static gboolean
put_nodes(struct placing *placing, GError **error)
{
	for (guint i = 0; i < placing->placer->nodes->len; i++)
		if (!kd_store_put_node(placing->txn,
			&g_array_index(
			    placing->placer->nodes, struct kd_node, i),
			placing->thread, error))
			return FALSE;
	for (guint i = 0; i < placing->placer->bare->len; i++)
		if (!kd_store_add_bare(placing->txn,
			&g_array_index(
			    placing->placer->bare, struct kd_node, i),
			placing->record->number, error))
			return FALSE;
	return TRUE;
}

/* Whether an earlier mail is the same to a reader: then this is a copy. */
static gboolean
compare_texts(
    struct placing *placing, guint64 number, gboolean *copy, GError **error)
{
	const kd_record *record = placing->record;
	g_autoptr(kd_record) other = NULL;

	*copy = FALSE;
	if (number >= record->number)
		return TRUE;
	other = kd_store_get_record(placing->txn, number, error);
	if (!other)
		return FALSE;
	*copy = other->body_hash == record->body_hash &&
		!strcmp(other->id, record->id) &&
		kd_realm_of(other->flags) == placing->realm;
	return !*copy ||
	       kd_store_set_copy(placing->txn, record->number, number, error);
}

/*
 * The same id and the same text: a cross-post, counted once.  What is not the
 * first with its id is compared with that, and with the first of the others
 * that has the text.
 */
static gboolean
mark_copy(struct placing *placing, gboolean *copy, GError **error)
{
	const kd_record *record = placing->record;
	g_autofree char *name = NULL;
	g_autoptr(GArray) numbers = NULL;
	struct kd_node node;
	guint64 key, first;

	*copy = FALSE;
	if (is_first(record))
		return TRUE;
	numbers = kd_store_find_mail(placing->txn, record->id, error);
	if (!numbers || (numbers->len && !compare_texts(placing,
					     g_array_index(numbers, guint64, 0),
					     copy, error)))
		return FALSE;
	if (*copy)
		return TRUE;
	name = g_strdup_printf(
	    "%016" G_GINT64_MODIFIER "x %s", record->body_hash, record->id);
	kd_node_set(&node, placing->realm, name);
	memcpy(&key, node.key, sizeof(key));
	return kd_store_first_text(
		   placing->txn, key, record->number, &first, error) &&
	       compare_texts(placing, first, copy, error);
}

/*
 * Of a mail that came cut off and then whole, or the other way round, the
 * whole one counts.  It is no copy: what a list's footer is cut off from has
 * the same text.
 */
static gboolean
mark_part(struct placing *placing, GError **error)
{
	const kd_record *record = placing->record;
	gboolean part = !!(record->flags & KD_MAIL_TRUNCATED);
	g_autoptr(GArray) numbers = NULL;

	if (is_first(record))
		return TRUE;
	numbers = kd_store_find_mail(placing->txn, record->id, error);
	for (guint i = 0; numbers && i < MIN(numbers->len, PARTS_MAX); i++) {
		guint64 number = g_array_index(numbers, guint64, i);
		struct kd_mail_info mail;
		gboolean other_part;

		if (number >= record->number)
			break;
		if (!kd_store_get_mail(placing->txn, number, &mail, error))
			return FALSE;
		other_part = !!(mail.flags & KD_MAIL_TRUNCATED);
		if (part == other_part ||
		    kd_realm_of(mail.flags) != placing->realm)
			continue;
		if (!kd_store_set_copy(placing->txn,
			part ? record->number : number,
			part ? number : record->number, error))
			return FALSE;
	}
	return numbers != NULL;
}

/* Put the mail under its keys. */
static gboolean
put_keys(struct placing *placing, GError **error)
{
	const GArray *keys = placing->placer->keys;

	for (guint i = 0; i < keys->len; i++)
		if (!kd_store_add_key(placing->txn,
			kd_realm_key(
			    g_array_index(keys, guint64, i), placing->realm),
			placing->record->number, error))
			return FALSE;
	return TRUE;
}

/*
 * Remember what the mail can do to topics, and what relates it to others.  Most
 * mails are answers in a thread that has begun, and do nothing.
 */
static gboolean
put_actor(struct placing *placing, GError **error)
{
	const kd_record *record = placing->record;
	g_autoptr(kd_subject) subject = kd_subject_parse(record->subject);
	GArray *keys = placing->placer->keys;
	const struct kd_member member = kd_member_of(record, subject);
	gboolean actor = kd_topic_is_actor(&member, TRUE);
	struct kd_thread_state state;

	kd_relation_keys(&member, keys);
	/* Of an answer it depends on the thread. */
	if (!actor) {
		if (!kd_store_thread_state(
			placing->txn, record->number, &state, error))
			return FALSE;
		actor = kd_topic_is_actor(&member, state.begun);
	}
	if (!actor)
		return put_keys(placing, error) &&
		       (!(placing->joins || state.cut) ||
			   kd_store_add_todo(
			       placing->txn, record->number, error));
	kd_topic_keys(&member, keys);
	return kd_store_add_actor(placing->txn, record->number,
		   !(subject->flags & KD_SUBJECT_ANSWER), error) &&
	       put_keys(placing, error) &&
	       kd_store_add_todo(placing->txn, record->number, error);
}

static gboolean
place(struct placing *placing, GError **error)
{
	const kd_record *record = placing->record;
	gboolean copy;

	/* What did not come through the list is counted, no more. */
	if (!kd_store_put_arrival(placing->txn, record->number, record->arrival,
		!!(record->flags & KD_MAIL_LIST), error) ||
	    !find_thread(placing, error))
		return FALSE;
	if (!placing->thread) {
		placing->thread = record->number;
		if (!kd_store_add_thread(placing->txn, record->number, error))
			return FALSE;
	} else if (!kd_store_add_to_thread(
		       placing->txn, record->number, placing->thread, error)) {
		return FALSE;
	}
	return put_nodes(placing, error) && mark_copy(placing, &copy, error) &&
	       (copy || mark_part(placing, error)) && put_actor(placing, error);
}

/* From now on each id of the mail's leads to its thread. */
static void
remember(GHashTable *named, kd_record *record)
{
	if (g_hash_table_size(named) > NAMED_MAX)
		g_hash_table_remove_all(named);
	g_hash_table_insert(named, (gpointer)record->id, record);
	for (guint i = 0; record->n_refs <= REFS_MAX && i < record->n_refs; i++)
		g_hash_table_insert(named, (gpointer)record->refs[i], record);
}

kd_placer *
kd_placer_new(kd_txn *txn)
{
	kd_placer *placer = g_new(kd_placer, 1);

	*placer = (kd_placer){.txn = txn,
	    .named = {g_hash_table_new(g_str_hash, g_str_equal),
		g_hash_table_new(g_str_hash, g_str_equal)},
	    .nodes = g_array_new(FALSE, FALSE, sizeof(struct kd_node)),
	    .bare = g_array_new(FALSE, FALSE, sizeof(struct kd_node)),
	    .keys = g_array_new(FALSE, FALSE, sizeof(guint64))};
	return placer;
}

void
kd_placer_free(kd_placer *placer)
{
	if (!placer)
		return;
	g_hash_table_unref(placer->named[0]);
	g_hash_table_unref(placer->named[1]);
	g_array_unref(placer->nodes);
	g_array_unref(placer->bare);
	g_array_unref(placer->keys);
	g_free(placer);
}

gboolean
kd_group_place(kd_placer *placer, kd_record *record, GError **error)
{
	char realm = kd_realm_of(record->flags);
	GHashTable *named = placer->named[realm != KD_REALM_LIST];
	struct placing placing = {.txn = placer->txn,
	    .placer = placer,
	    .named = named,
	    .record = record,
	    .realm = realm};

	if (!place(&placing, error))
		return FALSE;
	g_array_set_size(placer->nodes, 0);
	g_array_set_size(placer->bare, 0);
	g_array_set_size(placer->keys, 0);
	record->thread = placing.thread;
	remember(named, record);
	return TRUE;
}
