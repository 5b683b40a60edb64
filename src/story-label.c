#include "config.h"

#include <string.h>

#include "story-private.h"

/* What a topic is called, what kind it is, which tree it is for. */

static gboolean
root_states_bug(const struct kd_member *root)
{
	const kd_record *record = root->record;

	if (root->subject->flags & KD_SUBJECT_BUG)
		return TRUE;
	for (guint i = 0; i < record->n_facts; i++)
		if (record->facts[i].kind == KD_FACT_SYZBOT ||
		    record->facts[i].kind == KD_FACT_BUILD_FAILED ||
		    record->facts[i].kind == KD_FACT_BUILD_WARNED)
			return TRUE;
	return FALSE;
}

/*
 * The root says what a topic is: a pull request, a report, a posting.  What
 * has no tag is a discussion when somebody answers or it asks.
 */
enum kd_category
kd_story_category(const struct story *story)
{
	const struct kd_topic *topic = story->topic;
	const struct kd_member *root = kd_story_member(
	    story, g_array_index(story->places, struct kd_place, 0).record);
	guint flags = root->subject->flags;

	if (flags & KD_SUBJECT_PULL)
		return KD_CATEGORY_PULL;
	if (root_states_bug(root))
		return KD_CATEGORY_BUG;
	if (topic->postings->len) {
		const struct kd_posting *newest = g_ptr_array_index(
		    topic->postings, topic->postings->len - 1);

		return newest->rfc ? KD_CATEGORY_RFC : KD_CATEGORY_PATCH;
	}
	if (flags & KD_SUBJECT_RFC)
		return KD_CATEGORY_RFC;
	if (flags & KD_SUBJECT_PATCH)
		return KD_CATEGORY_PATCH;
	if (flags & KD_SUBJECT_ANNOUNCE)
		return KD_CATEGORY_OTHER;
	if (topic->mails->len > 1 || flags & KD_SUBJECT_REPLY ||
	    strchr(root->record->subject, '?') ||
	    strstr(root->record->subject, "？"))
		return KD_CATEGORY_DISCUSSION;
	return KD_CATEGORY_OTHER;
}

/* The subject without reply prefixes, but with its tags. */
static const char *
without_reply(const char *subject, const kd_subject *parsed)
{
	const char *title = strstr(subject, parsed->title);
	const char *tag = strchr(subject, '[');

	if (!(parsed->flags & KD_SUBJECT_ANSWER) || !title || !*parsed->title)
		return subject;
	return tag && tag < title ? tag : title;
}

/* How many bytes the titles of all parts begin with, up to a prefix's end. */
static gsize
common_prefix(const struct story *story, const struct kd_series *series)
{
	const char *first = kd_story_first(story, series)->subject->title;
	gsize length = strlen(first);

	for (guint i = 0; i < series->parts->len; i++) {
		const char *title = g_array_index(story->members,
		    struct kd_member, g_array_index(series->parts, int, i))
					.subject->title;
		gsize n = 0;

		while (n < length && title[n] == first[n])
			n++;
		length = n;
	}
	while (length > 0 && !(length > 1 && first[length - 1] == ' ' &&
				 first[length - 2] == ':'))
		length--;
	return length;
}

/*
 * A name for a cover that never came, after what its patches have in common:
 * "[PATCH v2 0/4] KVM: arm64: … (Ann Example)".  What an answer calls it is
 * anyone's word.
 */
static char *
name_lost_cover(const struct story *story, const struct kd_series *series)
{
	const kd_subject *first = kd_story_first(story, series)->subject;
	GString *name = g_string_new("[");

	if (*series->project)
		g_string_append_printf(name, "%s ", series->project);
	g_string_append(name, series->rfc ? "RFC PATCH" : "PATCH");
	if (*first->tree)
		g_string_append_printf(name, " %s", first->tree);
	if (strcmp(series->version, "1"))
		g_string_append_printf(name, " v%s", series->version);
	g_string_append_printf(name, " 0/%d] %.*s… (%s)", series->total,
	    (int)common_prefix(story, series), first->title,
	    *series->name ? series->name : series->address);
	return g_string_free(name, FALSE);
}

/*
 * The title is the cover of the newest posting, or its only or first patch.
 * Where that never came, an earlier posting's cover serves, else a name for the
 * one that is lost; where nothing was posted, what the earliest mail answers:
 * and the digest says that it is missing.  A report or a pull request keeps its
 * own title, whatever is posted below it.
 */
void
kd_story_set_title(struct story *story)
{
	struct kd_topic *topic = story->topic;
	const kd_record *root =
	    g_array_index(story->places, struct kd_place, 0).record;
	const struct kd_series *lost = NULL;
	const kd_record *from = NULL;

	if (topic->category == KD_CATEGORY_BUG ||
	    topic->category == KD_CATEGORY_PULL)
		from = root;
	for (guint i = story->series->len; i && !from; i--) {
		const struct kd_series *series =
		    g_ptr_array_index(story->series, i - 1);

		if (!kd_story_cover_is_lost(story, series))
			from = kd_story_first(story, series)->record;
		else if (!lost)
			lost = series;
	}
	topic->title_missing = lost != NULL;
	if (lost && !from) {
		topic->title = name_lost_cover(story, lost);
		topic->url = kd_story_url(
		    story, kd_story_first(story, lost)->record->id);
		return;
	}
	if (!from)
		from = root;
	if (from == root &&
	    kd_story_member(story, root)->subject->flags & KD_SUBJECT_REPLY)
		topic->title_missing = TRUE;
	topic->title = g_strdup(without_reply(
	    from->subject, kd_story_member(story, from)->subject));
	if (!*topic->title) {
		g_free(topic->title);
		topic->title = g_strdup("（无标题）");
	}
	topic->url = kd_story_url(story, from->id);
}
