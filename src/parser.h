/*
 * The client side of filters/parse-mail --batch: mails in, records out, and
 * whatever a mail does to the parser costs that mail only.
 */
#ifndef KD_PARSER_H
#define KD_PARSER_H

#include <glib.h>

#include "record.h"

#define KD_FRAME_MAX ((gsize)64 << 20) /* bytes of a mail */

/* What precedes each mail on the parser's input, big-endian. */
struct kd_frame {
	guint32 length;
	guint32 flags;
	gint64 arrival;
};

typedef struct kd_parser kd_parser;

/*
 * A parser, its program found by kd_child_find("parse-mail") and started when
 * first needed.  with_text: records hold the mail's text.
 */
kd_parser *kd_parser_new(gboolean with_text, GError **error);

void kd_parser_free(kd_parser *parser);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_parser, kd_parser_free)

/* Have it answer a harmless mail, unless it has just answered another. */
gboolean kd_parser_prove(kd_parser *parser, GError **error);

struct kd_parse {
	GBytes *mail;	   /* in: the raw bytes */
	gint64 arrival;	   /* in */
	guint32 flags;	   /* in */
	kd_record *record; /* out, the caller's; never NULL on success */
};

/*
 * Parse n mails.  One that the parser dies of, takes longer over than ten
 * seconds, or answers with what is no record of this mail, gets a record made
 * from a scan of its header, flagged KD_MAIL_UNPARSED.  FALSE sets error: the
 * parser could not be started, or does not even answer a harmless mail, before
 * or after; the records made until then are the caller's all the same.
 */
gboolean kd_parser_run(
    kd_parser *parser, struct kd_parse *mails, gsize n, GError **error);

#endif
