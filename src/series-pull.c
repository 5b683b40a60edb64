/*
 * Which patches a pull request brings.
 */
#include "config.h"

#include <string.h>

#include "person.h"
#include "series-private.h"

static int
compare_mails(gconstpointer a, gconstpointer b)
{
	const struct kd_member *one = *(const struct kd_member *const *)a;
	const struct kd_member *two = *(const struct kd_member *const *)b;

	return kd_record_compare(one->record, two->record);
}

/* The threads that have a request, of guint64 *, borrowed. */
static GHashTable *
list_threads(const GArray *members)
{
	GHashTable *threads = g_hash_table_new(g_int64_hash, g_int64_equal);

	for (guint i = 0; i < members->len; i++) {
		const struct kd_member *member =
		    &g_array_index(members, struct kd_member, i);

		if (kd_member_is_request(member))
			g_hash_table_add(
			    threads, (gpointer)&member->record->thread);
	}
	return threads;
}

/*
 * The members of such threads that every caller has, the oldest first: answers
 * are known to some alone, and may not decide what is below what.
 */
static GPtrArray *
list_mails(const GArray *members, GHashTable *threads)
{
	GPtrArray *mails = g_ptr_array_new();

	for (guint i = 0; i < members->len; i++) {
		const struct kd_member *member =
		    &g_array_index(members, struct kd_member, i);

		if ((!(member->subject->flags & KD_SUBJECT_REPLY) ||
			!member->record->n_refs) &&
		    g_hash_table_contains(threads, &member->record->thread))
			g_ptr_array_add(mails, (gpointer)member);
	}
	g_ptr_array_sort(mails, compare_mails);
	return mails;
}

void
kd_pulls_clear(struct kd_pulls *pulls)
{
	g_ptr_array_unref(pulls->requests);
	g_hash_table_unref(pulls->first);
	g_hash_table_unref(pulls->below);
}

/* Id -> GPtrArray of the records that refer to it. */
static GHashTable *
list_answers(const GPtrArray *mails)
{
	GHashTable *answers = g_hash_table_new_full(
	    g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);

	for (guint i = 0; i < mails->len; i++) {
		const struct kd_member *member = g_ptr_array_index(mails, i);
		const kd_record *record = member->record;

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

/* A person in a thread, by one of their names. */
static char *
name_in_thread(const kd_record *record, const char *name)
{
	return g_strdup_printf(
	    "%" G_GUINT64_FORMAT " %s", record->thread, name);
}

/* Who has one keeps it: the oldest request. */
static void
find_first(struct kd_pulls *pulls)
{
	for (guint i = 0; i < pulls->requests->len; i++) {
		const kd_record *record = g_ptr_array_index(pulls->requests, i);
		g_autofree char *full = kd_person_full_name(record->name);
		g_autofree char *own =
		    kd_person_key(record->name, record->address);
		const char *const names[] = {own, full};

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

/* The first request to the thread by somebody of this name, if earlier. */
static const kd_record *
find_earlier(
    const struct kd_pulls *pulls, const kd_record *record, const char *name)
{
	g_autofree char *key = name_in_thread(record, name);
	const kd_record *first = g_hash_table_lookup(pulls->first, key);

	return *name && first && first->date <= record->date ? first : NULL;
}

static const kd_record *
find_request(const struct kd_pulls *pulls, const kd_record *record)
{
	g_autofree char *full = kd_person_full_name(record->name);
	g_autofree char *own = kd_person_key(record->name, record->address);
	const kd_record *request = find_earlier(pulls, record, own);

	return request ? request : find_earlier(pulls, record, full);
}

/* Whether none of the mails is one that a mail refers to. */
static gboolean
is_cut_off(GHashTable *known, const kd_record *record)
{
	for (guint i = 0; i < record->n_refs; i++)
		if (g_hash_table_contains(known, record->refs[i]))
			return FALSE;
	return TRUE;
}

/*
 * What the descent begins with: requests, and patches that answer none of the
 * mails, as one that asked for them, of who had sent a request to the thread.
 */
static GPtrArray *
list_tops(struct kd_pulls *pulls, const GPtrArray *mails)
{
	GPtrArray *tops = g_ptr_array_new();
	g_autoptr(GHashTable) known = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < pulls->requests->len; i++) {
		gpointer request = g_ptr_array_index(pulls->requests, i);

		g_hash_table_insert(pulls->below, request, request);
		g_ptr_array_add(tops, request);
	}
	for (guint i = 0; i < mails->len; i++) {
		const struct kd_member *member = g_ptr_array_index(mails, i);

		g_hash_table_add(known, (gpointer)member->record->id);
	}
	for (guint i = 0; i < mails->len; i++) {
		const struct kd_member *member = g_ptr_array_index(mails, i);
		const kd_record *request;

		if (!kd_member_is_patch(member) ||
		    !is_cut_off(known, member->record))
			continue;
		request = find_request(pulls, member->record);
		if (!request)
			continue;
		g_hash_table_insert(
		    pulls->below, (gpointer)member->record, (gpointer)request);
		g_ptr_array_add(tops, (gpointer)member->record);
	}
	return tops;
}

/*
 * Go down from the requests, each mail once: what is below several is so of the
 * nearest, and of those the oldest.
 */
static void
find_below(struct kd_pulls *pulls, const GPtrArray *mails)
{
	g_autoptr(GHashTable) answers = list_answers(mails);
	g_autoptr(GPtrArray) queue = list_tops(pulls, mails);

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

void
kd_pulls_init(struct kd_pulls *pulls, const GArray *members)
{
	g_autoptr(GHashTable) threads = list_threads(members);
	g_autoptr(GPtrArray) mails = NULL;

	*pulls = (struct kd_pulls){.requests = g_ptr_array_new(),
	    .first =
		g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
	    .below = g_hash_table_new(NULL, NULL)};
	if (!g_hash_table_size(threads))
		return;
	mails = list_mails(members, threads);
	for (guint i = 0; i < mails->len; i++) {
		const struct kd_member *member = g_ptr_array_index(mails, i);

		if (kd_member_is_request(member))
			g_ptr_array_add(
			    pulls->requests, (gpointer)member->record);
	}
	find_first(pulls);
	find_below(pulls, mails);
}

gboolean
kd_pulls_bring(const struct kd_pulls *pulls, const struct kd_member *member)
{
	const kd_record *above =
	    g_hash_table_lookup(pulls->below, member->record);

	return above && (member->subject->part >= 0 ||
			    kd_series_same_person(above, member->record));
}
