/*
 * What mails of two topics have to do with one another without being one
 * story: a stable tree's copy and its original, a pull request and what it
 * carries, a bug and what mends it.  Pure; each relation stands on what a
 * mail says in a form that a program can read.
 */
#ifndef KD_RELATION_H
#define KD_RELATION_H

#include <glib.h>

#include "series.h"

enum kd_relation { /* what another topic is to this one */
	KD_RELATION_NONE,
	KD_RELATION_REPORT,	    /* the bug that this one mends */
	KD_RELATION_FIX,	    /* mends the bug that this one is */
	KD_RELATION_CAUSE,	    /* brought the commit that this one mends */
	KD_RELATION_AMENDED,	    /* mends a commit that this one brought */
	KD_RELATION_PULL,	    /* the pull request that carries this one */
	KD_RELATION_PAYLOAD,	    /* what this pull request carries */
	KD_RELATION_PULL_PARTLY,    /* the same of some of its patches */
	KD_RELATION_PAYLOAD_PARTLY, /* likewise */
	KD_RELATION_ORIGINAL,	    /* what this one is the stable copy of */
	KD_RELATION_STABLE,	    /* a stable copy of this one */
	KD_RELATION_LINK,	    /* this one links to it */
	KD_RELATION_LINKED,	    /* links to this one */
	KD_RELATIONS
};

/* As the interfaces have it: "report", "fix"; "" for KD_RELATION_NONE. */
const char *kd_relation_name(enum kd_relation relation);

/* As people read it: "修复的问题". */
const char *kd_relation_label(enum kd_relation relation);

/*
 * The keys that a mail can be found by, and those that find others for it.
 * Appends guint64 hashes to keys.
 */
void kd_relation_keys(const struct kd_member *member, GArray *keys);
void kd_relation_look(const struct kd_member *member, GArray *keys);

/*
 * The Message-IDs that the archive's links of a patch name: appends char * to
 * ids, which frees them.
 */
void kd_relation_links(const struct kd_member *member, GPtrArray *ids);

/*
 * What b's topic is to a's, as far as these two mails say: a hash that they
 * share may be chance.  A link is a LINK, be it to a report or not; patches of
 * one title, and a patch and a pull request that lists it, are PAYLOAD, of
 * which only the caller can tell who pulls whom.
 */
enum kd_relation kd_relation_between(
    const struct kd_member *a, const struct kd_member *b);

#endif
