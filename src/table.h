/*
 * Files with one entry a line, as an operator writes them: UTF-8, "#" begins a
 * line that says nothing.
 */
#ifndef KD_TABLE_H
#define KD_TABLE_H

#include <glib.h>

struct kd_table {
	const char *what; /* of errors: "robots", "term base" */
	gsize max;	  /* bytes of a file */
	/*
	 * Take an entry, white space around it stripped, which may be changed.
	 * Why it is refused, or NULL.
	 */
	const char *(*take)(gpointer data, char *line);
	gpointer data; /* of take */
};

/*
 * Have each entry of a file taken.  FALSE sets KD_ERROR_CONFIG, "FILE: WHAT:
 * reason" for one that cannot be read, is over max or has a byte of 0, and
 * "FILE:LINE: WHAT: reason" for a line that is not UTF-8, has a control
 * character other than a tab, or is refused.
 */
gboolean kd_table_load(
    const struct kd_table *table, const char *file, GError **error);

/* The same from memory; name stands for the file in errors. */
gboolean kd_table_parse(const struct kd_table *table, const char *name,
    const char *bytes, gsize length, GError **error);

#endif
