#include "config.h"

#include <stdio.h>
#include <string.h>

#include <jansson.h>

#include "auto.h"
#include "brief-filter.h"
#include "brief.h"
#include "cli.h"
#include "error.h"

static gboolean
run(int argc, char **argv, const char *summary, kd_brief_func func,
    GError **error)
{
	const GOptionEntry entries[] = {{0}};
	g_autoptr(json_t) brief = NULL;

	if (!kd_cli_parse(&argc, &argv, entries, "", summary, error))
		return FALSE;
	if (argc > 1) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "%s: takes no operands", argv[1]);
		return FALSE;
	}
	brief = kd_brief_read_stdin(error);
	if (!brief || !func(brief, error))
		return FALSE;
	json_dumpf(brief, stdout, JSON_COMPACT);
	putchar('\n');
	return kd_cli_close_stdout(error);
}

int
kd_brief_filter(int argc, char **argv, const char *name, const char *summary,
    kd_brief_func func)
{
	g_autoptr(GError) error = NULL;

	kd_cli_start(name);
	kd_cli_locale();
	if (!run(argc, argv, summary, func, &error))
		kd_cli_error(error);
	return kd_exit_status(error);
}

const char *
kd_brief_mail_string(const json_t *mail, const char *name)
{
	const char *value = json_string_value(json_object_get(mail, name));

	return value ? value : "";
}

gboolean
kd_brief_edit_texts(
    json_t *brief, kd_brief_edit edit, gpointer data, GError **error)
{
	json_t *mails = json_object_get(brief, "mails");

	if (!json_is_array(mails)) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_DATA,
		    "standard input: no brief: mails: expected an array");
		return FALSE;
	}
	for (gsize i = json_array_size(mails); i-- > 0;) {
		json_t *mail = json_array_get(mails, i);
		const char *text =
		    json_string_value(json_object_get(mail, "text"));
		json_int_t trimmed =
		    json_integer_value(json_object_get(mail, "trimmed"));
		g_autofree char *edited = NULL;

		if (!text) {
			g_set_error(error, KD_ERROR, KD_ERROR_DATA,
			    "standard input: no brief: mails: number "
			    "%" G_GSIZE_FORMAT
			    ": expected an object with a text",
			    i + 1);
			return FALSE;
		}
		edited = edit(text, mail, data);
		if (strlen(edited) < strlen(text))
			trimmed += (json_int_t)(strlen(text) - strlen(edited));
		json_object_set_new(mail, "text", json_string(edited));
		json_object_set_new(mail, "trimmed", json_integer(trimmed));
	}
	return TRUE;
}
