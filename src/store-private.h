/*
 * What store*.c share: tables, transactions and LMDB's errors.
 */
#ifndef KD_STORE_PRIVATE_H
#define KD_STORE_PRIVATE_H

#include <glib.h>
#include <lmdb.h>

#include "auto.h"
#include "codec.h"
#include "store.h"

enum kd_table {
	TABLE_META,    /* name -> value */
	TABLE_MAIL,    /* number -> struct of store-msg.c */
	TABLE_RAW,     /* number -> bytes, of kd_codec_pack() */
	TABLE_ID,      /* segment, hash of Message-ID -> numbers */
	TABLE_RECORD,  /* number -> block of store-record.c */
	TABLE_ARRIVAL, /* arrival, number -> nothing */
	TABLE_OUTSIDE, /* the same of mails that are not the list's */
	TABLE_GROUP,   /* number -> thread, copy_of */
	TABLE_NODE,    /* node -> thread */
	TABLE_BARE,    /* node -> numbers */
	TABLE_THREAD,  /* handle -> struct of store-thread.c */
	TABLE_MEMBER,  /* handle -> numbers */
	TABLE_ACTOR,   /* handle -> numbers of those that make topics */
	TABLE_STORY,   /* topic -> threads */
	TABLE_KEY,     /* topic key -> numbers */
	TABLE_TEXT,    /* hash of id and text -> number of the first */
	TABLE_TODO,    /* number -> nothing: its topic is not formed */
	TABLE_RULING,  /* number -> ruling */
	TABLE_REPORT,  /* week -> outbox record */
	TABLE_ANSWER,  /* key -> record of answer.h */
	TABLES
};

struct kd_store {
	MDB_env *env;
	char *path;
	guint64 max_size;
	kd_codec *codec; /* for what is read */

	/* Of store-map.c. */
	guint looks;	     /* of kd_store_looked() */
	glong faults;	     /* when it was last seen how much is mapped */
	guintptr wanted;     /* where what was asked for last begins */
	guintptr wanted_end; /* and where it ends */
};

/*
 * Values of the tables, in the machine's byte order.  A thread's number, the
 * lowest of its mails', is its name only: inside it has a handle, the number
 * of one of its mails, which stays with the larger part when two join.  So a
 * mail is moved at most as often as the size of its thread doubles.
 *
 * A thread that was split for its topics (store-piece.c) has pieces beside its
 * own; they lie in the same tables, each under its number inverted.
 */
struct kd_group_entry {
	guint64 handle;
	guint64 copy_of; /* or 0 */
	guint64 piece;	 /* that the mail is in; 0: the thread's own */
};

struct kd_thread_entry {
	guint64 number;
	guint64 mails;
	guint64 topic;
	guint64 begun; /* it has a mail that is no reply */
	guint64 piece; /* the number of its own piece */
	guint64 split; /* it has others */
};

struct kd_txn {
	kd_store *store;
	MDB_txn *txn;
	MDB_dbi dbi[TABLES];
	gboolean full; /* the map must grow */

	/* What was last read or written of TABLE_THREAD. */
	guint64 key;
	struct kd_thread_entry entry;
};

/*
 * Open the environment, anew if it is open.  size is that of the map; 0 is
 * what it has.  A return code of LMDB.
 */
int kd_store_open_env(kd_store *store, gsize size);

/* Set error from an LMDB return code; always FALSE. */
gboolean kd_store_error(
    const char *path, int rc, const char *action, GError **error);

/* Make the tables of a new environment and mark its format. */
gboolean kd_store_create_tables(kd_store *store, GError **error);

/* The same for what happens in a transaction, noting a full map. */
gboolean kd_txn_error(kd_txn *txn, int rc, const char *action, GError **error);

/*
 * Something was looked up: now and then see how much of the file is mapped
 * (store-map.c).
 */
void kd_store_looked(kd_store *store);

/*
 * A value of several pages is going to be read: have them read together, and
 * what follows.
 */
void kd_value_want(kd_store *store, const MDB_val *value);

/* Look up; *found FALSE when there is no such key. */
gboolean kd_txn_get(kd_txn *txn, enum kd_table table, MDB_val *key,
    MDB_val *value, gboolean *found, GError **error);
gboolean kd_txn_put(kd_txn *txn, enum kd_table table, MDB_val *key,
    MDB_val *value, guint flags, GError **error);

/* The last key of a table of numbers; 0 when it is empty. */
gboolean kd_txn_last(
    kd_txn *txn, enum kd_table table, guint64 *number, GError **error);

/* All values, numbers, of a key in a table with several for one. */
GArray *kd_txn_numbers(
    kd_txn *txn, enum kd_table table, MDB_val *key, GError **error);

/* The same, after those that an array has. */
gboolean kd_txn_add_numbers(kd_txn *txn, enum kd_table table, MDB_val *key,
    GArray *numbers, GError **error);

/*
 * Values of fixed size, all zero when there is none (store-index.c).  One of
 * several may be added twice; without one, all values of a key are dropped.
 * *has is whether it is one of them.
 */
gboolean kd_txn_get_fixed(kd_txn *txn, enum kd_table table, MDB_val *key,
    void *to, gsize size, GError **error);
gboolean kd_txn_add(kd_txn *txn, enum kd_table table, MDB_val *key,
    guint64 number, GError **error);
gboolean kd_txn_has(kd_txn *txn, enum kd_table table, MDB_val *key,
    guint64 number, gboolean *has, GError **error);
gboolean kd_txn_drop(kd_txn *txn, enum kd_table table, MDB_val *key,
    guint64 *one, GError **error);

gboolean kd_txn_get_group(
    kd_txn *txn, guint64 number, struct kd_group_entry *group, GError **error);
gboolean kd_txn_put_group(kd_txn *txn, guint64 number,
    const struct kd_group_entry *group, GError **error);

/*
 * What lies under a handle or a piece's key; number 0 when nothing does.  It is
 * kept for the next call, since most are for the same.
 */
gboolean kd_txn_get_entry(
    kd_txn *txn, guint64 key, struct kd_thread_entry *entry, GError **error);
gboolean kd_txn_put_entry(kd_txn *txn, guint64 key,
    const struct kd_thread_entry *entry, GError **error);
gboolean kd_txn_drop_entry(kd_txn *txn, guint64 key, GError **error);

/* The thread of a mail and its handle; handle 0 when there is none. */
gboolean kd_txn_get_thread(kd_txn *txn, guint64 number, guint64 *handle,
    struct kd_thread_entry *thread, GError **error);

/* The same for the piece of a mail, and what it lies under. */
gboolean kd_txn_get_piece(kd_txn *txn, guint64 number, guint64 *key,
    struct kd_thread_entry *piece, GError **error);

/*
 * Have kd_store_find_mail() find a mail, whose number is the next one
 * (store-id.c).
 */
gboolean kd_txn_put_id(
    kd_txn *txn, const char *id, guint64 number, GError **error);

/* The packed record of a mail, where it lies (store-record.c). */
gboolean kd_txn_get_record(kd_txn *txn, guint64 number, MDB_val *record,
    gboolean *found, GError **error);

/* A value that lives as long as the expression's block. */
#define VAL(object) (&(MDB_val){sizeof(object), (void *)&(object)})

#endif
