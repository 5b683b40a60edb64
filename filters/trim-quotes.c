/*
 * Leave of what mails quote only what they answer: a brief in, the same brief
 * with shorter texts out.  See trim-quotes(1).
 */
#include "config.h"

#include <string.h>

#include "brief-filter.h"
#include "repeat.h"
#include "trim.h"

static gboolean
is_posting(const json_t *mail)
{
	const char *kind = kd_brief_mail_string(mail, "kind");

	return !strcmp(kind, "patch") || !strcmp(kind, "cover");
}

/* Patches come without "PATCH" as well, and from robots of a stable tree. */
static char *
trim(const char *text, const json_t *mail, G_GNUC_UNUSED gpointer data)
{
	gboolean answer = !strcmp(kd_brief_mail_string(mail, "kind"), "reply");
	gboolean patch = !answer && strstr(text, "\ndiff --git ");

	return patch || is_posting(mail) ? kd_trim_patch(text)
					 : kd_trim_answer(text);
}

static char *
cut(const char *text, const json_t *mail, gpointer data)
{
	const char *label = kd_brief_mail_string(mail, "label");

	return is_posting(mail) ? kd_repeat_cut(data, text, label)
				: g_strdup(text);
}

static gboolean
trim_all(json_t *brief, GError **error)
{
	g_autoptr(GHashTable) heard =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);

	return kd_brief_edit_texts(brief, trim, NULL, error) &&
	       kd_brief_edit_texts(brief, cut, heard, error);
}

int
main(int argc, char **argv)
{
	return kd_brief_filter(argc, argv, "trim-quotes",
	    "Read a brief on standard input and write it on standard output "
	    "with texts that\nquote no more than what they answer.",
	    trim_all);
}
