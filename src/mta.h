/*
 * What a program owes the mail system that runs it: to say what went wrong in
 * the form that it reads, to be done before it loses patience, and to exit
 * 75 (EX_TEMPFAIL) whatever else happens, since any other status, a signal
 * and the mail system's own time limit return the mail to its sender.
 */
#ifndef KD_MTA_H
#define KD_MTA_H

#include <glib.h>

/*
 * First call of main; program is a literal.  From here on a signal that would
 * end the program makes it say so and exit 75, or, after kd_mta_accept(),
 * exit 0.  GLib's abort for lack of memory is one of them.
 */
void kd_mta_begin(const char *program);

/*
 * Begin a delivery.  From here on
 * - standard output and standard error are /dev/null for everybody else, so
 *   that no library's words come before ours;
 * - when seconds have passed, the program says so and exits 75, wherever it
 *   is: in a read, or in LMDB's lock, which has no limit of its own.
 */
void kd_mta_deliver(guint seconds);

/*
 * The mail is on disk.  Whatever happens from here on, the exit status is 0;
 * what is left to do may take so many seconds.
 */
void kd_mta_accept(guint seconds);

/*
 * Tell the mail system why not: an enhanced status code (RFC 3463) at the very
 * beginning of the output, "4.3.0 program: message", ASCII, one line of less
 * than 200 bytes.
 */
void kd_mta_error(const GError *error);

#endif
