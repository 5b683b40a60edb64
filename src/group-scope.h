/*
 * What decides the topics that are formed anew: pieces of threads, loaded with
 * their actors from what is touched outward, by the keys that they share.
 *
 * Records are borrowed from the store, so that it is not to be written to
 * before topics are formed.
 */
#ifndef KD_GROUP_SCOPE_H
#define KD_GROUP_SCOPE_H

#include <glib.h>

#include "docket.h"
#include "store.h"

/* A table of numbers (guint64 *), and an entry of it, both copied. */
GHashTable *kd_numbers_new(GDestroyNotify free_value);
void kd_numbers_set(GHashTable *table, guint64 key, guint64 value);

/* The pieces, and the mails that decide it. */
struct kd_scope {
	kd_txn *txn;
	kd_docket *docket;
	GHashTable *pieces;  /* set of guint64 *: taken in */
	GHashTable *looked;  /* set of kd_record *: whose keys are looked up */
	GHashTable *keys;    /* set of guint64 *: looked up */
	GHashTable *settled; /* guint64 * -> guint64 *: piece -> its topic */
	GHashTable *records; /* guint64 * -> kd_record: their actors */
	GHashTable
	    *cited[2];	    /* set of char *: Message-IDs looked up, as below */
	GArray *members[2]; /* of struct kd_member: the list's, others */
	GArray *apart;	    /* the same of pieces that are topics alone */
	GArray *links[2];   /* of struct kd_link: between these; or NULL */
};

void kd_scope_init(struct kd_scope *scope, kd_txn *txn);
void kd_scope_clear(struct kd_scope *scope);

/* Whether a mail's piece is settled; any other is touched. */
gboolean kd_scope_is_settled(
    const struct kd_scope *scope, const kd_record *record);

/*
 * Take in a piece with all others of its topic, as settled or as touched.  What
 * is touched is not settled again.
 */
gboolean kd_scope_add_topic_of(
    struct kd_scope *scope, guint64 piece, gboolean settled, GError **error);

/* Take in, as settled, what can be joined with the touched pieces. */
gboolean kd_scope_take_in(struct kd_scope *scope, GError **error);

/* Take in all that a chain of common keys leads to; nothing stays settled. */
gboolean kd_scope_take_in_all(struct kd_scope *scope, GError **error);

#endif
