/*
 * One request to a model's server, over HTTP.  The only file that knows
 * libcurl.
 *
 * Certificates are verified, redirects are not followed, nothing of the
 * environment is regarded, and of an answer at most KD_LLM_ANSWER_MAX bytes
 * are read.
 */
#ifndef KD_LLM_H
#define KD_LLM_H

#include <glib.h>

#include "llm-conf.h"
#include "llm-retry.h"

/*
 * Send a request and wait for its whole answer, at most so many milliseconds.
 * body NULL is a GET.  outcome, all zero before, always says what came of it;
 * kd_llm_outcome_clear() frees what it holds.  Nothing in it holds the key,
 * whatever the server has said.
 */
void kd_llm_send(const kd_llm_profile *profile, const char *url,
    const char *body, gint64 milliseconds, struct kd_llm_outcome *outcome);

#endif
