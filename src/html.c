#include "config.h"

#include <string.h>

#include "html.h"

static gboolean
tag_is(const char *tag, const char *name)
{
	gsize length = strlen(name);

	return !g_ascii_strncasecmp(tag, name, length) &&
	       !g_ascii_isalnum(tag[length]);
}

static gboolean
tag_is_one_of(const char *tag, const char *const *names)
{
	for (; *names; names++)
		if (tag_is(tag, *names))
			return TRUE;
	return FALSE;
}

/* Whether an element is not shown: by its name, or by its style. */
static gboolean
is_hidden(const char *tag, gsize length)
{
	static const char *const elements[] = {
	    "script", "style", "head", "title", "template", NULL};
	static const char *const styles[] = {"display:none",
	    "visibility:hidden", "font-size:0;", "font-size:0p",
	    "font-size:0\"", "font-size:0'"};
	g_autoptr(GString) style = NULL;

	if (tag_is_one_of(tag, elements))
		return TRUE;
	style = g_string_sized_new(length);
	for (gsize i = 0; i < length; i++)
		if (!g_ascii_isspace(tag[i]))
			g_string_append_c(style, g_ascii_tolower(tag[i]));
	for (gsize i = 0; i < G_N_ELEMENTS(styles); i++)
		if (strstr(style->str, styles[i]))
			return TRUE;
	return FALSE;
}

/* The end of the element whose tag is given: its own, not an inner one's. */
static const char *
skip_element(const char *tag)
{
	char name[16];
	gsize length = 0;
	guint depth = 0;
	const char *p = tag - 1;

	while (length + 1 < sizeof(name) && g_ascii_isalnum(tag[length])) {
		name[length] = tag[length];
		length++;
	}
	name[length] = '\0';
	for (; p && *p; p = strchr(p + 1, '<')) {
		if (tag_is(p + 1, name))
			depth++;
		else if (p[1] == '/' && tag_is(p + 2, name) && --depth == 0)
			break;
	}
	p = p ? strchr(p, '>') : NULL;
	return p ? p + 1 : tag + strlen(tag);
}

/* Where the markup that begins at "<" ends, and what it stands for. */
static const char *
skip_tag(const char *at, GString *out)
{
	static const char *const breaks[] = {"br", "p", "/p", "div", "/div",
	    "tr", "/tr", "li", "h1", "h2", "h3", "pre", "/pre", "blockquote",
	    "/blockquote", NULL};
	static const char *const empty[] = {
	    "br", "hr", "img", "input", "link", "meta", "wbr", NULL};
	gboolean comment = g_str_has_prefix(at, "<!--");
	const char *close = comment ? strstr(at, "-->") : strchr(at, '>');

	if (!close)
		return at + strlen(at);
	if (comment)
		return close + 3;
	if (g_ascii_isalpha(at[1]) && !tag_is_one_of(at + 1, empty) &&
	    is_hidden(at + 1, (gsize)(close - at - 1)))
		return skip_element(at + 1);
	if (tag_is_one_of(at + 1, breaks) && out->len &&
	    out->str[out->len - 1] != '\n')
		g_string_append_c(out, '\n');
	return close + 1;
}

static const char *
append_entity(const char *at, GString *out)
{
	static const struct {
		const char *name, *text;
	} entities[] = {{"&lt;", "<"}, {"&gt;", ">"}, {"&amp;", "&"},
	    {"&quot;", "\""}, {"&apos;", "'"}, {"&nbsp;", " "}};
	char *end;

	for (gsize i = 0; i < G_N_ELEMENTS(entities); i++)
		if (g_str_has_prefix(at, entities[i].name)) {
			g_string_append(out, entities[i].text);
			return at + strlen(entities[i].name);
		}
	if (at[1] == '#') {
		gboolean hex = at[2] == 'x' || at[2] == 'X';
		guint64 c = g_ascii_strtoull(at + 2 + hex, &end, hex ? 16 : 10);

		if (*end == ';' && c && c <= 0x10ffff &&
		    g_unichar_validate((gunichar)c)) {
			g_string_append_unichar(out, (gunichar)c);
			return end + 1;
		}
	}
	g_string_append_c(out, '&');
	return at + 1;
}

char *
kd_html_to_text(const char *html)
{
	GString *out = g_string_sized_new(strlen(html) / 2);

	for (const char *p = html; *p;) {
		if (*p == '<' &&
		    (g_ascii_isalpha(p[1]) || p[1] == '/' || p[1] == '!')) {
			p = skip_tag(p, out);
		} else if (*p == '&') {
			p = append_entity(p, out);
		} else {
			g_string_append_c(out, *p == '\r' ? '\n' : *p);
			p++;
		}
	}
	return g_string_free(out, FALSE);
}
