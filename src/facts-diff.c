#include "config.h"

#include <string.h>

#include "facts-private.h"

void
kd_line_start(struct kd_line *line, const char *text)
{
	*line = (struct kd_line){.rest = text};
}

gboolean
kd_line_next(struct kd_line *line)
{
	const char *end;

	if (!*line->rest)
		return FALSE;
	end = strchrnul(line->rest, '\n');
	line->text = line->rest;
	line->length = (gsize)(end - line->rest);
	line->rest = *end ? end + 1 : end;
	line->number++;
	if (line->length > 0 && line->text[line->length - 1] == '\r')
		line->length--;
	return TRUE;
}

/* Read "12" or "12,3" after a sign; the count is 1 when it is left out. */
static gboolean
read_range(const char **p, char sign, guint64 *count)
{
	char *end;

	if (**p != sign || !g_ascii_isdigit((*p)[1]))
		return FALSE;
	g_ascii_strtoull(*p + 1, &end, 10);
	*count = 1;
	if (*end == ',' && g_ascii_isdigit(end[1]))
		*count = g_ascii_strtoull(end + 1, &end, 10);
	if (*end != ' ')
		return FALSE;
	*p = end + 1;
	return TRUE;
}

/* "@@ -1,2 +3,4 @@"; the line is followed by a line feed or NUL. */
static gboolean
read_head(struct kd_hunk *hunk, const struct kd_line *line)
{
	const char *p = line->text + strlen("@@ ");
	guint64 removed, added;

	if (!kd_line_begins(line, "@@ -", FALSE) ||
	    !read_range(&p, '-', &removed) || !read_range(&p, '+', &added) ||
	    strncmp(p, "@@", 2))
		return FALSE;
	*hunk = (struct kd_hunk){removed, added};
	return TRUE;
}

/*
 * Whether a line is the head of a hunk or lies within one.  A hunk ends when
 * its counts are used up, or at a line that no hunk can have.
 */
static gboolean
hunk_line(struct kd_hunk *hunk, const struct kd_line *line)
{
	char first = line->length > 0 ? line->text[0] : ' ';
	gboolean removed = first == '-' || first == ' ' || first == '\t';
	gboolean added = first == '+' || first == ' ' || first == '\t';

	if (hunk->removed == 0 && hunk->added == 0)
		return first == '@' && read_head(hunk, line);
	if (first == '\\')
		return TRUE;
	if ((!removed && !added) || (removed && hunk->removed == 0) ||
	    (added && hunk->added == 0)) {
		*hunk = (struct kd_hunk){0, 0};
		return first == '@' && read_head(hunk, line);
	}
	hunk->removed -= removed;
	hunk->added -= added;
	return TRUE;
}

/*
 * The file a "--- " or "+++ " line names, without "a/" or "b/" and the time
 * that diff puts after a tab; NULL for /dev/null.  The caller frees it.
 */
static char *
read_path(const struct kd_line *line)
{
	const char *start = line->text + strlen("--- ");
	gsize length = line->length - strlen("--- ");
	const char *tab = memchr(start, '\t', length);

	if (tab)
		length = (gsize)(tab - start);
	if (length == strlen("/dev/null") &&
	    !memcmp(start, "/dev/null", length))
		return NULL;
	if (length > 2 && (start[0] == 'a' || start[0] == 'b') &&
	    start[1] == '/') {
		start += 2;
		length -= 2;
	}
	return length > 0 ? g_strstrip(g_strndup(start, length)) : NULL;
}

static void
add_path(struct kd_reading *scan, const struct kd_line *line)
{
	struct kd_findings *findings = scan->findings;
	g_autofree char *path = read_path(line);
	char *copy;

	if (!path || !*path || findings->paths->len >= KD_PATHS_MAX ||
	    g_hash_table_contains(scan->paths, path))
		return;
	copy = g_string_chunk_insert(findings->chunk, path);
	g_hash_table_add(scan->paths, copy);
	g_ptr_array_add(findings->paths, copy);
}

void
kd_scan_diff(struct kd_reading *scan)
{
	struct kd_findings *findings = scan->findings;
	const struct kd_line *line = &scan->line;
	gboolean inside = scan->hunk.removed > 0 || scan->hunk.added > 0;

	scan->in_hunk = hunk_line(&scan->hunk, line);
	if (scan->in_hunk && inside && line->length > 0) {
		/* A head that follows a hunk is no line of it. */
		findings->insertions += line->text[0] == '+';
		findings->deletions += line->text[0] == '-';
	} else if (!scan->in_hunk && kd_line_begins(line, "+++ ", FALSE) &&
		   kd_line_begins(&scan->before, "--- ", FALSE)) {
		/* The old name comes just before the new one. */
		findings->diff = TRUE;
		add_path(scan, &scan->before);
		add_path(scan, line);
	}
	scan->before = *line;
}
