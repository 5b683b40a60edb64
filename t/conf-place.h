/*
 * A configuration file of a test's own, for the tests that read one.
 */
#ifndef KD_CONF_PLACE_H
#define KD_CONF_PLACE_H

#include <glib.h>
#include <glib/gstdio.h>

#include "conf.h"
#include "error.h"

/* The least that a configuration says, in five lines. */
#define LEAST                                                                  \
	"store:\n  path: /s\n"                                                 \
	"list:\n  id: l.example.org\n  name: L\n"

/* A directory of the test's own, with the path of a file in it. */
struct place {
	char *directory;
	char *file;
};

static inline void
place_set_up(struct place *place, gconstpointer data G_GNUC_UNUSED)
{
	place->directory = g_dir_make_tmp("kvdigest-conf.XXXXXX", NULL);
	g_assert_nonnull(place->directory);
	place->file = g_build_filename(place->directory, "k.yaml", NULL);
}

static inline void
place_tear_down(struct place *place, gconstpointer data G_GNUC_UNUSED)
{
	g_unlink(place->file);
	g_assert_cmpint(g_rmdir(place->directory), ==, 0);
	g_free(place->file);
	g_free(place->directory);
}

static inline void
place_put(const struct place *place, const char *text, gssize length)
{
	g_autoptr(GError) error = NULL;

	g_file_set_contents(place->file, text, length, &error);
	g_assert_no_error(error);
	g_assert_cmpint(g_chmod(place->file, 0644), ==, 0);
}

static inline kd_conf *
place_load(const struct place *place, const char *text)
{
	g_autoptr(GError) error = NULL;
	kd_conf *conf;

	place_put(place, text, -1);
	conf = kd_conf_load(place->file, &error);
	g_assert_no_error(error);
	return conf;
}

/* Load the file and compare the message, "FILE:" put before ours. */
static inline void
place_check_refused(const struct place *place, const char *message)
{
	g_autofree char *expected =
	    g_strconcat(place->file, ":", message, NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(kd_conf) conf = kd_conf_load(place->file, &error);

	g_assert_null(conf);
	g_assert_error(error, KD_ERROR, KD_ERROR_CONFIG);
	g_assert_cmpstr(error->message, ==, expected);
}

#define PLACE_TEST(path, function)                                             \
	g_test_add(                                                            \
	    path, struct place, NULL, place_set_up, function, place_tear_down)

#endif
