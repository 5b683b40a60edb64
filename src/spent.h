/*
 * What a run has asked models and what that cost, as its filters wrote it down:
 * kvdigest-filters(7).
 */
#ifndef KD_SPENT_H
#define KD_SPENT_H

#include <glib.h>

struct kd_spent {
	gint64 requests;
	gint64 prompt, completion, cached; /* tokens */
	gint64 micro;			   /* millionths of the currency */
	char currency[16];		   /* "" when none was named */
};

/*
 * The sums of the ledger in a directory that filters have shared; all 0 when
 * there is none.  A line that is no entry counts as nothing.
 */
struct kd_spent kd_spent_read(const char *directory);

/*
 * The same in Chinese, "3 次请求，输入 4200 token（命中缓存 0），..."; "" when
 * nothing was asked.  The caller frees it.
 */
char *kd_spent_tell(const struct kd_spent *spent);

/* One line to syslog(3), unless nothing was asked. */
void kd_spent_log(const struct kd_spent *spent);

#endif
