#include "config.h"

#include <stdio.h>
#include <string.h>

#include "llm-dialect.h"

#define OLD_PARAM "max_tokens"
#define NEW_PARAM "max_completion_tokens"

/* clang-format off */
static const struct kd_llm_dialect dialects[] = {
    {
	/* What assumes nothing stands first. */
	.name = "plain", .token_param = OLD_PARAM,
	.schema = TRUE, .object = TRUE, .stream_usage = TRUE, .context = 8000,
    },
    {
	.name = "openai", .host = "api.openai.com", .token_param = NEW_PARAM,
	.thinking = KD_LLM_THINK_EFFORT,
	.schema = TRUE, .object = TRUE, .stream_usage = TRUE,
	.context = 100000,
    },
    {
	.name = "deepseek", .host = "api.deepseek.com",
	.token_param = OLD_PARAM,
	.thinking = KD_LLM_THINK_TYPE, .think_off = TRUE,
	.object = TRUE, .stream_usage = TRUE, .context = 64000,
    },
    {
	/* Some models answer only in a stream. */
	.name = "dashscope", .host = ".aliyuncs.com", .token_param = OLD_PARAM,
	.thinking = KD_LLM_THINK_ENABLE, .think_off = TRUE,
	.object = TRUE, .stream = TRUE, .stream_usage = TRUE, .context = 64000,
    },
    {
	.name = "kimi", .host = "api.moonshot.cn", .token_param = NEW_PARAM,
	.thinking = KD_LLM_THINK_TYPE, .think_off = TRUE,
	.schema = TRUE, .object = TRUE, .stream_usage = TRUE, .context = 100000,
    },
    {
	.name = "kimi", .host = "api.moonshot.ai", .token_param = NEW_PARAM,
	.thinking = KD_LLM_THINK_TYPE, .think_off = TRUE,
	.schema = TRUE, .object = TRUE, .stream_usage = TRUE, .context = 100000,
    },
    {
	/* stream_options is unknown to it. */
	.name = "glm", .host = "open.bigmodel.cn", .token_param = OLD_PARAM,
	.thinking = KD_LLM_THINK_TYPE, .think_off = TRUE,
	.object = TRUE, .context = 100000,
    },
    {
	.name = "gemini", .host = "generativelanguage.googleapis.com",
	.token_param = OLD_PARAM, .thinking = KD_LLM_THINK_EFFORT,
	.schema = TRUE, .stream_usage = TRUE, .context = 100000,
    },
    {
	/* response_format is ignored. */
	.name = "claude", .host = "api.anthropic.com",
	.token_param = OLD_PARAM, .stream_usage = TRUE, .context = 100000,
    },
    {
	.name = "vllm", .token_param = OLD_PARAM,
	.thinking = KD_LLM_THINK_TEMPLATE, .think_off = TRUE,
	.schema = TRUE, .object = TRUE, .stream_usage = TRUE,
	.ask_context = TRUE, .context = 8000,
    },
    {
	/* json_object gives prose or status 500. */
	.name = "llama-cpp", .token_param = OLD_PARAM,
	.thinking = KD_LLM_THINK_TEMPLATE, .think_off = TRUE,
	.schema = TRUE, .stream_usage = TRUE,
	.ask_context = TRUE, .context = 4000,
    },
    {
	/* Cuts what is longer than its context, and does not say so. */
	.name = "ollama", .token_param = OLD_PARAM,
	.thinking = KD_LLM_THINK_EFFORT, .think_off = TRUE,
	.schema = TRUE, .object = TRUE, .stream_usage = TRUE, .context = 4000,
    },
    {
	.name = "lm-studio", .token_param = OLD_PARAM,
	.schema = TRUE, .stream_usage = TRUE, .context = 4000,
    },
};
/* clang-format on */

const struct kd_llm_dialect *
kd_llm_dialect_find(const struct kd_conf_profile *profile)
{
	g_autoptr(GUri) uri =
	    g_uri_parse(profile->base_url, G_URI_FLAGS_NONE, NULL);
	const char *host = uri ? g_uri_get_host(uri) : NULL;
	gboolean automatic = !strcmp(profile->dialect, "auto");

	for (gsize i = 0; i < G_N_ELEMENTS(dialects); i++) {
		const struct kd_llm_dialect *d = &dialects[i];

		if (automatic
			? host && d->host &&
			      (*d->host == '.' ? g_str_has_suffix(host, d->host)
					       : !strcmp(host, d->host))
			: !strcmp(d->name, profile->dialect))
			return d;
	}
	return &dialects[0];
}

static gboolean
has_rung(const struct kd_llm_dialect *dialect, enum kd_llm_rung rung)
{
	return rung == KD_LLM_RUNG_TEXT ||
	       (rung == KD_LLM_RUNG_SCHEMA ? dialect->schema : dialect->object);
}

void
kd_llm_shape_init(struct kd_llm_shape *shape,
    const struct kd_conf_profile *profile, const struct kd_llm_dialect *dialect)
{
	static const char *const outputs[] = {
	    "json_schema", "json_object", "text"};
	const char *param = profile->max_tokens_param;

	*shape = (struct kd_llm_shape){.rung = KD_LLM_RUNG_SCHEMA,
	    .token_param = !strcmp(param, "auto")      ? dialect->token_param
			   : !strcmp(param, OLD_PARAM) ? OLD_PARAM
			   : !strcmp(param, NEW_PARAM) ? NEW_PARAM
						       : NULL,
	    .stream = *profile->stream == 'y' ||
		      (*profile->stream == 'a' && dialect->stream),
	    .stream_usage = dialect->stream_usage,
	    .thinking = TRUE,
	    .temperature = TRUE,
	    .max_output = profile->max_output,
	    .context = profile->context ? profile->context : dialect->context};
	while (!has_rung(dialect, shape->rung))
		shape->rung++;
	for (guint i = 0; i < G_N_ELEMENTS(outputs); i++)
		if (!strcmp(profile->output, outputs[i]))
			shape->rung = (enum kd_llm_rung)i;
}

gboolean
kd_llm_shape_step_down(struct kd_llm_shape *shape,
    const struct kd_conf_profile *profile, const struct kd_llm_dialect *dialect)
{
	if (strcmp(profile->output, "auto") || shape->rung == KD_LLM_RUNG_TEXT)
		return FALSE;
	do
		shape->rung++;
	while (!has_rung(dialect, shape->rung));
	return TRUE;
}

/* Whether a refusal is about one of these words. */
static gboolean
is_about(const char *param, const char *message, const char *const *words)
{
	for (; *words; words++)
		if ((param && strstr(param, *words)) ||
		    (message && strstr(message, *words)))
			return TRUE;
	return FALSE;
}

/* The parameter that limits the answer: the other name once, then none. */
static char *
adapt_tokens(struct kd_llm_shape *shape, const struct kd_conf_profile *profile,
    const struct kd_llm_dialect *dialect, const char *message)
{
	const char *old = shape->token_param;
	gboolean first = !g_strcmp0(old, dialect->token_param);

	if (strcmp(profile->max_tokens_param, "auto"))
		first = FALSE;
	/* "Use 'max_completion_tokens' instead": as long as it is new. */
	shape->token_param = !first		      ? NULL
			     : strcmp(old, OLD_PARAM) ? OLD_PARAM
						      : NEW_PARAM;
	(void)message;
	return g_strdup_printf("%s: now %s", old,
	    shape->token_param ? shape->token_param : "not sent");
}

char *
kd_llm_shape_adapt(struct kd_llm_shape *shape,
    const struct kd_conf_profile *profile, const struct kd_llm_dialect *dialect,
    const char *code, const char *param, const char *message)
{
	static const char *const tokens[] = {OLD_PARAM, NEW_PARAM, NULL};
	static const char *const formats[] = {
	    "response_format", "json_schema", "json_object", NULL};
	static const char *const options[] = {
	    "stream_options", "include_usage", NULL};
	static const char *const thinking[] = {"thinking", "reasoning_effort",
	    "chat_template_kwargs", "enable_thinking", NULL};
	static const char *const streams[] = {"only support stream",
	    "stream mode", "when streaming", "stream=true", NULL};
	static const char *const heat[] = {"temperature", NULL};

	(void)code;
	if (!shape->stream && strcmp(profile->stream, "no") &&
	    is_about(NULL, message, streams)) {
		shape->stream = TRUE;
		return g_strdup("stream: now yes");
	}
	if (shape->stream && shape->stream_usage &&
	    is_about(param, message, options)) {
		shape->stream_usage = FALSE;
		return g_strdup("stream_options: now not sent");
	}
	if (shape->token_param && is_about(param, message, tokens))
		return adapt_tokens(shape, profile, dialect, message);
	if (profile->temperature && shape->temperature &&
	    is_about(param, message, heat)) {
		shape->temperature = FALSE;
		return g_strdup("temperature: now not sent");
	}
	if (is_about(param, message, formats) &&
	    kd_llm_shape_step_down(shape, profile, dialect))
		return g_strdup("response_format: one step down");
	if (shape->thinking && dialect->thinking != KD_LLM_THINK_NONE &&
	    is_about(param, message, thinking)) {
		shape->thinking = FALSE;
		return g_strdup("thinking: its switch now not sent");
	}
	return NULL;
}

char *
kd_llm_shape_print(const struct kd_llm_shape *shape)
{
	return g_strdup_printf("%d %d %d %d %d %d %u %u", (int)shape->rung,
	    !shape->token_param			     ? 0
	    : !strcmp(shape->token_param, OLD_PARAM) ? 1
						     : 2,
	    shape->stream, shape->stream_usage, shape->thinking,
	    shape->temperature, shape->max_output, shape->context);
}

gboolean
kd_llm_shape_parse(struct kd_llm_shape *shape, const char *line)
{
	static const char *const params[] = {NULL, OLD_PARAM, NEW_PARAM};
	int rung, param, stream, usage, thinking, heat;
	guint output, context;

	if (sscanf(line, "%d %d %d %d %d %d %u %u", &rung, &param, &stream,
		&usage, &thinking, &heat, &output, &context) != 8 ||
	    rung < 0 || rung > KD_LLM_RUNG_TEXT || param < 0 || param > 2)
		return FALSE;
	*shape = (struct kd_llm_shape){.rung = (enum kd_llm_rung)rung,
	    .token_param = params[param],
	    .stream = stream != 0,
	    .stream_usage = usage != 0,
	    .thinking = thinking != 0,
	    .temperature = heat != 0,
	    .max_output = output,
	    .context = context};
	return TRUE;
}
