#include "config.h"

#include <string.h>

#include "lines.h"
#include "trim.h"

#define HEADER_LINES	6  /* of a mail that is below an answer */
#define QUOTED_MAX	4  /* lines above a paragraph */
#define SIGNATURE_MAX	20 /* lines of one */
#define ATTRIBUTION_MAX 3  /* lines that one is folded into */
#define POLITE_BYTES	40 /* of a greeting, a farewell, a name below it */
#define POLITE_WORDS	4
#define FAREWELL_MAX	6 /* lines from it to the end */

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

static gboolean
is_trailer(const struct kd_line *line)
{
	static const char *const trailers[] = {
	    "Signed-off-by:", "Cc:", "CC:", "Reviewed-by:", "Acked-by:",
	    "Tested-by:", "Reported-by:", "Suggested-by:", "Co-developed-by:",
	    "Link:", "Message-Id:", "Fixes:", "Closes:", "Change-Id:"};

	for (gsize i = 0; i < G_N_ELEMENTS(trailers); i++)
		if (kd_lines_begin(line, trailers[i]))
			return TRUE;
	return FALSE;
}

/* The words of a short line in lower case, or NULL. */
static char **
polite_words(const struct kd_line *line)
{
	gsize length = kd_lines_own_length(line);
	g_autofree char *small = NULL;
	g_auto(GStrv) words = NULL;

	if (line->blank || length > POLITE_BYTES)
		return NULL;
	small = g_ascii_strdown(line->own, (gssize)length);
	words = g_strsplit_set(g_strstrip(small), " ", -1);
	return g_strv_length(words) <= POLITE_WORDS ? g_steal_pointer(&words)
						    : NULL;
}

/* "Hi Bob," and its kind: a line of its own. */
static gboolean
is_greeting(const struct kd_line *line)
{
	g_auto(GStrv) words = polite_words(line);
	g_autofree char *first =
	    words ? g_strdelimit(g_strdup(*words), ",.!", ' ') : NULL;
	static const char *const greetings[] = {
	    "hi", "hello", "hey", "dear", NULL};

	return first && g_strv_contains(greetings, g_strstrip(first));
}

/* "Thanks," and its kind: a line of its own. */
static gboolean
is_farewell(const struct kd_line *line)
{
	g_auto(GStrv) words = polite_words(line);
	g_autofree char *text = words ? g_strjoinv(" ", words) : NULL;
	static const char *const farewells[] = {"thanks", "thank you",
	    "many thanks", "thanks a lot", "thanks again", "thx", "cheers",
	    "regards", "best regards", "kind regards", "best", "br", NULL};

	return text && !line->depth &&
	       g_strv_contains(
		   farewells, g_strstrip(g_strdelimit(text, ",.!", ' ')));
}

/*
 * Where words end that end with "Thanks," and a name.  Those that are nothing
 * else stay where they are the first of a mail: they are its answer.
 */
static guint
without_farewell(
    const GArray *lines, guint first, guint end, gboolean are_first)
{
	for (guint i = end; i-- > first && end - i <= FAREWELL_MAX;) {
		const struct kd_line *line = line_at(lines, i);
		g_auto(GStrv) words = polite_words(line);

		if (line->depth || (!line->blank && !words))
			break;
		if (!is_farewell(line))
			continue;
		while (i > first && line_at(lines, i - 1)->blank)
			i--;
		return i > first || !are_first ? i : end;
	}
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

/* Behind an attribution that begins at a line; the line when there is none. */
static guint
attribution_end(const GArray *lines, guint first, guint end)
{
	if (first >= end || !kd_lines_begin(line_at(lines, first), "On "))
		return first;
	for (guint i = first; i < MIN(first + ATTRIBUTION_MAX, end); i++) {
		if (line_at(lines, i)->depth != line_at(lines, first)->depth)
			break;
		if (ends_attribution(line_at(lines, i)))
			return i + 1;
	}
	return first;
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

/* The end of an attribution that begins a text, and of a greeting below it. */
static guint
opening_end(const GArray *lines, guint end)
{
	guint first = 0, after = 0;

	while (first < end && line_at(lines, first)->blank)
		first++;
	after = attribution_end(lines, first, end);
	while (after < end && line_at(lines, after)->blank)
		after++;
	if (after < end && !line_at(lines, after)->depth &&
	    is_greeting(line_at(lines, after)))
		return after + 1;
	return after;
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

/* A quoted line of which nothing is left but marks of a diff. */
static gboolean
is_bare(const struct kd_line *line)
{
	gsize length = kd_lines_own_length(line);

	for (gsize i = 0; i < length; i++)
		if (!strchr("+-. \t", line->own[i]))
			return FALSE;
	return TRUE;
}

/*
 * The lines (guint) of a quotation that say something: no attribution, no
 * greeting, no lone "+", and a trailer only where there is nothing else.
 */
static GArray *
find_said(const GArray *lines, guint first, guint end)
{
	g_autoptr(GArray) said = g_array_new(FALSE, FALSE, sizeof(guint));
	g_autoptr(GArray) trailers = g_array_new(FALSE, FALSE, sizeof(guint));

	for (guint i = first; i < end; i++) {
		const struct kd_line *line = line_at(lines, i);
		guint after = attribution_end(lines, i, end);

		if (after > i)
			i = after - 1;
		else if (!line->depth || is_bare(line) || is_greeting(line) ||
			 ends_attribution(line))
			continue;
		else
			g_array_append_val(
			    is_trailer(line) ? trailers : said, i);
	}
	return said->len ? g_steal_pointer(&said) : g_steal_pointer(&trailers);
}

/* What is left of a quotation: its last lines of the lowest depth. */
static void
add_quotation(GString *text, const GArray *lines, guint first, guint end)
{
	g_autoptr(GArray) said = find_said(lines, first, end);
	guint kept[QUOTED_MAX];
	guint n = 0, lowest = G_MAXUINT;
	gboolean cut = FALSE;

	for (guint i = 0; i < said->len; i++)
		lowest = MIN(lowest,
		    line_at(lines, g_array_index(said, guint, i))->depth);
	for (guint i = said->len; i-- > 0;) {
		guint at = g_array_index(said, guint, i);

		if (line_at(lines, at)->depth == lowest && n < QUOTED_MAX)
			kept[n++] = at;
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

	for (guint i = opening_end(lines, end); i < end;) {
		guint first = i, last;

		if (line_at(lines, i)->depth) {
			quoted = i;
			i = quoted_end = quotation_end(lines, i, end);
			continue;
		}
		while (i < end && !line_at(lines, i)->depth)
			i++;
		while (first < i && line_at(lines, first)->blank)
			first++;
		last = i < end ? without_attribution(lines, first, i)
			       : without_farewell(
				     lines, first, i, trimmed->len == 0);
		if (first == last)
			continue;
		if (trimmed->len)
			g_string_append_c(trimmed, '\n');
		if (quoted < quoted_end)
			add_quotation(trimmed, lines, quoted, quoted_end);
		quoted = quoted_end = 0;
		add_words(trimmed, lines, first, last);
	}
	return g_string_free(trimmed, FALSE);
}

char *
kd_trim_patch(const char *text)
{
	g_autoptr(GArray) lines = kd_lines_split(text);
	GString *trimmed = g_string_new(NULL);
	guint end = without_signature(lines, lines->len);

	for (guint i = 0; i < end; i++)
		if (line_at(lines, i)->depth || !is_trailer(line_at(lines, i)))
			kd_lines_append(trimmed, line_at(lines, i));
	return g_string_free(trimmed, FALSE);
}
