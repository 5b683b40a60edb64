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

/* Variables that filters get: ours as they are, and those of this run. */
static GStrv
make_variables(const struct kd_filters *filters, guint seconds)
{
	static const char *const ours[] = {
	    "CREDENTIALS_DIRECTORY", "KVDIGEST_DATA_PATH"};
	g_autofree char *left = g_strdup_printf("%u", seconds);
	GStrv variables = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(ours); i++)
		if (g_getenv(ours[i]))
			variables = g_environ_setenv(
			    variables, ours[i], g_getenv(ours[i]), TRUE);
	variables =
	    g_environ_setenv(variables, "KVDIGEST_DEADLINE", left, TRUE);
	if (filters->config)
		variables = g_environ_setenv(
		    variables, "KVDIGEST_CONFIG", filters->config, TRUE);
	if (filters->directory)
		variables = g_environ_setenv(
		    variables, "KVDIGEST_RUN_DIR", filters->directory, TRUE);
	if (filters->profile)
		variables = g_environ_setenv(
		    variables, "KVDIGEST_PROFILE", filters->profile, TRUE);
	if (filters->plan)
		variables =
		    g_environ_setenv(variables, "KVDIGEST_PLAN", "1", TRUE);
	if (filters->dump)
		variables = g_environ_setenv(
		    variables, "KVDIGEST_DUMP", filters->dump, TRUE);
	return variables;
}

/* Run one filter; its answer is checked before the next one reads it. */
static gboolean
run_one(const struct kd_filters *filters, const char *name, guint seconds,
    GBytes *input, GBytes **output, json_t **answer, GError **error)
{
	g_autofree char *path = kd_child_find(name, error);
	g_auto(GStrv) variables = make_variables(filters, seconds);
	const char *const argv[] = {path, NULL};
	const struct kd_child child = {.argv = argv,
	    .input = input,
	    .deadline = seconds,
	    .variables = (const char *const *)variables,
	    .output_max = KD_BRIEF_MAX};
	int status;

	if (!path || !kd_child_run(&child, output, &status, error) ||
	    !kd_child_check(status, path, error))
		return FALSE;
	*answer = read_brief(*output, path, error);
	return *answer != NULL;
}

gboolean
kd_filter_run(const struct kd_filters *filters, const json_t *brief,
    json_t **answer, GError **error)
{
	gint64 end =
	    g_get_monotonic_time() + (gint64)filters->deadline * G_USEC_PER_SEC;
	const char *const *chain = filters->chain;
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
		if (!run_one(filters, *chain,
			(guint)(left / G_USEC_PER_SEC) + 1, input, &output,
			&next, error))
			return FALSE;
		json_decref(last);
		last = next;
		g_bytes_unref(input);
		input = g_steal_pointer(&output);
	}
	*answer = g_steal_pointer(&last);
	return TRUE;
}
