/*
 * The error domain of the library, and the one place that knows <sysexits.h>.
 *
 * A message reads "object: action: reason", lower case, without full stop;
 * main puts the program's name before it.
 */
#ifndef KD_ERROR_H
#define KD_ERROR_H

#include <glib.h>

#define KD_ERROR (kd_error_quark())
GQuark kd_error_quark(void);

enum kd_error {
	KD_ERROR_USAGE,	  /* the command line is wrong: 64 */
	KD_ERROR_DATA,	  /* input refused: 65 */
	KD_ERROR_SERVICE, /* a server or child program failed: 69 */
	KD_ERROR_BUG,	  /* an invariant of ours does not hold: 70 */
	KD_ERROR_IO,	  /* output was not written: 74 */
	KD_ERROR_TEMP,	  /* run again later: 75 */
	KD_ERROR_CONFIG,  /* the operator has something to mend: 78 */
};

/*
 * The exit status that stands for an error.  NULL is 0.  An error of another
 * domain (GFileError, GOptionError, ...) is mapped by what it says of the
 * cause: a wrong option is 64, everything else 75.  kvdigest-ingest does not
 * ask: it exits 0 or 75.
 */
int kd_exit_status(const GError *error);

/*
 * What a mail program's exit status other than 0 says.  64, 77 and 78 are
 * KD_ERROR_CONFIG, 65 and 67 KD_ERROR_SERVICE: trying again changes nothing
 * before somebody mends something.  All else is KD_ERROR_TEMP.
 */
enum kd_error kd_error_from_exit(int status);

/*
 * Set *error to domain KD_ERROR, the code, and "object: reason", the reason
 * being strerror(errnum).  Always returns FALSE, so that a caller can return
 * its result.
 */
gboolean kd_error_errno(
    GError **error, enum kd_error code, int errnum, const char *object);

#endif
