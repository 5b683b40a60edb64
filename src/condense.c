#include "config.h"

#include <string.h>

#include "condense.h"
#include "lines.h"

#define LINE_MIN  12 /* bytes of a line that says enough to be known again */
#define HUNKS_MAX 12 /* heads shown of a file */
#define LOG_MIN	  12 /* lines that make a log */
#define LOG_HEAD  8  /* shown of it */
#define LOG_TAIL  2

#define OUTPUT_BELOW 3 /* lines below a compiler's message */

static const struct kd_line *
line_at(const GArray *lines, guint i)
{
	return &g_array_index(lines, struct kd_line, i);
}

/* A line of code without its mark in a diff and without indentation. */
static char *
make_key(const char *text, gsize length)
{
	g_autofree char *key = NULL;

	if (length && strchr("+- ", *text)) {
		text++;
		length--;
	}
	key = g_strstrip(g_strndup(text, length));
	return strlen(key) >= LINE_MIN ? g_steal_pointer(&key) : NULL;
}

void
kd_condense_learn(GHashTable *discussed, const char *text)
{
	g_autoptr(GArray) lines = kd_lines_split(text);

	for (guint i = 0; i < lines->len; i++) {
		const struct kd_line *line = line_at(lines, i);
		char *key = line->depth
				? make_key(line->own, kd_lines_own_length(line))
				: NULL;

		if (key)
			g_hash_table_add(discussed, key);
	}
}

/* A text while it is condensed. */
struct scan {
	const GArray *lines;
	GHashTable *discussed;
	GString *text;
	guint at;
};

static const struct kd_line *
here(const struct scan *scan)
{
	return scan->at < scan->lines->len ? line_at(scan->lines, scan->at)
					   : NULL;
}

static gboolean
begins(const struct kd_line *line, const char *word)
{
	return line && !line->depth && kd_lines_begin(line, word);
}

/* "diff --git", or "--- " with "+++ " below it. */
static gboolean
begins_file(const struct scan *scan)
{
	return begins(here(scan), "diff --git ") ||
	       (begins(here(scan), "--- ") && scan->at + 1 < scan->lines->len &&
		   begins(line_at(scan->lines, scan->at + 1), "+++ "));
}

static gboolean
is_discussed(const struct scan *scan, const struct kd_line *line)
{
	g_autofree char *key = make_key(line->text, line->length);

	return key && scan->discussed &&
	       g_hash_table_contains(scan->discussed, key);
}

struct hunk {
	guint64 old, new; /* lines that are still to come */
	guint added, removed;
	gboolean open; /* a line was left out since the last that is shown */
};

/* "@@ -10,6 +10,14 @@ function": without a count it is 1. */
static struct hunk
read_head(const struct kd_line *line)
{
	struct hunk hunk = {.old = 1, .new = 1};
	g_autofree char *head = g_strndup(line->text, line->length);
	const char *old = strchr(head, '-');
	const char *new = old ? strchr(old, '+') : NULL;
	gsize n = new ? strcspn(new, ", ") : 0;

	if (!new)
		return (struct hunk){0};
	if (new[n] == ',')
		hunk.new = g_ascii_strtoull(new + n + 1, NULL, 10);
	n = strcspn(old, ", ");
	if (old[n] == ',')
		hunk.old = g_ascii_strtoull(old + n + 1, NULL, 10);
	return hunk;
}

/* Count a line as one of the hunk's; FALSE when it is none. */
static gboolean
take(struct hunk *hunk, const struct kd_line *line)
{
	/* Mail programs take the space of a blank line. */
	char mark = line->length ? *line->text : ' ';

	if (mark == '\\')
		return TRUE;
	if (mark == ' ' && hunk->old && hunk->new) {
		hunk->old--;
		hunk->new --;
	} else if (mark == '-' && hunk->old) {
		hunk->old--;
		hunk->removed++;
	} else if (mark == '+' && hunk->new) {
		hunk->new --;
		hunk->added++;
	} else {
		return FALSE;
	}
	return TRUE;
}

static struct hunk
read_hunk(struct scan *scan, GString *body)
{
	struct hunk hunk = read_head(here(scan));

	for (scan->at++; here(scan) && take(&hunk, here(scan)); scan->at++) {
		if (!is_discussed(scan, here(scan))) {
			hunk.open = TRUE;
			continue;
		}
		if (hunk.open)
			g_string_append(body, "[…]\n");
		hunk.open = FALSE;
		kd_lines_append(body, here(scan));
	}
	return hunk;
}

/* What stands behind the numbers of "@@ -10,6 +10,14 @@ function", or "". */
static char *
read_place(const struct kd_line *head)
{
	g_autofree char *text = g_strndup(head->text, head->length);
	const char *end = strstr(text + strlen("@@ "), "@@");

	return end ? g_strstrip(g_strdup(end + strlen("@@"))) : g_strdup("");
}

/* The path of "+++ b/new" and of "diff --git a/old b/new". */
static char *
read_path(const struct kd_line *name)
{
	g_autofree char *text = g_strndup(name->text, name->length);
	const char *old = strchr(text, '/');
	char *mark = old ? g_strrstr(old, " b/") : NULL;
	const char *new = mark ? mark + strlen(" b/") : NULL;

	if (!old)
		return g_strdup(text);
	if (!mark)
		return g_strdup(old + 1);
	*mark = '\0';
	return strcmp(old + 1, new) ? g_strconcat(old + 1, " => ", new, NULL)
				    : g_strdup(new);
}

/* The hunks of a file: where they are, once, and what is spoken of. */
static void
read_hunks(struct scan *scan, GString *hunks, struct hunk *sum)
{
	g_autofree char *shown = g_strdup("");
	guint n = 0, hidden = 0;

	while (begins(here(scan), "@@ ")) {
		g_autofree char *place = read_place(here(scan));
		g_autoptr(GString) body = g_string_new(NULL);
		struct hunk hunk = read_hunk(scan, body);
		gboolean same = !strcmp(place, shown);

		sum->added += hunk.added;
		sum->removed += hunk.removed;
		if (same && !body->len)
			continue;
		if (++n > HUNKS_MAX && !body->len) {
			hidden++;
			continue;
		}
		if (!same)
			g_string_append_printf(hunks, "@@ %s\n", place);
		g_string_append_len(hunks, body->str, (gssize)body->len);
		g_free(shown);
		shown = g_steal_pointer(&place);
	}
	if (hidden)
		g_string_append_printf(hunks, "[… %u @@]\n", hidden);
}

/* One file of a diff: its name, its counts, its hunks. */
static void
read_file(struct scan *scan)
{
	const struct kd_line *name = here(scan);
	g_autoptr(GString) hunks = g_string_new(NULL);
	g_autofree char *path = NULL;
	struct hunk sum = {0};

	for (scan->at++;
	     here(scan) && !begins(here(scan), "@@ ") &&
	     !begins(here(scan), "diff --git ") && !here(scan)->blank;
	     scan->at++)
		if (begins(here(scan), "+++ ") && begins(name, "--- ") &&
		    !begins(here(scan), "+++ /dev/"))
			name = here(scan);
	read_hunks(scan, hunks, &sum);
	path = read_path(name);
	g_string_append_printf(
	    scan->text, "diff %s (+%u -%u)\n", path, sum.added, sum.removed);
	g_string_append_len(scan->text, hunks->str, (gssize)hunks->len);
}

/* " 2 files changed, 3 insertions(+)": the files that follow say so too. */
static gboolean
is_sum(const struct kd_line *line)
{
	g_autofree char *text = g_strndup(line->text, line->length);
	const char *p = text;

	if (line->depth || *p++ != ' ' || !g_ascii_isdigit(*p))
		return FALSE;
	p += strspn(p, "0123456789");
	return g_str_has_prefix(p, " file changed") ||
	       g_str_has_prefix(p, " files changed");
}

/* " arch/arm64/kvm/mmu.c | 12 +++---", or what git says of modes. */
static gboolean
is_diffstat(const struct kd_line *line)
{
	const char *bar;

	if (line->depth || !line->length || *line->text != ' ')
		return FALSE;
	if (begins(line, " create mode ") || begins(line, " delete mode ") ||
	    begins(line, " rename ") || begins(line, " mode change "))
		return TRUE;
	bar = g_strstr_len(line->text, (gssize)line->length, " | ");
	if (!bar)
		return FALSE;
	for (bar += 3; bar < line->text + line->length && *bar == ' '; bar++)
		;
	return bar < line->text + line->length &&
	       (g_ascii_isdigit(*bar) || !strncmp(bar, "Bin", 3));
}

/* "[   12.345678] Call trace:", quoted or not, with a line's number or not. */
static gboolean
is_log(const struct kd_line *line)
{
	const char *end = line->own + kd_lines_own_length(line);
	const char *p = line->own;

	while (p < end && (*p == ' ' || g_ascii_isdigit(*p)))
		p++;
	if (p == end || *p++ != '[')
		return FALSE;
	while (p < end && *p == ' ')
		p++;
	while (p < end && g_ascii_isdigit(*p))
		p++;
	return p + 1 < end && *p == '.' && g_ascii_isdigit(p[1]);
}

static void
read_log(struct scan *scan)
{
	guint first = scan->at, n;

	while (here(scan) && is_log(here(scan)))
		scan->at++;
	n = scan->at - first;
	for (guint i = 0; i < n; i++) {
		if (n < LOG_MIN || i < LOG_HEAD || i >= n - LOG_TAIL)
			kd_lines_append(
			    scan->text, line_at(scan->lines, first + i));
		else if (i == LOG_HEAD)
			g_string_append_printf(
			    scan->text, "[… %u]\n", n - LOG_HEAD - LOG_TAIL);
	}
}

/* What a robot says before all that a compiler said. */
static gboolean
begins_output(const struct kd_line *line)
{
	g_autofree char *text = g_strndup(line->text, line->length);

	return strstr(text, "new ones prefixed by >>") != NULL;
}

/*
 * Of the output the new ones, with what stands directly below each; the old
 * ones, and the source that follows up to a line of "---", are left out.
 */
static void
read_output(struct scan *scan)
{
	guint below = 0;
	gboolean open = FALSE;

	kd_lines_append(scan->text, here(scan));
	for (scan->at++; here(scan) && !begins(here(scan), "---"); scan->at++) {
		const struct kd_line *line = here(scan);

		if (line->depth == 2)
			below = OUTPUT_BELOW + 1;
		if (below == 0) {
			open = open || !line->blank;
			continue;
		}
		below--;
		if (open)
			g_string_append(scan->text, "[…]\n");
		open = FALSE;
		kd_lines_append(scan->text, line);
	}
	if (open)
		g_string_append(scan->text, "[…]\n");
}

/*
 * How to build it, which tree to name, whom to credit: the same in each mail of
 * the kernel test robot.
 */
static gboolean
begins_recipe(const struct kd_line *line)
{
	return begins(line, "reproduce") ||
	       begins(
		   line, "[If your patch is applied to the wrong git tree") ||
	       begins(line, "If you fix the issue") ||
	       begins(line, "0-DAY CI Kernel Test Service");
}

static void
skip_paragraph(struct scan *scan)
{
	while (here(scan) && !here(scan)->blank)
		scan->at++;
}

static gboolean
has_diff(const GArray *lines)
{
	for (guint i = 0; i < lines->len; i++)
		if (begins(line_at(lines, i), "diff --git "))
			return TRUE;
	return FALSE;
}

char *
kd_condense(const char *text, GHashTable *discussed, gboolean robot)
{
	g_autoptr(GArray) lines = kd_lines_split(text);
	struct scan scan = {
	    .lines = lines, .discussed = discussed, .text = g_string_new(NULL)};
	gboolean diff = has_diff(lines);

	while (here(&scan)) {
		if (begins_file(&scan)) {
			read_file(&scan);
		} else if (is_log(here(&scan))) {
			read_log(&scan);
		} else if (robot && begins_output(here(&scan))) {
			read_output(&scan);
		} else if (robot && begins_recipe(here(&scan))) {
			skip_paragraph(&scan);
		} else {
			if (!is_diffstat(here(&scan)) &&
			    !(diff && is_sum(here(&scan))))
				kd_lines_append(scan.text, here(&scan));
			scan.at++;
		}
	}
	return g_string_free(scan.text, FALSE);
}
