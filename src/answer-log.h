/*
 * The answers of models as a list for people and for programs.  Pure.
 */
#ifndef KD_ANSWER_LOG_H
#define KD_ANSWER_LOG_H

#include <glib.h>

/*
 * A table of answers (GPtrArray of kd_answer), a line for each, times in zone;
 * the caller frees it.  What a filter did not say is "-".
 */
char *kd_answer_log_text(const GPtrArray *answers, GTimeZone *zone);

/* The same as a JSON array of objects that have the whole source and text. */
char *kd_answer_log_json(const GPtrArray *answers, GTimeZone *zone);

#endif
