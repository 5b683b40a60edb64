#include "config.h"

#include <string.h>

#include "tree.h"

/* What a tree is known by; the first that fits counts. */
static const struct tree {
	enum {
		BY_TAG,
		BY_TITLE,
		BY_PATH,
		BY_COPY
	} by;
	const char *what;
	const char *tree;
} trees[] = {
    {BY_TAG, "kvm-unit-tests", "kvm-unit-tests"},
    {BY_TAG, "kvmtool", "kvmtool"},
    {BY_TAG, "qemu", "QEMU"},
    {BY_TAG, "edk2", "EDK2"},
    {BY_TAG, "tf-a", "TF-A"},
    {BY_TITLE, "kvm-unit-tests: ", "kvm-unit-tests"},
    {BY_TITLE, "kvmtool: ", "kvmtool"},
    {BY_PATH, "target/", "QEMU"},
    {BY_PATH, "hw/", "QEMU"},
    {BY_PATH, "accel/", "QEMU"},
    {BY_PATH, "linux-headers/", "QEMU"},
    {BY_PATH, "ArmVirtPkg/", "EDK2"},
    {BY_PATH, "ArmPkg/", "EDK2"},
    {BY_PATH, "OvmfPkg/", "EDK2"},
    {BY_PATH, "lib/el3_runtime/", "TF-A"},
    {BY_PATH, "plat/arm/", "TF-A"},
    {BY_PATH, "arch/", "kernel"},
    {BY_PATH, "virt/", "kernel"},
    {BY_PATH, "drivers/", "kernel"},
    {BY_PATH, "Documentation/", "kernel"},
    {BY_PATH, "include/", "kernel"},
    {BY_PATH, "tools/", "kernel"},
    {BY_COPY, "qemu-devel@nongnu.org", "QEMU"},
    {BY_COPY, "devel@edk2.groups.io", "EDK2"},
    {BY_COPY, "tf-a@lists.trustedfirmware.org", "TF-A"},
    {BY_COPY, "linux-kernel@vger.kernel.org", "kernel"},
    {BY_COPY, "linux-arm-kernel@lists.infradead.org", "kernel"},
};

/* Parts of the kernel that are told of by name. */
static const struct {
	const char *path;
	const char *part;
} parts[] = {
    {"tools/testing/selftests/", "selftests"},
    {"Documentation/", "docs"},
    {"arch/x86/", "x86"},
    {"arch/riscv/", "riscv"},
    {"arch/s390/", "s390"},
    {"arch/powerpc/", "powerpc"},
    {"arch/mips/", "mips"},
    {"arch/loongarch/", "loongarch"},
};

static gboolean
begins_one(const char *const *strings, guint n, const char *prefix)
{
	for (guint i = 0; i < n; i++)
		if (g_str_has_prefix(strings[i], prefix))
			return TRUE;
	return FALSE;
}

static gboolean
is_for(const struct kd_member *member, const struct tree *tree)
{
	const kd_record *record = member->record;

	switch (tree->by) {
	case BY_TAG:
		return !strcmp(member->subject->project, tree->what);
	case BY_TITLE:
		return g_str_has_prefix(member->subject->title, tree->what);
	case BY_PATH:
		return begins_one(record->paths, record->n_paths, tree->what);
	case BY_COPY:
		return begins_one(record->copies, record->n_copies, tree->what);
	}
	return FALSE;
}

/* Whether a mail counts: one of a posting, or any for -1. */
static gboolean
counts(const struct kd_member *member, int posting)
{
	return posting < 0 || member->posting == posting;
}

static const char *
find(const GArray *members, int posting)
{
	for (gsize t = 0; t < G_N_ELEMENTS(trees); t++)
		for (guint i = 0; i < members->len; i++) {
			const struct kd_member *member =
			    &g_array_index(members, struct kd_member, i);

			if (counts(member, posting) &&
			    is_for(member, &trees[t]))
				return trees[t].tree;
		}
	return "";
}

/* The part that a file is of, NULL for any that has no name here. */
static const char *
part_of(const char *path)
{
	for (gsize i = 0; i < G_N_ELEMENTS(parts); i++)
		if (g_str_has_prefix(path, parts[i].path))
			return parts[i].part;
	return NULL;
}

/* The part that all files of all patches are of, or NULL. */
static const char *
find_part(const GArray *members, int posting)
{
	const char *all = NULL;

	for (guint i = 0; i < members->len; i++) {
		const struct kd_member *member =
		    &g_array_index(members, struct kd_member, i);
		const kd_record *record = member->record;

		if (!counts(member, posting))
			continue;
		for (guint j = 0; j < record->n_paths; j++) {
			const char *part = part_of(record->paths[j]);

			if (!part || (all && strcmp(part, all)))
				return NULL;
			all = part;
		}
	}
	return all;
}

char *
kd_tree_find(const GArray *members, int newest)
{
	const char *tree = find(members, newest);
	const char *part;

	if (!*tree)
		tree = find(members, -1);
	part = strcmp(tree, "kernel") ? NULL : find_part(members, newest);

	return part ? g_strjoin("/", tree, part, NULL) : g_strdup(tree);
}

gboolean
kd_tree_is_uapi(const char *path)
{
	return g_str_has_prefix(path, "include/uapi/") ||
	       (g_str_has_prefix(path, "arch/") &&
		   strstr(path, "/include/uapi/")) ||
	       !strcmp(path, "Documentation/virt/kvm/api.rst");
}
