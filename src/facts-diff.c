#include "config.h"

#include <string.h>

#include "facts-private.h"

#define FOLD_BLOCK 16 /* bytes */

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

void
kd_fold(char *restrict to, const char *restrict text, gsize length)
{
	gsize i = 0;

	/* Compilers see to a block of a known size at once. */
	for (; length - i >= FOLD_BLOCK; i += FOLD_BLOCK)
		for (gsize k = 0; k < FOLD_BLOCK; k++)
			to[i + k] = kd_lower(text[i + k]);
	for (; i < length; i++)
		to[i] = kd_lower(text[i]);
	to[length] = '\0';
}

guint
kd_line_depth(const struct kd_line *line)
{
	guint depth = 0;

	for (gsize i = 0; i < line->length; i++) {
		if (line->text[i] == '>')
			depth++;
		else if (!g_ascii_isspace(line->text[i]))
			break;
	}
	return depth;
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

gboolean
kd_hunk_line(struct kd_hunk *hunk, const struct kd_line *line)
{
	char first = line->length > 0 ? line->text[0] : ' ';
	gboolean removed = first == '-' || first == ' ' || first == '\t';
	gboolean added = first == '+' || first == ' ' || first == '\t';

	if (hunk->removed == 0 && hunk->added == 0)
		return read_head(hunk, line);
	if (first == '\\')
		return TRUE;
	if ((!removed && !added) || (removed && hunk->removed == 0) ||
	    (added && hunk->added == 0)) {
		*hunk = (struct kd_hunk){0, 0};
		return read_head(hunk, line);
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
add_path(GPtrArray *paths, GHashTable *seen, GStringChunk *chunk,
    const struct kd_line *line)
{
	g_autofree char *path = read_path(line);
	char *copy;

	if (!path || !*path || paths->len >= KD_PATHS_MAX ||
	    g_hash_table_contains(seen, path))
		return;
	copy = g_string_chunk_insert(chunk, path);
	g_hash_table_add(seen, copy);
	g_ptr_array_add(paths, copy);
}

gboolean
kd_facts_diff(GPtrArray *paths, GStringChunk *chunk, const char *text,
    guint32 *insertions, guint32 *deletions)
{
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	struct kd_hunk hunk = {0, 0};
	struct kd_line line, before = {0};
	gboolean found = FALSE;

	*insertions = *deletions = 0;
	for (kd_line_start(&line, text); kd_line_next(&line); before = line) {
		gboolean inside = hunk.removed > 0 || hunk.added > 0;

		if (kd_hunk_line(&hunk, &line)) {
			/* A head that follows a hunk is no line of it. */
			inside = inside && line.length > 0;
			*insertions += inside && line.text[0] == '+';
			*deletions += inside && line.text[0] == '-';
			continue;
		}
		/* The old name comes just before the new one. */
		if (!kd_line_begins(&line, "+++ ", FALSE) || !before.text ||
		    !kd_line_begins(&before, "--- ", FALSE))
			continue;
		found = TRUE;
		add_path(paths, seen, chunk, &before);
		add_path(paths, seen, chunk, &line);
	}
	return found;
}
