/*
 * All threads at once, from packed records: the connected components of mails
 * and the ids that they have and name, by the same rules as group-place.c,
 * which keeps them as mails come.  Each is the proof of the other.
 */
#ifndef KD_PARTITION_H
#define KD_PARTITION_H

#include <glib.h>

typedef struct kd_partition kd_partition;

/* The caller frees it. */
kd_partition *kd_partition_new(void);
void kd_partition_free(kd_partition *partition);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_partition, kd_partition_free)

/*
 * Take in the mail with a number, above those before, by its packed record.
 * Ids are not copied: the record stays where it is until all is done.  FALSE
 * sets KD_ERROR_DATA for a record that kd_record_ids() refuses.
 */
gboolean kd_partition_add(kd_partition *partition, guint64 number,
    const void *record, gsize length, GError **error);

/*
 * The threads, once all mails are in: of each mail, in the order they came,
 * the lowest number in its thread (guint64).  The caller unrefs.
 */
GArray *kd_partition_threads(kd_partition *partition);

#endif
