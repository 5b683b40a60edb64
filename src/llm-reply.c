#include "config.h"

#include <string.h>

#include <jansson.h>

#include "auto.h"
#include "error.h"
#include "llm-reply.h"
#include "verify.h"

#define COPY_MIN 60 /* bytes; shorter sentences may be like the input */

/*
 * The content after its reasoning, "<think>...</think>"; NULL when that never
 * ends.  Some templates put the opening tag into the prompt.
 */
static const char *
skip_thinking(const char *text)
{
	static const char *const names[] = {"think", "thinking", "thought"};

	text += strspn(text, " \t\r\n");
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		g_autofree char *open = g_strdup_printf("<%s>", names[i]);
		g_autofree char *shut = g_strdup_printf("</%s>", names[i]);
		const char *end = strstr(text, shut);

		if (g_str_has_prefix(text, open) && !end)
			return NULL;
		if (end && *text != '{')
			return end + strlen(shut);
	}
	return text;
}

/* What is within one outer fence, or all of it.  The caller frees it. */
static char *
strip(const char *text)
{
	const char *start = text;
	char *inner, *fence;

	if (g_str_has_prefix(start, "\xef\xbb\xbf"))
		start += 3;
	inner = g_strstrip(g_strdup(start));
	if (!g_str_has_prefix(inner, "```"))
		return inner;
	fence = g_strrstr(inner + 3, "```");
	start = strchr(inner, '\n');
	if (!fence || !start || start > fence || fence[3])
		return inner;
	*fence = '\0';
	start = g_strdup(start);
	g_free(inner);
	return g_strstrip((char *)start);
}

/* The labels of a sentence, without brackets. */
static json_t *
read_cites(const json_t *list)
{
	g_autoptr(json_t) cites = json_array();

	if (!json_is_array(list))
		return NULL;
	for (gsize i = 0; i < json_array_size(list); i++) {
		const char *label = json_string_value(json_array_get(list, i));
		gsize length;

		if (!label)
			return NULL;
		label += strspn(label, " [");
		length = strcspn(label, " ]");
		json_array_append_new(cites, json_stringn(label, length));
	}
	return g_steal_pointer(&cites);
}

static gboolean
is_field(const char *name)
{
	return name && kd_field_from_name(name) != KD_FIELDS;
}

/* Whether a sentence can be shown, which is no promise that it is. */
static gboolean
is_good(const char *text, const char *input)
{
	gsize length = strlen(text);

	return kd_verify_text(text, length) &&
	       (length < COPY_MIN || !input || !strstr(input, text));
}

static json_t *
read_sentences(
    const json_t *list, const char *input, guint *good, GError **error)
{
	g_autoptr(json_t) sentences = json_array();
	gsize n = json_array_size(list);

	if (n > KD_LLM_SENTENCES_MAX) {
		g_set_error_literal(
		    error, KD_ERROR, KD_ERROR_DATA, "too many sentences");
		return NULL;
	}
	for (gsize i = 0; i < n; i++) {
		const json_t *item = json_array_get(list, i);
		const char *field =
		    json_string_value(json_object_get(item, "field"));
		const char *text =
		    json_string_value(json_object_get(item, "text"));
		json_t *cites = read_cites(json_object_get(item, "cites"));
		g_autofree char *line = NULL;

		if (!is_field(field) || !text || !cites) {
			json_decref(cites);
			g_set_error(error, KD_ERROR, KD_ERROR_DATA,
			    "sentences[%zu]: not of the form asked for", i);
			return NULL;
		}
		line = g_strstrip(g_strdup(text));
		*good += is_good(line, input);
		json_array_append_new(
		    sentences, json_pack("{s:s, s:s, s:o}", "field", field,
				   "text", line, "cites", cites));
	}
	return g_steal_pointer(&sentences);
}

json_t *
kd_llm_reply_read(const char *content, const char *input, GError **error)
{
	const char *answer = skip_thinking(content);
	g_autofree char *text = NULL;
	g_autoptr(json_t) root = NULL, sentences = NULL;
	const json_t *list;
	guint good = 0;

	if (!answer || !answer[strspn(answer, " \t\r\n")]) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_DATA,
		    answer ? "empty" : "reasoning without an end");
		return NULL;
	}
	text = strip(answer);
	root = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	list = json_object_get(root, "sentences");
	if (!json_is_array(list)) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_DATA,
		    root ? "no list of sentences" : "no JSON");
		return NULL;
	}
	sentences = read_sentences(list, input, &good, error);
	if (!sentences)
		return NULL;
	if (good == 0) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_SERVICE,
		    "no sentence that may be shown");
		return NULL;
	}
	return g_steal_pointer(&sentences);
}
