/*
 * Dates of the plain form are what GMime makes of them; others are left to it.
 */
#include "config.h"

#include <gmime/gmime.h>

#include "date.h"
#include "unit.h"

static void
check(const char *value)
{
	g_autoptr(GDateTime) date = g_mime_utils_header_decode_date(value);
	gint64 seconds;

	g_assert_nonnull(date);
	g_assert_true(kd_date_read(value, &seconds));
	g_assert_cmpint(seconds, ==, g_date_time_to_unix(date));
}

static void
test_plain(void)
{
	static const char *const rows[] = {
	    "Mon, 1 Mar 2021 10:11:12 +0100",
	    "Mon, 01 Mar 2021 10:11:12 +0100",
	    " Mon,  1 Mar 2021 10:11:12 +0100 ",
	    "Tue, 1 Mar 2021 10:11:12 +0100",
	    "1 Mar 2021 10:11:12 +0100",
	    "Mon, 1 Mar 2021 10:11:12 +0100 (CET)",
	    "Mon, 1 Mar 2021 10:11:12 +0100 ()",
	    "Sat, 29 Feb 2020 23:59:59 -1130",
	    "Tue, 29 Feb 2000 00:00:00 +0530",
	    "Thu, 1 Jan 1970 00:00:00 -0000",
	    "Thu, 1 Jan 1970 00:00:00 +1400",
	    "Tue, 31 Dec 2199 23:59:59 -1400",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s", rows[i]);
		check(rows[i]);
	}
}

static void
test_random(void)
{
	static const char *const days[] = {
	    "Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
	static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May",
	    "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

	for (guint i = 0; i < 2000; i++) {
		guint month = (guint)g_test_rand_int_range(0, 12);
		int year = g_test_rand_int_range(1970, 2200);
		guint last = g_date_get_days_in_month(
		    (GDateMonth)(month + 1), (GDateYear)year);
		g_autofree char *value = g_strdup_printf(
		    "%s, %d %s %d %02d:%02d:%02d %c%02d%02d",
		    days[g_test_rand_int_range(0, 7)],
		    g_test_rand_int_range(1, (int)last + 1), months[month],
		    year, g_test_rand_int_range(0, 24),
		    g_test_rand_int_range(0, 60), g_test_rand_int_range(0, 60),
		    g_test_rand_bit() ? '+' : '-', g_test_rand_int_range(0, 15),
		    g_test_rand_int_range(0, 60));

		check(value);
	}
}

static void
test_other(void)
{
	static const char *const rows[] = {
	    "",
	    "M",
	    "Mon",
	    "Mon,",
	    "Mon, 1",
	    "Mon, 1 ",
	    "Mon, 1 Mar",
	    "Mon, 1 Mar 2021",
	    "Mon, 1 Mar 2021 10:11:12",
	    "Mon, 1 Mar 2021 10:11:12 ",
	    "Mon, 1 Mar 2021 10:11:12 +",
	    "Mon, 1 Mar 2021 10:11:12 +010",
	    "Mon, 1 Mar 2021 10:11:12 +01000",
	    "Mon, 1 Mar 2021 10:11:12 +0160",
	    "Mon, 1 Mar 2021 10:11:12 +1500",
	    "Mon, 1 Mar 2021 10:11:12 GMT",
	    "Mon, 1 Mar 2021 10:11:12 +0100 (",
	    "Mon, 1 Mar 2021 10:11:12 +0100 (CET",
	    "Mon, 1 Mar 2021 10:11:12 +0100 (CET) x",
	    "Mon, 1 Mar 2021 10:11:12 +0100 x",
	    "Mon, 1 Mar 2021 10:11 +0100",
	    "Mon, 1 Mar 2021 24:00:00 +0100",
	    "Mon, 1 Mar 2021 10:60:12 +0100",
	    "Mon, 1 Mar 2021 10:11:60 +0100",
	    "Mon, 1 Mar 21 10:11:12 +0100",
	    "Mon, 1 Mar 0001 10:11:12 +0100",
	    "Mon, 0 Mar 2021 10:11:12 +0100",
	    "Mon, 29 Feb 2021 10:11:12 +0100",
	    "Mon, 29 Feb 2100 10:11:12 +0100",
	    "Mon, 100 Mar 2021 10:11:12 +0100",
	    "Mon, 1 March 2021 10:11:12 +0100",
	    "Mon, 1 mar 2021 10:11:12 +0100",
	    "Mon 1 Mar 2021 10:11:12 +0100",
	    "Monday, 1 Mar 2021 10:11:12 +0100",
	    "Mon Mar 1 10:11:12 2021 +0100",
	    "\tMon, 1 Mar 2021 10:11:12 +0100",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		gint64 seconds = -1;

		g_test_message("%s", rows[i]);
		g_assert_false(kd_date_read(rows[i], &seconds));
		g_assert_cmpint(seconds, ==, -1);
	}
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_mime_init();
	g_test_add_func("/date/plain", test_plain);
	g_test_add_func("/date/random", test_random);
	g_test_add_func("/date/other", test_other);
	return g_test_run();
}
