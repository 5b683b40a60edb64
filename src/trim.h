/*
 * A mail's text as one who reads a whole conversation needs it.  Pure.
 */
#ifndef KD_TRIM_H
#define KD_TRIM_H

#include <glib.h>

/*
 * An answer: above each paragraph of its own at most four of the lines that it
 * answers, quotations of quotations only where there is nothing else; no quotation
 * that no word follows, no attribution, no greeting and no farewell unless it
 * is all, no signature, no mail that is forwarded below.  Where lines are left
 * out stands "> […]".  The caller frees it.
 */
char *kd_trim_answer(const char *text);

/*
 * A patch or a cover letter: without its trailers, which are facts, and its
 * signature, nothing else.
 */
char *kd_trim_patch(const char *text);

#endif
