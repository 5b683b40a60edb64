/*
 * The text of a mail after its transfer encoding is undone: charset, what may
 * stay in it, the list's footer.  Pure; linear in its input.
 */
#ifndef KD_BODY_H
#define KD_BODY_H

#include <glib.h>

/*
 * Turn bytes into UTF-8.  charset is what the mail declares, or NULL; when
 * the bytes are not of it, what they look like is taken (UTF-8 with a broken
 * byte, GB18030, or else windows-1252) and *wrong set.  GB2312 and GBK are
 * read as GB18030 and ISO-8859-1 as windows-1252, as mail programs mean them.
 * NUL becomes U+FFFD.  The caller frees the result.
 */
char *kd_body_decode(
    const char *bytes, gsize length, const char *charset, gboolean *wrong);

/*
 * Lines end in LF, only LF and TAB stay of the controls; format characters
 * (bidi controls, zero-width, tags) are dropped.  text is valid UTF-8 and gets
 * no longer.
 */
void kd_body_clean(char *text);

/*
 * Undo format=flowed (RFC 3676): one line for each paragraph, quoted ones with
 * "> " before it.  delsp is the parameter of that name.  text has been
 * cleaned; the caller frees the result.
 */
char *kd_body_unflow(const char *text, gboolean delsp);

/* Cut off, in place, the footer that a mailing list's software appends. */
void kd_body_strip_footer(char *text);

/*
 * A hash that is equal for copies of one mail: white space at line ends and
 * empty lines do not count.  It tells mails of one Message-ID apart, and who
 * makes two of his own be equal hides one of them: so it is quick, not secret.
 */
guint64 kd_body_hash(const char *text);

#endif
