/*
 * Topics.  A row has mails and the topics they make up.  That must be so in
 * any order of mails, and what is one topic must be found by the keys.
 */
#include "config.h"

#include <string.h>

#include "alike.h"
#include "mails.h"
#include "topic-private.h"
#include "topic.h"
#include "unit.h"

#define DAY  UNIT_DAY
#define SPAN (KD_TOPIC_PARTS - UNIT_EPOCH % KD_TOPIC_PARTS)
#define URL  "https://archive.example.org/list/"

struct row {
	const char *what;
	struct unit_mail mails[8];
	const char *topics; /* ids by topic, in order: "a1 a2; b1" */
};

static int
compare_ids(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The groups as text: ids sorted within, groups by their first id. */
static char *
describe(const GPtrArray *records, GHashTable *groups)
{
	g_autoptr(GPtrArray) lines = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < records->len; i++) {
		const kd_record *first = records->pdata[i];
		guint64 *group = g_hash_table_lookup(groups, &first->thread);
		g_autoptr(GPtrArray) ids = g_ptr_array_new();
		gboolean seen = FALSE;

		for (guint j = 0; j < records->len; j++) {
			const kd_record *record = records->pdata[j];
			guint64 *other =
			    g_hash_table_lookup(groups, &record->thread);

			if (*other != *group)
				continue;
			seen |= j < i;
			g_ptr_array_add(ids, (gpointer)record->id);
		}
		if (seen)
			continue;
		g_ptr_array_sort(ids, compare_ids);
		g_ptr_array_add(ids, NULL);
		g_ptr_array_add(lines, g_strjoinv(" ", (GStrv)ids->pdata));
	}
	g_ptr_array_sort(lines, compare_ids);
	g_ptr_array_add(lines, NULL);
	return g_strjoinv("; ", (GStrv)lines->pdata);
}

static void
merge(GHashTable *groups, guint64 a, guint64 b)
{
	GHashTableIter at;
	gpointer value;

	g_hash_table_iter_init(&at, groups);
	while (g_hash_table_iter_next(&at, NULL, &value))
		if (*(guint64 *)value == a)
			*(guint64 *)value = b;
}

/* Whether one mail finds another by a key, or by its Message-ID. */
static gboolean
finds(const struct kd_member *a, const struct kd_member *b)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GArray) looked = g_array_new(FALSE, FALSE, sizeof(guint64));
	g_autoptr(GArray) keys = g_array_new(FALSE, FALSE, sizeof(guint64));

	kd_topic_cited(a, ids);
	if (g_ptr_array_find_with_equal_func(
		ids, b->record->id, g_str_equal, NULL))
		return TRUE;
	kd_topic_look(a, looked);
	kd_topic_keys(b, keys);
	for (guint i = 0; i < looked->len; i++)
		for (guint j = 0; j < keys->len; j++)
			if (g_array_index(looked, guint64, i) ==
			    g_array_index(keys, guint64, j))
				return TRUE;
	return FALSE;
}

/* The threads as the keys connect them: at least what topics connect. */
static GHashTable *
group_by_keys(const GArray *members)
{
	GHashTable *groups =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);

	for (guint i = 0; i < members->len; i++) {
		const kd_record *record =
		    g_array_index(members, struct kd_member, i).record;

		g_hash_table_insert(groups, (gpointer)&record->thread,
		    g_memdup2(&record->thread, sizeof(guint64)));
	}
	for (guint i = 0; i < members->len; i++)
		for (guint j = 0; j < members->len; j++) {
			const struct kd_member *a =
			    &g_array_index(members, struct kd_member, i);
			const struct kd_member *b =
			    &g_array_index(members, struct kd_member, j);

			if (finds(a, b) && finds(b, a))
				merge(groups,
				    *(guint64 *)g_hash_table_lookup(
					groups, &a->record->thread),
				    *(guint64 *)g_hash_table_lookup(
					groups, &b->record->thread));
		}
	return groups;
}

/* What is one topic has keys that connect it. */
static void
check_keys(const GArray *members, GHashTable *topics)
{
	g_autoptr(GHashTable) groups = group_by_keys(members);

	for (guint i = 0; i < members->len; i++) {
		const kd_record *record =
		    g_array_index(members, struct kd_member, i).record;
		guint64 *topic = g_hash_table_lookup(topics, &record->thread);

		g_assert_cmpuint(*topic, <=, record->thread);
		g_assert_cmpuint(
		    *(guint64 *)g_hash_table_lookup(groups, &record->thread),
		    ==, *(guint64 *)g_hash_table_lookup(groups, topic));
	}
}

static char *
group(const struct unit_mail *mails, int order)
{
	g_autoptr(GPtrArray) records = unit_records(mails, order);
	GArray *members = kd_members_new(records);
	g_autoptr(GPtrArray) postings = kd_series_assemble(members);
	g_autoptr(GHashTable) none =
	    g_hash_table_new(g_int64_hash, g_int64_equal);
	g_autoptr(GArray) links = kd_topic_links(members, postings);
	g_autoptr(GHashTable) topics = kd_topic_group(members, links, none);
	char *text = describe(records, topics);

	check_keys(members, topics);
	kd_members_free(members);
	return text;
}

static void
check(const struct row *rows, gsize n)
{
	for (gsize i = 0; i < n; i++)
		for (int order = 0; order < UNIT_ORDERS; order++) {
			g_autofree char *got = group(rows[i].mails, order);

			g_test_message("%s, %d", rows[i].what, order);
			g_assert_cmpstr(got, ==, rows[i].topics);
		}
}

static const struct row parts_rows[] = {
    {"a series that was not threaded",
	{ROOT("a0", 0, "ann", "[PATCH v3 0/3] work"),
	    ROOT("a1", 60, "ann", "[PATCH v3 1/3] one"),
	    ROOT("a2", 120, "ann", "[PATCH v3 2/3] two"),
	    ROOT("a3", 180, "ann", "[PATCH v3 3/3] three")},
	"a0 a1 a2 a3"},
    {"an extra part a day later",
	{ROOT("a0", 0, "ann", "[PATCH kvmtool v4 0/1] work"),
	    BELOW("a1", 1, "ann", "[PATCH kvmtool v4 1/1] one", "<a0>"),
	    ROOT("a2", DAY, "ann", "[PATCH kvmtool v4 2/1] two")},
	"a0 a1 a2"},
    {"parts in two of the spans that keys are made of",
	{ROOT("a1", SPAN - 60, "ann", "[PATCH 1/2] one"),
	    ROOT("a2", SPAN + 60, "ann", "[PATCH 2/2] two")},
	"a1 a2"},
    {"two persons with the same counters in one hour",
	{ROOT("a0", 0, "ann", "[PATCH 0/2] work"),
	    BELOW("a1", 1, "ann", "[PATCH 1/2] one", "<a0>"),
	    ROOT("b1", 2, "bob", "[PATCH 1/2] two"),
	    BELOW("b2", 3, "bob", "[PATCH 2/2] three", "<b1>")},
	"a0 a1; b1 b2"},
    {"one person with the same counters in one month",
	{ROOT("a0", 0, "ann", "[PATCH 0/2] some work"),
	    BELOW("a1", 1, "ann", "[PATCH 1/2] one", "<a0>"),
	    ROOT("b0", 9 * DAY, "ann", "[PATCH 0/2] another thing"),
	    BELOW("b1", 9 * DAY, "ann", "[PATCH 1/2] two", "<b0>")},
	"a0 a1; b0 b1"},
};

static void
test_parts(void)
{
	check(parts_rows, G_N_ELEMENTS(parts_rows));
}

static const struct row title_rows[] = {
    {"the next version, letter case apart",
	{ROOT("a0", 0, "ann", "[PATCH 0/1] kvm: new foo"),
	    BELOW("a1", 1, "ann", "[PATCH 1/1] one", "<a0>"),
	    ROOT("b0", 9 * DAY, "ann", "[PATCH v2 0/1] KVM: New foo"),
	    BELOW("b1", 9 * DAY, "ann", "[PATCH v2 1/1] two", "<b0>"),
	    ROOT("c0", 400 * DAY, "ann", "[PATCH v3 0/1] kvm: new foo")},
	"a0 a1 b0 b1 c0"},
    {"after more than 400 days",
	{ROOT("a0", 0, "ann", "[PATCH 0/1] kvm: new foo"),
	    ROOT("b0", 401 * DAY, "ann", "[PATCH v2 0/1] kvm: new foo")},
	"a0; b0"},
    {"a lone patch that was sent again",
	{ROOT("a", 0, "ann", "[PATCH] kvm: foo"),
	    ROOT("b", DAY, "ann", "[PATCH RESEND] kvm: foo"),
	    ROOT("c", 2 * DAY, "ann", "[PATCH v2 1/1] kvm: foo")},
	"a b c"},
    {"a patch sent again from another address",
	{ROOT("a", 0, "ann", "[PATCH] kvm: foo"),
	    ROOT("b", DAY, "ann@a.example.org", "[PATCH] kvm: foo")},
	"a b"},
    {"posted twice within a minute",
	{ROOT("a0", 0, "ann", "[PATCH 0/1] work"),
	    ROOT("b0", 32, "ann", "[PATCH 0/1] work"),
	    BELOW("b1", 33, "ann", "[PATCH 1/1] one", "<b0>")},
	"a0 b0 b1"},
    {"a work taken over",
	{ROOT("a", 0, "ann", "[PATCH v2] kvm: add foo"),
	    ROOT("b", 9 * DAY, "bob", "[PATCH v3] kvm: add foo")},
	"a b"},
    {"two who have the same idea",
	{ROOT("a", 0, "ann", "[PATCH] kvm: add foo"),
	    ROOT("b", 9 * DAY, "bob", "[PATCH] kvm: add foo"),
	    ROOT("c", 19 * DAY, "bob", "[PATCH v2] kvm: add foo")},
	"a; b c"},
    {"a title that says little",
	{ROOT("a", 0, "ann", "[PATCH 0/2] fixes"),
	    ROOT("b", 9 * DAY, "bob", "[PATCH v2 0/2] fixes")},
	"a; b"},
    {"two projects",
	{ROOT("a", 0, "ann", "[PATCH 0/4] arm64: add the foo"),
	    ROOT("b", 1, "ann", "[PATCH kvmtool 0/9] arm64: add the foo")},
	"a; b"},
    {"a stable copy",
	{ROOT("a", 0, "ann", "[PATCH] kvm: mend foo"),
	    ROOT("b", DAY, "ann", "[PATCH 5.10.y] kvm: mend foo"),
	    ROOT("c", DAY, "sam", "[PATCH AUTOSEL 5.4 1/9] kvm: mend foo"),
	    ROOT("d", DAY, "sam", "[PATCH AUTOSEL 4.9 2/7] kvm: mend foo")},
	"a; b; c d"},
    {"a stable copy that its text alone tells",
	{ROOT("a", 0, "ann", "[PATCH] kvm: mend foo"),
	    WITH("b", DAY, "ann", "[PATCH] kvm: mend foo",
		.commit = "0123456789ab"),
	    WITH("c", DAY + 1, "ann", "[PATCH] kvm: mend foo",
		.commit = "0123456789ab"),
	    ROOT("d", 2 * DAY, "ann", "[PATCH v2] kvm: mend foo")},
	"a d; b c"},
    {"a commit that was sent to the stable trees, and to others",
	{ROOT("a", 0, "ann", "[PATCH] kvm: mend foo"),
	    WITH("b", DAY, "ann", "[PATCH] kvm: mend foo", .commit = URL "a",
		.to = "stable@vger.example.org"),
	    WITH("c", 2 * DAY, "ann", "[PATCH] kvm: mend foo",
		.commit = URL "a", .to = "bob@example.org")},
	"a c; b"},
    {"a tagged copy, and a series that its patches make one",
	{ROOT("a", 9 * DAY, "ann", "[PATCH 5.4] kvm: the fixes"),
	    ROOT("b0", 0, "ann", "[PATCH 0/1] kvm: the fixes"),
	    WITH("b1", 1, "ann", "[PATCH 1/1] kvm: mend foo", .refs = "<b0>",
		.commit = "0123456789ab")},
	"a b0 b1"},
    {"copies that have a patch in common which is none in one of them",
	{BELOW("a1", 0, "ann", "[PATCH 1/2] kvm: mend foo", "<a0>"),
	    WITH("a2", 1, "ann", "[PATCH 2/2] kvm: mend bar", .refs = "<a0>",
		.commit = "0123456789ab"),
	    WITH("b1", DAY, "ann", "[PATCH v3 1/2] kvm: mend foo",
		.refs = "<b0>", .commit = "0123456789ab"),
	    WITH("b2", DAY + 1, "ann", "[PATCH v3 2/2] kvm: mend baz",
		.refs = "<b0>", .commit = "0123456789ab")},
	"a1 a2; b1 b2"},
    {"a stable copy with the change-id of its original",
	{WITH("a", 0, "ann", "[PATCH] kvm: mend foo", .change = "20230101-x"),
	    WITH("b", DAY, "ann", "[PATCH] kvm: mend foo",
		.change = "20230101-x", .commit = "0123456789ab")},
	"a; b"},
    {"nobody's mails",
	{ROOT("a", 0, "", "[PATCH] kvm: mend foo"),
	    ROOT("b", DAY, "", "[PATCH] kvm: mend foo"),
	    ROOT("c", 0, "", "[PATCH] kvm: emulate the debug regsters"),
	    ROOT("d", DAY, "", "[PATCH v2] kvm: emulate the debug registers"),
	    ROOT("e", 0, "", "[GIT PULL] kvm fixes"),
	    ROOT("f", DAY, "", "[GIT PULL v2] kvm fixes")},
	"a; b; c; d; e; f"},
    {"a series with one commit of another tree",
	{ROOT("a0", 0, "ann", "[PATCH 0/3] kvm: the fixes"),
	    WITH("a1", 1, "ann", "[PATCH 1/3] kvm: mend foo", .refs = "<a0>",
		.commit = "0123456789ab"),
	    BELOW("a2", 2, "ann", "[PATCH 2/3] kvm: mend bar", "<a0>"),
	    BELOW("a3", 3, "ann", "[PATCH 3/3] kvm: mend baz", "<a0>"),
	    ROOT("b", DAY, "ann", "[PATCH v2 0/3] kvm: the fixes")},
	"a0 a1 a2 a3 b"},
    {"a stable copy whose cover says nothing of it",
	{ROOT("a0", 0, "ann", "[PATCH 0/2] kvm: the fixes"),
	    BELOW("a1", 1, "ann", "[PATCH 1/2] kvm: mend foo", "<a0>"),
	    BELOW("a2", 2, "ann", "[PATCH 2/2] kvm: mend bar", "<a0>"),
	    ROOT("b0", DAY, "ann", "[PATCH 0/2] kvm: the fixes"),
	    WITH("b1", DAY + 1, "ann", "[PATCH 1/2] kvm: mend foo",
		.refs = "<b0>", .commit = "0123456789ab"),
	    WITH("b2", DAY + 2, "ann", "[PATCH 2/2] kvm: mend bar",
		.refs = "<b0>", .commit = "0123456789ab"),
	    ROOT("c0", 9 * DAY, "ann", "[PATCH stable v3 0/2] kvm: the fixes")},
	"a0 a1 a2; b0 b1 b2 c0"},
    {"no title at all",
	{ROOT("a", 0, "ann", "[PATCH]"), ROOT("b", 1, "ann", "[PATCH v2]")},
	"a; b"},
    {"the same question",
	{ROOT("a", 0, "ann", "Question"), ROOT("b", DAY, "bob", "Question")},
	"a; b"},
};

static void
test_title(void)
{
	check(title_rows, G_N_ELEMENTS(title_rows));
}

static const struct row near_rows[] = {
    {"a typo mended",
	{ROOT("a", 0, "ann", "[PATCH] kvm: emulate the debug regsters"),
	    ROOT("b", DAY, "ann",
		"[PATCH v2] kvm: emulate the debug registers")},
	"a b"},
    {"words that changed places",
	{ROOT("a", 0, "ann", "[PATCH] kvm: fix device passthrough on arm"),
	    ROOT("b", DAY, "ann",
		"[PATCH v2] kvm/arm: fixed passthrough device on arm")},
	"a b"},
    {"too late",
	{ROOT("a", 0, "ann", "[PATCH] kvm: emulate the debug regsters"),
	    ROOT("b", 91 * DAY, "ann",
		"[PATCH v2] kvm: emulate the debug registers")},
	"a; b"},
    {"not the next version",
	{ROOT("a", 0, "ann", "[PATCH] kvm: emulate the debug regsters"),
	    ROOT("b", DAY, "ann",
		"[PATCH v3] kvm: emulate the debug registers")},
	"a; b"},
    {"another person",
	{ROOT("a", 0, "ann", "[PATCH] kvm: emulate the debug regsters"),
	    ROOT("b", DAY, "bob",
		"[PATCH v2] kvm: emulate the debug registers")},
	"a; b"},
    {"less alike",
	{ROOT("a", 0, "ann", "[PATCH] kvm: emulate the debug registers"),
	    ROOT("b", DAY, "ann",
		"[PATCH v2] kvm: forget what debug registers do")},
	"a; b"},
    {"two works with versions of their own",
	{ROOT("a1", 0, "ann", "[PATCH] kvm: mend the reading of foo"),
	    ROOT("b1", 1, "ann", "[PATCH] kvm: mend the reading of bar"),
	    ROOT("a2", DAY, "ann", "[PATCH v2] kvm: mend the reading of foo"),
	    ROOT("b2", DAY + 1, "ann",
		"[PATCH v2] kvm: mend the reading of bar")},
	"a1 a2; b1 b2"},
    {"one that goes on as another",
	{ROOT("a1", 0, "ann", "[PATCH] kvm: mend the reading of foo"),
	    ROOT("a2", DAY, "ann", "[PATCH v2] kvm: mend the reading of foo"),
	    ROOT("b2", DAY + 1, "ann",
		"[PATCH v2] kvm: mend the reading of bar")},
	"a1 a2; b2"},
    {"one that goes on from another",
	{ROOT("a1", 0, "ann", "[PATCH] kvm: mend the reading of foo"),
	    ROOT("b1", 1, "ann", "[PATCH] kvm: mend the reading of bar"),
	    ROOT("b2", DAY, "ann", "[PATCH v2] kvm: mend the reading of bar")},
	"a1; b1 b2"},
    {"one name, two addresses",
	{ROOT("a", 0, "ann", "[PATCH] kvm: emulate the debug regsters"),
	    ROOT("b", DAY, "ann@home.example.org",
		"[PATCH v2] kvm: emulate the debug registers")},
	"a b"},
    {"versions between two",
	{ROOT("a", 0, "ann", "[PATCH v2] kvm: mend this ting"),
	    ROOT("b", DAY, "ann", "[PATCH v2.5] kvm: mend this thin"),
	    ROOT("c", 2 * DAY, "ann", "[PATCH v2.7] kvm: mend this things"),
	    ROOT("d", 3 * DAY, "ann", "[PATCH v3] kvm: mend this thing")},
	"a b c d"},
    {"version 0",
	{ROOT("a", 0, "ann", "[PATCH v0] kvm: mend this ting"),
	    ROOT("b", DAY, "ann", "[PATCH v1] kvm: mend this thing")},
	"a b"},
    {"a number that was wrong",
	{ROOT("a", 0, "ann", "[PATCH] kvm: use tables of 3 pages"),
	    ROOT("b", DAY, "ann", "[PATCH v2] kvm: use tables of 5 pages")},
	"a b"},
    {"part 1 and part 2",
	{ROOT("a", 0, "ann", "[PATCH 0/9] kvm: nested support, part 1"),
	    ROOT(
		"b", DAY, "ann", "[PATCH v2 0/9] kvm: nested support, part 2")},
	"a; b"},
};

static void
test_near(void)
{
	check(near_rows, G_N_ELEMENTS(near_rows));
}

static const struct row patches_rows[] = {
    {"half of the patches kept",
	{ROOT("a0", 0, "ann", "[PATCH 0/2] old name"),
	    BELOW("a1", 1, "ann", "[PATCH 1/2] one", "<a0>"),
	    BELOW("a2", 2, "ann", "[PATCH 2/2] two", "<a0>"),
	    ROOT("b0", DAY, "ann", "[PATCH v2 0/2] quite different"),
	    BELOW("b1", DAY, "ann", "[PATCH v2 1/2] two", "<b0>"),
	    BELOW("b2", DAY, "ann", "[PATCH v2 2/2] three", "<b0>")},
	"a0 a1 a2 b0 b1 b2"},
    {"half of the old patches and much that is new",
	{ROOT("a1", 0, "ann", "[PATCH 1/1] one"),
	    ROOT("b1", DAY, "ann", "[PATCH v2 1/3] one"),
	    BELOW("b2", DAY, "ann", "[PATCH v2 2/3] two", "<b1>"),
	    BELOW("b3", DAY, "ann", "[PATCH v2 3/3] three", "<b1>")},
	"a1 b1 b2 b3"},
    {"less than half",
	{ROOT("a1", 1, "ann", "[PATCH 1/3] one"),
	    BELOW("a2", 2, "ann", "[PATCH 2/3] two", "<a1>"),
	    BELOW("a3", 3, "ann", "[PATCH 3/3] three", "<a1>"),
	    ROOT("b1", DAY, "ann", "[PATCH v2 1/2] one"),
	    BELOW("b2", DAY, "ann", "[PATCH v2 2/2] four", "<b1>")},
	"a1 a2 a3; b1 b2"},
    {"kept by somebody else",
	{ROOT("a1", 1, "ann", "[PATCH 1/2] one"),
	    BELOW("a2", 2, "ann", "[PATCH 2/2] two", "<a1>"),
	    ROOT("b1", DAY, "bob", "[PATCH v2 1/2] one"),
	    BELOW("b2", DAY, "bob", "[PATCH v2 2/2] two", "<b1>")},
	"a1 a2; b1 b2"},
    {"a lone patch that grew",
	{ROOT("a", 0, "ann", "[PATCH v2] kvm: mend foo"),
	    ROOT("b0", DAY, "ann", "[PATCH v3 0/2] kvm: debug fixes"),
	    BELOW("b1", DAY, "ann", "[PATCH v3 1/2] kvm: mend foo", "<b0>"),
	    BELOW("b2", DAY, "ann", "[PATCH v3 2/2] more", "<b0>")},
	"a b0 b1 b2"},
    {"a lone patch that a large work brings along",
	{ROOT("a", 0, "ann", "[PATCH] kvm: mend foo"),
	    ROOT("b0", DAY, "ann", "[PATCH 0/3] kvm: large work"),
	    BELOW("b1", DAY, "ann", "[PATCH 1/3] kvm: mend foo", "<b0>"),
	    BELOW("b2", DAY, "ann", "[PATCH 2/3] two", "<b0>"),
	    BELOW("b3", DAY, "ann", "[PATCH 3/3] three", "<b0>")},
	"a; b0 b1 b2 b3"},
    {"a lone patch that a late version without its cover brings along",
	{ROOT("a", 0, "ann", "[PATCH] kvm: mend foo"),
	    BELOW("b1", DAY, "ann", "[PATCH v4 1/2] one", "<b0>"),
	    BELOW("b2", DAY, "ann", "[PATCH v4 2/2] two", "<b0>"),
	    BELOW("c1", 2 * DAY, "ann", "[PATCH v5 1/3] one", "<c0>"),
	    BELOW("c2", 2 * DAY, "ann", "[PATCH v5 2/3] two", "<c0>"),
	    BELOW(
		"c3", 2 * DAY, "ann", "[PATCH v5 3/3] kvm: mend foo", "<c0>")},
	"a; b1 b2 c1 c2 c3"},
    {"an unthreaded series sent twice",
	{ROOT("a1", 1, "ann", "[PATCH 1/2] one"),
	    ROOT("a2", 2, "ann", "[PATCH 2/2] two"),
	    ROOT("b1", 41, "ann", "[PATCH 1/2] one"),
	    ROOT("b2", 42, "ann", "[PATCH 2/2] two")},
	"a1 a2 b1 b2"},
    {"a pull's payload and where it came from",
	{ROOT("a", 0, "ann", "[PATCH] kvm: mend foo"),
	    ROOT("pull", DAY, "ann", "[GIT PULL] kvm fixes, take #1"),
	    BELOW("p1", DAY, "ann", "[PATCH 1/1] kvm: mend foo", "<pull>")},
	"a; p1 pull"},
};

static void
test_patches(void)
{
	check(patches_rows, G_N_ELEMENTS(patches_rows));
}

static const struct row others_rows[] = {
    {"somebody goes on with a series under another title",
	{ROOT("a0", 0, "ann", "[PATCH 0/2] an old title"),
	    BELOW("a1", 1, "ann", "[PATCH 1/2] kvm: do one", "<a0>"),
	    BELOW("a2", 2, "ann", "[PATCH 2/2] kvm: do two", "<a0>"),
	    ROOT("b0", DAY, "bob", "[PATCH v2 0/3] a new title"),
	    BELOW("b1", DAY, "bob", "[PATCH v2 1/3] kvm: do one", "<b0>"),
	    BELOW("b2", DAY, "bob", "[PATCH v2 2/3] kvm: do two", "<b0>")},
	"a0 a1 a2 b0 b1 b2"},
    {"somebody brings a series along in the next version of his own",
	{ROOT("a0", 0, "ann", "[PATCH 0/2] an old title"),
	    BELOW("a1", 1, "ann", "[PATCH 1/2] kvm: do one", "<a0>"),
	    BELOW("a2", 2, "ann", "[PATCH 2/2] kvm: do two", "<a0>"),
	    ROOT("c0", 3, "bob", "[PATCH 0/1] a new title"),
	    ROOT("b0", DAY, "bob", "[PATCH v2 0/3] a new title"),
	    BELOW("b1", DAY, "bob", "[PATCH v2 1/3] kvm: do one", "<b0>"),
	    BELOW("b2", DAY, "bob", "[PATCH v2 2/3] kvm: do two", "<b0>")},
	"a0 a1 a2; b0 b1 b2 c0"},
    {"titles that anyone would find",
	{ROOT("a1", 1, "ann", "[PATCH 1/2] fix typo"),
	    BELOW("a2", 2, "ann", "[PATCH 2/2] update docs", "<a1>"),
	    ROOT("b1", DAY, "bob", "[PATCH v2 1/2] fix typo"),
	    BELOW("b2", DAY, "bob", "[PATCH v2 2/2] update docs", "<b1>")},
	"a1 a2; b1 b2"},
    {"a version for another tree of the kernel",
	{ROOT("a", 0, "ann", "[PATCH v8] kvm: do one"),
	    ROOT("b", DAY, "ann", "[PATCH kvm-next v9] kvm: do one"),
	    ROOT("c", DAY, "ann", "[PATCH kvmtool v9] kvm: do one")},
	"a b; c"},
};

static void
test_others(void)
{
	check(others_rows, G_N_ELEMENTS(others_rows));
}

static const struct row links_rows[] = {
    {"one change-id, all titles new, another person",
	{WITH("a", 0, "ann", "[PATCH] kvm: foo", .change = "c1"),
	    WITH("b", 500 * DAY, "bob", "[PATCH v2 0/2] else", .change = "c1"),
	    WITH("d", 0, "bob", "[PATCH v2 0/2] other", .change = "c2")},
	"a b; d"},
    {"a link and a third of the patches",
	{ROOT("a0@x", 0, "ann", "[PATCH 0/3] old name"),
	    BELOW("a1", 1, "ann", "[PATCH 1/3] one", "<a0@x>"),
	    BELOW("a2", 2, "ann", "[PATCH 2/3] two", "<a0@x>"),
	    BELOW("a3", 3, "ann", "[PATCH 3/3] three", "<a0@x>"),
	    WITH("b0", DAY, "bob", "[PATCH 0/3] quite different",
		.link = URL "a0@x/"),
	    BELOW("b1", DAY, "bob", "[PATCH 1/3] one", "<b0>")},
	"a0@x a1 a2 a3 b0 b1"},
    {"a third of the patches of both, where two people sent them",
	{ROOT("a0@x", 0, "ann", "[PATCH 0/2] small thing"),
	    BELOW("a1", 1, "ann", "[PATCH 1/2] one", "<a0@x>"),
	    BELOW("a2", 2, "ann", "[PATCH 2/2] two", "<a0@x>"),
	    WITH("b0", DAY, "bob", "[PATCH v2 0/7] brings it along",
		.cited = URL "a0@x/"),
	    BELOW("b1", DAY, "bob", "[PATCH v2 1/7] one", "<b0>"),
	    BELOW("b2", DAY, "bob", "[PATCH v2 2/7] two", "<b0>")},
	"a0@x a1 a2; b0 b1 b2"},
    {"a third of the patches that were sent, not of those that came",
	{ROOT("a1@x", 0, "ann", "[PATCH V7 01/18] one"),
	    WITH("b0", DAY, "bob", "[PATCH 0/3] takes it along",
		.cited = URL "a1@x/"),
	    BELOW("b1", DAY, "bob", "[PATCH 1/3] one", "<b0>")},
	"a1@x; b0 b1"},
    {"a link that is not said to be to an earlier version",
	{ROOT("a0@x", 0, "ann", "[PATCH 0/6] the old way"),
	    BELOW("a1", 1, "ann", "[PATCH 1/6] one", "<a0@x>"),
	    BELOW("a2", 2, "ann", "[PATCH 2/6] two", "<a0@x>"),
	    WITH("b0", DAY, "ann", "[PATCH 0/5] quite different",
		.cited = URL "a0@x/"),
	    BELOW("b1", DAY, "ann", "[PATCH 1/5] one", "<b0>"),
	    BELOW("b2", DAY, "ann", "[PATCH 2/5] two", "<b0>")},
	"a0@x a1 a2 b0 b1 b2"},
    {"links of long ago, to an earlier version and otherwise",
	{ROOT("a0@x", 0, "ann", "[PATCH 0/3] the old way"),
	    BELOW("a1", 1, "ann", "[PATCH 1/3] one", "<a0@x>"),
	    WITH("b0", 500 * DAY, "ann", "[PATCH 0/3] quite different",
		.cited = URL "a0@x/"),
	    BELOW("b1", 500 * DAY, "ann", "[PATCH 1/3] one", "<b0>"),
	    WITH("c0", 920 * DAY, "ann", "[PATCH v5 0/3] altogether new",
		.earlier = URL "a0@x/"),
	    BELOW("c1", 920 * DAY, "ann", "[PATCH v5 1/3] one", "<c0>")},
	"a0@x a1 c0 c1; b0 b1"},
    {"a link to what something is based on",
	{ROOT("a0@x", 0, "ann", "[PATCH 0/2] the base"),
	    BELOW("a1", 1, "ann", "[PATCH 1/2] one", "<a0@x>"),
	    WITH(
		"b0", DAY, "ann", "[PATCH v2 0/2] on top", .link = URL "a0@x/"),
	    BELOW("b1", DAY, "ann", "[PATCH v2 1/2] two", "<b0>")},
	"a0@x a1; b0 b1"},
    {"a link to the author's previous version",
	{ROOT("a@x", 0, "ann", "[PATCH] kvm: foo"),
	    WITH("b", DAY, "ann", "[PATCH v2] something else",
		.earlier = URL "a%40x/T/#u")},
	"a@x b"},
    {"a link to a previous version of another",
	{ROOT("a@x", 0, "bob", "[PATCH] kvm: foo"),
	    WITH("b", DAY, "ann", "[PATCH v2] something else",
		.earlier = URL "a@x/")},
	"a@x; b"},
    {"a link to a version that is not the one before",
	{ROOT("a@x", 0, "ann", "[PATCH v3] kvm: foo"),
	    WITH("b", DAY, "ann", "[PATCH v2] something else",
		.earlier = URL "a@x/")},
	"a@x; b"},
    {"from RFC to patch",
	{ROOT("a@x", 0, "ann", "[RFC PATCH v4 0/9] an idea"),
	    WITH("b", DAY, "ann", "[PATCH 0/9] the real thing",
		.earlier = URL "a@x/")},
	"a@x b"},
};

static void
test_links(void)
{
	check(links_rows, G_N_ELEMENTS(links_rows));
}

static const struct row replies_rows[] = {
    {"replies without any reference",
	{ROOT("a", 0, "ann", "[PATCH] kvm: a title"),
	    ROOT("r1", 100, "bob", "RE: [PATCH] kvm: a title"),
	    ROOT("r2", DAY, "cat", "答复：[PATCH] kvm: a title"),
	    ROOT("r3", 62 * DAY, "dan", "Re: [PATCH] kvm: a title")},
	"a r1 r2; r3"},
    {"to the one of two versions",
	{ROOT("a", 0, "ann", "[PATCH 0/2] kvm: a title"),
	    ROOT("r", DAY, "bob", "Re: [PATCH 1/2] kvm: a title")},
	"a; r"},
    {"a reply that has references",
	{ROOT("a", 0, "ann", "a question of mine"),
	    BELOW("r", DAY, "bob", "Re: a question of mine", "<gone>")},
	"a; r"},
    {"a lost answer to a question",
	{ROOT("a", 0, "ann", "a question"),
	    ROOT("r", DAY, "bob", "Re: a question")},
	"a r"},
    {"a lost answer to another version of an idea",
	{ROOT("a", 0, "ann", "[RFC] one more idea"),
	    ROOT("r", DAY, "bob", "Re: [RFC v2] one more idea")},
	"a; r"},
    {"two lost answers",
	{ROOT("r1", 0, "ann", "Re: one long question"),
	    ROOT("r2", DAY, "bob", "Re: one long question")},
	"r1 r2"},
    {"two lost answers to what anyone asks",
	{ROOT("r1", 0, "ann", "Re: Question"),
	    ROOT("r2", DAY, "bob", "Re: Question")},
	"r1; r2"},
    {"a posting that never came",
	{BELOW("r1", 0, "bob", "Re: [PATCH v2 1/9] kvm: a title", "<gone>"),
	    BELOW("r2", 1, "cat", "Re: [PATCH v2 1/9] kvm: a title",
		"<gone> <r1>"),
	    ROOT("b0", 9 * DAY, "ann", "[PATCH v3 0/9] work"),
	    BELOW("b1", 9 * DAY, "ann", "[PATCH v3 2/9] kvm: a title", "<b0>")},
	"b0 b1 r1 r2"},
    {"two postings that never came",
	{BELOW("r1", 0, "bob", "Re: [PATCH v2] kvm: a title", "<gone1>"),
	    BELOW("r2", 9 * DAY, "cat", "Re: [PATCH v3] kvm: a title",
		"<gone2>")},
	"r1 r2"},
    {"postings that never came, another reply to one of them between",
	{BELOW("r1", 0, "bob", "Re: [PATCH v2] kvm: a title", "<gone1>"),
	    BELOW("r2", 90 * DAY, "cat", "Re: [PATCH v2] kvm: a title",
		"<gone2>"),
	    BELOW("r3", 99 * DAY, "dan", "Re: [PATCH v3] kvm: a title",
		"<gone3>")},
	"r1 r2 r3"},
    {"the same the other way round",
	{BELOW("r1", 0, "bob", "Re: [PATCH v3] kvm: a title", "<gone1>"),
	    BELOW("r2", DAY, "cat", "Re: [PATCH v2] kvm: a title", "<gone2>"),
	    BELOW("r3", 99 * DAY, "dan", "Re: [PATCH v2] kvm: a title",
		"<gone3>")},
	"r1 r2 r3"},
    {"two persons' postings, far apart, and answers between",
	{ROOT("a", 0, "ann", "[PATCH] kvm: a title"),
	    BELOW("r", 100 * DAY, "cat", "Re: [PATCH v2] kvm: a title",
		"<gone1>"),
	    BELOW("s", 450 * DAY, "cat", "Re: [PATCH v3] kvm: a title",
		"<gone2>"),
	    ROOT("b", 600 * DAY, "bob", "[PATCH] kvm: a title")},
	"a r; b s"},
    {"addresses that are one person's two by two, and not all three",
	{ROOT("a", 0, "ann", "[PATCH] kvm: a title"),
	    ROOT("b", DAY, "ann@home.example.org", "[PATCH v2] kvm: a title"),
	    ROOT("c", 2 * DAY, "ann+x@example.org", "[PATCH v3] kvm: a title"),
	    BELOW(
		"r", 3 * DAY, "cat", "Re: [PATCH v4] kvm: a title", "<gone>")},
	"a b c; r"},
    {"answers to series, and to copies of them",
	{ROOT("a", 0, "ann", "[PATCH v3 0/1] kvm: a title"),
	    ROOT("b0", 20 * DAY, "ann", "[PATCH 0/1] kvm: a title"),
	    WITH("b1", 20 * DAY, "ann", "[PATCH 1/1] kvm: mend foo",
		.refs = "<b0>", .commit = "0123456789ab"),
	    BELOW("r", 21 * DAY, "cat", "Re: [PATCH v2 0/1] kvm: a title",
		"<gone1>"),
	    BELOW(
		"s", DAY, "cat", "Re: [PATCH v2 0/1] kvm: a title", "<gone2>")},
	"a r s; b0 b1"},
    {"postings that never came, between them one that did",
	{BELOW("r1", 0, "bob", "Re: [PATCH v1] kvm: a title", "<gone1>"),
	    WITH("r2", 9 * DAY, "cat", "Re: [PATCH v3] kvm: a title",
		.refs = "<gone2>", .to = "ann@example.org"),
	    ROOT("a", 5 * DAY, "ann", "[PATCH v2] kvm: a title")},
	"a r1 r2"},
    {"replies to two persons' postings of one title",
	{ROOT("a", 0, "ann", "[PATCH v1] kvm: a title"),
	    ROOT("b", 0, "bob", "[PATCH v1] kvm: a title"),
	    BELOW("r1", DAY, "cat", "Re: [PATCH v1] kvm: a title", "<gone1>"),
	    BELOW("r2", DAY, "cat", "Re: [PATCH v1] kvm: a title", "<gone2>")},
	"a; b; r1; r2"},
    {"one title by two persons: whom it is to counts",
	{ROOT("a", 0, "ann", "[PATCH] kvm: a title"),
	    ROOT("b", 5 * DAY, "bob", "[PATCH] kvm: a title"),
	    WITH("r1", 9 * DAY, "cat", "Re: [PATCH v2] kvm: a title",
		.refs = "<gone>", .to = "ann@example.org"),
	    WITH("r2", 9 * DAY, "cat", "Re: [PATCH v3] kvm: a title",
		.refs = "<gone2>", .to = "dan@example.org")},
	"a r1; b; r2"},
    {"one title by two persons: lost answers to each of them",
	{ROOT("a", 0, "ann", "[PATCH] kvm: a title"),
	    ROOT("b", 5 * DAY, "bob", "[PATCH] kvm: a title"),
	    WITH("r1", 9 * DAY, "cat", "Re: [PATCH v2] kvm: a title",
		.refs = "<gone>", .to = "ann+list@example.org"),
	    WITH("r2", 9 * DAY, "cat", "Re: [PATCH v3] kvm: a title",
		.refs = "<gone2>", .to = "bob@example.org")},
	"a r1; b r2"},
    {"one title by two persons, a version each: the version counts",
	{ROOT("a", 0, "ann", "[PATCH] kvm: a long title"),
	    ROOT("b", DAY, "bob", "[PATCH v2] kvm: a long title"),
	    ROOT("r", 2 * DAY, "cat", "Re: [PATCH v2] kvm: a long title")},
	"a b r"},
    {"one title by two persons with one version: none counts",
	{ROOT("a", 0, "ann", "[PATCH v2] kvm: a long title"),
	    ROOT("b", DAY, "bob", "[PATCH v2] kvm: a long title"),
	    ROOT("r", 2 * DAY, "cat", "Re: [PATCH v2] kvm: a long title")},
	"a; b; r"},
    {"one person with two addresses",
	{ROOT("a", 0, "ann", "[PATCH v2] kvm: a long title"),
	    ROOT("b", DAY, "ann@example.com", "[PATCH v2] kvm: a long title"),
	    ROOT("r", 2 * DAY, "cat", "Re: [PATCH v2] kvm: a long title")},
	"a b r"},
    {"answers about a stable tree, and not",
	{ROOT("a", 0, "ann", "[PATCH] kvm: a title"),
	    ROOT("b", DAY, "ann", "[PATCH 5.10] kvm: a title"),
	    ROOT("r", 2 * DAY, "cat", "Re: [PATCH 5.10] kvm: a title"),
	    ROOT("s", 2 * DAY, "cat", "Re: [PATCH] kvm: a title")},
	"a s; b r"},
    {"an answer to a stable copy that its text alone tells",
	{WITH("a", 0, "ann", "[PATCH] kvm: a title", .commit = "0123456789ab"),
	    ROOT("r", DAY, "cat", "Re: [PATCH] kvm: a title"),
	    ROOT("s", DAY, "cat", "Re: [PATCH v2] kvm: a title"),
	    ROOT("t", -DAY, "cat", "Re: [PATCH] kvm: a title")},
	"a r; s; t"},
    {"one to it, or to what it was made of",
	{ROOT("a", 0, "ann", "[PATCH] kvm: a title"),
	    WITH("b", DAY, "ann", "[PATCH] kvm: a title",
		.commit = "0123456789ab"),
	    ROOT("r", 2 * DAY, "cat", "Re: [PATCH] kvm: a title"),
	    BELOW("s", 2 * DAY, "dan", "Re: [PATCH v2] kvm: a title", "<gone>"),
	    BELOW(
		"t", 2 * DAY, "eve", "Re: [PATCH v3] kvm: a title", "<gone2>")},
	"a r s t; b"},
    {"a pull request sent anew, from another address, for a stable tree",
	{ROOT("a", 0, "ann", "[GIT PULL] add foo"),
	    ROOT("b", DAY, "ann@home.example.org", "[GIT PULL v2] add foo"),
	    ROOT("c", 2 * DAY, "ann", "[GIT PULL 5.10] add foo")},
	"a b; c"},
    {"a pull request sent anew",
	{ROOT("a", 0, "ann", "[GIT PULL] add foo"),
	    ROOT("b", 29 * DAY, "ann", "[GIT PULL v2] add foo"),
	    ROOT("c", 70 * DAY, "ann", "[GIT PULL v3] add foo"),
	    ROOT("d", DAY, "bob", "[GIT PULL] add foo")},
	"a b; c; d"},
    {"take #1 and take #2",
	{ROOT("a", 0, "ann", "[GIT PULL] fixes for 5.8, take #1"),
	    ROOT("b", 9 * DAY, "ann", "[GIT PULL] fixes for 5.8, take #2")},
	"a; b"},
    {"a robot's reports",
	{ROOT("a", 0, "robot", "[tree:next 9/32] a.c:1: warning: foo"),
	    ROOT("b", 9, "robot", "[tree:next 9/32] a.c:1: warning: foo")},
	"a; b"},
};

static void
test_replies(void)
{
	check(replies_rows, G_N_ELEMENTS(replies_rows));
}

static guint64
topic_of(GHashTable *topics, guint64 thread)
{
	return *(const guint64 *)g_hash_table_lookup(topics, &thread);
}

/* Links are there once and for all; what is settled says which of them hold. */
static void
test_settled(void)
{
	static const struct unit_mail mails[] = {
	    ROOT("a1", 0, "ann", "[PATCH] kvm: the very same title"),
	    ROOT("a2", DAY, "ann", "[PATCH v2] kvm: the very same title"),
	    ROOT("a3", 2 * DAY, "ann", "[PATCH v3] kvm: the very same title"),
	    {0}};
	guint64 threads[] = {1, 2, 3};
	g_autoptr(GPtrArray) records = unit_records(mails, 0);
	GArray *members = kd_members_new(records);
	g_autoptr(GPtrArray) postings = kd_series_assemble(members);
	g_autoptr(GArray) links = kd_topic_links(members, postings);
	g_autoptr(GHashTable) settled =
	    g_hash_table_new(g_int64_hash, g_int64_equal);

	for (int i = 0; i < 3; i++)
		g_hash_table_insert(settled, &threads[i], &threads[i]);
	for (int touched = 0; touched <= 3; touched++) {
		g_autoptr(GHashTable) topics =
		    kd_topic_group(members, links, settled);

		/* The second is between the others, which are settled. */
		g_assert_cmpuint(topic_of(topics, 1), ==, 1);
		g_assert_cmpuint(topic_of(topics, 2), ==, touched ? 1 : 2);
		g_assert_cmpuint(topic_of(topics, 3), ==, touched ? 1 : 3);
		if (touched < 3)
			g_hash_table_remove(
			    settled, &threads[(touched + 1) % 3]);
	}
	kd_members_free(members);
}

static void
test_helpers(void)
{
	static const struct {
		const char *url, *id;
	} links[] = {
	    {URL "20210309.1-2-a@x/", "20210309.1-2-a@x"},
	    {URL "20210309.1-2-a%40x/T/#u", "20210309.1-2-a@x"},
	    {"https://example.org/r/a@x", "a@x"},
	    {"https://example.org/r/a@x?q=1", "a@x"},
	    {"https://example.org/c/1234abcd", NULL},
	    {"https://example.org/@", NULL},
	    {"%zz@x", "%zz@x"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(links); i++) {
		g_autofree char *id = kd_topic_linked_id(links[i].url);

		g_assert_cmpstr(id, ==, links[i].id);
	}
	g_assert_cmpuint(kd_alike("", ""), ==, 100);
	g_assert_cmpuint(kd_alike("abcd", "abcd"), ==, 100);
	g_assert_cmpuint(kd_alike("abcd", "bcde"), ==, 75);
	g_assert_cmpuint(kd_alike("abcd", ""), ==, 0);
	g_assert_cmpuint(kd_alike("abxcd", "abcd"), ==, 88);
	g_assert_cmpuint(kd_alike("abc", "xyz"), ==, 0);
}

/* Mails numbered from 1 to 100 again and again where subject has a "%u". */
static struct unit_mail *
many_mails(const char *subject, guint n)
{
	struct unit_mail *mails = g_new0(struct unit_mail, n + 1);
	g_auto(GStrv) parts = g_strsplit(subject, "%u", 2);

	for (guint i = 0; i < n; i++) {
		g_autofree char *number = g_strdup_printf("%u", 1 + i % 100);

		mails[i] = (struct unit_mail)ROOT(g_strdup_printf("a%u", i), i,
		    "ann", g_strjoinv(number, parts));
	}
	return mails;
}

/* Many mails that are all alike: no list is walked from end to end. */
static void
test_hostile(void)
{
	static const char *const subjects[] = {
	    "[PATCH v%u] kvm: the very same title",
	    "Re: one long question",
	    "[PATCH v2 1/2] kvm: the very same title number %u",
	    "[GIT PULL] the very same title",
	};
	const guint n = 3000;

	for (gsize i = 0; i < G_N_ELEMENTS(subjects); i++) {
		struct unit_mail *mails = many_mails(subjects[i], n);
		g_autoptr(GPtrArray) records = unit_records(mails, 2);
		GArray *members = kd_members_new(records);
		g_autoptr(GPtrArray) postings = kd_series_assemble(members);
		g_autoptr(GHashTable) none =
		    g_hash_table_new(g_int64_hash, g_int64_equal);
		g_autoptr(GArray) links = kd_topic_links(members, postings);
		g_autoptr(GHashTable) topics =
		    kd_topic_group(members, links, none);

		g_assert_cmpuint(g_hash_table_size(topics), ==, n);
		kd_members_free(members);
		for (guint j = 0; j < n; j++) {
			g_free((char *)mails[j].id);
			g_free((char *)mails[j].subject);
		}
		g_free(mails);
	}
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/topic/parts", test_parts);
	g_test_add_func("/topic/title", test_title);
	g_test_add_func("/topic/near", test_near);
	g_test_add_func("/topic/patches", test_patches);
	g_test_add_func("/topic/others", test_others);
	g_test_add_func("/topic/links", test_links);
	g_test_add_func("/topic/replies", test_replies);
	g_test_add_func("/topic/settled", test_settled);
	g_test_add_func("/topic/helpers", test_helpers);
	g_test_add_func("/topic/hostile", test_hostile);
	return g_test_run();
}
