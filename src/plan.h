/*
 * What a digest would ask of models, without asking.
 */
#ifndef KD_PLAN_H
#define KD_PLAN_H

#include <glib.h>

#include "conf.h"
#include "digest.h"
#include "store.h"

/*
 * A table of the topics, a line for each, and their sum: requests, tokens and
 * price as the filters plan them, at most; a topic whose answer is kept needs
 * none.  Filters that are not kvdigest's own, which may know nothing of plans,
 * are left out, which is said on standard error.  The bodies of requests are
 * written into the directory dump, unless that is NULL.  The caller frees the
 * table; *failed tells how many topics cannot be planned, for reasons that are
 * said on standard error.
 */
char *kd_plan(const kd_digest *digest, const kd_conf *conf, kd_store *store,
    const char *dump, guint *failed);

#endif
