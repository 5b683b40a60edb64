/*
 * What the words of a title say of a mail that no tag describes.  Pure; used
 * by subject.c alone.
 */
#ifndef KD_WORDING_H
#define KD_WORDING_H

#include <glib.h>

/*
 * The flags (enum kd_subject_flags) that a title without tags, of a mail that
 * is no patch and no pull request, earns by its wording: BUG for what reports
 * one, ANNOUNCE, or STABLE for the notices of the stable trees.
 */
guint kd_wording_read(const char *title);

#endif
