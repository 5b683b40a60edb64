/*
 * Leave of what mails quote only what they answer: a brief in, the same brief
 * with shorter texts out.  See trim-quotes(1).
 */
#include "config.h"

#include <string.h>

#include "brief-filter.h"
#include "trim.h"

static char *
trim(const char *text, const char *kind, G_GNUC_UNUSED gpointer data)
{
	return !strcmp(kind, "patch") || !strcmp(kind, "cover")
		   ? kd_trim_patch(text)
		   : kd_trim_answer(text);
}

static gboolean
trim_all(json_t *brief, GError **error)
{
	return kd_brief_edit_texts(brief, trim, NULL, error);
}

int
main(int argc, char **argv)
{
	return kd_brief_filter(argc, argv, "trim-quotes",
	    "Read a brief on standard input and write it on standard output "
	    "with texts that\nquote no more than what they answer.",
	    trim_all);
}
