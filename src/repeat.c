#include "config.h"

#include <string.h>

#include "lines.h"
#include "repeat.h"

#define PARAGRAPH_MIN 80 /* bytes of one that is worth a reference */

static const struct kd_line *
line_at(const GArray *lines, guint i)
{
	return &g_array_index(lines, struct kd_line, i);
}

/* Where the words end: at a diff or at the end. */
static guint
words_end(const GArray *lines)
{
	for (guint i = 0; i < lines->len; i++)
		if (kd_lines_begin(line_at(lines, i), "diff --git ") ||
		    (kd_lines_begin(line_at(lines, i), "--- ") &&
			i + 1 < lines->len &&
			kd_lines_begin(line_at(lines, i + 1), "+++ ")))
			return i;
	return lines->len;
}

/* What a paragraph says, however it is broken into lines; NULL: too little. */
static char *
make_key(const GArray *lines, guint first, guint end)
{
	g_autoptr(GString) key = g_string_new(NULL);

	for (guint i = first; i < end; i++) {
		g_autofree char *line = g_strndup(
		    line_at(lines, i)->text, line_at(lines, i)->length);

		g_string_append(key, g_strstrip(line));
		g_string_append_c(key, ' ');
	}
	if (key->len < PARAGRAPH_MIN)
		return NULL;
	return g_string_free(g_steal_pointer(&key), FALSE);
}

static void
add_lines(GString *text, const GArray *lines, guint first, guint end)
{
	for (guint i = first; i < end; i++)
		kd_lines_append(text, line_at(lines, i));
}

char *
kd_repeat_cut(GHashTable *heard, const char *text, const char *label)
{
	g_autoptr(GArray) lines = kd_lines_split(text);
	g_autoptr(GPtrArray) keys = g_ptr_array_new_with_free_func(g_free);
	GString *cut = g_string_new(NULL);
	guint end = words_end(lines);
	const char *shown = NULL; /* the reference that stands here */

	for (guint i = 0, first; i < end;) {
		g_autofree char *key = NULL;
		const char *later;

		for (first = i; i < end && line_at(lines, i)->blank; i++)
			;
		if (!shown || i == end)
			add_lines(cut, lines, first, i);
		for (first = i; i < end && !line_at(lines, i)->blank; i++)
			;
		key = make_key(lines, first, i);
		later = key ? g_hash_table_lookup(heard, key) : NULL;
		if (later) {
			if (g_strcmp0(shown, later))
				g_string_append_printf(cut, "%s[… %s]\n",
				    shown ? "\n" : "", later);
			shown = later;
			continue;
		}
		if (shown && i > first)
			g_string_append_c(cut, '\n');
		shown = NULL;
		add_lines(cut, lines, first, i);
		if (key)
			g_ptr_array_add(keys, g_steal_pointer(&key));
	}
	add_lines(cut, lines, end, lines->len);
	for (guint i = 0; i < keys->len; i++)
		g_hash_table_insert(
		    heard, g_strdup(keys->pdata[i]), g_strdup(label));
	return g_string_free(cut, FALSE);
}
