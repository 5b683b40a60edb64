/*
 * Weeks and times as the report counts them: one zone for everything.
 */
#ifndef KD_WINDOW_H
#define KD_WINDOW_H

#include <glib.h>

/* A span of arrival times, since <= t < until, Unix seconds. */
struct kd_window {
	GTimeZone *zone;
	gint64 since;
	gint64 until;
	char week[16]; /* "2021-W10", or "" when it is no whole ISO week */
};

/*
 * Each fills *window (kd_window_clear it); FALSE sets KD_ERROR_USAGE.  Years
 * are 1970 to 9998.
 */

/* An ISO 8601 week, "2021-W10", Monday 00:00 to Monday 00:00 in zone. */
gboolean kd_window_week(struct kd_window *window, const char *week,
    GTimeZone *zone, GError **error);

/*
 * since and until as "2021-03-08" (00:00 in zone) or RFC 3339
 * "2021-03-08T12:00:00[+08:00]", fractions of a second ignored; until NULL is
 * the end of this second.  A span that is one ISO week in zone gets its name.
 */
gboolean kd_window_span(struct kd_window *window, const char *since,
    const char *until, GTimeZone *zone, gint64 now, GError **error);

/* The last ISO week that has ended at now. */
void kd_window_last_week(struct kd_window *window, GTimeZone *zone, gint64 now);

void kd_window_clear(struct kd_window *window);
typedef struct kd_window kd_window;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(kd_window, kd_window_clear)

/*
 * The zone of an IANA name; NULL sets KD_ERROR_CONFIG when the system does
 * not know it.
 */
GTimeZone *kd_zone_open(const char *name, GError **error);

/*
 * A time in the zone by a g_date_time_format() pattern; one outside of the
 * years 1000 to 9999 becomes the nearest within.  The caller frees it.
 * KD_TIME_RFC3339 is what JSON carries, KD_TIME_MINUTE what people read.
 */
#define KD_TIME_RFC3339 "%Y-%m-%dT%H:%M:%S%:z"
#define KD_TIME_MINUTE	"%m-%d %H:%M"
#define KD_TIME_DAY	"%Y-%m-%d"
char *kd_time_format(gint64 seconds, GTimeZone *zone, const char *pattern);

#endif
