#include "config.h"

#include <string.h>

#include "error.h"
#include "robots.h"

struct kd_robots {
	GPtrArray *names;     /* of GPatternSpec */
	GPtrArray *addresses; /* likewise */
	GPtrArray *nameless;  /* likewise: addresses without a name */
};

void
kd_robots_free(kd_robots *robots)
{
	if (!robots)
		return;
	g_ptr_array_unref(robots->names);
	g_ptr_array_unref(robots->addresses);
	g_ptr_array_unref(robots->nameless);
	g_free(robots);
}

static GPtrArray *
patterns_new(void)
{
	return g_ptr_array_new_with_free_func(
	    (GDestroyNotify)g_pattern_spec_free);
}

static gboolean
refuse(const char *file, guint line, const char *reason, GError **error)
{
	g_set_error(error, KD_ERROR, KD_ERROR_CONFIG, "%s:%u: robots: %s", file,
	    line, reason);
	return FALSE;
}

/* "lkp@*", "<a@b>" or "kernel test robot*"; a comment, or nothing. */
static gboolean
read_line(kd_robots *robots, const char *file, guint number, char *line,
    GError **error)
{
	gsize count =
	    robots->names->len + robots->addresses->len + robots->nameless->len;
	g_autofree char *folded = NULL;
	gsize length;

	g_strstrip(line);
	if (!*line || *line == '#')
		return TRUE;
	for (const char *p = line; *p; p++)
		if (g_ascii_iscntrl(*p))
			return refuse(file, number, "control character", error);
	if (count == KD_ROBOTS_MAX)
		return refuse(file, number, "too many patterns", error);
	folded = g_utf8_casefold(line, -1);
	length = strlen(folded);
	if (*folded == '<' && folded[length - 1] == '>') {
		folded[length - 1] = '\0';
		g_ptr_array_add(
		    robots->nameless, g_pattern_spec_new(folded + 1));
	} else {
		g_ptr_array_add(
		    strchr(folded, '@') ? robots->addresses : robots->names,
		    g_pattern_spec_new(folded));
	}
	return TRUE;
}

kd_robots *
kd_robots_load(const char *file, GError **error)
{
	g_autoptr(kd_robots) robots = NULL;
	g_auto(GStrv) lines = NULL;
	g_autofree char *data = NULL;
	g_autoptr(GError) problem = NULL;
	gsize length;

	if (!g_file_get_contents(file, &data, &length, &problem)) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG, "%s: robots: %s",
		    file, problem->message);
		return NULL;
	}
	if (length > KD_ROBOTS_FILE_MAX) {
		refuse(file, 1, "the file is too large", error);
		return NULL;
	}
	if (!g_utf8_validate(data, (gssize)length, NULL)) {
		refuse(file, 1, "expected UTF-8", error);
		return NULL;
	}
	robots = g_new0(kd_robots, 1);
	robots->names = patterns_new();
	robots->addresses = patterns_new();
	robots->nameless = patterns_new();
	lines = g_strsplit(data, "\n", -1);
	for (guint i = 0; lines[i]; i++)
		if (!read_line(robots, file, i + 1, lines[i], error))
			return NULL;
	return g_steal_pointer(&robots);
}

static gboolean
match_any(const GPtrArray *patterns, const char *text)
{
	for (guint i = 0; i < patterns->len; i++)
		if (g_pattern_spec_match_string(patterns->pdata[i], text))
			return TRUE;
	return FALSE;
}

gboolean
kd_robots_match(const kd_robots *robots, const char *name, const char *address)
{
	g_autofree char *folded = g_utf8_casefold(address, -1);
	g_autofree char *called = g_utf8_casefold(name, -1);

	return match_any(robots->addresses, folded) ||
	       (*name ? match_any(robots->names, called)
		      : match_any(robots->nameless, folded));
}
