/*
 * One mail, parsed with GMime.  Linked into filters/parse-mail alone: GMime
 * recurses over what a mail says and is quadratic in places, so it runs in a
 * process of its own, under limits.
 *
 * GMime sees no more than it must: header fields that matter, each once and
 * clipped, so that a long or doubled one does no harm.
 */
#ifndef KD_MESSAGE_H
#define KD_MESSAGE_H

#include <glib.h>

#include "record.h"
#include "robots.h"

typedef struct kd_message kd_message;

/*
 * Parse a mail of any bytes; never fails, what cannot be read is flagged.
 * arrival is the time of delivery, or for KD_MAIL_BACKFILL the best that is
 * known without the mail: then the top Received field, or Date, says it.
 * flags are those known at ingest; robots tells whose mails are no person's,
 * and must outlive the message.
 */
kd_message *kd_message_parse(const kd_robots *robots, const char *mail,
    gsize length, gint64 arrival, guint32 flags);

/* What it says; lives as long as the message. */
const kd_record *kd_message_record(const kd_message *message);

void kd_message_free(kd_message *message);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_message, kd_message_free)

#endif
