/*
 * What the administrator has ruled about topics, against the rules: two that
 * are one story, or a mail that begins another.  Pure.
 */
#ifndef KD_RULING_H
#define KD_RULING_H

#include <glib.h>

enum kd_ruling_kind {
	KD_RULING_JOIN = 1, /* the topics of mails a and b are one */
	KD_RULING_SPLIT	    /* a and what answers it is a topic of its own */
};

struct kd_ruling {
	guint64 number; /* in the store, from 1 */
	gint64 time;	/* Unix seconds */
	enum kd_ruling_kind kind;
	char *a; /* Message-ID without <> */
	char *b; /* likewise, "" for a split */
};

/* "join" or "split". */
const char *kd_ruling_name(enum kd_ruling_kind kind);

struct kd_ruling *kd_ruling_new(
    enum kd_ruling_kind kind, gint64 time, const char *a, const char *b);
void kd_ruling_free(struct kd_ruling *ruling);

/* The form in which it is stored, and back; NULL if it is damaged. */
GBytes *kd_ruling_pack(const struct kd_ruling *ruling);
struct kd_ruling *kd_ruling_unpack(gconstpointer data, gsize length);

#endif
