/*
 * Where sentences come from, as the member source of a summary tells it:
 * kvdigest-brief(5), summarise-llm(1).
 */
#ifndef KD_LLM_SOURCE_H
#define KD_LLM_SOURCE_H

#include <jansson.h>

#include "llm-ask.h"

/* A number, or null for one that is not known, less than 0. */
json_t *kd_llm_source_number(gint64 number);

/*
 * Who has answered in a session, and what it has cost since its tally was as
 * before says: a copy, whose strings are not looked at.
 */
json_t *kd_llm_source_new(const kd_llm_session *session,
    const kd_llm_profile *profile, const struct kd_llm_tally *before);

#endif
