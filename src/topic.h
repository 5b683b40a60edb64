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
 * Whether a mail has a say in which topic its thread is of; begun: the thread
 * has a mail that is no reply.
 */
gboolean kd_topic_is_actor(const struct kd_member *member, gboolean begun);

/*
 * The keys of a mail; those of mails that it can be joined with; and the
 * Message-IDs that it cites as earlier versions' of it: if no mail of one
 * thread has a key or Message-ID that a mail of another looks for, the two are
 * never joined.  Appends guint64 hashes to keys, and char * to ids, whose free
 * function is g_free.
 */
void kd_topic_keys(const struct kd_member *member, GArray *keys);
void kd_topic_look(const struct kd_member *member, GArray *keys);
void kd_topic_cited(const struct kd_member *member, GPtrArray *ids);

/* Two threads that a rule joins. */
struct kd_link {
	guint64 a, b;
};

/*
 * Find what joins the threads of members (their records carry number and
 * thread): an array of struct kd_link, the caller's.
 */
GArray *kd_topic_links(const GArray *members, const GPtrArray *postings);

/*
 * Group the threads of members into topics by the links between them.  Returns
 * thread number -> topic number (both as guint64 *, in a GHashTable that owns
 * them); a topic's number is the lowest thread number in it.  settled (thread
 * -> topic, both as guint64 *) may name threads of which nothing new is known,
 * with their topics: two of different ones are joined only through others.
 */
GHashTable *kd_topic_group(
    const GArray *members, const GArray *links, GHashTable *settled);

#endif
