/*
 * What state.c and state-review.c share: a topic as their rules see it.
 */
#ifndef KD_STATE_PRIVATE_H
#define KD_STATE_PRIVATE_H

#include <glib.h>

#include "digest.h"
#include "people.h"

struct kd_view {
	const struct kd_topic *topic;
	gint64 until;	   /* of the window */
	int newest;	   /* index of its newest posting, -1 */
	int author;	   /* person who sent that posting, -1 */
	kd_people *people; /* of all mails and postings */
	char *orphan;	/* version that answers speak of without it, or NULL */
	GString *state; /* the answer */
	gint64 since;
	GPtrArray *evidence;
	struct kd_waiting *waiting; /* whose turn it is */
};

static inline const struct kd_digest_mail *
kd_view_mail(const struct kd_view *view, guint index)
{
	return view->topic->mails->pdata[index];
}

static inline const struct kd_digest_fact *
kd_view_fact(const struct kd_view *view, guint index)
{
	return view->topic->facts->pdata[index];
}

/* The persons who wrote a mail and who sent a posting. */
int kd_view_writer(
    const struct kd_view *view, const struct kd_digest_mail *mail);
int kd_view_sender(
    const struct kd_view *view, const struct kd_posting *posting);

/*
 * Whether a mail answers the latest version that mails speak of in a topic
 * without postings: its patches came before the list was followed.
 */
gboolean kd_view_is_of_orphan(
    const struct kd_view *view, const struct kd_digest_mail *mail);

/* It is somebody's turn since that time; name "" for whom nobody names. */
void kd_view_wait_for(
    struct kd_view *view, enum kd_role role, const char *name, gint64 since);

/* Take a mail as proof; the earliest one tells since when. */
void kd_view_prove(struct kd_view *view, const struct kd_digest_mail *mail);

/* Whether a mail is an ancestor of another, or the same. */
gboolean kd_view_leads_to(
    const struct kd_view *view, guint ancestor, guint index);

/* The part that a mail is or answers; -1 for none. */
int kd_view_part(const struct kd_view *view, guint index);

/* Whether the fact after this one says that it is of the whole series. */
gboolean kd_view_is_for_all(const struct kd_view *view, guint index);

/* A rule: FALSE if it does not hold, else it has set state and proof. */
typedef gboolean kd_state_rule(struct kd_view *view);

kd_state_rule kd_state_is_rejected;
kd_state_rule kd_state_is_left_to_author;
kd_state_rule kd_state_is_left_to_maintainer;
kd_state_rule kd_state_is_reviewed;

#endif
