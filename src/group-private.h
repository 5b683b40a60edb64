/*
 * What group.c, group-place.c, which puts mails into threads, and
 * group-topic.c with group-scope.c, which put threads into topics, share.
 */
#ifndef KD_GROUP_PRIVATE_H
#define KD_GROUP_PRIVATE_H

#include <glib.h>

#include "store.h"

/* The realm of a mail with such flags: KD_REALM_LIST or KD_REALM_OTHER. */
char kd_realm_of(guint32 flags);

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

/*
 * Form anew the topics that mails placed since the last time can touch: their
 * own, and those of every thread that shares a topic key with a mail of
 * theirs.  The first mails first, as many as hold some number of records in
 * memory; *more: there are others.
 */
gboolean kd_group_topics(kd_txn *txn, gboolean *more, GError **error);

#endif
