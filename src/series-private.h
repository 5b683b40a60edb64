/*
 * What the parts of series.c share.
 */
#ifndef KD_SERIES_PRIVATE_H
#define KD_SERIES_PRIVATE_H

#include <glib.h>

#include "series.h"

/* A patch with a counter, to be found a posting. */
struct kd_series_part {
	const struct kd_member *member;
	guint index;  /* among the members */
	char *person; /* see kd_person_key() */
};

/* A posting of the person, version and total of a mail, without parts. */
struct kd_series *kd_series_new(const struct kd_member *member);

/* Add a mail to a posting, none older than those it has. */
void kd_series_add(
    struct kd_series *series, const struct kd_member *member, int index);

/*
 * Append to series (of struct kd_series) the postings that n parts of one
 * version, project and stable tree make up.  They are sorted by date, then
 * number.
 */
void kd_series_place(
    GPtrArray *series, const struct kd_series_part *parts, guint n);

/* Pull requests and what is below them (series-pull.c). */
struct kd_pulls {
	GPtrArray *requests; /* of const kd_record *, the oldest first */
	GHashTable *first;   /* thread and person -> the first of theirs */
	GHashTable *below;   /* const kd_record * -> the request it is below */
};

/* Those among some members, which are borrowed. */
void kd_pulls_init(struct kd_pulls *pulls, const GArray *members);
void kd_pulls_clear(struct kd_pulls *pulls);

/*
 * Whether a patch is what a pull request brings: below it, and by the same
 * person or with a number.  What answers a mail that is not among the members,
 * or an answer, as one that asked for the patches, is below it when it is later
 * in its thread and by the same person.
 */
gboolean kd_pulls_bring(
    const struct kd_pulls *pulls, const struct kd_member *member);

#endif
