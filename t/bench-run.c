/*
 * bench-run MAILS COMMAND [ARG...] [-- COMMAND...]...
 *
 * Run each command once for each file of the directory MAILS, with the file on
 * standard input, in another order for each file: what runs after a command
 * that empties the caches of the processor pays for it.  Print for each its median and
 * quartiles of wall time in microseconds, its median CPU time, and its largest
 * resident set in kB:
 *
 *	median TAB lower TAB upper TAB cpu TAB rss TAB command
 *
 * bench-run -j N MAILS COMMAND...: N at a time, one command; prints the files
 * taken in a second.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <glib.h>

#define COMMANDS_MAX 8

struct series {
	char **argv;
	GArray *wall; /* of gint64, microseconds */
	GArray *cpu;
	long rss;
};

static pid_t
start(char **argv, const char *mail)
{
	pid_t pid = fork();

	if (pid < 0)
		exit(71);
	if (!pid) {
		int fd = open(mail, O_RDONLY);

		if (fd < 0 || dup2(fd, STDIN_FILENO) < 0)
			_exit(66);
		close(fd);
		execvp(argv[0], argv);
		_exit(127);
	}
	return pid;
}

static void
check(int status, const char *mail, const char *command)
{
	if (WIFEXITED(status) && !WEXITSTATUS(status))
		return;
	fprintf(stderr, "bench-run: %s: %s: status %x\n", command, mail,
	    (unsigned)status);
	exit(70);
}

static gint64
micros(const struct timeval *time)
{
	return (gint64)time->tv_sec * G_USEC_PER_SEC + time->tv_usec;
}

static void
measure(struct series *series, const char *mail)
{
	gint64 begin = g_get_monotonic_time();
	struct rusage usage;
	gint64 wall, cpu;
	int status;

	if (wait4(start(series->argv, mail), &status, 0, &usage) < 0)
		exit(71);
	wall = g_get_monotonic_time() - begin;
	cpu = micros(&usage.ru_utime) + micros(&usage.ru_stime);
	check(status, mail, series->argv[0]);
	g_array_append_val(series->wall, wall);
	g_array_append_val(series->cpu, cpu);
	series->rss = MAX(series->rss, usage.ru_maxrss);
}

static int
compare(gconstpointer a, gconstpointer b)
{
	const gint64 *x = a, *y = b;

	return *x < *y ? -1 : *x > *y;
}

static gint64
quantile(GArray *values, guint quarter)
{
	g_array_sort(values, compare);
	return g_array_index(values, gint64, (values->len - 1) * quarter / 4);
}

static GPtrArray *
list_mails(const char *directory)
{
	GPtrArray *mails = g_ptr_array_new();
	g_autoptr(GDir) dir = g_dir_open(directory, 0, NULL);
	const char *name;

	while (dir && (name = g_dir_read_name(dir)))
		g_ptr_array_add(mails, g_build_filename(directory, name, NULL));
	if (!mails->len)
		exit(66);
	return mails;
}

static void
shuffle(GRand *rand, guint *order, guint n)
{
	for (guint i = n; i > 1; i--) {
		guint j = (guint)g_rand_int_range(rand, 0, (gint32)i);
		guint last = order[i - 1];

		order[i - 1] = order[j];
		order[j] = last;
	}
}

static void
run_in_turn(GPtrArray *mails, char **argv)
{
	g_autoptr(GRand) rand = g_rand_new_with_seed(1);
	struct series series[COMMANDS_MAX] = {0};
	guint order[COMMANDS_MAX];
	guint n = 0;

	for (char **at = argv; *at && n < COMMANDS_MAX; n++) {
		order[n] = n;
		series[n].argv = at;
		series[n].wall = g_array_new(FALSE, FALSE, sizeof(gint64));
		series[n].cpu = g_array_new(FALSE, FALSE, sizeof(gint64));
		while (*at && strcmp(*at, "--"))
			at++;
		if (*at)
			*at++ = NULL;
	}
	for (guint i = 0; i < mails->len; i++) {
		shuffle(rand, order, n);
		for (guint j = 0; j < n; j++)
			measure(&series[order[j]], g_ptr_array_index(mails, i));
	}
	for (guint j = 0; j < n; j++)
		printf("%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT
		       "\t%" G_GINT64_FORMAT "\t%" G_GINT64_FORMAT
		       "\t%ld\t%s\n",
		    quantile(series[j].wall, 2), quantile(series[j].wall, 1),
		    quantile(series[j].wall, 3), quantile(series[j].cpu, 2),
		    series[j].rss, series[j].argv[0]);
}

static void
run_at_once(GPtrArray *mails, char **argv, guint at_once)
{
	gint64 begin = g_get_monotonic_time();
	guint running = 0;

	for (guint i = 0; i < mails->len || running;) {
		int status;

		if (i < mails->len && running < at_once) {
			start(argv, g_ptr_array_index(mails, i++));
			running++;
			continue;
		}
		if (wait(&status) < 0)
			exit(71);
		check(status, "a mail", argv[0]);
		running--;
	}
	printf("%.0f\n", mails->len * (double)G_USEC_PER_SEC /
			     (double)(g_get_monotonic_time() - begin));
}

int
main(int argc, char **argv)
{
	gboolean at_once = argc > 4 && !strcmp(argv[1], "-j");
	g_autoptr(GPtrArray) mails = NULL;

	if (argc < 3)
		return 64;
	mails = list_mails(argv[at_once ? 3 : 1]);
	if (at_once)
		run_at_once(mails, argv + 4, (guint)atoi(argv[2]));
	else
		run_in_turn(mails, argv + 2);
	return 0;
}
