/*
 * A request for a chat completion as JSON.  Pure.
 */
#ifndef KD_LLM_REQUEST_H
#define KD_LLM_REQUEST_H

#include <glib.h>
#include <jansson.h>

#include "conf.h"
#include "llm-dialect.h"

/*
 * base_url and an endpoint ("chat/completions", "models") joined by one "/";
 * a base_url that ends in "/chat/completions" already may stand.  The caller
 * frees it.
 */
char *kd_llm_url(const char *base_url, const char *endpoint);

/*
 * extra_body read; NULL sets KD_ERROR_CONFIG when it is no JSON object or has
 * one of the members that are ours alone.  NULL text is an empty object.
 */
json_t *kd_llm_read_extra(const char *text, GError **error);

/* The messages of a request: what the model is told, and what it is asked. */
json_t *kd_llm_messages(const char *system, const char *user);

/*
 * The body of a request.  messages is kept by reference; extra is merged last.
 * The order of members is fixed, model and messages first, so that equal
 * beginnings are equal bytes.  Reference to the caller.
 */
json_t *kd_llm_request_new(const struct kd_conf_profile *profile,
    const struct kd_llm_dialect *dialect, const struct kd_llm_shape *shape,
    json_t *messages, json_t *extra);

#endif
