/*
 * The store: one LMDB environment, described in kvdigest-db(5).
 *
 * Work on it is a function that runs inside one transaction: it sees one
 * consistent state, all of what it writes is durable when kd_store_write()
 * returns TRUE, none of it otherwise.  Pointers that a read function gives
 * into the store die with the transaction.  A function may be run again when
 * the map had to grow, so it resets what it collects.
 *
 * Only store*.c knows LMDB.
 */
#ifndef KD_STORE_H
#define KD_STORE_H

#include <glib.h>

#include "answer.h"
#include "parcel.h"
#include "record.h"
#include "ruling.h"

typedef struct kd_store kd_store;
typedef struct kd_txn kd_txn;

typedef gboolean (*kd_store_func)(kd_txn *txn, gpointer data, GError **error);

/*
 * Make an empty store in directory path (created, mode 0700; its parent must
 * exist) and make it durable.  FALSE when there is one already.
 */
gboolean kd_store_init(const char *path, GError **error);

/*
 * Open an existing store.  max_size is what its map may grow to, in bytes.
 * NULL sets KD_ERROR_CONFIG for what the operator must mend (missing, empty,
 * truncated, foreign, not permitted), else KD_ERROR_TEMP.  Never makes a
 * store, so that a missing disk is not mistaken for a fresh start.
 */
kd_store *kd_store_open(const char *path, guint64 max_size, GError **error);

void kd_store_close(kd_store *store);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_store, kd_store_close)

/* Run func in a write transaction and commit. */
gboolean kd_store_write(
    kd_store *store, kd_store_func func, gpointer data, GError **error);

/* Run func in a write transaction and undo what it wrote. */
gboolean kd_store_rehearse(
    kd_store *store, kd_store_func func, gpointer data, GError **error);

/* Run func in a read transaction. */
gboolean kd_store_read(
    kd_store *store, kd_store_func func, gpointer data, GError **error);

/*
 * Mails (store-msg.c).  A mail's number, from 1, is its place in the order of
 * arrival at the store.
 */

struct kd_mail_info {
	gint64 arrival;	    /* clock at ingest, or the From_ line's time */
	guint64 length;	    /* of the mail; more than is kept if CLIPPED */
	guint32 flags;	    /* KD_MAIL_KEPT_FLAGS */
	guint32 deliveries; /* how often these very bytes came */
};

/* What became of a mail that was to be stored. */
enum kd_stored {
	KD_STORED_NEW,
	KD_STORED_KNOWN,  /* the same bytes were here: one delivery more */
	KD_STORED_VARIANT /* its Message-ID was here with other bytes */
};

/*
 * Store a mail under its Message-ID.  Of a variant both are kept; that which
 * is the beginning of the other, as an MTA that dies while it writes leaves
 * it, is flagged KD_MAIL_TRUNCATED, any other one KD_MAIL_ID_CONFLICT.
 */
gboolean kd_store_add_mail(kd_txn *txn, const kd_parcel *parcel,
    enum kd_stored *stored, GError **error);

/* What is kept of the mail with a number; there must be one. */
gboolean kd_store_get_mail(
    kd_txn *txn, guint64 number, struct kd_mail_info *mail, GError **error);

/*
 * Its bytes, unpacked and their check sum compared.  NULL sets error.  The
 * caller unrefs.
 */
GBytes *kd_store_get_raw(kd_txn *txn, guint64 number, GError **error);

/*
 * The numbers (guint64, ascending) of the mails with a Message-ID; the first
 * of them, 0 if there is none.
 */
GArray *kd_store_find_mail(kd_txn *txn, const char *id, GError **error);
gboolean kd_store_first_mail(
    kd_txn *txn, const char *id, guint64 *number, GError **error);

/* The highest number of a mail, and of one that has a record; 0 for none. */
gboolean kd_store_last_mail(kd_txn *txn, guint64 *number, GError **error);
gboolean kd_store_last_record(kd_txn *txn, guint64 *number, GError **error);

/*
 * Keep the packed records (GBytes) of mails that follow one another, the first
 * of them that after kd_store_last_record() (store-record.c).
 */
gboolean kd_store_put_records(
    kd_txn *txn, guint64 first, const GPtrArray *packed, GError **error);

/*
 * Call func with all packed records by number, until it returns FALSE, which
 * sets error.  They stay where they are until the transaction ends.
 */
typedef gboolean (*kd_packed_func)(guint64 number, const void *record,
    gsize length, gpointer data, GError **error);
gboolean kd_store_walk_records(
    kd_txn *txn, kd_packed_func func, gpointer data, GError **error);

/* Have kd_store_find_arrived(), or _outside(), find a mail. */
gboolean kd_store_put_arrival(
    kd_txn *txn, guint64 number, gint64 arrival, gboolean list, GError **error);

/*
 * The record of a mail with number, thread, topic and copy_of filled in.
 * NULL sets error; a missing one is KD_ERROR_BUG.
 */
kd_record *kd_store_get_record(kd_txn *txn, guint64 number, GError **error);

/*
 * The same, with strings where they lie in the store: until the transaction
 * ends or writes something.
 */
kd_record *kd_store_borrow_record(kd_txn *txn, guint64 number, GError **error);

/*
 * The numbers (guint64, by arrival) of the list's mails with
 * since <= arrival < until, copies included.
 */
GArray *kd_store_find_arrived(
    kd_txn *txn, gint64 since, gint64 until, GError **error);

/* The same of mails that did not come through the list. */
GArray *kd_store_find_outside(
    kd_txn *txn, gint64 since, gint64 until, GError **error);

/*
 * Groups (store-thread.c).  A thread's number is the lowest of its mails'
 * numbers, a topic's the lowest of its threads': so the older id stays when
 * two join.  Any mail's number leads to its thread, hence a number that a
 * thread once had does so too.
 *
 * A node stands for a Message-ID that a mail mentions before one has it, or has
 * though the first with it is of the other realm.  Its key is 16 bytes of a
 * hash over realm and id; mails of the list and other mails live in two realms
 * and never meet.
 */

#define KD_REALM_LIST  'L'
#define KD_REALM_OTHER 'O'

struct kd_node {
	guint8 key[16];
};

void kd_node_set(struct kd_node *node, char realm, const char *id);

/* Some mail of the thread that a node belongs to; 0 if it is not known. */
gboolean kd_store_get_node(
    kd_txn *txn, const struct kd_node *node, guint64 *number, GError **error);
gboolean kd_store_put_node(
    kd_txn *txn, const struct kd_node *node, guint64 number, GError **error);

/*
 * Ids without <>, of which a known Message-ID counts: which mails name one,
 * whether or not it is known.
 */
gboolean kd_store_add_bare(
    kd_txn *txn, const struct kd_node *node, guint64 number, GError **error);
/* Those mails, which are not asked for again. */
GArray *kd_store_take_bare(
    kd_txn *txn, const struct kd_node *node, GError **error);

/* Make a thread of one mail, and of it a topic. */
gboolean kd_store_add_thread(kd_txn *txn, guint64 number, GError **error);

/* The thread of a mail; 0 before it has one, or when there is no such mail. */
gboolean kd_store_get_thread(
    kd_txn *txn, guint64 number, guint64 *thread, GError **error);

/* The same of all mails from 1 to last, in this order (of guint64). */
GArray *kd_store_list_threads(kd_txn *txn, guint64 last, GError **error);

/* Put a mail into an existing thread. */
gboolean kd_store_add_to_thread(
    kd_txn *txn, guint64 number, guint64 thread, GError **error);

/* Join two threads, and their topics, into the older; *thread is its number. */
gboolean kd_store_join_threads(
    kd_txn *txn, guint64 a, guint64 b, guint64 *thread, GError **error);

gboolean kd_store_set_copy(
    kd_txn *txn, guint64 number, guint64 copy_of, GError **error);

/* The first mail with a text; the key is a hash over id and text. */
gboolean kd_store_first_text(
    kd_txn *txn, guint64 key, guint64 number, guint64 *first, GError **error);

/*
 * Of a thread with many mails few decide which topic it is of: these are its
 * actors.  begins: the mail is no reply, so that the thread is begun.
 */
gboolean kd_store_add_actor(
    kd_txn *txn, guint64 number, gboolean begins, GError **error);

struct kd_thread_state {
	gboolean begun;
	gboolean cut; /* into several pieces */
};
gboolean kd_store_thread_state(
    kd_txn *txn, guint64 thread, struct kd_thread_state *state, GError **error);

/* The numbers (guint64, ascending) of a thread's mails. */
GArray *kd_store_thread_mails(kd_txn *txn, guint64 thread, GError **error);

/*
 * Pieces (store-piece.c).  A topic is made of pieces of threads.  A piece's
 * number is the lowest of its mails'; a thread that no ruling has split is one
 * piece of its own number.
 */

/* The piece of a mail; 0 if there is no such mail. */
gboolean kd_store_get_piece(
    kd_txn *txn, guint64 number, guint64 *piece, GError **error);

/*
 * Numbers (guint64, ascending): a piece's mails, those of them that are
 * actors, a topic's pieces.
 */
GArray *kd_store_piece_mails(kd_txn *txn, guint64 piece, GError **error);
GArray *kd_store_piece_actors(kd_txn *txn, guint64 piece, GError **error);
GArray *kd_store_topic_pieces(kd_txn *txn, guint64 topic, GError **error);

/* Whether a mail is an actor of its piece; FALSE if it is in none. */
gboolean kd_store_is_actor(
    kd_txn *txn, guint64 number, gboolean *actor, GError **error);

/* Move a piece into a topic, leaving the one it was in. */
gboolean kd_store_set_topic(
    kd_txn *txn, guint64 piece, guint64 topic, GError **error);

/* The topic of a mail; 0 if there is no such mail. */
gboolean kd_store_get_topic(
    kd_txn *txn, guint64 number, guint64 *topic, GError **error);

/*
 * Cut a thread into pieces: cuts (of struct kd_cut) has all of its mails, 0
 * for those of the thread's own piece, of which there must be one.  Each new
 * piece is a topic for itself until topics are formed.
 */
struct kd_cut {
	guint64 number; /* of the mail */
	guint64 piece;
};
gboolean kd_store_cut_thread(
    kd_txn *txn, guint64 thread, const GArray *cuts, GError **error);

/*
 * What the administrator has ruled (store-ruling.c), by number: arrays of
 * struct kd_ruling *, and a new one, whose number is set.
 */
GPtrArray *kd_store_list_rulings(kd_txn *txn, GError **error);
gboolean kd_store_add_ruling(
    kd_txn *txn, struct kd_ruling *ruling, GError **error);
gboolean kd_store_drop_ruling(kd_txn *txn, guint64 number, GError **error);

/* Mails after whose coming topics are not formed yet: the first max ones. */
gboolean kd_store_add_todo(kd_txn *txn, guint64 number, GError **error);
gboolean kd_store_drop_todo(kd_txn *txn, guint64 number, GError **error);
GArray *kd_store_list_todo(kd_txn *txn, guint max, GError **error);

/*
 * The index of topic keys (kd_topic_keys): which mails have one.
 */
gboolean kd_store_add_key(
    kd_txn *txn, guint64 key, guint64 number, GError **error);
GArray *kd_store_find_key(kd_txn *txn, guint64 key, GError **error);

/* Forget all that is derived from the raw mails. */
gboolean kd_store_drop_derived(kd_txn *txn, GError **error);

/*
 * Answers of models (store-answer.c).  Of a key, KD_ANSWER_KEY bytes, *answer
 * is NULL when there is none or it is damaged: it can be asked for again.  A
 * list has the oldest first.
 */
gboolean kd_store_get_answer(
    kd_txn *txn, const guint8 *key, kd_answer **answer, GError **error);
gboolean kd_store_put_answer(
    kd_txn *txn, const kd_answer *answer, GError **error);
gboolean kd_store_drop_answer(kd_txn *txn, const guint8 *key, GError **error);
GPtrArray *kd_store_list_answers(kd_txn *txn, GError **error);

/*
 * Reports sent and to be sent (store-report.c), by the name of their week.
 * Each call is a transaction of its own.  NULL without an error: none.
 */
GBytes *kd_store_report_get(kd_store *store, const char *week, GError **error);
gboolean kd_store_report_put(
    kd_store *store, const char *week, GBytes *record, GError **error);
/* The names of all weeks that have a report, in order. */
GStrv kd_store_report_weeks(kd_store *store, GError **error);

#endif
