/*
 * Handing a mail to the mail system: sendmail, or whatever mail.sendmail
 * names, run without a shell, its recipients on the command line and never
 * read from the mail.
 */
#ifndef KD_DELIVER_H
#define KD_DELIVER_H

#include <glib.h>

#include "conf.h"

#define KD_RECIPIENTS_MAX 100 /* what any server takes, RFC 5321 4.5.3.1.8 */

/*
 * What sendmail is run with: the words of mail.sendmail, -i, -f and the
 * address of mail.envelope_sender when that is set, --, the addresses of
 * mail.to.  The caller frees it.  NULL sets KD_ERROR_CONFIG when
 * mail.sendmail is no absolute path, mail.to has no recipient or over
 * KD_RECIPIENTS_MAX, or one of the addresses is none; ask before any costly
 * work.
 */
GStrv kd_deliver_argv(const kd_conf *conf, GError **error);

/*
 * Hand over a whole message (RFC 5322, lines ending in LF).  TRUE: sendmail
 * exited 0, the mail is its affair now.
 *
 * FALSE sets error: the code is kd_error_from_exit()'s, KD_ERROR_TEMP where
 * there is no exit status to go by: no such program, a signal, no end within
 * mail.deadline, a message not read to its end.
 */
gboolean kd_deliver(const kd_conf *conf, GBytes *message, GError **error);

#endif
