/*
 * A brief as text for a model, in as many parts as its context needs.  Pure.
 */
#ifndef KD_LLM_PLAN_H
#define KD_LLM_PLAN_H

#include <glib.h>
#include <jansson.h>

#define KD_LLM_PARTS_MAX 200

typedef struct kd_llm_plan kd_llm_plan;

struct kd_llm_plan {
	char *head;	  /* the topic, facts, what was said before */
	GPtrArray *parts; /* of char *: mails as text, at least one part */
	guint64 omitted;  /* bytes of mails' texts that no part has */
	gboolean earlier; /* mails from before the window are in it */
};

/*
 * Plan for requests that take at most that many tokens of text each, marks
 * and head counted.  The same brief and number give the same plan.
 *
 * When all fits there is one part.  Otherwise mails are packed in their order,
 * a branch (the answers to one mail of the first level) staying together where
 * it fits, then a mail; a mail that is larger than a part goes on in the next.
 * What more than KD_LLM_PARTS_MAX parts would have is taken off the longest
 * mails, said where it is missing, and counted in omitted.
 *
 * With "previous" in the brief, what its sentences tell stands in the head,
 * and of the mails from before the window only who wrote when.
 *
 * NULL sets KD_ERROR_DATA for what is no brief, KD_ERROR_CONFIG when so few
 * tokens hold nothing.
 */
kd_llm_plan *kd_llm_plan_new(const json_t *brief, gsize tokens, GError **error);

/*
 * Text between marks that it cannot hold: they are its hash.  The caller
 * frees it.
 */
char *kd_llm_plan_mark(const char *head, const char *body);

/* The brief's terms, one on a line; "" when it has none.  The caller frees. */
char *kd_llm_plan_terms(const json_t *brief);

/* Sentences of an answer, one on a line, for a request that joins them. */
char *kd_llm_plan_note(const json_t *sentences);

void kd_llm_plan_free(kd_llm_plan *plan);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_llm_plan, kd_llm_plan_free)

#endif
