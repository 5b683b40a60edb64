/*
 * What kvdigest-thread prints.  Each is a kd_store_func to be run in a read
 * transaction with a struct kd_print; it writes on standard output, where
 * main looks for errors when it closes it.
 */
#ifndef KD_PRINT_H
#define KD_PRINT_H

#include <glib.h>

#include "conf.h"
#include "store.h"
#include "window.h"

struct kd_print {
	const kd_conf *conf;
	const struct kd_window *window; /* for list and facts */
	gint64 seen;	/* the end of what the last digest told of; 0: none */
	gboolean json;	/* list and topic: for programs */
	const char *id; /* "topic:N", "thread:N", or a Message-ID */
};

/* Every mail: Message-ID, thread, topic, separated by tabs. */
gboolean kd_print_dump(kd_txn *txn, gpointer print, GError **error);

/* The topics with a mail in the window, one line each. */
gboolean kd_print_list(kd_txn *txn, gpointer print, GError **error);

/* A topic, or one thread, as a tree. */
gboolean kd_print_topic(kd_txn *txn, gpointer print, GError **error);

/* The facts of mails in the window: Message-ID, kind, value. */
gboolean kd_print_facts(kd_txn *txn, gpointer print, GError **error);

/* What was ruled: number, time, kind, the Message-IDs, separated by tabs. */
gboolean kd_print_rulings(kd_txn *txn, gpointer print, GError **error);

/* One ruling in words, which was made or undone. */
void kd_print_ruling(const struct kd_ruling *ruling, gboolean undone);

/*
 * Work out all threads from the records alone, and print how many there are
 * and each mail that is kept in another one: then FALSE, KD_ERROR_BUG.
 */
gboolean kd_print_audit(kd_txn *txn, gpointer print, GError **error);

/* The bytes of the first mail with an id. */
gboolean kd_print_raw(kd_txn *txn, gpointer print, GError **error);

#endif
