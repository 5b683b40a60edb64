/*
 * Who is who: names and addresses as git's mailmap puts them right.
 */
#ifndef KD_MAILMAP_H
#define KD_MAILMAP_H

#include <glib.h>

#include "record.h"

#define KD_MAILMAP_FILE_MAX 1000000 /* bytes of a file */

typedef struct kd_mailmap kd_mailmap;

/*
 * Read a file.  NULL sets the errors of kd_table_load(), which a line of another
 * form is as well.
 */
kd_mailmap *kd_mailmap_load(const char *file, GError **error);

void kd_mailmap_free(kd_mailmap *mailmap);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_mailmap, kd_mailmap_free)

/*
 * Put right who wrote a mail and whom its facts name.  The record's strings are
 * then the mailmap's, which must outlive it.
 */
void kd_mailmap_apply(kd_mailmap *mailmap, kd_record *record);

#endif
