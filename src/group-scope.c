#include "config.h"

#include "group-private.h"
#include "group-scope.h"
#include "series.h"
#include "topic.h"

GHashTable *
kd_numbers_new(GDestroyNotify free_value)
{
	return g_hash_table_new_full(
	    g_int64_hash, g_int64_equal, g_free, free_value);
}

void
kd_numbers_set(GHashTable *table, guint64 key, guint64 value)
{
	g_hash_table_insert(table, g_memdup2(&key, sizeof(key)),
	    g_memdup2(&value, sizeof(value)));
}

void
kd_scope_init(struct kd_scope *scope, kd_txn *txn)
{
	*scope = (struct kd_scope){.txn = txn,
	    .pieces = kd_numbers_new(NULL),
	    .looked = g_hash_table_new(NULL, NULL),
	    .keys = kd_numbers_new(NULL),
	    .cited = {g_hash_table_new_full(
			  g_str_hash, g_str_equal, g_free, NULL),
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)},
	    .settled = kd_numbers_new(g_free),
	    .records = g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL,
		(GDestroyNotify)kd_record_free),
	    .members = {kd_members_new(NULL), kd_members_new(NULL)},
	    .apart = kd_members_new(NULL)};
}

void
kd_scope_clear(struct kd_scope *scope)
{
	g_hash_table_unref(scope->pieces);
	kd_docket_free(scope->docket);
	g_hash_table_unref(scope->looked);
	g_hash_table_unref(scope->keys);
	g_hash_table_unref(scope->cited[0]);
	g_hash_table_unref(scope->cited[1]);
	g_hash_table_unref(scope->settled);
	kd_members_free(scope->members[0]);
	kd_members_free(scope->members[1]);
	kd_members_free(scope->apart);
	g_clear_pointer(&scope->links[0], g_array_unref);
	g_clear_pointer(&scope->links[1], g_array_unref);
	g_hash_table_unref(scope->records);
}

static gboolean
scope_add_piece(struct kd_scope *scope, guint64 piece, GError **error)
{
	gboolean apart = kd_docket_is_apart(scope->docket, piece);
	g_autoptr(GArray) numbers = NULL;

	if (!g_hash_table_add(scope->pieces, g_memdup2(&piece, sizeof(piece))))
		return TRUE;
	numbers = kd_store_piece_actors(scope->txn, piece, error);
	for (guint i = 0; numbers && i < numbers->len; i++) {
		kd_record *record = kd_store_borrow_record(
		    scope->txn, g_array_index(numbers, guint64, i), error);

		if (!record)
			return FALSE;
		/* What topic.c calls a thread is a piece. */
		record->thread = piece;
		g_hash_table_insert(scope->records, &record->number, record);
		kd_members_add(
		    apart ? scope->apart
			  : scope->members[kd_realm_of(record->flags) !=
					   KD_REALM_LIST],
		    record);
	}
	return numbers != NULL;
}

gboolean
kd_scope_is_settled(const struct kd_scope *scope, const kd_record *record)
{
	return g_hash_table_contains(scope->settled, &record->thread);
}

gboolean
kd_scope_add_topic_of(
    struct kd_scope *scope, guint64 piece, gboolean settled, GError **error)
{
	g_autoptr(GArray) pieces = NULL;
	guint64 topic;

	/* One that is there has brought them. */
	if (g_hash_table_contains(scope->pieces, &piece) &&
	    (settled || !g_hash_table_contains(scope->settled, &piece)))
		return TRUE;
	if (!kd_store_get_topic(scope->txn, piece, &topic, error))
		return FALSE;
	pieces = kd_store_topic_pieces(scope->txn, topic, error);
	for (guint i = 0; pieces && i < pieces->len; i++) {
		guint64 other = g_array_index(pieces, guint64, i);

		if (settled)
			kd_numbers_set(scope->settled, other, topic);
		else
			g_hash_table_remove(scope->settled, &other);
		if (!scope_add_piece(scope, other, error))
			return FALSE;
	}
	return pieces != NULL;
}

/* Take in the piece of a mail. */
static gboolean
scope_add_mail(struct kd_scope *scope, guint64 number, GError **error)
{
	guint64 piece;

	/* Its piece has brought it. */
	if (g_hash_table_contains(scope->records, &number))
		return TRUE;
	return kd_store_get_piece(scope->txn, number, &piece, error) &&
	       kd_scope_add_topic_of(scope, piece, TRUE, error);
}

/* Take in the pieces that share a key with a mail. */
static gboolean
scope_look(struct kd_scope *scope, const struct kd_member *member, GArray *keys,
    GError **error)
{
	char realm = kd_realm_of(member->record->flags);

	g_array_set_size(keys, 0);
	kd_topic_look(member, keys);
	for (guint i = 0; i < keys->len; i++) {
		guint64 key =
		    kd_realm_key(g_array_index(keys, guint64, i), realm);
		g_autoptr(GArray) numbers = NULL;

		if (!g_hash_table_add(
			scope->keys, g_memdup2(&key, sizeof(key))))
			continue;
		numbers = kd_store_find_key(scope->txn, key, error);
		for (guint j = 0; numbers && j < numbers->len; j++)
			if (!scope_add_mail(scope,
				g_array_index(numbers, guint64, j), error))
				return FALSE;
		if (!numbers)
			return FALSE;
	}
	return TRUE;
}

/* Whether a mail is of a realm, and an actor. */
static gboolean
is_actor_of(
    kd_txn *txn, guint64 number, char realm, gboolean *is, GError **error)
{
	struct kd_mail_info mail;

	if (!kd_store_get_mail(txn, number, &mail, error))
		return FALSE;
	*is = FALSE;
	return kd_realm_of(mail.flags) != realm ||
	       kd_store_is_actor(txn, number, is, error);
}

/* Take in the pieces of the mails with a Message-ID. */
static gboolean
scope_add_id(struct kd_scope *scope, const char *id, char realm, GError **error)
{
	g_autoptr(GArray) numbers = kd_store_find_mail(scope->txn, id, error);

	for (guint i = 0; numbers && i < numbers->len; i++) {
		guint64 number = g_array_index(numbers, guint64, i);
		gboolean is;

		if (!is_actor_of(scope->txn, number, realm, &is, error) ||
		    (is && !scope_add_mail(scope, number, error)))
			return FALSE;
	}
	return numbers != NULL;
}

/* The same for those that a mail cites. */
static gboolean
scope_add_cited(
    struct kd_scope *scope, const struct kd_member *member, GError **error)
{
	char realm = kd_realm_of(member->record->flags);
	GHashTable *cited = scope->cited[realm != KD_REALM_LIST];
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	kd_topic_cited(member, ids);
	for (guint i = 0; i < ids->len; i++) {
		const char *id = g_ptr_array_index(ids, i);

		if (!g_hash_table_contains(cited, id) &&
		    !scope_add_id(scope, id, realm, error))
			return FALSE;
		g_hash_table_add(cited, g_strdup(id));
	}
	return TRUE;
}

/* Take in what can be joined with the touched pieces. */
static gboolean
scope_add_candidates(struct kd_scope *scope, GArray *members, GError **error)
{
	g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(guint64));
	guint end = members->len;

	for (guint i = 0; i < end; i++) {
		/* By value: what is taken in moves the array. */
		const struct kd_member member =
		    g_array_index(members, struct kd_member, i);

		if (kd_scope_is_settled(scope, member.record) ||
		    !g_hash_table_add(scope->looked, (gpointer)member.record))
			continue;
		if (!scope_look(scope, &member, keys, error) ||
		    !scope_add_cited(scope, &member, error))
			return FALSE;
	}
	return TRUE;
}

/* Take in what a ruling joins with a piece that is there. */
static gboolean
scope_add_joined(struct kd_scope *scope, GError **error)
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

			if (a != b && !kd_scope_add_topic_of(scope,
					  a ? join->b : join->a, TRUE, error))
				return FALSE;
		}
	} while (before != g_hash_table_size(scope->pieces));
	return TRUE;
}

gboolean
kd_scope_take_in(struct kd_scope *scope, GError **error)
{
	return scope_add_candidates(scope, scope->members[0], error) &&
	       scope_add_candidates(scope, scope->members[1], error) &&
	       scope_add_candidates(scope, scope->apart, error) &&
	       scope_add_joined(scope, error);
}

gboolean
kd_scope_take_in_all(struct kd_scope *scope, GError **error)
{
	guint before;

	do {
		before = g_hash_table_size(scope->pieces);
		g_hash_table_remove_all(scope->settled);
		if (!kd_scope_take_in(scope, error))
			return FALSE;
	} while (g_hash_table_size(scope->pieces) > before);
	return TRUE;
}
