/*
 * Summarise a topic from its facts: a brief in, the same brief with a summary
 * out.  See summarise-facts(1).
 */
#include "config.h"

#include <jansson.h>

#include "auto.h"
#include "brief-filter.h"
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
	return TRUE;
}

int
main(int argc, char **argv)
{
	return kd_brief_filter(argc, argv, "summarise-facts",
	    "Read a brief on standard input and write it on standard output "
	    "with a summary made of its facts alone.",
	    summarise);
}
