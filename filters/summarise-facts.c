/*
 * Summarise a topic from its facts: a brief in, the same brief with a summary
 * out.  See summarise-facts(1).
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>

#include <jansson.h>

#include "auto.h"
#include "brief.h"
#include "cli.h"
#include "error.h"
#include "sentences.h"
#include "tale.h"

#define CHUNK 65536 /* bytes read at once */

/* Standard input as JSON of at most KD_BRIEF_MAX bytes. */
static json_t *
read_input(GError **error)
{
	g_autoptr(GByteArray) input = g_byte_array_new();
	guint8 buffer[CHUNK];
	json_error_t fault;
	json_t *brief;
	size_t n;

	while ((n = fread(buffer, 1, sizeof(buffer), stdin)) > 0) {
		g_byte_array_append(input, buffer, (guint)n);
		if (input->len > KD_BRIEF_MAX) {
			g_set_error(error, KD_ERROR, KD_ERROR_DATA,
			    "standard input: more than %d bytes", KD_BRIEF_MAX);
			return NULL;
		}
	}
	if (ferror(stdin)) {
		kd_error_errno(
		    error, KD_ERROR_TEMP, errno, "standard input: read");
		return NULL;
	}
	brief = json_loadb((const char *)input->data, input->len,
	    JSON_REJECT_DUPLICATES, &fault);
	/* The text of a fault quotes the input: give its place only. */
	if (!brief)
		g_set_error(error, KD_ERROR, KD_ERROR_DATA,
		    "standard input: no JSON: line %d, column %d", fault.line,
		    fault.column);
	return brief;
}

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
	brief = read_input(error);
	return brief && summarise(brief, error);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;

	kd_cli_start("summarise-facts");
	if (!run(argc, argv, &error))
		kd_cli_error(error);
	return kd_exit_status(error);
}
