#include "config.h"

#include <string.h>

#include "error.h"
#include "window.h"

#define YEAR_MIN 1970
#define YEAR_MAX 9998 /* GDateTime ends with 9999 */

/* Unix seconds whose year has four digits in every zone. */
#define SECONDS_MIN G_GINT64_CONSTANT(-30610137600) /* 1000-01-02 */
#define SECONDS_MAX G_GINT64_CONSTANT(253402214400) /* 9999-12-31 */

static gboolean
matches(const char *pattern, const char *string)
{
	return g_regex_match_simple(pattern, string,
	    G_REGEX_ANCHORED | G_REGEX_DOLLAR_ENDONLY | G_REGEX_RAW, 0);
}

static gboolean refuse(GError **error, const char *format, ...)
    G_GNUC_PRINTF(2, 3);

/* Always FALSE, so that a caller can return it. */
static gboolean
refuse(GError **error, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	g_propagate_error(
	    error, g_error_new_valist(KD_ERROR, KD_ERROR_USAGE, format, args));
	va_end(args);
	return FALSE;
}

static GDateTime *
open_time(gint64 seconds, GTimeZone *zone)
{
	gint64 held = CLAMP(seconds, SECONDS_MIN, SECONDS_MAX);
	g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(held);

	return g_date_time_to_timezone(utc, zone);
}

/* When a day begins: 00:00, or what comes first where clocks skip that. */
static gint64
begin_day(const GDate *day, GTimeZone *zone)
{
	g_autoptr(GDateTime) time = g_date_time_new(zone, g_date_get_year(day),
	    g_date_get_month(day), g_date_get_day(day), 0, 0, 0);

	return g_date_time_to_unix(time);
}

/* The seven days from monday on, which is changed. */
static void
set_week(struct kd_window *window, GDate *monday, GTimeZone *zone)
{
	g_autoptr(GDateTime) time = NULL;
	g_autofree char *week = NULL;

	window->since = begin_day(monday, zone);
	g_date_add_days(monday, 7);
	window->until = begin_day(monday, zone);
	window->zone = g_time_zone_ref(zone);

	time = open_time(window->since, zone);
	week = g_date_time_format(time, "%G-W%V");
	g_strlcpy(window->week, week, sizeof(window->week));
}

/* The Monday of the week that a time lies in. */
static void
find_monday(GDate *monday, gint64 seconds, GTimeZone *zone)
{
	g_autoptr(GDateTime) time = open_time(seconds, zone);
	int year, month, day;

	g_date_time_get_ymd(time, &year, &month, &day);
	g_date_set_dmy(
	    monday, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
	g_date_subtract_days(
	    monday, (guint)g_date_time_get_day_of_week(time) - 1);
}

gboolean
kd_window_week(
    struct kd_window *window, const char *week, GTimeZone *zone, GError **error)
{
	guint year, number, last;
	GDate day;

	if (!matches("[0-9]{4}-W[0-9]{2}$", week))
		return refuse(
		    error, "%s: no week: expected the form 2021-W10", week);
	year = (guint)g_ascii_strtoull(week, NULL, 10);
	number = (guint)g_ascii_strtoull(week + strlen("2021-W"), NULL, 10);
	if (year < YEAR_MIN || year > YEAR_MAX)
		return refuse(error, "%s: no year: expected %d to %d", week,
		    YEAR_MIN, YEAR_MAX);

	/* ISO 8601: 28 December lies in the last week, 4 January in W01. */
	g_date_clear(&day, 1);
	g_date_set_dmy(&day, 28, G_DATE_DECEMBER, (GDateYear)year);
	last = g_date_get_iso8601_week_of_year(&day);
	if (number < 1 || number > last)
		return refuse(error,
		    "%s: no such week: expected W01 to W%u in %u", week, last,
		    year);
	g_date_set_dmy(&day, 4, G_DATE_JANUARY, (GDateYear)year);
	g_date_subtract_days(&day, (guint)g_date_get_weekday(&day) - 1);
	g_date_add_days(&day, 7 * (number - 1));
	set_week(window, &day, zone);
	return TRUE;
}

static gboolean
parse_time(const char *string, GTimeZone *zone, gint64 *seconds, GError **error)
{
	g_autofree char *whole =
	    g_strconcat(string, strchr(string, 'T') ? "" : "T00:00:00", NULL);
	g_autoptr(GDateTime) time = NULL;

	/* GLib reads more forms, such as 20210308 and 2021-W10-1. */
	if (matches("[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}"
		    "(\\.[0-9]{1,9})?(Z|[-+][0-9]{2}:[0-9]{2})?$",
		whole))
		time = g_date_time_new_from_iso8601(whole, zone);
	if (!time || g_date_time_get_year(time) < YEAR_MIN ||
	    g_date_time_get_year(time) > YEAR_MAX)
		return refuse(error,
		    "%s: no time: expected the form 2021-03-08, "
		    "2021-03-08T12:00:00 or 2021-03-08T12:00:00+08:00",
		    string);
	*seconds = g_date_time_to_unix(time);
	return TRUE;
}

gboolean
kd_window_span(struct kd_window *window, const char *since, const char *until,
    GTimeZone *zone, gint64 now, GError **error)
{
	struct kd_window week = {0};
	gint64 begin, end = now + 1; /* what arrives this second counts */
	GDate monday;

	if (!parse_time(since, zone, &begin, error))
		return FALSE;
	if (until && !parse_time(until, zone, &end, error))
		return FALSE;
	if (begin >= end)
		return refuse(error,
		    "%s: not before %s: expected an earlier time", since,
		    until ? until : "now");

	g_date_clear(&monday, 1);
	find_monday(&monday, begin, zone);
	set_week(&week, &monday, zone);
	if (week.since != begin || week.until != end)
		week.week[0] = '\0';
	week.since = begin;
	week.until = end;
	*window = week;
	return TRUE;
}

void
kd_window_last_week(struct kd_window *window, GTimeZone *zone, gint64 now)
{
	GDate monday;

	g_date_clear(&monday, 1);
	find_monday(&monday, now, zone);
	g_date_subtract_days(&monday, 7);
	set_week(window, &monday, zone);
}

void
kd_window_clear(struct kd_window *window)
{
	g_clear_pointer(&window->zone, g_time_zone_unref);
}

/*
 * GLib would also take offsets and POSIX rules for a zone, "Shanghai8" being
 * one; only names of the database pass here.  Every delivery asks this of its
 * configuration, too often for compiling a pattern.
 */
static gboolean
is_zone_name(const char *name)
{
	gsize area = strspn(name, G_CSET_A_2_Z G_CSET_a_2_z "_-");
	gsize length =
	    strspn(name, G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS "_+-/");

	return area > 0 && (!name[area] || name[area] == '/') &&
	       !name[length] && name[length - 1] != '/' && !strstr(name, "//");
}

GTimeZone *
kd_zone_open(const char *name, GError **error)
{
	GTimeZone *zone = NULL;

	if (is_zone_name(name))
		zone = g_time_zone_new_identifier(name);
	if (!zone)
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: unknown time zone: expected a name of the system's "
		    "database, like Asia/Shanghai",
		    name);
	return zone;
}

char *
kd_time_format(gint64 seconds, GTimeZone *zone, const char *pattern)
{
	g_autoptr(GDateTime) time = open_time(seconds, zone);

	return g_date_time_format(time, pattern);
}
