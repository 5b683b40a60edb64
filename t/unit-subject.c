/*
 * Subjects.  A row is a subject and what it says: flags by letters, version,
 * counter, project, title.
 */
#include "config.h"

#include <string.h>

#include "subject.h"
#include "unit.h"

struct row {
	const char *subject;
	const char *says;
};

/* One letter for each flag, in the order of the enum. */
static const char letters[] = "RFPrtsGuSWBA";

static char *
describe(const kd_subject *s)
{
	g_autoptr(GString) out = g_string_new(NULL);

	for (guint i = 0; letters[i]; i++)
		if (s->flags & 1u << i)
			g_string_append_c(out, letters[i]);
	g_string_append_printf(out, " v%s", s->version);
	if (s->part >= 0) {
		g_string_append_printf(out, " %d", s->part);
		if (s->letter)
			g_string_append_c(out, s->letter);
		g_string_append_printf(out, "/%d", s->total);
	} else {
		g_assert_cmpint(s->total, ==, -1);
	}
	if (*s->project)
		g_string_append_printf(out, " {%s}", s->project);
	if (*s->tree)
		g_string_append_printf(out, " ^%s", s->tree);
	g_string_append_printf(out, " %s", s->title);
	return g_string_free(g_steal_pointer(&out), FALSE);
}

static void
check(const struct row *rows, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		g_autoptr(kd_subject) s = kd_subject_parse(rows[i].subject);
		g_autofree char *got = describe(s);

		g_test_message("%s", rows[i].subject);
		g_assert_cmpstr(got, ==, rows[i].says);
	}
}

static const struct row patch_rows[] = {
    {"[PATCH] kvm: one", "P v1 kvm: one"},
    {"[PATCH]kvm: one", "P v1 kvm: one"},
    {"[PATCH]: kvm: one", "P v1 kvm: one"},
    {"[PATCH] - kvm: one", "P v1 kvm: one"},
    {"[PATCH] -mm is slow", "P v1 -mm is slow"},
    {"[patch 02/15] one", "P v1 2/15 one"},
    {"[PATCH v2 00/17] one", "P v2 0/17 one"},
    {"[PATCH V2 03/04] one", "P v2 3/4 one"},
    {"[PATCHv2 1/4] one", "P v2 1/4 one"},
    {"[PATCH-v2 1/4] one", "P v2 1/4 one"},
    {"[PATCH_v2 1/4] one", "P v2 1/4 one"},
    {"[PATCH v02 1/4] one", "P v2 1/4 one"},
    {"[PATCH v2,2/4] one", "P v2 2/4 one"},
    {"[PATCH v2 4 of 4] one", "P v2 4/4 one"},
    {"[PATCH v 3 1/4] one", "P v3 1/4 one"},
    {"[PATCH take 3 1/4] one", "P v3 1/4 one"},
    {"[PATCH take3] one", "P v3 one"},
    {"[PATCH #3] one", "P v3 one"},
    {"[PATCH 1/4 v3] one", "P v3 1/4 one"},
    {"[v3 PATCH 1/4] one", "P v3 1/4 one"},
    {"[PATCHv3-1/4] one", "P v3 1/4 one"},
    {"[PATCH v5.5 00/30] one", "P v5.5 0/30 one"},
    {"[PATCH v4 12/11] one", "P v4 12/11 one"},
    {"[PATCH v3 6a/7] one", "P v3 6a/7 one"},
    {"[PATCH 3/n] one", "P v1 3/0 one"},
    {"[PATCH 3/?] one", "P v1 3/0 one"},
    {"[PATCH v2] [PATCH v3] one", "P v2 one"},
    {"[PATCH v99999999999999999 1/2] one", "P v1 1/2 one"},
    {"[PATCH 1234567/2] one", "P v1 one"},
    /* counters alone */
    {"[1/3] one", "P v1 1/3 one"},
    {"[V3,02/10] one", "P v3 2/10 one"},
    {"[kvmtool v2 3/5] one", "P v2 3/5 {kvmtool} one"},
    {"[v3] one", " v3 one"},
    /* brackets lost */
    {"PATCH v4 00/11] one", "P v4 0/11 one"},
    {"[PATCH v4 00/11 one: two", "P v4 0/11 one: two"},
    {"PATCH v4 looks good", " v1 PATCH v4 looks good"},
    {"[PATCH", "P v1 "},
    {"[PATCH]", "P v1 "},
    {"Patches are late", " v1 Patches are late"},
};

static void
test_patch(void)
{
	check(patch_rows, G_N_ELEMENTS(patch_rows));
}

static const struct row kind_rows[] = {
    {"[RFC PATCH v2 1/4] one", "Pr v2 1/4 one"},
    {"[PATCH RFC 1/4] one", "Pr v1 1/4 one"},
    {"[RFC][PATCH] one", "Pr v1 one"},
    {"[RFC] [PATCH v2] one", "Pr v2 one"},
    {"[RFC PATCHv3] one", "Pr v3 one"},
    {"[RFC/RFT PATCH 3/3] one", "Prt v1 3/3 one"},
    {"[RFC v16 0/9] one", "Pr v16 0/9 one"},
    {"[RFC 0/2] [RFC] one", "Pr v1 0/2 one"},
    {"[PATCH 9/9] RFC: one", "Pr v1 9/9 one"},
    {"[PATCH 9/9] (RFC) one", "Pr v1 9/9 one"},
    {"[RFC] one", "r v1 one"},
    {"RFC: one", "r v1 one"},
    {"[RESEND PATCH v2 1/2] one", "Ps v2 1/2 one"},
    {"[PATCH v2 RESEND 1/2] one", "Ps v2 1/2 one"},
    {"[PATCH v2 resend] one", "Ps v2 one"},
    {"[REPOST][PATCH] one", "Ps v1 one"},
    {"[PATCH] [RESEND] one", "Ps v1 one"},
    {"[PATCH] RESEND: one", "Ps v1 one"},
    {"RESEND [PATCH] one", "Ps v1 one"},
    {"[PATCH] one (RESEND)", "Ps v1 one"},
    {"[PATCH] one [resend]", "Ps v1 one"},
    {"[PATCH] Resend the interrupt", "P v1 Resend the interrupt"},
    {"[PATCH v2] RESEND one", "Ps v2 one"},
    {"[PATCH v2] one REPOST", "Ps v2 one"},
    {"[PATCH v2] one, resend", "P v2 one, resend"},
    {"[PATCH] RESEND", "P v1 RESEND"},
    {"When to RESEND", " v1 When to RESEND"},
    {"RESEND or not", " v1 RESEND or not"},
    {"[PATCH v7 23/23] [DO NOT MERGE] one", "P v7 23/23 one"},
    {"[PATCH 2/3] [DONOTMERGE] one", "P v1 2/3 one"},
    {"[GIT PULL] one, take #2", "G v1 one, take #2"},
    {"[GIT PULL v2] one", "G v2 one"},
    {"[GIT PULL 1/4] one", "G v1 1/4 one"},
    {"[PULL 02/34] one", "G v1 2/34 one"},
    {"[ANNOUNCE] one", "A v1 one"},
    {"Call for Papers: one", "A v1 Call for Papers: one"},
};

static void
test_kind(void)
{
	check(kind_rows, G_N_ELEMENTS(kind_rows));
}

static const struct row project_rows[] = {
    {"[kvm-unit-tests PATCH v3 00/16] one", "P v3 0/16 {kvm-unit-tests} one"},
    {"[PATCH hyperv-next v9 00/11] one", "P v9 0/11 {hyperv-next} one"},
    {"[PATCH kvmtool v2] one", "P v2 {kvmtool} one"},
    {"[PATCH v2 kvmtool 1/2] one", "P v2 1/2 {kvmtool} one"},
    {"[RFC KVMTOOL PATCH] one", "Pr v1 {kvmtool} one"},
    {"[PATCH][kvmtool] one", "P v1 {kvmtool} one"},
    {"[kvmtool][PATCH] one", "P v1 {kvmtool} one"},
    {"[kvmtool] [PATCH] one", "P v1 {kvmtool} one"},
    {"[kvmtool] one", " v1 {kvmtool} one"},
    {"[PATCH net-next v2] one", "P v2 {net-next} one"},
    {"[PATCH kvm two] one", "P v1 {kvm two} one"},
    {"[PATCH -mm] one", "P v1 {mm} one"},
    /* where it shall go is no project */
    {"[PATCH -next] one", "P v1 one"},
    {"[PATCH for-next v2] one", "P v2 one"},
    {"[PATCH for-6.2 v2] one", "P v2 one"},
    {"[PATCH for 6.2] one", "P v1 one"},
    /* of the title */
    {"[PATCH] [media] one", "P v1 [media] one"},
    {"[un]mask one", " v1 [un]mask one"},
    {"[only a tag]", " v1 [only a tag]"},
};

static void
test_project(void)
{
	check(project_rows, G_N_ELEMENTS(project_rows));
}

static const struct row stable_rows[] = {
    {"[PATCH 5.10 021/120] one", "PS v1 21/120 ^5.10 one"},
    {"[PATCH AUTOSEL 5.11 04/22] one", "PS v1 4/22 ^5.11 one"},
    {"[PATCH MANUALSEL 5.15 8/8] one", "PS v1 8/8 ^5.15 one"},
    {"[PATCH stable 5.10.y] one", "PS v1 ^5.10 one"},
    {"[PATCH v5.10.y 1/2] one", "PS v1 1/2 ^5.10 one"},
    {"[PATCH v2 5.10.y 1/2] one", "PS v2 1/2 ^5.10 one"},
    {"[PATCH AUTOSEL for 4.14 3/9] one", "PS v1 3/9 ^4.14 one"},
    {"[PATCH for 5.12 1/2] one", "P v1 1/2 one"},
    {"[PATCH stable 4.x] one", "PS v1 ^4 one"},
    {"[PATCH linux-4.19.y] one", "PS v1 ^4.19 one"},
    {"[PATCH for-stable-4.19] one", "PS v1 ^4.19 one"},
    {"[PATCH][stable-4.{4, 9}] one", "PS v1 one"},
    {"[stable:PATCH 1/2] one", "PS v1 1/2 one"},
    {"Patch \"one\" has been added to the 5.4-stable tree",
	"S v1 Patch \"one\" has been added to the 5.4-stable tree"},
    {"FAILED: patch \"[PATCH] one\" failed to apply to 6.1-stable tree",
	"S v1 FAILED: patch \"[PATCH] one\" failed to apply to "
	"6.1-stable tree"},
    {"[stable-rc] 5.12 one", " v1 {stable-rc} 5.12 one"},
};

static void
test_stable(void)
{
	check(stable_rows, G_N_ELEMENTS(stable_rows));
}

static const struct row prefix_rows[] = {
    {"Re: [PATCH] one", "RP v1 one"},
    {"RE:[PATCH] one", "RP v1 one"},
    {"re : one", "R v1 one"},
    {"Re: Re: RE: one", "R v1 one"},
    {"Re[2]: one", "R v1 one"},
    {"Re(12): one", "R v1 one"},
    {"Re^3: one", "R v1 one"},
    {"AW: one", "R v1 one"},
    {"SV: one", "R v1 one"},
    {"FW: Re: one", "RF v1 one"},
    {"Fwd: one", "F v1 one"},
    {"回复: one", "R v1 one"},
    {"回复：Re: [PATCH] one", "RP v1 one"},
    {"答复：[PATCH] one", "RP v1 one"},
    {"转发: one", "F v1 one"},
    {"Re： one", "R v1 one"},
    {"[External] Re: [PATCH] one", "RP v1 one"},
    {"[EXT] [PATCH] one", "P v1 one"},
    {"【外部邮件】Re: [PATCH] one", "RP v1 one"},
    {"Re: [Some-list] Re: [PATCH 1/2] one", "RP v1 1/2 one"},
    {"***SPAM*** Re: one", "R v1 one"},
    {"Re: (subset) [PATCH 0/2] one", "RPu v1 0/2 one"},
    {"Re: [PATCH] Re-enable one", "RP v1 Re-enable one"},
    {"Re: [PATCH] Revert \"one\"", "RP v1 Revert \"one\""},
    {"REGRESSION: one", "B v1 REGRESSION: one"},
    {"***", " v1 ***"},
    {"Re:", "R v1 "},
    {"", " v1 "},
};

static void
test_prefix(void)
{
	check(prefix_rows, G_N_ELEMENTS(prefix_rows));
}

static const struct row bug_rows[] = {
    {"[syzbot] [kvm?] [kvmarm?] WARNING in one", "B v1 WARNING in one"},
    {"Re: [syzbot] one", "RB v1 one"},
    {"[BUG] one", "B v1 one"},
    {"[kvm-unit-tests BUG] one", "B v1 {kvm-unit-tests} one"},
    {"BUG: one", "B v1 BUG: one"},
    {"WARNING in one", "B v1 WARNING in one"},
    {"[REGRESSION] one", "B v1 one"},
    {"LM regression: one", "B v1 LM regression: one"},
    {"Kernel panic - one", "B v1 Kernel panic - one"},
    {"arm64: Oops in one", "B v1 arm64: Oops in one"},
    {"Internal error: one", "B v1 Internal error: one"},
    {"a.c:40:10: fatal error: no b.h", "B v1 a.c:40:10: fatal error: "
				       "no b.h"},
    {"[tree:next 29/32] a.c:1:2: warning: one",
	"B v1 29/32 {tree:next} a.c:1:2: warning: one"},
    /* words alone are no report */
    {"[PATCH] Fix performance regression", "P v1 Fix performance "
					   "regression"},
    {"[PATCH] WARNING in one", "P v1 WARNING in one"},
    {"[PATCH] [BUG] one", "P v1 one"},
    {"[GIT PULL] regression in one", "G v1 regression in one"},
    {"Fixing a regression", " v1 Fixing a regression"},
    {"Debugging one", " v1 Debugging one"},
    {"Broken one", " v1 Broken one"},
};

static void
test_bug(void)
{
	check(bug_rows, G_N_ELEMENTS(bug_rows));
}

static void
test_was(void)
{
	static const struct {
		const char *subject, *title, *was;
	} rows[] = {
	    {"New (was Re: [PATCH v2 1/2] kvm: Old)", "New", "kvm: old"},
	    {"Re: New (Was [PATCH] Old one())", "New", "old one()"},
	    {"New [was: Old]", "New", "old"},
	    {"New (was: Old (part))", "New", "old (part)"},
	    {"New (was Old)", "New", "old"},
	    {"New (was: Old (was: Older))", "New", "old"},
	    {"New (was: Old that is cut of", "New", "old that is cut of"},
	    {"[PATCH] New (was: Old)", "New", "old"},
	    {"[PATCH] Mend what (was broken)", "Mend what (was broken)", ""},
	    {"New (wasm)", "New (wasm)", ""},
	    {"New", "New", ""},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(kd_subject) s = kd_subject_parse(rows[i].subject);

		g_assert_cmpstr(s->title, ==, rows[i].title);
		g_assert_cmpstr(s->was, ==, rows[i].was);
		g_assert_cmpint(
		    !!(s->flags & KD_SUBJECT_WAS), ==, *rows[i].was != '\0');
	}
}

static void
test_key(void)
{
	static const struct {
		const char *a, *b;
		gboolean equal;
	} rows[] = {
	    {"[PATCH 0/3] KVM: arm64: New foo",
		"Re: [PATCH v2 0/5] kvm: Arm64: new  foo.", TRUE},
	    {"move {get,put}_page()", "move {get, put}_page()", TRUE},
	    {"A \342\200\213title", "a title", TRUE},
	    {"Gr\303\226\303\237e", "gr\303\266sse", TRUE},
	    {"em\342\200\203space", "em space", TRUE},
	    {"one, two", "one two", FALSE},
	    {"fixes, take #1", "fixes, take #2", FALSE},
	    {"title of a part", "title of apart", FALSE},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(kd_subject) a = kd_subject_parse(rows[i].a);
		g_autoptr(kd_subject) b = kd_subject_parse(rows[i].b);

		g_test_message("%s", rows[i].a);
		if (rows[i].equal)
			g_assert_cmpstr(a->key, ==, b->key);
		else
			g_assert_cmpstr(a->key, !=, b->key);
	}
}

static void
test_version(void)
{
	static const char *const ascending[] = {
	    "0", "1", "1.5", "2", "2.5", "2.10", "3", "10", "10.1", "100"};

	for (gsize i = 0; i < G_N_ELEMENTS(ascending); i++)
		for (gsize j = 0; j < G_N_ELEMENTS(ascending); j++) {
			int order = kd_subject_compare_version(
			    ascending[i], ascending[j]);

			g_assert_cmpint(
			    (order > 0) - (order < 0), ==, (i > j) - (i < j));
		}
	g_assert_cmpint(kd_subject_compare_version("02", "2"), ==, 0);
	g_assert_cmpint(kd_subject_compare_version("2.0", "2"), ==, 0);
}

/* Whatever comes, it ends soon and is text. */
static void
test_hostile(void)
{
	static const char *const units[] = {"[", "]", "(", "re:", "[a]",
	    "[PATCH ", "PATCH ", "(rfc)", "(was ", "***", "v1.", "a-patch-",
	    "【", "【a】", "\377", "a ", "1/2 "};

	for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(kd_subject) s = NULL;

		while (text->len < 1 << 17)
			g_string_append(text, units[i]);
		s = kd_subject_parse(text->str);
		g_assert_true(g_utf8_validate(s->title, -1, NULL));
		g_assert_true(g_utf8_validate(s->key, -1, NULL));
		g_assert_true(g_utf8_validate(s->project, -1, NULL));
	}
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/subject/patch", test_patch);
	g_test_add_func("/subject/kind", test_kind);
	g_test_add_func("/subject/project", test_project);
	g_test_add_func("/subject/stable", test_stable);
	g_test_add_func("/subject/prefix", test_prefix);
	g_test_add_func("/subject/bug", test_bug);
	g_test_add_func("/subject/was", test_was);
	g_test_add_func("/subject/key", test_key);
	g_test_add_func("/subject/version", test_version);
	g_test_add_func("/subject/hostile", test_hostile);
	return g_test_run();
}
