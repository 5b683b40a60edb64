/*
 * Many mails at once: a mailbox into the store.
 */
#ifndef KD_BACKFILL_H
#define KD_BACKFILL_H

#include <glib.h>

#include "conf.h"
#include "store.h"

struct kd_backfill_counts {
	guint64 fresh;	 /* stored, variants included */
	guint64 known;	 /* there already, byte for byte */
	guint64 refused; /* empty, too large or cut off; said by a notice */
};

/*
 * Store all mails of an mbox (path "-" is standard input), or of a Maildir
 * when maildir is TRUE.  Mails are read by one thread and made ready by
 * others; what was read before a failure is stored.  FALSE sets error; counts
 * are right in any case.
 */
gboolean kd_backfill_run(kd_store *store, const kd_conf *conf, const char *path,
    gboolean maildir, struct kd_backfill_counts *counts, GError **error);

#endif
