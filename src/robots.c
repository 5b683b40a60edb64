#include "config.h"

#include <string.h>

#include "robots.h"
#include "table.h"
#include "text.h"

struct pattern {
	GPatternSpec *spec;
	char first; /* byte of what it matches; 0 for any */
};

struct kd_robots {
	GPtrArray *names;     /* of struct pattern */
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

static void
pattern_free(gpointer pattern)
{
	g_pattern_spec_free(((struct pattern *)pattern)->spec);
	g_free(pattern);
}

static struct pattern *
pattern_new(const char *text)
{
	struct pattern *pattern = g_new0(struct pattern, 1);

	pattern->spec = g_pattern_spec_new(text);
	pattern->first = *text == '*' || *text == '?' ? '\0' : *text;
	return pattern;
}

static GPtrArray *
patterns_new(void)
{
	return g_ptr_array_new_with_free_func(pattern_free);
}

/* "lkp@*", "<a@b>" or "kernel test robot*". */
static const char *
add_pattern(gpointer data, char *line)
{
	kd_robots *robots = data;
	gsize count =
	    robots->names->len + robots->addresses->len + robots->nameless->len;
	g_autofree char *folded = g_utf8_casefold(line, -1);
	gsize length = strlen(folded);

	if (count == KD_ROBOTS_MAX)
		return "too many patterns";
	if (*folded == '<' && folded[length - 1] == '>') {
		folded[length - 1] = '\0';
		g_ptr_array_add(robots->nameless, pattern_new(folded + 1));
	} else {
		g_ptr_array_add(
		    strchr(folded, '@') ? robots->addresses : robots->names,
		    pattern_new(folded));
	}
	return NULL;
}

kd_robots *
kd_robots_load(const char *file, GError **error)
{
	g_autoptr(kd_robots) robots = g_new0(kd_robots, 1);
	const struct kd_table table = {
	    "robots", KD_ROBOTS_FILE_MAX, add_pattern, robots};

	robots->names = patterns_new();
	robots->addresses = patterns_new();
	robots->nameless = patterns_new();
	return kd_table_load(&table, file, error) ? g_steal_pointer(&robots)
						  : NULL;
}

static gboolean
match_any(const GPtrArray *patterns, const char *text)
{
	gsize length = strlen(text);

	for (guint i = 0; i < patterns->len; i++) {
		const struct pattern *pattern = patterns->pdata[i];

		/* Most do not even begin like the text. */
		if ((!pattern->first || pattern->first == *text) &&
		    g_pattern_spec_match(pattern->spec, length, text, NULL))
			return TRUE;
	}
	return FALSE;
}

gboolean
kd_robots_match(const kd_robots *robots, const char *name, const char *address)
{
	g_autofree char *folded = kd_text_fold(address);
	g_autofree char *called = kd_text_fold(name);

	return match_any(robots->addresses, folded) ||
	       (*name ? match_any(robots->names, called)
		      : match_any(robots->nameless, folded));
}
