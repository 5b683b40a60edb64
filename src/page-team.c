#include "config.h"

#include "page.h"

#define CITES_MAX 8 /* mails of a note */

static const char *const headings[KD_NOTE_KINDS] = {
    [KD_NOTE_OWN] = "我们的系列",
    [KD_NOTE_ASKED] = "等我们回答",
    [KD_NOTE_COPIED] = "抄送我们",
    [KD_NOTE_PATH] = "涉及我们的文件",
    [KD_NOTE_UAPI] = "用户接口变化",
    [KD_NOTE_KEYWORD] = "关键词",
};

/* What there is to say besides which topic it is. */
static void
add_detail(struct kd_block *block, const struct kd_topic *topic,
    const struct kd_note *note)
{
	switch (note->kind) {
	case KD_NOTE_OWN:
		kd_block_quote(block, KD_SPAN_TEXT, topic->state);
		if (topic->waiting.role && topic->waiting.days)
			kd_block_printf(
			    block, "，已 %u 天", topic->waiting.days);
		break;
	case KD_NOTE_PATH:
		kd_block_quote(block, KD_SPAN_CODE, note->detail);
		break;
	case KD_NOTE_UAPI:
		for (guint i = 0; i < topic->uapi->len; i++) {
			kd_block_words(block, i ? "、" : "");
			kd_block_quote(
			    block, KD_SPAN_CODE, topic->uapi->pdata[i]);
		}
		break;
	default:
		kd_block_quote(block, KD_SPAN_TEXT, note->detail);
	}
}

static void
add_cites(struct kd_block *block, const struct kd_topic *topic,
    const struct kd_note *note)
{
	guint n = note->mails->len;

	if (n)
		kd_block_words(block, " ");
	for (guint i = 0; i < MIN(n, CITES_MAX); i++) {
		guint index = g_array_index(note->mails, guint, i);
		const struct kd_digest_mail *mail = topic->mails->pdata[index];

		kd_block_cite(block, index + 1, mail->url);
	}
	if (n > CITES_MAX)
		kd_block_printf(block, " 等 %u 封", n);
}

static void
add_note(kd_page *page, const struct kd_topic *topic, guint number,
    const struct kd_note *note)
{
	struct kd_block *block = kd_page_add(page, KD_BLOCK_ITEM);
	g_autofree char *label = kd_topic_label(topic);
	g_autofree char *anchor = g_strdup_printf("t%u", number);

	kd_block_printf(block, "%u. ", number);
	kd_block_ref(block, label, anchor);
	if (note->kind != KD_NOTE_COPIED)
		kd_block_words(block, "：");
	add_detail(block, topic, note);
	add_cites(block, topic, note);
}

void
kd_page_add_team(kd_page *page, const kd_digest *digest)
{
	gboolean any = FALSE;

	if (!digest->team)
		return;
	kd_page_add_heading(page, KD_LEVEL_SECTION, "与我们有关");
	for (guint kind = 0; kind < KD_NOTE_KINDS; kind++) {
		gboolean headed = FALSE;

		for (guint i = 0; i < digest->topics->len; i++) {
			const struct kd_topic *topic = digest->topics->pdata[i];

			for (guint j = 0; j < topic->notes->len; j++) {
				const struct kd_note *note =
				    topic->notes->pdata[j];

				if (note->kind != kind)
					continue;
				if (!headed)
					kd_page_add_heading(page, KD_LEVEL_PART,
					    headings[kind]);
				any = headed = TRUE;
				add_note(page, topic, i + 1, note);
			}
		}
	}
	if (!any)
		kd_block_words(kd_page_add(page, KD_BLOCK_PARAGRAPH),
		    "本周没有与我们有关的话题。");
}
