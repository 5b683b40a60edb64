/*
 * Mail text on its way into a request: made harmless, measured, cut.  Pure.
 */
#ifndef KD_LLM_TEXT_H
#define KD_LLM_TEXT_H

#include <glib.h>

/*
 * Text in which nothing can be taken for a mark of ours or of a chat template:
 * valid UTF-8 whose lines end with LF, tabs as spaces, without control,
 * format, private and unassigned characters; tokens such as "<|im_end|>",
 * "[INST]", "<think>" are broken by a space.  A second time changes nothing.
 * The caller frees it.
 */
char *kd_llm_text_tame(const char *text);

/*
 * The tokens of a text: at most (what a budget counts with) and at least
 * (what a server that read it all must count).  Tokenizers differ; the first
 * is high for English, C and Chinese, the second low.
 */
gsize kd_llm_tokens_most(const char *text);
gsize kd_llm_tokens_least(const char *text);

/*
 * The bytes of the longest beginning of text that has at most that many
 * tokens, by kd_llm_tokens_most(), and ends with a line if it has a whole
 * one, else with a character; at least one character.
 */
gsize kd_llm_text_fit(const char *text, gsize tokens);

#endif
