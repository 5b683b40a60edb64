/*
 * Mails that are one plain text, as all but a few are: read without the objects
 * that GMime's parser makes of them.  What is not exactly of this form is left
 * to it, and both give the same text.
 */
#ifndef KD_MIME_PLAIN_H
#define KD_MIME_PLAIN_H

#include <glib.h>

#define KD_CHARSET_MAX 64 /* bytes of a charset's name, its NUL included */

struct kd_plain {
	char charset[KD_CHARSET_MAX]; /* or "" */
	gboolean flowed;	      /* RFC 3676 */
	gboolean delsp;
	const char *bytes; /* the text, not encoded any more */
	gsize length;
	char *decoded; /* owned, or NULL: bytes are the body's */
};

/*
 * Read an entity, its Content-* fields as a string and its body.  FALSE when it
 * is not sure to be one text/plain that is to be shown.
 */
gboolean kd_plain_read(
    struct kd_plain *plain, const char *header, const char *body, gsize length);

void kd_plain_clear(struct kd_plain *plain);

typedef struct kd_plain kd_plain;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(kd_plain, kd_plain_clear)

#endif
