#include "config.h"

#include <string.h>

#include <jansson.h>

#include "answer-log.h"
#include "answer.h"
#include "auto.h"
#include "text.h"
#include "window.h"

/* Columns of what filters name. */
#define PROFILE 12
#define MODEL	24
#define FINISH	8

static json_t *
read_summary(const kd_answer *answer)
{
	json_t *summary =
	    json_loads(answer->summary, JSON_REJECT_DUPLICATES, NULL);

	return summary ? summary : json_object();
}

/* A name that a filter said, as wide as its column. */
static void
add_name(GString *line, const json_t *source, const char *name, guint columns)
{
	const char *value = json_string_value(json_object_get(source, name));
	g_autofree char *clean = kd_text_clean(value && *value ? value : "-");
	g_autofree char *clipped = kd_text_clip(clean, columns);
	guint width = kd_text_width(clipped);

	g_string_append(line, clipped);
	g_string_append_printf(
	    line, "%*s", (int)(columns - MIN(width, columns)) + 2, "");
}

static void
add_number(GString *line, const json_t *object, const char *name, int columns)
{
	const json_t *value = json_object_get(object, name);

	if (json_is_integer(value))
		g_string_append_printf(line, "%*" JSON_INTEGER_FORMAT "  ",
		    columns, json_integer_value(value));
	else
		g_string_append_printf(line, "%*s  ", columns, "-");
}

static void
add_cost(GString *line, const json_t *cost)
{
	const json_t *micro = json_object_get(cost, "micro");
	const char *currency =
	    json_string_value(json_object_get(cost, "currency"));
	g_autofree char *clean = kd_text_clean(currency ? currency : "");

	if (json_is_integer(micro))
		g_string_append_printf(line, "%.6f %s",
		    (double)json_integer_value(micro) / 1e6, clean);
	else
		g_string_append(line, "-");
}

static void
add_line(GString *table, const kd_answer *answer, GTimeZone *zone)
{
	g_autoptr(json_t) summary = read_summary(answer);
	const json_t *source = json_object_get(summary, "source");
	const json_t *usage = json_object_get(source, "usage");
	g_autofree char *made =
	    kd_time_format(answer->made, zone, "%Y-%m-%d %H:%M");
	g_autofree char *topic =
	    g_strdup_printf("topic:%" G_GUINT64_FORMAT, answer->topic);

	g_string_append_printf(table, "%s  %-8s  %-12s  ", made,
	    *answer->week ? answer->week : "-", topic);
	add_name(table, source, "profile", PROFILE);
	add_name(table, source, "model", MODEL);
	add_number(table, source, "requests", 4);
	add_number(table, usage, "prompt", 7);
	add_number(table, usage, "cached", 7);
	add_number(table, usage, "completion", 6);
	add_number(table, source, "latency_ms", 7);
	add_name(table, source, "finish_reason", FINISH);
	add_cost(table, json_object_get(source, "cost"));
	if (answer->part)
		g_string_append(table, " (part)");
	g_string_append_c(table, '\n');
}

char *
kd_answer_log_text(const GPtrArray *answers, GTimeZone *zone)
{
	GString *table = g_string_new(NULL);

	g_string_append_printf(table,
	    "%-16s  %-8s  %-12s  %-12s  %-24s  %4s  %7s  %7s  %6s  %7s  %-8s  "
	    "%s\n",
	    "MADE", "WEEK", "TOPIC", "PROFILE", "MODEL", "REQ", "IN", "CACHED",
	    "OUT", "MS", "FINISH", "COST");
	for (guint i = 0; i < answers->len; i++)
		add_line(table, g_ptr_array_index(answers, i), zone);
	return g_string_free(table, FALSE);
}

static json_t *
or_null(json_t *value)
{
	return value ? json_incref(value) : json_null();
}

char *
kd_answer_log_json(const GPtrArray *answers, GTimeZone *zone)
{
	g_autoptr(json_t) array = json_array();

	for (guint i = 0; i < answers->len; i++) {
		const kd_answer *answer = g_ptr_array_index(answers, i);
		g_autoptr(json_t) summary = read_summary(answer);
		g_autofree char *made =
		    kd_time_format(answer->made, zone, KD_TIME_RFC3339);

		json_array_append_new(array,
		    json_pack("{s:s, s:s, s:o, s:b, s:o, s:o}", "made", made,
			"week", answer->week, "topic",
			json_sprintf("topic:%" G_GUINT64_FORMAT, answer->topic),
			"part", answer->part, "source",
			or_null(json_object_get(summary, "source")),
			"sentences",
			or_null(json_object_get(summary, "sentences"))));
	}
	return json_dumps(array, JSON_INDENT(2));
}
