/*
 * The date of a mail in the form that nearly all have, quickly.  Pure.
 */
#ifndef KD_DATE_H
#define KD_DATE_H

#include <glib.h>

/*
 * Unix seconds of "Mon, 1 Mar 2021 10:11:12 +0100", with or without the day of
 * the week, blanks around it, and the time zone's name in brackets behind.
 * FALSE for all else, which need not be wrong.
 */
gboolean kd_date_read(const char *value, gint64 *seconds);

#endif
