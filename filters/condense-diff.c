/*
 * Reduce diffs and logs in mails to what is spoken of: a brief in, the same
 * brief with shorter texts out.  See condense-diff(1).
 */
#include "config.h"

#include <string.h>

#include "brief-filter.h"
#include "condense.h"

static char *
learn(const char *text, G_GNUC_UNUSED const char *kind, gpointer data)
{
	kd_condense_learn(data, text);
	return g_strdup(text);
}

static char *
condense(const char *text, const char *kind, gpointer data)
{
	return kd_condense(text, data, !strcmp(kind, "robot"));
}

static gboolean
condense_all(json_t *brief, GError **error)
{
	g_autoptr(GHashTable) discussed =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	return kd_brief_edit_texts(brief, learn, discussed, error) &&
	       kd_brief_edit_texts(brief, condense, discussed, error);
}

int
main(int argc, char **argv)
{
	return kd_brief_filter(argc, argv, "condense-diff",
	    "Read a brief on standard input and write it on standard output "
	    "with diffs and\nlogs reduced to what the mails speak of.",
	    condense_all);
}
