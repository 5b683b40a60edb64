/*
 * What a failed request means, and whether and when it is made again.  Pure:
 * the time and chance come from the caller.
 */
#ifndef KD_LLM_RETRY_H
#define KD_LLM_RETRY_H

#include <glib.h>

#include "llm-answer.h"

/* What became of a request before anything was read of the answer. */
enum kd_llm_transport {
	KD_LLM_SENT,	 /* there is a status and a body */
	KD_LLM_CONNECT,	 /* no connection: name, route, refusal */
	KD_LLM_TLS,	 /* the certificate or the handshake */
	KD_LLM_TIMEOUT,	 /* nothing, or too slowly */
	KD_LLM_CUT,	 /* the body ended too early */
	KD_LLM_TOO_LONG, /* the body or header is over its limit */
	KD_LLM_OTHER	 /* what is not to be expected of a server */
};

struct kd_llm_outcome {
	enum kd_llm_transport transport;
	guint status;	       /* of HTTP */
	int should_retry;      /* x-should-retry: 1, 0, or -1 */
	gint64 retry_after;    /* microseconds, or -1 */
	kd_llm_answer *answer; /* or NULL; owned */
	char *reason;	       /* of a transport's failure; owned */
	char *body;	       /* of the answer to a GET; owned */
};

void kd_llm_outcome_clear(struct kd_llm_outcome *outcome);

/* The kinds of failure, by what there is to do. */
enum kd_llm_fault {
	KD_LLM_OK,	  /* a whole answer that ended by itself */
	KD_LLM_UNREACHED, /* no connection */
	KD_LLM_SLOW,	  /* no answer in time */
	KD_LLM_BROKEN,	  /* an answer that is cut or is none */
	KD_LLM_BUSY,	  /* the server asks for patience */
	KD_LLM_PARAM,	  /* it may dislike how it is asked */
	KD_LLM_OVERFLOW,  /* the request is too long for the model */
	KD_LLM_CENSORED,  /* it will not speak about this */
	KD_LLM_LENGTH,	  /* the answer reached its limit */
	KD_LLM_ODD,	  /* an end that nobody has heard of */
	KD_LLM_PERMANENT, /* the key, the address, the money */
	KD_LLM_FAULTS
};

enum kd_llm_fault kd_llm_outcome_judge(const struct kd_llm_outcome *outcome);

/* "status 429 (rate_limit): too many requests"; the caller frees it. */
char *kd_llm_outcome_describe(const struct kd_llm_outcome *outcome);

/* What the operator can do about it; "" where nobody can say. */
const char *kd_llm_outcome_advise(const struct kd_llm_outcome *outcome);

/* What has been tried for one request. */
struct kd_llm_retry {
	guint tries;		   /* requests that failed */
	guint seen[KD_LLM_FAULTS]; /* of them, by kind */
	char *last;		   /* what the last one said; owned */
};

void kd_llm_retry_clear(struct kd_llm_retry *retry);

/*
 * A request has failed with fault: whether to make the same again, after
 * *wait microseconds.  left are those until the deadline, max_wait the most
 * that a server may ask for; chance is from 0 to 1.  The same words with a
 * status of 500 twice are not tried a third time.
 */
gboolean kd_llm_retry_next(struct kd_llm_retry *retry,
    const struct kd_llm_outcome *outcome, enum kd_llm_fault fault, gint64 left,
    gint64 max_wait, double chance, gint64 *wait);

/*
 * The microseconds that Retry-After ("2", "0.5", or an HTTP date) asks for at
 * now, microseconds since 1970; -1 for what is none or is past.
 */
gint64 kd_llm_retry_after(const char *value, gint64 now);

#endif
