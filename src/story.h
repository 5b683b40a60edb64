/*
 * One topic as people see it, from the records of its mails: who posted what
 * and when, who answered whom, which kind of topic it is.  Pure.
 */
#ifndef KD_STORY_H
#define KD_STORY_H

#include <glib.h>

#include "conf.h"
#include "digest.h"
#include "record.h"
#include "window.h"

/*
 * Tell a topic.  records (of kd_record *) are its mails; copies and what
 * arrived at or after window->until are left out, as if they were not known
 * yet.  conf gives links to the archive; it may be NULL.  NULL when no mail is
 * left.  The caller owns the result (kd_topic_free).
 */
struct kd_topic *kd_story_tell(const GPtrArray *records,
    const struct kd_window *window, const kd_conf *conf);

#endif
