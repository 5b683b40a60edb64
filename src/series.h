/*
 * Series: which mails make up one posting.  Pure; no mail order matters.
 */
#ifndef KD_SERIES_H
#define KD_SERIES_H

#include <glib.h>

#include "record.h"
#include "subject.h"

/* A mail with its subject read; what series and topics work on. */
struct kd_member {
	const kd_record *record; /* borrowed */
	kd_subject *subject;	 /* owned */
	int posting;	 /* index into the postings it is a part of, -1 */
	gboolean stable; /* a copy for a stable tree: it, or its tag, says so */
};

struct kd_series {
	const char *version; /* borrowed from a member's subject */
	const char *project; /* likewise */
	const char *home;    /* likewise */
	const char *name;    /* author, borrowed from a record */
	const char *address; /* likewise */
	int total;	     /* as announced; 0 for "3/n"; 1 for a lone patch */
	gboolean rfc, resend;
	gboolean stable;	/* a copy for a stable tree */
	gboolean threaded;	/* a part of it refers to some mail */
	guint64 thread;		/* of its earliest mail */
	int cover;		/* index of the cover among the members, -1 */
	GArray *parts;		/* of int: indexes of members, by part number */
	gint64 date;		/* of its earliest mail */
	const kd_record *first; /* its earliest mail, borrowed */
};

/* A mail with its subject, of no posting so far; both are borrowed. */
struct kd_member kd_member_of(const kd_record *record, kd_subject *subject);

/*
 * Fill members (of struct kd_member) from records (of kd_record *), which may
 * be NULL for none; add one more.
 */
GArray *kd_members_new(const GPtrArray *records);
void kd_members_add(GArray *members, const kd_record *record);
void kd_members_free(GArray *members);

/*
 * Whether a mail can be a part of a posting by what it says itself: tagged as
 * a patch, no reply, no robot's, no copy of another.
 */
gboolean kd_member_is_patch(const struct kd_member *member);

/*
 * Whether two mails are one person's, who may use several addresses: then they
 * have a name of more than one word in common.
 */
gboolean kd_series_same_person(const kd_record *a, const kd_record *b);

/* Whether a mail is a pull request, not an answer to one. */
gboolean kd_member_is_request(const struct kd_member *member);

/*
 * Find the postings among members and set each member's posting.  Returns an
 * array of struct kd_series *, oldest first, owned by the caller
 * (g_ptr_array_unref frees all).
 *
 * A posting is by one person, of one version, total and project.  Its parts
 * are found by their references to one another, else by what their ids have in
 * common, a common parent, or the half hour in which they were sent; a part
 * number that is taken begins another posting.  Patches that a pull request
 * brings are in none: those below it of the same person or with numbers.
 */
GPtrArray *kd_series_assemble(GArray *members);

/* The mail that gives a posting its title: cover or lone patch, or NULL. */
const struct kd_member *kd_series_title(
    const struct kd_series *series, const GArray *members);

#endif
