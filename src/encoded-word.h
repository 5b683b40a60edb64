/*
 * Header text in whatever charset it comes, made ready for GMime, which reads
 * encoded words (RFC 2047) but believes what they say of themselves.  Linked
 * into filters/parse-mail alone.
 */
#ifndef KD_ENCODED_WORD_H
#define KD_ENCODED_WORD_H

#include <glib.h>

/*
 * An unfolded value in UTF-8.  Raw 8-bit text is decoded as kd_body_decode()
 * does without a charset.  Adjacent encoded words become one word of UTF-8, so
 * that a character may be split between two and a charset may be wrong; *wrong
 * is set then.  It stays encoded, since a comma in a name is no comma between
 * addresses.  Linear; the caller frees the
 * result.
 */
char *kd_encoded_word_mend(const char *value, gboolean *wrong);

#endif
