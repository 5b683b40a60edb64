/*
 * What group.c, which puts mails into threads, and group-topic.c, which puts
 * threads into topics, share.
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
 * Form anew the topics that n mails, numbered from first and placed in their
 * threads, can touch: their own, and those of every thread that shares a
 * topic key with a mail of theirs.
 */
gboolean kd_group_topics(kd_txn *txn, guint64 first, guint n, GError **error);

#endif
