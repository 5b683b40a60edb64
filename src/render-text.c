#include "config.h"

#include <string.h>

#include "page.h"
#include "text.h"

#define COLUMNS	      76
#define LABEL_COLUMNS 16 /* of a field; a longer label has its own column */
#define NUMBER_INDENT 5	 /* "123. " */
#define DEPTH_INDENT  2

static char *
spaces(guint count)
{
	return g_strnfill(count, ' ');
}

/* One line of the page, spans i and following up to a break, as text. */
static char *
join_line(const struct kd_block *block, guint *i)
{
	GString *line = g_string_new(NULL);

	for (; *i < block->spans->len; (*i)++) {
		const struct kd_span *span =
		    &g_array_index(block->spans, struct kd_span, *i);

		if (span->kind == KD_SPAN_BREAK)
			break;
		g_string_append(line, span->text);
	}
	(*i)++;
	return g_string_free(line, FALSE);
}

/* A URL is not wrapped and has its line to itself. */
static void
write_urls(GString *out, const struct kd_block *block, guint indent)
{
	g_autofree char *prefix = spaces(indent);

	for (guint i = 0; i < block->spans->len; i++) {
		const struct kd_span *span =
		    &g_array_index(block->spans, struct kd_span, i);

		if (span->kind == KD_SPAN_LINK)
			g_string_append_printf(
			    out, "%s%s\n", prefix, span->target);
	}
}

/*
 * The spans behind a prefix that only the first line has; what follows is
 * indented by as many columns.
 */
static void
write_spans(GString *out, const struct kd_block *block, const char *prefix)
{
	const guint indent = kd_text_width(prefix);
	g_autofree char *rest = spaces(indent);

	for (guint i = 0; i < block->spans->len;) {
		const char *first = i == 0 ? prefix : rest;
		g_autofree char *line = join_line(block, &i);

		kd_text_wrap(out, line, COLUMNS, first, rest);
	}
}

static void
write_rule(GString *out, guint columns, char c)
{
	for (guint i = 0; i < columns; i++)
		g_string_append_c(out, c);
	g_string_append_c(out, '\n');
}

static void
write_heading(GString *out, const struct kd_block *block)
{
	guint i = 0;
	g_autofree char *line = join_line(block, &i);
	const guint width = MIN(kd_text_width(line), COLUMNS);

	if (block->level == KD_LEVEL_TOPIC)
		write_rule(out, COLUMNS, '-');
	kd_text_wrap(out, line, COLUMNS, "", "");
	if (block->level == KD_LEVEL_PAGE || block->level == KD_LEVEL_SECTION)
		write_rule(out, width, '=');
	if (block->level == KD_LEVEL_PART)
		write_rule(out, width, '-');
	write_urls(out, block, 0);
}

/* Labels of fields that follow each other stand in one column. */
static guint
label_columns(const GPtrArray *blocks, guint i)
{
	guint columns = 0;

	for (; i < blocks->len; i++) {
		const struct kd_block *block = blocks->pdata[i];

		if (block->kind != KD_BLOCK_FIELD)
			break;
		columns = MAX(columns, kd_text_width(block->label));
	}
	return MIN(columns, LABEL_COLUMNS);
}

static void
write_field(GString *out, const struct kd_block *block, guint columns)
{
	const guint width = kd_text_width(block->label);
	g_autofree char *pad = spaces(width < columns ? columns - width : 0);
	g_autofree char *prefix = g_strconcat(block->label, "：", pad, NULL);

	write_spans(out, block, prefix);
	write_urls(out, block, kd_text_width(prefix));
}

static void
write_item(GString *out, const struct kd_block *block)
{
	g_autofree char *prefix = block->number > 0
				      ? g_strdup_printf("%3u. ", block->number)
				      : g_strdup("- ");

	write_spans(out, block, prefix);
	write_urls(out, block, NUMBER_INDENT);
}

static void
write_mail(GString *out, const struct kd_block *block)
{
	g_autofree char *indent = spaces(block->depth * DEPTH_INDENT);
	g_autofree char *prefix = g_strdup_printf(
	    "%3u. %-11s %s", block->number, block->label, indent);

	write_spans(out, block, prefix);
	write_urls(out, block, NUMBER_INDENT);
}

/* An empty line parts blocks, but for those of a list. */
static gboolean
is_parted(const struct kd_block *before, const struct kd_block *block)
{
	if (before->kind == KD_BLOCK_HEADING)
		return before->level == KD_LEVEL_PAGE ||
		       before->level == KD_LEVEL_SECTION ||
		       before->level == KD_LEVEL_TOPIC;
	return before->kind != block->kind;
}

char *
kd_render_text(const kd_digest *digest)
{
	g_autoptr(kd_page) page = kd_page_make(digest);
	GString *out = g_string_new(NULL);
	guint columns = 0;

	for (guint i = 0; i < page->blocks->len; i++) {
		const struct kd_block *block = page->blocks->pdata[i];
		const struct kd_block *before =
		    i > 0 ? page->blocks->pdata[i - 1] : NULL;

		if (before && is_parted(before, block))
			g_string_append_c(out, '\n');
		if (!before || before->kind != KD_BLOCK_FIELD)
			columns = label_columns(page->blocks, i);
		switch (block->kind) {
		case KD_BLOCK_HEADING:
			write_heading(out, block);
			break;
		case KD_BLOCK_FIELD:
			write_field(out, block, columns);
			break;
		case KD_BLOCK_ITEM:
			write_item(out, block);
			break;
		case KD_BLOCK_MAIL:
			write_mail(out, block);
			break;
		case KD_BLOCK_PARAGRAPH:
		case KD_BLOCK_FOOTER:
			write_spans(out, block, "");
			break;
		}
	}
	return g_string_free(out, FALSE);
}
