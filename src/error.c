#include "config.h"

#include <sysexits.h>

#include "error.h"

G_DEFINE_QUARK(kd - error - quark, kd_error)

int
kd_exit_status(const GError *error)
{
	if (!error)
		return EX_OK;
	if (error->domain == G_OPTION_ERROR)
		return EX_USAGE;
	if (error->domain != KD_ERROR)
		return EX_TEMPFAIL;
	switch ((enum kd_error)error->code) {
	case KD_ERROR_USAGE:
		return EX_USAGE;
	case KD_ERROR_DATA:
		return EX_DATAERR;
	case KD_ERROR_SERVICE:
		return EX_UNAVAILABLE;
	case KD_ERROR_BUG:
		return EX_SOFTWARE;
	case KD_ERROR_IO:
		return EX_IOERR;
	case KD_ERROR_TEMP:
		return EX_TEMPFAIL;
	case KD_ERROR_CONFIG:
		return EX_CONFIG;
	}
	return EX_SOFTWARE;
}

enum kd_error
kd_error_from_exit(int status)
{
	switch (status) {
	case EX_USAGE:
	case EX_NOPERM:
	case EX_CONFIG:
		return KD_ERROR_CONFIG;
	case EX_DATAERR:
	case EX_NOUSER:
		return KD_ERROR_SERVICE;
	default:
		return KD_ERROR_TEMP;
	}
}

gboolean
kd_error_errno(
    GError **error, enum kd_error code, int errnum, const char *object)
{
	g_set_error(
	    error, KD_ERROR, code, "%s: %s", object, g_strerror(errnum));
	return FALSE;
}
