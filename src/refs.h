/*
 * Message identifiers as header fields give them (RFC 5322, 3.6.4), read the
 * way lore's threads need it: what is no plain id is dropped, `<<id>>` is id,
 * `<a>,<b>` is two, comments, quoted strings and words outside of <> do not
 * count.
 *
 * Input is raw header text, folded or not, bounded by the caller; time is
 * linear in its length.  Everything here is pure.
 *
 * Ids are bytes and are compared as bytes.  One that a record cannot hold as
 * it is, being longer than KD_ID_MAX, no UTF-8 or with control characters, is
 * made valid, cut, and ends in "#" and the SHA-256 of its bytes: different ids
 * stay different, and a reference still meets the mail it names.
 */
#ifndef KD_REFS_H
#define KD_REFS_H

#include <glib.h>

/*
 * Append to ids (of char *, freed by the array) each id of a field's value,
 * in order, without <>; an id given twice is appended twice.
 *
 * White space inside of <...> is removed where it comes from folding, stands
 * at an end or beside "@" or "."; the id is dropped where it stands between
 * words.  Dropped are also ids that contain "<", are one character long ("y",
 * "n" of old git send-email), or end in "@protonmail.internalid".  A "<"
 * without ">" gives none.  The caller drops what only it can know: the mail's
 * own id and addresses.
 */
void kd_refs_parse(GPtrArray *ids, const char *value, gsize length);

/*
 * A References value without any "<": append its bare local@domain tokens.
 * Appends nothing when there is a "<".
 */
void kd_refs_parse_bare(GPtrArray *ids, const char *value, gsize length);

/*
 * The identity a Message-ID field gives: its first plain id of more than one
 * character.  Where nothing stands in <>, the first bare local@domain, or the
 * word of a value that is just one.  NULL when there is none.  The caller
 * frees it.
 */
char *kd_refs_identity(const char *value, gsize length);

#endif
