/*
 * What the parts of topic.c share: the links between threads, each by rules
 * of its own.
 */
#ifndef KD_TOPIC_PRIVATE_H
#define KD_TOPIC_PRIVATE_H

#include <glib.h>

#include "series.h"

#define KD_TOPIC_DAY	  ((gint64)24 * 60 * 60)
#define KD_TOPIC_VERSIONS (400 * KD_TOPIC_DAY) /* between postings */
#define KD_TOPIC_NEAR	  (90 * KD_TOPIC_DAY)  /* with a title made better */
#define KD_TOPIC_PULLS	  (30 * KD_TOPIC_DAY)
#define KD_TOPIC_ORPHANS  (60 * KD_TOPIC_DAY)
#define KD_TOPIC_PARTS	  (14 * KD_TOPIC_DAY) /* not less than series.c's */

#define KD_TOPIC_ALIKE	  72 /* percent */
#define KD_TOPIC_WORDS	  3  /* long words, of which such titles share one */
#define KD_TOPIC_SPECIFIC 3 /* words that make a title more than a common one */

/* How many with the same title are looked at: bounds the work. */
#define KD_TOPIC_LOOK 64

/* Mails among which links are found. */
struct kd_linker {
	const GArray *members;	   /* of struct kd_member */
	const GPtrArray *postings; /* of struct kd_series */
	GPtrArray *by_date;	   /* of the members, the oldest first */
	GArray *links;		   /* of struct kd_link, so far */
};

/* Threads a and b are of one topic. */
void kd_linker_join(struct kd_linker *linker, guint64 a, guint64 b);

/* The versions of a work; see topic-version.c. */
void kd_linker_join_versions(struct kd_linker *linker);

/* Replies that lost their thread; see topic-reply.c. */
void kd_linker_join_replies(struct kd_linker *linker);

static inline const struct kd_member *
kd_linker_member(const struct kd_linker *linker, int index)
{
	return &g_array_index(linker->members, struct kd_member, index);
}

/*
 * What mails must share to be the same work: title and project.  A copy for a
 * stable tree shares them with what it was made of, and is another work.
 */
guint kd_topic_hash_title(const kd_subject *subject);
gboolean kd_topic_same_title(const kd_subject *a, const kd_subject *b);

/* Whether a title has words enough to stand for one work. */
gboolean kd_topic_is_specific(const char *key);

/* The whole number of a version; "0" is a first one like "1". */
guint64 kd_topic_version(const char *version);

/* A word where it stands in a title. */
struct kd_word {
	const char *at;
	gsize length;
};

/* The longest words of a title, each once; how many, KD_TOPIC_WORDS at most. */
guint kd_topic_words(const char *key, struct kd_word words[KD_TOPIC_WORDS]);

/*
 * Append to keys the key of a value of some kind, or those of patches with this
 * title and home (see subject.h) that are no stable tree's, of since to until,
 * both in Unix seconds.
 */
void kd_topic_add_key(GArray *keys, const char *kind, const char *value);
void kd_topic_add_patch_keys(GArray *keys, const char *title, const char *home,
    gint64 since, gint64 until);

/* The Message-ID that an archive's URL holds, or NULL; the caller frees it. */
char *kd_topic_linked_id(const char *url);

/* That of a link by which a posting can be of one work with another's mail. */
char *kd_topic_cited_id(const struct kd_fact *fact);

#endif
