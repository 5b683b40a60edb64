/*
 * Postings as they are compared, and where those meet that have something in
 * common.
 */
#ifndef KD_TOPIC_WORK_H
#define KD_TOPIC_WORK_H

#include "topic-private.h"

/* A posting as it is compared. */
struct kd_work {
	const struct kd_series *series;
	const struct kd_member *title; /* or NULL */
	char *person, *name;
	GHashTable *patches; /* set of const char *: keys of the parts that are,
				 like the series, for a stable tree or not */
	guint64 thread;
	gboolean follows;  /* it is known of which posting it is the next */
	gboolean followed; /* its next posting is known */
};

struct kd_works {
	struct kd_linker *linker;
	GArray *all; /* of struct kd_work, oldest first */

	/* Lists (GArray of guint) of the works so far that have a key. */
	GHashTable *changes; /* by change-id */
	GHashTable *titles;  /* by that of a work (struct kd_work *) */
	GHashTable *patches; /* by key of a patch's title */
};

/* Make works of the postings; kd_works_clear() frees what they hold. */
void kd_works_init(struct kd_works *works, struct kd_linker *linker);
void kd_works_clear(struct kd_works *works);

static inline struct kd_work *
kd_works_at(const struct kd_works *works, guint index)
{
	return &g_array_index(works->all, struct kd_work, index);
}

/*
 * The works listed so far under a key, which the table borrows; the caller
 * appends.  Only the last ones, from kd_works_from() on, are to be looked at.
 */
GHashTable *kd_works_lists_new(GHashFunc hash, GEqualFunc equal);
GArray *kd_works_list(GHashTable *lists, gconstpointer key);
guint kd_works_from(const GArray *list);

/* A work goes on with another one. */
void kd_works_follow(
    struct kd_works *works, struct kd_work *older, struct kd_work *newer);

/* Works whose titles were made better; all sure links are known by then. */
void kd_works_follow_near(struct kd_works *works);

/* Whether two are one person's, as kd_person_is_same() has it. */
gboolean kd_work_same_person(const struct kd_work *a, const struct kd_work *b);

/* The same project; a stable tree's copy and what it copies are two things. */
gboolean kd_work_same_project(const struct kd_work *a, const struct kd_work *b);

/* Whether a version is the next one after another, or between the two. */
gboolean kd_work_is_next(
    const struct kd_work *older, const struct kd_work *newer);

/* Seconds between two postings. */
gint64 kd_work_apart(const struct kd_work *older, const struct kd_work *newer);

#endif
