#include "config.h"

#include <string.h>

#include "page.h"
#include "text.h"
#include "told.h"

static const struct kd_digest_mail *
mail_at(const struct kd_topic *topic, guint index)
{
	return topic->mails->pdata[index];
}

void
kd_view_cite_index(
    const struct kd_topic_view *view, struct kd_block *block, guint index)
{
	if (index < view->topic->mails->len)
		kd_block_cite(
		    block, index + 1, mail_at(view->topic, index)->url);
}

/* A mail that the topic's list does not have is cited by its id. */
static void
cite(const struct kd_topic_view *view, struct kd_block *block, const char *id)
{
	const guint index =
	    GPOINTER_TO_UINT(g_hash_table_lookup(view->indexes, id));

	if (index > 0) {
		kd_view_cite_index(view, block, index - 1);
		return;
	}
	kd_block_words(block, "[");
	kd_block_quote(block, KD_SPAN_TEXT, id);
	kd_block_words(block, "]");
}

static void
cite_all(const struct kd_topic_view *view, struct kd_block *block,
    const GPtrArray *ids)
{
	for (guint i = 0; i < ids->len; i++)
		cite(view, block, ids->pdata[i]);
}

/*
 * By mail, the index of the patch or cover it is or answers, else -1.  One
 * pass will do, since in tree order a mail comes after what it answers.
 */
static GArray *
find_parts(const struct kd_topic *topic)
{
	GArray *parts =
	    g_array_sized_new(FALSE, FALSE, sizeof(int), topic->mails->len);

	for (guint i = 0; i < topic->mails->len; i++) {
		const struct kd_digest_mail *mail = mail_at(topic, i);
		int part = -1;

		if (mail->part >= 0)
			part = (int)i;
		else if (mail->parent >= 0 && (guint)mail->parent < i)
			part = g_array_index(parts, int, mail->parent);
		g_array_append_val(parts, part);
	}
	return parts;
}

static GHashTable *
index_mails(const struct kd_topic *topic)
{
	GHashTable *indexes = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < topic->mails->len; i++)
		if (mail_at(topic, i)->id)
			g_hash_table_insert(indexes, mail_at(topic, i)->id,
			    GUINT_TO_POINTER(i + 1));
	return indexes;
}

static void
add_title(const struct kd_topic_view *view)
{
	const struct kd_topic *topic = view->topic;
	g_autofree char *label = kd_topic_label(topic);
	g_autofree char *number = g_strdup_printf("%u. ", view->number);
	struct kd_block *block =
	    kd_page_add_heading(view->page, KD_LEVEL_TOPIC, number);

	block->anchor = g_strdup_printf("t%u", view->number);
	kd_block_link(block, label, topic->url);
	if (topic->title_missing)
		kd_block_words(block, topic->postings->len > 0
					  ? "（封面未收到）"
					  : "（根邮件未收到）");
}

static void
add_state(const struct kd_topic_view *view)
{
	const struct kd_topic *topic = view->topic;
	struct kd_block *block;

	if (!topic->state || !*topic->state)
		return;
	block = kd_page_add_field(view->page, "状态");
	kd_block_quote(block, KD_SPAN_STRONG, topic->state);
	if (topic->waiting.role == KD_ROLE_AUTHOR) {
		kd_block_words(block, " ");
		kd_block_quote(block, KD_SPAN_TEXT, topic->waiting.name);
	}
	if (topic->waiting.role && topic->waiting.days)
		kd_block_printf(block, "，已 %u 天", topic->waiting.days);
	if (topic->state_since > 0) {
		g_autofree char *since = kd_digest_time(
		    view->digest, topic->state_since, KD_TIME_DAY);

		kd_block_printf(block, "（%s 起）", since);
	}
	if (topic->state_evidence->len > 0)
		kd_block_words(block, " ");
	cite_all(view, block, topic->state_evidence);
}

/* What the last digest that had this topic said otherwise. */
static void
add_delta(const struct kd_topic_view *view)
{
	const struct kd_topic *topic = view->topic;
	g_autofree char *changes = kd_told_compare(topic);
	struct kd_block *block;

	if (!topic->told && !topic->first)
		return;
	block = kd_page_add_field(view->page, "变化");
	if (topic->first) {
		kd_block_words(block, "首次出现");
		return;
	}
	kd_block_printf(block, "自 %s 的周报：", topic->told->week);
	if (*changes)
		kd_block_quote(block, KD_SPAN_TEXT, changes);
	else
		kd_block_words(block, "状态、版本和标签未变");
}

static void
add_people(const struct kd_topic_view *view)
{
	const GPtrArray *people = view->topic->people;
	struct kd_block *block = kd_page_add_field(view->page, "参与者");

	if (!people->len) {
		kd_block_words(block, "无（机器人邮件）");
		return;
	}
	kd_block_printf(block, "%u 人", people->len);
	for (guint i = 0; i < people->len; i++) {
		kd_block_words(block, i == 0 ? "：" : "、");
		kd_block_quote(block, KD_SPAN_TEXT, people->pdata[i]);
	}
}

static void
add_numbers(const struct kd_topic_view *view)
{
	const struct kd_topic *topic = view->topic;
	g_autofree char *mails =
	    kd_count_label(topic->mails->len, topic->in_window);
	g_autofree char *started =
	    kd_digest_time(view->digest, topic->started, "%Y-%m-%d %H:%M");
	struct kd_block *block = kd_page_add_field(view->page, "分类");

	kd_block_words(block, kd_category_name(topic->category));
	if (topic->tree && *topic->tree) {
		kd_block_words(block, "，代码树 ");
		kd_block_quote(block, KD_SPAN_CODE, topic->tree);
	}
	for (guint i = 0; i < topic->uapi->len; i++) {
		if (i == 0)
			block = kd_page_add_field(view->page, "用户接口");
		else
			kd_block_break(block);
		kd_block_quote(block, KD_SPAN_CODE, topic->uapi->pdata[i]);
	}
	kd_block_words(kd_page_add_field(view->page, "邮件数"), mails);
	add_people(view);
	kd_block_words(kd_page_add_field(view->page, "开始时间"), started);
}

/* What has come of a posting: "43/43 封", "收到 9/11 封，封面未收到". */
static void
add_completeness(struct kd_block *block, const struct kd_posting *posting)
{
	const char *got = posting->complete ? "" : "收到 ";

	if (posting->parts == 0 && posting->cover)
		kd_block_printf(
		    block, "，只收到封面，补丁 %u 封", posting->total);
	else if (posting->total > 0)
		kd_block_printf(
		    block, "，%s%u/%u 封", got, posting->parts, posting->total);
	else
		kd_block_printf(
		    block, "，收到 %u 封，总数不明", posting->parts);
	if (!posting->complete && !posting->cover && posting->total != 1)
		kd_block_words(block, "，封面未收到");
}

/* "，被 v3 取代", "，被 v2 RESEND 取代" */
static void
add_successor(const struct kd_topic_view *view, struct kd_block *block,
    const struct kd_posting *posting)
{
	const struct kd_posting *successor =
	    view->topic->postings->pdata[posting->successor];
	g_autofree char *version = kd_text_clean(successor->version);

	kd_block_printf(block, "，被 %sv", successor->rfc ? "RFC " : "");
	kd_block_quote(block, KD_SPAN_TEXT, version);
	kd_block_printf(block, "%s 取代", successor->resend ? " RESEND" : "");
}

static void
add_posting(const struct kd_topic_view *view, struct kd_block *block,
    const struct kd_posting *posting)
{
	g_autofree char *version = kd_text_clean(posting->version);
	g_autofree char *name = kd_text_clean(posting->name);
	g_autofree char *day =
	    kd_digest_time(view->digest, posting->date, KD_TIME_DAY);
	const gboolean listed =
	    posting->id && g_hash_table_contains(view->indexes, posting->id);

	kd_block_words(block, posting->rfc ? "RFC v" : "v");
	if (listed)
		kd_block_quote(block, KD_SPAN_TEXT, version);
	else
		kd_block_link(block, version, posting->url);
	kd_block_printf(block, "%s %s ", posting->resend ? " RESEND" : "", day);
	kd_block_quote(block, KD_SPAN_TEXT, *name ? name : posting->address);
	add_completeness(block, posting);
	if (posting->beside) {
		g_autofree char *title = kd_text_clean(posting->title);

		kd_block_words(block, "，另发的“");
		kd_block_quote(block, KD_SPAN_TEXT, title);
		kd_block_words(block, "”");
	}
	if (posting->files)
		kd_block_printf(block,
		    "，%u 个文件 +%" G_GUINT64_FORMAT " −%" G_GUINT64_FORMAT,
		    posting->files, posting->insertions, posting->deletions);
	if (posting->successor >= 0)
		add_successor(view, block, posting);
	if (!posting->in_window)
		kd_block_words(block, "（窗口之前）");
	if (posting->id) {
		kd_block_words(block, " ");
		cite(view, block, posting->id);
	}
}

static void
add_postings(const struct kd_topic_view *view)
{
	const GPtrArray *postings = view->topic->postings;
	struct kd_block *block;

	if (postings->len == 0)
		return;
	block = kd_page_add_field(view->page, "版本");
	for (guint i = 0; i < postings->len; i++) {
		if (i > 0)
			kd_block_break(block);
		add_posting(view, block, postings->pdata[i]);
	}
}

/*
 * Other topics that this one has to do with.  Where the reader can see it in a
 * mail of this topic, that mail is cited.
 */
static void
add_related(const struct kd_topic_view *view)
{
	const GPtrArray *related = view->topic->related;
	struct kd_block *block;

	if (!related->len)
		return;
	block = kd_page_add_field(view->page, "相关话题");
	for (guint i = 0; i < related->len; i++) {
		const struct kd_related *one = related->pdata[i];
		g_autofree char *title = kd_text_clean(one->title);

		if (i > 0)
			kd_block_break(block);
		kd_block_words(block, kd_relation_label(one->relation));
		kd_block_words(block, "：");
		kd_block_link(block, title, one->url);
		if (!g_hash_table_contains(view->indexes, one->own))
			continue;
		kd_block_words(block, " ");
		cite(view, block, one->own);
	}
}

/* Why there is no summary, or who wrote it; what of it is not here. */
static void
add_summary_note(const struct kd_topic_view *view)
{
	const struct kd_topic *topic = view->topic;
	struct kd_block *block = kd_page_add(view->page, KD_BLOCK_PARAGRAPH);
	const char *words = "总结来源：";
	const char *what = topic->source;

	if (topic->sentences->len == 0) {
		words = topic->failure ? "本话题没有总结：" : "本话题没有总结";
		what = topic->failure;
	}
	kd_block_words(block, words);
	kd_block_quote(block, KD_SPAN_TEXT, what);
	if (topic->sentences->len > 0 && topic->failure) {
		kd_block_words(block, "，代替没有成功的：");
		kd_block_quote(block, KD_SPAN_TEXT, topic->failure);
	}
	if (topic->refused > 0)
		kd_block_printf(
		    block, "；另有 %u 句未通过核对，没有列出", topic->refused);
	kd_block_words(block, "。");
}

static void
add_sentences(const struct kd_topic_view *view, enum kd_field field)
{
	const GPtrArray *sentences = view->topic->sentences;
	gboolean headed = FALSE;

	for (guint i = 0; i < sentences->len; i++) {
		const struct kd_sentence *sentence = sentences->pdata[i];
		struct kd_block *block;

		if (sentence->field != field)
			continue;
		if (!headed)
			kd_page_add_heading(view->page, KD_LEVEL_FIELD,
			    kd_field_heading(field));
		headed = TRUE;
		block = kd_page_add(view->page, KD_BLOCK_ITEM);
		kd_block_quote(block, KD_SPAN_TEXT, sentence->text);
		kd_block_words(block, " ");
		cite_all(view, block, sentence->cites);
	}
}

/* A mail of another year than the report's has the day of that year. */
static char *
mail_date(const struct kd_topic_view *view, const struct kd_digest_mail *mail)
{
	const kd_digest *digest = view->digest;
	g_autofree char *year = kd_digest_time(digest, mail->date, "%Y");
	g_autofree char *ours =
	    kd_digest_time(digest, digest->window.since, "%Y");
	const gboolean same = mail->in_window || strcmp(year, ours) == 0;

	return kd_digest_time(
	    digest, mail->date, same ? KD_TIME_MINUTE : KD_TIME_DAY);
}

static void
add_mail(const struct kd_topic_view *view, guint index)
{
	const struct kd_digest_mail *mail = mail_at(view->topic, index);
	g_autofree char *subject = kd_text_clean(mail->subject);
	struct kd_block *block = kd_page_add(view->page, KD_BLOCK_MAIL);

	block->number = index + 1;
	block->label = mail_date(view, mail);
	block->depth = MIN(mail->depth, KD_DEPTH_MAX);
	block->older = !mail->in_window;
	if (block->older)
		kd_block_words(block, "〔更早〕");
	if (mail->branch == (int)index)
		kd_block_words(block, "〔子讨论〕");
	kd_block_link(block, *subject ? subject : "（无主题）", mail->url);
	kd_block_break(block);
	kd_block_person(block, mail->name, mail->address);
	if (mail->url)
		return;
	kd_block_break(block);
	kd_block_words(block, "Message-ID: ");
	kd_block_quote(block, KD_SPAN_CODE, mail->id);
}

void
kd_page_add_topic(kd_page *page, const kd_digest *digest, guint number)
{
	const struct kd_topic *topic = digest->topics->pdata[number - 1];
	g_autoptr(GHashTable) indexes = index_mails(topic);
	g_autoptr(GArray) parts = find_parts(topic);
	const struct kd_topic_view view = {
	    .page = page,
	    .digest = digest,
	    .topic = topic,
	    .number = number,
	    .indexes = indexes,
	    .parts = parts,
	};

	add_title(&view);
	add_state(&view);
	add_delta(&view);
	add_numbers(&view);
	add_postings(&view);
	kd_page_add_changes(&view);
	add_related(&view);
	kd_page_add_facts(&view);
	kd_page_add_questions(&view);
	kd_page_add_heading(page, KD_LEVEL_PART, "总结");
	for (guint field = 0; field < KD_FIELDS; field++)
		add_sentences(&view, field);
	add_summary_note(&view);
	kd_page_add_heading(page, KD_LEVEL_PART, "邮件列表");
	for (guint i = 0; i < topic->mails->len; i++)
		add_mail(&view, i);
}
