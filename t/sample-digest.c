#include "config.h"

#include <string.h>

#include "sample-digest.h"

#define MINUTE	60
#define MONDAY	1615132800 /* 2021-03-08 00:00 in Shanghai */
#define WEEK	(7 * 24 * 60 * MINUTE)
#define ARCHIVE "https://archive.example.org/kvmarm/"

/* What a mail of the tables below has; minutes count from MONDAY. */
struct sample_mail {
	const char *id, *subject, *name, *address;
	int minutes;
	enum kd_kind kind;
	int posting, part, parent;
};

static const struct sample_mail series[] = {
    {"v1-0@ann", "[PATCH 0/2] KVM: arm64: Speed up `__kvm_hyp_init__`",
	"Ann Example", "ann@example.org", -9000, KD_KIND_COVER, 0, 0, -1},
    {"v1-2@ann", "[PATCH 2/2] KVM: arm64: Use *init* [again]", "Ann Example",
	"ann@example.org", -8999, KD_KIND_PATCH, 0, 2, 0},
    {"r1@bo", "Re: [PATCH 2/2] KVM: arm64: Use *init* [again]", "Bo Jönsson",
	"bo@example.net", -100000, KD_KIND_REPLY, 0, -1, 1},
    {"v2-0@ann", "[PATCH v2 0/2] KVM: arm64: Speed up `__kvm_hyp_init__`",
	"Ann Example", "ann@example.org", 600, KD_KIND_COVER, 1, 0, -1},
    {"v2-1@ann",
	"[PATCH v2 1/2] KVM: arm64: A title so long that it does not fit "
	"into one line of a terminal, as happens",
	"Ann Example", "ann@example.org", 601, KD_KIND_PATCH, 1, 1, 3},
    {"r2@bo", "Re: [PATCH v2 1/2] KVM: arm64: A title so long that …",
	"Bo Jönsson", "bo@example.net", 700, KD_KIND_REPLY, 1, -1, 4},
    {"v2-2@ann", "[PATCH v2 2/2] KVM: arm64: Use *init* [again]", "Ann Example",
	"ann@example.org", 602, KD_KIND_PATCH, 1, 2, 3},
    {"r3@bo", "Re: [PATCH v2 2/2] KVM: arm64: Use *init* [again]", "Bo Jönsson",
	"bo@example.net", 800, KD_KIND_REPLY, 1, -1, 6},
    {"r4@robot", "Re: [PATCH v2 2/2] KVM: arm64: Use *init* [again]",
	"kernel test robot", "lkp@example.com", 900, KD_KIND_ROBOT, 1, -1, 6},
    {"r5@maz", "Re: (subset) [PATCH v2 0/2] KVM: arm64: Speed up", "王小明",
	"wang@example.cn", 4000, KD_KIND_REPLY, 1, -1, 3},
};

static const struct sample_mail hostile[] = {
    {"a_b*c_d@<x>&[y](z)",
	"<script>alert(1)</script> ![x](http://evil.example/x.png) "
	"<img src=x onerror=y> | # \xe2\x80\xae"
	"desrever\xe2\x80\xac",
	"<b>Eve</b> \"root\" <root@kernel.example>", "eve@evil.example", 3000,
	KD_KIND_MAIL, -1, -1, -1},
    {"2@eve", "1. # - + = **粗（体）**字 __x__ ~~y~~ $z$ &amp; &#42; \\* ```",
	"- [ ] # Eve\xe2\x80\x8b\xef\xbb\xbf\xf3\xa0\x81\x81", "", 3001,
	KD_KIND_REPLY, -1, -1, 0},
    {"3@eve",
	"www.evil.example https://evil.example/ <https://evil.example> "
	"a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81 \xe2\x80\xa8 end",
	"", "x@evil.example\"><a href=\"javascript:alert(1)\">", 3002,
	KD_KIND_REPLY, -1, -1, 1},
    {"4@eve", "", "", "", 3003, KD_KIND_REPLY, -1, -1, 0},
};

static const struct sample_mail pull[] = {
    {"pull@maz", "[GIT PULL] KVM/arm64 fixes for 5.12, take #2", "王小明",
	"wang@example.cn", 5000, KD_KIND_PULL, -1, -1, -1},
};

static void
add_string(GPtrArray *strings, const char *string)
{
	g_ptr_array_add(strings, g_strdup(string));
}

static char *
archive_url(const char *id)
{
	g_autofree char *escaped = g_uri_escape_string(id, "@", FALSE);

	return g_strconcat(ARCHIVE, escaped, "/", NULL);
}

static struct kd_digest_mail *
add_mail(struct kd_topic *topic, const struct sample_mail *sample)
{
	struct kd_digest_mail *mail = kd_digest_mail_new();
	const struct kd_digest_mail *parent;

	mail->id = g_strdup(sample->id);
	mail->url = archive_url(sample->id);
	mail->subject = g_strdup(sample->subject);
	mail->name = g_strdup(sample->name);
	mail->address = g_strdup(sample->address);
	mail->date = MONDAY + sample->minutes * MINUTE;
	mail->kind = sample->kind;
	mail->in_window = sample->minutes >= 0;
	mail->posting = sample->posting;
	mail->part = sample->part;
	mail->parent = sample->parent;
	if (sample->parent >= 0) {
		parent = topic->mails->pdata[sample->parent];
		mail->depth = parent->depth + 1;
	}
	mail->thread = topic->id;
	g_ptr_array_add(topic->mails, mail);
	topic->in_window += mail->in_window;
	return mail;
}

static void
add_fact(struct kd_topic *topic, enum kd_fact_kind kind, guint mail,
    const char *value, const char *person)
{
	struct kd_digest_fact *fact = kd_digest_fact_new();

	fact->kind = kind;
	fact->mail = mail;
	fact->value = g_strdup(value);
	fact->person = g_strdup(person);
	fact->line = topic->facts->len + 1;
	g_ptr_array_add(topic->facts, fact);
}

static void
add_sentence(struct kd_topic *topic, enum kd_field field, const char *text,
    const char *cite, const char *other)
{
	struct kd_sentence *sentence = kd_sentence_new();

	sentence->field = field;
	sentence->text = g_strdup(text);
	add_string(sentence->cites, cite);
	if (other)
		add_string(sentence->cites, other);
	g_ptr_array_add(topic->sentences, sentence);
}

static struct kd_topic *
add_topic(kd_digest *digest, enum kd_category category, guint64 id,
    const char *title, const struct sample_mail *mails, guint count)
{
	struct kd_topic *topic = kd_topic_new();
	const struct kd_digest_mail *first;

	topic->id = id;
	topic->category = category;
	topic->title = g_strdup(title);
	g_array_append_val(topic->threads, id);
	for (guint i = 0; i < count; i++)
		add_mail(topic, &mails[i]);
	first = topic->mails->pdata[0];
	topic->started = first->date;
	topic->url = g_strdup(first->url);
	g_ptr_array_add(digest->topics, topic);
	digest->mails += topic->mails->len;
	digest->in_window += topic->in_window;
	digest->older = digest->mails - digest->in_window;
	digest->n_threads++;
	digest->large_threads += topic->mails->len > 20;
	return topic;
}

static void
add_posting(struct kd_topic *topic, const char *version, guint mail,
    guint parts, gboolean complete)
{
	const struct kd_digest_mail *cover = topic->mails->pdata[mail];
	struct kd_posting *posting = kd_posting_new();

	posting->version = g_strdup(version);
	posting->date = cover->date;
	posting->name = g_strdup(cover->name);
	posting->address = g_strdup(cover->address);
	posting->parts = parts;
	posting->total = 2;
	posting->cover = TRUE;
	posting->complete = complete;
	posting->files = parts;
	posting->insertions = 12 * parts;
	posting->deletions = 3;
	posting->in_window = cover->in_window;
	posting->title = g_strdup(topic->title);
	posting->id = g_strdup(cover->id);
	posting->url = g_strdup(cover->url);
	g_ptr_array_add(topic->postings, posting);
}

static void
add_related(struct kd_topic *topic, enum kd_relation relation, guint64 other,
    const char *title, const char *url, const char *own)
{
	struct kd_related *related = kd_related_new();

	related->relation = relation;
	related->topic = other;
	related->title = g_strdup(title);
	related->url = g_strdup(url);
	related->own = g_strdup(own);
	related->other = g_strdup("other@x");
	g_ptr_array_add(topic->related, related);
}

static struct kd_told *
make_told(const char *title, const char *version, const char *state)
{
	struct kd_told *told = kd_told_new();

	told->week = g_strdup("2021-W09");
	told->topic = 3;
	told->title = g_strdup(title);
	told->id = g_strdup("not@listed");
	told->version = g_strdup(version);
	told->state = g_strdup(state);
	told->waiting.name = g_strdup("");
	return told;
}

static void
add_series(kd_digest *digest)
{
	static const char bo[] = "Bo Jönsson <bo@example.net>";
	struct kd_topic *topic = add_topic(digest, KD_CATEGORY_PATCH, 7,
	    "KVM: arm64: Speed up `__kvm_hyp_init__`", series,
	    G_N_ELEMENTS(series));

	topic->tree = g_strdup("kernel");
	add_posting(topic, "1", 0, 1, FALSE);
	add_posting(topic, "2", 3, 2, TRUE);
	((struct kd_posting *)topic->postings->pdata[0])->successor = 1;
	add_string(topic->people, "Ann Example");
	add_string(topic->people, "Bo Jönsson");
	add_string(topic->people, "王小明");
	add_fact(topic, KD_FACT_CHANGE, 3, "Keep the lock (Bo)", bo);
	add_fact(topic, KD_FACT_CHANGE, 4, "Say `why` | *now*", bo);
	add_fact(topic, KD_FACT_REVIEWED_BY, 5, bo, bo);
	add_fact(topic, KD_FACT_REVIEWED_BY, 7, bo, bo);
	add_fact(topic, KD_FACT_TESTED_BY, 9, "Cy <cy@example.org>",
	    "王小明 <wang@example.cn>");
	add_fact(topic, KD_FACT_APPLIED_PARTLY, 9, "kvmarm/next",
	    "王小明 <wang@example.cn>");
	add_fact(topic, KD_FACT_APPLIED_PATCH, 9,
	    "KVM: arm64: Use *init* [again]", "王小明 <wang@example.cn>");
	add_fact(topic, KD_FACT_APPLIED_COMMIT, 9, "0123456789ab",
	    "王小明 <wang@example.cn>");
	add_fact(topic, KD_FACT_BUILD_FAILED, 8,
	    "arch/arm64/kvm/hyp.c:12: error: implicit declaration of "
	    "function '__kvm_hyp_init__'",
	    "kernel test robot <lkp@example.com>");
	add_fact(
	    topic, KD_FACT_FIXES, 6, "fce886a60207 (\"KVM: Plumb *it*\")", "");
	add_related(topic, KD_RELATION_CAUSE, 3, "[PATCH v3 0/9] KVM: Plumb it",
	    ARCHIVE "plumb@ann/", "v2-0@ann");
	add_related(topic, KD_RELATION_PULL, 9,
	    "[GIT PULL] KVM/arm64 fixes for 5.12, take #2", NULL, "not@listed");
	topic->state = g_strdup("部分应用到 kvmarm/next");
	topic->state_since = MONDAY + 4000 * MINUTE;
	add_string(topic->state_evidence, "r5@maz");
	topic->told = make_told("", "1", "评审中");
	topic->told->tallies.tested = 2;
	add_sentence(topic, KD_FIELD_WEEK,
	    "Ann Example 发布了第二版，Bo Jönsson 认为 `__kvm_hyp_init__` 的"
	    "初始化顺序（见第二个补丁）没有问题，并给出了 Reviewed-by。",
	    "r2@bo", "r3@bo");
	add_sentence(topic, KD_FIELD_PURPOSE,
	    "该系列加快 __kvm_hyp_init__ 的执行。", "v2-0@ann", NULL);
	topic->source = g_strdup("summarise-facts");
	topic->refused = 1;
}

static void
add_quiet(kd_digest *digest, const char *title, const char *url,
    enum kd_role role, const char *name)
{
	struct kd_told *told = make_told(title, "1", "等待");

	told->url = g_strdup(url);
	told->waiting.role = role;
	g_free(told->waiting.name);
	told->waiting.name = g_strdup(name);
	told->waiting.since = MONDAY - WEEK;
	g_ptr_array_add(digest->quiet, told);
}

static void
add_note(struct kd_topic *topic, enum kd_note_kind kind, const char *detail,
    guint mail)
{
	struct kd_note *note = kd_note_new(kind, detail);

	g_array_append_val(note->mails, mail);
	g_ptr_array_add(topic->notes, note);
}

static void
add_hostile(kd_digest *digest)
{
	struct kd_topic *topic = add_topic(digest, KD_CATEGORY_BUG, 8,
	    hostile[0].subject, hostile, G_N_ELEMENTS(hostile));
	struct kd_digest_mail *last = topic->mails->pdata[3];
	struct kd_digest_mail *second = topic->mails->pdata[1];

	g_free(topic->url);
	topic->url = g_strdup("javascript:alert(1)");
	g_clear_pointer(&last->url, g_free);
	g_free(second->url);
	second->branch = 1;
	add_related(topic, KD_RELATION_LINKED, 7, "<b>*x*</b> | [a](b)\n# h",
	    "javascript:alert(2)", "3@eve");
	second->url = g_strdup("https://archive.example.org/a\">)<b> `_&amp;/");
	add_string(topic->people, hostile[0].name);
	add_string(topic->people, hostile[1].name);
	topic->tree = g_strdup("<i>qemu</i>");
	add_note(topic, KD_NOTE_ASKED, "<b>*why*</b> [a](b)\n# h?", 1);
	add_string(topic->uapi, "include/uapi/<i>*x*</i>");
	topic->told = make_told("", "1", "<b>*旧*</b> [a](b)\n# h");
	topic->state = g_strdup("新（*未答复*）");
	add_string(topic->state_evidence, "not@listed");
	add_fact(topic, KD_FACT_LINK, 0, "https://evil.example/?a=1&b=[2]",
	    "<b>Eve</b> \"root\" <root@kernel.example> <eve@evil.example>");
	add_fact(topic, KD_FACT_SYZBOT, 0, "| a | b |\n|---|---|", "");
	add_sentence(topic, KD_FIELD_OPEN,
	    "# 标题\n\n- [点这里](https://evil.example) <a href=x>\xe2\x80\xae",
	    "3@eve", NULL);
	topic->source = g_strdup("*filter*");
}

static void
add_pull(kd_digest *digest)
{
	struct kd_topic *topic = add_topic(digest, KD_CATEGORY_PULL, 9,
	    "KVM/arm64 fixes for 5.12, take #2", pull, G_N_ELEMENTS(pull));

	add_string(topic->people, "王小明");
	topic->title_missing = TRUE;
	topic->first = TRUE;
	topic->failure = g_strdup("过滤器 summarise-llm 超时");
}

kd_digest *
sample_empty(void)
{
	kd_digest *digest = kd_digest_new();

	digest->list_id = g_strdup("kvmarm.lists.example.org");
	digest->list_name = g_strdup("KVMARM");
	digest->list_archive = g_strdup(ARCHIVE);
	digest->window.zone = g_time_zone_new_identifier("Asia/Shanghai");
	digest->window.since = MONDAY;
	digest->window.until = MONDAY + WEEK;
	strcpy(digest->window.week, "2021-W10");
	digest->timezone = g_strdup("Asia/Shanghai");
	digest->generated = MONDAY + WEEK + 8 * 60 * MINUTE;
	return digest;
}

kd_digest *
sample_digest(void)
{
	kd_digest *digest = sample_empty();

	add_series(digest);
	add_hostile(digest);
	add_pull(digest);
	add_quiet(digest, "[PATCH v3 0/9] KVM: Plumb it", ARCHIVE "plumb@ann/",
	    KD_ROLE_MAINTAINER, "");
	add_quiet(digest, "<b>*x*</b> | [a](b)\n# h", "javascript:alert(3)",
	    KD_ROLE_AUTHOR, "<i>Eve</i> [b](c)\n# j");
	digest->people = 4;
	digest->team = TRUE;
	digest->robots = 1;
	digest->copies = 2;
	digest->outside = 3;
	digest->unparsed = 1;
	digest->received = digest->in_window + 5;
	add_string(digest->gaps, "1 封邮件无法解析，只按邮件头列出。");
	add_string(digest->gaps, "2021-03-10 没有收到任何邮件。");
	add_string(
	    digest->footer, "由 kvdigest 0.1.0 生成，没有使用语言模型。");
	add_string(digest->footer, "1. 拒绝的句子：1。");
	return digest;
}

kd_digest *
sample_chain(guint mails)
{
	kd_digest *digest = sample_empty();
	struct sample_mail first = {"m0@x", "[RFC] a long story", "Ann Example",
	    "ann@example.org", 0, KD_KIND_MAIL, -1, -1, -1};
	struct kd_topic *topic =
	    add_topic(digest, KD_CATEGORY_RFC, 1, "a long story", &first, 1);

	for (guint i = 1; i < mails; i++) {
		g_autofree char *id = g_strdup_printf("m%u@x", i);
		const struct sample_mail mail = {id, "Re: [RFC] a long story",
		    "Ann Example", "ann@example.org", (int)i, KD_KIND_REPLY, -1,
		    -1, (int)i - 1};

		add_mail(topic, &mail);
	}
	add_string(topic->people, "Ann Example");
	digest->mails = digest->in_window = mails;
	digest->large_threads = mails > 20;
	digest->people = 1;
	return digest;
}
