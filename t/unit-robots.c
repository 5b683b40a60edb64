/*
 * The list of robots: the one that is shipped, and what a list may be.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "error.h"
#include "robots.h"
#include "unit.h"

static void
test_shipped(void)
{
	static const struct {
		const char *name, *address;
		gboolean robot;
	} rows[] = {
	    {"kernel test robot", "lkp@intel.com", TRUE},
	    {"kernel test robot", "ann.example@intel.com", TRUE},
	    {"Kernel Test Robot", "", TRUE},
	    {"syzbot", "syzbot+1f2e3d@syzkaller.example.org", TRUE},
	    {"tip-bot2 for Ann Example", "tip-bot2@example.org", TRUE},
	    {"", "patchwork-bot+kvm@kernel.example.org", TRUE},
	    {"", "PR-tracker-bot@kernel.example.org", TRUE},
	    {"", "kvmarm-bounces@lists.example.org", TRUE},
	    {"", "kvmarm-request@lists.example.org", TRUE},
	    {"Mail Delivery Subsystem", "x@example.org", TRUE},
	    {"", "MAILER-DAEMON@example.org", TRUE},
	    {"Some build", "ci-bot@example.org", TRUE},
	    {"", "bugzilla-daemon@example.org", TRUE},
	    {"", "gregkh@linuxfoundation.org", TRUE},
	    {"Greg KH", "gregkh@linuxfoundation.org", FALSE},
	    {"Ann Example", "ann@example.org", FALSE},
	    {"Bo Talbot", "talbot@example.org", FALSE},
	    {"Abbot", "abbot@bot.example.org", FALSE},
	    {"Ann Example", "", FALSE},
	    {"", "", FALSE},
	};

	const char *srcdir = g_getenv("srcdir");
	g_autofree char *file =
	    g_build_filename(srcdir ? srcdir : ".", "conf", "robots", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(kd_robots) robots = kd_robots_load(file, &error);

	g_assert_no_error(error);
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s <%s>", rows[i].name, rows[i].address);
		g_assert_cmpint(
		    kd_robots_match(robots, rows[i].name, rows[i].address), ==,
		    rows[i].robot);
	}
}

static kd_robots *
load(const char *text, gsize length, GError **error)
{
	const char *file = "unit-robots.list";
	kd_robots *robots;

	g_assert_true(g_file_set_contents(file, text, (gssize)length, NULL));
	robots = kd_robots_load(file, error);
	g_assert_cmpint(remove(file), ==, 0);
	return robots;
}

static void
test_patterns(void)
{
	static const char text[] = "# a comment\r\n\n  Build*  \nCI@*.org\n"
				   "<ann@example.org>\nJörg?\n";
	g_autoptr(kd_robots) robots = load(text, strlen(text), NULL);

	g_assert_nonnull(robots);
	g_assert_true(kd_robots_match(robots, "BUILD farm", "x@y"));
	g_assert_false(kd_robots_match(robots, "A build", "x@y"));
	g_assert_true(kd_robots_match(robots, "", "ci@example.org"));
	g_assert_false(kd_robots_match(robots, "", "ci@example.com"));
	g_assert_true(kd_robots_match(robots, "", "Ann@Example.Org"));
	g_assert_false(kd_robots_match(robots, "Ann", "ann@example.org"));
	g_assert_true(kd_robots_match(robots, "JÖRG1", "x@y"));
	g_assert_false(kd_robots_match(robots, "", ""));
}

static void
refuse(const char *text, gsize length, const char *reason)
{
	g_autoptr(GError) error = NULL;

	g_assert_null(load(text, length, &error));
	g_assert_error(error, KD_ERROR, KD_ERROR_CONFIG);
	g_assert_nonnull(strstr(error->message, reason));
}

static void
test_refused(void)
{
	g_autoptr(GString) many = g_string_new(NULL);
	g_autofree char *large = g_strnfill(KD_ROBOTS_FILE_MAX + 1, '#');
	g_autoptr(GError) error = NULL;

	for (guint i = 0; i <= KD_ROBOTS_MAX; i++)
		g_string_append(many, "a\n");
	refuse("a\nb\x01\n", 5, "unit-robots.list:2: robots: a control");
	refuse("a\n\xff", 3, "unit-robots.list:2: robots: not UTF-8");
	refuse("a\0b", 3, "unit-robots.list: robots: a byte of 0");
	refuse(many->str, many->len, "too many patterns");
	refuse(large, KD_ROBOTS_FILE_MAX + 1, "too large");
	g_assert_null(kd_robots_load("/nowhere/robots", &error));
	g_assert_error(error, KD_ERROR, KD_ERROR_CONFIG);
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/robots/shipped", test_shipped);
	g_test_add_func("/robots/patterns", test_patterns);
	g_test_add_func("/robots/refused", test_refused);
	return g_test_run();
}
