/*
 * A small bounded reader of raw header fields (RFC 5322, 2.2), for bytes from
 * anyone: no MIME, no decoding, no allocation, one pass.  What identifies a
 * mail is read here and nowhere else, so that the program that stores a mail
 * and the one that parses it agree.
 */
#ifndef KD_SCAN_H
#define KD_SCAN_H

#include <string.h>

#include <glib.h>

#define KD_SCAN_HEADER_MAX (256 * 1024) /* bytes of header read */
#define KD_SCAN_FIELDS_MAX 1000		/* fields read */

/* A field as it stands in the mail; value is folded, without its line end. */
struct kd_field {
	const char *name;
	gsize name_length;
	const char *value;
	gsize value_length;
};

struct kd_scan {
	const char *at;	 /* the next field; after the last, the body */
	const char *end; /* of the mail */
	const char *limit;
	guint fields;
	gboolean clipped;   /* a limit was met; fields after it are not read */
	gboolean malformed; /* no empty line before the body, or no header */
};

/* Begin at the top; an mbox From_ line and leading empty lines are passed. */
void kd_scan_begin(struct kd_scan *scan, const char *mail, gsize length);

/*
 * The next field.  FALSE at the end of the header; then scan->at is the first
 * byte of the body.  A line that is neither a field nor folded ends the
 * header and begins the body.
 */
gboolean kd_scan_next(struct kd_scan *scan, struct kd_field *field);

/*
 * Whether a field has this name; letter case does not count.  Asked of each
 * field for many names: here, so that their lengths are constants.
 */
static inline gboolean
kd_field_is(const struct kd_field *field, const char *name)
{
	if (strlen(name) != field->name_length)
		return FALSE;
	/* Nearly all are written as here, or begin with another letter. */
	return !memcmp(field->name, name, field->name_length) ||
	       ((*field->name | 0x20) == (*name | 0x20) &&
		   !g_ascii_strncasecmp(field->name, name, field->name_length));
}

/*
 * Where the header begins, behind an mbox From_ line and empty lines.  procmail
 * writes such a line anew for each attempt to deliver, so that bytes before
 * this do not tell one mail from another.
 */
const char *kd_scan_header(const char *mail, gsize length);

/*
 * The mail's Message-ID: the first id of the first Message-ID field, or, when
 * it has none, a synthetic one made from the SHA-256 of the mail from kd_scan_header() on
 * (then *synthetic is TRUE).  The caller frees it.
 */
char *kd_scan_identity(const char *mail, gsize length, gboolean *synthetic);

/*
 * Whether a List-Id field (RFC 2919) names one of the lists; letter case does
 * not count.
 */
gboolean kd_scan_is_list(
    const char *mail, gsize length, const char *const *list_ids);

#endif
