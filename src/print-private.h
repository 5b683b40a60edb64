/*
 * What print*.c share.
 */
#ifndef KD_PRINT_PRIVATE_H
#define KD_PRINT_PRIVATE_H

#include <glib.h>

#include "digest.h"
#include "print.h"

/* Print the rulings that name a mail of the topic, a line each. */
gboolean kd_print_rulings_of(kd_txn *txn, const struct kd_topic *topic,
    const struct kd_window *window, GError **error);

#endif
