/*
 * The term base: how things are called in Chinese, and what abbreviations
 * stand for.  See kvdigest-terms(5).
 */
#ifndef KD_TERMS_H
#define KD_TERMS_H

#include <glib.h>

#define KD_TERMS_FILE_MAX 1000000 /* bytes of a term base */
#define KD_TERMS_MAX	  10000	  /* terms in one */

struct kd_term {
	const char *english;   /* as mails have it */
	const char *chinese;   /* what a digest writes */
	const char *expansion; /* of an abbreviation, or "" */
	const char *source;    /* where both come from */
};

typedef struct kd_terms kd_terms;

/*
 * Read a term base.  NULL sets the errors of kd_table_load(), which are also a
 * line without four fields, an empty field, the same term twice, more than
 * KD_TERMS_MAX.
 */
kd_terms *kd_terms_load(const char *file, GError **error);

/* The same from memory; name stands for the file in errors. */
kd_terms *kd_terms_parse(
    const char *name, const char *data, gsize length, GError **error);

/*
 * The terms that a text has, each once, in the order of their first places:
 * a GPtrArray of const struct kd_term *, which belong to terms; at most max of
 * them.  The longest term at a place counts, "stage 2" and not "stage".  A
 * term stands between characters that no word has; what has a capital is
 * compared with its case, all else without, and with a plural s.  The caller
 * frees the array.  Linear in the text.
 */
GPtrArray *kd_terms_find(const kd_terms *terms, const char *text, guint max);

/* How many there are, and one of them in the order of the file. */
guint kd_terms_count(const kd_terms *terms);
const struct kd_term *kd_terms_get(const kd_terms *terms, guint index);

void kd_terms_free(kd_terms *terms);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_terms, kd_terms_free)

#endif
