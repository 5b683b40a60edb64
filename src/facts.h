/*
 * Facts: what a mail states in a form a program can read with certainty.
 * Pure; runs inside filters/parse-mail on decoded text.
 */
#ifndef KD_FACTS_H
#define KD_FACTS_H

#include <glib.h>

#include "record.h"
#include "subject.h"

/*
 * Append to facts (of struct kd_fact, whose strings are allocated in chunk)
 * what the unquoted lines of a mail state, in order of lines, at most
 * KD_FACTS_MAX.  subject, text, name and address are the mail's own, decoded;
 * flags are its enum kd_mail_flags.
 */
void kd_facts_extract(GArray *facts, GStringChunk *chunk,
    const kd_subject *subject, const char *text, const char *name,
    const char *address, guint32 flags);

/*
 * The files that the diffs in a text touch (appended to paths, allocated in
 * chunk, each once, "a/" and "b/" dropped, at most KD_PATHS_MAX) and the lines
 * they insert and delete.  TRUE if there is a diff at all; a quoted one is
 * none.
 */
gboolean kd_facts_diff(GPtrArray *paths, GStringChunk *chunk, const char *text,
    guint32 *insertions, guint32 *deletions);

#endif
