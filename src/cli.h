/*
 * What every program does at its edges: options, errors, standard output.
 */
#ifndef KD_CLI_H
#define KD_CLI_H

#include <glib.h>

/*
 * First call of every main: no core files, SIGPIPE and SIGXFSZ ignored so that
 * a failed write is an error and not a death, descriptors 0 to 2 open.
 */
void kd_cli_start(const char *program);

/*
 * Second call of a main that opens a store: the signals that a damaged one
 * ends in are an error message and exit 78 or 70.
 */
void kd_cli_watch_store(void);

/*
 * UTF-8 whatever the caller's locale, for what converts: GLib's options of
 * type STRING, GMime.  It is a twentieth of a delivery, which does without.
 */
void kd_cli_locale(void);

/*
 * Parse argc/argv by a NULL-terminated table.  usage is the synopsis after
 * the program's name, summary a paragraph for --help, both for g_option.
 * --help prints on standard output and exits 0; so does --version.  Operands
 * are left in argv.  FALSE sets error (G_OPTION_ERROR).
 */
gboolean kd_cli_parse(int *argc, char ***argv, const GOptionEntry *entries,
    const char *usage, const char *summary, GError **error);

/*
 * Print "program: message" as one line of UTF-8 without control characters
 * on standard error.  The only place that prints an error.
 */
void kd_cli_error(const GError *error);

/* The same for what is worth knowing and no failure. */
void kd_cli_notice(const char *format, ...) G_GNUC_PRINTF(1, 2);

/*
 * Flush and close standard output.  FALSE sets error (KD_ERROR_IO): then the
 * output is not complete and the program must not exit 0.
 */
gboolean kd_cli_close_stdout(GError **error);

/*
 * Write bytes to a file that appears whole or not at all: a temporary file
 * beside it, fsync, rename, fsync of the directory.  "-" is standard output;
 * a device or a pipe is written to as it is.
 */
gboolean kd_cli_write_file(
    const char *path, const char *bytes, gsize length, GError **error);

/*
 * A progress line on standard error, when that is a terminal and the work
 * has taken longer than two seconds.  Call progress as often as you like
 * (total 0: not known), done once at the end.
 */
void kd_cli_progress(const char *what, guint64 count, guint64 total);
void kd_cli_progress_done(void);

/*
 * The columns of the terminal that standard output is, 0 if it is none; and
 * whether escape sequences may style what is written there: not where NO_COLOR
 * is set, or TERM is "dumb".
 */
guint kd_cli_columns(void);
gboolean kd_cli_is_styled(void);

#endif
