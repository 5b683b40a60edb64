#include "config.h"

#include <glib.h>

#include "data.h"

char *
kd_data_file(const char *name)
{
	const char *directory = g_getenv("KVDIGEST_DATA_PATH");

	return g_build_filename(
	    directory && *directory ? directory : KD_DATADIR, name, NULL);
}
