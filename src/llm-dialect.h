/*
 * How servers that speak OpenAI's chat completions differ, as a table, and
 * what of it a run has learnt.  Pure.
 */
#ifndef KD_LLM_DIALECT_H
#define KD_LLM_DIALECT_H

#include <glib.h>

#include "conf.h"

/* How thinking is switched. */
enum kd_llm_thinking {
	KD_LLM_THINK_NONE,     /* not at all */
	KD_LLM_THINK_TYPE,     /* "thinking": {"type": "disabled"} */
	KD_LLM_THINK_ENABLE,   /* "enable_thinking": false */
	KD_LLM_THINK_EFFORT,   /* "reasoning_effort": "none" */
	KD_LLM_THINK_TEMPLATE, /* "chat_template_kwargs": {...} */
};

/* How the form of an answer is asked for, the best first. */
enum kd_llm_rung {
	KD_LLM_RUNG_SCHEMA, /* response_format json_schema */
	KD_LLM_RUNG_OBJECT, /* response_format json_object */
	KD_LLM_RUNG_TEXT,   /* by the prompt alone */
};

struct kd_llm_dialect {
	const char *name;
	const char *host;	 /* the vendor's, or what it ends in; or NULL */
	const char *token_param; /* NULL: none */
	enum kd_llm_thinking thinking;
	gboolean think_off;    /* thinking: auto sends "off" */
	gboolean schema;       /* json_schema is worth trying */
	gboolean object;       /* json_object is */
	gboolean stream;       /* stream: auto is yes */
	gboolean stream_usage; /* stream_options.include_usage is known */
	gboolean ask_context;  /* GET /models may tell the context */
	guint context;	       /* tokens to count on when nobody says */
};

/* The dialect of a profile, "auto" being decided by the host of its URL. */
const struct kd_llm_dialect *kd_llm_dialect_find(
    const struct kd_conf_profile *profile);

/* What of a request is as it is because a server said so. */
struct kd_llm_shape {
	enum kd_llm_rung rung;
	const char *token_param; /* static, or NULL */
	gboolean stream;
	gboolean stream_usage;
	gboolean thinking;    /* its switch is sent */
	gboolean temperature; /* it is sent when configured */
	guint max_output;     /* tokens */
	guint context;	      /* tokens */
};

/* The shape to begin with. */
void kd_llm_shape_init(struct kd_llm_shape *shape,
    const struct kd_conf_profile *profile,
    const struct kd_llm_dialect *dialect);

/* The next rung below, when output is auto.  FALSE: there is none. */
gboolean kd_llm_shape_step_down(struct kd_llm_shape *shape,
    const struct kd_conf_profile *profile,
    const struct kd_llm_dialect *dialect);

/*
 * Change the shape by what a refusal says: its code, the parameter that it
 * names, its message; any of them may be NULL.  Each change is possible once,
 * so that this ends.  The change for the log ("max_tokens: now
 * max_completion_tokens"), which the caller frees, or NULL: nothing to change.
 */
char *kd_llm_shape_adapt(struct kd_llm_shape *shape,
    const struct kd_conf_profile *profile, const struct kd_llm_dialect *dialect,
    const char *code, const char *param, const char *message);

/*
 * The shape as one line of text that another process of the same run may
 * read; FALSE when a line is none, the shape is as it was then.
 */
char *kd_llm_shape_print(const struct kd_llm_shape *shape);
gboolean kd_llm_shape_parse(struct kd_llm_shape *shape, const char *line);

#endif
