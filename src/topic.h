/*
 * Topics: which threads are one story.  Pure; the answer depends only on the
 * set of mails, never on their order.
 */
#ifndef KD_TOPIC_H
#define KD_TOPIC_H

#include <glib.h>

#include "record.h"
#include "series.h"

/*
 * The keys under which a mail can be joined with mails of other threads: two
 * threads without a common key are never joined, so an index over the keys
 * finds every candidate.  Appends guint64 hashes to keys.
 */
void kd_topic_keys(const struct kd_member *member, GArray *keys);

/*
 * Group the threads of members (their records carry number and thread) into
 * topics.  Returns thread number -> topic number (both as guint64 *, in a
 * GHashTable that owns them); a topic's number is the lowest thread number in
 * it.
 */
GHashTable *kd_topic_group(const GArray *members, const GPtrArray *postings);

#endif
