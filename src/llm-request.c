#include "config.h"

#include <string.h>

#include <jansson.h>

#include "auto.h"
#include "error.h"
#include "llm-request.h"

#define CHAT "/chat/completions"

char *
kd_llm_url(const char *base_url, const char *endpoint)
{
	gsize length = strlen(base_url);

	while (length > 0 && base_url[length - 1] == '/')
		length--;
	if (length >= strlen(CHAT) &&
	    !strncmp(base_url + length - strlen(CHAT), CHAT, strlen(CHAT)))
		length -= strlen(CHAT);
	return g_strdup_printf("%.*s/%s", (int)length, base_url, endpoint);
}

json_t *
kd_llm_read_extra(const char *text, GError **error)
{
	static const char *const ours[] = {"model", "messages", "stream", NULL};
	g_autoptr(json_t) extra =
	    text ? json_loads(text, JSON_REJECT_DUPLICATES, NULL)
		 : json_object();

	if (!json_is_object(extra)) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_CONFIG,
		    "extra_body: no JSON object");
		return NULL;
	}
	for (gsize i = 0; ours[i]; i++)
		if (json_object_get(extra, ours[i])) {
			g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
			    "extra_body: \"%s\": not to be set here", ours[i]);
			return NULL;
		}
	return g_steal_pointer(&extra);
}

json_t *
kd_llm_messages(const char *system, const char *user)
{
	return json_pack("[{s:s, s:s}, {s:s, s:s}]", "role", "system",
	    "content", system, "role", "user", "content", user);
}

/*
 * What json_schema asks for.  All members are required and nothing else is
 * used: servers differ in what they know beyond that.
 */
static json_t *
schema_json(void)
{
	json_t *field = json_pack("{s:s, s:[s, s, s, s, s]}", "type", "string",
	    "enum", "purpose", "earlier", "week", "conclusion", "open");
	json_t *sentence = json_pack(
	    "{s:s, s:{s:o, s:{s:s}, s:{s:s, s:{s:s}}}, s:[s, s, s], s:b}",
	    "type", "object", "properties", "field", field, "text", "type",
	    "string", "cites", "type", "array", "items", "type", "string",
	    "required", "field", "text", "cites", "additionalProperties", 0);

	return json_pack("{s:s, s:{s:{s:s, s:o}}, s:[s], s:b}", "type",
	    "object", "properties", "sentences", "type", "array", "items",
	    sentence, "required", "sentences", "additionalProperties", 0);
}

static void
add_format(json_t *body, enum kd_llm_rung rung)
{
	if (rung == KD_LLM_RUNG_SCHEMA)
		json_object_set_new(body, "response_format",
		    json_pack("{s:s, s:{s:s, s:b, s:o}}", "type", "json_schema",
			"json_schema", "name", "summary", "strict", 1, "schema",
			schema_json()));
	else if (rung == KD_LLM_RUNG_OBJECT)
		json_object_set_new(body, "response_format",
		    json_pack("{s:s}", "type", "json_object"));
}

static void
add_thinking(json_t *body, const struct kd_conf_profile *profile,
    const struct kd_llm_dialect *dialect)
{
	gboolean on = !strcmp(profile->thinking, "on");

	if (!on && strcmp(profile->thinking, "off") && !dialect->think_off)
		return;
	switch (dialect->thinking) {
	case KD_LLM_THINK_NONE:
		break;
	case KD_LLM_THINK_TYPE:
		json_object_set_new(body, "thinking",
		    json_pack("{s:s}", "type", on ? "enabled" : "disabled"));
		break;
	case KD_LLM_THINK_ENABLE:
		json_object_set_new(body, "enable_thinking", json_boolean(on));
		break;
	case KD_LLM_THINK_EFFORT:
		json_object_set_new(body, "reasoning_effort",
		    json_string(on ? "medium" : "none"));
		break;
	case KD_LLM_THINK_TEMPLATE:
		json_object_set_new(body, "chat_template_kwargs",
		    json_pack("{s:b}", "enable_thinking", on));
		break;
	}
}

json_t *
kd_llm_request_new(const struct kd_conf_profile *profile,
    const struct kd_llm_dialect *dialect, const struct kd_llm_shape *shape,
    json_t *messages, json_t *extra)
{
	json_t *body = json_pack(
	    "{s:s, s:O}", "model", profile->model, "messages", messages);

	if (shape->token_param)
		json_object_set_new(body, shape->token_param,
		    json_integer((json_int_t)shape->max_output));
	if (profile->temperature && shape->temperature)
		json_object_set_new(body, "temperature",
		    json_real(g_ascii_strtod(profile->temperature, NULL)));
	add_format(body, shape->rung);
	if (shape->thinking)
		add_thinking(body, profile, dialect);
	json_object_set_new(body, "stream", json_boolean(shape->stream));
	if (shape->stream && shape->stream_usage)
		json_object_set_new(body, "stream_options",
		    json_pack("{s:b}", "include_usage", 1));
	json_object_update(body, extra);
	return body;
}
