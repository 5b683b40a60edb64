#include "config.h"

#include <string.h>

#include "text.h"

#define BLOCK	    16 /* bytes */
#define MARKS_MAX   4
#define REPLACEMENT 0xfffd
#define ELLIPSIS    "…"

/* Punctuation that must not begin a line, and that must not end one. */
#define CLOSING "，。；：！？）」』】、》〉〕’”…"
#define OPENING "（「『【《〈〔‘“"

/*
 * Default_Ignorable_Code_Point of Unicode, less what is of type Cf anyway:
 * fillers and variation selectors.
 */
static gboolean
is_ignorable(gunichar c)
{
	static const struct {
		gunichar first, last;
	} ranges[] = {{0x034f, 0x034f}, {0x115f, 0x1160}, {0x17b4, 0x17b5},
	    {0x180b, 0x180f}, {0x2060, 0x206f}, {0x3164, 0x3164},
	    {0xfe00, 0xfe0f}, {0xffa0, 0xffa0}, {0xfff0, 0xfff8},
	    {0xe0000, 0xe0fff}};

	for (gsize i = 0; i < G_N_ELEMENTS(ranges); i++)
		if (c >= ranges[i].first && c <= ranges[i].last)
			return TRUE;
	return FALSE;
}

/* What stands for a character: itself, a space, U+FFFD, or 0 for nothing. */
static gunichar
shown_as(gunichar c)
{
	if (is_ignorable(c))
		return 0;
	if (g_unichar_isspace(c) || c == 0x85)
		return ' ';
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
		return 0;
	case G_UNICODE_PRIVATE_USE:
	case G_UNICODE_UNASSIGNED:
		return REPLACEMENT;
	default:
		return c;
	}
}

gboolean
kd_text_is_plain(const char *text)
{
	char before = ' ';

	for (; *text >= ' ' && *text < 0x7f; text++) {
		if (*text == ' ' && before == ' ')
			return FALSE;
		before = *text;
	}
	return !*text && before != ' ';
}

char *
kd_text_clean(const char *text)
{
	g_autofree char *valid = NULL;
	GString *clean;
	gboolean space = FALSE;
	guint marks = 0;

	if (text && kd_text_is_plain(text))
		return g_strdup(text);
	valid = g_utf8_make_valid(text ? text : "", -1);
	clean = g_string_sized_new(strlen(valid));
	for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
		gunichar c = *p > ' ' && *p < 0x7f
				 ? (gunichar)*p
				 : shown_as(g_utf8_get_char(p));

		if (c == ' ')
			space = TRUE;
		if (!c || c == ' ')
			continue;
		marks = c >= 0x80 && g_unichar_ismark(c) ? marks + 1 : 0;
		if (marks > MARKS_MAX)
			continue;
		if (space && clean->len > 0)
			g_string_append_c(clean, ' ');
		space = FALSE;
		if (c < 0x80)
			g_string_append_c(clean, (char)c);
		else
			g_string_append_unichar(clean, c);
	}
	return g_string_free(clean, FALSE);
}

void
kd_text_lower(char *restrict to, const char *restrict text, gsize length)
{
	gsize i = 0;

	/* Compilers see to a block of a known size at once. */
	for (; length - i >= BLOCK; i += BLOCK)
		for (gsize k = 0; k < BLOCK; k++)
			to[i + k] = kd_text_lower_byte(text[i + k]);
	for (; i < length; i++)
		to[i] = kd_text_lower_byte(text[i]);
	to[length] = '\0';
}

char *
kd_text_fold(const char *text)
{
	gsize length = strlen(text);
	char *folded;

	if (!g_str_is_ascii(text))
		return g_utf8_casefold(text, (gssize)length);
	folded = g_malloc(length + 1);
	kd_text_lower(folded, text, length);
	return folded;
}

static guint
char_width(gunichar c)
{
	if (g_unichar_iszerowidth(c))
		return 0;
	return g_unichar_iswide(c) ? 2 : 1;
}

guint
kd_text_width(const char *text)
{
	guint width = 0;

	for (const char *p = text; *p; p = g_utf8_next_char(p))
		width += char_width(g_utf8_get_char(p));
	return width;
}

char *
kd_text_clip(const char *text, guint columns)
{
	const char *end = text; /* of what fits together with the ellipsis */
	guint width = 0;

	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		width += char_width(g_utf8_get_char(p));
		if (width > columns)
			return g_strdup_printf(
			    "%.*s" ELLIPSIS, (int)(end - text), text);
		if (width < columns)
			end = g_utf8_next_char(p);
	}
	return g_strdup(text);
}

static gboolean
is_closing(gunichar c)
{
	return c >= 0x80 && g_utf8_strchr(CLOSING, -1, c);
}

/* Whether a line may end between two characters that no space parts. */
static gboolean
may_break(gunichar before, gunichar after)
{
	if (is_closing(after) || g_unichar_iszerowidth(after))
		return FALSE;
	if (after < 0x80 && strchr(")]},.;:!?", (int)after))
		return FALSE;
	if (before < 0x80 && strchr("([{", (int)before))
		return FALSE;
	if (before >= 0x80 && g_utf8_strchr(OPENING, -1, before))
		return FALSE;
	return g_unichar_iswide(before) || g_unichar_iswide(after);
}

/*
 * The end of the run of characters at p within which no line may end, and its
 * width.  A space before closing punctuation is part of the run.
 */
static const char *
run_end(const char *p, guint *width)
{
	gunichar c = g_utf8_get_char(p);

	*width = 0;
	for (;;) {
		gunichar before = c;

		*width += char_width(c);
		p = g_utf8_next_char(p);
		c = g_utf8_get_char(p);
		if (c == '\0')
			return p;
		if (c == ' ' && !is_closing(g_utf8_get_char(p + 1)))
			return p;
		if (c != ' ' && may_break(before, c))
			return p;
	}
}

void
kd_text_wrap(GString *out, const char *text, guint columns, const char *first,
    const char *rest)
{
	const guint rest_width = kd_text_width(rest);
	guint column = kd_text_width(first);
	gboolean empty = TRUE; /* the line has only its prefix */

	text += strspn(text, " ");
	if (!*text)
		return;
	g_string_append(out, first);
	while (*text) {
		const guint space = *text == ' ' ? 1 : 0;
		const char *start = text + strspn(text, " ");
		guint width;

		if (!*start)
			break;
		text = run_end(start, &width);
		if (!empty && column + space + width > columns) {
			g_string_append_c(out, '\n');
			g_string_append(out, rest);
			column = rest_width;
		} else if (!empty && space) {
			g_string_append_c(out, ' ');
			column++;
		}
		g_string_append_len(out, start, text - start);
		column += width;
		empty = FALSE;
	}
	g_string_append_c(out, '\n');
}
