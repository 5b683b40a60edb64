#include "config.h"

#include <string.h>

#include "lines.h"

#define DEPTH_MAX 100 /* of what is counted; more is text */

static struct kd_line
make_line(const char *text, gsize length)
{
	struct kd_line line = {.text = text, .length = length, .own = text};
	const char *end = text + length;
	const char *p = text;

	/* "> > x", ">> x", and "x" all begin with their marks. */
	while (p < end && line.depth < DEPTH_MAX) {
		const char *mark = p;

		while (mark < end && *mark == ' ' && line.depth)
			mark++;
		if (mark == end || *mark != '>')
			break;
		line.depth++;
		p = mark + 1;
		line.own = p;
	}
	if (line.depth && p < end && *p == ' ')
		line.own = p + 1;
	for (p = line.own; p < end && g_ascii_isspace(*p); p++)
		;
	line.blank = p == end;
	return line;
}

GArray *
kd_lines_split(const char *text)
{
	GArray *lines = g_array_new(FALSE, FALSE, sizeof(struct kd_line));

	while (*text) {
		gsize length = strcspn(text, "\n");
		struct kd_line line = make_line(text, length);

		g_array_append_val(lines, line);
		text += length + (text[length] == '\n');
	}
	return lines;
}

gsize
kd_lines_own_length(const struct kd_line *line)
{
	return line->length - (gsize)(line->own - line->text);
}

gboolean
kd_lines_begin(const struct kd_line *line, const char *word)
{
	gsize n = strlen(word);

	return kd_lines_own_length(line) >= n && !strncmp(line->own, word, n);
}

void
kd_lines_append(GString *text, const struct kd_line *line)
{
	g_string_append_len(text, line->text, (gssize)line->length);
	g_string_append_c(text, '\n');
}
