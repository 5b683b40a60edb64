/*
 * Lists of addresses, To and Cc, in the form that nearly all of them have
 * (RFC 5322, 3.4), without making an object of each.  Pure; linear.
 */
#ifndef KD_ADDRESS_LIST_H
#define KD_ADDRESS_LIST_H

#include <glib.h>

/*
 * Append the addresses of a list, in lower case and in order, each allocated in
 * chunk.  FALSE, and nothing is appended, when a part of it is not plain
 * "a@b.c", "words <a@b.c>" or "\"words\" <a@b.c>" of ASCII: with groups,
 * comments, routes, quoted local parts or international domains, and with what
 * is wrong, it takes a real parser.
 */
gboolean kd_address_list_read(
    GPtrArray *addresses, GStringChunk *chunk, const char *value);

/*
 * The name, "" if there is none, and the address, in lower case, of a list of
 * one mailbox in that form.  FALSE, and nothing is set, for any other list,
 * and for a name that has encoded words.  The caller frees both.
 */
gboolean kd_mailbox_read(const char *value, char **name, char **address);

#endif
