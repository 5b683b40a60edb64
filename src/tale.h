/*
 * A brief as filters of ours read it: what kvdigest-brief(5) promises,
 * checked once, so that what is told from it needs no checks.
 */
#ifndef KD_TALE_H
#define KD_TALE_H

#include <glib.h>
#include <jansson.h>

#include "record.h"

struct kd_tale_mail {
	const char *label; /* borrowed from the brief, as are kind and text */
	const char *kind;
	const char *text;
	char *name; /* for people: clean, never empty, no address */
	char *key;  /* the same for two mails of one person */
	char *day;  /* "03-09", with its year if that is not the window's */
	gboolean robot, in_window;
	int posting; /* index, or -1 */
	int part;    /* it is or answers; 0 the cover, -1 none */
	int parent;  /* index, or -1 */
};

struct kd_tale_posting {
	const char *version; /* borrowed */
	char *name, *key, *day, *title;
	guint parts, total;
	gboolean cover, complete, in_window, rfc, resend, beside;
	int mail; /* index of its mail, or -1 */
};

struct kd_tale_fact {
	enum kd_fact_kind kind;
	char *value; /* clean */
	guint mail;
	int answer; /* the mail that answers it, or -1 */
};

typedef struct kd_tale kd_tale;

struct kd_tale {
	const char *category; /* borrowed */
	char *title;	      /* clean */
	GPtrArray *mails;     /* of struct kd_tale_mail, at least one */
	GPtrArray *postings;  /* of struct kd_tale_posting, oldest first */
	GPtrArray *facts;     /* of struct kd_tale_fact, kinds we know */
};

/*
 * Read a brief, which must outlive the result.  NULL sets KD_ERROR_DATA and
 * names what is missing or wrong, "mails[3].label: no string".
 */
kd_tale *kd_tale_read(const json_t *brief, GError **error);

void kd_tale_free(kd_tale *tale);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_tale, kd_tale_free)

/* The mail, posting or fact of an index that is in range. */
const struct kd_tale_mail *kd_tale_mail(const kd_tale *tale, guint index);
const struct kd_tale_posting *kd_tale_posting(const kd_tale *tale, guint index);
const struct kd_tale_fact *kd_tale_fact(const kd_tale *tale, guint index);

#endif
