/*
 * What became of it: patches taken, pulls confirmed, and what is open.
 */
#include "config.h"

#include <string.h>

#include "sentences-private.h"

#define NOTICES_MAX 8  /* told one by one */
#define HASH_LENGTH 12 /* hexadecimal digits of a commit shown */
#define NAMES_MAX   5

/* What a notice lists, by numbers or below it. */
struct listed {
	const char *parts; /* "1-9 18", or NULL */
	guint patches;
	const char *commit; /* the last one, or NULL */
};

static struct listed
read_listed(const kd_tale *tale, guint index)
{
	guint mail = kd_tale_fact(tale, index)->mail;
	struct listed listed = {NULL, 0, NULL};

	for (guint i = index + 1; i < tale->facts->len; i++) {
		const struct kd_tale_fact *fact = kd_tale_fact(tale, i);

		if (fact->mail != mail)
			break;
		if (fact->kind == KD_FACT_PARTS)
			listed.parts =
			    strcmp(fact->value, "all") ? fact->value : NULL;
		else if (fact->kind == KD_FACT_APPLIED_PATCH)
			listed.patches++;
		else if (fact->kind == KD_FACT_APPLIED_COMMIT)
			listed.commit = fact->value;
		else
			break;
	}
	return listed;
}

/*
 * What was taken: "全部 3 个补丁", "v2 的补丁 1", "补丁 1-9、18", "部分补丁",
 * "该补丁".
 */
static char *
describe_taken(const struct kd_speech *speech, const struct kd_tale_fact *fact,
    const struct listed *listed)
{
	const struct kd_tale_mail *mail =
	    kd_tale_mail(speech->tale, fact->mail);
	const struct kd_tale_posting *posting =
	    mail->posting < 0
		? NULL
		: kd_tale_posting(speech->tale, (guint)mail->posting);
	gboolean older = posting && mail->posting != speech->newest;
	GString *text = g_string_new(NULL);

	if (older)
		g_string_printf(text, " v%s 的", posting->version);
	if (fact->kind == KD_FACT_APPLIED) {
		if (posting && posting->total > 1)
			g_string_append_printf(
			    text, "全部 %u 个补丁", posting->total);
		else if (!strcmp(speech->tale->category, "GIT PULL"))
			g_string_append(text, "其中的补丁");
		else
			g_string_append(text, older ? "补丁" : "该补丁");
	} else if (listed->patches > 0) {
		g_string_append_printf(text, "其中 %u 个补丁", listed->patches);
	} else if (listed->parts) {
		g_auto(GStrv) parts = g_strsplit(listed->parts, " ", -1);
		g_autofree char *joined = g_strjoinv("、", parts);

		g_string_append_printf(text, "补丁 %s ", joined);
	} else if (mail->part > 0) {
		g_string_append_printf(text, "补丁 %d ", mail->part);
	} else {
		g_string_append(text, "部分补丁");
	}
	return g_string_free(text, FALSE);
}

static void
say_applied(struct kd_speech *speech, const struct kd_tale_fact *fact,
    const struct listed *listed)
{
	const struct kd_tale_mail *mail =
	    kd_tale_mail(speech->tale, fact->mail);
	g_autofree char *taken = describe_taken(speech, fact, listed);
	g_autofree char *commit =
	    listed->patches == 1 && listed->commit
		? g_strdup_printf("，提交 %.*s", HASH_LENGTH, listed->commit)
		: g_strdup("");

	kd_speech_cite(speech, (int)fact->mail);
	if (!*fact->value || !kd_speech_say(speech, KD_FIELD_CONCLUSION,
				 "%s 于 %s 将%s应用到 %s%s。", mail->name,
				 mail->day, taken, fact->value, commit))
		kd_speech_say(speech, KD_FIELD_CONCLUSION,
		    "%s 于 %s 应用了%s%s。", mail->name, mail->day,
		    g_strchomp(taken), commit);
	kd_speech_forget(speech);
}

/* Authors say "applied" of their own next version, without branch or list. */
static gboolean
is_notice(const struct kd_speech *speech, const struct kd_tale_fact *fact,
    const struct listed *listed)
{
	const struct kd_tale_mail *mail =
	    kd_tale_mail(speech->tale, fact->mail);

	return (fact->kind == KD_FACT_APPLIED ||
		   fact->kind == KD_FACT_APPLIED_PARTLY) &&
	       (*fact->value || listed->patches > 0 ||
		   !kd_speech_by_author(speech, mail, mail->posting));
}

/* Whether a mail confirms the pull request of another person. */
static gboolean
confirms(const struct kd_speech *speech, const struct kd_tale_mail *mail)
{
	for (guint i = 0; i < speech->tale->mails->len; i++) {
		const struct kd_tale_mail *pull = kd_tale_mail(speech->tale, i);

		if (!strcmp(pull->kind, "pull") && strcmp(pull->key, mail->key))
			return TRUE;
	}
	return FALSE;
}

static void
say_pulled(struct kd_speech *speech, const struct kd_tale_fact *fact)
{
	const struct kd_tale_mail *mail =
	    kd_tale_mail(speech->tale, fact->mail);

	kd_speech_cite(speech, (int)fact->mail);
	if (!*fact->value ||
	    !kd_speech_say(speech, KD_FIELD_CONCLUSION,
		"%s 于 %s 确认已合入 %s。", mail->name, mail->day, fact->value))
		kd_speech_say(speech, KD_FIELD_CONCLUSION,
		    "%s 于 %s 确认已合入。", mail->name, mail->day);
	kd_speech_forget(speech);
}

void
kd_tell_outcome(struct kd_speech *speech)
{
	guint n = 0;

	for (guint i = 0; i < speech->tale->facts->len && n < NOTICES_MAX;
	     i++) {
		const struct kd_tale_fact *fact = kd_tale_fact(speech->tale, i);
		struct listed listed = read_listed(speech->tale, i);

		if (is_notice(speech, fact, &listed)) {
			say_applied(speech, fact, &listed);
			n++;
		} else if (fact->kind == KD_FACT_PULLED &&
			   confirms(speech,
			       kd_tale_mail(speech->tale, fact->mail))) {
			say_pulled(speech, fact);
			n++;
		}
	}
}

/* Cite the mails on the newest posting with such a fact; their writers. */
static guint
cite_facts(struct kd_speech *speech, enum kd_fact_kind kind, GString *names)
{
	g_autoptr(GHashTable) people =
	    g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < speech->tale->facts->len; i++) {
		const struct kd_tale_fact *fact = kd_tale_fact(speech->tale, i);
		const struct kd_tale_mail *mail =
		    kd_tale_mail(speech->tale, fact->mail);

		if (fact->kind != kind || mail->posting != speech->newest)
			continue;
		kd_speech_cite(speech, (int)fact->mail);
		if (g_hash_table_add(people, mail->key) &&
		    g_hash_table_size(people) <= NAMES_MAX)
			kd_speech_list(names, mail->name);
	}
	return g_hash_table_size(people);
}

/* Whether all of the newest posting was taken. */
static gboolean
is_applied(const struct kd_speech *speech)
{
	for (guint i = 0; i < speech->tale->facts->len; i++) {
		const struct kd_tale_fact *fact = kd_tale_fact(speech->tale, i);
		struct listed listed = read_listed(speech->tale, i);

		if (fact->kind == KD_FACT_APPLIED &&
		    is_notice(speech, fact, &listed) &&
		    kd_tale_mail(speech->tale, fact->mail)->posting ==
			speech->newest)
			return TRUE;
	}
	return FALSE;
}

/* Whether anybody answered this version, in whichever of its postings. */
static gboolean
is_answered(const struct kd_speech *speech)
{
	for (guint i = 0; i < speech->tale->mails->len; i++) {
		const struct kd_tale_mail *mail = kd_tale_mail(speech->tale, i);

		if (!strcmp(mail->kind, "reply") && !mail->robot &&
		    kd_speech_same_version(speech, mail->posting) &&
		    !kd_speech_by_author(speech, mail, mail->posting))
			return TRUE;
	}
	return FALSE;
}

/* What one person has asked or objected to without an answer. */
struct unanswered {
	const struct kd_tale_mail *mail; /* the first */
	gboolean asks, objects;
	GArray *parts;	/* of int */
	GArray *proofs; /* of guint, mails */
};

static void
unanswered_free(gpointer data)
{
	struct unanswered *open = data;

	g_array_unref(open->parts);
	g_array_unref(open->proofs);
	g_free(open);
}

static gboolean
gives_review(const kd_tale *tale, guint mail)
{
	for (guint i = 0; i < tale->facts->len; i++) {
		const struct kd_tale_fact *fact = kd_tale_fact(tale, i);

		if (fact->mail == mail && (fact->kind == KD_FACT_REVIEWED_BY ||
					      fact->kind == KD_FACT_ACKED_BY ||
					      fact->kind == KD_FACT_TESTED_BY))
			return TRUE;
	}
	return FALSE;
}

static struct unanswered *
find_unanswered(GPtrArray *all, const struct kd_tale_mail *mail)
{
	struct unanswered *open;

	for (guint i = 0; i < all->len; i++) {
		open = all->pdata[i];
		if (!strcmp(open->mail->key, mail->key))
			return open;
	}
	open = g_new0(struct unanswered, 1);
	open->mail = mail;
	open->parts = g_array_new(FALSE, FALSE, sizeof(int));
	open->proofs = g_array_new(FALSE, FALSE, sizeof(guint));
	g_ptr_array_add(all, open);
	return open;
}

/* By person, what stands open of the newest posting. */
static GPtrArray *
gather_unanswered(const struct kd_speech *speech)
{
	GPtrArray *all = g_ptr_array_new_with_free_func(unanswered_free);

	for (guint i = 0; i < speech->tale->facts->len; i++) {
		const struct kd_tale_fact *fact = kd_tale_fact(speech->tale, i);
		const struct kd_tale_mail *mail =
		    kd_tale_mail(speech->tale, fact->mail);
		struct unanswered *open;

		if ((fact->kind != KD_FACT_QUESTION &&
			fact->kind != KD_FACT_OBJECTION) ||
		    fact->answer >= 0 || mail->posting != speech->newest ||
		    kd_speech_by_author(speech, mail, mail->posting) ||
		    gives_review(speech->tale, fact->mail))
			continue;
		open = find_unanswered(all, mail);
		if (fact->kind == KD_FACT_QUESTION)
			open->asks = TRUE;
		else
			open->objects = TRUE;
		kd_speech_add_part(open->parts, mail->part);
		g_array_append_val(open->proofs, fact->mail);
	}
	return all;
}

static void
tell_unanswered(struct kd_speech *speech)
{
	g_autoptr(GPtrArray) all = gather_unanswered(speech);

	for (guint i = 0; i < MIN(all->len, NAMES_MAX); i++) {
		const struct unanswered *open = all->pdata[i];
		g_autofree char *scope =
		    kd_speech_scope(speech, speech->newest, open->parts);

		for (guint j = 0; j < open->proofs->len; j++)
			kd_speech_cite(
			    speech, (int)g_array_index(open->proofs, guint, j));
		kd_speech_say(speech, KD_FIELD_OPEN, "%s %s%s%s%s未见答复。",
		    open->mail->name, *scope ? "对" : "", scope,
		    *scope ? kd_speech_gap(scope) : "",
		    open->asks && open->objects ? "的提问和异议"
		    : open->asks		? "的提问"
						: "的异议");
		kd_speech_forget(speech);
	}
}

/* Only what facts prove: nothing is read into silence. */
void
kd_tell_open(struct kd_speech *speech)
{
	const struct kd_tale_posting *posting;
	g_autoptr(GString) robots = g_string_new(NULL);
	g_autoptr(GString) people = g_string_new(NULL);

	if (speech->newest < 0 || is_applied(speech))
		return;
	posting = kd_tale_posting(speech->tale, (guint)speech->newest);
	if (cite_facts(speech, KD_FACT_BUILD_FAILED, robots) > 0)
		kd_speech_say(speech, KD_FIELD_OPEN,
		    "%s 报告 v%s 构建失败，此后未见新版本。", robots->str,
		    posting->version);
	kd_speech_forget(speech);
	if (cite_facts(speech, KD_FACT_NACKED_BY, people) > 0)
		kd_speech_say(speech, KD_FIELD_OPEN,
		    "%s 对 v%s 给出 NAK，此后未见新版本。", people->str,
		    posting->version);
	kd_speech_forget(speech);
	tell_unanswered(speech);
	if (!posting->in_window || is_answered(speech))
		return;
	kd_speech_cite(speech, posting->mail);
	kd_speech_say(speech, KD_FIELD_OPEN, "v%s 在本周窗口内未见他人回复。",
	    posting->version);
	kd_speech_forget(speech);
}
