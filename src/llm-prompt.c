#include "config.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "conf.h"
#include "data.h"
#include "error.h"
#include "llm-prompt.h"

#define PLACE_MAX 32 /* bytes of a name that messages show */

struct section {
	const char *name;
	gsize offset; /* of its member */
	const char *places[5];
};

static const struct section sections[] = {
    {"system", offsetof(kd_llm_prompt, system), {NULL}},
    {"whole", offsetof(kd_llm_prompt, whole), {"data", "terms", NULL}},
    {"part", offsetof(kd_llm_prompt, part),
	{"data", "terms", "part", "parts", NULL}},
    {"join", offsetof(kd_llm_prompt, join), {"data", "terms", "parts", NULL}},
    {"repair", offsetof(kd_llm_prompt, repair), {NULL}},
};

static char **
member(kd_llm_prompt *prompt, const struct section *section)
{
	return (char **)(void *)((char *)prompt + section->offset);
}

void
kd_llm_prompt_free(kd_llm_prompt *prompt)
{
	if (!prompt)
		return;
	for (gsize i = 0; i < G_N_ELEMENTS(sections); i++)
		g_free(*member(prompt, &sections[i]));
	g_free(prompt->file);
	g_free(prompt);
}

static gboolean
refuse(GError **error, const char *file, guint line, const char *what,
    const char *reason)
{
	g_set_error(error, KD_ERROR, KD_ERROR_CONFIG, "%s:%u: %s: %s", file,
	    line, what, reason);
	return FALSE;
}

/* All places of a line must be known to its section. */
static gboolean
check_places(const char *file, guint number, const char *line,
    const struct section *section, GError **error)
{
	for (const char *p = line; (p = strstr(p, "{{")); p += 2) {
		const char *end = strstr(p, "}}");
		g_autofree char *name =
		    end ? g_strndup(p + 2, MIN((gsize)(end - p) - 2, PLACE_MAX))
			: NULL;
		g_autofree char *known = NULL;
		g_autofree char *shown = NULL;

		if (name && g_strv_contains(section->places, name))
			continue;
		shown = g_strdup_printf("{{%s}}", name ? name : "");
		known = g_strjoinv("}}, {{", (GStrv)section->places);
		if (!*known)
			return refuse(error, file, number, shown,
			    "no place may be in this section, which is the "
			    "same for all requests");
		return g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
			   "%s:%u: %s: unknown place: expected one of {{%s}}",
			   file, number, shown, known),
		       FALSE;
	}
	return TRUE;
}

/* "%% whole" begins a section. */
static const struct section *
find_section(const char *line)
{
	for (gsize i = 0; i < G_N_ELEMENTS(sections); i++)
		if (!strcmp(line, sections[i].name))
			return &sections[i];
	return NULL;
}

static gboolean
read_line(kd_llm_prompt *prompt, const struct section **section, guint number,
    const char *line, GError **error)
{
	char **text;
	char *longer;

	if (g_str_has_prefix(line, "%#"))
		return TRUE;
	if (g_str_has_prefix(line, "%% ")) {
		*section = find_section(line + 3);
		if (!*section)
			return refuse(error, prompt->file, number, line,
			    "unknown section: expected system, whole, part, "
			    "join or repair");
		text = member(prompt, *section);
		if (*text)
			return refuse(
			    error, prompt->file, number, line, "a second time");
		*text = g_strdup("");
		return TRUE;
	}
	if (!*section)
		return *line ? refuse(error, prompt->file, number, "text",
				   "expected a section \"%% system\" before it")
			     : TRUE;
	if (!check_places(prompt->file, number, line, *section, error))
		return FALSE;
	text = member(prompt, *section);
	longer = g_strconcat(*text, line, "\n", NULL);
	g_free(*text);
	*text = longer;
	return TRUE;
}

static kd_llm_prompt *
parse(const char *file, const char *text, GError **error)
{
	g_autoptr(kd_llm_prompt) prompt = g_new0(kd_llm_prompt, 1);
	g_auto(GStrv) lines = NULL;
	const struct section *section = NULL;

	prompt->file = g_strdup(file);
	if (!g_utf8_validate(text, -1, NULL)) {
		refuse(error, file, 1, "text", "not UTF-8");
		return NULL;
	}
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i]; i++)
		if (!read_line(prompt, &section, i + 1, lines[i], error))
			return NULL;
	for (gsize i = 0; i < G_N_ELEMENTS(sections); i++) {
		char **body = member(prompt, &sections[i]);

		if (!*body || !*g_strstrip(*body)) {
			refuse(error, file, g_strv_length(lines),
			    sections[i].name, "no such section, or no text");
			return NULL;
		}
		if (*sections[i].places && !strstr(*body, "{{data}}")) {
			refuse(error, file, g_strv_length(lines),
			    sections[i].name, "{{data}} is missing");
			return NULL;
		}
	}
	return g_steal_pointer(&prompt);
}

kd_llm_prompt *
kd_llm_prompt_load(GError **error)
{
	g_autofree char *file = kd_data_file("prompts/summarise.zh_CN");
	g_autofree char *text = NULL;
	g_autoptr(GError) cause = NULL;
	gsize length;

	if (!g_file_get_contents(file, &text, &length, &cause)) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG, "%s:1: read: %s",
		    file, g_strerror(errno));
		return NULL;
	}
	if (length > KD_LLM_PROMPT_MAX || strlen(text) != length) {
		refuse(error, file, 1, "text", "too long, or not text");
		return NULL;
	}
	return parse(file, text, error);
}

char *
kd_llm_prompt_fill(const char *section, const struct kd_llm_places *places)
{
	GString *out = g_string_new(NULL);
	const char *p = section, *open;

	while ((open = strstr(p, "{{"))) {
		const char *name = open + 2;

		g_string_append_len(out, p, open - p);
		if (g_str_has_prefix(name, "data}}"))
			g_string_append(out, places->data ? places->data : "");
		else if (g_str_has_prefix(name, "terms}}"))
			g_string_append(
			    out, places->terms ? places->terms : "");
		else if (g_str_has_prefix(name, "parts}}"))
			g_string_append_printf(out, "%u", places->parts);
		else
			g_string_append_printf(out, "%u", places->part);
		p = strstr(name, "}}") + 2;
	}
	g_string_append(out, p);
	return g_string_free(out, FALSE);
}
