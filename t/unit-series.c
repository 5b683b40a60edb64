/*
 * Postings.  A row has mails and what they make up: the ids of each posting's
 * cover or "-", then its parts; and that in any order of mails.
 */
#include "config.h"

#include <string.h>

#include "mails.h"
#include "unit.h"

#define MINUTE 60

struct row {
	const char *what;
	struct unit_mail mails[8];
	const char *postings;
};

static void
describe(GString *out, const struct kd_series *series, const GArray *members)
{
	if (out->len)
		g_string_append(out, "; ");
	if (series->cover < 0)
		g_string_append(out, "-");
	else
		g_string_append(
		    out, g_array_index(members, struct kd_member, series->cover)
			     .record->id);
	for (guint i = 0; i < series->parts->len; i++) {
		int index = g_array_index(series->parts, int, i);

		g_string_append_printf(out, " %s",
		    g_array_index(members, struct kd_member, index).record->id);
	}
}

/* What the mails make up, as text. */
static char *
assemble(const struct unit_mail *mails, int order)
{
	g_autoptr(GPtrArray) records = unit_records(mails, order);
	GArray *members = kd_members_new(records);
	g_autoptr(GPtrArray) postings = kd_series_assemble(members);
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < postings->len; i++)
		describe(out, postings->pdata[i], members);
	for (guint i = 0; i < members->len; i++) {
		const struct kd_member *member =
		    &g_array_index(members, struct kd_member, i);
		gboolean named = strstr(out->str, member->record->id) != NULL;

		g_assert_cmpint(member->posting >= 0, ==, named);
	}
	kd_members_free(members);
	return g_string_free(out, FALSE);
}

static void
check(const struct row *rows, gsize n)
{
	for (gsize i = 0; i < n; i++)
		for (int order = 0; order < UNIT_ORDERS; order++) {
			g_autofree char *got = assemble(rows[i].mails, order);

			g_test_message("%s, %d", rows[i].what, order);
			g_assert_cmpstr(got, ==, rows[i].postings);
		}
}

static const struct row threaded_rows[] = {
    {"one person with two addresses",
	{ROOT("a0", 0, "ann", "[PATCH 0/3] work"),
	    BELOW("b1", 1, "ann@example.com", "[PATCH 1/3] one", "<a0>"),
	    BELOW("b2", 2, "ann@example.com", "[PATCH 2/3] two", "<a0>"),
	    BELOW("a3", 90000, "ann", "[PATCH 3/3] three", "<a0> <r>")},
	"a0 b1 b2 a3"},
    {"two addresses, and a cover that never came",
	{BELOW("b1", 1, "ann@example.com", "[PATCH 1/2] one", "<gone>"),
	    BELOW("c2", 2, "bob", "[PATCH 2/2] two", "<gone>"),
	    BELOW("a2", 3, "ann", "[PATCH 2/2] two", "<gone>")},
	"- b1 a2; - c2"},
    {"cover and parts",
	{ROOT("a0", 0, "ann", "[PATCH 0/2] work"),
	    BELOW("a1", 1, "ann", "[PATCH 1/2] one", "<a0>"),
	    BELOW("a2", 2, "ann", "[PATCH 2/2] two", "<a0>")},
	"a0 a1 a2"},
    {"parts below one another, no cover",
	{ROOT("a1", 0, "ann", "[PATCH 1/3] one"),
	    BELOW("a2", 1, "ann", "[PATCH 2/3] two", "<a1>"),
	    BELOW("a3", 2, "ann", "[PATCH 3/3] three", "<a1> <a2>")},
	"- a1 a2 a3"},
    {"a cover that never came",
	{BELOW("a1", 0, "ann", "[PATCH 1/2] one", "<gone>"),
	    BELOW("a2", 9000, "ann", "[PATCH 2/2] two", "<gone>")},
	"- a1 a2"},
    {"a cover that is dated after its parts",
	{BELOW("a1", 0, "ann", "[PATCH 1/2] one", "<a0>"),
	    BELOW("a2", 9000, "ann", "[PATCH 2/2] two", "<a0>"),
	    ROOT("a0", 20000, "ann", "[PATCH 0/2] work")},
	"a0 a1 a2"},
    {"more parts than announced",
	{ROOT("a0", 0, "ann", "[PATCH 0/1] work"),
	    BELOW("a1", 1, "ann", "[PATCH 1/1] one", "<a0>"),
	    BELOW("a2", 90000, "ann", "[PATCH 2/1] two", "<a0> <re>")},
	"a0 a1 a2"},
    {"3/n goes with its cover",
	{ROOT("a0", 0, "ann", "[PATCH 0/2] work"),
	    BELOW("a1", 1, "ann", "[PATCH 1/2] one", "<a0>"),
	    BELOW("a2", 2, "ann", "[PATCH 2/2] two", "<a0>"),
	    BELOW("a3", 3, "ann", "[PATCH 3/n] three", "<a0>")},
	"a0 a1 a2 a3"},
    {"6a/7 is one more part",
	{ROOT("a1", 0, "ann", "[PATCH 1/2] one"),
	    BELOW("a2", 1, "ann", "[PATCH 2/2] two", "<a1>"),
	    BELOW("a3", 90000, "ann", "[PATCH 2a/2] two", "<a1> <re>")},
	"- a1 a2 a3"},
    {"a part sent again is a posting",
	{ROOT("a1", 0, "ann", "[PATCH 1/2] one"),
	    BELOW("a2", 1, "ann", "[PATCH 2/2] two", "<a1>"),
	    BELOW("b2", 90000, "ann", "[PATCH 2/2] two", "<a1> <a2>")},
	"- a1 a2; - b2"},
    {"all sent again, below the first",
	{ROOT("a0", 0, "ann", "[PATCH 0/1] work"),
	    BELOW("a1", 1, "ann", "[PATCH 1/1] one", "<a0>"),
	    BELOW("b0", 90000, "ann", "[PATCH RESEND 0/1] work", "<a0>"),
	    BELOW("b1", 90001, "ann", "[PATCH RESEND 1/1] one", "<a0> <b0>")},
	"a0 a1; b0 b1"},
    {"the next version, below the first",
	{ROOT("a0", 0, "ann", "[PATCH 0/1] work"),
	    BELOW("a1", 1, "ann", "[PATCH 1/1] one", "<a0>"),
	    BELOW("b0", 2, "ann", "[PATCH v2 0/1] work", "<a0>"),
	    BELOW("b1", 3, "ann", "[PATCH v2 1/1] one", "<a0> <b0>")},
	"a0 a1; b0 b1"},
    {"a stable copy in the thread",
	{ROOT("a1", 0, "ann", "[PATCH 1/2] one"),
	    BELOW("b2", 1, "ann", "[PATCH 5.10.y 2/2] two", "<a1>")},
	"- a1; - b2"},
    {"a patch of somebody else in the thread",
	{ROOT("a0", 0, "ann", "[PATCH 0/2] work"),
	    BELOW("a1", 1, "ann", "[PATCH 1/2] one", "<a0>"),
	    BELOW("b2", 2, "bob", "[PATCH 2/2] two", "<a0>")},
	"a0 a1; - b2"},
};

static void
test_threaded(void)
{
	check(threaded_rows, G_N_ELEMENTS(threaded_rows));
}

static const struct row apart_rows[] = {
    {"nothing is threaded",
	{ROOT("a0", 0, "ann", "[PATCH 0/3] work"),
	    ROOT("a1", 20 * MINUTE, "ann", "[PATCH 1/3] one"),
	    ROOT("a2", 40 * MINUTE, "ann", "[PATCH 2/3] two"),
	    ROOT("a3", 60 * MINUTE, "ann", "[PATCH 3/3] three")},
	"a0 a1 a2 a3"},
    {"tags in four ways",
	{ROOT("a1", 0, "ann", "[PATCHv2 1/4] one"),
	    ROOT("a2", 5, "ann", "[PATCH v2,2/4] two"),
	    ROOT("a3", 9, "ann", "[PATCH V2 03/04] three"),
	    ROOT("a4", 12, "ann", "[PATCH v2 4 of 4] four")},
	"- a1 a2 a3 a4"},
    {"too late",
	{ROOT("a1", 0, "ann", "[PATCH 1/2] one"),
	    ROOT("a2", 31 * MINUTE, "ann", "[PATCH 2/2] two")},
	"- a1; - a2"},
    {"a part too many may be late",
	{ROOT("a1", 0, "ann", "[PATCH 1/1] one"),
	    ROOT("a2", UNIT_DAY, "ann", "[PATCH 2/1] two"),
	    ROOT("a3", 30 * UNIT_DAY, "ann", "[PATCH 3/1] three")},
	"- a1 a2; - a3"},
    {"all posted twice",
	{ROOT("a1", 1, "ann", "[PATCH 1/2] one"),
	    ROOT("a2", 2, "ann", "[PATCH 2/2] two"),
	    ROOT("b1", 41, "ann", "[PATCH 1/2] one"),
	    ROOT("b2", 42, "ann", "[PATCH 2/2] two")},
	"- a1 a2; - b1 b2"},
    {"the cover posted twice",
	{ROOT("a0", 0, "ann", "[PATCH 0/1] work"),
	    ROOT("b0", 32, "ann", "[PATCH 0/1] work"),
	    BELOW("b1", 33, "ann", "[PATCH 1/1] one", "<b0>")},
	"a0; b0 b1"},
    {"a part of its own, sent between cover and parts of another",
	{ROOT("a0", 0, "ann", "[PATCH 0/2] work"),
	    ROOT("b1", 0, "ann", "[PATCH 1/2] else"),
	    BELOW("a1", 1, "ann", "[PATCH 1/2] one", "<a0>"),
	    BELOW("a2", 2, "ann", "[PATCH 2/2] two", "<a0>")},
	"a0 a1 a2; - b1"},
    {"a threaded one that lacks a part does not take it from another",
	{ROOT("b1", 0, "ann", "[PATCH 1/3] of b"),
	    ROOT("a0", 1, "ann", "[PATCH 0/3] work"),
	    BELOW("a1", 2, "ann", "[PATCH 1/3] one", "<a0>"),
	    BELOW("a3", 3, "ann", "[PATCH 3/3] three", "<a0>"),
	    ROOT("b2", 4, "ann", "[PATCH 2/3] of b, too"),
	    ROOT("b3", 5, "ann", "[PATCH 3/3] and last")},
	"- b1 b2 b3; a0 a1 a3"},
    {"two persons, one minute",
	{ROOT("a0", 0, "ann", "[PATCH 0/2] work"),
	    ROOT("b1", 1, "bob", "[PATCH 1/2] one"),
	    ROOT("b2", 2, "bob", "[PATCH 2/2] two")},
	"a0; - b1 b2"},
    {"two projects, one minute",
	{ROOT("a1", 0, "ann", "[PATCH 1/2] one"),
	    ROOT("a2", 1, "ann", "[PATCH kvmtool 2/2] two")},
	"- a1; - a2"},
    {"two totals, one minute",
	{ROOT("a1", 0, "ann", "[PATCH 1/2] one"),
	    ROOT("a2", 1, "ann", "[PATCH 2/3] two")},
	"- a1; - a2"},
    {"3/n of no series that is named",
	{ROOT("a1", 0, "ann", "[PATCH 1/2] one"),
	    ROOT("a3", 1, "ann", "[PATCH 3/n] three")},
	"- a1; - a3"},
    {"parts below two covers that are elsewhere",
	{BELOW("a1", 0, "ann", "[PATCH 1/2] one", "<gone1>"),
	    BELOW("a2", 1, "ann", "[PATCH 2/2] two", "<gone2>")},
	"- a1; - a2"},
    {"ids of one run of git send-email",
	{BELOW("20210309.12-1-a@x", 0, "ann", "[PATCH 1/2] one", "<gone1>"),
	    BELOW(
		"20210309.12-2-a@x", 9000, "ann", "[PATCH 2/2] two", "<gone2>"),
	    BELOW("20210309.13-2-a@x", 9001, "ann", "[PATCH 2/2] two",
		"<gone3>")},
	"- 20210309.12-1-a@x 20210309.12-2-a@x; - 20210309.13-2-a@x"},
    {"ids of one run of b4",
	{BELOW(
	     "20230309-x-v1-1-ab12@x", 0, "ann", "[PATCH 1/2] one", "<gone1>"),
	    BELOW("20230309-x-v1-2-ab12@x", 9000, "ann", "[PATCH 2/2] two",
		"<gone2>")},
	"- 20230309-x-v1-1-ab12@x 20230309-x-v1-2-ab12@x"},
    {"ids of one run of format-patch",
	{BELOW("cover.1610.git.a@x", 0, "ann", "[PATCH 0/1] work", "<gone1>"),
	    BELOW("ab12.1610.git.a@x", 9000, "ann", "[PATCH 1/1] one",
		"<gone2>")},
	"cover.1610.git.a@x ab12.1610.git.a@x"},
    {"stable copies for two trees",
	{BELOW("a4", 0, "ann", "[PATCH AUTOSEL 5.11 04/22] one", "<gone1>"),
	    ROOT("b3", 1, "ann", "[PATCH AUTOSEL 5.10 03/22] one")},
	"- a4; - b3"},
    {"patches below the cover of somebody else",
	{ROOT("a0", 0, "ann", "[PATCH 0/2] work"),
	    BELOW("b1", 1, "bob", "[PATCH 1/2] one", "<a0>"),
	    BELOW("b2", 2, "bob", "[PATCH 2/2] two", "<a0>")},
	"a0; - b1 b2"},
    {"stable copies for two trees, with one total",
	{ROOT("a1", 0, "ann", "[PATCH 5.11 1/2] one"),
	    ROOT("a2", 1, "ann", "[PATCH 5.11.y 2/2] two"),
	    ROOT("b1", 2, "ann", "[PATCH 5.10 1/2] one"),
	    ROOT("b2", 3, "ann", "[PATCH 5.10 2/2] two")},
	"- a1 a2; - b1 b2"},
};

static void
test_apart(void)
{
	check(apart_rows, G_N_ELEMENTS(apart_rows));
}

static const struct row none_rows[] = {
    {"replies, forwards, reports, notices",
	{ROOT("a", 0, "ann", "Re: [PATCH 1/2] one"),
	    ROOT("b", 1, "ann", "Fwd: [PATCH 1/2] one"),
	    ROOT("c", 2, "robot", "[tree:next 29/32] a.c: error: b"),
	    ROOT("d", 3, "robot", "[PATCH] mend it"),
	    ROOT("e", 4, "ann", "[RFC] an idea")},
	""},
    {"a pull and its payload, asked for later",
	{ROOT("pull", 0, "ann", "[GIT PULL] fixes"),
	    BELOW("re", 1, "bob", "Re: [GIT PULL] fixes", "<pull>"),
	    BELOW("p0", 2, "ann", "[PATCH 0/1] fixes", "<re>"),
	    BELOW("p1", 3, "ann", "[PATCH 1/1] one", "<p0>"),
	    BELOW("b", 4, "bob", "[PATCH] this, too", "<pull>")},
	"- b"},
    {"a payload from another address of the sender",
	{ROOT("pull", 0, "ann", "[GIT PULL] fixes"),
	    BELOW("p", 4, "ann+kvm@example.org", "[PATCH] one", "<pull>")},
	""},
    {"the same the other way round",
	{BELOW("pull", 0, "ann+kvm@example.org", "[GIT PULL] fixes", "<gone>"),
	    BELOW("p", 4, "ann", "[PATCH] one", "<gone>")},
	""},
    {"the same, below what never came",
	{BELOW("pull", 0, "ann", "[GIT PULL] fixes", "<gone>"),
	    BELOW("p", 4, "ann+kvm@example.org", "[PATCH] one", "<gone>")},
	""},
    {"a payload that somebody else has sent",
	{ROOT("pull", 0, "ann", "[GIT PULL] fixes"),
	    BELOW("p1", 3, "bob", "[PATCH 1/2] one", "<pull>"),
	    BELOW("p2", 4, "bob", "[PATCH 2/2] two", "<pull>")},
	""},
    {"a series that is pulled in its own thread",
	{ROOT("a0", 0, "ann", "[PATCH 0/1] work"),
	    BELOW("a1", 1, "ann", "[PATCH 1/1] one", "<a0>"),
	    BELOW("pull", 90000, "ann", "[GIT PULL] work", "<a0>")},
	"a0 a1"},
    {"lone patches",
	{ROOT("aa", 0, "ann", "[PATCH] one"),
	    ROOT("b", 0, "ann", "[PATCH] one"),
	    BELOW("c", 1, "ann", "[RFC PATCH v2] two", "<aa>")},
	"- aa; - b; - c"},
};

static void
test_none(void)
{
	check(none_rows, G_N_ELEMENTS(none_rows));
}

static void
test_fields(void)
{
	static const struct unit_mail mails[4] = {
	    ROOT("b0", 100, "ann", "[RFC PATCH RESEND kvmtool v2.5 0/3] work"),
	    BELOW("b2", 102, "ann", "[RFC PATCH RESEND kvmtool v2.5 2/3] two",
		"<b0>"),
	    ROOT("c", 50, "bob", "[PATCH 5.10.y] one"),
	};
	g_autoptr(GPtrArray) records = unit_records(mails, 0);
	GArray *members = kd_members_new(records);
	g_autoptr(GPtrArray) postings = kd_series_assemble(members);
	const struct kd_series *one, *two;

	g_assert_cmpuint(postings->len, ==, 2);
	one = postings->pdata[0];
	two = postings->pdata[1];
	g_assert_cmpstr(one->version, ==, "1");
	g_assert_cmpstr(one->address, ==, "bob@example.org");
	g_assert_cmpint(one->total, ==, 1);
	g_assert_true(one->stable && !one->resend && !one->rfc);
	g_assert_cmpuint(one->first->number, ==, 3);
	g_assert_cmpstr(two->version, ==, "2.5");
	g_assert_cmpstr(two->project, ==, "kvmtool");
	g_assert_cmpstr(two->name, ==, "ann Ek");
	g_assert_cmpint(two->total, ==, 3);
	g_assert_true(two->rfc && two->resend && !two->stable);
	g_assert_cmpuint(two->first->number, ==, 1);
	g_assert_cmpstr(two->first->id, ==, "b0");
	g_assert_cmpint(
	    g_array_index(members, struct kd_member, 1).posting, ==, 1);
	g_assert_cmpstr(kd_series_title(two, members)->record->id, ==, "b0");
	g_assert_cmpstr(kd_series_title(one, members)->record->id, ==, "c");
	kd_members_free(members);
}

/* A copy that another list sent on is no second patch. */
static void
test_copy(void)
{
	static const struct unit_mail mails[3] = {
	    ROOT("aa", 0, "ann", "[PATCH] one"),
	    ROOT("b", 0, "ann", "[PATCH] one"),
	};
	g_autoptr(GPtrArray) records = unit_records(mails, 0);
	GArray *members = NULL;
	g_autoptr(GPtrArray) postings = NULL;

	((kd_record *)records->pdata[1])->copy_of = 1;
	members = kd_members_new(records);
	postings = kd_series_assemble(members);
	g_assert_cmpuint(postings->len, ==, 1);
	kd_members_free(members);
}

/* Ten thousand times the same part: no posting looks at all the others. */
static void
test_hostile(void)
{
	const guint n = 10000;
	struct unit_mail *mails = g_new0(struct unit_mail, n + 1);
	g_autoptr(GPtrArray) records = NULL;
	GArray *members = NULL;
	g_autoptr(GPtrArray) postings = NULL;

	for (guint i = 0; i < n; i++)
		mails[i] = (struct unit_mail)BELOW(g_strdup_printf("a%u", i), i,
		    "ann", "[PATCH 1/2] one", "<gone>");
	records = unit_records(mails, 1);
	members = kd_members_new(records);
	postings = kd_series_assemble(members);
	g_assert_cmpuint(postings->len, ==, n);
	kd_members_free(members);
	for (guint i = 0; i < n; i++)
		g_free((char *)mails[i].id);
	g_free(mails);
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/series/threaded", test_threaded);
	g_test_add_func("/series/apart", test_apart);
	g_test_add_func("/series/none", test_none);
	g_test_add_func("/series/fields", test_fields);
	g_test_add_func("/series/copy", test_copy);
	g_test_add_func("/series/hostile", test_hostile);
	return g_test_run();
}
