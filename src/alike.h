/*
 * How alike two titles are.  Pure.
 */
#ifndef KD_ALIKE_H
#define KD_ALIKE_H

#include <glib.h>

#define KD_ALIKE_MAX 256 /* bytes of each text that are looked at */

/*
 * The share of two texts, in percent, that is in stretches common to both, in
 * the same order (Ratcliff and Obershelp): 100 for equal texts.
 */
guint kd_alike(const char *a, const char *b);

#endif
