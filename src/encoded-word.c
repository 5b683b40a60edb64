#include "config.h"

#include <gmime/gmime.h>
#include <string.h>

#include "body.h"
#include "encoded-word.h"

#define CHARSET_MAX 64 /* bytes of a charset's name */

/* "=?charset*language?encoding?text?=", pointing into the value. */
struct word {
	char charset[CHARSET_MAX];
	gboolean base64;
	const char *text;
	gsize length;
	const char *end; /* the byte after it */
};

static gboolean
read_word(const char *at, struct word *word)
{
	const char *charset = at + 2;
	const char *encoding;
	gsize length;

	if (!g_str_has_prefix(at, "=?"))
		return FALSE;
	length = strcspn(charset, "? \t");
	encoding = charset + length + 1;
	if (!length || length >= CHARSET_MAX || charset[length] != '?' ||
	    !*encoding || !strchr("bBqQ", *encoding) || encoding[1] != '?')
		return FALSE;
	word->text = encoding + 2;
	word->length = strcspn(word->text, "?");
	word->end = word->text + word->length + 2;
	if (word->text[word->length] != '?' || word->end[-1] != '=')
		return FALSE;
	word->base64 = g_ascii_tolower(*encoding) == 'b';
	memcpy(word->charset, charset, length);
	word->charset[length] = '\0';
	word->charset[strcspn(word->charset, "*")] = '\0';
	return TRUE;
}

/* The next word, if only white space parts the two. */
static gboolean
read_next(const struct word *word, struct word *next)
{
	return read_word(word->end + strspn(word->end, " \t"), next);
}

/* What one word carries on from the one before it. */
struct decoder {
	GByteArray *bytes;
	gboolean base64;
	int state;
	guint32 save;
};

static void
decode_word(struct decoder *decoder, const struct word *word)
{
	g_autofree char *text = g_strndup(word->text, word->length);
	guint from = decoder->bytes->len;
	guchar *out;
	gsize written;

	if (word->base64 != decoder->base64) {
		decoder->state = 0;
		decoder->save = 0;
	}
	decoder->base64 = word->base64;
	g_byte_array_set_size(decoder->bytes, from + (guint)word->length + 4);
	out = decoder->bytes->data + from;
	if (word->base64) {
		written = g_mime_encoding_base64_decode_step((guchar *)text,
		    word->length, out, &decoder->state, &decoder->save);
	} else {
		g_strdelimit(text, "_", ' ');
		written = g_mime_encoding_quoted_decode_step((guchar *)text,
		    word->length, out, &decoder->state, &decoder->save);
	}
	g_byte_array_set_size(decoder->bytes, from + (guint)written);
	/* Some split the text, some its base64; only the former is padded. */
	if (word->base64 && g_str_has_suffix(text, "=")) {
		decoder->state = 0;
		decoder->save = 0;
	}
}

/* Decode adjacent words of one charset; *word becomes the last of them. */
static char *
decode_run(struct word *word, gboolean *wrong)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	struct decoder decoder = {.bytes = bytes};
	struct word next;

	decode_word(&decoder, word);
	while (read_next(word, &next) &&
	       !g_ascii_strcasecmp(word->charset, next.charset)) {
		*word = next;
		decode_word(&decoder, word);
	}
	return kd_body_decode(
	    (const char *)bytes->data, bytes->len, word->charset, wrong);
}

/*
 * Append all adjacent words, of any charset, as one: GMime takes the padding
 * of a first for the end of both.  Returns the byte after them.
 */
static const char *
mend_words(GString *out, struct word *word, gboolean *wrong)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autofree char *encoded = NULL;
	const char *end;

	do {
		g_autofree char *decoded = decode_run(word, wrong);

		g_string_append(text, decoded);
		end = word->end;
	} while (read_next(word, word));
	encoded = g_base64_encode((const guchar *)text->str, text->len);
	g_string_append_printf(out, "=?utf-8?b?%s?=", encoded);
	return end;
}

char *
kd_encoded_word_mend(const char *value, gboolean *wrong)
{
	g_autofree char *text =
	    kd_body_decode(value, strlen(value), NULL, wrong);
	const char *next = strstr(text, "=?");
	const char *p = text;
	GString *out;
	struct word word;

	if (!next)
		return g_steal_pointer(&text);
	out = g_string_sized_new(strlen(text));
	for (; next; next = strstr(next, "=?")) {
		if (!read_word(next, &word)) {
			next++;
			continue;
		}
		g_string_append_len(out, p, next - p);
		p = next = mend_words(out, &word, wrong);
	}
	g_string_append(out, p);
	return g_string_free(out, FALSE);
}
