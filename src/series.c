#include "config.h"

#include <string.h>

#include "person.h"
#include "series-private.h"

static void
member_clear(gpointer data)
{
	struct kd_member *member = data;

	kd_subject_free(member->subject);
}

/* Whether a mail went to the list or the people of stable trees. */
static gboolean
is_to_stable(const kd_record *record)
{
	for (guint i = 0; i < record->n_copies; i++)
		if (g_str_has_prefix(record->copies[i], "stable@"))
			return TRUE;
	return FALSE;
}

/* Whether a patch's text tells that it is a stable tree's copy of a commit. */
static gboolean
is_copied(const kd_record *record)
{
	for (guint i = 0; i < record->n_facts; i++) {
		const struct kd_fact *fact = &record->facts[i];

		if (fact->kind == KD_FACT_UPSTREAM &&
		    (!strstr(fact->value, "://") || is_to_stable(record)))
			return TRUE;
	}
	return FALSE;
}

struct kd_member
kd_member_of(const kd_record *record, kd_subject *subject)
{
	struct kd_member member = {
	    .record = record, .subject = subject, .posting = -1};

	member.stable = subject->flags & KD_SUBJECT_STABLE ||
			(kd_member_is_patch(&member) && is_copied(record));
	return member;
}

void
kd_members_add(GArray *members, const kd_record *record)
{
	struct kd_member member =
	    kd_member_of(record, kd_subject_parse(record->subject));

	g_array_append_val(members, member);
}

GArray *
kd_members_new(const GPtrArray *records)
{
	GArray *members = g_array_new(FALSE, FALSE, sizeof(struct kd_member));

	g_array_set_clear_func(members, member_clear);
	for (guint i = 0; records && i < records->len; i++)
		kd_members_add(members, g_ptr_array_index(records, i));
	return members;
}

void
kd_members_free(GArray *members)
{
	g_array_unref(members);
}

static void
series_free(gpointer data)
{
	struct kd_series *series = data;

	g_array_unref(series->parts);
	g_free(series);
}

gboolean
kd_series_same_person(const kd_record *a, const kd_record *b)
{
	return kd_person_is_same(a->name, a->address, b->name, b->address);
}

gboolean
kd_member_is_request(const struct kd_member *member)
{
	return (member->subject->flags &
		   (KD_SUBJECT_PULL | KD_SUBJECT_REPLY)) == KD_SUBJECT_PULL;
}

gboolean
kd_member_is_patch(const struct kd_member *member)
{
	return member->subject->flags & KD_SUBJECT_PATCH &&
	       !(member->subject->flags & KD_SUBJECT_ANSWER) &&
	       !(member->record->flags & KD_MAIL_ROBOT) &&
	       !member->record->copy_of;
}

/* Parts of different ones never go together. */
static int
compare_buckets(const kd_subject *a, const kd_subject *b)
{
	guint stable = KD_SUBJECT_STABLE;
	int order = strcmp(a->version, b->version);

	if (!order)
		order = strcmp(a->project, b->project);
	if (!order)
		order = strcmp(a->tree, b->tree);
	return order ? order
		     : (int)(a->flags & stable) - (int)(b->flags & stable);
}

static int
compare_parts(gconstpointer a, gconstpointer b)
{
	const struct kd_series_part *one = a, *two = b;
	const kd_record *r = one->member->record, *s = two->member->record;
	const kd_subject *t = one->member->subject;
	const kd_subject *u = two->member->subject;
	int order = compare_buckets(t, u);

	if (order)
		return order;
	if (r->date != s->date)
		return r->date < s->date ? -1 : 1;
	if (t->part != u->part)
		return t->part < u->part ? -1 : 1;
	if (t->letter != u->letter)
		return t->letter < u->letter ? -1 : 1;
	return kd_record_compare(r, s);
}

static void
part_clear(gpointer data)
{
	struct kd_series_part *part = data;

	g_free(part->person);
}

struct kd_series *
kd_series_new(const struct kd_member *member)
{
	struct kd_series *series = g_new0(struct kd_series, 1);
	const kd_record *record = member->record;

	series->version = member->subject->version;
	series->project = member->subject->project;
	series->home = member->subject->home;
	series->name = record->name;
	series->address = record->address;
	series->total = member->subject->part < 0 ? 1 : member->subject->total;
	series->cover = -1;
	series->parts = g_array_new(FALSE, FALSE, sizeof(int));
	series->date = record->date;
	series->first = record;
	series->thread = record->thread;
	return series;
}

void
kd_series_add(
    struct kd_series *series, const struct kd_member *member, int index)
{
	const kd_subject *subject = member->subject;

	if (subject->part == 0)
		series->cover = index;
	else
		g_array_append_val(series->parts, index);
	if (!series->total)
		series->total = subject->total;
	if (subject->flags & KD_SUBJECT_RESEND)
		series->resend = TRUE;
	if (member->record->n_refs)
		series->threaded = TRUE;
}

static int
compare_numbers(gconstpointer a, gconstpointer b, gpointer data)
{
	const GArray *members = data;
	const struct kd_member *one =
	    &g_array_index(members, struct kd_member, *(const int *)a);
	const struct kd_member *two =
	    &g_array_index(members, struct kd_member, *(const int *)b);

	if (one->subject->part != two->subject->part)
		return one->subject->part < two->subject->part ? -1 : 1;
	return (one->subject->letter > two->subject->letter) -
	       (one->subject->letter < two->subject->letter);
}

/* By date; of one second the lower version first. */
static int
compare_series(gconstpointer a, gconstpointer b)
{
	const struct kd_series *one = *(struct kd_series *const *)a;
	const struct kd_series *two = *(struct kd_series *const *)b;
	int order;

	if (one->date != two->date)
		return one->date < two->date ? -1 : 1;
	order = kd_subject_compare_version(one->version, two->version);
	return order ? order : kd_record_compare(one->first, two->first);
}

const struct kd_member *
kd_series_title(const struct kd_series *series, const GArray *members)
{
	int index = series->cover;

	if (index < 0 && series->total == 1 && series->parts->len == 1)
		index = g_array_index(series->parts, int, 0);
	if (index < 0)
		return NULL;
	return &g_array_index(members, struct kd_member, index);
}

/* Whether a posting's cover, or half of its patches, are for a stable tree. */
static gboolean
is_for_stable(const struct kd_series *series, const GArray *members)
{
	guint stable = 0;

	if (series->cover >= 0 &&
	    g_array_index(members, struct kd_member, series->cover).stable)
		return TRUE;
	for (guint i = 0; i < series->parts->len; i++)
		stable += g_array_index(members, struct kd_member,
		    g_array_index(series->parts, int, i))
			      .stable;
	return stable > 0 && 2 * stable >= series->parts->len;
}

/* Bring postings into order and tell the members which one is theirs. */
static void
finish(GPtrArray *series, GArray *members)
{
	g_ptr_array_sort(series, compare_series);
	for (guint i = 0; i < series->len; i++) {
		struct kd_series *s = g_ptr_array_index(series, i);
		const struct kd_member *first;

		g_array_sort_with_data(s->parts, compare_numbers, members);
		for (guint j = 0; j < s->parts->len; j++)
			g_array_index(members, struct kd_member,
			    g_array_index(s->parts, int, j))
			    .posting = (int)i;
		if (s->cover >= 0)
			g_array_index(members, struct kd_member, s->cover)
			    .posting = (int)i;
		first = kd_series_title(s, members);
		if (!first)
			first = &g_array_index(members, struct kd_member,
			    g_array_index(s->parts, int, 0));
		s->rfc = !!(first->subject->flags & KD_SUBJECT_RFC);
		s->stable = is_for_stable(s, members);
	}
}

GPtrArray *
kd_series_assemble(GArray *members)
{
	GPtrArray *series = g_ptr_array_new_with_free_func(series_free);
	struct kd_pulls pulls;
	g_autoptr(GArray) parts =
	    g_array_new(FALSE, FALSE, sizeof(struct kd_series_part));
	guint n;

	kd_pulls_init(&pulls, members);
	for (guint i = 0; i < members->len; i++) {
		const struct kd_member *member =
		    &g_array_index(members, struct kd_member, i);
		const kd_record *record = member->record;
		struct kd_series_part part = {.member = member, .index = i};

		g_array_index(members, struct kd_member, i).posting = -1;
		if (!kd_member_is_patch(member) ||
		    kd_pulls_bring(&pulls, member))
			continue;
		if (member->subject->part >= 0) {
			part.person =
			    kd_person_key(record->name, record->address);
			g_array_append_val(parts, part);
			continue;
		}
		g_ptr_array_add(series, kd_series_new(member));
		kd_series_add(
		    g_ptr_array_index(series, series->len - 1), member, (int)i);
	}
	kd_pulls_clear(&pulls);
	g_array_set_clear_func(parts, part_clear);
	g_array_sort(parts, compare_parts);
	for (guint i = 0; i < parts->len; i += n) {
		const struct kd_series_part *run =
		    &g_array_index(parts, struct kd_series_part, i);

		for (n = 1; i + n < parts->len; n++)
			if (compare_buckets(
				run->member->subject, run[n].member->subject))
				break;
		kd_series_place(series, run, n);
	}
	finish(series, members);
	return series;
}
