/*
 * Asking: one request until it has an answer of use, and one topic in as many
 * requests as it needs, by the profiles of llm.use in turn.
 */
#ifndef KD_LLM_ASK_H
#define KD_LLM_ASK_H

#include <glib.h>
#include <jansson.h>

#include "llm-conf.h"
#include "llm-prompt.h"
#include "llm-retry.h"
#include "llm-run.h"

/* As kd_llm_send(), which is what programs give. */
typedef void (*kd_llm_sender)(const kd_llm_profile *profile, const char *url,
    const char *body, gint64 milliseconds, struct kd_llm_outcome *outcome);

/* What all requests of one topic cost and said. */
struct kd_llm_tally {
	guint requests; /* that were sent */
	guint attempts; /* of them, for the last answer */
	gint64 prompt, completion, cached, reasoning; /* tokens; -1 unknown */
	gint64 cost;	/* millionths; -1 unknown */
	gint64 latency; /* microseconds of all requests together */
	char *model;	/* who answered last; owned */
	char *finish;	/* its finish_reason; owned */
	gboolean cut;	/* a server seems to have read half of a request */
};

typedef struct kd_llm_session kd_llm_session;

/*
 * What asking needs; the caller fills it and owns what it points to, but for
 * tally, which kd_llm_session_clear() frees.
 */
struct kd_llm_session {
	const kd_conf *conf;
	const kd_llm_prompt *prompt;
	GPtrArray *profiles; /* of kd_llm_profile */
	kd_llm_run *run;
	const struct kd_llm_clock *clock;
	kd_llm_sender send;
	gint64 end;	  /* when all must be over, by the clock */
	const char *dump; /* directory for the bodies of requests, or NULL */
	gboolean plan;	  /* send nothing: count what would be sent */
	GPtrArray *notes; /* of char *: what the log should know */
	guint dumped;
	struct kd_llm_tally tally;
};

void kd_llm_session_init(kd_llm_session *session);
void kd_llm_session_clear(kd_llm_session *session);

/*
 * Ask one profile for the sentences about user.  It is asked again, otherwise
 * or later, as summarise-llm(1) says under "Failures".
 *
 * NULL sets error: KD_ERROR_SERVICE when the server refuses or never answers
 * with anything of use, KD_ERROR_TEMP when it can be tried later.  *limit is
 * then the context's size when the request was too long for it, 0 when the
 * server does not say how large that is, and else -1.
 */
json_t *kd_llm_ask(kd_llm_session *session, kd_llm_profile *profile,
    const char *user, gint64 *limit, GError **error);

/* Write down the body of the request that kd_llm_ask() would send first. */
void kd_llm_dump(
    kd_llm_session *session, kd_llm_profile *profile, const char *user);

/*
 * The summary of a brief: an object with sentences and source, as
 * kvdigest-brief(5) and summarise-llm(1) describe them.  NULL sets the error
 * of the last profile, or KD_ERROR_DATA for what is no brief.
 */
json_t *kd_llm_summarise(
    kd_llm_session *session, const json_t *brief, GError **error);

#endif
