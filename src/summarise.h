/*
 * Having each topic summarised by the chain of filters.
 */
#ifndef KD_SUMMARISE_H
#define KD_SUMMARISE_H

#include <glib.h>

#include "digest.h"

/*
 * Run the brief of every topic through the chain (see kd_filter_run), deadline
 * seconds for each, and take the sentences that pass.  A topic whose chain
 * fails gets the reason in its failure; the others are none the worse, so
 * this cannot fail as a whole.  Adds to the digest's footer who wrote what.
 */
void kd_summarise(kd_digest *digest, const char *const *chain, guint deadline);

#endif
