/*
 * Which posting a part belongs to.
 *
 * Every part begins as a group of its own.  The relations are gone through
 * from the surest to the weakest, each for all parts, so that a part that is
 * merely near in time takes no place from one that says where it belongs.
 * Groups that have a part number in common stay two.
 *
 * A posting is one person's.  Parts that say that they belong together may be
 * from two addresses of one name; those near in time are from one.
 */
#include "config.h"

#include <string.h>

#include "series-private.h"

#define WINDOW	     (30 * 60)		 /* seconds between unthreaded parts */
#define EXTRA_WINDOW (14 * 24 * 60 * 60) /* the same for a part 6/5 */
#define RECENT_MAX   16 /* groups that an unthreaded one may belong to */
#define TRIES_MAX    16 /* others that a part is tried with */

/* Parts that belong together, under the index of one of them. */
struct group {
	guint into;  /* the group it has become part of, or itself */
	guint first; /* its parts, a list through next */
	guint last;
	guint next; /* of the part with this index */
	guint n;
	guint earliest;
	int total;
	gboolean threaded; /* a part refers to some mail */
	guint64 thread;	   /* of its earliest part */
	gint64 end;	   /* date of its latest */
};

/*
 * The parts of one bucket, of all persons; indexes in tables are kept plus one.
 */
struct bucket {
	const struct kd_series_part *parts; /* the oldest first */
	guint n;
	struct group *groups;
	GHashTable *slots; /* set of guint64: group and part number */
};

/* The id without what stands from at to end in it. */
static char *
cut_out(const char *id, const char *at, const char *end)
{
	char *rest = g_strdup(id);

	memmove(rest + (at - id), end, strlen(end) + 1);
	return rest;
}

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
			return cut_out(id, p, end);
		p = end;
	}
	return NULL;
}

static gboolean
same_person(const struct kd_series_part *a, const struct kd_series_part *b)
{
	return kd_series_same_person(a->member->record, b->member->record);
}

static guint
find_group(struct bucket *bucket, guint index)
{
	struct group *groups = bucket->groups;

	while (groups[index].into != index) {
		groups[index].into = groups[groups[index].into].into;
		index = groups[index].into;
	}
	return index;
}

static guint64
slot_of(const struct bucket *bucket, guint group, guint part)
{
	const kd_subject *subject = bucket->parts[part].member->subject;

	return (guint64)group << 32 | (guint64)subject->part << 8 |
	       (guchar)subject->letter;
}

static void
take_slot(struct bucket *bucket, guint group, guint part)
{
	guint64 slot = slot_of(bucket, group, part);

	g_hash_table_add(bucket->slots, g_memdup2(&slot, sizeof(slot)));
}

/* Whether two groups can be one posting; keep is the larger. */
static gboolean
fit(const struct bucket *bucket, guint keep, guint gone)
{
	const struct group *one = &bucket->groups[keep];
	const struct group *two = &bucket->groups[gone];
	guint part = two->first;

	if (one->total != two->total && one->total && two->total)
		return FALSE;
	for (guint i = 0; i < two->n; i++) {
		guint64 slot = slot_of(bucket, keep, part);

		if (g_hash_table_contains(bucket->slots, &slot))
			return FALSE;
		part = bucket->groups[part].next;
	}
	return TRUE;
}

/* Make the groups of two parts one, if they fit; FALSE if they do not. */
static gboolean
join(struct bucket *bucket, guint a, guint b)
{
	guint one = find_group(bucket, a), two = find_group(bucket, b);
	gboolean swap = bucket->groups[one].n < bucket->groups[two].n;
	guint keep = swap ? two : one, gone = swap ? one : two;
	struct group *to = &bucket->groups[keep];
	struct group *from = &bucket->groups[gone];
	guint part = from->first;

	if (keep == gone)
		return TRUE;
	if (!fit(bucket, keep, gone))
		return FALSE;
	for (guint i = 0; i < from->n; i++) {
		take_slot(bucket, keep, part);
		part = bucket->groups[part].next;
	}
	bucket->groups[to->last].next = from->first;
	to->last = from->last;
	to->n += from->n;
	to->total = MAX(to->total, from->total);
	to->threaded |= from->threaded;
	to->end = MAX(to->end, from->end);
	if (from->earliest < to->earliest) {
		to->earliest = from->earliest;
		to->thread = from->thread;
	}
	from->into = keep;
	return TRUE;
}

/* Parts that refer to one another, the nearest reference first. */
static void
join_references(struct bucket *bucket)
{
	g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = bucket->n; i > 0; i--)
		g_hash_table_insert(ids,
		    (gpointer)bucket->parts[i - 1].member->record->id,
		    GUINT_TO_POINTER(i));
	for (guint i = 0; i < bucket->n; i++) {
		const kd_record *record = bucket->parts[i].member->record;
		guint tries = 0;

		for (guint j = record->n_refs; j > 0 && tries < TRIES_MAX;
		     j--) {
			guint found = GPOINTER_TO_UINT(
			    g_hash_table_lookup(ids, record->refs[j - 1]));

			if (!found || !same_person(&bucket->parts[i],
					  &bucket->parts[found - 1]))
				continue;
			if (join(bucket, i, found - 1))
				break;
			tries++;
		}
	}
}

/*
 * Each part with the latest before it that has the same name and is by the same
 * person.  The names (of char *, or NULL) are in the order of the parts.
 */
static void
join_named(struct bucket *bucket, const GPtrArray *names)
{
	g_autoptr(GHashTable) latest =
	    g_hash_table_new(g_str_hash, g_str_equal);
	g_autofree guint *before = g_new0(guint, bucket->n);

	for (guint i = 0; i < bucket->n; i++) {
		gpointer name = g_ptr_array_index(names, i);
		guint at, tries = 0;

		if (!name)
			continue;
		at = GPOINTER_TO_UINT(g_hash_table_lookup(latest, name));
		before[i] = at;
		g_hash_table_insert(latest, name, GUINT_TO_POINTER(i + 1));
		while (at && tries++ < TRIES_MAX &&
		       !same_person(&bucket->parts[i], &bucket->parts[at - 1]))
			at = before[at - 1];
		if (at && tries <= TRIES_MAX)
			join(bucket, i, at - 1);
	}
}

/* What Message-IDs of one run of a tool have in common. */
static void
join_runs(struct bucket *bucket)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < bucket->n; i++)
		g_ptr_array_add(
		    names, id_origin(bucket->parts[i].member->record->id));
	join_named(bucket, names);
}

static void
join_siblings(struct bucket *bucket)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new();

	for (guint i = 0; i < bucket->n; i++) {
		const char *parent = bucket->parts[i].member->record->parent;

		g_ptr_array_add(names, *parent ? (gpointer)parent : NULL);
	}
	join_named(bucket, names);
}

/*
 * Whether a group may have been sent together with an earlier one.  Two that
 * are each threaded, but not together, are two: their covers went to other
 * lists.
 */
static gboolean
is_near(const struct bucket *bucket, guint earlier, guint later)
{
	const struct group *one = &bucket->groups[earlier];
	const struct group *two = &bucket->groups[later];
	const struct kd_member *first = bucket->parts[two->earliest].member;
	gint64 apart = first->record->date - one->end;

	if (one->total != two->total ||
	    (one->threaded && two->threaded && one->thread != two->thread))
		return FALSE;
	return apart <= WINDOW ||
	       (first->subject->part > one->total && apart <= EXTRA_WINDOW);
}

/* The latest of some groups that another one was sent together with. */
static gboolean
join_one_near(
    struct bucket *bucket, const GArray *begun, guint self, gboolean threaded)
{
	guint from = begun->len > RECENT_MAX ? begun->len - RECENT_MAX : 0;

	for (guint i = begun->len; i > from; i--) {
		guint other =
		    find_group(bucket, g_array_index(begun, guint, i - 1));

		if (bucket->groups[other].threaded == threaded &&
		    is_near(bucket, other, self) && join(bucket, other, self))
			return TRUE;
	}
	return FALSE;
}

/*
 * Groups that were sent at the same time, the earliest first.  One that is not
 * threaded goes with such a one rather than with one that is.
 */
static void
join_near(struct bucket *bucket)
{
	g_autoptr(GHashTable) all = g_hash_table_new_full(
	    g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_array_unref);

	for (guint i = 0; i < bucket->n; i++) {
		guint self = find_group(bucket, i);
		gboolean threaded = bucket->groups[self].threaded;
		GArray *begun;

		if (bucket->groups[self].earliest != i)
			continue;
		begun = g_hash_table_lookup(all, bucket->parts[i].person);
		if (!begun) {
			begun = g_array_new(FALSE, FALSE, sizeof(guint));
			g_hash_table_insert(
			    all, bucket->parts[i].person, begun);
		}
		if (!join_one_near(bucket, begun, self, threaded) &&
		    !join_one_near(bucket, begun, self, !threaded))
			g_array_append_val(begun, i);
	}
}

static void
bucket_init(struct bucket *bucket, const struct kd_series_part *parts, guint n)
{
	*bucket = (struct bucket){.parts = parts,
	    .n = n,
	    .groups = g_new(struct group, n),
	    .slots = g_hash_table_new_full(
		g_int64_hash, g_int64_equal, g_free, NULL)};
	for (guint i = 0; i < n; i++) {
		const struct kd_member *member = parts[i].member;

		bucket->groups[i] = (struct group){.into = i,
		    .first = i,
		    .last = i,
		    .next = i,
		    .n = 1,
		    .earliest = i,
		    .total = member->subject->total,
		    .threaded = member->record->n_refs > 0,
		    .thread = member->record->thread,
		    .end = member->record->date};
		take_slot(bucket, i, i);
	}
}

void
kd_series_place(GPtrArray *series, const struct kd_series_part *parts, guint n)
{
	g_autofree struct kd_series **made = g_new0(struct kd_series *, n);
	struct bucket bucket;

	bucket_init(&bucket, parts, n);
	join_references(&bucket);
	join_runs(&bucket);
	join_siblings(&bucket);
	join_near(&bucket);
	for (guint i = 0; i < n; i++) {
		guint group = find_group(&bucket, i);

		if (!made[group]) {
			made[group] = kd_series_new(parts[i].member);
			g_ptr_array_add(series, made[group]);
		}
		kd_series_add(made[group], parts[i].member, parts[i].index);
	}
	g_hash_table_unref(bucket.slots);
	g_free(bucket.groups);
}
