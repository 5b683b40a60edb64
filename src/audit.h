/*
 * Whether a digest counts every mail of its window once.
 *
 * The mails are counted by their records alone, one after another, without the
 * tables that lead the digest to them, so that a mail that those lost shows.
 */
#ifndef KD_AUDIT_H
#define KD_AUDIT_H

#include <glib.h>

#include "digest.h"
#include "store.h"
#include "window.h"

typedef struct kd_audit kd_audit;

/* An audit of nothing yet; window is borrowed. */
kd_audit *kd_audit_new(const struct kd_window *window);

void kd_audit_free(kd_audit *audit);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_audit, kd_audit_free)

/*
 * Read all records of the store; in the transaction in which the digest is
 * read, else mails that come in between are missing in one of them.
 */
gboolean kd_audit_load(kd_txn *txn, kd_audit *audit, GError **error);

/*
 * Compare the digest with what was loaded: a table of all sums, and a line for
 * each mail that is counted wrongly, appended to report.  FALSE sets
 * KD_ERROR_BUG when they differ.
 */
gboolean kd_audit_run(const kd_audit *audit, const kd_digest *digest,
    GString *report, GError **error);

#endif
