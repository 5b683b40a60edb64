#include "config.h"

#include <string.h>

#include "page.h"
#include "person.h"
#include "subject.h"
#include "text.h"

#define CHANGES_MAX    8   /* that are listed of a posting */
#define QUESTIONS_MAX  5   /* that are listed of those that are open */
#define CHANGE_COLUMNS 160 /* of one */

/* What is told of a fact besides its value and the mails that state it. */
enum telling {
	TELL_PART = 1 << 0,   /* which patch those mails are about */
	TELL_PERSON = 1 << 1, /* who wrote them */
	TELL_TRAILER = 1 << 2 /* the same, if not whom the trailer names */
};

static const struct {
	const char *label;
	guint telling; /* of enum telling */
} kinds[KD_FACT_KINDS] = {
    [KD_FACT_REVIEWED_BY] = {"Reviewed-by", TELL_TRAILER | TELL_PART},
    [KD_FACT_ACKED_BY] = {"Acked-by", TELL_TRAILER | TELL_PART},
    [KD_FACT_TESTED_BY] = {"Tested-by", TELL_TRAILER | TELL_PART},
    [KD_FACT_NACKED_BY] = {"Nacked-by", TELL_TRAILER | TELL_PART},
    [KD_FACT_REPORTED_BY] = {"Reported-by", TELL_TRAILER | TELL_PART},
    [KD_FACT_SUGGESTED_BY] = {"Suggested-by", TELL_TRAILER | TELL_PART},
    [KD_FACT_APPLIED] = {"已应用", TELL_PERSON | TELL_PART},
    [KD_FACT_APPLIED_PARTLY] = {"部分应用", TELL_PERSON | TELL_PART},
    [KD_FACT_APPLIED_PATCH] = {"应用的补丁", 0},
    [KD_FACT_APPLIED_COMMIT] = {"应用的提交", 0},
    [KD_FACT_PULL_REQUEST] = {"拉取请求", TELL_PERSON},
    [KD_FACT_PULLED] = {"已拉取", TELL_PERSON},
    [KD_FACT_BUILD_FAILED] = {"构建失败", TELL_PERSON | TELL_PART},
    [KD_FACT_BUILD_WARNED] = {"编译警告", TELL_PERSON | TELL_PART},
    [KD_FACT_SYZBOT] = {"syzbot", 0},
    [KD_FACT_SYZBOT_ID] = {"syzbot ID", 0},
    [KD_FACT_REPRODUCER] = {"重现程序", 0},
    [KD_FACT_MENTION] = {"提到的提交", TELL_PART},
    [KD_FACT_FIXES] = {"Fixes", TELL_PART},
    [KD_FACT_CLOSES] = {"Closes", TELL_PART},
    [KD_FACT_LINK] = {"Link", TELL_PART},
    [KD_FACT_CHANGE_ID] = {"Change-Id", TELL_PART},
    [KD_FACT_BASE_COMMIT] = {"base-commit", TELL_PART},
    [KD_FACT_PREVIOUS_VERSION] = {"前一版本", TELL_PART},
    /* Questions are many: kd_page_add_questions() tells those that are open. */
    [KD_FACT_OBJECTION] = {"异议", TELL_PERSON | TELL_PART},
    [KD_FACT_WITHDRAWN] = {"撤回", TELL_PERSON | TELL_PART},
    [KD_FACT_BISECTED] = {"二分定位到", TELL_PERSON},
    [KD_FACT_SYZ_COMMAND] = {"#syz", TELL_PERSON},
    [KD_FACT_REGZBOT] = {"#regzbot", TELL_PERSON},
};

/* Facts that say the same in several mails. */
struct group {
	const struct kd_digest_fact *fact;   /* one of them */
	const struct kd_digest_fact *detail; /* what goes with it, or NULL */
	GArray *mails;			     /* of guint */
};

static void
group_free(gpointer data)
{
	struct group *group = data;

	g_array_unref(group->mails);
	g_free(group);
}

static const char *
or_empty(const char *text)
{
	return text ? text : "";
}

/* A notice is followed by its numbers, a patch in its list by its commit. */
static const struct kd_digest_fact *
detail_after(const GPtrArray *facts, guint i)
{
	const struct kd_digest_fact *fact = facts->pdata[i];
	const struct kd_digest_fact *next =
	    i + 1 < facts->len ? facts->pdata[i + 1] : NULL;

	if (!next || next->mail != fact->mail)
		return NULL;
	switch (fact->kind) {
	case KD_FACT_APPLIED:
	case KD_FACT_APPLIED_PARTLY:
		return next->kind == KD_FACT_PARTS &&
			       strcmp(or_empty(next->value), "all")
			   ? next
			   : NULL;
	case KD_FACT_REVIEWED_BY:
	case KD_FACT_ACKED_BY:
	case KD_FACT_TESTED_BY:
		return next->kind == KD_FACT_PARTS ? next : NULL;
	case KD_FACT_BUILD_FAILED:
	case KD_FACT_BUILD_WARNED:
		return next->kind == KD_FACT_BUILD_CONFIG ? next : NULL;
	case KD_FACT_APPLIED_PATCH:
		return next->kind == KD_FACT_APPLIED_COMMIT ? next : NULL;
	default:
		return NULL;
	}
}

/* Such a detail is told with what goes before it. */
static gboolean
told_before(const GPtrArray *facts, guint i)
{
	return i > 0 && detail_after(facts, i - 1) == facts->pdata[i];
}

/*
 * What is of an earlier version and of no more use: objections from before this
 * week, and what every version says anew of where it comes from.
 */
static gboolean
is_stale(const struct kd_topic *topic, const struct kd_digest_fact *fact)
{
	const struct kd_digest_mail *mail = topic->mails->pdata[fact->mail];

	if (mail->posting < 0 || mail->posting == (int)topic->postings->len - 1)
		return FALSE;
	switch (fact->kind) {
	case KD_FACT_OBJECTION:
	case KD_FACT_MENTION:
		return !mail->in_window;
	case KD_FACT_LINK:
	case KD_FACT_CHANGE_ID:
	case KD_FACT_BASE_COMMIT:
	case KD_FACT_PREVIOUS_VERSION:
		return TRUE;
	default:
		return FALSE;
	}
}

/* The groups of a kind (of struct group *), in the order of the facts. */
static GPtrArray *
group_facts(const struct kd_topic *topic, enum kd_fact_kind kind)
{
	const GPtrArray *facts = topic->facts;
	GPtrArray *groups = g_ptr_array_new_with_free_func(group_free);
	g_autoptr(GHashTable) by_key =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < facts->len; i++) {
		const struct kd_digest_fact *fact = facts->pdata[i];
		const struct kd_digest_fact *detail = detail_after(facts, i);
		struct group *group;
		g_autofree char *key = NULL;

		if (fact->kind != kind || told_before(facts, i) ||
		    is_stale(topic, fact))
			continue;
		key = g_strjoin("\n", or_empty(fact->value),
		    or_empty(fact->person),
		    detail ? or_empty(detail->value) : "", NULL);
		group = g_hash_table_lookup(by_key, key);
		if (!group) {
			group = g_new0(struct group, 1);
			group->fact = fact;
			group->detail = detail;
			group->mails = g_array_new(FALSE, FALSE, sizeof(guint));
			g_ptr_array_add(groups, group);
			g_hash_table_insert(
			    by_key, g_steal_pointer(&key), group);
		}
		g_array_append_val(group->mails, fact->mail);
	}
	return groups;
}

/* "03/11", as git numbers patches; "3/n" when the total is not known. */
static char *
number_label(
    const struct kd_digest_mail *mail, const struct kd_posting *posting)
{
	g_autofree char *total = NULL;

	if (!posting) {
		g_autoptr(kd_subject) subject = kd_subject_parse(mail->subject);

		return g_strdup_printf("v%s %d/%d", subject->version,
		    mail->part, MAX(subject->total, 0));
	}
	if (posting->total == 0)
		return g_strdup_printf("%d/n", mail->part);
	total = g_strdup_printf("%u", posting->total);
	return g_strdup_printf(
	    "%0*d/%s", (int)strlen(total), mail->part, total);
}

/*
 * Which patch a mail is about: "03/11", "v2 03/11", "封面", or NULL;
 * the version is told where there are several.
 */
static char *
part_label(const struct kd_topic_view *view, guint index)
{
	const struct kd_topic *topic = view->topic;
	const struct kd_digest_mail *mail;
	const struct kd_posting *posting = NULL;
	g_autofree char *version = NULL;
	g_autofree char *label = NULL;
	int part;

	if (index >= view->parts->len)
		return NULL;
	part = g_array_index(view->parts, int, index);
	if (part < 0)
		return NULL;
	mail = topic->mails->pdata[part];
	if (mail->posting >= 0 && (guint)mail->posting < topic->postings->len)
		posting = topic->postings->pdata[mail->posting];
	if (posting && topic->postings->len > 1)
		version = g_strdup_printf("v%s", or_empty(posting->version));
	else
		version = g_strdup("");
	if (posting && posting->total == 1)
		return *version ? g_steal_pointer(&version) : NULL;
	label = mail->kind == KD_KIND_COVER ? g_strdup("封面")
					    : number_label(mail, posting);
	return *version ? g_strconcat(version, " ", label, NULL)
			: g_steal_pointer(&label);
}

/* Where it is said: "：v2 03/11 [12]、v2 04/11 [13]", or " [12] [13]". */
static void
add_places(const struct kd_topic_view *view, struct kd_block *block,
    const struct group *group)
{
	const gboolean parts =
	    (kinds[group->fact->kind].telling & TELL_PART) != 0;
	const gboolean trailer =
	    (kinds[group->fact->kind].telling & TELL_TRAILER) != 0;
	gboolean labelled = FALSE;

	for (guint i = 0; i < group->mails->len; i++) {
		const guint mail = g_array_index(group->mails, guint, i);
		g_autofree char *part = !parts ? NULL
					: trailer && group->detail
					    ? g_strdup("全部补丁")
					    : part_label(view, mail);

		if (part)
			kd_block_words(block, labelled ? "、" : "：");
		labelled = labelled || part;
		kd_block_quote(block, KD_SPAN_TEXT, part);
		kd_block_words(block, " ");
		kd_view_cite_index(view, block, mail);
	}
}

static gboolean
has_same_address(const char *value, const char *person)
{
	g_autofree char *own = NULL, *name = NULL;
	g_autofree char *address = NULL, *other = NULL;

	kd_person_split(value, &own, &address);
	kd_person_split(person, &name, &other);
	return *address && !g_ascii_strcasecmp(address, other);
}

/* A trailer names a person; the mail's author may be another one. */
static void
add_trailer(struct kd_block *block, const char *value, const char *person)
{
	kd_block_quote(block, KD_SPAN_TEXT, *value ? value : person);
	if (!*value || !*person || strstr(value, person) ||
	    has_same_address(value, person))
		return;
	kd_block_words(block, "（来自 ");
	kd_block_quote(block, KD_SPAN_TEXT, person);
	kd_block_words(block, "）");
}

static void
add_statement(struct kd_block *block, const struct group *group)
{
	const guint telling = kinds[group->fact->kind].telling;
	const char *value = or_empty(group->fact->value);
	const char *person = or_empty(group->fact->person);

	if (telling & TELL_TRAILER) {
		add_trailer(block, value, person);
		return;
	}
	kd_block_quote(block, KD_SPAN_CODE, value);
	if (group->detail) {
		gboolean parts = group->detail->kind == KD_FACT_PARTS;

		kd_block_words(block,
		    group->detail->kind == KD_FACT_BUILD_CONFIG ? "，配置 "
		    : !parts					? "，提交 "
		    : *value					? "，补丁 "
								: "补丁 ");
		kd_block_quote(block, KD_SPAN_CODE, group->detail->value);
	}
	if (telling & TELL_PERSON) {
		if ((*value || group->detail) && *person)
			kd_block_words(block, "，");
		kd_block_quote(block, KD_SPAN_TEXT, person);
	}
}

/* Who answered an objection, or that nobody did. */
static void
add_answer(const struct kd_topic_view *view, struct kd_block *block,
    const struct kd_digest_fact *fact)
{
	const struct kd_digest_mail *answer;
	g_autofree char *name = NULL;

	if (fact->answer < 0 ||
	    (guint)fact->answer >= view->topic->mails->len) {
		kd_block_words(block, "，未见答复");
		return;
	}
	answer = view->topic->mails->pdata[fact->answer];
	name = kd_text_clean(answer->name);
	kd_block_words(block, "，");
	kd_block_quote(block, KD_SPAN_TEXT, *name ? name : answer->address);
	kd_block_words(block, " 答复 ");
	kd_view_cite_index(view, block, (guint)fact->answer);
}

void
kd_page_add_facts(const struct kd_topic_view *view)
{
	for (guint kind = 0; kind < KD_FACT_KINDS; kind++) {
		g_autoptr(GPtrArray) groups = group_facts(view->topic, kind);
		struct kd_block *block;

		if (!kinds[kind].label || groups->len == 0)
			continue;
		block = kd_page_add_field(view->page, kinds[kind].label);
		for (guint i = 0; i < groups->len; i++) {
			const struct group *group = groups->pdata[i];

			if (i > 0)
				kd_block_break(block);
			add_statement(block, group);
			add_places(view, block, group);
			if (kd_fact_wants_answer(kind))
				add_answer(view, block, group->fact);
		}
	}
}

/* Whether a mail gives the patch its due, whatever it asks beside. */
static gboolean
has_review(const struct kd_topic *topic, guint mail)
{
	for (guint i = 0; i < topic->facts->len; i++) {
		const struct kd_digest_fact *fact = topic->facts->pdata[i];

		if (fact->mail == mail && (fact->kind == KD_FACT_REVIEWED_BY ||
					      fact->kind == KD_FACT_ACKED_BY ||
					      fact->kind == KD_FACT_TESTED_BY))
			return TRUE;
	}
	return FALSE;
}

/* A question about what is current that nobody has answered. */
static gboolean
is_open(const struct kd_topic *topic, const struct kd_digest_fact *fact)
{
	int newest = (int)topic->postings->len - 1;
	const struct kd_digest_mail *mail = topic->mails->pdata[fact->mail];
	const struct kd_posting *posting =
	    newest < 0 ? NULL : topic->postings->pdata[newest];

	return fact->kind == KD_FACT_QUESTION && fact->answer < 0 &&
	       mail->posting == newest &&
	       (!posting || !kd_person_is_same(posting->name, posting->address,
				mail->name, mail->address)) &&
	       !has_review(topic, fact->mail);
}

void
kd_page_add_questions(const struct kd_topic_view *view)
{
	const struct kd_topic *topic = view->topic;
	struct kd_block *block = NULL;
	guint listed = 0;

	/* The latest first: what is old and open is seldom waited for. */
	for (guint i = topic->facts->len; i-- > 0;) {
		const struct kd_digest_fact *fact = topic->facts->pdata[i];
		const struct kd_digest_mail *mail =
		    topic->mails->pdata[fact->mail];
		g_autofree char *part = NULL;
		g_autofree char *text = NULL;
		g_autofree char *name = NULL;

		if (!is_open(topic, fact) || listed++ >= QUESTIONS_MAX)
			continue;
		if (block)
			kd_block_break(block);
		else
			block = kd_page_add_field(view->page, "未答的提问");
		part = part_label(view, fact->mail);
		text = kd_text_clip(fact->value, CHANGE_COLUMNS);
		name = kd_text_clean(mail->name);
		kd_block_quote(
		    block, KD_SPAN_TEXT, *name ? name : mail->address);
		if (part) {
			kd_block_words(block, "，");
			kd_block_quote(block, KD_SPAN_TEXT, part);
		}
		kd_block_words(block, "：");
		kd_block_quote(block, KD_SPAN_TEXT, text);
		kd_block_words(block, " ");
		kd_view_cite_index(view, block, fact->mail);
	}
	if (listed > QUESTIONS_MAX) {
		kd_block_break(block);
		kd_block_printf(block, "另有 %u 条", listed - QUESTIONS_MAX);
	}
}

/* What the newest posting of the window has changed, by its cover or parts. */
void
kd_page_add_changes(const struct kd_topic_view *view)
{
	const struct kd_topic *topic = view->topic;
	int newest = (int)topic->postings->len - 1;
	const struct kd_posting *posting =
	    newest < 0 ? NULL : topic->postings->pdata[newest];
	struct kd_block *block = NULL;
	guint listed = 0;

	if (!posting || !posting->in_window)
		return;
	for (guint i = 0; i < topic->facts->len; i++) {
		const struct kd_digest_fact *fact = topic->facts->pdata[i];
		const struct kd_digest_mail *mail =
		    topic->mails->pdata[fact->mail];
		g_autofree char *part = NULL;
		g_autofree char *text = NULL;

		if (fact->kind != KD_FACT_CHANGE || mail->posting != newest ||
		    listed++ >= CHANGES_MAX)
			continue;
		if (block)
			kd_block_break(block);
		else
			block = kd_page_add_field(view->page, "改动");
		if (mail->part > 0 && posting->total != 1) {
			part = number_label(mail, posting);
			kd_block_quote(block, KD_SPAN_TEXT, part);
			kd_block_words(block, "：");
		}
		text = kd_text_clip(fact->value, CHANGE_COLUMNS);
		kd_block_quote(block, KD_SPAN_TEXT, text);
		kd_block_words(block, " ");
		kd_view_cite_index(view, block, fact->mail);
	}
	if (listed > CHANGES_MAX) {
		kd_block_break(block);
		kd_block_printf(block, "另有 %u 条", listed - CHANGES_MAX);
	}
}
