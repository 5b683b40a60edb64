/*
 * Summarise a topic from its facts: a brief in, the same brief with a summary
 * out.  See summarise-facts(1).
 */
#include "config.h"

#include <stdio.h>

#include <jansson.h>

#include "auto.h"
#include "brief.h"
#include "cli.h"
#include "error.h"
#include "sentences.h"
#include "tale.h"

static gboolean
summarise(json_t *brief, GError **error)
{
	g_autoptr(kd_tale) tale = kd_tale_read(brief, error);

	if (!tale)
		return FALSE;
	json_object_set_new(brief, "summary",
	    json_pack("{s:o, s:{s:s, s:s, s:n}}", "sentences",
		kd_sentences_tell(tale), "source", "filter", "summarise-facts",
		"version", PACKAGE_VERSION, "model"));
	json_dumpf(brief, stdout, JSON_COMPACT);
	putchar('\n');
	return kd_cli_close_stdout(error);
}

static gboolean
run(int argc, char **argv, GError **error)
{
	const GOptionEntry entries[] = {{0}};
	g_autoptr(json_t) brief = NULL;

	if (!kd_cli_parse(&argc, &argv, entries, "",
		"Read a brief on standard input and write it on standard "
		"output with a summary made of its facts alone.",
		error))
		return FALSE;
	if (argc > 1) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "%s: takes no operands", argv[1]);
		return FALSE;
	}
	brief = kd_brief_read_stdin(error);
	return brief && summarise(brief, error);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;

	kd_cli_start("summarise-facts");
	kd_cli_locale();
	if (!run(argc, argv, &error))
		kd_cli_error(error);
	return kd_exit_status(error);
}
