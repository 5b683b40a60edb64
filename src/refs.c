#include "config.h"

#include <string.h>

#include "record.h"
#include "refs.h"

#define DIGEST_LENGTH 64 /* SHA-256 in hexadecimal */

struct scanner {
	const char *p;
	const char *end;
	/* FALSE once one was found open to the end: it is looked for once. */
	gboolean comments;
	gboolean quotes;
};

static struct scanner
scan(const char *value, gsize length)
{
	return (struct scanner){value, value + length, TRUE, TRUE};
}

/* The byte after the comment at p, or NULL if it does not end. */
static const char *
comment_end(const char *p, const char *end)
{
	gsize depth = 0;

	for (; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == '(')
			depth++;
		else if (*p == ')' && --depth == 0)
			return p + 1;
	}
	return NULL;
}

/* The same for a quoted string. */
static const char *
quote_end(const char *p, const char *end)
{
	for (p++; p < end; p++) {
		if (*p == '\\' && p + 1 < end)
			p++;
		else if (*p == '"')
			return p + 1;
	}
	return NULL;
}

/* Step over a comment or quoted string that begins here. */
static gboolean
skip_phrase(struct scanner *s)
{
	const char *after = NULL;

	if (*s->p == '(' && s->comments) {
		after = comment_end(s->p, s->end);
		s->comments = after != NULL;
	} else if (*s->p == '"' && s->quotes) {
		after = quote_end(s->p, s->end);
		s->quotes = after != NULL;
	}
	if (after)
		s->p = after;
	return after != NULL;
}

/*
 * What stands in the next <...>, its length in *length; NULL at the end.  An
 * opening bracket that is given twice counts once, one without its closing
 * bracket ends the value.
 */
static const char *
next_bracketed(struct scanner *s, gsize *length)
{
	const char *start, *close;

	while (s->p < s->end && *s->p != '<')
		if (!skip_phrase(s))
			s->p++;
	while (s->p < s->end && (*s->p == '<' || g_ascii_isspace(*s->p)))
		s->p++;
	start = s->p;
	close = memchr(start, '>', s->end - start);
	if (!close) {
		s->p = s->end;
		return NULL;
	}
	s->p = close + 1;
	*length = close - start;
	return start;
}

static gboolean
is_separator(char c)
{
	return g_ascii_isspace(c) || c == ',' || c == ';' || c == '<' ||
	       c == '>';
}

/* The next word outside of comments and quoted strings; NULL at the end. */
static const char *
next_word(struct scanner *s, gsize *length)
{
	const char *start;

	while (s->p < s->end)
		if (is_separator(*s->p))
			s->p++;
		else if (!skip_phrase(s))
			break;
	start = s->p;
	if (start == s->end)
		return NULL;
	do
		s->p++;
	while (s->p < s->end && !is_separator(*s->p) && *s->p != '(' &&
	       *s->p != '"');
	*length = s->p - start;
	return start;
}

static gboolean
is_joint(char c)
{
	return c == '@' || c == '.';
}

/*
 * Copy what stood in brackets without its white space.  FALSE if that is no
 * plain token: a bracket inside, or words apart.  Folding may divide an id
 * anywhere (RFC 5322, 4.5.4 allows it around "@" and "."), so a line break
 * does not make words.
 */
static gboolean
copy_token(GString *id, const char *p, gsize length)
{
	const char *end = p + length;
	gboolean folded = FALSE, spaced = FALSE;

	g_string_truncate(id, 0);
	while (p < end) {
		const char *start = p;

		if (*p == '<')
			return FALSE;
		if (g_ascii_isspace(*p)) {
			folded |= *p == '\n' || *p == '\r';
			spaced = TRUE;
			p++;
			continue;
		}
		if (spaced && !folded && id->len > 0 && !is_joint(*p) &&
		    !is_joint(id->str[id->len - 1]))
			return FALSE;
		while (p < end && *p != '<' && !g_ascii_isspace(*p))
			p++;
		g_string_append_len(id, start, p - start);
		folded = spaced = FALSE;
	}
	return id->len > 0;
}

/* Whether a character shows as itself, and orders nothing about others. */
static gboolean
may_stand(gunichar c)
{
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return FALSE;
	default:
		return TRUE;
	}
}

static gboolean
is_clean(const char *bytes, gsize length)
{
	const char *end = bytes + length;
	const char *p = bytes;

	if (length > KD_ID_MAX)
		return FALSE;
	/* Nearly all are ASCII. */
	while (p < end && *p >= ' ' && *p < 0x7f)
		p++;
	if (!g_utf8_validate(p, end - p, NULL))
		return FALSE;
	for (; p < end; p = g_utf8_next_char(p))
		if (!may_stand(g_utf8_get_char(p)))
			return FALSE;
	return TRUE;
}

/* The id as it is kept: see refs.h for what becomes of one too long. */
static char *
make_id(const char *bytes, gsize length)
{
	const gsize max = KD_ID_MAX - 1 - DIGEST_LENGTH;
	g_autofree char *valid = NULL;
	g_autofree char *digest = NULL;
	g_autoptr(GString) id = NULL;

	if (is_clean(bytes, length))
		return g_strndup(bytes, length);
	valid = g_utf8_make_valid(bytes, MIN(length, max));
	digest = g_compute_checksum_for_data(
	    G_CHECKSUM_SHA256, (const guchar *)bytes, length);
	id = g_string_sized_new(KD_ID_MAX);
	for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
		gsize width = g_utf8_next_char(p) - p;

		if (id->len + width > max)
			break;
		if (!may_stand(g_utf8_get_char(p)))
			g_string_append_c(id, '?');
		else
			g_string_append_len(id, p, width);
	}
	g_string_append_printf(id, "#%s", digest);
	return g_string_free(g_steal_pointer(&id), FALSE);
}

void
kd_refs_parse(GPtrArray *ids, const char *value, gsize length)
{
	struct scanner s = scan(value, length);
	g_autoptr(GString) id = g_string_new(NULL);
	const char *token;
	gsize n;

	while ((token = next_bracketed(&s, &n))) {
		if (!copy_token(id, token, n) || id->len == 1 ||
		    g_str_has_suffix(id->str, "@protonmail.internalid"))
			continue;
		g_ptr_array_add(ids, make_id(id->str, id->len));
	}
}

static gboolean
has_domain(const char *word, gsize length)
{
	const char *at = memchr(word, '@', length);

	return at && at > word && at < word + length - 1;
}

void
kd_refs_parse_bare(GPtrArray *ids, const char *value, gsize length)
{
	struct scanner s = scan(value, length);
	const char *word;
	gsize n;

	if (memchr(value, '<', length))
		return;
	while ((word = next_word(&s, &n)))
		if (has_domain(word, n))
			g_ptr_array_add(ids, make_id(word, n));
}

static char *
bare_identity(const char *value, gsize length)
{
	struct scanner s = scan(value, length);
	const char *word, *first = NULL;
	gsize n, first_length = 0, words = 0;

	while ((word = next_word(&s, &n))) {
		if (has_domain(word, n))
			return make_id(word, n);
		if (words++ == 0) {
			first = word;
			first_length = n;
		}
	}
	if (words != 1 || first_length == 1)
		return NULL;
	return make_id(first, first_length);
}

char *
kd_refs_identity(const char *value, gsize length)
{
	struct scanner s = scan(value, length);
	g_autoptr(GString) id = g_string_new(NULL);
	gboolean bracketed = FALSE;
	const char *token;
	gsize n;

	while ((token = next_bracketed(&s, &n))) {
		if (copy_token(id, token, n) && id->len > 1)
			return make_id(id->str, id->len);
		bracketed = TRUE;
	}
	return bracketed ? NULL : bare_identity(value, length);
}
