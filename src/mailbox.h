/*
 * Mailboxes as files: mboxrd (the quoting of qmail's mbox(5)) and Maildir.
 */
#ifndef KD_MAILBOX_H
#define KD_MAILBOX_H

#include <glib.h>

struct kd_letter {
	const char *bytes; /* the mail, unquoted, without its From_ line */
	gsize length;
	gint64 posted; /* time of the From_ line, UTC; 0 without one */
	guint64 line;  /* of an mbox, where it begins, from 1; else 0 */
};

typedef gboolean (*kd_mailbox_func)(
    const struct kd_letter *letter, gpointer data, GError **error);

/*
 * Call func for each mail of an mbox; path "-" is standard input.  FALSE when
 * func says so, when the file cannot be read, is no mbox, or ends inside a
 * mail (no line end, or a header without end): that mail is not handed on,
 * since the whole one would later count as another.
 */
gboolean kd_mailbox_read_mbox(
    const char *path, kd_mailbox_func func, gpointer data, GError **error);

/* Call func for each mail in DIR/cur and DIR/new, in the order of names. */
gboolean kd_mailbox_read_maildir(
    const char *directory, kd_mailbox_func func, gpointer data, GError **error);

#endif
