/*
 * Child programs: a filter, a parser, sendmail.  An argument vector, never a
 * shell; every wait has a deadline; what comes back has a limit.
 */
#ifndef KD_CHILD_H
#define KD_CHILD_H

#include <glib.h>

struct kd_child {
	const char *const *argv; /* argv[0] is a path; NULL-terminated */
	GBytes *input;		 /* what it reads on standard input */
	guint deadline;		 /* seconds until it is killed; 0 is an error */
	gsize output_max;	 /* bytes of standard output accepted */
	gboolean input_whole;	 /* exit 0 must mean that it read it all */
	/* More of its environment, "NAME=value"; NULL-terminated, or NULL. */
	const char *const *variables;
};

/*
 * Run a child to its end.  Its environment is PATH (a fixed one),
 * LC_ALL=C.UTF-8, HOME, its variables, and nothing else; its standard error is ours; other
 * descriptors are closed.  It need not read all of its input, but for
 * input_whole, which tells by what the pipe did not take: the last 64 KB
 * count as read.
 *
 * TRUE: it ended by itself, *status (as of wait(2)) and *output (may be NULL
 * when the caller does not want it) are set.  FALSE sets error, the object
 * being argv[0]: it could not be started, it was killed at the deadline
 * (KD_ERROR_TEMP), it exited 0 without its input_whole (KD_ERROR_TEMP), or
 * it wrote more than output_max and was killed (KD_ERROR_SERVICE).  No
 * child is left behind in any case.
 */
gboolean kd_child_run(
    const struct kd_child *child, GBytes **output, int *status, GError **error);

/*
 * Turn the status of a child that should have exited 0 into an error
 * "PROGRAM: exit status N" (KD_ERROR_CONFIG where kd_error_from_exit()
 * says so, else KD_ERROR_SERVICE) or
 * "PROGRAM: killed by signal N" (KD_ERROR_SERVICE).
 */
gboolean kd_child_check(int status, const char *program, GError **error);

/*
 * The path of one of our own filters, or of one that the admin names: a name
 * without "/" is looked up in $KVDIGEST_EXEC_PATH or else in the directory
 * that make install uses; a path must be absolute.  NULL sets KD_ERROR_CONFIG
 * when there is no such executable.  The caller frees it.
 */
char *kd_child_find(const char *name, GError **error);

#endif
