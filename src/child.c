#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib-unix.h>

#include "auto.h"
#include "child.h"
#include "error.h"

#define CHILD_PATH                                                             \
	"/usr/local/bin:/usr/bin:/bin:/usr/local/sbin:/usr/sbin:/sbin"
#define CHUNK 65536 /* bytes read at once */
#define TICK  50    /* milliseconds between looks whether it has ended */

/* A child that runs. */
struct run {
	GPid pid;
	kd_fd input;  /* -1 when all is written or nobody reads */
	kd_fd output; /* -1 after its end */
	const char *next;
	gsize left;
	GByteArray *bytes;
};

/* In the child: a process group of its own, and signals as at login. */
static void
become_child(gpointer data)
{
	static const int usual[] = {SIGPIPE, SIGXFSZ, SIGINT, SIGTERM, SIGHUP};

	(void)data;
	setpgid(0, 0);
	for (gsize i = 0; i < G_N_ELEMENTS(usual); i++)
		signal(usual[i], SIG_DFL);
}

static gboolean
start(const struct kd_child *child, struct run *run, GError **error)
{
	g_auto(GStrv) environment = NULL;
	g_autoptr(GError) cause = NULL;
	const char *home = g_getenv("HOME");

	environment = g_environ_setenv(environment, "PATH", CHILD_PATH, TRUE);
	environment = g_environ_setenv(environment, "LC_ALL", "C.UTF-8", TRUE);
	if (home)
		environment = g_environ_setenv(environment, "HOME", home, TRUE);
	for (gsize i = 0; child->variables && child->variables[i]; i++) {
		g_auto(GStrv) pair = g_strsplit(child->variables[i], "=", 2);

		environment =
		    g_environ_setenv(environment, pair[0], pair[1], TRUE);
	}
	if (!g_spawn_async_with_pipes(NULL, (char **)child->argv, environment,
		G_SPAWN_DO_NOT_REAP_CHILD, become_child, NULL, &run->pid,
		&run->input, &run->output, NULL, &cause)) {
		g_set_error(error, KD_ERROR,
		    cause->code == G_SPAWN_ERROR_FORK ||
			    cause->code == G_SPAWN_ERROR_NOMEM
			? KD_ERROR_TEMP
			: KD_ERROR_CONFIG,
		    "%s: start: %s", child->argv[0], cause->message);
		return FALSE;
	}
	if (!g_unix_set_fd_nonblocking(run->input, TRUE, NULL) ||
	    !g_unix_set_fd_nonblocking(run->output, TRUE, NULL))
		return kd_error_errno(
		    error, KD_ERROR_TEMP, errno, child->argv[0]);
	return TRUE;
}

/* Write what the pipe takes; a child need not read it all. */
static void
feed(struct run *run)
{
	ssize_t n = 0;

	while (run->left > 0) {
		n = write(run->input, run->next, run->left);
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			break;
		run->next += n;
		run->left -= (gsize)n;
	}
	if (run->left == 0 || errno != EAGAIN)
		kd_fd_clear(&run->input);
}

/* Read what is there, one byte over the limit at most. */
static void
drain(struct run *run, gsize limit)
{
	guint8 buffer[CHUNK];

	while (run->bytes->len <= limit) {
		gsize room = MIN(limit - run->bytes->len + 1, sizeof(buffer));
		ssize_t n = read(run->output, buffer, room);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && errno == EAGAIN)
			return;
		if (n <= 0) {
			kd_fd_clear(&run->output);
			return;
		}
		g_byte_array_append(run->bytes, buffer, (guint)n);
	}
}

static gboolean
check_limit(const struct kd_child *child, const struct run *run, GError **error)
{
	if (run->bytes->len <= child->output_max)
		return TRUE;
	g_set_error(error, KD_ERROR, KD_ERROR_SERVICE,
	    "%s: output: more than %" G_GSIZE_FORMAT " bytes", child->argv[0],
	    child->output_max);
	return FALSE;
}

/* Whether the child has ended; it stays to be reaped. */
static gboolean
has_ended(const struct run *run)
{
	siginfo_t info = {.si_pid = 0};

	return waitid(P_PID, (id_t)run->pid, &info,
		   WEXITED | WNOHANG | WNOWAIT) == 0 &&
	       info.si_pid == run->pid;
}

/*
 * Feed and drain until the child ends.  What its own children write after
 * that is not waited for.  A child that closes its output is about to end:
 * the looks begin at one millisecond then.
 */
static gboolean
attend(const struct kd_child *child, struct run *run, GError **error)
{
	gint64 end =
	    g_get_monotonic_time() + (gint64)child->deadline * G_USEC_PER_SEC;
	int tick = TICK;

	while (g_get_monotonic_time() < end) {
		struct pollfd fds[] = {
		    {run->output, POLLIN, 0}, {run->input, POLLOUT, 0}};
		gboolean ended;

		if (poll(fds, G_N_ELEMENTS(fds), tick) < 0 && errno != EINTR)
			return kd_error_errno(
			    error, KD_ERROR_TEMP, errno, child->argv[0]);
		ended = has_ended(run);
		if (run->input >= 0 && fds[1].revents)
			feed(run);
		tick = MIN(2 * tick, TICK);
		if (run->output >= 0) {
			drain(run, child->output_max);
			tick = run->output >= 0 ? TICK : 1;
		}
		if (!check_limit(child, run, error))
			return FALSE;
		if (ended)
			return TRUE;
	}
	g_set_error(error, KD_ERROR, KD_ERROR_TEMP,
	    "%s: killed after %u seconds", child->argv[0], child->deadline);
	return FALSE;
}

/* Reap the child; kill its whole group first unless it ended cleanly. */
static int
finish(struct run *run, gboolean clean)
{
	int status = 0;

	/* Its number is not given to another before it is reaped. */
	if (!clean || run->output >= 0)
		kill(-run->pid, SIGKILL);
	while (waitpid(run->pid, &status, 0) < 0 && errno == EINTR)
		continue;
	g_spawn_close_pid(run->pid);
	kd_fd_clear(&run->input);
	kd_fd_clear(&run->output);
	return status;
}

gboolean
kd_child_run(
    const struct kd_child *child, GBytes **output, int *status, GError **error)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	struct run run = {.input = -1, .output = -1, .bytes = bytes};
	gboolean clean;
	int result;

	g_return_val_if_fail(child->deadline > 0, FALSE);
	run.next = g_bytes_get_data(child->input, &run.left);
	if (!start(child, &run, error)) {
		if (run.pid)
			finish(&run, FALSE);
		return FALSE;
	}
	clean = attend(child, &run, error);
	result = finish(&run, clean);
	if (!clean)
		return FALSE;
	if (child->input_whole && run.left && !result) {
		g_set_error(error, KD_ERROR, KD_ERROR_TEMP,
		    "%s: exit status 0 with input unread", child->argv[0]);
		return FALSE;
	}
	*status = result;
	if (output)
		*output = g_byte_array_free_to_bytes(g_steal_pointer(&bytes));
	return TRUE;
}

gboolean
kd_child_check(int status, const char *program, GError **error)
{
	if (WIFEXITED(status) && WEXITSTATUS(status) == 0)
		return TRUE;
	if (WIFEXITED(status))
		g_set_error(error, KD_ERROR,
		    kd_error_from_exit(WEXITSTATUS(status)) == KD_ERROR_CONFIG
			? KD_ERROR_CONFIG
			: KD_ERROR_SERVICE,
		    "%s: exit status %d", program, WEXITSTATUS(status));
	else
		g_set_error(error, KD_ERROR, KD_ERROR_SERVICE,
		    "%s: killed by signal %d", program, WTERMSIG(status));
	return FALSE;
}

char *
kd_child_find(const char *name, GError **error)
{
	const char *directory = g_getenv("KVDIGEST_EXEC_PATH");
	g_autofree char *path = NULL;

	if (!directory || !*directory)
		directory = KD_LIBEXECDIR;
	if (!strchr(name, '/'))
		path = g_build_filename(directory, name, NULL);
	else if (g_path_is_absolute(name))
		path = g_strdup(name);
	if (path && *name && g_file_test(path, G_FILE_TEST_IS_REGULAR) &&
	    g_file_test(path, G_FILE_TEST_IS_EXECUTABLE))
		return g_steal_pointer(&path);
	g_set_error(error, KD_ERROR, KD_ERROR_CONFIG, "%s: %s", name,
	    path ? "no such program" : "neither a name nor an absolute path");
	return NULL;
}
