/*
 * What stands before and behind a subject's title: prefixes of replies, tags
 * in brackets, remarks.  Pure; used by subject.c alone.
 */
#ifndef KD_HEAD_H
#define KD_HEAD_H

#include <glib.h>

#include "tag.h"

struct kd_head {
	const char *title; /* where the title begins in what was read */
	guint flags;	   /* of prefixes and remarks, enum kd_subject_flags */
	gboolean patch;	   /* the tags are a patch's */
	struct kd_tag tag;
};

/* Read the head of text: valid UTF-8, white space folded to single blanks. */
void kd_head_read(struct kd_head *head, const char *text);

/*
 * Cut "(RESEND)" and its like off the end of a title, of a patch's a bare
 * "RESEND", too; returns their flags.
 */
guint kd_head_cut_remarks(char *title, gboolean patch);

#endif
