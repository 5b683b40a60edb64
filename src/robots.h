/*
 * Which authors are programs, by the list that kvdigest-robots(5) describes.
 */
#ifndef KD_ROBOTS_H
#define KD_ROBOTS_H

#include <glib.h>

#define KD_ROBOTS_FILE_MAX 100000 /* bytes of a list */
#define KD_ROBOTS_MAX	   1000	  /* patterns in one */

typedef struct kd_robots kd_robots;

/*
 * Read a list.  NULL sets the errors of kd_table_load(), which more than
 * KD_ROBOTS_MAX patterns are as well.
 */
kd_robots *kd_robots_load(const char *file, GError **error);

void kd_robots_free(kd_robots *robots);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_robots, kd_robots_free)

/*
 * Whether the author of this display name and address, decoded UTF-8, each ""
 * where a mail has none, is one of them.
 */
gboolean kd_robots_match(
    const kd_robots *robots, const char *name, const char *address);

#endif
