#include "config.h"

#include <string.h>

#include "llm-text.h"

/* What chat templates are made of; each is broken after its first byte. */
static const char *const tokens[] = {"<|", "|>", "<｜", "｜>", "<think",
    "</think", "<thought", "</thought", "[INST]", "[/INST]", "<<SYS>>",
    "<</SYS>>", "[SYSTEM_PROMPT]", "[/SYSTEM_PROMPT]", "[AVAILABLE_TOOLS]",
    "[TOOL_CALLS]", "[TOOL_RESULTS]", "<s>", "</s>", "<bos>", "<eos>", "<pad>",
    "<unk>", "[gMASK]", "<sop>", "<eop>", "<start_of_turn>", "<end_of_turn>",
    "<tool_call>", "</tool_call>", "<tool_response>", "<function", "[BOS]",
    "[EOS]", "<system>", "</system>", "<user>", "<assistant>", "</assistant>",
    "</user>", NULL};

/* The width in bytes of the first character of a token that begins here. */
static gsize
find_token(const char *p)
{
	if (!strchr("<[|", *p) && !g_str_has_prefix(p, "｜"))
		return 0;
	for (gsize i = 0; tokens[i]; i++)
		if (!g_ascii_strncasecmp(p, tokens[i], strlen(tokens[i])))
			return (gsize)(g_utf8_next_char(p) - p);
	return 0;
}

static gboolean
is_dropped(gunichar c)
{
	if (c == '\n')
		return FALSE;
	/* Variation selectors, tags, fillers, blanks that show as nothing. */
	if ((c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0000 && c <= 0xe0fff) ||
	    c == 0x034f || c == 0x115f || c == 0x1160 || c == 0x3164 ||
	    c == 0xffa0 || c == 0x2800)
		return TRUE;
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_SURROGATE:
	case G_UNICODE_UNASSIGNED:
	case G_UNICODE_PRIVATE_USE:
		return TRUE;
	default:
		return FALSE;
	}
}

/*
 * Two passes: what is dropped first must not join the halves of a token.
 */
char *
kd_llm_text_tame(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text, -1);
	g_autoptr(GString) plain = g_string_new(NULL);
	GString *out = g_string_new(NULL);

	for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (c == '\t')
			g_string_append_c(plain, ' ');
		else if (c == 0x2028 || c == 0x2029)
			g_string_append_c(plain, '\n');
		else if (!is_dropped(c))
			g_string_append_unichar(plain, c);
	}
	for (const char *p = plain->str; *p;) {
		gsize token = find_token(p);
		gsize width = token ? token : (gsize)(g_utf8_next_char(p) - p);

		g_string_append_len(out, p, (gssize)width);
		if (token)
			g_string_append_c(out, ' ');
		p += width;
	}
	return g_string_free(out, FALSE);
}

/* Hundredths of tokens of one character: at most, at least. */
static void
weigh(gunichar c, guint *most, guint *least)
{
	if (c < 0x80) {
		*most = g_ascii_isalpha((char)c)   ? 32
			: g_ascii_isdigit((char)c) ? 60
			: c == ' ' || c == '\n'	   ? 25
						   : 65;
		*least = g_ascii_isalnum((char)c) ? 16 : 5;
	} else {
		*most = c < 0x2e80 ? 120 : 110;
		*least = 40;
	}
}

static gsize
count(const char *text, gboolean high)
{
	guint64 sum = 0;

	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		guint most, least;

		weigh(g_utf8_get_char(p), &most, &least);
		sum += high ? most : least;
	}
	return (gsize)((sum + (high ? 99 : 0)) / 100);
}

gsize
kd_llm_tokens_most(const char *text)
{
	return count(text, TRUE);
}

gsize
kd_llm_tokens_least(const char *text)
{
	return count(text, FALSE);
}

gsize
kd_llm_text_fit(const char *text, gsize tokens_max)
{
	guint64 sum = 0;
	const char *line = NULL, *p = text;

	while (*p) {
		guint most, least;

		weigh(g_utf8_get_char(p), &most, &least);
		sum += most;
		if (sum > (guint64)tokens_max * 100 && p > text)
			break;
		if (*p == '\n')
			line = p + 1;
		p = g_utf8_next_char(p);
	}
	if (!*p || !line)
		return (gsize)(p - text);
	return (gsize)(line - text);
}
