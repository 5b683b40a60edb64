/*
 * From the store to a digest: what a window of time holds.
 */
#ifndef KD_WEEK_H
#define KD_WEEK_H

#include <glib.h>

#include "conf.h"
#include "delta.h"
#include "digest.h"
#include "parser.h"
#include "store.h"
#include "window.h"

typedef struct kd_week kd_week;

/* An empty week; window and conf are borrowed. */
kd_week *kd_week_new(const struct kd_window *window, const kd_conf *conf);

void kd_week_free(kd_week *week);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_week, kd_week_free)

/*
 * A kd_store_func with a kd_week as its data: take everything that the digest
 * needs out of the store, so that no transaction stays open afterwards.
 */
gboolean kd_week_load(kd_txn *txn, gpointer week, GError **error);

/* Parse the loaded mails once more for their texts (with_text parser). */
gboolean kd_week_read_texts(kd_week *week, kd_parser *parser, GError **error);

/*
 * The digest of what was loaded, without summaries, beside what delta has of
 * those before.  generated is the time it is made, in Unix seconds.  The caller
 * owns it.
 */
kd_digest *kd_week_digest(
    const kd_week *week, kd_delta *delta, gint64 generated);

#endif
