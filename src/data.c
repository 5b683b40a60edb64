#include "config.h"

#include <glib.h>

#include "data.h"

/* What the administrator has put into the first goes before what is installed.
 */
#define SEARCH_PATH KD_SYSCONFDIR "/kvdigest:" KD_DATADIR

char *
kd_data_file(const char *name)
{
	const char *path = g_getenv("KVDIGEST_DATA_PATH");
	g_auto(GStrv) directories =
	    g_strsplit(path && *path ? path : SEARCH_PATH, ":", -1);

	for (char **directory = directories;; directory++) {
		g_autofree char *file =
		    g_build_filename(*directory, name, NULL);

		/* The last is where it is missed. */
		if (!directory[1] || g_file_test(file, G_FILE_TEST_EXISTS))
			return g_steal_pointer(&file);
	}
}
