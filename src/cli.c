#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "auto.h"
#include "cli.h"
#include "error.h"

#define PROGRESS_AFTER (2 * G_USEC_PER_SEC)
#define COLUMNS	       80 /* of a terminal that does not say */
#define PROGRESS_EVERY (G_USEC_PER_SEC / 5)

static struct {
	const char *program;
	gint64 started;	 /* of the work that progress speaks of, or 0 */
	gint64 reported; /* the last line, or 0 */
} cli;

/*
 * A mapped file that has lost its end answers by SIGBUS; damage that LMDB does
 * not notice, or notices by an assertion, by the others.  Async-signal-safe.
 */
static void
end_at_damage(int signal_number)
{
	static const char cut[] = ": store: its file is cut off, or its disk "
				  "fails; restore it from a backup\n";
	static const char wrong[] = ": store: its file is damaged, or this is "
				    "a bug; try a backup of it\n";
	gboolean bus = signal_number == SIGBUS;

	if (write(STDERR_FILENO, cli.program, strlen(cli.program)) < 0 ||
	    write(STDERR_FILENO, bus ? cut : wrong,
		bus ? sizeof(cut) - 1 : sizeof(wrong) - 1) < 0)
		_exit(EX_SOFTWARE);
	_exit(bus ? EX_CONFIG : EX_SOFTWARE);
}

/* Where nobody has said what becomes of a signal, as mta.c does. */
void
kd_cli_watch_store(void)
{
	static const int signals[] = {SIGBUS, SIGSEGV, SIGABRT};
	struct sigaction action;

	for (gsize i = 0; i < G_N_ELEMENTS(signals); i++)
		if (!sigaction(signals[i], NULL, &action) &&
		    action.sa_handler == SIG_DFL)
			signal(signals[i], end_at_damage);
}

void
kd_cli_start(const char *program)
{
	static const struct rlimit no_core = {0, 0};
	int fd;

	cli.program = program;
	g_set_prgname(program);
	/* A store's file must not land on descriptor 0, 1 or 2. */
	while ((fd = open("/dev/null", O_RDWR)) >= 0 && fd <= STDERR_FILENO)
		;
	if (fd > STDERR_FILENO)
		close(fd);
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	setrlimit(RLIMIT_CORE, &no_core);
	umask(077);
}

void
kd_cli_locale(void)
{
	setlocale(LC_CTYPE, "C.UTF-8");
}

gboolean
kd_cli_parse(int *argc, char ***argv, const GOptionEntry *entries,
    const char *usage, const char *summary, GError **error)
{
	gboolean version = FALSE, help = FALSE;
	/* GLib's own --help wants a locale to print its text in. */
	const GOptionEntry common[] = {
	    {"help", 'h', 0, G_OPTION_ARG_NONE, &help,
		"Print this help and exit", NULL},
	    {"version", 'V', 0, G_OPTION_ARG_NONE, &version,
		"Print the version and exit", NULL},
	    {0}};
	g_autoptr(GOptionContext) context = g_option_context_new(usage);

	g_option_context_set_help_enabled(context, FALSE);
	g_option_context_set_summary(context, summary);
	g_option_context_add_main_entries(context, entries, NULL);
	g_option_context_add_main_entries(context, common, NULL);
	if (!g_option_context_parse(context, argc, argv, error))
		return FALSE;
	if (help) {
		g_autofree char *text =
		    g_option_context_get_help(context, TRUE, NULL);

		fputs(text, stdout);
	} else if (version) {
		printf(
		    "%s (%s) %s\n", cli.program, PACKAGE_NAME, PACKAGE_VERSION);
	} else {
		return TRUE;
	}
	if (!kd_cli_close_stdout(error))
		return FALSE;
	exit(EXIT_SUCCESS);
}

static void
print_line(const char *text)
{
	g_autofree char *line = g_utf8_make_valid(text, -1);

	for (char *p = line; *p; p++)
		if (g_ascii_iscntrl(*p))
			*p = '?';
	kd_cli_progress_done();
	fprintf(stderr, "%s: %s\n", cli.program, line);
}

void
kd_cli_error(const GError *error)
{
	print_line(error->message);
}

void
kd_cli_notice(const char *format, ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	print_line(text);
}

gboolean
kd_cli_close_stdout(GError **error)
{
	int failed = ferror(stdout);

	errno = 0;
	if (fclose(stdout) || failed)
		return kd_error_errno(error, KD_ERROR_IO, errno ? errno : EIO,
		    "standard output: write");
	return TRUE;
}

static gboolean
sync_directory(const char *path, GError **error)
{
	g_autofree char *directory = g_path_get_dirname(path);
	g_auto(kd_fd) fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd))
		return kd_error_errno(error, KD_ERROR_IO, errno, directory);
	return TRUE;
}

/* A device or a pipe is written to; a rename would take its place. */
static gboolean
is_special(const char *path)
{
	struct stat st;

	return !stat(path, &st) && !S_ISREG(st.st_mode);
}

static gboolean
write_special(const char *path, const char *bytes, gsize length, GError **error)
{
	g_autoptr(kd_file) file = fopen(path, "we");

	if (!file || fwrite(bytes, 1, length, file) != length ||
	    fclose(g_steal_pointer(&file)))
		return kd_error_errno(error, KD_ERROR_IO, errno, path);
	return TRUE;
}

gboolean
kd_cli_write_file(
    const char *path, const char *bytes, gsize length, GError **error)
{
	g_autofree char *temporary = g_strdup_printf("%s.XXXXXX", path);
	g_autoptr(kd_file) file = NULL;
	int fd;

	if (!strcmp(path, "-")) {
		fwrite(bytes, 1, length, stdout);
		return kd_cli_close_stdout(error);
	}
	if (is_special(path))
		return write_special(path, bytes, length, error);
	fd = g_mkstemp_full(temporary, O_WRONLY | O_CLOEXEC, 0644);
	if (fd < 0)
		return kd_error_errno(error, KD_ERROR_IO, errno, path);
	file = fdopen(fd, "w");
	if (!file || fwrite(bytes, 1, length, file) != length || fflush(file) ||
	    fsync(fd) || fclose(g_steal_pointer(&file)) ||
	    rename(temporary, path)) {
		kd_error_errno(error, KD_ERROR_IO, errno, path);
		unlink(temporary);
		return FALSE;
	}
	return sync_directory(path, error);
}

void
kd_cli_progress(const char *what, guint64 count, guint64 total)
{
	gint64 now = g_get_monotonic_time();

	if (!cli.started)
		cli.started = now;
	if (now - cli.started < PROGRESS_AFTER ||
	    now - cli.reported < PROGRESS_EVERY || !isatty(STDERR_FILENO))
		return;
	cli.reported = now;
	if (total)
		fprintf(stderr,
		    "\r%s: %s: %" G_GUINT64_FORMAT " of %" G_GUINT64_FORMAT
		    " (%u%%)\033[K",
		    cli.program, what, count, total,
		    (guint)(count * 100 / total));
	else
		fprintf(stderr, "\r%s: %s: %" G_GUINT64_FORMAT "\033[K",
		    cli.program, what, count);
}

void
kd_cli_progress_done(void)
{
	if (cli.reported)
		fputs("\r\033[K", stderr);
	cli.reported = 0;
	cli.started = 0;
}

guint
kd_cli_columns(void)
{
	struct winsize size;

	if (!isatty(STDOUT_FILENO))
		return 0;
	return ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) || !size.ws_col
		   ? COLUMNS
		   : size.ws_col;
}

gboolean
kd_cli_is_styled(void)
{
	const char *off = g_getenv("NO_COLOR");
	const char *term = g_getenv("TERM");

	return isatty(STDOUT_FILENO) && !(off && *off) && term &&
	       strcmp(term, "dumb") != 0;
}
