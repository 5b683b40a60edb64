#include "config.h"

#include <string.h>

#include "lines.h"
#include "trim.h"

#define HEADER_LINES	6  /* of a mail that is below an answer */
#define QUOTED_MAX	4  /* lines above a paragraph */
#define SIGNATURE_MAX	20 /* lines of one */
#define ATTRIBUTION_MAX 3  /* lines that one is folded into */

static const struct kd_line *
line_at(const GArray *lines, guint i)
{
	return &g_array_index(lines, struct kd_line, i);
}

static gboolean
is_line(const struct kd_line *line, const char *text)
{
	return line->length == strlen(text) &&
	       !strncmp(line->text, text, line->length);
}

static gboolean
contains(const struct kd_line *line, const char *word)
{
	return g_strstr_len(
		   line->own, (gssize)kd_lines_own_length(line), word) != NULL;
}

/* RFC 3676 4.3: "-- "; many mail programs take the space away. */
static guint
without_signature(const GArray *lines, guint end)
{
	for (guint i = end; i-- > 0 && end - i <= SIGNATURE_MAX;)
		if (is_line(line_at(lines, i), "-- ") ||
		    is_line(line_at(lines, i), "--"))
			return i;
	return end;
}

/* A patch in an answer has From, Date and Subject as well, but no To. */
static gboolean
names_recipient(const GArray *lines, guint i)
{
	for (guint last = MIN(i + HEADER_LINES, lines->len); i < last; i++)
		if (kd_lines_begin(line_at(lines, i), "To: "))
			return TRUE;
	return FALSE;
}

/* What some programs put below an answer: the whole mail that it answers. */
static gboolean
begins_forwarded(const GArray *lines, guint i)
{
	const struct kd_line *line = line_at(lines, i);

	if (line->depth || line->blank)
		return FALSE;
	if (kd_lines_begin(line, "-----Original Message-----") ||
	    kd_lines_begin(line, "-----邮件原件-----") ||
	    kd_lines_begin(line, "---------- Forwarded message"))
		return TRUE;
	if ((!kd_lines_begin(line, "From: ") &&
		!kd_lines_begin(line, "发件人")) ||
	    i + 1 >= lines->len)
		return FALSE;
	line = line_at(lines, i + 1);
	return kd_lines_begin(line, "Sent: ") ||
	       kd_lines_begin(line, "发送时间") ||
	       (kd_lines_begin(line, "Date: ") && names_recipient(lines, i));
}

static guint
without_forwarded(const GArray *lines, guint end)
{
	gboolean words = FALSE;

	for (guint i = 0; i < end; i++) {
		if (words && begins_forwarded(lines, i))
			return i;
		words = words || !line_at(lines, i)->blank;
	}
	return end;
}

static gboolean
ends_attribution(const struct kd_line *line)
{
	gsize length = line->length;

	while (length && g_ascii_isspace(line->text[length - 1]))
		length--;
	if (!length)
		return FALSE;
	return (line->text[length - 1] == ':' &&
		   (contains(line, "wrote") || contains(line, "writes") ||
		       contains(line, "schrieb") || contains(line, "écrit"))) ||
	       contains(line, "写道");
}

/*
 * Where the words before a quotation end: "On Tue, 9 Mar 2021, Ann wrote:",
 * which may be folded, is the mail program's.  first is where they begin.
 */
static guint
without_attribution(const GArray *lines, guint first, guint end)
{
	guint last = end;

	while (last > first && line_at(lines, last - 1)->blank)
		last--;
	if (last == first || !ends_attribution(line_at(lines, last - 1)))
		return end;
	for (guint n = 1; n <= ATTRIBUTION_MAX && last - n + 1 > first; n++) {
		const struct kd_line *line = line_at(lines, last - n);

		if (line->blank)
			break;
		if (kd_lines_begin(line, "On "))
			return last - n;
	}
	return last - 1;
}

/* The end of a quotation: blank lines are within it, not after it. */
static guint
quotation_end(const GArray *lines, guint first, guint end)
{
	guint last = first;

	for (guint i = first; i < end; i++) {
		if (line_at(lines, i)->depth)
			last = i + 1;
		else if (!line_at(lines, i)->blank)
			break;
	}
	return last;
}

/* Whether a quoted line says something: an attribution or a lone "+" does not. */
static gboolean
says_something(const struct kd_line *line)
{
	gsize length = kd_lines_own_length(line);

	if (line->blank || ends_attribution(line))
		return FALSE;
	for (gsize i = 0; i < length; i++)
		if (!strchr("+- \t", line->own[i]))
			return TRUE;
	return FALSE;
}

/* What is left of a quotation: its last lines of the lowest depth. */
static void
add_quotation(GString *text, const GArray *lines, guint first, guint end)
{
	guint kept[QUOTED_MAX];
	guint n = 0, lowest = G_MAXUINT;
	gboolean cut = FALSE;

	for (guint i = first; i < end; i++) {
		const struct kd_line *line = line_at(lines, i);

		if (line->depth && says_something(line))
			lowest = MIN(lowest, line->depth);
	}
	for (guint i = end; i-- > first;) {
		const struct kd_line *line = line_at(lines, i);

		if (!line->depth || !says_something(line))
			continue;
		if (line->depth != lowest)
			cut = TRUE;
		else if (n < QUOTED_MAX)
			kept[n++] = i;
		else
			cut = TRUE;
	}
	if (cut)
		g_string_append(text, "> […]\n");
	while (n-- > 0)
		kd_lines_append(text, line_at(lines, kept[n]));
}

/* Words of the mail's own; of several blank lines one is enough. */
static void
add_words(GString *text, const GArray *lines, guint first, guint end)
{
	gboolean blank = TRUE;

	while (end > first && line_at(lines, end - 1)->blank)
		end--;
	for (guint i = first; i < end; i++) {
		const struct kd_line *line = line_at(lines, i);

		if (!line->blank || !blank)
			kd_lines_append(text, line);
		blank = line->blank;
	}
}

char *
kd_trim_answer(const char *text)
{
	g_autoptr(GArray) lines = kd_lines_split(text);
	GString *trimmed = g_string_new(NULL);
	guint end =
	    without_forwarded(lines, without_signature(lines, lines->len));
	guint quoted = 0, quoted_end = 0;

	for (guint i = 0; i < end;) {
		guint first = i;

		if (line_at(lines, i)->depth) {
			quoted = i;
			i = quoted_end = quotation_end(lines, i, end);
			continue;
		}
		while (i < end && !line_at(lines, i)->depth)
			i++;
		while (first < i && line_at(lines, first)->blank)
			first++;
		if (first == i ||
		    (i < end && without_attribution(lines, first, i) == first))
			continue;
		if (trimmed->len)
			g_string_append_c(trimmed, '\n');
		if (quoted < quoted_end)
			add_quotation(trimmed, lines, quoted, quoted_end);
		quoted = quoted_end = 0;
		add_words(trimmed, lines, first,
		    i < end ? without_attribution(lines, first, i) : i);
	}
	return g_string_free(trimmed, FALSE);
}

static gboolean
is_trailer(const struct kd_line *line)
{
	static const char *const trailers[] = {
	    "Signed-off-by:", "Cc:", "CC:", "Reviewed-by:", "Acked-by:",
	    "Tested-by:", "Reported-by:", "Suggested-by:", "Co-developed-by:",
	    "Link:", "Message-Id:", "Fixes:", "Closes:", "Change-Id:"};

	for (gsize i = 0; i < G_N_ELEMENTS(trailers); i++)
		if (!line->depth && kd_lines_begin(line, trailers[i]))
			return TRUE;
	return FALSE;
}

char *
kd_trim_patch(const char *text)
{
	g_autoptr(GArray) lines = kd_lines_split(text);
	GString *trimmed = g_string_new(NULL);
	guint end = without_signature(lines, lines->len);

	for (guint i = 0; i < end; i++)
		if (!is_trailer(line_at(lines, i)))
			kd_lines_append(trimmed, line_at(lines, i));
	return g_string_free(trimmed, FALSE);
}
