#include "config.h"

#include <string.h>

#include "error.h"
#include "table.h"

/* Why the bytes of a line are refused, or NULL. */
static const char *
check_bytes(const char *line)
{
	if (!g_utf8_validate(line, -1, NULL))
		return "not UTF-8";
	for (; *line; line++)
		if (g_ascii_iscntrl(*line) && *line != '\t')
			return "a control character";
	return NULL;
}

gboolean
kd_table_parse(const struct kd_table *table, const char *name,
    const char *bytes, gsize length, GError **error)
{
	g_autofree char *text = g_strndup(bytes, length);
	g_auto(GStrv) lines = NULL;

	if (length > table->max || strlen(text) != length) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG, "%s: %s: %s",
		    name, table->what,
		    length > table->max ? "the file is too large"
					: "a byte of 0");
		return FALSE;
	}
	lines = g_strsplit(text, "\n", -1);
	for (guint i = 0; lines[i]; i++) {
		char *line = g_strstrip(lines[i]);
		const char *fault = check_bytes(line);

		if (!fault && *line && *line != '#')
			fault = table->take(table->data, line);
		if (!fault)
			continue;
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG, "%s:%u: %s: %s",
		    name, i + 1, table->what, fault);
		return FALSE;
	}
	return TRUE;
}

gboolean
kd_table_load(const struct kd_table *table, const char *file, GError **error)
{
	g_autofree char *bytes = NULL;
	g_autoptr(GError) problem = NULL;
	gsize length;

	if (!g_file_get_contents(file, &bytes, &length, &problem)) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG, "%s: %s: %s",
		    file, table->what, problem->message);
		return FALSE;
	}
	return kd_table_parse(table, file, bytes, length, error);
}
