/*
 * What every version of a posting says again.  Pure.
 */
#ifndef KD_REPEAT_H
#define KD_REPEAT_H

#include <glib.h>

/*
 * A posting's text without the paragraphs that a later posting has word for
 * word: "[… m7]" stands for those that are in m7.  Short paragraphs and what
 * stands in a diff stay.  heard has for each paragraph that was met the label
 * of its mail (it owns both); those of this text are added, as of label.  Call
 * it for the last posting first.  The caller frees the text.
 */
char *kd_repeat_cut(GHashTable *heard, const char *text, const char *label);

#endif
