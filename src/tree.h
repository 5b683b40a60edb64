/*
 * Which source tree patches are for, and which part of it.  Pure.
 */
#ifndef KD_TREE_H
#define KD_TREE_H

#include <glib.h>

#include "series.h"

/*
 * By the tags of subjects, the files of diffs and who is copied, the first of
 * these that tells: "kernel", "QEMU", "kvm-unit-tests", "kvmtool", "TF-A",
 * "EDK2", or "" when nothing does.  Of the kernel the part is told if all files
 * are of one: "kernel/selftests", "kernel/docs", "kernel/x86".  members is an
 * array of struct kd_member, newest the posting among them that counts before
 * all others, -1 for none.
 */
char *kd_tree_find(const GArray *members, int newest);

/* Whether a file is of the kernel's interface to user space, or tells of it. */
gboolean kd_tree_is_uapi(const char *path);

#endif
