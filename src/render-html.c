/*
 * HTML for mail programs.  Styles are inline since <style> is dropped by
 * some; no background and no text colour is set, so that a dark mode can
 * choose both, and what is of less weight is made so by its opacity; anchors
 * are <a name>, widths are those of tables.
 */
#include "config.h"

#include "page.h"

#define HEAD                                                                   \
	"<!DOCTYPE html>\n"                                                    \
	"<html lang=\"zh-CN\">\n<head>\n"                                      \
	"<meta charset=\"utf-8\">\n"                                           \
	"<meta name=\"viewport\" content=\"width=device-width\">\n"            \
	"<meta name=\"color-scheme\" content=\"light dark\">\n"
#define FONTS                                                                  \
	"-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',"            \
	"'Noto Sans CJK SC','Source Han Sans SC',sans-serif"
#define BODY                                                                   \
	"</head>\n<body style=\"margin:0\">\n"                                 \
	"<table role=\"presentation\" width=\"100%\" align=\"center\" "        \
	"cellpadding=\"0\" cellspacing=\"0\" border=\"0\" "                    \
	"style=\"max-width:760px\">\n"                                         \
	"<tr><td style=\"padding:16px;font:15px/1.6 " FONTS ";"                \
	"overflow-wrap:anywhere\">\n"
#define TAIL "</td></tr>\n</table>\n</body>\n</html>\n"
#define TABLE                                                                  \
	"<table role=\"presentation\" cellpadding=\"2\" cellspacing=\"0\" "    \
	"border=\"0\" style=\"font-size:14px\">\n"
#define MUTED	  "opacity:.7"
#define LINK	  "color:inherit;text-decoration-color:#888"
#define MONOSPACE "font-family:Menlo,Consolas,monospace;font-size:13px"

static void
append_text(GString *out, const char *text)
{
	for (const char *p = text; *p; p++)
		switch (*p) {
		case '&':
			g_string_append(out, "&amp;");
			break;
		case '<':
			g_string_append(out, "&lt;");
			break;
		case '>':
			g_string_append(out, "&gt;");
			break;
		case '"':
			g_string_append(out, "&quot;");
			break;
		default:
			g_string_append_c(out, *p);
		}
}

/* Opening and closing tags with text between them. */
static void
append_tagged(
    GString *out, const char *open, const char *text, const char *close)
{
	g_string_append(out, open);
	append_text(out, text);
	g_string_append(out, close);
}

static void
append_link(GString *out, const struct kd_span *span)
{
	g_string_append(out, "<a href=\"");
	if (span->kind == KD_SPAN_REF)
		g_string_append_c(out, '#');
	append_text(out, span->target);
	append_tagged(out, "\" style=\"" LINK "\">", span->text, "</a>");
}

/* faint: what it stands in is muted already. */
static void
append_span(GString *out, const struct kd_span *span, gboolean faint)
{
	switch (span->kind) {
	case KD_SPAN_TEXT:
		append_text(out, span->text);
		break;
	case KD_SPAN_STRONG:
		append_tagged(out, "<b>", span->text, "</b>");
		break;
	case KD_SPAN_MUTED:
		if (faint)
			append_text(out, span->text);
		else
			append_tagged(out, "<span style=\"" MUTED "\">",
			    span->text, "</span>");
		break;
	case KD_SPAN_CODE:
		append_tagged(out, "<code style=\"" MONOSPACE "\">", span->text,
		    "</code>");
		break;
	case KD_SPAN_LINK:
	case KD_SPAN_REF:
		append_link(out, span);
		break;
	case KD_SPAN_CITE:
		if (span->target)
			append_link(out, span);
		else
			append_text(out, span->text);
		break;
	case KD_SPAN_BREAK:
		g_string_append(out, "<br>");
		break;
	}
}

static void
append_spans(GString *out, const struct kd_block *block)
{
	for (guint i = 0; i < block->spans->len; i++)
		append_span(out,
		    &g_array_index(block->spans, struct kd_span, i),
		    block->older);
}

static void
write_heading(GString *out, const struct kd_block *block)
{
	static const char *const styles[] = {
	    [KD_LEVEL_PAGE] = "font-size:22px;line-height:1.3;margin:0 0 12px",
	    [KD_LEVEL_SECTION] = "font-size:19px;margin:32px 0 8px;"
				 "padding-bottom:4px;"
				 "border-bottom:2px solid #888",
	    [KD_LEVEL_TOPIC] = "font-size:16px;line-height:1.4;"
			       "margin:24px 0 6px;padding-top:12px;"
			       "border-top:1px solid #888",
	    [KD_LEVEL_PART] = "font-size:15px;margin:14px 0 4px",
	    [KD_LEVEL_FIELD] = "font-size:14px;margin:8px 0 2px",
	};

	g_string_append_printf(
	    out, "<h%u style=\"%s\">", block->rank, styles[block->level]);
	if (block->anchor)
		g_string_append_printf(
		    out, "<a name=\"%s\"></a>", block->anchor);
	append_spans(out, block);
	g_string_append_printf(out, "</h%u>\n", block->rank);
}

static void
write_field(GString *out, const struct kd_block *block)
{
	append_tagged(out,
	    "<tr valign=\"top\">"
	    "<td nowrap style=\"padding-right:12px;" MUTED "\">",
	    block->label, "</td><td>");
	append_spans(out, block);
	g_string_append(out, "</td></tr>\n");
}

static void
write_item(GString *out, const struct kd_block *block)
{
	if (block->number > 0)
		g_string_append_printf(out,
		    "<tr valign=\"top\"><td align=\"right\" "
		    "nowrap>%u.</td><td>",
		    block->number);
	else
		g_string_append(out, "<li>");
	append_spans(out, block);
	g_string_append(out, block->number > 0 ? "</td></tr>\n" : "</li>\n");
}

static void
write_mail(GString *out, const struct kd_block *block)
{
	g_string_append_printf(out,
	    "<tr valign=\"top\"%s><td align=\"right\" nowrap>%u.</td>"
	    "<td nowrap>",
	    block->older ? " style=\"" MUTED "\"" : "", block->number);
	append_text(out, block->label);
	if (block->depth > 0)
		g_string_append_printf(out,
		    "</td><td style=\"padding-left:%upx\">",
		    2 + 12 * block->depth);
	else
		g_string_append(out, "</td><td>");
	append_spans(out, block);
	g_string_append(out, "</td></tr>\n");
}

static void
write_paragraph(GString *out, const struct kd_block *block)
{
	g_string_append(out, block->kind == KD_BLOCK_FOOTER
				 ? "<p style=\"font-size:13px;margin:4px 0\">"
				 : "<p style=\"margin:6px 0\">");
	append_spans(out, block);
	g_string_append(out, "</p>\n");
}

/* What a run of blocks of one kind stands in. */
static const char *
container(const struct kd_block *block)
{
	switch (block->kind) {
	case KD_BLOCK_FIELD:
	case KD_BLOCK_MAIL:
		return "table";
	case KD_BLOCK_ITEM:
		return block->number > 0 ? "table" : "ul";
	default:
		return NULL;
	}
}

static void
write_block(GString *out, const struct kd_block *block)
{
	switch (block->kind) {
	case KD_BLOCK_HEADING:
		write_heading(out, block);
		break;
	case KD_BLOCK_FIELD:
		write_field(out, block);
		break;
	case KD_BLOCK_ITEM:
		write_item(out, block);
		break;
	case KD_BLOCK_MAIL:
		write_mail(out, block);
		break;
	case KD_BLOCK_PARAGRAPH:
	case KD_BLOCK_FOOTER:
		write_paragraph(out, block);
		break;
	}
}

char *
kd_render_html(const kd_digest *digest)
{
	g_autoptr(kd_page) page = kd_page_make(digest);
	GString *out = g_string_new(HEAD);
	const char *open = NULL;

	append_tagged(out, "<title>", page->title, "</title>\n" BODY);
	for (guint i = 0; i < page->blocks->len; i++) {
		const struct kd_block *block = page->blocks->pdata[i];
		const char *wanted = container(block);

		if (open && open != wanted)
			g_string_append_printf(out, "</%s>\n", open);
		if (wanted && open != wanted)
			g_string_append(out, *wanted == 't'
						 ? TABLE
						 : "<ul style=\"margin:2px 0;"
						   "padding-left:20px\">\n");
		open = wanted;
		write_block(out, block);
	}
	if (open)
		g_string_append_printf(out, "</%s>\n", open);
	g_string_append(out, TAIL);
	return g_string_free(out, FALSE);
}
