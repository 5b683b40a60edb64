/*
 * Weeks and times.  Expected times are written as RFC 3339 in the zone, so
 * that a row can be checked against a calendar.
 */
#include "config.h"

#include <string.h>

#include "error.h"
#include "unit.h"
#include "window.h"

static GTimeZone *
zone_of(const char *name)
{
	g_autoptr(GError) error = NULL;
	GTimeZone *zone = kd_zone_open(name, &error);

	g_assert_no_error(error);
	return zone;
}

static gint64
seconds_of(const char *rfc3339)
{
	g_autoptr(GDateTime) time = g_date_time_new_from_iso8601(rfc3339, NULL);

	g_assert_nonnull(time);
	return g_date_time_to_unix(time);
}

static void
check_window(const struct kd_window *window, const char *since,
    const char *until, const char *week)
{
	g_autofree char *begin =
	    kd_time_format(window->since, window->zone, KD_TIME_RFC3339);
	g_autofree char *end =
	    kd_time_format(window->until, window->zone, KD_TIME_RFC3339);

	g_assert_cmpstr(begin, ==, since);
	g_assert_cmpstr(end, ==, until);
	g_assert_cmpstr(window->week, ==, week);
}

static const struct {
	const char *zone, *week, *since, *until;
} weeks[] = {
    {"Asia/Shanghai", "2021-W10", "2021-03-08T00:00:00+08:00",
	"2021-03-15T00:00:00+08:00"},
    /* year ends: W01 begins from 29 December to 4 January */
    {"UTC", "2018-W01", "2018-01-01T00:00:00+00:00",
	"2018-01-08T00:00:00+00:00"},
    {"UTC", "2019-W01", "2018-12-31T00:00:00+00:00",
	"2019-01-07T00:00:00+00:00"},
    {"UTC", "2015-W01", "2014-12-29T00:00:00+00:00",
	"2015-01-05T00:00:00+00:00"},
    {"UTC", "2021-W01", "2021-01-04T00:00:00+00:00",
	"2021-01-11T00:00:00+00:00"},
    {"UTC", "2021-W52", "2021-12-27T00:00:00+00:00",
	"2022-01-03T00:00:00+00:00"},
    /* 53 weeks: a year that begins or, a leap year, ends on Thursday */
    {"UTC", "2015-W53", "2015-12-28T00:00:00+00:00",
	"2016-01-04T00:00:00+00:00"},
    {"UTC", "2020-W53", "2020-12-28T00:00:00+00:00",
	"2021-01-04T00:00:00+00:00"},
    {"UTC", "2032-W53", "2032-12-27T00:00:00+00:00",
	"2033-01-03T00:00:00+00:00"},
    /* 29 February, and a century without one */
    {"UTC", "2024-W09", "2024-02-26T00:00:00+00:00",
	"2024-03-04T00:00:00+00:00"},
    {"UTC", "2000-W09", "2000-02-28T00:00:00+00:00",
	"2000-03-06T00:00:00+00:00"},
    {"UTC", "2100-W09", "2100-03-01T00:00:00+00:00",
	"2100-03-08T00:00:00+00:00"},
    /* clocks change on the Sunday: 167 and 169 hours */
    {"Europe/Berlin", "2021-W12", "2021-03-22T00:00:00+01:00",
	"2021-03-29T00:00:00+02:00"},
    {"Europe/Berlin", "2021-W43", "2021-10-25T00:00:00+02:00",
	"2021-11-01T00:00:00+01:00"},
    /* on this Monday clocks went from 00:00 to 01:00 */
    {"Asia/Amman", "2002-W13", "2002-03-25T00:00:00+02:00",
	"2002-04-01T00:00:00+03:00"},
    /* the ends of what is taken */
    {"UTC", "1970-W01", "1969-12-29T00:00:00+00:00",
	"1970-01-05T00:00:00+00:00"},
    {"UTC", "9998-W52", "9998-12-21T00:00:00+00:00",
	"9998-12-28T00:00:00+00:00"},
};

static void
test_week(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(weeks); i++) {
		g_autoptr(GTimeZone) zone = zone_of(weeks[i].zone);
		g_autoptr(GError) error = NULL;
		g_auto(kd_window) window = {0};

		g_test_message("%s in %s", weeks[i].week, weeks[i].zone);
		kd_window_week(&window, weeks[i].week, zone, &error);
		g_assert_no_error(error);
		check_window(
		    &window, weeks[i].since, weeks[i].until, weeks[i].week);
	}
}

static void
test_week_refused(void)
{
	static const char *const form[] = {"", "2021", "2021-10", "2021W10",
	    "2021-w10", "2021-W1", "2021-W010", "2021-W10-1", " 2021-W10",
	    "2021-W10 ", "2021-W10\n", "21-W10", "+021-W10", "2021-W+1",
	    "２021-W10", "2021-W1x"};
	static const char *const other[][2] = {
	    {"2021-W00", "2021-W00: no such week: expected W01 to W52 in 2021"},
	    {"2021-W53", "2021-W53: no such week: expected W01 to W52 in 2021"},
	    {"2016-W53", "2016-W53: no such week: expected W01 to W52 in 2016"},
	    {"2020-W54", "2020-W54: no such week: expected W01 to W53 in 2020"},
	    {"2020-W99", "2020-W99: no such week: expected W01 to W53 in 2020"},
	    {"1969-W52", "1969-W52: no year: expected 1970 to 9998"},
	    {"0000-W01", "0000-W01: no year: expected 1970 to 9998"},
	    {"9999-W01", "9999-W01: no year: expected 1970 to 9998"},
	};
	g_autoptr(GTimeZone) zone = zone_of("UTC");

	for (gsize i = 0; i < G_N_ELEMENTS(form); i++) {
		g_autofree char *message = g_strconcat(
		    form[i], ": no week: expected the form 2021-W10", NULL);
		g_autoptr(GError) error = NULL;
		g_auto(kd_window) window = {0};

		g_assert_false(kd_window_week(&window, form[i], zone, &error));
		g_assert_error(error, KD_ERROR, KD_ERROR_USAGE);
		g_assert_cmpstr(error->message, ==, message);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(other); i++) {
		g_autoptr(GError) error = NULL;
		g_auto(kd_window) window = {0};

		g_assert_false(
		    kd_window_week(&window, other[i][0], zone, &error));
		g_assert_error(error, KD_ERROR, KD_ERROR_USAGE);
		g_assert_cmpstr(error->message, ==, other[i][1]);
	}
}

/* All 400 years of the calendar: weeks follow each other without a gap. */
static void
test_every_week(void)
{
	g_autoptr(GTimeZone) zone = zone_of("UTC");
	gint64 end = seconds_of("2000-01-03T00:00:00Z");
	guint count = 0;

	for (guint year = 2000; year < 2400; year++) {
		for (guint week = 1; week <= 53; week++) {
			g_autofree char *name =
			    g_strdup_printf("%u-W%02u", year, week);
			g_auto(kd_window) window = {0};

			if (!kd_window_week(&window, name, zone, NULL)) {
				g_assert_cmpuint(week, ==, 53);
				break;
			}
			g_assert_cmpint(window.since, ==, end);
			g_assert_cmpstr(window.week, ==, name);
			end = window.until;
			count++;
		}
	}
	g_assert_cmpuint(count, ==, 20871);
}

static void
test_span(void)
{
	static const struct {
		const char *zone, *since, *until, *begin, *end, *week;
	} rows[] = {
	    {"Asia/Shanghai", "2021-03-08", "2021-03-10",
		"2021-03-08T00:00:00+08:00", "2021-03-10T00:00:00+08:00", ""},
	    {"Asia/Shanghai", "2021-03-08", "2021-03-15",
		"2021-03-08T00:00:00+08:00", "2021-03-15T00:00:00+08:00",
		"2021-W10"},
	    {"Asia/Shanghai", "2021-03-07T16:00:00Z",
		"2021-03-14T16:00:00+00:00", "2021-03-08T00:00:00+08:00",
		"2021-03-15T00:00:00+08:00", "2021-W10"},
	    {"Asia/Shanghai", "2021-03-09", "2021-03-16",
		"2021-03-09T00:00:00+08:00", "2021-03-16T00:00:00+08:00", ""},
	    {"Asia/Shanghai", "2021-03-08T00:00:01", "2021-03-15",
		"2021-03-08T00:00:01+08:00", "2021-03-15T00:00:00+08:00", ""},
	    {"Europe/Berlin", "2021-03-22", "2021-03-29",
		"2021-03-22T00:00:00+01:00", "2021-03-29T00:00:00+02:00",
		"2021-W12"},
	    {"Europe/Berlin", "2021-03-28T01:59:59", "2021-03-28T03:00:00",
		"2021-03-28T01:59:59+01:00", "2021-03-28T03:00:00+02:00", ""},
	    {"UTC", "2024-02-29", "2024-02-29T12:30:59.999-07:30",
		"2024-02-29T00:00:00+00:00", "2024-02-29T20:00:59+00:00", ""},
	    {"UTC", "2021-03-08", NULL, "2021-03-08T00:00:00+00:00",
		"2021-03-09T10:11:13+00:00", ""},
	};
	gint64 now = seconds_of("2021-03-09T10:11:12Z");

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GTimeZone) zone = zone_of(rows[i].zone);
		g_autoptr(GError) error = NULL;
		g_auto(kd_window) window = {0};

		g_test_message("%s to %s in %s", rows[i].since, rows[i].until,
		    rows[i].zone);
		kd_window_span(
		    &window, rows[i].since, rows[i].until, zone, now, &error);
		g_assert_no_error(error);
		check_window(&window, rows[i].begin, rows[i].end, rows[i].week);
	}
}

static void
test_span_refused(void)
{
	static const char *const form[] = {"", "today", "2021", "2021-03",
	    "20210308", "2021-3-8", "2021-03-08 ", "2021-03-08\n", "2021-W10-1",
	    "2021-067", "2021-02-29", "2100-02-29", "2021-13-01", "2021-00-01",
	    "2021-03-00", "2021-03-32", "2021-03-08T", "2021-03-08T12",
	    "2021-03-08T12:00", "2021-03-08T24:00:00", "2021-03-08T12:60:00",
	    "2021-03-08T12:00:00+8", "2021-03-08T12:00:00+0800",
	    "2021-03-08T12:00:00 +08:00", "2021-03-08T12:00:00z",
	    "2021-03-08t12:00:00Z", "2021-03-08T12:00:00,5Z",
	    "2021-03-08T120000Z", "2021-03-08T12:00:00+99:00", "1969-12-31",
	    "0000-01-01", "9999-01-01"};
	g_autoptr(GTimeZone) zone = zone_of("UTC");
	gint64 now = seconds_of("2021-03-09T00:00:00Z");

	for (gsize i = 0; i < G_N_ELEMENTS(form); i++) {
		g_autofree char *message = g_strconcat(form[i],
		    ": no time: expected the form 2021-03-08, "
		    "2021-03-08T12:00:00 or 2021-03-08T12:00:00+08:00",
		    NULL);
		g_autoptr(GError) error = NULL;
		g_autoptr(GError) until_error = NULL;
		g_auto(kd_window) window = {0};

		g_assert_false(kd_window_span(
		    &window, form[i], "2021-03-15", zone, now, &error));
		g_assert_error(error, KD_ERROR, KD_ERROR_USAGE);
		g_assert_cmpstr(error->message, ==, message);
		g_assert_false(kd_window_span(
		    &window, "2021-03-08", form[i], zone, now, &until_error));
		g_assert_cmpstr(until_error->message, ==, message);
	}
}

static void
test_span_order(void)
{
	static const char *const rows[][3] = {
	    {"2021-03-08", "2021-03-08",
		"2021-03-08: not before 2021-03-08: expected an earlier time"},
	    {"2021-03-09", "2021-03-08",
		"2021-03-09: not before 2021-03-08: expected an earlier time"},
	    {"2021-03-10", NULL,
		"2021-03-10: not before now: expected an earlier time"},
	};
	g_autoptr(GTimeZone) zone = zone_of("UTC");
	gint64 now = seconds_of("2021-03-09T00:00:00Z");

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_auto(kd_window) window = {0};

		g_assert_false(kd_window_span(
		    &window, rows[i][0], rows[i][1], zone, now, &error));
		g_assert_error(error, KD_ERROR, KD_ERROR_USAGE);
		g_assert_cmpstr(error->message, ==, rows[i][2]);
	}
}

static void
test_last_week(void)
{
	static const struct {
		const char *zone, *now, *since, *until, *week;
	} rows[] = {
	    /* the first and last second of the week after */
	    {"UTC", "2021-03-15T00:00:00Z", "2021-03-08T00:00:00+00:00",
		"2021-03-15T00:00:00+00:00", "2021-W10"},
	    {"UTC", "2021-03-21T23:59:59Z", "2021-03-08T00:00:00+00:00",
		"2021-03-15T00:00:00+00:00", "2021-W10"},
	    /* Monday in the zone, Sunday in UTC, and the other way round */
	    {"Asia/Shanghai", "2021-03-14T16:00:00Z",
		"2021-03-08T00:00:00+08:00", "2021-03-15T00:00:00+08:00",
		"2021-W10"},
	    {"Asia/Shanghai", "2021-03-14T15:59:59Z",
		"2021-03-01T00:00:00+08:00", "2021-03-08T00:00:00+08:00",
		"2021-W09"},
	    {"America/New_York", "2021-03-15T03:00:00Z",
		"2021-03-01T00:00:00-05:00", "2021-03-08T00:00:00-05:00",
		"2021-W09"},
	    /* over the year's end and over a change of clocks */
	    {"UTC", "2021-01-05T12:00:00Z", "2020-12-28T00:00:00+00:00",
		"2021-01-04T00:00:00+00:00", "2020-W53"},
	    {"Europe/Berlin", "2021-03-28T22:00:00Z",
		"2021-03-22T00:00:00+01:00", "2021-03-29T00:00:00+02:00",
		"2021-W12"},
	    {"Europe/Berlin", "2021-10-31T22:59:59Z",
		"2021-10-18T00:00:00+02:00", "2021-10-25T00:00:00+02:00",
		"2021-W42"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GTimeZone) zone = zone_of(rows[i].zone);
		g_auto(kd_window) window = {0};

		g_test_message("%s in %s", rows[i].now, rows[i].zone);
		kd_window_last_week(&window, zone, seconds_of(rows[i].now));
		check_window(
		    &window, rows[i].since, rows[i].until, rows[i].week);
	}
}

static void
test_zone(void)
{
	static const char *const name[] = {"Asia/Shanghai", "Etc/GMT+8",
	    "America/Port-au-Prince", "America/Argentina/Buenos_Aires"};
	static const char *const other[] = {"", "/", "Asia/", "Asia//Shanghai",
	    "/usr/share/zoneinfo/Asia/Shanghai", "../zoneinfo/UTC", "Shanghai8",
	    "+08:00", "Asia/Shanghai\n"};
	g_autoptr(GError) error = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(name); i++) {
		g_autoptr(GTimeZone) zone = zone_of(name[i]);

		g_assert_cmpstr(g_time_zone_get_identifier(zone), ==, name[i]);
	}
	for (gsize i = 0; i < G_N_ELEMENTS(other); i++)
		g_assert_null(kd_zone_open(other[i], NULL));

	g_assert_null(kd_zone_open("Mars/Olympus", &error));
	g_assert_error(error, KD_ERROR, KD_ERROR_CONFIG);
	g_assert_cmpstr(error->message, ==,
	    "Mars/Olympus: unknown time zone: expected a name of the system's "
	    "database, like Asia/Shanghai");
}

/* Dates of mails are anything: a time is printed whatever the number. */
static void
test_format(void)
{
	static const struct {
		const char *zone, *pattern, *text;
		gint64 seconds;
	} rows[] = {
	    {"Asia/Shanghai", KD_TIME_RFC3339, "1970-01-01T08:00:00+08:00", 0},
	    {"UTC", KD_TIME_MINUTE, "03-09 10:11", 1615284672},
	    {"Asia/Shanghai", KD_TIME_DAY, "2021-03-09", 1615284672},
	    {"Asia/Shanghai", KD_TIME_DAY, "9999-12-31", G_MAXINT64},
	    {"America/New_York", KD_TIME_DAY, "1000-01-01", G_MININT64},
	    {"UTC", KD_TIME_DAY, "1969-12-31", -1},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GTimeZone) zone = zone_of(rows[i].zone);
		g_autofree char *text =
		    kd_time_format(rows[i].seconds, zone, rows[i].pattern);

		g_assert_cmpstr(text, ==, rows[i].text);
	}
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/window/week", test_week);
	g_test_add_func("/window/week-refused", test_week_refused);
	g_test_add_func("/window/every-week", test_every_week);
	g_test_add_func("/window/span", test_span);
	g_test_add_func("/window/span-refused", test_span_refused);
	g_test_add_func("/window/span-order", test_span_order);
	g_test_add_func("/window/last-week", test_last_week);
	g_test_add_func("/window/zone", test_zone);
	g_test_add_func("/window/format", test_format);
	return g_test_run();
}
