/*
 * Which posting a part belongs to.
 */
#include "config.h"

#include <string.h>

#include "series-private.h"

#define WINDOW	     (30 * 60)		 /* seconds between unthreaded parts */
#define EXTRA_WINDOW (14 * 24 * 60 * 60) /* the same for a part 6/5 */
#define RECENT_MAX   16 /* postings that an unthreaded part may belong to */

/* The postings of one bucket; indexes into series are kept plus one. */
struct bucket {
	GPtrArray *series;
	guint first;	     /* index of the bucket's first */
	GHashTable *slots;   /* set of guint64: index and part number */
	GHashTable *ids;     /* Message-ID of a part -> index */
	GHashTable *refs;    /* id that a part refers to -> index of latest */
	GHashTable *parents; /* id that a part answers -> index of latest */
	GHashTable *origins; /* what is common in the ids -> index of latest */
};

/*
 * What the ids that one run of a tool makes have in common, or NULL:
 * "TIME.PID-N-user@host" of git send-email and "DATE-name-vN-M-HASH@host" of
 * b4 without N or M, "HASH.TIME.git.user@host" of format-patch without HASH.
 */
static char *
id_origin(const char *id)
{
	const char *at = strchr(id, '@');
	const char *dot = strchr(id, '.');

	if (!at || at == id)
		return NULL;
	if (dot && dot < at) {
		const char *git = dot + 1 + strspn(dot + 1, "0123456789");

		if (git > dot + 1 && g_str_has_prefix(git, ".git."))
			return g_strdup(dot + 1);
	}
	for (const char *p = at - 1; p > id; p--) {
		const char *end = p;

		if (*p != '-')
			continue;
		while (p > id && g_ascii_isdigit(p[-1]))
			p--;
		if (p < end && p > id && p[-1] == '-')
			return g_strdup_printf(
			    "%.*s%s", (int)(p - id), id, end);
		p = end;
	}
	return NULL;
}

static struct kd_series *
series_at(const struct bucket *bucket, guint index)
{
	return g_ptr_array_index(bucket->series, index);
}

static guint64
slot_of(guint index, const kd_subject *subject)
{
	return (guint64)index << 32 | (guint64)subject->part << 8 |
	       (guchar)subject->letter;
}

/* Whether a posting has room for this part. */
static gboolean
fits(const struct bucket *bucket, guint index, const kd_subject *subject)
{
	const struct kd_series *series = series_at(bucket, index);
	guint64 slot = slot_of(index, subject);

	return (series->total == subject->total || !series->total ||
		   !subject->total) &&
	       !g_hash_table_contains(bucket->slots, &slot);
}

/* The posting that an id leads to, plus one, if it has room; else 0. */
static guint
find_by(const struct bucket *bucket, GHashTable *table, const char *id,
    const struct kd_series_part *part)
{
	guint found = GPOINTER_TO_UINT(g_hash_table_lookup(table, id));

	return found && fits(bucket, found - 1, part->member->subject) ? found
								       : 0;
}

/*
 * A posting that was sent at the same time.  Two that are each threaded, but
 * not together, are two: their covers went to other lists.
 */
static guint
find_by_time(const struct bucket *bucket, const struct kd_series_part *part)
{
	const kd_record *record = part->member->record;
	const kd_subject *subject = part->member->subject;
	guint last = bucket->series->len;
	guint first = bucket->first;

	if (subject->flags & KD_SUBJECT_STABLE)
		return 0;
	if (last - first > RECENT_MAX)
		first = last - RECENT_MAX;
	for (guint i = last; i > first; i--) {
		const struct kd_series *series = series_at(bucket, i - 1);
		gint64 apart = record->date - series->last;

		if ((series->threaded && record->n_refs &&
			series->thread != record->thread) ||
		    series->total != subject->total ||
		    !fits(bucket, i - 1, subject))
			continue;
		if (apart <= WINDOW ||
		    (subject->part > series->total && apart <= EXTRA_WINDOW))
			return i;
	}
	return 0;
}

/* The posting of a part, plus one: the surest relation first; 0 for a new. */
static guint
find_series(const struct bucket *bucket, const struct kd_series_part *part,
    const char *origin)
{
	const kd_record *record = part->member->record;
	guint found;

	for (guint i = record->n_refs; i > 0; i--) {
		found = find_by(bucket, bucket->ids, record->refs[i - 1], part);
		if (found)
			return found;
	}
	found = find_by(bucket, bucket->refs, record->id, part);
	if (!found && origin)
		found = find_by(bucket, bucket->origins, origin, part);
	if (!found && *record->parent)
		found = find_by(bucket, bucket->parents, record->parent, part);
	return found ? found : find_by_time(bucket, part);
}

static void
place_part(struct bucket *bucket, const struct kd_series_part *part)
{
	const kd_record *record = part->member->record;
	g_autofree char *origin = id_origin(record->id);
	guint found = find_series(bucket, part, origin);
	gpointer index;
	guint64 slot;

	if (!found) {
		g_ptr_array_add(bucket->series, kd_series_new(part->member));
		found = bucket->series->len;
	}
	kd_series_add(series_at(bucket, found - 1), part->member, part->index);
	slot = slot_of(found - 1, part->member->subject);
	g_hash_table_add(bucket->slots, g_memdup2(&slot, sizeof(slot)));
	index = GUINT_TO_POINTER(found);
	g_hash_table_insert(bucket->ids, (gpointer)record->id, index);
	for (guint i = 0; i < record->n_refs; i++)
		g_hash_table_insert(
		    bucket->refs, (gpointer)record->refs[i], index);
	if (*record->parent)
		g_hash_table_insert(
		    bucket->parents, (gpointer)record->parent, index);
	if (origin)
		g_hash_table_insert(
		    bucket->origins, g_steal_pointer(&origin), index);
}

void
kd_series_place(GPtrArray *series, const struct kd_series_part *parts, guint n)
{
	g_autoptr(GHashTable) slots =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);
	g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) refs = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) parents =
	    g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) origins =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	struct bucket bucket = {.series = series,
	    .first = series->len,
	    .slots = slots,
	    .ids = ids,
	    .refs = refs,
	    .parents = parents,
	    .origins = origins};

	for (guint i = 0; i < n; i++)
		place_part(&bucket, &parts[i]);
}
