/*
 * The administrator's corrections, each a kd_store_func to be run in a write
 * transaction with a struct kd_correction.  Topics are not formed anew: that
 * is left to kd_group_update(), which finds what there is to do.
 */
#ifndef KD_CORRECT_H
#define KD_CORRECT_H

#include <glib.h>

#include "store.h"

struct kd_correction {
	const char *a;	/* topic:N, thread:N or a Message-ID */
	const char *b;	/* likewise, of a join */
	guint64 number; /* of the ruling to take back; 0 is the latest */
	gint64 now;	/* Unix seconds */

	struct kd_ruling *done; /* what was ruled or taken back; the caller's */
};

/* From now on the topics of a and b are one. */
gboolean kd_correct_join(kd_txn *txn, gpointer correction, GError **error);

/* From now on the mail a, with all that answers it, is a topic of its own. */
gboolean kd_correct_split(kd_txn *txn, gpointer correction, GError **error);

/* Take a ruling back. */
gboolean kd_correct_undo(kd_txn *txn, gpointer correction, GError **error);

/*
 * After all was made anew: topics of what rulings name are to be formed, also
 * where no mail of a thread would have it so.  unused may be NULL.
 */
gboolean kd_correct_again(kd_txn *txn, gpointer unused, GError **error);

/*
 * The number of the mail that an id names: topic:N and thread:N are the mail
 * N, a Message-ID may have its <>.  FALSE sets KD_ERROR_USAGE when there is
 * none of the list.
 */
gboolean kd_correct_find(
    kd_txn *txn, const char *id, guint64 *number, GError **error);

#endif
