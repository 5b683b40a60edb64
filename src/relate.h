/*
 * The topics that those of a digest have to do with, also such as have no mail
 * in its window: taken out of the store first, told later.
 */
#ifndef KD_RELATE_H
#define KD_RELATE_H

#include <glib.h>

#include "conf.h"
#include "digest.h"
#include "store.h"

typedef struct kd_relate kd_relate;

/*
 * Find what is related to topics (of GPtrArray of kd_record *), as known
 * before until, in Unix seconds.  NULL sets error; the caller owns the result.
 */
kd_relate *kd_relate_load(
    kd_txn *txn, const GPtrArray *topics, gint64 until, GError **error);

void kd_relate_free(kd_relate *relate);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_relate, kd_relate_free)

/* Fill in what is related to each topic of a digest of these topics. */
void kd_relate_tell(
    const kd_relate *relate, kd_digest *digest, const kd_conf *conf);

#endif
