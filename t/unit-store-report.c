/*
 * The table of reports in a real store: what was put is there after the store
 * was closed, and the weeks come in order.
 */
#include "config.h"

#include <string.h>

#include <glib/gstdio.h>

#include "store.h"
#include "unit.h"

#define MAP_MAX (64 * 1024 * 1024)

static void
put(kd_store *store, const char *week, const char *text)
{
	g_autoptr(GBytes) record = g_bytes_new_static(text, strlen(text));
	g_autoptr(GError) error = NULL;

	g_assert_true(kd_store_report_put(store, week, record, &error));
	g_assert_no_error(error);
}

static void
check(kd_store *store, const char *week, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) record = kd_store_report_get(store, week, &error);

	g_assert_no_error(error);
	if (!text) {
		g_assert_null(record);
		return;
	}
	g_assert_cmpmem(g_bytes_get_data(record, NULL),
	    g_bytes_get_size(record), text, strlen(text));
}

static void
check_weeks(kd_store *store, const char *want)
{
	g_autoptr(GError) error = NULL;
	g_auto(GStrv) weeks = kd_store_report_weeks(store, &error);
	g_autofree char *got = NULL;

	g_assert_no_error(error);
	got = g_strjoinv(" ", weeks);
	g_assert_cmpstr(got, ==, want);
}

static void
run(const char *path)
{
	g_autoptr(GError) error = NULL;
	kd_store *store = NULL;

	g_assert_true(kd_store_init(path, &error));
	store = kd_store_open(path, MAP_MAX, &error);
	g_assert_no_error(error);
	check(store, "2021-W10", NULL);
	check_weeks(store, "");
	put(store, "2021-W10", "first");
	put(store, "2020-W53", "older");
	put(store, "2021-W09", "before");
	put(store, "2021-W10", "second");
	kd_store_close(store);

	store = kd_store_open(path, MAP_MAX, &error);
	g_assert_no_error(error);
	check(store, "2021-W10", "second");
	check(store, "2021-W1", NULL);
	check_weeks(store, "2020-W53 2021-W09 2021-W10");
	kd_store_close(store);
}

static void
test_report(void)
{
	g_autofree char *directory = g_dir_make_tmp("kvdigest-XXXXXX", NULL);
	g_autofree char *path = g_build_filename(directory, "store", NULL);
	static const char *const files[] = {"data.mdb", "lock.mdb"};

	run(path);
	for (gsize i = 0; i < G_N_ELEMENTS(files); i++) {
		g_autofree char *file = g_build_filename(path, files[i], NULL);

		g_unlink(file);
	}
	g_assert_cmpint(g_rmdir(path), ==, 0);
	g_assert_cmpint(g_rmdir(directory), ==, 0);
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/store/report", test_report);
	return g_test_run();
}
