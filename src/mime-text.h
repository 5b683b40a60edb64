/*
 * The text of a MIME entity (RFC 2045 to 2049).  With message.c the only code
 * that knows GMime's parser.
 */
#ifndef KD_MIME_TEXT_H
#define KD_MIME_TEXT_H

#include <glib.h>

/*
 * The decoded text of an entity, whose Content-* fields are header, which the
 * body is appended to if need be: all text/plain parts (of alternatives the
 * plain one, of a signed mail the signed part) and inline patches one after the
 * other; where these hold nothing, what the HTML says.  A message inside is
 * somebody else's mail and not read.
 *
 * What is sent as format=flowed (RFC 3676) is unfolded.
 *
 * Sets KD_MAIL_HTML, KD_MAIL_CLIPPED, KD_MAIL_CHARSET, KD_MAIL_MALFORMED in
 * *flags.  The result has at most about KD_TEXT_MAX bytes; the caller frees
 * it.
 */
char *kd_mime_text(
    GByteArray *header, const char *body, gsize length, guint32 *flags);

#endif
