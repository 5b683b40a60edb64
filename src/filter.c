#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "auto.h"
#include "brief.h"
#include "child.h"
#include "error.h"
#include "filter.h"

static json_t *
read_brief(GBytes *bytes, const char *program, GError **error)
{
	json_error_t fault;
	gsize length;
	const char *data = g_bytes_get_data(bytes, &length);
	g_autoptr(json_t) brief = json_loadb(
	    data ? data : "", length, JSON_REJECT_DUPLICATES, &fault);

	if (!brief) {
		/* The text of a fault quotes the input: give its place only. */
		g_set_error(error, KD_ERROR, KD_ERROR_SERVICE,
		    "%s: output: no JSON: line %d, column %d", program,
		    fault.line, fault.column);
		return NULL;
	}
	if (json_integer_value(json_object_get(brief, "format")) !=
	    KD_BRIEF_FORMAT) {
		g_set_error(error, KD_ERROR, KD_ERROR_SERVICE,
		    "%s: output: no brief of format %d", program,
		    KD_BRIEF_FORMAT);
		return NULL;
	}
	return g_steal_pointer(&brief);
}

static GBytes *
write_brief(const json_t *brief, GError **error)
{
	char *text = json_dumps(brief, JSON_COMPACT);
	gsize length = text ? strlen(text) : 0;

	if (text && length <= KD_BRIEF_MAX)
		return g_bytes_new_with_free_func(text, length, free, text);
	free(text);
	g_set_error_literal(
	    error, KD_ERROR, KD_ERROR_DATA, "brief: too large for filters");
	return NULL;
}

/* Run one filter; its answer is checked before the next one reads it. */
static gboolean
run_one(const char *name, guint seconds, GBytes *input, GBytes **output,
    json_t **answer, GError **error)
{
	g_autofree char *path = kd_child_find(name, error);
	const char *const argv[] = {path, NULL};
	const struct kd_child child = {.argv = argv,
	    .input = input,
	    .deadline = seconds,
	    .output_max = KD_BRIEF_MAX};
	int status;

	if (!path || !kd_child_run(&child, output, &status, error) ||
	    !kd_child_check(status, path, error))
		return FALSE;
	*answer = read_brief(*output, path, error);
	return *answer != NULL;
}

gboolean
kd_filter_run(const char *const *chain, guint deadline, const json_t *brief,
    json_t **answer, GError **error)
{
	gint64 end = g_get_monotonic_time() + (gint64)deadline * G_USEC_PER_SEC;
	g_autoptr(GBytes) input = write_brief(brief, error);
	g_autoptr(json_t) last = json_incref((json_t *)brief);

	if (!input)
		return FALSE;
	for (; *chain; chain++) {
		g_autoptr(GBytes) output = NULL;
		json_t *next = NULL;
		gint64 left = end - g_get_monotonic_time();

		if (left <= 0) {
			g_set_error(error, KD_ERROR, KD_ERROR_TEMP,
			    "%s: not started: the deadline is over", *chain);
			return FALSE;
		}
		if (!run_one(*chain, (guint)(left / G_USEC_PER_SEC) + 1, input,
			&output, &next, error))
			return FALSE;
		json_decref(last);
		last = next;
		g_bytes_unref(input);
		input = g_steal_pointer(&output);
	}
	*answer = g_steal_pointer(&last);
	return TRUE;
}
