/*
 * What the files of a story share: a topic while it is told.
 */
#ifndef KD_STORY_PRIVATE_H
#define KD_STORY_PRIVATE_H

#include <glib.h>

#include "series.h"
#include "story.h"
#include "thread.h"

struct story {
	struct kd_topic *topic;
	const struct kd_window *window;
	const kd_conf *conf;
	GArray *members;     /* of struct kd_member */
	GPtrArray *series;   /* of struct kd_series */
	GHashTable *beside;  /* set of those that are no version of the first */
	GHashTable *indexes; /* kd_record * -> index of its member + 1 */
	GArray *places;	     /* of struct kd_place, in the order of mails */
};

/* What series and subjects say of a record of the story. */
const struct kd_member *kd_story_member(
    const struct story *story, const kd_record *record);

/* The link to a mail, NULL without an archive; the caller frees it. */
char *kd_story_url(const struct story *story, const char *id);

/* The cover of a posting, else the first of its parts. */
const struct kd_member *kd_story_first(
    const struct story *story, const struct kd_series *series);

/*
 * Whether a posting without its cover has lost one: its first part answers a
 * mail that never came.  Without any such sign it had none.
 */
gboolean kd_story_cover_is_lost(
    const struct story *story, const struct kd_series *series);

/* Whether a name and an address are those of who sent a series. */
gboolean kd_story_is_by(
    const struct kd_series *series, const char *name, const char *address);

/* Whether a mail arrived in the window. */
gboolean kd_story_in_window(const struct story *story, const kd_record *record);

/* Add a posting to the topic; and once all are there (story-posting.c). */
void kd_story_add_posting(struct story *story, const struct kd_series *series);
void kd_story_find_successors(struct kd_topic *topic);

/*
 * Find for each question, objection and NAK the mail that answers it: the first
 * below it by somebody else, else the last word of the posting's sender about
 * the same patch.  Once mails, postings and facts are there (story-answer.c).
 */
void kd_story_find_answers(struct kd_topic *topic);

/* Of the topic, once mails and postings are there (story-label.c). */
enum kd_category kd_story_category(const struct story *story);
void kd_story_set_title(struct story *story);

#endif
