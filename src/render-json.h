/*
 * Parts of the digest's JSON that other output has as well; see
 * kvdigest-digest(5).
 */
#ifndef KD_RENDER_JSON_H
#define KD_RENDER_JSON_H

#include <jansson.h>

#include "digest.h"

/* A topic; of the digest only the time zone counts.  The caller's. */
json_t *kd_topic_json(const kd_digest *digest, const struct kd_topic *topic);

#endif
