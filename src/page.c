#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "page.h"
#include "text.h"

static void
span_clear(gpointer data)
{
	struct kd_span *span = data;

	g_free(span->text);
	g_free(span->target);
}

static void
block_free(gpointer data)
{
	struct kd_block *block = data;

	g_free(block->label);
	g_free(block->anchor);
	g_array_unref(block->spans);
	g_free(block);
}

kd_page *
kd_page_new(const char *title)
{
	kd_page *page = g_new0(kd_page, 1);

	page->title = g_strdup(title);
	page->blocks = g_ptr_array_new_with_free_func(block_free);
	return page;
}

void
kd_page_free(kd_page *page)
{
	if (!page)
		return;
	g_free(page->title);
	g_ptr_array_unref(page->blocks);
	g_free(page);
}

struct kd_block *
kd_page_add(kd_page *page, enum kd_block_kind kind)
{
	struct kd_block *block = g_new0(struct kd_block, 1);

	block->kind = kind;
	block->spans = g_array_new(FALSE, FALSE, sizeof(struct kd_span));
	g_array_set_clear_func(block->spans, span_clear);
	g_ptr_array_add(page->blocks, block);
	return block;
}

struct kd_block *
kd_page_add_field(kd_page *page, const char *label)
{
	struct kd_block *block = kd_page_add(page, KD_BLOCK_FIELD);

	block->label = g_strdup(label);
	return block;
}

/* The rank of the heading that a new one of a level is under; 0 for none. */
static guint
outer_rank(const kd_page *page, guint level)
{
	for (guint i = page->blocks->len; i > 0; i--) {
		const struct kd_block *block = page->blocks->pdata[i - 1];

		if (block->kind == KD_BLOCK_HEADING && block->level < level)
			return block->rank;
	}
	return 0;
}

struct kd_block *
kd_page_add_heading(kd_page *page, guint level, const char *words)
{
	guint outer = outer_rank(page, level);
	struct kd_block *block = kd_page_add(page, KD_BLOCK_HEADING);

	block->level = level;
	block->rank = outer + 1;
	kd_block_words(block, words);
	return block;
}

/* Takes text and target. */
static void
add_span(
    struct kd_block *block, enum kd_span_kind kind, char *text, char *target)
{
	const struct kd_span span = {kind, text, target};

	g_array_append_val(block->spans, span);
}

void
kd_block_words(struct kd_block *block, const char *words)
{
	add_span(block, KD_SPAN_TEXT, g_strdup(words), NULL);
}

void
kd_block_printf(struct kd_block *block, const char *format, ...)
{
	va_list args;

	va_start(args, format);
	add_span(block, KD_SPAN_TEXT, g_strdup_vprintf(format, args), NULL);
	va_end(args);
}

void
kd_block_break(struct kd_block *block)
{
	add_span(block, KD_SPAN_BREAK, g_strdup(""), NULL);
}

void
kd_block_quote(struct kd_block *block, enum kd_span_kind kind, const char *text)
{
	add_span(block, kind, kd_text_clean(text), NULL);
}

void
kd_block_person(struct kd_block *block, const char *name, const char *address)
{
	g_autofree char *who = kd_text_clean(name);
	g_autofree char *where = kd_text_clean(address);

	if (*who && *where)
		add_span(block, KD_SPAN_MUTED,
		    g_strdup_printf("%s <%s>", who, where), NULL);
	else if (*where)
		add_span(
		    block, KD_SPAN_MUTED, g_strdup_printf("<%s>", where), NULL);
	else
		add_span(block, KD_SPAN_MUTED,
		    g_strdup(*who ? who : "发件人不明"), NULL);
}

void
kd_block_link(struct kd_block *block, const char *text, const char *url)
{
	char *target = kd_url_vet(url);

	add_span(block, target ? KD_SPAN_LINK : KD_SPAN_TEXT,
	    kd_text_clean(text), target);
}

void
kd_block_ref(struct kd_block *block, const char *text, const char *anchor)
{
	add_span(block, KD_SPAN_REF, kd_text_clean(text), g_strdup(anchor));
}

void
kd_block_cite(struct kd_block *block, guint number, const char *url)
{
	add_span(block, KD_SPAN_CITE, g_strdup_printf("[%u]", number),
	    kd_url_vet(url));
}

char *
kd_url_vet(const char *url)
{
	GString *vetted;

	if (!url)
		return NULL;
	if (g_ascii_strncasecmp(url, "https://", 8) != 0 &&
	    g_ascii_strncasecmp(url, "http://", 7) != 0)
		return NULL;
	vetted = g_string_sized_new(strlen(url));
	for (const char *p = url; *p; p++)
		if (g_ascii_isalnum(*p) || strchr("-._~:/?#@!$&+,;=%", *p))
			g_string_append_c(vetted, *p);
		else
			g_string_append_printf(vetted, "%%%02X", (guchar)*p);
	return g_string_free(vetted, FALSE);
}

char *
kd_topic_label(const struct kd_topic *topic)
{
	g_autofree char *title = kd_text_clean(topic->title);

	return g_strdup(*title ? title : "（无标题）");
}

char *
kd_count_label(guint mails, guint in_window)
{
	return g_strdup_printf("%u 封（窗口内 %u 封，更早 %u 封）", mails,
	    in_window, mails - in_window);
}

char *
kd_digest_time(const kd_digest *digest, gint64 seconds, const char *pattern)
{
	return kd_time_format(seconds, digest->window.zone, pattern);
}
