/* Output files appear whole; what is no file stays what it is. */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cli.h"
#include "error.h"
#include "unit.h"

static void
test_file(void)
{
	g_autofree char *directory = g_dir_make_tmp(NULL, NULL);
	g_autofree char *path = g_build_filename(directory, "out", NULL);
	g_autofree char *text = NULL;
	g_autoptr(GError) error = NULL;

	g_assert_true(kd_cli_write_file(path, "first", 5, &error));
	g_assert_true(kd_cli_write_file(path, "again", 5, &error));
	g_assert_no_error(error);
	g_assert_true(g_file_get_contents(path, &text, NULL, NULL));
	g_assert_cmpstr(text, ==, "again");
	/* No temporary file is left, so the directory can go. */
	g_assert_cmpint(unlink(path), ==, 0);
	g_assert_cmpint(rmdir(directory), ==, 0);
}

static void
test_pipe(void)
{
	g_autofree char *directory = g_dir_make_tmp(NULL, NULL);
	g_autofree char *path = g_build_filename(directory, "pipe", NULL);
	g_autoptr(GError) error = NULL;
	char buffer[8] = "";
	struct stat status;
	int reader;

	g_assert_cmpint(mkfifo(path, 0600), ==, 0);
	reader = open(path, O_RDONLY | O_NONBLOCK);
	g_assert_cmpint(reader, >=, 0);
	g_assert_true(kd_cli_write_file(path, "text", 4, &error));
	g_assert_no_error(error);
	g_assert_cmpint(read(reader, buffer, sizeof(buffer)), ==, 4);
	g_assert_cmpstr(buffer, ==, "text");
	close(reader);
	g_assert_cmpint(lstat(path, &status), ==, 0);
	g_assert_true(S_ISFIFO(status.st_mode));
	unlink(path);
	g_assert_cmpint(rmdir(directory), ==, 0);
}

static void
test_errors(void)
{
	g_autofree char *directory = g_dir_make_tmp(NULL, NULL);
	g_autofree char *path = g_build_filename(directory, "a/out", NULL);
	g_autoptr(GError) error = NULL;

	g_assert_false(kd_cli_write_file(path, "text", 4, &error));
	g_assert_error(error, KD_ERROR, KD_ERROR_IO);
	g_clear_error(&error);
	/* A directory is no output either. */
	g_assert_false(kd_cli_write_file(directory, "text", 4, &error));
	g_assert_error(error, KD_ERROR, KD_ERROR_IO);
	g_clear_error(&error);
	g_assert_cmpint(rmdir(directory), ==, 0);
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/cli/file", test_file);
	g_test_add_func("/cli/pipe", test_pipe);
	g_test_add_func("/cli/errors", test_errors);
	return g_test_run();
}
