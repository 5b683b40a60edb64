/*
 * The configuration as a file: where it is looked for, whose it may be, and
 * that no content of it costs more than a moment.
 */
#include "config.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "conf-place.h"
#include "unit.h"

#define FILE_MAX_BYTES 65536

#define MAILBOX "\"user@example.org\" or \"Name <user@example.org>\""
#define LIST_ID "what stands within <> in List-Id, or 1 to 100 of these"

/* The caller frees it. */
static char *
repeat(const char *before, const char *item, gsize n, const char *after)
{
	GString *text = g_string_new(before);

	for (gsize i = 0; i < n; i++)
		g_string_append(text, item);
	g_string_append(text, after);
	return g_string_free(text, FALSE);
}

static void
test_counts(struct place *place, gconstpointer data G_GNUC_UNUSED)
{
	static const struct {
		const char *before;
		gsize max;
		const char *message;
	} rows[] = {
	    {LEAST "mail:\n  to:\n", 100,
		"108:5: mail.to: too many: expected " MAILBOX
		", or up to 100 of these"},
	    {"store: {path: /s}\nlist:\n  name: L\n  id:\n", 100,
		"105:5: list.id: too many: expected " LIST_ID},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *item = i == 0 ? "  - a@b\n" : "  - a\n";
		g_autofree char *fits =
		    repeat(rows[i].before, item, rows[i].max, "");
		g_autofree char *over =
		    repeat(rows[i].before, item, rows[i].max + 1, "");
		g_autoptr(kd_conf) conf = place_load(place, fits);

		g_assert_cmpuint(
		    g_strv_length(i == 0 ? conf->mail_to : conf->list_ids), ==,
		    rows[i].max);
		place_put(place, over, -1);
		place_check_refused(place, rows[i].message);
	}
}

/* Whatever the bytes: an answer within 0.1 s. */
static void
test_hostile(struct place *place, gconstpointer data G_GNUC_UNUSED)
{
	static const char *const before[] = {
	    "", "store: ", "mail:\n  to: ", "mail:\n  to: [", "{"};
	static const char *const items[] = {"[", "{", "[[\n", "- ", "? ",
	    "? ? [", "a: ", "a,", "&a ", "*a,", "!a ", "!<", "\"", "'", "\\",
	    "#\n", "\n", "|\n", "a\n", "%A\n", "---\n", "--- {}\n",
	    "[]: ", "{a: ", "\"a\": ", "a? ", "\u00a0", "\U0001f600"};

	for (gsize i = 0; i < G_N_ELEMENTS(before); i++) {
		for (gsize j = 0; j < G_N_ELEMENTS(items); j++) {
			gsize n = (FILE_MAX_BYTES - strlen(before[i])) /
				  strlen(items[j]);
			g_autofree char *text =
			    repeat(before[i], items[j], n, "");
			g_autoptr(GError) error = NULL;
			g_autoptr(kd_conf) conf = NULL;
			clock_t start, end;

			place_put(place, text, -1);
			start = clock();
			conf = kd_conf_load(place->file, &error);
			end = clock();
			g_test_message("%zu times \"%s\" after \"%s\"", n,
			    items[j], before[i]);
			g_assert_null(conf);
			g_assert_error(error, KD_ERROR, KD_ERROR_CONFIG);
			g_assert_cmpint(end - start, <, CLOCKS_PER_SEC / 10);
		}
	}
}

static void
test_size(struct place *place, gconstpointer data G_GNUC_UNUSED)
{
	gsize n = FILE_MAX_BYTES - strlen(LEAST);
	g_autofree char *fits = repeat(LEAST, "#", n, "");
	g_autofree char *over = repeat(LEAST, "#", n + 1, "");
	g_autofree char *brackets = repeat("", "[", 100000, "");
	g_autoptr(kd_conf) conf = place_load(place, fits);

	g_assert_nonnull(conf);
	place_put(place, over, -1);
	place_check_refused(place, " too large: expected at most 65536 bytes");
	place_put(place, brackets, -1);
	place_check_refused(place, " too large: expected at most 65536 bytes");
	/* NUL is a byte like others until it is looked at. */
	place_put(place, "# a\0b\n", 6);
	place_check_refused(place, "1:4: no UTF-8: expected UTF-8 without NUL");
}

static void
test_file(struct place *place, gconstpointer data G_GNUC_UNUSED)
{
	static const mode_t writable[] = {0664, 0646, 0602, 0620};

	place_check_refused(place, " No such file or directory");

	place_put(place, LEAST, -1);
	for (gsize i = 0; i < G_N_ELEMENTS(writable); i++) {
		g_assert_cmpint(g_chmod(place->file, writable[i]), ==, 0);
		place_check_refused(place,
		    " writable by group or others: expected mode 0644 or "
		    "less; use chmod go-w");
	}
	if (geteuid() == 0) {
		g_assert_cmpint(g_chmod(place->file, 0600), ==, 0);
		g_assert_cmpint(chown(place->file, 65534, 0), ==, 0);
		place_check_refused(place,
		    " owned by user 65534: expected root or the user who runs "
		    "this program; use chown");
	} else {
		g_assert_cmpint(g_chmod(place->file, 0200), ==, 0);
		place_check_refused(place, " Permission denied");
	}

	/* A pipe that nobody writes to must not hold the mail up. */
	g_assert_cmpint(g_unlink(place->file), ==, 0);
	g_assert_cmpint(mkfifo(place->file, 0600), ==, 0);
	place_check_refused(place, " no regular file: expected one");
	g_assert_cmpint(g_unlink(place->file), ==, 0);
	g_assert_cmpint(g_mkdir(place->file, 0700), ==, 0);
	place_check_refused(place, " no regular file: expected one");
	g_assert_cmpint(g_rmdir(place->file), ==, 0);
}

/* With file for -c (or NULL), and named in the environment (or NULL). */
static void
check_found(const char *file, const char *named, const char *expected)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(kd_conf) conf = NULL;

	if (named)
		g_setenv("KVDIGEST_CONFIG", named, TRUE);
	else
		g_unsetenv("KVDIGEST_CONFIG");
	conf = kd_conf_load(file, &error);
	g_assert_cmpstr(conf ? conf->file : error->message, ==, expected);
}

/* The order of FILES in the manual; main made the user's directory. */
static void
test_search(struct place *place, gconstpointer data G_GNUC_UNUSED)
{
	static const char system[] = KD_SYSCONFDIR "/kvdigest/kvdigest.yaml";
	g_autofree char *directory =
	    g_build_filename(g_get_user_config_dir(), "kvdigest", NULL);
	g_autofree char *user =
	    g_build_filename(directory, "kvdigest.yaml", NULL);
	g_autofree char *none = g_strdup_printf(
	    "no configuration: expected %s or %s", user, system);
	const struct place home = {.file = user};

	place_put(place, LEAST, -1);
	g_assert_cmpint(g_mkdir_with_parents(directory, 0700), ==, 0);
	place_put(&home, LEAST, -1);
	check_found(user, place->file, user);
	check_found(NULL, place->file, place->file);
	check_found(NULL, NULL, user);
	check_found(NULL, "", user);
	/* What is named and missing is not made up for by another. */
	check_found(NULL, "/nonexistent/k.yaml",
	    "/nonexistent/k.yaml: No such file or directory");
	check_found("", NULL, ": No such file or directory");

	g_assert_cmpint(g_unlink(user), ==, 0);
	g_assert_cmpint(g_rmdir(directory), ==, 0);
	if (!g_file_test(system, G_FILE_TEST_EXISTS))
		check_found(NULL, NULL, none);
}

int
main(int argc, char **argv)
{
	g_autofree char *home = g_dir_make_tmp("kvdigest-home.XXXXXX", NULL);
	int status;

	unit_init(argc, argv);
	/* GLib asks once. */
	g_setenv("XDG_CONFIG_HOME", home, TRUE);
	PLACE_TEST("/conf-file/counts", test_counts);
	PLACE_TEST("/conf-file/hostile", test_hostile);
	PLACE_TEST("/conf-file/size", test_size);
	PLACE_TEST("/conf-file/file", test_file);
	PLACE_TEST("/conf-file/search", test_search);
	status = g_test_run();
	g_rmdir(home);
	return status;
}
