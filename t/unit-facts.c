/*
 * Facts: found where a mail states them, and nowhere else.  Each case is a
 * text and the facts expected of it, "kind value" with "; " between them.
 */
#include "config.h"

#include <string.h>

#include "facts.h"
#include "unit.h"

#define ANN "Ann Ek <ann@example.org>"

static const char *const names[KD_FACT_KINDS] = {
    [KD_FACT_REVIEWED_BY] = "reviewed",
    [KD_FACT_ACKED_BY] = "acked",
    [KD_FACT_TESTED_BY] = "tested",
    [KD_FACT_NACKED_BY] = "nacked",
    [KD_FACT_REPORTED_BY] = "reported",
    [KD_FACT_SUGGESTED_BY] = "suggested",
    [KD_FACT_APPLIED] = "applied",
    [KD_FACT_APPLIED_PARTLY] = "partly",
    [KD_FACT_APPLIED_PATCH] = "patch",
    [KD_FACT_APPLIED_COMMIT] = "commit",
    [KD_FACT_PULL_REQUEST] = "pull",
    [KD_FACT_PULLED] = "pulled",
    [KD_FACT_BUILD_FAILED] = "failed",
    [KD_FACT_SYZBOT] = "syzbot",
    [KD_FACT_FIXES] = "fixes",
    [KD_FACT_CLOSES] = "closes",
    [KD_FACT_LINK] = "link",
    [KD_FACT_CHANGE_ID] = "change-id",
    [KD_FACT_BASE_COMMIT] = "base",
    [KD_FACT_PREVIOUS_VERSION] = "previous",
    [KD_FACT_CITED] = "cited",
    [KD_FACT_UPSTREAM] = "upstream",
    [KD_FACT_QUESTION] = "asks",
    [KD_FACT_OBJECTION] = "objects",
    [KD_FACT_WITHDRAWN] = "withdraws",
    [KD_FACT_BISECTED] = "bisected",
    [KD_FACT_SYZ_COMMAND] = "syz",
    [KD_FACT_REGZBOT] = "regzbot",
    [KD_FACT_CHANGE] = "change",
    [KD_FACT_BUILD_WARNED] = "warned",
    [KD_FACT_PARTS] = "parts",
    [KD_FACT_BUILD_CONFIG] = "config",
    [KD_FACT_SYZBOT_ID] = "syzbot-id",
    [KD_FACT_REPRODUCER] = "reproducer",
    [KD_FACT_MENTION] = "mentions",
    [KD_FACT_PAYLOAD] = "brings",
};

enum {
	REPLY = KD_SUBJECT_REPLY | KD_SUBJECT_PATCH,
	POSTING = KD_SUBJECT_PATCH,
	PULL = KD_SUBJECT_PULL
};

struct setting {
	guint flags; /* of the subject */
	const char *version;
	int part, total;
	const char *name, *address;
	guint32 mail; /* flags of the mail */
};

static const struct setting usual = {
    REPLY, "1", -1, -1, "Ann Ek", "ann@example.org", 0};

enum sort {
	OTHERS,
	REMARKS, /* that kd_scan_remark() finds */
	CHANGES	 /* that kd_scan_change() finds */
};

static enum sort
sort_of(enum kd_fact_kind kind)
{
	switch (kind) {
	case KD_FACT_QUESTION:
	case KD_FACT_OBJECTION:
	case KD_FACT_WITHDRAWN:
		return REMARKS;
	case KD_FACT_CHANGE:
		return CHANGES;
	default:
		return OTHERS;
	}
}

/* What a mail of this setting says; the caller has the lists and the chunk. */
static void
extract(struct kd_findings *findings, const struct setting *setting,
    const char *text)
{
	kd_subject subject = {.flags = setting->flags,
	    .version = (char *)setting->version,
	    .part = setting->part,
	    .total = setting->total,
	    .project = (char *)"",
	    .title = (char *)"a title",
	    .key = (char *)"a title",
	    .was = (char *)""};

	kd_facts_extract(findings, &subject, text, setting->name,
	    setting->address, setting->mail);
}

/* Facts of a sort as text, "; " between them. */
static char *
read_some(const struct setting *setting, const char *text, enum sort sort)
{
	g_autoptr(GArray) facts =
	    g_array_new(FALSE, FALSE, sizeof(struct kd_fact));
	g_autoptr(GPtrArray) paths = g_ptr_array_new();
	struct kd_findings findings = {
	    .chunk = g_string_chunk_new(1024), .facts = facts, .paths = paths};
	GString *all = g_string_new(NULL);

	extract(&findings, setting, text);
	for (guint i = 0; i < facts->len; i++) {
		const struct kd_fact *fact =
		    &g_array_index(facts, struct kd_fact, i);

		g_assert_true(g_utf8_validate(fact->value, -1, NULL));
		g_assert_cmpuint(fact->line, >, 0);
		if (sort_of(fact->kind) != sort)
			continue;
		g_string_append_printf(all, "%s%s%s%s", all->len ? "; " : "",
		    names[fact->kind], *fact->value ? " " : "", fact->value);
	}
	g_string_chunk_free(findings.chunk);
	return g_string_free(all, FALSE);
}

static char *
read_facts(const struct setting *setting, const char *text)
{
	return read_some(setting, text, OTHERS);
}

struct text_case {
	const char *text;
	const char *facts;
};

static void
check(const struct setting *setting, const struct text_case *cases, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		g_autofree char *got = read_facts(setting, cases[i].text);

		if (strcmp(got, cases[i].facts))
			g_test_message("in: %s", cases[i].text);
		g_assert_cmpstr(got, ==, cases[i].facts);
	}
}

static void
test_trailers(void)
{
	static const struct text_case cases[] = {
	    {"Reviewed-by: " ANN "\n", "reviewed " ANN},
	    {"reviewed-BY : " ANN, "reviewed " ANN},
	    {"> diff\n\nAcked-by: " ANN " # arm64\n", "acked " ANN},
	    {"   Tested-by: " ANN "\n", "tested " ANN},
	    {"Reported-and-tested-by: " ANN, "reported " ANN "; tested " ANN},
	    {"Reviewed-and-acked-by: " ANN, "reviewed " ANN "; acked " ANN},
	    {"Reviwed-by: " ANN, "reviewed " ANN},
	    {"Nacked-by: " ANN, "nacked " ANN},
	    {"NAKed-by: " ANN, "nacked " ANN},
	    {"Acked-by: Ann Ek\n", "acked Ann Ek"},
	    {"Acked-by: Ann Ek <ann@example.org.\n", "acked " ANN},
	    {"Acked-by: ann@example.org", "acked ann@example.org"},
	    {"Reviewed-by: Ann Ek\n  <ann@example.org>\n", "reviewed " ANN},
	    {"Reviewed-by: Bo Li <bo@example.org>",
		"reviewed Bo Li <bo@example.org>"},
	    {"Suggested-by: 李波 <bo@example.org>",
		"suggested 李波 <bo@example.org>"},
	    {"Reviewed-by: " ANN "\r\n", "reviewed " ANN},
	    /* Not said here, or not by anybody. */
	    {"> Reviewed-by: " ANN "\n", ""},
	    {">> Acked-by: " ANN "\n", ""},
	    {" > Acked-by: " ANN "\n", ""},
	    {"| Reviewed-by: " ANN "\n", ""},
	    {"+Reviewed-by: " ANN "\n", ""},
	    {"please add my Reviewed-by: " ANN "\n", ""},
	    {"Reviewed-by: <your name>\n", ""},
	    {"Reviewed-by:\n", ""},
	    {"Reviewed-by: someone who knows this code\n", ""},
	    {"Signed-off-by: " ANN "\n", ""},
	    {"Co-developed-by: " ANN "\n", ""},
	    {"Cc: " ANN "\n", ""},
	    {"    Reviewed-by: Bo Li <bo@example.org>\n", ""},
	    {"seen-by: the guest\n", ""},
	    {"-by: " ANN "\n", ""},
	    /* A mail copied below the answer. */
	    {"ok\n-----Original Message-----\nReviewed-by: " ANN "\n", ""},
	    {"ok\nFrom: Bo\nSent: Monday\n\nReviewed-by: " ANN "\n", ""},
	    /* A patch within a reply brings others' reviews along. */
	    {"How about this?\n\nReviewed-by: Bo Li <bo@example.org>\n"
	     "Signed-off-by: " ANN "\n---\n",
		""},
	    {"Acked-by: " ANN "\nSigned-off-by: " ANN "\n", "acked " ANN},
	    {"@@ -1,2 +1,2 @@\n a\n+Acked-by: " ANN "\n-b\n\nAcked-by: " ANN,
		"acked " ANN},
	    {"@@ -1,9 +1,9 @@\n a\nAcked-by: " ANN "\n", "acked " ANN},
	};

	check(&usual, cases, G_N_ELEMENTS(cases));
}

static void
test_posting(void)
{
	static const struct setting patch = {
	    POSTING, "3", 1, 2, "Ann Ek", "ann@example.org", 0};
	static const struct text_case cases[] = {
	    {"Reviewed-by: Bo Li <bo@example.org>\n", ""},
	    {"Acked-by: " ANN "\n", ""},
	    {"Reported-by: Bo Li <bo@example.org>\n",
		"reported Bo Li <bo@example.org>"},
	    {"Reported-by: syzbot+a1@syzkaller.example.org\n",
		"reported syzbot+a1@syzkaller.example.org"},
	    {"Fixes: 0123456789ab (\"KVM: x\")\n",
		"fixes 0123456789ab (\"KVM: x\")"},
	    {"Fixes: commit 0123456789ab (\"KVM:\n x\")\n",
		"fixes 0123456789ab (\"KVM: x\")"},
	    {"Fixes: the build\nFixes: 123\nFixes: deadbeefs\n", ""},
	    {"Closes: https://bugs.example.org/1 [1]\n",
		"closes https://bugs.example.org/1"},
	    {"Closes: #12\nLink: below\nLink: ftp://x/y\n", ""},
	    {"Link: https://a.example.org/r/1@b\n",
		"link https://a.example.org/r/1@b"},
	    {"change-id: 20230101-gic-1a2b\n", "change-id 20230101-gic-1a2b"},
	    {"base-commit: 0123456789abcdef\n", "base 0123456789abcdef"},
	    {"base-commit: none\nchange-id:\n", ""},
	    {"@@ -1 +1 @@\n-Link: https://a.example.org/\n"
	     "+Fixes: 0123456789ab\n",
		""},
	    {"Applied to next, thanks!\n\nNAK.\n", ""},
	    {"commit 0123456789abcdef upstream.\n\nWhat it does.\n",
		"upstream 0123456789abcdef"},
	    {"Commit 0123456789ab upstream\n", "upstream 0123456789ab"},
	    {"[ Upstream commit 0123456789abcdef ]\n",
		"upstream 0123456789abcdef"},
	    {"From: Bo Li <bo@example.org>\n\n"
	     "[ Upstream commit 0123456789abcdef ]\n",
		"upstream 0123456789abcdef"},
	    {"COMMIT 0123456789abcdef upstream went wrong\n", ""},
	    {"upstream commit 0123456\n", ""},
	    {"commit 0123456789ab\n", ""},
	    {"commit upstream\n", ""},
	    {"[ upstream commit ]\n", ""},
	    {"> commit 0123456789ab upstream.\n", ""},
	    {"It mends what came with\ncommit 0123456789ab upstream.\n", ""},
	};

	check(&patch, cases, G_N_ELEMENTS(cases));
}

#define BO_LI  "Bo Li <bo@example.org>"
#define POSTED "https://a.example.org/r/1@b"

/* Who has signed a patch, and which Links follow. */
static void
test_commit(void)
{
	static const struct setting patch = {
	    POSTING, "3", 1, 2, "Ann Ek", "ann@example.org", 0};
	static const struct text_case cases[] = {
	    {"Signed-off-by: " ANN "\nCc: stable@example.org\n"
	     "Signed-off-by: " BO_LI "\nLink: " POSTED "\n",
		"link " POSTED "; upstream " POSTED},
	    {"Signed-off-by: Ann <ann+work@example.org>\n"
	     "Signed-off-by: " BO_LI "\nLink: https://a.example.org/bug\n"
	     "Link: " POSTED "\n",
		"link https://a.example.org/bug; link " POSTED
		"; upstream " POSTED},
	    {"Signed-off-by: " BO_LI "\nLink: " POSTED "\n"
	     "Signed-off-by: " ANN "\n",
		"link " POSTED},
	    {"Link: " POSTED "\nSigned-off-by: " ANN "\n"
	     "Signed-off-by: " BO_LI "\n",
		"link " POSTED},
	    {"Signed-off-by: " BO_LI "\nLink: " POSTED "\n", "link " POSTED},
	    {"Signed-off-by: " ANN "\nCo-developed-by: " BO_LI "\n"
	     "Signed-off-by: " BO_LI "\nLink: " POSTED "\n",
		"link " POSTED},
	    {"Signed-off-by: " ANN "\nSigned-off-by:\nLink: " POSTED "\n",
		"link " POSTED},
	    {"Signed-off-by: " ANN "\n    Signed-off-by: " BO_LI
	     "\nLink: " POSTED "\n",
		"link " POSTED},
	    {"Signed-off-by: " ANN "\n---\nSigned-off-by: " BO_LI
	     "\nLink: " POSTED "\n",
		"link " POSTED},
	    {"Signed-off-by: " ANN "\nSigned-off-by: " BO_LI
	     "\n---\nLink: " POSTED "\n",
		"link " POSTED},
	    {"Signed-off-by: " ANN "\nSigned-off-by: " BO_LI "\nLink: " POSTED
	     "\nSigned-off-by: " BO_LI "\n",
		"link " POSTED},
	    {"From: " BO_LI "\n\nSigned-off-by: " ANN "\nSigned-off-by: " BO_LI
	     "\nLink: " POSTED "\n",
		"link " POSTED},
	};
	static const struct setting answer = {POSTING | KD_SUBJECT_REPLY, "3",
	    1, 2, "Ann Ek", "ann@example.org", 0};
	static const struct text_case answers[] = {
	    {"Signed-off-by: " ANN "\nSigned-off-by: " BO_LI "\nLink: " POSTED
	     "\n",
		"link " POSTED},
	};

	check(&patch, cases, G_N_ELEMENTS(cases));
	check(&answer, answers, G_N_ELEMENTS(answers));
}

#define V2 "https://a.example.org/kvmarm/20210101.1-1-ann@example.org/"
#define BO "https://a.example.org/r/20210101.1-1-bo@example.org"

static void
test_versions(void)
{
	static const struct setting cover = {
	    POSTING, "3", 0, 2, "Ann Ek", "ann@example.org", 0};
	static const struct setting first = {
	    POSTING, "1", 0, 2, "Ann Ek", "ann@example.org", 0};
	static const struct setting part = {
	    POSTING, "3", 1, 2, "Ann Ek", "ann@example.org", 0};
	static const struct text_case cases[] = {
	    {"- Link to v2: " V2 "\n", "previous " V2},
	    {"v2: " V2 "\nv1: " BO "\n", "previous " V2 "; previous " BO},
	    {"Changes since v2 (" BO "):\n", "previous " BO},
	    {"Changes since v2 [1]:\n - x\n\n[1] " BO "\n", "previous " BO},
	    {"The previous version is here:\n\n  " BO "\n", "previous " BO},
	    {"This was first posted here:\n" V2 "\n", "previous " V2},
	    {"* v1 -> v2\n  - x\n\n[1] " V2 "\n", "previous " V2},
	    {"RFC: " BO "\n", "previous " BO},
	    {"Changes in v2:\n" V2 "\n" BO "\n",
		"previous " V2 "; previous " BO},
	    /* Others' works, and one's own other ones. */
	    {"This was first posted here:\n" BO "\n", "cited " BO},
	    {"This is based on v2 of [1]\n\n[1] " V2 "\n", "cited " V2},
	    {"Depends on v1: " V2 "\n", "cited " V2},
	    {"See the discussion [1]\n\nv2: x\n\n[1] " BO "\n", "cited " BO},
	    {"Rebased on v5.12: " V2 "\n", "cited " V2},
	    {"v3: " BO "\n", "cited " BO},
	    {"v2: " V2 ", " BO " and " V2 ".\n",
		"previous " V2 "; cited " BO "; cited " V2},
	    {"v2: https://a.example.org/list/msg1.html\n", ""},
	    {"> v2: " V2 "\n", ""},
	};
	static const struct text_case none[] = {
	    {"v1: " V2 "\nv2: " BO "\n", "cited " V2 "; cited " BO},
	    {"RFC v2: " V2 "\n", "previous " V2},
	};
	static const struct text_case parts[] = {
	    {"v2: " V2 "\n" BO "\n", "previous " V2},
	};

	check(&cover, cases, G_N_ELEMENTS(cases));
	check(&first, none, G_N_ELEMENTS(none));
	check(&part, parts, G_N_ELEMENTS(parts));
}

static void
test_changes(void)
{
	static const struct setting cover = {
	    POSTING, "3", 0, 2, "Ann Ek", "ann@example.org", 0};
	static const struct setting patch = {
	    POSTING, "3", 1, 2, "Ann Ek", "ann@example.org", 0};
	static const struct setting first = {
	    POSTING, "1", 0, 2, "Ann Ek", "ann@example.org", 0};
	static const struct text_case cases[] = {
	    {"v2 -> v3:\n- one (Bo)\n- two,\n  with more\n", "change one (Bo); "
							     "change two, with "
							     "more"},
	    {"v2->v3\n * one\n * two\n\nv1->v2\n * old\n",
		"change one; change two"},
	    {"* From v2 [1]:\n  - one\n\n  - two\n\n* From v1:\n  - old\n",
		"change one; change two"},
	    {"Changes since v2 (https://a.example.org/x):\n 1. one\n 2) two\n",
		"change one; change two"},
	    {"Changes in v3:\n  o one\n  + two\n\nAnn Ek (2):\n  a title\n",
		"change one; change two"},
	    {"Changelog:\nv3:\n- one\nv2:\n- old\n", "change one"},
	    {"Changelog \"v2\" -> \"v3\":\n- one\n", "change one"},
	    {"Changes:\n- one\n", "change one"},
	    {"Major changes since the last version:\n- one\n", "change one"},
	    {"v3: one\nv2: old\n", "change one"},
	    {"V3 - one\n", "change one"},
	    {"v3:\none of them\nand more\n\nProse.\n",
		"change one of them and more"},
	    {"v3\n====\n- one\n---\n- no\n", "change one"},
	    {"Changes since v2:\n- one\nReviewed-by: Bo Li <b@example.org>\n",
		"change one"},
	    {"Changes since v2:\n- one\n x.c | 2 +-\n", "change one"},
	    /* A version was left out, or miscounted. */
	    {"Changes since v1:\n- one\nChanges since RFC:\n- old\n",
		"change one"},
	    {"Changes since v3:\n- one\n", "change one"},
	    /* Other versions, other people's, no changelog at all. */
	    {"v1 -> v2:\n- old\n", ""},
	    {"> v2 -> v3:\n> - one\n", ""},
	    {"This is v3 of the series.\n- it\n", ""},
	    {"I changed what v2 did.\n\nFrom v2 on it is so:\n- it\n", ""},
	    {"Ann Ek (2):\n  KVM: a title that goes on with\n    changes\n"
	     "  KVM: another\n",
		""},
	    {"v3.1:\n- the release\n", ""},
	};
	static const struct text_case below[] = {
	    {"Changes:\n- are what it is about\n", ""},
	    {"It is so.\n\n---\nChanges:\n- one\n x.c | 2 +-\n", "change one"},
	};
	static const struct text_case none[] = {
	    {"Changes since RFC:\n- one\n", "change one"},
	    {"v2:\n- no\n", ""},
	};
	static const struct {
		const struct setting *setting;
		const struct text_case *cases;
		gsize n;
	} all[] = {{&cover, cases, G_N_ELEMENTS(cases)},
	    {&patch, below, G_N_ELEMENTS(below)},
	    {&first, none, G_N_ELEMENTS(none)}};
	g_autoptr(GString) many = g_string_new("v3:\n");
	g_autofree char *got = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(all); i++)
		for (gsize j = 0; j < all[i].n; j++) {
			const struct text_case *one = &all[i].cases[j];
			g_autofree char *read =
			    read_some(all[i].setting, one->text, CHANGES);

			if (strcmp(read, one->facts))
				g_test_message("in: %s", one->text);
			g_assert_cmpstr(read, ==, one->facts);
		}
	for (guint i = 0; i < 100000; i++)
		g_string_append(
		    many, i % 50 ? "  more and more\n" : "- item\n");
	got = read_some(&cover, many->str, CHANGES);
	g_assert_cmpuint(strlen(got), <, 40 * 320);
}

static void
test_notices(void)
{
	static const struct text_case cases[] = {
	    {"Applied to next, thanks!\n", "applied next"},
	    {"Applied (With a) (with b c d e f g) to for-next.\n",
		"applied for-next"},
	    {"Applied (With a b c) (with z) to for-next.\n",
		"applied for-next"},
	    {"Queued (with small adjustments to the log), thanks.\n",
		"applied"},
	    {"> x\n\nApplied to next.\n", "applied next"},
	    {"Applied to arm64 (for-next/misc), thanks!\n",
		"applied arm64 (for-next/misc)"},
	    {"Applied to kvm-arm64/next\nThanks,\nAnn\n",
		"applied kvm-arm64/next"},
	    {"Applied, thanks\n", "applied"},
	    {"Applied, thanks!\nAnn\n", "applied"},
	    {"Great, applied. Thanks!\n", "applied"},
	    {"Thanks, applied to kvm/next.\n", "applied kvm/next"},
	    {"Queued, thanks.\n\nAnn\n", "applied"},
	    {"Queued for 5.12\n", "applied"},
	    {"Queued for 5.12, thanks.\n", "applied"},
	    {"Queued up for v5.12-rc3, thanks\n", "applied"},
	    {"I've applied this, thanks\n", "applied"},
	    {"I've now queued the series to arm/queue[1].\n",
		"applied arm/queue; parts all"},
	    {"Ok, I applied this one to the s390 tree. Thanks!\n",
		"applied s390"},
	    {"Series applied, thanks!\n", "applied; parts all"},
	    {"Merged, thanks\n", "applied"},
	    {"Pulled, thanks\n", "applied"},
	    {"This is fine. Applied to\nkvm-arm64/misc, thanks.\n",
		"applied kvm-arm64/misc"},
	    {"Queued patches 1-5, thanks.\n", "partly; parts 1-5"},
	    {"Queued 1-3 and 5, thanks.\n", "partly; parts 1-3 5"},
	    {"Applied the first patch only to next, thanks!\n", "partly next"},
	    {"Applied to vfio next branch for v5.13, dropped a WARN_ON on "
	     "the way.  Thanks,\n",
		"applied vfio next"},
	    {"Rebased, and queued with the fix that Bo suggested.\n\nThanks\n",
		"applied"},
	    {"Applied to kvm/next (because kvm/master has other trouble).\n",
		"applied kvm/next"},
	    {"Queued (with small changes to the message), thanks.\n",
		"applied"},
	    {"That worked, now queued up, thanks!\n", "applied"},
	    {"Thanks for both backports, now queued up.\n", "applied"},
	    {"Both backports now queued up, thanks.\n", "applied; parts all"},
	    {"Queued and 1-9 and 18, thanks.\n", "partly; parts 1-9 18"},
	    {"Queued patches 2-5 for now.  6 wants a test.\n",
		"partly; parts 2-5"},
	    {"Queued 1-7, will be on kvm/next tomorrow though.\n",
		"partly kvm/next; parts 1-7"},
	    {"I've applied it manually to a/misc-5.15.\n\nThanks,\n",
		"applied a/misc-5.15"},
	    {"Thanks for testing. Now applied to a/b, and pushed out to "
	     "c/next.\n",
		"applied a/b"},
	    {"Rebased, and queued with the fix that Bo suggested.\n\nAnn\n",
		"applied"},
	    {"For now I've queued it, for 5.16 we can do it in f().\n",
		"applied"},
	    {"Queued up everywhere else, and also the other backports you "
	     "sent,\nthanks.\n",
		"partly"},
	    {"Applied to https://git.example.org/a/-/commits/arm/queue\n"
	     "Thanks,\nAnn\n",
		"applied arm/queue"},
	    {"Pushed to https://git.example.org/a/-/tree/arm/queue\n",
		"applied arm/queue"},
	    {"Applied to https://git.example.org/a/c/0123456789ab, thanks\n",
		"applied"},
	    {">>> warning\n> patch\n\nQueued (with small changes), \n"
	     "thanks.\n",
		"applied"},
	    {"Pushed\n\nThanks,\nAnn\n", "applied"},
	    {"Queued 1-20 and 22-28.  I skipped 21.\n",
		"partly; parts 1-20 22-28"},
	    {"Queued 1, 2 and 4-5, thanks.\n", "partly; parts 1 2 4-5"},
	};

	check(&usual, cases, G_N_ELEMENTS(cases));
}

static void
test_no_notices(void)
{
	static const char *const texts[] = {
	    "If this is applied, thanks go to Bo.\n",
	    "This can be applied to next.\n",
	    "Applied on top of v5.12 it boots.\n",
	    "Applied on top of kvmarm/next.\n",
	    "Applied to next?\n",
	    "Was this applied to next, thanks?\n",
	    "Not applied to next, thanks.\n",
	    "point 1 is not applied.\n",
	    "I have not applied this, thanks.\n",
	    "> Applied to next, thanks!\n",
	    "\"Applied to next, thanks!\" it said.\n",
	    "Applied to next-20210810 without problems.\n",
	    "Applied to v5.11-rc3, thanks!\n",
	    "Applied to my series.\n",
	    "Applied, thanks to Bo's help.\n",
	    "Applied cleanly, thanks.\n",
	    "Applied patch ioport.c cleanly.\n",
	    "I applied this to kvmarm/next.\n",
	    "I have applied the series to kvmarm/next and it boots.\n",
	    "I applied this locally, but I'm seeing a failure.\n",
	    "Applied to next, but dropped again.\n",
	    "Applied, thanks, but not patch 3.\n",
	    "Queued for v3, thanks.\n",
	    "queued for v3 already, so stay tuned\n",
	    "Queued all but patch 3, thanks.\n",
	    "Will be applied to next, thanks!\n",
	    "To be applied, thanks.\n",
	    "Should be queued, thanks.\n",
	    "Thanks, all corrections applied.\n",
	    "The fix was merged, thanks.\n",
	    "Once merged, thanks.\n",
	    "Applied to kvm/next (but not for long)\n",
	    "Applied to kvm/next (because\n",
	    "Applied to kvm/next (and it boots)\n",
	    "Queued, only locally until somebody reviews it.\n",
	    "Queued with a crash at boot, thanks.\n",
	    "I've queued the below patch on top of the series, which helps.\n",
	    "I applied this for testing.\n",
	    "Thanks, but applied is not what it is.\n",
	    "Thanks for what you applied, it fails.\n",
	    "Queued 1-7, will be dropped again.\n",
	    "I already queued a similar fix.\n",
	    "We already have this queued for 5.15 [1].\n",
	    "For now I have no idea, queued\n",
	    "Applied to next with the following errors.\n",
	    "Applied.\n",
	    "Applied this to the wrong tree, sorry.\n",
	    "Applied to, thanks\n",
	    "Unapplied, thanks!\n",
	    "Applied\n\nto next, thanks\n",
	    "Pushed.\n",
	    "> x\n> > y\n\nPushed, thanks.\n",
	    "I've pushed it to https://git.example.org/a/-/tree/arm/queue\n",
	    "Pushed to https://git.example.org/a/-/tree/my-series-v3\n",
	    "I've queued it locally.\n",
	    ">> patch\n> Rename this.\n\nQueued.\n",
	    /* Remarks answered by the author of the patch. */
	    ">> patch\n> Please rename this.\n\nApplied, thanks!\n",
	    "> Please rename this.\n\nApplied, thanks!\n\n> And this.\n\nOk.\n",
	    "> Rename these.\n\nBoth applied, thanks!\n\n> And this.\n\nOk.\n",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		g_autofree char *got = read_facts(&usual, texts[i]);

		if (*got)
			g_test_message("in: %s", texts[i]);
		g_assert_cmpstr(got, ==, "");
	}
}

#define HASH "0123456789abcdef0123456789abcdef01234567"

static void
test_lists(void)
{
	static const struct text_case cases[] = {
	    {"Applied to next, thanks!\n\n[1/2] KVM: one\n"
	     "      commit: " HASH "\n[2/2] KVM: two\n"
	     "      https://git.example.org/arm64/c/0123456789ab\n\nCheers,\n",
		"applied next; patch KVM: one; commit " HASH
		"; patch KVM: two; commit 0123456789ab"},
	    {"Applied to next, thanks!\n\n[2/3] KVM: two\n"
	     "      commit: " HASH "\n",
		"partly next; patch KVM: two; commit " HASH},
	    {"Applied to next, thanks!\n\n[1/2] KVM: one\n"
	     "      commit: " HASH "\n[2/2] KVM: two\n"
	     "      (no commit info)\n",
		"partly next; patch KVM: one; commit " HASH},
	    {"Applied, thanks!\n\n[1/1] KVM: one\n      commit: zzz\n",
		"applied; patch KVM: one"},
	    {"[1/1] KVM: one\n      commit: " HASH "\n",
		"applied; patch KVM: one; commit " HASH},
	    {"I took the first of these to make progress.\n\n"
	     "[1/3] KVM: one\n        commit: " HASH "\n"
	     "[3/3] KVM: three\n        commit: " HASH "\n\nCheers,\n",
		"partly; patch KVM: one; commit " HASH
		"; patch KVM: three; commit " HASH},
	    {"[1/1] KVM: one\n\n      commit: " HASH "\n", ""},
	    {"[1/1] KVM: one\n      commit: none\n", ""},
	    {"> [1/1] KVM: one\n>       commit: " HASH "\n", ""},
	    {"Not yet.\n\n[1/1] KVM: one\n", ""},
	};
	static const struct setting subset = {REPLY | KD_SUBJECT_SUBSET, "1", 0,
	    5, "Ann Ek", "ann@example.org", 0};
	static const struct text_case subsets[] = {
	    {"Applied to next, thanks!\n", "partly next"},
	};
	static const struct setting part = {
	    REPLY, "1", 2, 5, "Ann Ek", "ann@example.org", 0};
	static const struct text_case parts[] = {
	    {"Applied, thanks!\n", "partly"},
	    {"Series applied, thanks!\n", "applied; parts all"},
	    {"Queued patches 1-5, thanks!\n", "applied; parts 1-5"},
	    {"Queued patches 2-5, thanks!\n", "partly; parts 2-5"},
	};

	check(&usual, cases, G_N_ELEMENTS(cases));
	check(&subset, subsets, G_N_ELEMENTS(subsets));
	check(&part, parts, G_N_ELEMENTS(parts));
}

/* An answer to one patch may review them all. */
static void
test_scope(void)
{
	static const struct setting part = {
	    REPLY, "1", 2, 5, "Ann Ek", "ann@example.org", 0};
	static const struct text_case cases[] = {
	    {"For the series:\n\nReviewed-by: " ANN "\n",
		"reviewed " ANN "; parts all"},
	    {"With that, you can have my ack on the whole series:\n\n"
	     "Acked-by: " ANN "\n",
		"acked " ANN "; parts all"},
	    {"For this series:\nAcked-by: " ANN "\nTested-by: " ANN "\n",
		"acked " ANN "; parts all; tested " ANN "; parts all"},
	    {"For both patches:\nAcked-by: " ANN "\n", "acked " ANN},
	    {"Anyway, last one for the series :)\nReviewed-by: " ANN "\n",
		"reviewed " ANN},
	    {"For the series:\n> more\n\nReviewed-by: " ANN "\n",
		"reviewed " ANN},
	    {"For the series:\nthis patch alone\nReviewed-by: " ANN "\n",
		"reviewed " ANN},
	};
	static const struct text_case lone[] = {
	    {"For the series:\n\nReviewed-by: " ANN "\n", "reviewed " ANN},
	};

	static const struct setting half = {
	    REPLY, "1", 2, 2, "Ann Ek", "ann@example.org", 0};
	static const struct text_case both[] = {
	    {"For both patches:\nAcked-by: " ANN "\n",
		"acked " ANN "; parts all"},
	};

	check(&part, cases, G_N_ELEMENTS(cases));
	check(&usual, lone, G_N_ELEMENTS(lone));
	check(&half, both, G_N_ELEMENTS(both));
}

static void
test_mentions(void)
{
	static const struct text_case cases[] = {
	    {"Since commit 0123456789ab (\"KVM: one\") it breaks.\n",
		"mentions 0123456789ab (\"KVM: one\")"},
	    {"It broke with 0123456789ab (\"KVM: one\"), and commit\n"
	     "89abcdef01 (\"KVM:\n two\").\n",
		"mentions 0123456789ab (\"KVM: one\"); "
		"mentions 89abcdef01 (\"KVM: two\")"},
	    {"See commit 0123456789ab\n(\"KVM: one\") for that.\n",
		"mentions 0123456789ab (\"KVM: one\")"},
	    {"> Since commit 0123456789ab (\"KVM: one\") it breaks.\n", ""},
	    {"printf(\"x\"), 1234 (\"x\"), f0123456789ab(\"x\")\n",
		"mentions f0123456789ab (\"x\")"},
	    {"Since 0123456789ab (\"KVM: one\n\nit breaks.\n", ""},
	    {"g0123456789ab (\"x\") 0123456789AB (\"x\")\n", ""},
	};

	check(&usual, cases, G_N_ELEMENTS(cases));
}

static void
test_naks(void)
{
	static const struct text_case cases[] = {
	    {"NAK.\n", "nacked " ANN},
	    {"> x\nNack to this.\n", "nacked " ANN},
	    {"That breaks hosts. So NAK, sorry.\n", "nacked " ANN},
	    {"NAK\n\nAnn\n", "nacked " ANN},
	    {"> NAK.\n", ""},
	    {"NAK?\n", ""},
	    {"The NACK bit is set.\n", ""},
	    {"NACK packets are lost.\n", ""},
	    {"I would not NAK.\n", ""},
	    {"Naked pointers.\n", ""},
	};

	check(&usual, cases, G_N_ELEMENTS(cases));
}

static void
test_pulls(void)
{
	static const struct setting request = {
	    PULL, "1", -1, -1, "Ann Ek", "ann@example.org", 0};
	static const struct setting answer = {PULL | KD_SUBJECT_REPLY, "1", -1,
	    -1, "Ann Ek", "ann@example.org", 0};
	static const struct setting tracker = {PULL | KD_SUBJECT_REPLY, "1", -1,
	    -1, "tracker", "bot@example.org", KD_MAIL_ROBOT};
	static const struct text_case requests[] = {
	    {"are available in the Git repository at:\n\n"
	     "  git://git.example.org/kvm.git tags/fixes-1\n",
		"pull git://git.example.org/kvm.git tags/fixes-1"},
	    {"are available in the Git repository at:\n\nnowhere\n"
	     "git://git.example.org/kvm.git\n",
		""},
	    {"Pulled, thanks.\n", ""},
	    {"Ann Ek (2):\n      KVM: one\n      Merge branch 'x' into y\n\n"
	     "Bo (R&D) Ek (1):\n      KVM: two\n      no title\n\n"
	     " x.c |  3 ++-\n",
		"brings KVM: one; brings KVM: two"},
	    {"Ann Ek (3):\n      KVM: one\n\n      KVM: two\n",
		"brings KVM: one"},
	    {"Ann Ek (0):\n      a\n(1):\n      b\nAnn (1x):\n      c\n"
	     "Ann(1):\n      d\n> Ann (1):\n      e\n",
		""},
	    {"Ann (99999999999999999999):\n      a\n", "brings a"},
	};
	static const struct text_case answers[] = {
	    {"Pulled, thanks.\n", "pulled"},
	    {"Pulled\n\nAnn\n", "pulled"},
	    {"> are available in the Git repository at:\n> git://x/y\n", ""},
	    {"I've now pulled this into kvmarm/next. If you have more,\n",
		"pulled kvmarm/next"},
	    {"It will be pulled, thanks.\n", ""},
	    {"has been merged into x.git:\n", ""},
	};
	static const struct text_case trackers[] = {
	    {"The pull request you sent:\n\n> git://x y\n\n"
	     "has been merged into torvalds/linux.git:\nhttps://x\n",
		"pulled torvalds/linux.git"},
	};

	check(&request, requests, G_N_ELEMENTS(requests));
	check(&answer, answers, G_N_ELEMENTS(answers));
	check(&tracker, trackers, G_N_ELEMENTS(trackers));
}

static void
test_robots(void)
{
	static const struct setting robot = {REPLY, "1", -1, -1,
	    "kernel test robot", "lkp@example.org", KD_MAIL_ROBOT};
	static const struct setting syzbot = {KD_SUBJECT_BUG, "1", -1, -1,
	    "syzbot", "syzbot+1@syzkaller.example.org", KD_MAIL_ROBOT};
	static const struct text_case cases[] = {
	    {"config: arm64-defconfig\n\n"
	     "All errors (new ones prefixed by >>):\n\n"
	     "   x.c:1:1: note: here\n>> x.c:2:3: error: no y\n"
	     ">> x.c:3:3: error: no z\n",
		"failed x.c:2:3: error: no y; config arm64-defconfig"},
	    {"All error/warnings (new ones prefixed by >>):\n\n"
	     ">> a.c:1: warning: w\n>> ld: b.o: undefined reference to `c'\n",
		"failed ld: b.o: undefined reference to `c'"},
	    {"config: arm64-defconfig (attached)\n\n"
	     "All errors (new ones prefixed by >>):\n\n   odd\n",
		"failed arm64-defconfig"},
	    {"All warnings (new ones prefixed by >>):\n\n"
	     "   a.c:1: warning: old\n>> a.c:2: warning: error: w\n"
	     ">> a.c:3: warning: v\n",
		"warned a.c:2: warning: error: w"},
	    {"cocci warnings: (new ones prefixed by >>)\n"
	     ">> a.c:2:3-4: WARNING: Use ARRAY_SIZE\n",
		"warned a.c:2:3-4: WARNING: Use ARRAY_SIZE"},
	    {"Applied to next, thanks!\n", ""},
	    {"x.c:2:3: error: no y\n", ""},
	};
	static const struct text_case bugs[] = {
	    {"Hello,\n", "syzbot a title; syzbot-id 1"},
	    {"C reproducer:   https://syzkaller.example.org/x/repro.c?x=1\n",
		"syzbot a title; syzbot-id 1; reproducer C"},
	    {"Unfortunately, I don't have any reproducer for this issue "
	     "yet.\n",
		"syzbot a title; syzbot-id 1; reproducer no"},
	};

	check(&robot, cases, G_N_ELEMENTS(cases));
	check(&syzbot, bugs, G_N_ELEMENTS(bugs));
	/* What a person writes of a failure is no robot's report. */
	{
		g_autofree char *got =
		    read_facts(&usual, "All errors:\n>> x: error: y\n");

		g_assert_cmpstr(got, ==, "");
	}
}

static void
test_remarks(void)
{
	static const struct text_case cases[] = {
	    {"> x\n\nWhy is the lock needed here?\n",
		"asks Why is the lock needed here?"},
	    {"> Why is the lock needed here?\n\nBecause.\n", ""},
	    {"Would it work to take the lock\nonce, before the loop?\n\nBo\n",
		"asks Would it work to take the lock once, before the loop?"},
	    {"Is it valid to have the flags DEVICE_BUS_IOPORT and all of the\n"
	     "IOTRAP_COALESCE family set at the same time?\n",
		"asks Is it valid to have the flags DEVICE_BUS_IOPORT and all "
		"of the IOTRAP_COALESCE family set at the same time?"},
	    {"Hm?\n", ""},
	    {"Thoughts?\n", ""},
	    {"See https://example.org/?x=1 for this.\n", ""},
	    {"I don't think this is right.\n",
		"objects I don't think this is right."},
	    {"Hmm, but this breaks migration.  Sorry.\n",
		"objects Hmm, but this breaks migration."},
	    {"> I don't think this is right.\n\nOk, will change.\n", ""},
	    {"He says: I don't think so.\n", ""},
	    {"I think this is fine.\n", ""},
	    {"Please don't top-post.\n", ""},
	    {"I don't like the lock either.\n", ""},
	    {"I don't like the lock either but there is no other.\n", ""},
	    {"Please don't call it that :-)\n", ""},
	    {"No, please don't worry about it.\n", ""},
	    {"I don't think that's a real problem.\n", ""},
	    {"I'd rather you check this in one place.\n",
		"objects I'd rather you check this in one place."},
	    {"This is buggy, as x is not initialized.\n",
		"objects This is buggy, as x is not initialized."},
	    {"Please drop the inline.\n", "objects Please drop the inline."},
	    {"This isn't the right way to do it.\n",
		"objects This isn't the right way to do it."},
	    {"? vgic_get_irq+0x1/0x2\n ? el0_svc+0x20/0x30 is it?\n", ""},
	    {"Please ignore that patch, I sent it twice.\n",
		"withdraws Please ignore that patch, I sent it twice."},
	    {"Please ignore this series, v3 follows.\n",
		"withdraws Please ignore this series, v3 follows."},
	    {"You may ignore this series.\n", ""},
	    {"@@ -1,2 +1,2 @@\n is this a question in a patch?\n-a\n+b\n", ""},
	};
	static const struct setting posting = {
	    POSTING, "1", 1, 2, "Ann Ek", "ann@example.org", 0};
	g_autofree char *none =
	    read_some(&posting, "Is a patch the place to ask?\n", REMARKS);
	g_autoptr(GString) many = g_string_new(NULL);
	g_autofree char *got = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *one =
		    read_some(&usual, cases[i].text, REMARKS);

		g_assert_cmpstr(one, ==, cases[i].facts);
	}
	g_assert_cmpstr(none, ==, "");
	for (guint i = 0; i < 1000; i++)
		g_string_append(many, "And why is that so?\n");
	got = read_some(&usual, many->str, REMARKS);
	g_assert_cmpuint(
	    strlen(got), ==, 8 * strlen("asks And why is that so?; ") - 2);
}

static void
test_commands(void)
{
	static const struct text_case cases[] = {
	    {"#syz fix: KVM: arm64: Mend it\n", "syz fix: KVM: arm64: Mend it"},
	    {"> #syz dup: another\n", ""},
	    {"#regzbot introduced: v5.11..v5.12\n",
		"regzbot introduced: v5.11..v5.12"},
	    {"I have bisected to " HASH ".\n", "bisected " HASH},
	    {HASH " is the first bad commit\n", "bisected " HASH},
	    {"# first bad commit: [" HASH "] KVM: x\n", "bisected " HASH},
	    {"It bisects to something else.\n", ""},
	    {"This was bisected to 0123456.\n", ""},
	    {"> bisected to " HASH "\n", ""},
	};
	static const struct setting report = {
	    0, "1", -1, -1, "Ann Ek", "ann@example.org", 0};

	check(&usual, cases, G_N_ELEMENTS(cases));
	check(&report, cases, G_N_ELEMENTS(cases));
}

static void
test_hostile(void)
{
	g_autoptr(GString) text = g_string_new(NULL);
	gint64 start = g_get_monotonic_time();
	g_autofree char *long_line = g_strnfill(2000000, 'a');
	g_autofree char *many = NULL, *one = NULL, *brackets = NULL;

	for (int i = 0; i < 100000; i++)
		g_string_append(text, "Acked-by: " ANN "\n");
	many = read_facts(&usual, text->str);
	g_assert_cmpuint(
	    strlen(many), ==, KD_FACTS_MAX * strlen("acked " ANN "; ") - 2);
	one = read_facts(&usual, long_line);
	g_assert_cmpstr(one, ==, "");
	g_string_truncate(text, 0);
	for (int i = 0; i < 300000; i++)
		g_string_append(text, "[1] https://a@b v1 <");
	brackets = read_facts(&usual, text->str);
	g_assert_cmpstr(brackets, ==, "");
	g_assert_cmpint(g_get_monotonic_time() - start, <, 20 * G_USEC_PER_SEC);
}

static void
check_diff(const char *text, const char *want)
{
	g_autoptr(GArray) facts =
	    g_array_new(FALSE, FALSE, sizeof(struct kd_fact));
	g_autoptr(GPtrArray) paths = g_ptr_array_new();
	g_autoptr(GString) got = g_string_new(NULL);
	struct kd_findings findings = {
	    .chunk = g_string_chunk_new(64), .facts = facts, .paths = paths};

	extract(&findings, &usual, text);
	if (findings.diff)
		g_string_printf(
		    got, "%u %u", findings.insertions, findings.deletions);
	for (guint i = 0; i < paths->len; i++)
		g_string_append_printf(
		    got, " %s", (const char *)paths->pdata[i]);
	g_assert_cmpstr(got->str, ==, want);
	g_string_chunk_free(findings.chunk);
}

static void
test_diff(void)
{
	check_diff("", "");
	check_diff("text\n--- a/x\ntext\n", "");
	check_diff("--- a/x.c\n+++ b/x.c\n@@ -1,2 +1,3 @@\n a\n-b\n+c\n+d\n",
	    "2 1 x.c");
	check_diff("--- a/x\t2021\n+++ b/x\n@@ -1 +1 @@\n-b\n+c\n"
		   "@@ -9 +9,2 @@ f()\n b\n+c\n"
		   "diff --git a/y b/y\n--- /dev/null\n+++ b/y\n"
		   "@@ -0,0 +1,2 @@\n+--- a/no\n++++ b/no\n-- \n2.30\n",
	    "4 1 x y");
	check_diff(
	    "--- a/old\n+++ b/new\n@@ -1 +1 @@\n-b\n+c\n", "1 1 old new");
	check_diff("> --- a/x\n> +++ b/x\n> @@ -1 +1 @@\n> -b\n> +c\n", "");
	check_diff("--- a/x\n+++ b/x\n@@ -1,3 +1,3 @@\n a\n\n-b\n+c\n\\ No\n",
	    "1 1 x");
	/* A hunk that claims more than there is ends with the diff. */
	check_diff(
	    "--- a/x\n+++ b/x\n@@ -1,99 +1,99 @@\n a\nEnd.\n+not\n", "0 0 x");
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/facts/trailers", test_trailers);
	g_test_add_func("/facts/posting", test_posting);
	g_test_add_func("/facts/commit", test_commit);
	g_test_add_func("/facts/versions", test_versions);
	g_test_add_func("/facts/changes", test_changes);
	g_test_add_func("/facts/notices", test_notices);
	g_test_add_func("/facts/no-notices", test_no_notices);
	g_test_add_func("/facts/remarks", test_remarks);
	g_test_add_func("/facts/commands", test_commands);
	g_test_add_func("/facts/lists", test_lists);
	g_test_add_func("/facts/scope", test_scope);
	g_test_add_func("/facts/mentions", test_mentions);
	g_test_add_func("/facts/naks", test_naks);
	g_test_add_func("/facts/pulls", test_pulls);
	g_test_add_func("/facts/robots", test_robots);
	g_test_add_func("/facts/hostile", test_hostile);
	g_test_add_func("/facts/diff", test_diff);
	return g_test_run();
}
