/* Children come to an end, and what they answer is whole or refused. */
#include "config.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "child.h"
#include "error.h"
#include "unit.h"

#define LIMIT	 1000000
#define DEADLINE 20

struct result {
	gboolean done;
	int status;
	GBytes *output;
	GError *error;
	double seconds;
};

static void
result_clear(struct result *got)
{
	g_clear_pointer(&got->output, g_bytes_unref);
	g_clear_error(&got->error);
	/* Nothing is left to wait for. */
	g_assert_cmpint(waitpid(-1, NULL, WNOHANG), ==, -1);
	g_assert_cmpint(errno, ==, ECHILD);
}
typedef struct result result;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(result, result_clear)

static void
run(result *got, const char *script, gsize input_length, guint deadline)
{
	const char *const argv[] = {"/bin/sh", "-c", script, NULL};
	g_autofree char *text = g_strnfill(input_length, 'x');
	g_autoptr(GBytes) input = g_bytes_new(text, input_length);
	const struct kd_child child = {.argv = argv,
	    .input = input,
	    .deadline = deadline,
	    .output_max = LIMIT};
	gint64 start = g_get_monotonic_time();

	got->done =
	    kd_child_run(&child, &got->output, &got->status, &got->error);
	got->seconds =
	    (double)(g_get_monotonic_time() - start) / G_USEC_PER_SEC;
}

static void
assert_output(const result *got, const char *want)
{
	gsize length;
	const char *data;

	g_assert_no_error(got->error);
	g_assert_true(got->done);
	g_assert_true(WIFEXITED(got->status));
	g_assert_cmpint(WEXITSTATUS(got->status), ==, 0);
	data = g_bytes_get_data(got->output, &length);
	g_assert_cmpmem(data, length, want, strlen(want));
}

static void
test_copies(void)
{
	g_auto(result) got = {0};

	run(&got, "cat", 900000, DEADLINE);
	g_assert_no_error(got.error);
	g_assert_cmpuint(g_bytes_get_size(got.output), ==, 900000);
}

static void
test_no_reader(void)
{
	g_auto(result) got = {0};

	run(&got, "exec <&-; echo done", 10000000, DEADLINE);
	assert_output(&got, "done\n");
}

static void
test_reads_a_little(void)
{
	g_auto(result) got = {0};

	run(&got, "head -c 3; exit 0", 10000000, DEADLINE);
	assert_output(&got, "xxx");
}

/* Only success is doubted: what fails early may well have read nothing. */
static void
test_input_whole(void)
{
	static const struct {
		const char *script;
		gboolean done;
	} rows[] = {
	    {"cat >/dev/null", TRUE}, {"exit 0", FALSE}, {"exit 67", TRUE}};
	g_autofree char *text = g_strnfill(10000000, 'x');
	g_autoptr(GBytes) input = g_bytes_new_static(text, 10000000);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const char *const argv[] = {
		    "/bin/sh", "-c", rows[i].script, NULL};
		const struct kd_child child = {.argv = argv,
		    .input = input,
		    .deadline = DEADLINE,
		    .output_max = LIMIT,
		    .input_whole = TRUE};
		g_auto(result) got = {0};

		got.done = kd_child_run(&child, NULL, &got.status, &got.error);
		g_assert_cmpint(got.done, ==, rows[i].done);
		if (!rows[i].done)
			g_assert_error(got.error, KD_ERROR, KD_ERROR_TEMP);
	}
}

static void
test_writes_before_reading(void)
{
	g_auto(result) got = {0};

	run(&got, "head -c 500000 /dev/zero; wc -c", 500000, DEADLINE);
	g_assert_no_error(got.error);
	g_assert_cmpuint(g_bytes_get_size(got.output), ==, 500007);
}

static void
test_flood(void)
{
	g_auto(result) got = {0};

	run(&got, "cat /dev/zero", 0, DEADLINE);
	g_assert_error(got.error, KD_ERROR, KD_ERROR_SERVICE);
	g_assert_false(got.done);
	g_assert_null(got.output);
}

static void
test_limit_is_exact(void)
{
	g_auto(result) at = {0}, over = {0};

	run(&at, "head -c 1000000 /dev/zero", 0, DEADLINE);
	g_assert_no_error(at.error);
	g_assert_cmpuint(g_bytes_get_size(at.output), ==, LIMIT);
	run(&over, "head -c 1000001 /dev/zero", 0, DEADLINE);
	g_assert_error(over.error, KD_ERROR, KD_ERROR_SERVICE);
}

static void
test_never_ends(void)
{
	g_auto(result) got = {0};

	run(&got, "trap '' TERM INT HUP PIPE; while :; do sleep 60; done", 0,
	    1);
	g_assert_error(got.error, KD_ERROR, KD_ERROR_TEMP);
	g_assert_cmpfloat(got.seconds, >=, 1);
	g_assert_cmpfloat(got.seconds, <, 10);
	g_assert_nonnull(strstr(got.error->message, "/bin/sh"));
}

static void
test_closes_and_stays(void)
{
	g_auto(result) got = {0};

	run(&got, "exec >&- <&-; sleep 60", 100000, 1);
	g_assert_error(got.error, KD_ERROR, KD_ERROR_TEMP);
}

/* A grandchild with our pipe: not waited for, and not left behind. */
static void
test_grandchild(void)
{
	g_auto(result) got = {0};
	g_autofree char *number = NULL;
	pid_t grandchild;

	run(&got, "sleep 300 & echo $! ready", 0, DEADLINE);
	g_assert_no_error(got.error);
	g_assert_cmpfloat(got.seconds, <, 10);
	number = g_strndup(
	    g_bytes_get_data(got.output, NULL), g_bytes_get_size(got.output));
	grandchild = (pid_t)g_ascii_strtoll(number, NULL, 10);
	g_assert_cmpint(grandchild, >, 1);
	/* It is init's to reap; until then it is a zombie. */
	for (int i = 0; i < 100 && kill(grandchild, 0) == 0; i++) {
		g_autofree char *path =
		    g_strdup_printf("/proc/%d/stat", (int)grandchild);
		g_autofree char *stat = NULL;

		if (!g_file_get_contents(path, &stat, NULL, NULL) ||
		    strstr(stat, ") Z "))
			return;
		g_usleep(20000);
	}
	g_assert_cmpint(kill(grandchild, 0), ==, -1);
}

static void
test_statuses(void)
{
	g_auto(result) seven = {0}, killed = {0};
	g_autoptr(GError) error = NULL;

	run(&seven, "exit 7", 0, DEADLINE);
	g_assert_true(seven.done);
	g_assert_false(kd_child_check(seven.status, "filter", &error));
	g_assert_error(error, KD_ERROR, KD_ERROR_SERVICE);
	g_assert_cmpstr(error->message, ==, "filter: exit status 7");
	g_clear_error(&error);

	run(&killed, "kill -9 $$", 0, DEADLINE);
	g_assert_true(killed.done);
	g_assert_false(kd_child_check(killed.status, "filter", &error));
	g_assert_cmpstr(error->message, ==, "filter: killed by signal 9");
	g_clear_error(&error);
	g_assert_true(kd_child_check(0, "filter", &error));
}

static void
test_environment(void)
{
	g_auto(result) got = {0}, signals = {0};

	g_setenv("KVDIGEST_SECRET", "x", TRUE);
	run(&got,
	    "/usr/bin/env | sed 's/=.*//' | grep -v '^_$\\|PWD\\|SHLVL' | "
	    "sort | tr '\\n' ' '",
	    0, DEADLINE);
	assert_output(&got, "HOME LC_ALL PATH ");
	/* SIGPIPE is ours to ignore; filters die of it as usual. */
	run(&signals, "kill -PIPE $$; echo ignored", 0, DEADLINE);
	g_assert_true(WIFSIGNALED(signals.status));
	g_assert_cmpint(WTERMSIG(signals.status), ==, SIGPIPE);
}

static void
test_descriptors(void)
{
	g_auto(result) got = {0};
	int leak = dup(STDERR_FILENO);

	/* No pipe, whose ends the shell would have for a moment. */
	run(&got, "ls /proc/$$/fd; :", 0, DEADLINE);
	assert_output(&got, "0\n1\n2\n");
	close(leak);
}

static void
test_cannot_start(void)
{
	const char *const argv[] = {"/nonexistent/filter", NULL};
	g_autoptr(GBytes) input = g_bytes_new_static("", 0);
	const struct kd_child child = {
	    .argv = argv, .input = input, .deadline = 1, .output_max = 1};
	g_autoptr(GError) error = NULL;
	int status = 99;

	g_assert_false(kd_child_run(&child, NULL, &status, &error));
	g_assert_error(error, KD_ERROR, KD_ERROR_CONFIG);
	g_assert_true(
	    g_str_has_prefix(error->message, "/nonexistent/filter: "));
	g_assert_cmpint(status, ==, 99);
}

static void
test_find(void)
{
	g_autofree char *directory = g_dir_make_tmp(NULL, NULL);
	g_autofree char *program = g_build_filename(directory, "fine", NULL);
	g_autofree char *text = g_build_filename(directory, "text", NULL);
	static const char *const none[] = {
	    "text", "absent", "", ".", "..", "./fine", "a/b", "/", "/etc"};

	g_setenv("KVDIGEST_EXEC_PATH", directory, TRUE);
	g_file_set_contents(program, "#!/bin/sh\n", -1, NULL);
	g_file_set_contents(text, "x\n", -1, NULL);
	chmod(program, 0755);
	chmod(text, 0644);
	for (gsize i = 0; i < G_N_ELEMENTS(none); i++) {
		g_autoptr(GError) error = NULL;

		g_assert_null(kd_child_find(none[i], &error));
		g_assert_error(error, KD_ERROR, KD_ERROR_CONFIG);
	}
	{
		g_autofree char *by_name = kd_child_find("fine", NULL);
		g_autofree char *by_path = kd_child_find(program, NULL);

		g_assert_cmpstr(by_name, ==, program);
		g_assert_cmpstr(by_path, ==, program);
	}
	unlink(program);
	unlink(text);
	rmdir(directory);
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	g_test_add_func("/child/copies", test_copies);
	g_test_add_func("/child/no-reader", test_no_reader);
	g_test_add_func("/child/reads-a-little", test_reads_a_little);
	g_test_add_func("/child/input-whole", test_input_whole);
	g_test_add_func("/child/writes-first", test_writes_before_reading);
	g_test_add_func("/child/flood", test_flood);
	g_test_add_func("/child/limit", test_limit_is_exact);
	g_test_add_func("/child/never-ends", test_never_ends);
	g_test_add_func("/child/closes-and-stays", test_closes_and_stays);
	g_test_add_func("/child/grandchild", test_grandchild);
	g_test_add_func("/child/statuses", test_statuses);
	g_test_add_func("/child/environment", test_environment);
	g_test_add_func("/child/descriptors", test_descriptors);
	g_test_add_func("/child/cannot-start", test_cannot_start);
	g_test_add_func("/child/find", test_find);
	return g_test_run();
}
