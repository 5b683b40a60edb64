/*
 * The answer to a request for a chat completion, from the bytes of its body:
 * plain JSON, or server-sent events in any pieces.  Pure.
 */
#ifndef KD_LLM_ANSWER_H
#define KD_LLM_ANSWER_H

#include <glib.h>

#define KD_LLM_ANSWER_MAX 4194304 /* bytes of a body */
#define KD_LLM_ERROR_MAX  300	  /* bytes of an error's message */

struct kd_llm_answer {
	gboolean whole;	  /* it has a choice, and its end was seen */
	char *text;	  /* the content, without what the model thought; */
	gboolean refused; /* or the model's refusal was there */
	char *finish;	  /* finish_reason as it was, or NULL */
	char *model;	  /* who answered, or NULL */
	/* Tokens; -1 where the server does not say. */
	gint64 prompt, completion, cached, reasoning;
	char *message; /* of an error, printable, or NULL */
	char *code;    /* of an error, as a string, or NULL */
	char *param;   /* that an error names, or NULL */
	gint64 limit;  /* the context that an error names, or -1 */
};

typedef struct kd_llm_reader kd_llm_reader;

kd_llm_reader *kd_llm_reader_new(void);

/*
 * Take bytes of the body.  FALSE when no more is wanted: the stream has said
 * [DONE], or there are more than KD_LLM_ANSWER_MAX.
 */
gboolean kd_llm_reader_feed(
    kd_llm_reader *reader, const char *bytes, gsize length);

/* Whether the stream has said [DONE]; whether the body is over the limit. */
gboolean kd_llm_reader_is_done(const kd_llm_reader *reader);
gboolean kd_llm_reader_is_over(const kd_llm_reader *reader);

/* The bytes so far, NUL-terminated.  The caller frees them. */
char *kd_llm_reader_dup(const kd_llm_reader *reader);

/*
 * The body has ended: what it says.  Whatever the bytes are, there is an
 * answer; without a choice, or when the end of a stream is missing, it is not
 * whole.  The caller owns it.
 */
struct kd_llm_answer *kd_llm_reader_end(kd_llm_reader *reader);

void kd_llm_reader_free(kd_llm_reader *reader);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_llm_reader, kd_llm_reader_free)

void kd_llm_answer_free(struct kd_llm_answer *answer);
typedef struct kd_llm_answer kd_llm_answer;
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_llm_answer, kd_llm_answer_free)

#endif
