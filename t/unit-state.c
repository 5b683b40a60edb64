/* A state is what mails prove, with these mails as evidence. */
#include "config.h"

#include "state.h"
#include "topics.h"
#include "unit.h"

#define UNTIL 1000 /* the end of the window */

/* The state decided, then the evidence: "评审中: m2 m3". */
static void
check_until(struct kd_topic *topic, gint64 until, const char *want)
{
	g_autoptr(GString) got = g_string_new(NULL);

	kd_state_decide(topic, until);
	g_string_assign(got, topic->state);
	for (guint i = 0; i < topic->state_evidence->len; i++)
		g_string_append_printf(got, "%s %s", i ? "" : ":",
		    (const char *)topic->state_evidence->pdata[i]);
	g_assert_cmpstr(got->str, ==, want);
}

static void
check(struct kd_topic *topic, const char *want)
{
	check_until(topic, UNTIL, want);
}

/* Whose turn it is: "author ann Ek 3". */
static void
check_waiting(const struct kd_topic *topic, const char *want)
{
	const struct kd_waiting *waiting = &topic->waiting;
	g_autofree char *got =
	    g_strdup_printf("%s %s %u", kd_role_name(waiting->role),
		waiting->name ? waiting->name : "", waiting->days);

	g_assert_cmpstr(got, ==, want);
}

/* A series of two patches by ann: m0 the cover, m1 and m2. */
static struct kd_topic *
series(void)
{
	struct kd_topic *topic = kd_topic_new();

	topic->category = KD_CATEGORY_PATCH;
	unit_posting(topic, "1", "ann", 2, 100);
	unit_mail(topic, "v1@x", KD_KIND_COVER, "ann", -1, 100);
	unit_mail(topic, "m1", KD_KIND_PATCH, "ann", 0, 101);
	unit_mail(topic, "m2", KD_KIND_PATCH, "ann", 0, 102);
	for (int i = 0; i < 3; i++)
		unit_mail_at(topic, i)->part = i;
	return topic;
}

static void
test_new(void)
{
	struct kd_topic *topic = series();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);
	struct kd_posting *posting = topic->postings->pdata[0];

	check(topic, "新发布: v1@x");
	g_assert_cmpint(topic->state_since, ==, 100);
	/* The author's own words are no review, nor are a robot's. */
	unit_mail(topic, "m3", KD_KIND_REPLY, "ann", 1, 103);
	unit_mail(topic, "m4", KD_KIND_ROBOT, "robot", 1, 104);
	check(topic, "新发布: v1@x");
	/* An old posting that nobody answered waits for reviewers. */
	posting->in_window = FALSE;
	check_until(topic, 100 + 3 * UNIT_DAY, "等评审: v1@x");
	check_waiting(topic, "reviewer  3");
	g_assert_cmpint(topic->state_since, ==, 100);
}

/* An answer to a patch that never came. */
static void
orphan(struct kd_topic *topic, const char *id, const char *who,
    const char *subject, gint64 date)
{
	int index = unit_mail(topic, id, KD_KIND_REPLY, who, -1, date);
	struct kd_digest_mail *mail = unit_mail_at(topic, index);

	g_free(mail->subject);
	mail->subject = g_strdup(subject);
}

static void
test_orphan(void)
{
	struct kd_topic *topic = kd_topic_new();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	topic->category = KD_CATEGORY_PATCH;
	orphan(topic, "m1", "bo", "Re: [PATCH v2 1/2] KVM: one", 100);
	check(topic, "");
	/* One of two persons is not the author. */
	orphan(topic, "m2", "ann", "Re: [PATCH v2 1/2] KVM: one", 101);
	check(topic, "评审中: m1 m2");
	/* Whose "applied" it is is not known, so there must be a branch. */
	unit_fact(topic, KD_FACT_APPLIED, "");
	check(topic, "评审中: m1 m2");
	orphan(topic, "m3", "cy", "Re: [PATCH v2 0/2] KVM: both", 102);
	unit_fact(topic, KD_FACT_APPLIED, "next");
	check(topic, "已应用到 next: m3");
	/* What is said of v2 is not said of v3. */
	orphan(topic, "m4", "ann", "Re: [PATCH v3 0/2] KVM: both", 103);
	check(topic, "");
	orphan(topic, "m5", "bo", "Re: KVM: a question", 104);
	check(topic, "");
}

/* The same for two stable trees. */
static void
test_stable(void)
{
	struct kd_topic *topic = series();
	struct kd_posting *second;
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	((struct kd_posting *)topic->postings->pdata[0])->stable = TRUE;
	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 0, 110);
	unit_fact(topic, KD_FACT_APPLIED, "");
	second = unit_posting(topic, "1", "ann", 1, 105);
	second->stable = TRUE;
	check(topic, "评审中: m3");
	unit_fact(topic, KD_FACT_PARTS, "all");
	check(topic, "已应用: m3");
	/* What came after it is not spoken of. */
	second->date = 111;
	check(topic, "评审中: m3");
	second->date = 105;
	second->stable = FALSE;
	check(topic, "评审中: m3");
}

static void
test_reviewed(void)
{
	struct kd_topic *topic = series();
	struct kd_posting *second;
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 1, 110);
	check(topic, "评审中: m3");
	unit_mail(topic, "m4", KD_KIND_REPLY, "cy", 1, 105);
	unit_mail(topic, "m5", KD_KIND_REPLY, "bo", 1, 108);
	check(topic, "评审中: m4 m3");
	g_assert_cmpint(topic->state_since, ==, 105);
	/* A second series of this version is under review with the first. */
	second = unit_posting(topic, "1", "ann", 1, 150);
	/* Under the same title it would be the same, sent twice ... */
	check(topic, "评审中: m4 m3");
	/* ... or posted again. */
	second->date += UNIT_DAY;
	check(topic, "新发布: v1@x");
	g_free(second->title);
	second->title = g_strdup("KVM: another part");
	check(topic, "评审中: m4 m3");
	/* What was said of v1 is not said of v2. */
	unit_posting(topic, "2", "ann", 1, 200);
	unit_mail(topic, "v2@x", KD_KIND_PATCH, "ann", -1, 200);
	check(topic, "新发布: v2@x");
}

static void
test_applied(void)
{
	struct kd_topic *topic = series();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 0, 110);
	unit_fact(topic, KD_FACT_APPLIED, "kvm/next");
	check(topic, "已应用到 kvm/next: m3");
	unit_mail(topic, "m4", KD_KIND_REPLY, "cy", 0, 111);
	unit_fact(topic, KD_FACT_APPLIED, "kvm/queue");
	/* Two branches contradict each other: both are told. */
	check(topic, "已应用到 kvm/next、kvm/queue: m3 m4");
	unit_mail(topic, "m5", KD_KIND_ROBOT, "robot", 1, 105);
	unit_fact(topic, KD_FACT_BUILD_FAILED, "error: x");
	check(topic, "已应用到 kvm/next、kvm/queue: m3 m4");
	unit_mail(topic, "m6", KD_KIND_ROBOT, "robot", 1, 120);
	unit_fact(topic, KD_FACT_BUILD_FAILED, "error: x");
	check(topic, "已应用到 kvm/next、kvm/queue，其后构建失败: m3 m4 m6");
	unit_posting(topic, "2", "ann", 1, 200);
	check(topic, "新发布: v2@x");
}

static void
test_own_notice(void)
{
	struct kd_topic *topic = series();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	/* "Applied, thanks" to a remark: into the author's next version. */
	unit_mail(topic, "m3", KD_KIND_REPLY, "ann", 1, 110);
	unit_fact(topic, KD_FACT_APPLIED, "");
	check(topic, "新发布: v1@x");
	/* A maintainer's own series. */
	unit_mail(topic, "m4", KD_KIND_REPLY, "ann", 0, 111);
	unit_fact(topic, KD_FACT_APPLIED, "");
	unit_fact(topic, KD_FACT_PARTS, "all");
	check(topic, "新发布: v1@x");
	unit_fact(topic, KD_FACT_APPLIED_PATCH, "KVM: one");
	check(topic, "已应用: m4");
	unit_fact(topic, KD_FACT_APPLIED, "kvm/next");
	check(topic, "已应用到 kvm/next: m4");
}

static void
test_partly(void)
{
	struct kd_topic *topic = series();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 0, 110);
	unit_fact(topic, KD_FACT_APPLIED_PARTLY, "next");
	unit_fact(topic, KD_FACT_APPLIED_PATCH, "KVM: one");
	unit_fact(topic, KD_FACT_APPLIED_COMMIT, "0123456789ab");
	check(topic, "部分应用到 next: m3");
	/* The same again adds nothing, the other patch the rest. */
	unit_mail(topic, "m4", KD_KIND_REPLY, "bo", 0, 111);
	unit_fact(topic, KD_FACT_APPLIED_PARTLY, "next");
	unit_fact(topic, KD_FACT_APPLIED_PATCH, "KVM: one");
	check(topic, "部分应用到 next: m3 m4");
	unit_mail(topic, "m5", KD_KIND_REPLY, "bo", 0, 112);
	unit_fact(topic, KD_FACT_APPLIED_PARTLY, "next");
	unit_fact(topic, KD_FACT_APPLIED_PATCH, "KVM: two");
	check(topic, "已应用到 next: m3 m4 m5");
}

static void
test_one_by_one(void)
{
	struct kd_topic *topic = series();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 1, 110);
	unit_fact(topic, KD_FACT_APPLIED_PARTLY, "");
	unit_mail(topic, "m4", KD_KIND_REPLY, "bo", 3, 111);
	unit_fact(topic, KD_FACT_APPLIED_PARTLY, "");
	check(topic, "部分应用: m3 m4");
	unit_mail(topic, "m5", KD_KIND_REPLY, "bo", 2, 112);
	unit_fact(topic, KD_FACT_APPLIED_PARTLY, "");
	check(topic, "已应用: m3 m4 m5");
}

static void
test_numbers(void)
{
	struct kd_topic *topic = series();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 0, 110);
	unit_fact(topic, KD_FACT_APPLIED_PARTLY, "");
	unit_fact(topic, KD_FACT_PARTS, "1 3-99999999999");
	check(topic, "部分应用: m3");
	unit_mail(topic, "m4", KD_KIND_REPLY, "bo", 0, 111);
	unit_fact(topic, KD_FACT_APPLIED_PARTLY, "next");
	unit_fact(topic, KD_FACT_PARTS, "2");
	check(topic, "已应用到 next: m3 m4");
}

static void
test_failing(void)
{
	struct kd_topic *topic = series();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 1, 105);
	unit_mail(topic, "m4", KD_KIND_ROBOT, "robot", 1, 110);
	unit_fact(topic, KD_FACT_BUILD_FAILED, "error: x");
	check(topic, "构建失败: m4");
	unit_posting(topic, "2", "ann", 1, 200);
	check(topic, "新发布: v2@x");
}

static void
test_pull(void)
{
	struct kd_topic *topic = kd_topic_new();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	topic->category = KD_CATEGORY_PULL;
	unit_mail(topic, "p1", KD_KIND_PULL, "ann", -1, 100);
	check(topic, "已发 PULL: p1");
	unit_mail(topic, "m1", KD_KIND_REPLY, "bo", 0, 110);
	check(topic, "已发 PULL: p1");
	unit_mail(topic, "m2", KD_KIND_REPLY, "ann", 1, 111);
	unit_fact(topic, KD_FACT_PULLED, "");
	check(topic, "已发 PULL: p1");
	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 2, 112);
	unit_fact(topic, KD_FACT_PULLED, "");
	check(topic, "已合入: m3");
	unit_mail(topic, "p2", KD_KIND_PULL, "ann", -1, 200);
	check(topic, "已发 PULL: p2");
}

static void
test_bug(void)
{
	struct kd_topic *topic = kd_topic_new();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	topic->category = KD_CATEGORY_BUG;
	unit_mail(topic, "m1", KD_KIND_REPLY, "bo", -1, 100);
	check(topic, "");
	unit_mail(topic, "m0", KD_KIND_ROBOT, "robot", -1, 90);
	check(topic, "已报告: m0");
	topic->category = KD_CATEGORY_DISCUSSION;
	check(topic, "");
}

/* Whoever reviews a patch and asks something beside that has not to wait. */
static void
test_nit(void)
{
	struct kd_topic *topic = series();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 1, 200);
	unit_fact(topic, KD_FACT_QUESTION, "Could this be shorter?");
	check(topic, "等作者: m3");
	unit_fact(topic, KD_FACT_REVIEWED_BY, "bo Ek <bo@example.org>");
	check(topic, "评审中: m3");
	unit_fact(topic, KD_FACT_OBJECTION, "This breaks.");
	check(topic, "等作者: m3");
}

/* What reviewers ask one another is not for the author to answer. */
static void
test_addressee(void)
{
	struct kd_topic *topic = series();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);
	struct kd_digest_mail *mail;

	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 1, 200);
	unit_mail(topic, "m4", KD_KIND_REPLY, "cy", 3, 210);
	unit_fact(topic, KD_FACT_QUESTION, "Has anybody tried that?");
	check(topic, "评审中: m3 m4");
	/* Two words of one's own in a row are to whom the first was. */
	unit_mail(topic, "m5", KD_KIND_REPLY, "bo", 3, 220);
	unit_fact(topic, KD_FACT_QUESTION, "What of the timer?");
	check(topic, "等作者: m5");
	/* The author has a second address. */
	mail = unit_mail_at(
	    topic, unit_mail(topic, "m6", KD_KIND_REPLY, "ann", 5, 230));
	g_free(mail->address);
	mail->address = g_strdup("ann@home.example.org");
	check(topic, "评审中: m3 m5");
	unit_mail(topic, "m7", KD_KIND_REPLY, "cy", 1, 240);
	unit_fact(topic, KD_FACT_QUESTION, "bo, is that what you meant?");
	check(topic, "评审中: m3 m7");
	unit_fact(topic, KD_FACT_QUESTION, "ann, will you change it?");
	check(topic, "等作者: m7");
}

/* A question stands until the author has answered it, or sends another. */
static void
test_author(void)
{
	struct kd_topic *topic = series();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 1, 200);
	unit_fact(topic, KD_FACT_QUESTION, "Why?");
	unit_fact(topic, KD_FACT_QUESTION, "And why not?");
	check(topic, "等作者: m3");
	check_waiting(topic, "author ann Ek 0");
	check_until(topic, 200 + 3 * UNIT_DAY, "等作者: m3");
	check_waiting(topic, "author ann Ek 3");
	unit_mail(topic, "m4", KD_KIND_REPLY, "cy", 2, 250);
	unit_fact(topic, KD_FACT_OBJECTION, "This breaks.");
	check(topic, "等作者: m3 m4");
	/* Below the question, by another: no answer.  By the author: one. */
	unit_mail(topic, "m5", KD_KIND_REPLY, "cy", 3, 300);
	check(topic, "等作者: m3 m4");
	unit_mail(topic, "m6", KD_KIND_REPLY, "ann", 5, 310);
	check(topic, "等作者: m4");
	/* About the same patch is an answer, too; before it is none. */
	unit_mail(topic, "m7", KD_KIND_REPLY, "ann", 2, 240);
	check(topic, "等作者: m4");
	unit_mail(topic, "m8", KD_KIND_REPLY, "ann", 2, 260);
	check(topic, "评审中: m3 m5");
	check_waiting(topic, "  0");
	/* The author's own questions, and a robot's, wait for nobody here. */
	unit_mail(topic, "m9", KD_KIND_REPLY, "ann", 1, 320);
	unit_fact(topic, KD_FACT_QUESTION, "Like this?");
	check(topic, "评审中: m3 m5");
	unit_mail(topic, "m10", KD_KIND_REPLY, "bo", 2, 330);
	unit_fact(topic, KD_FACT_QUESTION, "Why here?");
	check(topic, "等作者: m10");
	/* A new version answers all. */
	unit_posting(topic, "2", "ann", 1, 400);
	unit_mail(topic, "v2@x", KD_KIND_PATCH, "ann", -1, 400);
	check(topic, "新发布: v2@x");
}

/* Reviews of all patches, or of the cover letter, make it ready. */
static void
test_maintainer(void)
{
	struct kd_topic *topic = series();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);
	struct kd_posting *posting = topic->postings->pdata[0];

	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 1, 200);
	unit_fact(topic, KD_FACT_REVIEWED_BY, "bo");
	check(topic, "评审中: m3");
	unit_mail(topic, "m4", KD_KIND_REPLY, "ann", 2, 210);
	unit_fact(topic, KD_FACT_REVIEWED_BY, "ann");
	check(topic, "评审中: m3");
	unit_mail(topic, "m5", KD_KIND_REPLY, "cy", 2, 220);
	unit_fact(topic, KD_FACT_ACKED_BY, "cy");
	check_until(topic, 220 + 5 * UNIT_DAY, "等维护者: m3 m5");
	check_waiting(topic, "maintainer  5");
	/* Since the last patch had its review, whatever comes after. */
	unit_mail(topic, "late", KD_KIND_REPLY, "di", 1, 225);
	unit_fact(topic, KD_FACT_REVIEWED_BY, "di");
	check(topic, "等维护者: m3 m5");
	g_assert_cmpint(topic->state_since, ==, 220);
	posting->complete = FALSE;
	check(topic, "评审中: m3 late");
	posting->complete = TRUE;
	posting->rfc = TRUE;
	check(topic, "评审中: m3 late");
	posting->rfc = FALSE;
	unit_mail(topic, "m6", KD_KIND_REPLY, "bo", 1, 230);
	unit_fact(topic, KD_FACT_QUESTION, "One more thing?");
	check(topic, "等作者: m6");
	unit_mail(topic, "m7", KD_KIND_REPLY, "bo", 0, 240);
	unit_fact(topic, KD_FACT_APPLIED, "next");
	check(topic, "已应用到 next: m7");
	check_waiting(topic, "  0");
}

static void
test_cover_review(void)
{
	struct kd_topic *topic = series();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 0, 200);
	unit_fact(topic, KD_FACT_TESTED_BY, "bo");
	check(topic, "评审中: m3");
	unit_fact(topic, KD_FACT_REVIEWED_BY, "bo");
	check(topic, "等维护者: m3");
}

/* "For the series", said of one patch. */
static void
test_whole_review(void)
{
	struct kd_topic *topic = series();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 1, 200);
	unit_fact(topic, KD_FACT_REVIEWED_BY, "bo");
	check(topic, "评审中: m3");
	unit_fact(topic, KD_FACT_PARTS, "all");
	check(topic, "等维护者: m3");
}

static void
test_rejected(void)
{
	struct kd_topic *topic = series();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 0, 200);
	unit_fact(topic, KD_FACT_NACKED_BY, "bo");
	check(topic, "被拒: m3");
	unit_mail(topic, "m4", KD_KIND_REPLY, "ann", 3, 210);
	check(topic, "评审中: m3");
	/* Of one patch of two the series is not taken back, of all it is. */
	unit_mail(topic, "m5", KD_KIND_REPLY, "ann", 1, 220);
	unit_fact(topic, KD_FACT_WITHDRAWN, "Please ignore this one.");
	check(topic, "评审中: m3");
	unit_mail(topic, "m6", KD_KIND_REPLY, "bo", 0, 230);
	unit_fact(topic, KD_FACT_WITHDRAWN, "Please ignore this series.");
	check(topic, "评审中: m3 m6");
	unit_mail(topic, "m7", KD_KIND_REPLY, "ann", 0, 240);
	unit_fact(topic, KD_FACT_WITHDRAWN, "Please ignore this series.");
	check(topic, "被拒（作者撤回）: m7");
	unit_posting(topic, "2", "ann", 1, 400);
	check(topic, "新发布: v2@x");
}

/* Silence is said of what is not over, and is never consent. */
static void
test_silence(void)
{
	struct kd_topic *topic = series();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);
	struct kd_posting *posting = topic->postings->pdata[0];

	posting->in_window = FALSE;
	check_until(topic, 102 + 13 * UNIT_DAY, "等评审: v1@x");
	check_until(topic, 102 + 14 * UNIT_DAY, "等评审，静默 14 天: v1@x");
	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 1, 200);
	unit_fact(topic, KD_FACT_REVIEWED_BY, "bo");
	check_until(topic, 200 + 30 * UNIT_DAY, "评审中，静默 30 天: m3");
	unit_mail(topic, "m4", KD_KIND_REPLY, "bo", 0, 210);
	unit_fact(topic, KD_FACT_APPLIED, "");
	check_until(topic, 210 + 30 * UNIT_DAY, "已应用: m4");
}

static void
test_fixed(void)
{
	struct kd_topic *topic = series();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	topic->category = KD_CATEGORY_BUG;
	unit_mail(topic, "m3", KD_KIND_REPLY, "bo", 0, 200);
	unit_fact(topic, KD_FACT_APPLIED, "fixes");
	check(topic, "已修复，已应用到 fixes: m3");
}

/* Parents in a circle end too. */
static void
test_circle(void)
{
	struct kd_topic *topic = kd_topic_new();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);

	unit_mail(topic, "p1", KD_KIND_PULL, "ann", -1, 100);
	unit_mail(topic, "m1", KD_KIND_REPLY, "bo", 2, 110);
	unit_mail(topic, "m2", KD_KIND_REPLY, "bo", 1, 111);
	unit_fact(topic, KD_FACT_PULLED, "");
	check(topic, "已发 PULL: p1");
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/state/new", test_new);
	g_test_add_func("/state/reviewed", test_reviewed);
	g_test_add_func("/state/applied", test_applied);
	g_test_add_func("/state/own-notice", test_own_notice);
	g_test_add_func("/state/partly", test_partly);
	g_test_add_func("/state/one-by-one", test_one_by_one);
	g_test_add_func("/state/numbers", test_numbers);
	g_test_add_func("/state/orphan", test_orphan);
	g_test_add_func("/state/stable", test_stable);
	g_test_add_func("/state/failing", test_failing);
	g_test_add_func("/state/pull", test_pull);
	g_test_add_func("/state/bug", test_bug);
	g_test_add_func("/state/nit", test_nit);
	g_test_add_func("/state/addressee", test_addressee);
	g_test_add_func("/state/author", test_author);
	g_test_add_func("/state/maintainer", test_maintainer);
	g_test_add_func("/state/cover-review", test_cover_review);
	g_test_add_func("/state/whole-review", test_whole_review);
	g_test_add_func("/state/rejected", test_rejected);
	g_test_add_func("/state/silence", test_silence);
	g_test_add_func("/state/fixed", test_fixed);
	g_test_add_func("/state/circle", test_circle);
	return g_test_run();
}
