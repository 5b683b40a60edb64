/*
 * What programs are that read a brief and write one: see kvdigest-filters(7).
 */
#ifndef KD_BRIEF_FILTER_H
#define KD_BRIEF_FILTER_H

#include <glib.h>
#include <jansson.h>

/* Work on a brief in place.  FALSE sets error. */
typedef gboolean (*kd_brief_func)(json_t *brief, GError **error);

/*
 * The whole main of a filter without options of its own: the exit status.
 * name is the program's, summary a paragraph for --help.
 */
int kd_brief_filter(int argc, char **argv, const char *name,
    const char *summary, kd_brief_func func);

/* What the text of a mail of the brief becomes.  The caller frees it. */
typedef char *(*kd_brief_edit)(
    const char *text, const json_t *mail, gpointer data);

/* A member of a mail that is a string, "" when it is none.  Borrowed. */
const char *kd_brief_mail_string(const json_t *mail, const char *name);

/*
 * Replace the texts of all mails, the last first; the bytes that became fewer are added to
 * their "trimmed".  FALSE sets KD_ERROR_DATA: no list of mails, or one of them
 * is no object with a text.
 */
gboolean kd_brief_edit_texts(
    json_t *brief, kd_brief_edit edit, gpointer data, GError **error);

#endif
