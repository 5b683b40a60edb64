/*
 * A thread as people see it: which mail answers which.  Pure; walked with
 * lists, never by recursion, since a mail says how deep it goes.
 */
#ifndef KD_THREAD_H
#define KD_THREAD_H

#include <glib.h>

#include "record.h"

struct kd_place {
	const kd_record *record; /* borrowed */
	int parent;		 /* index of the place it hangs under, -1 */
	guint depth;		 /* 0 for a root */
};

/*
 * Arrange records (of kd_record *, any order, of one or several threads) as
 * trees: an array of struct kd_place, each root followed by what answers it,
 * siblings and roots by date, a posting's patches by number.  A mail hangs under its parent if that is there,
 * else under the nearest of its References that is, else it is a root.
 * Cycles are cut at their earliest mail.  The caller frees the array.
 */
GArray *kd_thread_arrange(const GPtrArray *records);

#endif
