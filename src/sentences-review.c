/*
 * Reviews: trailers and objections, told by person or by what they are of.
 */
#include "config.h"

#include <string.h>

#include "person.h"
#include "sentences-private.h"

#define GROUPS_MAX 12 /* told one by one */
#define NAMES_MAX  6
#define PARTS_MAX  200 /* of a series */

/* The same kinds of review of the same patches, by one person or several. */
struct group {
	const char *key;  /* of the first person */
	GPtrArray *names; /* of const char *, each person once */
	char *named; /* another person, whose trailer was passed on; NULL */
	int posting;
	guint kinds;	/* a set of enum kd_fact_kind */
	GArray *parts;	/* of int */
	GArray *proofs; /* of guint, mails */
};

static void
group_free(gpointer data)
{
	struct group *group = data;

	g_free(group->named);
	g_ptr_array_unref(group->names);
	g_array_unref(group->parts);
	g_array_unref(group->proofs);
	g_free(group);
}

static struct group *
group_new(
    const struct kd_tale_mail *mail, const char *named, enum kd_fact_kind kind)
{
	struct group *group = g_new0(struct group, 1);

	group->key = mail->key;
	group->names = g_ptr_array_new();
	g_ptr_array_add(group->names, mail->name);
	group->named = g_strdup(named);
	group->posting = mail->posting;
	group->kinds = 1u << kind;
	group->parts = g_array_new(FALSE, FALSE, sizeof(int));
	group->proofs = g_array_new(FALSE, FALSE, sizeof(guint));
	return group;
}

static void
cite_group(struct kd_speech *speech, const struct group *group)
{
	for (guint i = 0; i < group->proofs->len; i++)
		kd_speech_cite(
		    speech, (int)g_array_index(group->proofs, guint, i));
}

static void
add_proof(struct group *group, guint mail)
{
	guint n = group->proofs->len;

	if (n == 0 || g_array_index(group->proofs, guint, n - 1) != mail)
		g_array_append_val(group->proofs, mail);
}

static const struct {
	enum kd_fact_kind kind;
	const char *name;
} reviews[] = {
    {KD_FACT_REVIEWED_BY, "Reviewed-by"},
    {KD_FACT_ACKED_BY, "Acked-by"},
    {KD_FACT_TESTED_BY, "Tested-by"},
    {KD_FACT_NACKED_BY, "NAK"},
};

static gboolean
is_review(enum kd_fact_kind kind)
{
	for (gsize i = 0; i < G_N_ELEMENTS(reviews); i++)
		if (reviews[i].kind == kind)
			return TRUE;
	return FALSE;
}

/*
 * The name in a trailer when it is not the writer's own; NULL when it is.
 * By address, or else by name: people write from several addresses.
 */
static char *
read_other(const struct kd_tale_mail *mail, const char *value)
{
	g_autofree char *name = NULL;
	g_autofree char *address = NULL;
	g_autofree char *key = NULL;
	g_autofree char *fold_name = NULL;
	g_autofree char *fold_own = g_utf8_casefold(mail->name, -1);

	kd_person_split(value, &name, &address);
	key = g_utf8_casefold(address, -1);
	fold_name = g_utf8_casefold(name, -1);
	if (!strcmp(key, mail->key) || !strcmp(fold_name, fold_own))
		return NULL;
	return *name && !strchr(name, '@') ? g_steal_pointer(&name)
					   : g_strdup("他人");
}

static struct group *
find_review(GPtrArray *groups, const struct kd_tale_mail *mail,
    const char *named, enum kd_fact_kind kind)
{
	for (guint i = 0; i < groups->len; i++) {
		struct group *group = groups->pdata[i];

		if (group->posting == mail->posting &&
		    !strcmp(group->key, mail->key) &&
		    !g_strcmp0(group->named, named) &&
		    group->kinds == 1u << kind)
			return group;
	}
	return NULL;
}

static gboolean
same_parts(const GArray *a, const GArray *b)
{
	return a->len == b->len &&
	       (a->len == 0 || !memcmp(a->data, b->data, a->len * sizeof(int)));
}

static gboolean
same_scope(const struct group *a, const struct group *b)
{
	return a->posting == b->posting && !g_strcmp0(a->named, b->named) &&
	       same_parts(a->parts, b->parts);
}

static void
take_proofs(struct group *group, const struct group *other)
{
	for (guint i = 0; i < other->proofs->len; i++)
		add_proof(group, g_array_index(other->proofs, guint, i));
}

/*
 * One sentence for a person's kinds of review of the same patches, then one
 * for all the people who gave the same.
 */
static void
merge_groups(GPtrArray *groups, gboolean people)
{
	for (guint i = 0; i < groups->len; i++)
		for (guint k = i + 1; k < groups->len;) {
			struct group *group = groups->pdata[i];
			struct group *other = groups->pdata[k];
			gboolean same = !strcmp(group->key, other->key);

			if (!same_scope(group, other) ||
			    (people ? group->named ||
					  group->kinds != other->kinds
				    : !same)) {
				k++;
				continue;
			}
			if (people && !same)
				g_ptr_array_add(
				    group->names, other->names->pdata[0]);
			group->kinds |= other->kinds;
			take_proofs(group, other);
			g_ptr_array_remove_index(groups, k);
		}
}

/* The patch that a mail is about, or all where it says so. */
static void
add_parts(const struct kd_speech *speech, struct group *group, guint index)
{
	const struct kd_tale_fact *fact = kd_tale_fact(speech->tale, index);
	const struct kd_tale_mail *mail =
	    kd_tale_mail(speech->tale, fact->mail);
	const struct kd_tale_fact *next =
	    index + 1 < speech->tale->facts->len
		? kd_tale_fact(speech->tale, index + 1)
		: NULL;
	guint total = 0;

	if (next && next->kind == KD_FACT_PARTS && next->mail == fact->mail &&
	    mail->posting >= 0)
		total =
		    kd_tale_posting(speech->tale, (guint)mail->posting)->total;
	for (guint n = 1; n <= MIN(total, PARTS_MAX); n++)
		kd_speech_add_part(group->parts, (int)n);
	if (!total)
		kd_speech_add_part(group->parts, mail->part);
}

static GPtrArray *
group_reviews(const struct kd_speech *speech, gboolean in_window)
{
	GPtrArray *groups = g_ptr_array_new_with_free_func(group_free);

	for (guint i = 0; i < speech->tale->facts->len; i++) {
		const struct kd_tale_fact *fact = kd_tale_fact(speech->tale, i);
		const struct kd_tale_mail *mail =
		    kd_tale_mail(speech->tale, fact->mail);
		g_autofree char *named = NULL;
		struct group *group;

		if (!is_review(fact->kind) || mail->in_window != in_window)
			continue;
		named = read_other(mail, fact->value);
		group = find_review(groups, mail, named, fact->kind);
		if (!group) {
			group = group_new(mail, named, fact->kind);
			g_ptr_array_add(groups, group);
		}
		add_parts(speech, group, i);
		add_proof(group, fact->mail);
	}
	merge_groups(groups, FALSE);
	merge_groups(groups, TRUE);
	return groups;
}

static char *
join_names(const GPtrArray *names)
{
	GString *text = g_string_new(NULL);

	for (guint i = 0; i < MIN(names->len, NAMES_MAX); i++)
		kd_speech_list(text, names->pdata[i]);
	if (names->len > NAMES_MAX)
		g_string_append_printf(text, " 等 %u 人", names->len);
	return g_string_free(text, FALSE);
}

static void
say_review(struct kd_speech *speech, const struct group *group,
    enum kd_field field, const char *before)
{
	g_autofree char *scope =
	    kd_speech_scope(speech, group->posting, group->parts);
	g_autofree char *names = join_names(group->names);
	g_autoptr(GString) kinds = g_string_new(NULL);
	const char *space = *scope == 'v' ? " " : "";

	/* On the cover it is for all. */
	if (g_str_has_suffix(scope, "封面"))
		strcpy(strstr(scope, "封面"), "系列");
	for (gsize k = 0; k < G_N_ELEMENTS(reviews); k++)
		if (group->kinds & 1u << reviews[k].kind)
			kd_speech_list(kinds, reviews[k].name);
	cite_group(speech, group);
	if (group->named)
		kd_speech_say(speech, field, "%s%s %s%s%s%s转来 %s 的 %s。",
		    before, names, *scope ? "就" : "", space, scope,
		    kd_speech_gap(scope), group->named, kinds->str);
	else
		kd_speech_say(speech, field, "%s%s %s%s%s%s给出 %s。", before,
		    names, *scope ? "对" : "", space, scope,
		    kd_speech_gap(scope), kinds->str);
	kd_speech_forget(speech);
}

void
kd_tell_reviews(
    struct kd_speech *speech, gboolean in_window, enum kd_field field)
{
	g_autoptr(GPtrArray) groups = group_reviews(speech, in_window);

	for (guint i = 0; i < groups->len; i++) {
		if (i < GROUPS_MAX)
			say_review(speech, groups->pdata[i], field,
			    in_window ? "" : "此前 ");
		else
			cite_group(speech, groups->pdata[i]);
	}
	if (groups->len > GROUPS_MAX)
		kd_speech_say(speech, field, "另有 %u 组评审标签未一一列出。",
		    groups->len - GROUPS_MAX);
	kd_speech_forget(speech);
}
