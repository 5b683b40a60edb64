/*
 * Reduce diffs and logs in mails to what is spoken of: a brief in, the same
 * brief with shorter texts out.  See condense-diff(1).
 */
#include "config.h"

#include <string.h>

#include "brief-filter.h"
#include "condense.h"

/*
 * What is quoted of each patch: sets of lines by the label of the mail that
 * begins a branch, which is a posting or has no parent here; and that label
 * for each mail, borrowed from the brief.
 */
struct branches {
	GHashTable *discussed;
	GHashTable *heads;
};

static const char *
head_of(const struct branches *branches, const json_t *mail)
{
	const char *label = kd_brief_mail_string(mail, "label");
	const char *head = g_hash_table_lookup(branches->heads, label);

	return head ? head : label;
}

static void
free_set(gpointer set)
{
	g_hash_table_unref(set);
}

/* Parents come before their answers in a brief. */
static void
find_branches(const struct branches *branches, const json_t *brief)
{
	const json_t *mails = json_object_get(brief, "mails");

	for (gsize i = 0; i < json_array_size(mails); i++) {
		const json_t *mail = json_array_get(mails, i);
		const char *label = kd_brief_mail_string(mail, "label");
		const char *kind = kd_brief_mail_string(mail, "kind");
		const char *parent = g_hash_table_lookup(
		    branches->heads, kd_brief_mail_string(mail, "reply_to"));

		g_hash_table_insert(branches->heads, (gpointer)label,
		    (gpointer)(parent && strcmp(kind, "patch") ? parent
							       : label));
	}
}

static char *
learn(const char *text, const json_t *mail, gpointer data)
{
	const struct branches *branches = data;
	const char *head = head_of(branches, mail);
	GHashTable *set = g_hash_table_lookup(branches->discussed, head);

	if (!set) {
		set = g_hash_table_new_full(
		    g_str_hash, g_str_equal, g_free, NULL);
		g_hash_table_insert(branches->discussed, (gpointer)head, set);
	}
	kd_condense_learn(set, text);
	return g_strdup(text);
}

static char *
condense(const char *text, const json_t *mail, gpointer data)
{
	const struct branches *branches = data;
	GHashTable *set =
	    g_hash_table_lookup(branches->discussed, head_of(branches, mail));

	return kd_condense(
	    text, set, !strcmp(kd_brief_mail_string(mail, "kind"), "robot"));
}

static gboolean
condense_all(json_t *brief, GError **error)
{
	g_autoptr(GHashTable) heads = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) discussed =
	    g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_set);
	struct branches branches = {discussed, heads};

	find_branches(&branches, brief);
	return kd_brief_edit_texts(brief, learn, &branches, error) &&
	       kd_brief_edit_texts(brief, condense, &branches, error);
}

int
main(int argc, char **argv)
{
	return kd_brief_filter(argc, argv, "condense-diff",
	    "Read a brief on standard input and write it on standard output "
	    "with diffs and\nlogs reduced to what the mails speak of.",
	    condense_all);
}
