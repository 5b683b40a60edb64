/*
 * The postings of a topic: what has come of each, what it touches, and which
 * one took its place.
 */
#include "config.h"

#include <string.h>

#include "story-private.h"

#define LATER_MAX 200 /* postings that are looked at for a successor */

/* A patch that came twice counts once. */
static GPtrArray *
list_parts(const struct story *story, const struct kd_series *series)
{
	GPtrArray *parts = g_ptr_array_new();
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < series->parts->len; i++) {
		struct kd_member *member = &g_array_index(story->members,
		    struct kd_member, g_array_index(series->parts, int, i));

		if (member->subject->part &&
		    g_hash_table_add(
			seen, GINT_TO_POINTER(member->subject->part)))
			g_ptr_array_add(parts, member);
	}
	return parts;
}

/* Counted in the diffs: a diffstat may be missing, and may say anything. */
static void
count_changes(struct kd_posting *posting, const GPtrArray *parts)
{
	g_autoptr(GHashTable) paths = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < parts->len; i++) {
		const struct kd_member *member = parts->pdata[i];
		const kd_record *record = member->record;

		for (guint j = 0; j < record->n_paths; j++)
			g_hash_table_add(paths, (gpointer)record->paths[j]);
		posting->insertions += record->insertions;
		posting->deletions += record->deletions;
	}
	posting->files = g_hash_table_size(paths);
}

void
kd_story_add_posting(struct story *story, const struct kd_series *series)
{
	struct kd_posting *posting = kd_posting_new();
	const struct kd_member *first = kd_story_first(story, series);
	g_autoptr(GPtrArray) parts = list_parts(story, series);

	posting->version = g_strdup(series->version);
	posting->date = series->date;
	posting->name = g_strdup(series->name);
	posting->address = g_strdup(series->address);
	posting->parts = parts->len;
	posting->total = series->total > 0 ? (guint)series->total : 0;
	posting->cover = series->cover >= 0;
	posting->complete = posting->total &&
			    posting->parts >= posting->total &&
			    !kd_story_cover_is_lost(story, series);
	posting->in_window = kd_story_in_window(story, first->record);
	posting->beside = g_hash_table_contains(story->beside, series);
	posting->stable = series->stable;
	posting->rfc = series->rfc;
	posting->resend = series->resend;
	posting->title = g_strdup(first->subject->title);
	posting->id = g_strdup(first->record->id);
	posting->url = kd_story_url(story, first->record->id);
	count_changes(posting, parts);
	g_ptr_array_add(story->topic->postings, posting);
}

static gboolean
is_same(const char *a, const char *b)
{
	return a && *a && b && !g_ascii_strcasecmp(a, b);
}

/*
 * By the same person or under the same title: a version that is higher, or the
 * first that is no RFC, or the same sent again.
 */
static gboolean
supersedes(const struct kd_posting *later, const struct kd_posting *posting)
{
	int order =
	    kd_subject_compare_version(later->version, posting->version);

	if (later->beside != posting->beside)
		return FALSE;
	if (!is_same(later->address, posting->address) &&
	    !is_same(later->name, posting->name) &&
	    !is_same(later->title, posting->title))
		return FALSE;
	if (posting->rfc && !later->rfc)
		return TRUE;
	if (posting->rfc != later->rfc)
		return FALSE;
	return order > 0 || (order == 0 && later->resend);
}

void
kd_story_find_successors(struct kd_topic *topic)
{
	const GPtrArray *postings = topic->postings;

	for (guint i = 0; i < postings->len; i++) {
		struct kd_posting *posting = postings->pdata[i];

		guint end = MIN(postings->len, i + LATER_MAX);

		for (guint j = i + 1; j < end; j++)
			if (supersedes(postings->pdata[j], posting)) {
				posting->successor = (int)j;
				break;
			}
	}
}
