/*
 * The prompt: a file in sections, with places for what differs between
 * requests.  summarise-llm(1) describes it.
 */
#ifndef KD_LLM_PROMPT_H
#define KD_LLM_PROMPT_H

#include <glib.h>

#define KD_LLM_PROMPT_MAX 65536 /* bytes of the file */

typedef struct kd_llm_prompt kd_llm_prompt;

struct kd_llm_prompt {
	char *file;
	char *system; /* the same for all requests: it has no places */
	char *whole;  /* asks about a topic in one piece */
	char *part;   /* asks about one part of a topic */
	char *join;   /* asks to make one summary of those of the parts */
	char *repair; /* asks again after an answer of no use */
};

/*
 * Read the prompt, the administrator's or else the installed one.  NULL sets
 * KD_ERROR_CONFIG, the message beginning "FILE:LINE: ".
 */
kd_llm_prompt *kd_llm_prompt_load(GError **error);

/* What goes into the places of a section; NULL is "". */
struct kd_llm_places {
	const char *data;
	const char *terms;
	guint part, parts; /* from 1 */
};

/* A section with its places filled, in one pass.  The caller frees it. */
char *kd_llm_prompt_fill(
    const char *section, const struct kd_llm_places *places);

void kd_llm_prompt_free(kd_llm_prompt *prompt);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_llm_prompt, kd_llm_prompt_free)

#endif
