/*
 * Who answered what in the window: people and robots.
 */
#include "config.h"

#include <string.h>

#include "sentences-private.h"
#include "text.h"

#define SPEAKERS_MAX  5 /* told one by one; the others by name only */
#define NAMES_MAX     6
#define FAILURES_MAX  5	  /* told one by one */
#define ERROR_COLUMNS 160 /* of a robot's error */
#define NAMES_LENGTH  200 /* bytes of robots' names */

/* One person's answers to one posting. */
struct group {
	const char *name, *key;
	int posting;
	gboolean author;
	guint mails, questions;
	GArray *parts;	/* of int */
	GArray *proofs; /* of guint, mails */
};

static void
group_free(gpointer data)
{
	struct group *group = data;

	g_array_unref(group->parts);
	g_array_unref(group->proofs);
	g_free(group);
}

static struct group *
group_new(const struct kd_speech *speech, const struct kd_tale_mail *mail)
{
	struct group *group = g_new0(struct group, 1);

	group->name = mail->name;
	group->key = mail->key;
	group->posting = mail->posting;
	group->author = kd_speech_by_author(speech, mail, mail->posting);
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

/* The mails that ask something, as a set of their indexes. */
static GHashTable *
find_asking(const struct kd_tale *tale)
{
	GHashTable *asking = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < tale->facts->len; i++) {
		const struct kd_tale_fact *fact = kd_tale_fact(tale, i);

		if (fact->kind == KD_FACT_QUESTION)
			g_hash_table_add(asking, GUINT_TO_POINTER(fact->mail));
	}
	return asking;
}

static struct group *
find_group(GPtrArray *groups, const struct kd_tale_mail *mail)
{
	for (guint i = 0; i < groups->len; i++) {
		struct group *group = groups->pdata[i];

		if (group->posting == mail->posting &&
		    !strcmp(group->key, mail->key))
			return group;
	}
	return NULL;
}

/* Authors last, then by mails; the rest stays in the order of mails. */
static int
compare_groups(gconstpointer a, gconstpointer b)
{
	const struct group *first = *(struct group *const *)a;
	const struct group *second = *(struct group *const *)b;

	if (first->author != second->author)
		return first->author ? 1 : -1;
	if (first->mails != second->mails)
		return first->mails > second->mails ? -1 : 1;
	return g_array_index(first->proofs, guint, 0) <
		       g_array_index(second->proofs, guint, 0)
		   ? -1
		   : 1;
}

/*
 * The mails whose reviews and notices are told by themselves: those that ask
 * nothing are no answers to count besides.
 */
static GHashTable *
find_told(const kd_tale *tale)
{
	GHashTable *told = g_hash_table_new(NULL, NULL);

	for (guint i = 0; i < tale->facts->len; i++) {
		const struct kd_tale_fact *fact = kd_tale_fact(tale, i);

		if ((fact->kind >= KD_FACT_REVIEWED_BY &&
			fact->kind <= KD_FACT_NACKED_BY) ||
		    fact->kind == KD_FACT_APPLIED ||
		    fact->kind == KD_FACT_APPLIED_PARTLY ||
		    fact->kind == KD_FACT_PULLED)
			g_hash_table_add(told, GUINT_TO_POINTER(fact->mail));
	}
	return told;
}

static GPtrArray *
group_answers(const struct kd_speech *speech)
{
	g_autoptr(GHashTable) told = find_told(speech->tale);
	g_autoptr(GHashTable) questions = find_asking(speech->tale);
	GPtrArray *groups = g_ptr_array_new_with_free_func(group_free);

	for (guint i = 0; i < speech->tale->mails->len; i++) {
		const struct kd_tale_mail *mail = kd_tale_mail(speech->tale, i);
		gboolean asking =
		    g_hash_table_contains(questions, GUINT_TO_POINTER(i));
		struct group *group;

		if (!mail->in_window || mail->robot ||
		    strcmp(mail->kind, "reply") ||
		    (!asking &&
			g_hash_table_contains(told, GUINT_TO_POINTER(i))))
			continue;
		group = find_group(groups, mail);
		if (!group) {
			group = group_new(speech, mail);
			g_ptr_array_add(groups, group);
		}
		group->mails++;
		group->questions += asking;
		kd_speech_add_part(group->parts, mail->part);
		g_array_append_val(group->proofs, i);
	}
	g_ptr_array_sort(groups, compare_groups);
	return groups;
}

static void
say_answers(struct kd_speech *speech, const struct group *group)
{
	g_autofree char *scope =
	    kd_speech_scope(speech, group->posting, group->parts);
	g_autofree char *count = group->mails == 1 && *scope
				     ? g_strdup("")
				     : g_strdup_printf("%s %u 封",
					   *scope ? "，共" : "", group->mails);
	g_autofree char *asked =
	    group->questions == 0 ? g_strdup("")
	    : group->mails == 1	  ? g_strdup("，含提问")
	    : group->questions == group->mails
		? g_strdup("，均含提问")
		: g_strdup_printf("，其中 %u 封含提问", group->questions);

	cite_group(speech, group);
	kd_speech_say(speech, KD_FIELD_WEEK, "%s%s %s%s%s%s%s。",
	    group->author ? "作者 " : "", group->name,
	    group->author ? "答复" : "回复", *scope == 'v' ? " " : "", scope,
	    count, asked);
	kd_speech_forget(speech);
}

void
kd_tell_answers(struct kd_speech *speech)
{
	g_autoptr(GPtrArray) groups = group_answers(speech);
	g_autoptr(GString) names = g_string_new(NULL);
	guint mails = 0, people = 0;

	for (guint i = 0; i < groups->len; i++) {
		const struct group *group = groups->pdata[i];

		if (i < SPEAKERS_MAX || group->author) {
			say_answers(speech, group);
			continue;
		}
		if (people++ < NAMES_MAX)
			kd_speech_list(names, group->name);
		mails += group->mails;
	}
	for (guint i = SPEAKERS_MAX; i < groups->len; i++)
		if (!((const struct group *)groups->pdata[i])->author)
			cite_group(speech, groups->pdata[i]);
	if (people > NAMES_MAX)
		g_string_append_printf(names, " 等 %u 人", people);
	if (people > 0)
		kd_speech_say(speech, KD_FIELD_WEEK, "另有 %s 回复共 %u 封。",
		    names->str, mails);
	kd_speech_forget(speech);
}

/* What robots say of builds, each with its error or warning. */
static void
say_build(struct kd_speech *speech, const struct kd_tale_fact *fact)
{
	const char *what =
	    fact->kind == KD_FACT_BUILD_FAILED ? "构建失败" : "有编译警告";
	const struct kd_tale_mail *mail =
	    kd_tale_mail(speech->tale, fact->mail);
	g_autoptr(GArray) part = g_array_new(FALSE, FALSE, sizeof(int));
	g_autofree char *scope = NULL, *error = NULL;
	const char *space;

	kd_speech_add_part(part, mail->part);
	scope = kd_speech_scope(speech, mail->posting, part);
	error = kd_text_clip(fact->value, ERROR_COLUMNS);
	space = *scope == 'v' ? " " : "";
	kd_speech_cite(speech, (int)fact->mail);
	if (!kd_speech_say(speech, KD_FIELD_WEEK, "%s 报告%s%s%s%s：%s。",
		mail->name, space, scope, kd_speech_gap(scope), what, error))
		kd_speech_say(speech, KD_FIELD_WEEK, "%s 报告%s%s%s%s。",
		    mail->name, space, scope, kd_speech_gap(scope), what);
	kd_speech_forget(speech);
}

void
kd_tell_robots(struct kd_speech *speech)
{
	g_autofree gboolean *told = g_new0(gboolean, speech->tale->mails->len);
	g_autoptr(GString) names = g_string_new(NULL);
	guint failures = 0, reports = 0;

	for (guint i = 0; i < speech->tale->facts->len; i++) {
		const struct kd_tale_fact *fact = kd_tale_fact(speech->tale, i);

		if ((fact->kind != KD_FACT_BUILD_FAILED &&
			fact->kind != KD_FACT_BUILD_WARNED) ||
		    !kd_tale_mail(speech->tale, fact->mail)->in_window ||
		    told[fact->mail] || failures++ >= FAILURES_MAX)
			continue;
		told[fact->mail] = TRUE;
		say_build(speech, fact);
	}
	for (guint i = 0; i < speech->tale->mails->len; i++) {
		const struct kd_tale_mail *mail = kd_tale_mail(speech->tale, i);

		if (!mail->robot || !mail->in_window || told[i] ||
		    mail->parent < 0)
			continue;
		if (reports++ == 0)
			g_string_assign(names, mail->name);
		else if (!strstr(names->str, mail->name) &&
			 names->len < NAMES_LENGTH)
			kd_speech_list(names, mail->name);
		kd_speech_cite(speech, (int)i);
	}
	if (reports > 0)
		kd_speech_say(speech, KD_FIELD_WEEK, "%s 另发来%s报告 %u 封。",
		    names->str, failures ? "其他" : "", reports);
	kd_speech_forget(speech);
}
