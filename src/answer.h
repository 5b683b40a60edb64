/*
 * An answer of a filter that asks a model: kept, since it was paid for.
 */
#ifndef KD_ANSWER_H
#define KD_ANSWER_H

#include <glib.h>

#define KD_ANSWER_KEY 32 /* bytes: a SHA-256 */

typedef struct kd_answer kd_answer;

struct kd_answer {
	guint8 key[KD_ANSWER_KEY]; /* not packed */
	gint64 made;		   /* Unix seconds */
	gboolean part;		   /* of several requests for one summary */
	guint64 topic;		   /* its number */
	char *week;    /* of the digest, "2021-W10", or "" for a span */
	char *summary; /* as the filter wrote it: JSON, not to be trusted */
};

void kd_answer_free(kd_answer *answer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_answer, kd_answer_free)

/* As the store keeps it, see kvdigest-db(5): a GVariant. */
GBytes *kd_answer_pack(const kd_answer *answer);

/* Read such a record; NULL when it is damaged or of another version. */
kd_answer *kd_answer_unpack(GBytes *record);

#endif
