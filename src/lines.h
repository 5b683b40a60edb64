/*
 * A text as lines, without copying it.  Pure.
 */
#ifndef KD_LINES_H
#define KD_LINES_H

#include <glib.h>

struct kd_line {
	const char *text; /* into the text; no NUL after it */
	gsize length;	  /* bytes, without the line feed */
	guint depth;	  /* of quotation: how many ">" it begins with */
	const char *own;  /* what follows these and one space */
	gboolean blank;	  /* nothing but white space after these */
};

/* The lines (GArray of struct kd_line) of a text that outlives them. */
GArray *kd_lines_split(const char *text);

/* Whether what a line quotes, or is, begins with a word. */
gboolean kd_lines_begin(const struct kd_line *line, const char *word);

/* The length of own. */
gsize kd_lines_own_length(const struct kd_line *line);

/* Append a line as it is, and its line feed. */
void kd_lines_append(GString *text, const struct kd_line *line);

#endif
