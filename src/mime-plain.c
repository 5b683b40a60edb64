#include "config.h"

#include <gmime/gmime.h>
#include <string.h>

#include "mime-plain.h"

#define TOKEN_BYTES G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "-_.:"

static const char *
skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/* Case folded: what follows a word, blanks included; NULL if it is another. */
static const char *
after_word(const char *p, const char *word)
{
	gsize length = strlen(word);

	return g_ascii_strncasecmp(p, word, length) ? NULL
						    : skip_blanks(p + length);
}

/* What follows "name:", in the line that it begins. */
static const char *
after_name(const char *line, const char *name)
{
	const char *p = line + strlen(name);

	return after_word(line, name) && *p == ':' ? skip_blanks(p + 1) : NULL;
}

/* "value" or value of a parameter; what follows it, or NULL. */
static const char *
read_value(const char *p, char value[KD_CHARSET_MAX])
{
	gboolean quoted = *p == '"';
	gsize length;

	p += quoted;
	length = strspn(p, TOKEN_BYTES);
	if (!length || length >= KD_CHARSET_MAX || (quoted && p[length] != '"'))
		return NULL;
	memcpy(value, p, length);
	value[length] = '\0';
	return skip_blanks(p + length + quoted);
}

/* "text/plain" with parameters that are known; where the line ends, or NULL. */
static const char *
read_type(struct kd_plain *plain, const char *p)
{
	char value[KD_CHARSET_MAX] = "";
	const char *at;

	p = after_word(p, "text/plain");
	while (p && *p == ';') {
		p = skip_blanks(p + 1);
		if ((at = after_word(p, "charset="))) {
			p = read_value(at, plain->charset);
		} else if ((at = after_word(p, "format="))) {
			p = read_value(at, value);
			plain->flowed = !g_ascii_strcasecmp(value, "flowed");
		} else if ((at = after_word(p, "delsp="))) {
			p = read_value(at, value);
			plain->delsp = !g_ascii_strcasecmp(value, "yes");
		} else {
			return NULL;
		}
	}
	return p;
}

static const char *
read_encoding(GMimeContentEncoding *encoding, const char *p)
{
	static const struct {
		const char *name;
		GMimeContentEncoding encoding;
	} known[] = {{"7bit", GMIME_CONTENT_ENCODING_7BIT},
	    {"8bit", GMIME_CONTENT_ENCODING_8BIT},
	    {"base64", GMIME_CONTENT_ENCODING_BASE64},
	    {"quoted-printable", GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE}};

	for (gsize i = 0; i < G_N_ELEMENTS(known); i++) {
		const char *end = after_word(p, known[i].name);

		*encoding = known[i].encoding;
		if (end)
			return end;
	}
	return NULL;
}

/* One field in a line of its own; the next one, or NULL. */
static const char *
read_field(
    struct kd_plain *plain, GMimeContentEncoding *encoding, const char *line)
{
	const char *p;

	if ((p = after_name(line, "Content-Type")))
		p = read_type(plain, p);
	else if ((p = after_name(line, "Content-Transfer-Encoding")))
		p = read_encoding(encoding, p);
	else if ((p = after_name(line, "Content-Disposition")))
		p = after_word(p, "inline");
	return p && *p == '\n' && p[1] != ' ' && p[1] != '\t' ? p + 1 : NULL;
}

static void
decode(struct kd_plain *plain, GMimeContentEncoding encoding)
{
	GMimeEncoding state;

	g_mime_encoding_init_decode(&state, encoding);
	plain->decoded =
	    g_malloc(g_mime_encoding_outlen(&state, plain->length) + 1);
	plain->length = g_mime_encoding_flush(
	    &state, plain->bytes, plain->length, plain->decoded);
	plain->bytes = plain->decoded;
}

gboolean
kd_plain_read(
    struct kd_plain *plain, const char *header, const char *body, gsize length)
{
	GMimeContentEncoding encoding = GMIME_CONTENT_ENCODING_DEFAULT;

	*plain = (struct kd_plain){.bytes = body, .length = length};
	while (*header) {
		header = read_field(plain, &encoding, header);
		if (!header)
			return FALSE;
	}
	if (encoding == GMIME_CONTENT_ENCODING_BASE64 ||
	    encoding == GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE)
		decode(plain, encoding);
	return TRUE;
}

void
kd_plain_clear(struct kd_plain *plain)
{
	g_clear_pointer(&plain->decoded, g_free);
}
