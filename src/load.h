/*
 * Records of whole threads and topics out of the store.
 */
#ifndef KD_LOAD_H
#define KD_LOAD_H

#include <glib.h>

#include "relation.h"
#include "store.h"
#include "window.h"

/*
 * The records (GPtrArray of kd_record *, owned) of a thread's or topic's
 * mails, in no particular order.  NULL sets error.
 */
GPtrArray *kd_load_thread(kd_txn *txn, guint64 thread, GError **error);
GPtrArray *kd_load_topic(kd_txn *txn, guint64 topic, GError **error);

/*
 * The topics that have a mail of the list in the window: a GPtrArray of such
 * GPtrArrays.  Copies of older mails make no topic active; *copies, which may
 * be NULL, gets how many came in the window.
 */
GPtrArray *kd_load_active(
    kd_txn *txn, const struct kd_window *window, guint *copies, GError **error);

/* Another topic that has to do with one, and the two mails that show it. */
struct kd_link {
	enum kd_relation relation;
	guint64 topic;
	char *own;   /* Message-ID in the one */
	char *other; /* and in the other */
	gint64 date; /* of that one */
};

void kd_link_free(struct kd_link *link);

/*
 * The topics that the mails of a topic (records, of kd_record) lead to, as
 * known before until, in Unix seconds; of each one link for each relation, by
 * the earliest mails that show it.
 * Returns an array of struct kd_link *, owned by the caller, or NULL.
 */
GPtrArray *kd_load_links(
    kd_txn *txn, const GPtrArray *records, gint64 until, GError **error);

#endif
