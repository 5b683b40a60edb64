/*
 * CommonMark that GitHub's dialect reads in the same way.
 */
#include "config.h"

#include <string.h>

#include "page.h"

/* What may be markup anywhere in a line; "_" is none within a word. */
#define SPECIAL "\\`*[]<>#|~$&"

/* What begins a block: "- ", "+ ", "===", and a table's ":--". */
#define MARKERS "-+=:"

static gboolean
is_special(const char *text, const char *p)
{
	if (*p == '_')
		return p == text || !g_ascii_isalnum(p[-1]) ||
		       !g_ascii_isalnum(p[1]);
	/* GitHub makes links of bare URLs. */
	if (*p == ':')
		return g_str_has_prefix(p, "://");
	if (*p == '.')
		return p - text >= 3 &&
		       g_ascii_strncasecmp(p - 3, "www", 3) == 0;
	return strchr(SPECIAL, *p) != NULL;
}

/*
 * Append text so that it is shown as it is.  begins: it stands at the
 * beginning of a line or item, where "- " or "1. " would be a list.
 */
static void
append_text(GString *out, const char *text, gboolean begins)
{
	const gsize digits = strspn(text, "0123456789");

	for (const char *p = text; *p; p++) {
		const gsize at = (gsize)(p - text);
		gboolean marker =
		    begins && ((at == 0 && strchr(MARKERS, *p)) ||
				  (at == digits && strchr(".)", *p)));

		if (marker || is_special(text, p))
			g_string_append_c(out, '\\');
		g_string_append_c(out, *p);
	}
}

/* Entities are read in a link's destination. */
static void
append_url(GString *out, const char *url)
{
	for (const char *p = url; *p; p++)
		if (*p == '&')
			g_string_append(out, "&amp;");
		else
			g_string_append_c(out, *p);
}

/*
 * "**" turns into emphasis on both sides only beside a letter or digit, so
 * that "**词（X）**词" is none.
 */
static gboolean
can_be_strong(const char *text)
{
	const char *last = *text ? g_utf8_prev_char(text + strlen(text)) : text;

	return g_unichar_isalnum(g_utf8_get_char(text)) &&
	       g_unichar_isalnum(g_utf8_get_char(last));
}

static void
append_link(GString *out, const struct kd_span *span)
{
	g_string_append_c(out, '[');
	append_text(out, span->text, FALSE);
	g_string_append(out, span->kind == KD_SPAN_REF ? "](#" : "](");
	append_url(out, span->target);
	g_string_append_c(out, ')');
}

static void
append_span(
    GString *out, const struct kd_span *span, gboolean begins, guint indent)
{
	const gboolean strong =
	    span->kind == KD_SPAN_STRONG && can_be_strong(span->text);

	switch (span->kind) {
	case KD_SPAN_BREAK:
		g_string_append_printf(out, "\\\n%*s", (int)indent, "");
		break;
	case KD_SPAN_LINK:
	case KD_SPAN_REF:
		append_link(out, span);
		break;
	case KD_SPAN_CITE:
		if (span->target)
			append_link(out, span);
		else
			append_text(out, span->text, begins);
		break;
	case KD_SPAN_TEXT:
	case KD_SPAN_STRONG:
	case KD_SPAN_MUTED:
	case KD_SPAN_CODE:
		g_string_append(out, strong ? "**" : "");
		append_text(out, span->text, begins && !strong);
		g_string_append(out, strong ? "**" : "");
		break;
	}
}

/* begins: nothing of ours stands before the first span in its line. */
static void
append_spans(
    GString *out, const struct kd_block *block, gboolean begins, guint indent)
{
	for (guint i = 0; i < block->spans->len; i++) {
		const struct kd_span *span =
		    &g_array_index(block->spans, struct kd_span, i);

		append_span(out, span, begins, indent);
		begins = span->kind == KD_SPAN_BREAK;
	}
	g_string_append_c(out, '\n');
}

static void
write_heading(GString *out, const struct kd_block *block)
{
	for (guint i = 0; i < block->rank; i++)
		g_string_append_c(out, '#');
	g_string_append_c(out, ' ');
	if (block->anchor)
		g_string_append_printf(
		    out, "<a name=\"%s\"></a>", block->anchor);
	append_spans(out, block, FALSE, 0);
}

static void
write_field(GString *out, const struct kd_block *block)
{
	g_string_append(out, "- **");
	append_text(out, block->label, FALSE);
	g_string_append(out, "**：");
	append_spans(out, block, FALSE, 2);
}

/* Returns the columns of a list item's marker, by which its lines indent. */
static guint
write_marker(GString *out, const struct kd_block *block)
{
	const gsize start = out->len;

	if (block->number > 0)
		g_string_append_printf(out, "%u. ", block->number);
	else
		g_string_append(out, "- ");
	return (guint)(out->len - start);
}

/* Spaces would be dropped; ideographic ones stay. */
static void
write_mail(GString *out, const struct kd_block *block)
{
	const guint indent = write_marker(out, block);

	append_text(out, block->label, FALSE);
	g_string_append_c(out, ' ');
	for (guint i = 0; i < block->depth; i++)
		g_string_append(out, "　");
	append_spans(out, block, FALSE, indent);
}

/* Items of a list follow each other, all else is parted by empty lines. */
static gboolean
is_parted(const struct kd_block *before, const struct kd_block *block)
{
	return before->kind != block->kind || block->kind == KD_BLOCK_HEADING ||
	       block->kind == KD_BLOCK_PARAGRAPH ||
	       block->kind == KD_BLOCK_FOOTER;
}

char *
kd_render_md(const kd_digest *digest)
{
	g_autoptr(kd_page) page = kd_page_make(digest);
	GString *out = g_string_new(NULL);

	for (guint i = 0; i < page->blocks->len; i++) {
		const struct kd_block *block = page->blocks->pdata[i];
		guint indent;

		if (i > 0 && is_parted(page->blocks->pdata[i - 1], block))
			g_string_append_c(out, '\n');
		switch (block->kind) {
		case KD_BLOCK_HEADING:
			write_heading(out, block);
			break;
		case KD_BLOCK_FIELD:
			write_field(out, block);
			break;
		case KD_BLOCK_ITEM:
			indent = write_marker(out, block);
			append_spans(out, block, TRUE, indent);
			break;
		case KD_BLOCK_MAIL:
			write_mail(out, block);
			break;
		case KD_BLOCK_PARAGRAPH:
		case KD_BLOCK_FOOTER:
			append_spans(out, block, TRUE, 0);
			break;
		}
	}
	return g_string_free(out, FALSE);
}
