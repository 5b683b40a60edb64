/*
 * Which patches a pull request brings.
 */
#include "config.h"

#include <string.h>

#include "person.h"
#include "series-private.h"

static int
compare_requests(gconstpointer a, gconstpointer b)
{
	const kd_record *one = *(const kd_record *const *)a;
	const kd_record *two = *(const kd_record *const *)b;

	if (one->date != two->date)
		return one->date < two->date ? -1 : 1;
	return strcmp(one->id, two->id);
}

void
kd_pulls_clear(struct kd_pulls *pulls)
{
	g_ptr_array_unref(pulls->requests);
	g_hash_table_unref(pulls->known);
	g_hash_table_unref(pulls->first);
	g_hash_table_unref(pulls->below);
}

/* Id -> GPtrArray of the records that refer to it. */
static GHashTable *
list_answers(const GArray *members)
{
	GHashTable *answers = g_hash_table_new_full(
	    g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);

	for (guint i = 0; i < members->len; i++) {
		const kd_record *record =
		    g_array_index(members, struct kd_member, i).record;

		for (guint j = 0; j < record->n_refs; j++) {
			const char *id = record->refs[j];
			GPtrArray *list = g_hash_table_lookup(answers, id);

			if (!list) {
				list = g_ptr_array_new();
				g_hash_table_insert(
				    answers, (gpointer)id, list);
			}
			g_ptr_array_add(list, (gpointer)record);
		}
	}
	return answers;
}

/*
 * Go down from the requests, each mail once: what is below several is so of the
 * nearest, and of those the oldest.
 */
static void
find_below(struct kd_pulls *pulls, const GArray *members)
{
	g_autoptr(GHashTable) answers = list_answers(members);
	g_autoptr(GPtrArray) queue = g_ptr_array_new();

	for (guint i = 0; i < pulls->requests->len; i++) {
		gpointer request = g_ptr_array_index(pulls->requests, i);

		g_hash_table_insert(pulls->below, request, request);
		g_ptr_array_add(queue, request);
	}
	for (guint i = 0; i < queue->len; i++) {
		const kd_record *record = g_ptr_array_index(queue, i);
		gpointer request = g_hash_table_lookup(pulls->below, record);
		const GPtrArray *list =
		    g_hash_table_lookup(answers, record->id);

		for (guint j = 0; list && j < list->len; j++) {
			gpointer answer = g_ptr_array_index(list, j);

			if (g_hash_table_contains(pulls->below, answer))
				continue;
			g_hash_table_insert(pulls->below, answer, request);
			g_ptr_array_add(queue, answer);
		}
	}
}

/* A person in a thread, by one of their names. */
static char *
name_in_thread(const kd_record *record, const char *name)
{
	return g_strdup_printf(
	    "%" G_GUINT64_FORMAT " %s", record->thread, name);
}

/* Requests are sorted: who has one keeps it. */
static void
find_first(struct kd_pulls *pulls)
{
	for (guint i = 0; i < pulls->requests->len; i++) {
		const kd_record *record = g_ptr_array_index(pulls->requests, i);
		g_autofree char *full = kd_person_full_name(record->name);
		const char *const names[] = {record->address, full};

		for (gsize k = 0; k < G_N_ELEMENTS(names); k++) {
			char *key = name_in_thread(record, names[k]);

			if (g_hash_table_contains(pulls->first, key))
				g_free(key);
			else
				g_hash_table_insert(
				    pulls->first, key, (gpointer)record);
		}
	}
}

void
kd_pulls_init(struct kd_pulls *pulls, const GArray *members)
{
	*pulls = (struct kd_pulls){.requests = g_ptr_array_new(),
	    .known = g_hash_table_new(g_str_hash, g_str_equal),
	    .first =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	    .below = g_hash_table_new(NULL, NULL)};
	for (guint i = 0; i < members->len; i++) {
		const struct kd_member *member =
		    &g_array_index(members, struct kd_member, i);

		if (kd_member_is_request(member))
			g_ptr_array_add(
			    pulls->requests, (gpointer)member->record);
	}
	if (!pulls->requests->len)
		return;
	g_ptr_array_sort(pulls->requests, compare_requests);
	for (guint i = 0; i < members->len; i++)
		g_hash_table_add(pulls->known,
		    (gpointer)g_array_index(members, struct kd_member, i)
			.record->id);
	find_below(pulls, members);
	find_first(pulls);
}

/* Whether nothing that a mail refers to is there. */
static gboolean
is_cut_off(const struct kd_pulls *pulls, const kd_record *record)
{
	for (guint i = 0; i < record->n_refs; i++)
		if (g_hash_table_contains(pulls->known, record->refs[i]))
			return FALSE;
	return TRUE;
}

/* Whether somebody of this name had sent a request to the thread before. */
static gboolean
is_later(
    const struct kd_pulls *pulls, const kd_record *record, const char *name)
{
	g_autofree char *key = name_in_thread(record, name);
	const kd_record *first = g_hash_table_lookup(pulls->first, key);

	return *name && first && first->date <= record->date;
}

gboolean
kd_pulls_bring(const struct kd_pulls *pulls, const struct kd_member *member)
{
	const kd_record *record = member->record;
	const kd_record *above = g_hash_table_lookup(pulls->below, record);
	g_autofree char *full = NULL;

	if (above)
		return member->subject->part >= 0 ||
		       kd_series_same_person(above, record);
	if (!pulls->requests->len || !is_cut_off(pulls, record))
		return FALSE;
	full = kd_person_full_name(record->name);
	return is_later(pulls, record, record->address) ||
	       is_later(pulls, record, full);
}
