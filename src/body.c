#include "config.h"

#include <string.h>

#include "body.h"

#define FOOTER_LINES 10 /* of a mailing list's footer */
#define BLOCK	     64 /* bytes that are looked at together */

/* What mail says and what it means. */
static const struct {
	const char *declared;
	const char *real;
} charsets[] = {
    {"gb2312", "GB18030"},
    {"gb_2312-80", "GB18030"},
    {"gbk", "GB18030"},
    {"cp936", "GB18030"},
    {"iso-8859-1", "WINDOWS-1252"},
    {"latin1", "WINDOWS-1252"},
    {"us-ascii", "UTF-8"},
    {"ascii", "UTF-8"},
    {"utf8", "UTF-8"},
    {"unknown-8bit", "UTF-8"},
    {"x-unknown", "UTF-8"},
};

static const char *
real_charset(const char *declared)
{
	for (gsize i = 0; i < G_N_ELEMENTS(charsets); i++)
		if (!g_ascii_strcasecmp(declared, charsets[i].declared))
			return charsets[i].real;
	return declared;
}

/* How many bytes there are before one over 0x7f. */
static gsize
ascii_length(const char *bytes, gsize length)
{
	gsize n = 0;

	for (; length - n >= BLOCK; n += BLOCK) {
		guint8 all = 0;

		for (guint i = 0; i < BLOCK; i++)
			all |= (guint8)bytes[n + i];
		if (all & 0x80)
			break;
	}
	while (n < length && !((guchar)bytes[n] & 0x80))
		n++;
	return n;
}

/* UTF-8 without NUL.  What is not ASCII is looked at by the run. */
static gboolean
is_utf8(const char *bytes, gsize length)
{
	const char *end = bytes + length;

	if (memchr(bytes, 0, length))
		return FALSE;
	while ((bytes += ascii_length(bytes, (gsize)(end - bytes))) < end) {
		const char *run = bytes;

		while (bytes < end && (guchar)*bytes & 0x80)
			bytes++;
		if (!g_utf8_validate_len(run, (gsize)(bytes - run), NULL))
			return FALSE;
	}
	return TRUE;
}

/* Bytes without NUL as a string, which g_strndup() searches for one. */
static char *
copy(const char *bytes, gsize length)
{
	char *text = g_malloc(length + 1);

	memcpy(text, bytes, length);
	text[length] = '\0';
	return text;
}

static char *
convert(const char *bytes, gsize length, const char *charset)
{
	gsize written;
	g_autofree char *text = NULL;

	if (!g_ascii_strcasecmp(charset, "UTF-8"))
		return is_utf8(bytes, length) ? copy(bytes, length) : NULL;
	text = g_convert(
	    bytes, (gssize)length, "UTF-8", charset, NULL, &written, NULL);
	if (!text || strlen(text) != written ||
	    !g_utf8_validate_len(text, written, NULL))
		return NULL;
	return g_steal_pointer(&text);
}

/* Bytes without NUL, which would end every string of C. */
static char *
replace_nul(const char *bytes, gsize *length)
{
	GString *out = g_string_sized_new(*length + 16);
	const char *end = bytes + *length;

	for (const char *at = bytes; at < end;) {
		const char *nul = memchr(at, 0, (gsize)(end - at));

		g_string_append_len(out, at, (nul ? nul : end) - at);
		if (nul)
			g_string_append(out, "\xef\xbf\xbd");
		at = nul ? nul + 1 : end;
	}
	*length = out->len;
	return g_string_free(out, FALSE);
}

/* Whether a few bytes are broken in what is UTF-8 otherwise. */
static gboolean
is_mostly_utf8(const char *bytes, gsize length)
{
	gsize good = 0, bad = 0;

	for (gsize i = 0; i < length;) {
		gunichar c =
		    g_utf8_get_char_validated(bytes + i, (gssize)(length - i));
		gboolean valid = c < (gunichar)-2;

		good += valid && c >= 0x80;
		bad += !valid;
		i += valid ? (gsize)g_unichar_to_utf8(c, NULL) : 1;
	}
	return good > bad;
}

/*
 * GB18030 takes nearly any bytes, and so would make Chinese of every umlaut.
 * Chinese text is pairs of bytes, most of them of the common characters and
 * the punctuation of GB2312; accented letters stand alone or beyond those.
 */
static gboolean
is_mostly_chinese(const char *bytes, gsize length)
{
	gsize good = 0, bad = 0;

	for (gsize i = 0; i < length; i++) {
		guchar lead = (guchar)bytes[i];
		guchar trail = i + 1 < length ? (guchar)bytes[i + 1] : 0;

		if (lead < 0x80)
			continue;
		if (trail >= 0xa1 && ((lead >= 0xb0 && lead <= 0xd7) ||
					 (lead >= 0xa1 && lead <= 0xa3)))
			good++;
		else
			bad++;
		i += trail >= 0x80;
	}
	return good > bad;
}

char *
kd_body_decode(
    const char *bytes, gsize length, const char *charset, gboolean *wrong)
{
	const char *declared = charset ? real_charset(charset) : "UTF-8";
	char *text = length ? convert(bytes, length, declared) : g_strdup("");

	if (text)
		return text;
	*wrong = TRUE;
	if (memchr(bytes, 0, length)) {
		g_autofree char *without = replace_nul(bytes, &length);

		return kd_body_decode(without, length, charset, wrong);
	}
	if (!is_mostly_utf8(bytes, length))
		text = convert(bytes, length,
		    is_mostly_chinese(bytes, length) ? "GB18030"
						     : "WINDOWS-1252");
	return text ? text : g_utf8_make_valid(bytes, (gssize)length);
}

/* Controls, and characters that direct how others are shown. */
static gboolean
is_invisible(gunichar c)
{
	if (c < 0xa0)
		return c < 0x20 || c >= 0x7f;
	return g_unichar_type(c) == G_UNICODE_FORMAT;
}

/* A byte that is a character which stays as it is.  There is no branch in it. */
static gboolean
is_plain(char c)
{
	return ((guchar)(c - 0x20) < 0x7f - 0x20) | (c == '\n') | (c == '\t');
}

/*
 * How many of these there are from p on.  Compilers see to a block of a known
 * size at once.
 */
static gsize
plain_length(const char *p, const char *end)
{
	const char *begin = p;

	for (; end - p >= BLOCK; p += BLOCK) {
		guint8 other = 0;

		for (guint i = 0; i < BLOCK; i++)
			other |= (guint8)!is_plain(p[i]);
		if (other)
			break;
	}
	while (p < end && is_plain(*p))
		p++;
	return (gsize)(p - begin);
}

static char *
move(char *to, const char *from, gsize length)
{
	if (to < from)
		memmove(to, from, length);
	return to + length;
}

void
kd_body_clean(char *text)
{
	const char *end = text + strlen(text);
	char *to = text;

	for (const char *p = text; p < end;) {
		gsize length = plain_length(p, end);

		to = move(to, p, length);
		p += length;
		if (p == end)
			break;
		length = (gsize)(g_utf8_next_char(p) - p);
		if (*p == '\r' && p[1] != '\n')
			*to++ = '\n';
		else if (*p != '\r' && !is_invisible(g_utf8_get_char(p)))
			to = move(to, p, length);
		p += length;
	}
	*to = '\0';
}

/*
 * RFC 3676: a line that ends in a space goes on in the next one of the same
 * quote depth; a space at the beginning is stuffing.
 */
char *
kd_body_unflow(const char *text, gboolean delsp)
{
	GString *out = g_string_sized_new(strlen(text));
	gsize paragraph = 0; /* quote depth of the one that goes on */
	gboolean open = FALSE;

	for (const char *line = text; *line;) {
		gsize depth = strspn(line, ">");
		const char *p = line + depth + (line[depth] == ' ');
		gsize length = strcspn(p, "\n");
		gboolean signature = length == 3 && !strncmp(p, "-- ", 3);
		gboolean flowed = length && p[length - 1] == ' ' && !signature;

		if (open && (signature || depth != paragraph)) {
			g_string_append_c(out, '\n');
			open = FALSE;
		}
		if (!open) {
			g_string_append_len(out, line, (gssize)depth);
			if (depth ? length : *p == '>')
				g_string_append_c(out, ' ');
		}
		g_string_append_len(
		    out, p, (gssize)(length - (flowed && delsp)));
		if (!flowed && p[length])
			g_string_append_c(out, '\n');
		open = flowed;
		paragraph = depth;
		line = p + length + (p[length] == '\n');
	}
	if (open)
		g_string_append_c(out, '\n');
	return g_string_free(out, FALSE);
}

/* How footers begin, what else is in them, and the lines they have at most. */
static const struct {
	const char *begins, *has;
	guint lines;
} footers[] = {
    /* Mailman */
    {"_______________________________________________\n", "mailing list", 6},
    /* Majordomo, mlmmj */
    {"To unsubscribe from this list: send the line ", "unsubscribe", 6},
    {"You received this message because you are subscribed to the Google "
     "Groups ",
	"unsubscribe", 6},
    {"-=-=-=-=-=-=-=-=-=-=-=-\n", "Groups.io Links:", FOOTER_LINES},
};

/* lines is how many follow. */
static gboolean
is_footer(const char *line, guint lines)
{
	for (gsize i = 0; i < G_N_ELEMENTS(footers); i++)
		/* Most lines differ in the first byte. */
		if (*line == *footers[i].begins &&
		    g_str_has_prefix(line, footers[i].begins))
			return lines <= footers[i].lines &&
			       strstr(line, footers[i].has);
	return FALSE;
}

/* Where a line begins, or the "--" of a signature above it. */
static char *
with_dashes(char *text, char *line)
{
	static const char *const dashes[] = {"\n--\n", "\n-- \n"};

	for (gsize i = 0; i < G_N_ELEMENTS(dashes); i++) {
		gsize length = strlen(dashes[i]);

		if ((gsize)(line - text) >= length &&
		    !memcmp(line - length, dashes[i], length))
			return line - length + 1;
	}
	return line;
}

void
kd_body_strip_footer(char *text)
{
	char *end = text + strlen(text);

	for (guint lines = 0; lines <= FOOTER_LINES && end > text; lines++) {
		char *lf = memrchr(text, '\n', (gsize)(end - text));
		char *line = lf ? lf + 1 : text;

		if (is_footer(line, lines)) {
			*with_dashes(text, line) = '\0';
			return;
		}
		if (!lf)
			return;
		end = lf;
	}
}

/* MurmurHash64A of Austin Appleby, who put it into the public domain. */
static guint64
murmur(const char *bytes, gsize length)
{
	const guint64 m = G_GUINT64_CONSTANT(0xc6a4a7935bd1e995);
	guint64 hash = length * m;
	guint64 word;

	for (; length >= sizeof(word); length -= sizeof(word)) {
		memcpy(&word, bytes, sizeof(word));
		word = GUINT64_FROM_LE(word) * m;
		word = (word ^ (word >> 47)) * m;
		hash = (hash ^ word) * m;
		bytes += sizeof(word);
	}
	if (length) {
		word = 0;
		memcpy(&word, bytes, length);
		hash = (hash ^ GUINT64_FROM_LE(word)) * m;
	}
	hash = (hash ^ (hash >> 47)) * m;
	return hash ^ (hash >> 47);
}

guint64
kd_body_hash(const char *text)
{
	g_autofree char *lines = g_malloc(strlen(text) + 1);
	const char *run = text; /* of lines that count as they are */
	char *to = lines;

	while (*text) {
		const char *lf = strchrnul(text, '\n');
		const char *end = lf;

		while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
			end--;
		if (end > text && end == lf && *lf) {
			text = lf + 1;
			continue;
		}
		to = mempcpy(to, run, (gsize)(end - run));
		if (end > text)
			*to++ = '\n';
		run = text = *lf ? lf + 1 : lf;
	}
	to = mempcpy(to, run, (gsize)(text - run));
	return murmur(lines, (gsize)(to - lines));
}
