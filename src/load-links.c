/*
 * Which other topics have to do with one: its mails' keys lead to mails, and
 * these to topics.
 */
#include "config.h"

#include <string.h>

#include "load.h"
#include "series.h"

#define LINKS_MAX 64 /* of one topic */
#define FOUND_MAX 64 /* mails behind one key that are looked at */

struct search {
	kd_txn *txn;
	guint64 topic;
	gint64 until;
	GHashTable *seen; /* set of guint64 *: numbers of mails */
	GPtrArray *links; /* of struct kd_link */
};

void
kd_link_free(struct kd_link *link)
{
	if (!link)
		return;
	g_free(link->own);
	g_free(link->other);
	g_free(link);
}

static struct kd_link *
find_link(const struct search *search, enum kd_relation relation, guint64 topic)
{
	for (guint i = 0; i < search->links->len; i++) {
		struct kd_link *link = g_ptr_array_index(search->links, i);

		if (link->topic == topic && link->relation == relation)
			return link;
	}
	return NULL;
}

static gboolean
is_later(const struct kd_link *link, const kd_record *other)
{
	return link->date != other->date ? link->date > other->date
					 : strcmp(link->other, other->id) > 0;
}

/* The topic's mails come in order, those that they lead to do not. */
static void
add_link(struct search *search, enum kd_relation relation, const kd_record *own,
    const kd_record *other)
{
	struct kd_link *link;

	if (!relation)
		return;
	link = find_link(search, relation, other->topic);
	if (link && (strcmp(link->own, own->id) || !is_later(link, other)))
		return;
	if (!link && search->links->len == LINKS_MAX)
		return;
	if (!link) {
		link = g_new0(struct kd_link, 1);
		link->relation = relation;
		link->topic = other->topic;
		link->own = g_strdup(own->id);
		g_ptr_array_add(search->links, link);
	}
	g_free(link->other);
	link->other = g_strdup(other->id);
	link->date = other->date;
}

static gboolean
compare(struct search *search, const struct kd_member *own, guint64 number,
    GError **error)
{
	g_autoptr(kd_record) record =
	    kd_store_get_record(search->txn, number, error);
	g_autoptr(kd_subject) subject = NULL;
	struct kd_member other;

	if (!record)
		return FALSE;
	if (record->topic == search->topic || record->copy_of ||
	    record->arrival >= search->until || !(record->flags & KD_MAIL_LIST))
		return TRUE;
	subject = kd_subject_parse(record->subject);
	other = kd_member_of(record, subject);
	add_link(search, kd_relation_between(own, &other), own->record, record);
	return TRUE;
}

static gboolean
compare_all(struct search *search, const struct kd_member *own,
    const GArray *numbers, GError **error)
{
	guint n = numbers ? MIN(numbers->len, FOUND_MAX) : 0;

	for (guint i = 0; i < n; i++) {
		guint64 number = g_array_index(numbers, guint64, i);

		if (g_hash_table_add(
			search->seen, g_memdup2(&number, sizeof(number))) &&
		    !compare(search, own, number, error))
			return FALSE;
	}
	return numbers != NULL;
}

static gboolean
search_for(struct search *search, const struct kd_member *own, GError **error)
{
	g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(guint64));
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	/* What is nothing to this mail may be something to the next. */
	g_hash_table_remove_all(search->seen);
	kd_relation_look(own, keys);
	kd_relation_links(own, ids);
	for (guint i = 0; i < keys->len; i++) {
		g_autoptr(GArray) numbers = kd_store_find_key(
		    search->txn, g_array_index(keys, guint64, i), error);

		if (!compare_all(search, own, numbers, error))
			return FALSE;
	}
	for (guint i = 0; i < ids->len; i++) {
		g_autoptr(GArray) numbers = kd_store_find_mail(
		    search->txn, g_ptr_array_index(ids, i), error);

		if (!compare_all(search, own, numbers, error))
			return FALSE;
	}
	return TRUE;
}

static int
compare_records(gconstpointer a, gconstpointer b)
{
	return kd_record_compare(
	    *(kd_record *const *)a, *(kd_record *const *)b);
}

GPtrArray *
kd_load_links(
    kd_txn *txn, const GPtrArray *records, gint64 until, GError **error)
{
	g_autoptr(GPtrArray) links =
	    g_ptr_array_new_with_free_func((GDestroyNotify)kd_link_free);
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	g_autoptr(GPtrArray) sorted = g_ptr_array_new();
	struct search search = {
	    .txn = txn, .until = until, .seen = seen, .links = links};

	for (guint i = 0; i < records->len; i++)
		g_ptr_array_add(sorted, g_ptr_array_index(records, i));
	g_ptr_array_sort(sorted, compare_records);
	for (guint i = 0; i < sorted->len; i++) {
		const kd_record *record = g_ptr_array_index(sorted, i);
		g_autoptr(kd_subject) subject = NULL;
		struct kd_member own;

		/* Keys of mails from elsewhere lead elsewhere. */
		if (record->copy_of || record->arrival >= until ||
		    !(record->flags & KD_MAIL_LIST))
			continue;
		search.topic = record->topic;
		subject = kd_subject_parse(record->subject);
		own = kd_member_of(record, subject);
		if (!search_for(&search, &own, error))
			return NULL;
	}
	return g_steal_pointer(&links);
}
