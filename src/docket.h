/*
 * The administrator's rulings while topics are formed: where they cut threads,
 * which pieces they keep apart, which they join.
 *
 * A split takes a mail and all that answers it, as kd_thread_arrange() has it,
 * out of its thread; of the mail that begins a thread, the whole thread.  What
 * was split off is compared with nothing: only a later ruling joins it.  A
 * later split ends earlier joins of what it splits.
 */
#ifndef KD_DOCKET_H
#define KD_DOCKET_H

#include <glib.h>

#include "store.h"

typedef struct kd_docket kd_docket;

/* Two pieces that are of one topic. */
struct kd_union {
	guint64 a, b;
};

/* The rulings as they are now.  NULL sets error; the caller owns it. */
kd_docket *kd_docket_load(kd_txn *txn, GError **error);
void kd_docket_free(kd_docket *docket);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_docket, kd_docket_free)

/* Whether a thread is to be cut, or to be mended since it was. */
gboolean kd_docket_cuts(
    const kd_docket *docket, guint64 thread, gboolean *cuts, GError **error);

/*
 * Cut such a thread as the rulings say, and append the numbers of its pieces to
 * pieces (of guint64), of which each is a topic for itself then.
 */
gboolean kd_docket_cut(
    const kd_docket *docket, guint64 thread, GArray *pieces, GError **error);

/* Once all threads that have changed are cut: find what is apart, and joins. */
gboolean kd_docket_settle(kd_docket *docket, GError **error);

/* Whether a piece was split off. */
gboolean kd_docket_is_apart(const kd_docket *docket, guint64 piece);

/* The joins that hold, an array of struct kd_union, borrowed. */
const GArray *kd_docket_joins(const kd_docket *docket);

/*
 * The mail that a ruling's Message-ID names: the list's first with it; 0 if it
 * is not there, or not grouped yet.
 */
gboolean kd_docket_mail(
    kd_txn *txn, const char *id, guint64 *number, GError **error);

#endif
