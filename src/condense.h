/*
 * Diffs and logs as far as a reader of the conversation needs them.  Pure.
 */
#ifndef KD_CONDENSE_H
#define KD_CONDENSE_H

#include <glib.h>

/* Add to a set of strings (which it owns) the lines that a text quotes. */
void kd_condense_learn(GHashTable *discussed, const char *text);

/*
 * A text with its diffs reduced to files with their counts, the places of
 * hunks, and the lines that are in discussed; without diffstat; and of a log,
 * lines that begin with a kernel's time stamp, the first and the last ones.  Of
 * what a compiler said, if a robot tells it, the new messages are left, and
 * nothing of how to have it say so again.  discussed may be NULL.  Where
 * lines are left out of what is shown stands "[…]".  The caller frees it.
 */
char *kd_condense(const char *text, GHashTable *discussed, gboolean robot);

#endif
