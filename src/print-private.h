/*
 * What print*.c share.
 */
#ifndef KD_PRINT_PRIVATE_H
#define KD_PRINT_PRIVATE_H

#include <glib.h>
#include <jansson.h>

#include "digest.h"
#include "print.h"

#define KD_PRINT_FORMAT 1 /* of what --json prints */

/*
 * The records (of kd_record *, owned) an id names: of a topic, a thread, or
 * the topic of a mail.  NULL sets error.
 */
GPtrArray *kd_print_load(kd_txn *txn, const char *id, GError **error);

/* The rulings that name a mail of the topic, of struct kd_ruling *, owned. */
GPtrArray *kd_print_rulings_of(
    kd_txn *txn, const struct kd_topic *topic, GError **error);

/* A ruling: number, time, kind, Message-IDs, separated by tabs. */
void kd_print_ruling_line(
    const struct kd_ruling *ruling, const struct kd_window *window);
json_t *kd_print_ruling_json(
    const struct kd_ruling *ruling, const struct kd_window *window);

/* Write JSON on standard output and free it. */
void kd_print_json(json_t *json);

/* A time for programs, in the window's zone. */
json_t *kd_print_time_json(gint64 time, const struct kd_window *window);

#endif
