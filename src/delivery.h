/*
 * The delivery of one mail: standard input to its end, the store, the log.
 */
#ifndef KD_DELIVERY_H
#define KD_DELIVERY_H

#include <glib.h>

#include "conf.h"
#include "trust.h"

struct kd_delivery {
	const char *config;	     /* -c, or NULL */
	struct kd_envelope envelope; /* of options; the environment fills it */
	gboolean archived; /* an archive's mail: see kd_trust_is_list */
};

/*
 * Read a mail from standard input to its end, whatever happens: an MTA may
 * count a mail as delivered, or as failed for good, when we stop reading.
 * Then, unless problem is set by what came before, store it durably.  One
 * line goes to syslog, either way.  After TRUE the mail is safe and
 * kd_mta_accept() has been called; FALSE sets error.
 *
 * The store is left open, and the caller leaves by _exit(2): LMDB 0.9.26 to
 * 0.9.31 destroy, on closing, the lock that other processes wait for
 * (ITS#9278).
 */
gboolean kd_delivery_run(
    const struct kd_delivery *delivery, GError *problem, GError **error);

#endif
