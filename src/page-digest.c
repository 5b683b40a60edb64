#include "config.h"

#include <string.h>

#include "page.h"
#include "text.h"
#include "told.h"

/* Columns of a title in the index; the topic itself has it whole. */
#define INDEX_COLUMNS 64
#define QUIET_MAX     30 /* topics that nothing came of, one by one */

static const char minute[] = "%Y-%m-%d %H:%M";

static char *
make_title(const kd_digest *digest)
{
	g_autofree char *name = kd_text_clean(digest->list_name);
	g_autofree char *since = NULL;
	g_autofree char *until = NULL;

	if (*digest->window.week)
		return g_strdup_printf(
		    "%s 邮件列表周报 %s", name, digest->window.week);
	since = kd_digest_time(digest, digest->window.since, KD_TIME_DAY);
	until = kd_digest_time(digest, digest->window.until, KD_TIME_DAY);
	return g_strdup_printf("%s 邮件列表报告 %s 至 %s", name, since, until);
}

/* The only place where a zone is named: all times of the page are in it. */
static void
add_window(kd_page *page, const kd_digest *digest)
{
	const struct kd_window *window = &digest->window;
	g_autofree char *since = kd_digest_time(digest, window->since, minute);
	g_autofree char *until = kd_digest_time(digest, window->until, minute);
	g_autofree char *zone = kd_text_clean(digest->timezone);
	g_autofree char *winter = kd_digest_time(digest, window->since, "%:z");
	g_autofree char *summer = kd_digest_time(digest, window->until, "%:z");
	struct kd_block *block = kd_page_add_field(page, "分析周期");

	kd_block_printf(
	    block, "%s 至 %s（%s，UTC%s", since, until, zone, winter);
	if (strcmp(winter, summer) != 0)
		kd_block_printf(block, " 至 UTC%s", summer);
	kd_block_words(block, "）");
}

static void
add_totals(kd_page *page, const kd_digest *digest)
{
	g_autofree char *mails =
	    kd_count_label(digest->mails, digest->in_window);

	kd_page_add_heading(page, KD_LEVEL_SECTION, "总体统计");
	kd_block_words(kd_page_add_field(page, "总邮件数"), mails);
	kd_block_printf(kd_page_add_field(page, "本周收到"),
	    "%u 封：话题中 %u 封，重复副本 %u 封，非列表来信 %u 封；"
	    "无法解析 %u 封",
	    digest->received, digest->in_window, digest->copies,
	    digest->outside, digest->unparsed);
	kd_block_printf(kd_page_add_field(page, "总 Thread 数"),
	    "%u 个，其中大型 Thread（超过 20 封）%u 个", digest->n_threads,
	    digest->large_threads);
	kd_block_printf(
	    kd_page_add_field(page, "话题数"), "%u 个", digest->topics->len);
	kd_block_printf(
	    kd_page_add_field(page, "本周参与者"), "%u 人", digest->people);
	kd_block_printf(
	    kd_page_add_field(page, "机器人邮件"), "%u 封", digest->robots);
}

static void
add_categories(kd_page *page, const struct kd_category_sum sums[KD_CATEGORIES])
{
	kd_page_add_heading(page, KD_LEVEL_PART, "分类分布");
	for (guint i = 0; i < KD_CATEGORIES; i++) {
		g_autofree char *mails =
		    kd_count_label(sums[i].mails, sums[i].in_window);

		if (sums[i].topics == 0)
			continue;
		kd_block_printf(kd_page_add_field(page, kd_category_name(i)),
		    "%u 个话题，%u 个 Thread，邮件 %s", sums[i].topics,
		    sums[i].threads, mails);
	}
}

static void
add_index_item(kd_page *page, const struct kd_topic *topic, guint number)
{
	struct kd_block *block = kd_page_add(page, KD_BLOCK_ITEM);
	g_autofree char *label = kd_topic_label(topic);
	g_autofree char *title = kd_text_clip(label, INDEX_COLUMNS);
	g_autofree char *anchor = g_strdup_printf("t%u", number);

	block->number = number;
	kd_block_ref(block, title, anchor);
	if (topic->in_window < topic->mails->len)
		kd_block_printf(block, "：窗口内 %u 封，共 %u 封",
		    topic->in_window, topic->mails->len);
	else
		kd_block_printf(block, "：%u 封", topic->in_window);
	if (topic->state && *topic->state) {
		kd_block_words(block, "，");
		kd_block_quote(block, KD_SPAN_TEXT, topic->state);
	}
}

/* Whether a topic is the first of its category. */
static gboolean
begins_category(const kd_digest *digest, guint i)
{
	const struct kd_topic *topic = digest->topics->pdata[i];
	const struct kd_topic *before;

	if (i == 0)
		return TRUE;
	before = digest->topics->pdata[i - 1];
	return topic->category != before->category;
}

static void
add_index(kd_page *page, const kd_digest *digest)
{
	kd_page_add_heading(page, KD_LEVEL_SECTION, "话题目录");
	for (guint i = 0; i < digest->topics->len; i++) {
		const struct kd_topic *topic = digest->topics->pdata[i];

		if (begins_category(digest, i))
			kd_page_add_heading(page, KD_LEVEL_FIELD,
			    kd_category_name(topic->category));
		add_index_item(page, topic, i + 1);
	}
}

static void
add_topics(kd_page *page, const kd_digest *digest,
    const struct kd_category_sum sums[KD_CATEGORIES])
{
	for (guint i = 0; i < digest->topics->len; i++) {
		const struct kd_topic *topic = digest->topics->pdata[i];
		const struct kd_category_sum *sum = &sums[topic->category];

		if (begins_category(digest, i)) {
			kd_page_add_heading(page, KD_LEVEL_SECTION,
			    kd_category_name(topic->category));
			kd_block_printf(kd_page_add(page, KD_BLOCK_PARAGRAPH),
			    "共 %u 个话题，%u 封邮件。", sum->topics,
			    sum->mails);
		}
		kd_page_add_topic(page, digest, i + 1);
	}
}

/* Those that somebody was waited for, and nobody wrote in. */
static void
add_quiet(kd_page *page, const kd_digest *digest)
{
	const GPtrArray *quiet = digest->quiet;

	if (!quiet->len)
		return;
	kd_page_add_heading(page, KD_LEVEL_SECTION, "仍在等待，本周无动静");
	for (guint i = 0; i < MIN(quiet->len, QUIET_MAX); i++) {
		const struct kd_told *told = quiet->pdata[i];
		struct kd_block *block = kd_page_add(page, KD_BLOCK_ITEM);
		g_autofree char *title = kd_text_clean(told->title);
		g_autofree char *who = kd_told_waiting(told);
		g_autofree char *since =
		    kd_digest_time(digest, told->waiting.since, KD_TIME_DAY);

		kd_block_link(block, title, told->url);
		kd_block_printf(block, "：%s 的周报在等待", told->week);
		kd_block_quote(block, KD_SPAN_TEXT, who);
		kd_block_printf(block, "（%s 起），本周无动静", since);
	}
	if (quiet->len > QUIET_MAX)
		kd_block_printf(kd_page_add(page, KD_BLOCK_PARAGRAPH),
		    "另有 %u 个话题也是如此。", quiet->len - QUIET_MAX);
}

static void
add_gaps(kd_page *page, const kd_digest *digest)
{
	kd_page_add_heading(page, KD_LEVEL_SECTION, "数据缺口");
	for (guint i = 0; i < digest->gaps->len; i++)
		kd_block_quote(kd_page_add(page, KD_BLOCK_ITEM), KD_SPAN_TEXT,
		    digest->gaps->pdata[i]);
	if (digest->gaps->len == 0)
		kd_block_words(
		    kd_page_add(page, KD_BLOCK_PARAGRAPH), "没有已知的缺口。");
}

kd_page *
kd_page_make(const kd_digest *digest)
{
	g_autofree char *title = make_title(digest);
	g_autofree char *generated =
	    kd_digest_time(digest, digest->generated, minute);
	struct kd_category_sum sums[KD_CATEGORIES];
	kd_page *page = kd_page_new(title);

	kd_digest_sum(digest, sums);
	kd_page_add_heading(page, KD_LEVEL_PAGE, title);
	kd_block_words(kd_page_add_field(page, "生成时间"), generated);
	add_window(page, digest);
	kd_page_add_team(page, digest);
	add_totals(page, digest);
	if (digest->topics->len > 0) {
		add_categories(page, sums);
		add_index(page, digest);
		add_topics(page, digest, sums);
	} else {
		kd_block_words(kd_page_add(page, KD_BLOCK_PARAGRAPH),
		    "本周期内没有收到邮件。");
	}
	add_quiet(page, digest);
	add_gaps(page, digest);
	for (guint i = 0; i < digest->footer->len; i++)
		kd_block_quote(kd_page_add(page, KD_BLOCK_FOOTER),
		    KD_SPAN_MUTED, digest->footer->pdata[i]);
	return page;
}
