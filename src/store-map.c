/*
 * The map of the store's file: what is wanted of it, and what not any more.
 *
 * What was read stays mapped, and counts as this process's memory, the more the
 * larger the file.  It is given back once it is much: it stays in the page
 * cache, and who follows a pointer to it gets it mapped again.
 */
#include "config.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "store-private.h"

#define MAPPED_MAX ((gsize)48 << 20) /* bytes */
#define LOOKS	   256 /* each of which maps some pages around its own */
#define FAULTS	   64  /* the same, but of those that mapped any */

/* What follows a value is mostly what is read next. */
#define AHEAD ((gsize)64 << 10) /* bytes */

/* Bytes of files that are in our memory; 0 when there is no telling. */
static gsize
mapped(void)
{
	g_autoptr(kd_file) file = fopen("/proc/self/statm", "re");
	gsize size, resident, shared;

	if (!file ||
	    fscanf(file, "%zu %zu %zu", &size, &resident, &shared) != 3)
		return 0;
	return shared * (gsize)sysconf(_SC_PAGESIZE);
}

/* The line of a shared map of a store's file: losing it loses nothing. */
static gboolean
is_ours(const char *line, guintptr *begin, guintptr *end)
{
	char flags[5];

	return sscanf(line, "%" SCNxPTR "-%" SCNxPTR " %4s", begin, end,
		   flags) == 3 &&
	       flags[3] == 's' && g_str_has_suffix(line, "/data.mdb\n");
}

static void
trim(void)
{
	g_autoptr(kd_file) file = fopen("/proc/self/maps", "re");
	guintptr begin, end;
	char line[4096];

	while (file && fgets(line, sizeof(line), file))
		if (is_ours(line, &begin, &end))
			madvise((void *)begin, end - begin, MADV_DONTNEED);
}

void
kd_store_looked(kd_store *store)
{
	struct rusage used;

	if (++store->looks % LOOKS)
		return;
	getrusage(RUSAGE_SELF, &used);
	if (used.ru_minflt + used.ru_majflt < store->faults + FAULTS)
		return;
	store->faults = used.ru_minflt + used.ru_majflt;
	if (mapped() > MAPPED_MAX)
		trim();
}

void
kd_value_want(kd_store *store, const MDB_val *value)
{
	static gsize page;
	guintptr begin = (guintptr)value->mv_data;
	guintptr end = begin + value->mv_size;

	if (!page)
		page = (gsize)sysconf(_SC_PAGESIZE);
	if (begin % page + value->mv_size <= page ||
	    (begin >= store->wanted && end <= store->wanted_end))
		return;
	store->wanted = begin - begin % page;
	store->wanted_end = MAX(end, store->wanted + AHEAD);
	madvise((void *)store->wanted, store->wanted_end - store->wanted,
	    MADV_WILLNEED);
}
