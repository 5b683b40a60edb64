/*
 * The mailboxes of the configuration: mail.from, mail.to and
 * mail.envelope_sender.  They become header fields and arguments of sendmail,
 * so no more is taken than every mail system understands.
 */
#ifndef KD_ADDRESS_H
#define KD_ADDRESS_H

#include <glib.h>

/*
 * The plain address, "local@domain", of one mailbox written "ADDRESS" or
 * "NAME <ADDRESS>"; a domain of other letters comes back in its ASCII form
 * (RFC 5890).  The caller frees it.
 *
 * NULL sets KD_ERROR_CONFIG, key being its object, for anything else: no
 * mailbox or several, a group, a local part that is no dot-atom (RFC 5322
 * 3.2.3), more than 254 bytes (RFC 5321 4.5.3.1.3), and what sendmail or an
 * alias file may read as an option, a program or a file: a first character
 * "-", "|" or "/".
 */
char *kd_address_plain(const char *key, const char *mailbox, GError **error);

#endif
