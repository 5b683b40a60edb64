/*
 * Text for people's eyes: what may be shown, how wide it is on a terminal,
 * where a line may end.  Pure; every function is linear in its input.
 *
 * A column is what a character of ASCII takes; Chinese characters take two,
 * combining marks none.
 */
#ifndef KD_TEXT_H
#define KD_TEXT_H

#include <string.h>

#include <glib.h>

/*
 * One line that is safe to show, from any bytes; NULL is "".  The caller
 * frees it.
 *
 * Invalid UTF-8 becomes U+FFFD, as do private-use and unassigned characters.
 * Every run of white space, line and paragraph separators included, becomes
 * one space; there is none at either end.  Dropped are control characters
 * (C0, C1), format characters (bidi controls, zero-width, tags), what else
 * Unicode ignores by default, and combining marks after the fourth in a row.
 */
char *kd_text_clean(const char *text);

/*
 * Words of printable ASCII with one space between them, as most text is: then
 * nothing is to be cleaned.  "" is none.
 */
gboolean kd_text_is_plain(const char *text);

/*
 * A letter of ASCII in lower case, any other byte as it is.  Not a call, and
 * without a branch, so that compilers make vectors of a loop.
 */
static inline char
kd_text_lower_byte(char c)
{
	return (char)(c | ((guchar)(c - 'A') < 26 ? 0x20 : 0));
}

/*
 * Whether text, which ends with a NUL, begins with a word, whatever the case of
 * ASCII letters.  Most differ in the first byte: that needs no call.
 */
static inline gboolean
kd_text_begins(const char *text, const char *word)
{
	return (*text | 0x20) == (*word | 0x20) &&
	       !g_ascii_strncasecmp(text, word, strlen(word));
}

/* Copy so many bytes in lower case, ASCII letters alone, and a NUL. */
void kd_text_lower(char *restrict to, const char *restrict text, gsize length);

/* The same as g_utf8_casefold(), soon done when it is ASCII. */
char *kd_text_fold(const char *text);

/* The columns that a line of valid UTF-8 takes. */
guint kd_text_width(const char *text);

/*
 * The text if it takes at most that many columns (at least 1), else its
 * beginning and "…" in as many.  The caller frees it.
 */
char *kd_text_clip(const char *text, guint columns);

/*
 * Append a line of text as lines of at most that many columns, each ended by
 * a line feed; first is put before the first of them, rest before the others,
 * and both count.  No text gives no line.
 *
 * A line ends at a space or beside a wide character, but never before closing
 * punctuation nor after opening punctuation.  Words and URLs are not broken:
 * one that does not fit has a line of its own and sticks out.
 */
void kd_text_wrap(GString *out, const char *text, guint columns,
    const char *first, const char *rest);

#endif
