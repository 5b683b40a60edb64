/*
 * What group.c, group-place.c, which puts mails into threads, and
 * group-topic.c with group-scope.c, which put threads into topics, share.
 */
#ifndef KD_GROUP_PRIVATE_H
#define KD_GROUP_PRIVATE_H

#include <glib.h>

#include "store.h"

/* The realm a mail lives in: KD_REALM_LIST or KD_REALM_OTHER. */
char kd_realm_of(const kd_record *record);

/* A topic key as the store has it: those of the two realms never meet. */
guint64 kd_realm_key(guint64 key, char realm);

/*
 * What puts mails into threads, within one transaction.  It borrows their
 * records, since what one refers to the next mostly does as well.
 */
typedef struct kd_placer kd_placer;

kd_placer *kd_placer_new(kd_txn *txn);
void kd_placer_free(kd_placer *placer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_placer, kd_placer_free)

/*
 * Put a mail into its thread, which record->thread then names; it has a number
 * and its record is stored.
 */
gboolean kd_group_place(kd_placer *placer, kd_record *record, GError **error);

/* How many mails' topics are formed at once. */
struct kd_slice {
	guint mails; /* the next time */

	/* Of the last time, 0 at first. */
	guint taken, held; /* mails, and records that were held for them */
};

#define KD_SLICE_MIN 32

/*
 * Form anew the topics that mails placed since the last time can touch: their
 * own, and those of every thread that shares a topic key with a mail of
 * theirs.  *more: it was too much for once.
 *
 * slice, begun with KD_SLICE_MIN mails, is adapted: the more records they have
 * to do with, the fewer are taken the next time, so that memory does not grow
 * with an archive and how dense it is.
 */
gboolean kd_group_topics(
    kd_txn *txn, struct kd_slice *slice, gboolean *more, GError **error);

#endif
