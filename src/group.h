/*
 * Bringing threads and topics up to date: what arrived since the last time is
 * parsed, put into threads, and the topics that it can touch are formed anew.
 * The work grows with what is new, not with the archive.
 */
#ifndef KD_GROUP_H
#define KD_GROUP_H

#include <glib.h>

#include "parser.h"
#include "store.h"

/*
 * Parse and group all mails that have no record yet, in batches that are each
 * one transaction.  Any number of processes may do this at once.
 */
gboolean kd_group_update(kd_store *store, kd_parser *parser, GError **error);

/*
 * The same in one transaction that is not kept; then, still inside of it, run
 * func, which sees what kd_group_update() would have made.
 */
gboolean kd_group_rehearse(kd_store *store, kd_parser *parser,
    kd_store_func func, gpointer data, GError **error);

#endif
