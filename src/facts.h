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
 * What is found in a mail.  The caller begins with empty lists, whose strings
 * are allocated in chunk.
 */
struct kd_findings {
	GStringChunk *chunk;
	/*
	 * Of struct kd_fact: what the unquoted lines state, in order of lines,
	 * at most KD_FACTS_MAX.
	 */
	GArray *facts;
	/*
	 * Whether there is a diff, where a quoted one is none; the files that
	 * diffs touch, each once, "a/" and "b/" dropped, at most KD_PATHS_MAX;
	 * and the lines they insert and delete.
	 */
	gboolean diff;
	GPtrArray *paths;
	guint32 insertions, deletions;
};

/*
 * Add to findings what a mail says.  subject, text, name and address are its
 * own, decoded; flags are its enum kd_mail_flags.
 */
void kd_facts_extract(struct kd_findings *findings, const kd_subject *subject,
    const char *text, const char *name, const char *address, guint32 flags);

#endif
