/*
 * What a model said, as sentences of a summary: reasoning, fences and white
 * space stripped, then JSON of one form or nothing.  Pure.
 */
#ifndef KD_LLM_REPLY_H
#define KD_LLM_REPLY_H

#include <glib.h>
#include <jansson.h>

#define KD_LLM_SENTENCES_MAX 60

/*
 * The list of sentences in a content, for a summary as kvdigest-brief(5) has
 * it.  input is what the model was given: a sentence of some length that it
 * holds as it is was copied.  NULL sets error, the message saying what is
 * wrong for whoever reads the log: KD_ERROR_DATA for a wrong form, nothing or
 * an unfinished <think>, no JSON, not {"sentences": [{"field", "text",
 * "cites"}]}; KD_ERROR_SERVICE when none of the sentences may be shown, being
 * empty, without Chinese, or copies.  Labels may stand as "m1" or "[m1]".
 */
json_t *kd_llm_reply_read(
    const char *content, const char *input, GError **error);

#endif
