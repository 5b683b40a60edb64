/*
 * Who wrote a mail, through what a list or a relay may have done to its From
 * (RFC 5322, 3.6.2).  Linked into filters/parse-mail alone.
 */
#ifndef KD_AUTHOR_H
#define KD_AUTHOR_H

#include <glib.h>

/* Unfolded values; NULL for a field that is not there. */
struct kd_author_fields {
	const char *from;
	const char *original_from; /* X-Original-From */
	const char *reply_to;
	const char *copies; /* Cc */
};

typedef struct kd_author kd_author;

struct kd_author {
	char *name;    /* fit to show, or "" */
	char *address; /* lower case, or "" */
	gboolean wrong_charset;
};

/*
 * Set *author from the first mailbox of From, that of a group being its first
 * member; FALSE if there is none, then the name is what From says instead.
 * Where From was rewritten, the person is the mailbox in X-Original-From, or
 * Reply-To, or the one in Cc that has the same name.
 */
gboolean kd_author_read(
    struct kd_author *author, const struct kd_author_fields *fields);

void kd_author_clear(struct kd_author *author);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(kd_author, kd_author_clear)

#endif
