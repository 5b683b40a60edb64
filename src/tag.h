/*
 * What a tag in a subject says: the words within "[PATCH kvmtool v2 03/15]".
 * Pure; used by head.c alone.
 */
#ifndef KD_TAG_H
#define KD_TAG_H

#include <glib.h>

#define KD_TAG_VERSION_MAX 16 /* bytes of a version, terminator included */
#define KD_TAG_TREE_MAX	   16 /* bytes of a stable tree's number */
#define KD_TAG_PROJECT_MAX 64 /* bytes of the words that are no keyword */

struct kd_tag {
	guint flags;			  /* enum kd_subject_flags */
	gboolean said;			  /* at least one word was a keyword */
	char version[KD_TAG_VERSION_MAX]; /* "" when none is given */
	int part, total;	    /* n/m; total is -1 without, 0 for "3/n" */
	char letter;		    /* 'a' of "6a/7", else 0 */
	char tree[KD_TAG_TREE_MAX]; /* "5.10" of "v5.10.y", else "" */
	char project[KD_TAG_PROJECT_MAX]; /* lower case, by single blanks */
};

/* Set *tag to what an absent tag says. */
void kd_tag_init(struct kd_tag *tag);

/*
 * Add the words of text (valid UTF-8, length bytes, without the brackets) to
 * *tag.  Of two versions or counters the first counts.
 */
void kd_tag_read(struct kd_tag *tag, const char *text, gsize length);

/*
 * Read a tag that lacks one of its brackets: only keywords, the first of them
 * PATCH or RFC.  Returns the length up to the first other word or "]"; 0, and
 * *tag unchanged, if it does not begin like that.
 */
gsize kd_tag_read_open(struct kd_tag *tag, const char *text);

#endif
