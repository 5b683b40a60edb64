/*
 * Having each topic summarised by the chain of filters.
 */
#ifndef KD_SUMMARISE_H
#define KD_SUMMARISE_H

#include <glib.h>

#include "conf.h"
#include "digest.h"
#include "store.h"

/*
 * Run the brief of every topic through filters.chain (see kd_filter_run),
 * filters.jobs topics at once, and take the sentences that pass.  What the
 * chain has answered before comes out of the store (see cache.h).  A topic whose
 * chain fails gets the reason in its failure and the sentences of
 * filters.fallback, if that does not fail as well; the others are none the
 * worse, so this cannot fail as a whole.  facts_only asks for no model:
 * summarise-facts alone is run.  Adds to the digest's footer who wrote what,
 * and what models were asked for it.
 */
void kd_summarise(kd_digest *digest, const kd_conf *conf, kd_store *store,
    gboolean facts_only);

#endif
