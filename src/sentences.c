#include "config.h"

#include <string.h>

#include "people.h"
#include "sentences-private.h"

#define BESIDE_MAX   4 /* postings told that are no versions */
#define VERSIONS_MAX 6 /* earlier versions told with their dates */
#define NAMES_MAX    5

static const struct kd_tale_posting *
newest_posting(const struct kd_speech *speech)
{
	return kd_tale_posting(speech->tale, (guint)speech->newest);
}

/* "；收到其中 9 个，封面未收到" where something is missing. */
static char *
describe_size(const struct kd_tale_posting *posting)
{
	GString *text = g_string_new(NULL);

	if (posting->total > 1 || posting->parts > 1)
		g_string_append_printf(text, "，共 %u 个补丁",
		    MAX(posting->total, posting->parts));
	if (posting->parts < posting->total)
		g_string_append_printf(
		    text, "，收到其中 %u 个", posting->parts);
	if (!posting->complete && !posting->cover && posting->total > 1 &&
	    posting->parts >= posting->total)
		g_string_append(text, "，封面未收到");
	return g_string_free(text, FALSE);
}

static void
tell_posting(struct kd_speech *speech)
{
	const struct kd_tale_posting *posting = newest_posting(speech);
	g_autofree char *size = describe_size(posting);
	g_autofree char *version =
	    !strcmp(posting->version, "1")
		? g_strdup(posting->rfc ? " RFC " : "")
		: g_strdup_printf(
		      " %sv%s ", posting->rfc ? "RFC " : "", posting->version);
	const char *kind = posting->total > 1 ? "系列" : "补丁";
	const char *verb = posting->resend ? "重新发出" : "发出";
	gboolean said;

	kd_speech_cite(speech, posting->mail);
	/* A series without a cover has no title but those of its patches. */
	if (posting->cover || posting->total <= 1)
		said = kd_speech_say(speech, KD_FIELD_PURPOSE,
		    "%s 于 %s %s%s%s“%s”%s。", posting->name, posting->day,
		    verb, version, kind, posting->title, size);
	else
		said = kd_speech_say(speech, KD_FIELD_PURPOSE,
		    "%s 于 %s %s%s%s%s，其中有“%s”。", posting->name,
		    posting->day, verb, version, kind, size, posting->title);
	if (!said)
		kd_speech_say(speech, KD_FIELD_PURPOSE, "%s 于 %s %s%s%s%s。",
		    posting->name, posting->day, verb, version, kind, size);
	kd_speech_forget(speech);
}

/* A person's name without the address; a commit as it is. */
static char *
read_origin(const struct kd_tale_fact *fact)
{
	if (fact->kind == KD_FACT_FIXES)
		return g_strdup(fact->value);
	if (*fact->value == '<' || !strchr(fact->value, '<'))
		return g_strdup("");
	return g_strchomp(g_strndup(fact->value, strcspn(fact->value, "<")));
}

/*
 * What the commit messages of the newest posting say it came from, and which
 * of its patches do: a series is not suggested by whom one patch names.
 */
static void
tell_origins(struct kd_speech *speech, enum kd_fact_kind kind,
    const char *joint, const char *before, const char *after)
{
	g_autoptr(GString) values = g_string_new(NULL);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GArray) parts = g_array_new(FALSE, FALSE, sizeof(int));
	g_autofree char *scope = NULL;

	for (guint i = 0; i < speech->tale->facts->len; i++) {
		const struct kd_tale_fact *fact = kd_tale_fact(speech->tale, i);
		const struct kd_tale_mail *mail =
		    kd_tale_mail(speech->tale, fact->mail);
		g_autofree char *value = NULL;

		if (fact->kind != kind || mail->posting != speech->newest ||
		    strcmp(mail->kind, "patch"))
			continue;
		value = read_origin(fact);
		if (!*value || strchr(value, '@') ||
		    g_hash_table_size(seen) >= NAMES_MAX)
			continue;
		if (g_hash_table_add(seen, fact->value))
			kd_speech_list(values, value);
		kd_speech_add_part(parts, mail->part);
		kd_speech_cite(speech, (int)fact->mail);
	}
	scope = kd_speech_scope(speech, speech->newest, parts);
	if (values->len > 0)
		kd_speech_say(speech, KD_FIELD_PURPOSE, "%s%s%s%s%s %s%s。",
		    scope, kd_speech_gap(scope), *scope ? joint : "",
		    *scope && g_hash_table_size(seen) > 1 ? "分别" : "", before,
		    values->str, after);
	kd_speech_forget(speech);
}

/* A subject as a title: its leading "[GIT PULL]", "[syzbot] [kvm?]" dropped. */
static const char *
read_title(const kd_tale *tale)
{
	const char *title = tale->title;

	while (*title == '[' && strchr(title, ']')) {
		const char *rest = strchr(title, ']') + 1;

		rest += strspn(rest, " ");
		if (!*rest)
			break;
		title = rest;
	}
	return title;
}

static void
tell_pull(struct kd_speech *speech, guint index)
{
	const struct kd_tale_mail *mail = kd_tale_mail(speech->tale, index);
	const char *tag = NULL;
	guint patches = 0;

	for (guint i = 0; i < speech->tale->facts->len; i++) {
		const struct kd_tale_fact *fact = kd_tale_fact(speech->tale, i);

		if (fact->mail != index)
			continue;
		if (fact->kind == KD_FACT_PULL_REQUEST)
			tag = strrchr(fact->value, ' ');
		if (fact->kind == KD_FACT_PAYLOAD)
			patches++;
	}
	if (tag)
		tag = g_str_has_prefix(tag, " tags/") ? tag + 6 : tag + 1;
	kd_speech_cite(speech, (int)index);
	if (!tag || !kd_speech_say(speech, KD_FIELD_PURPOSE,
			"%s 于 %s 发出合并请求“%s”，标签为 %s。", mail->name,
			mail->day, read_title(speech->tale), tag))
		kd_speech_say(speech, KD_FIELD_PURPOSE,
		    "%s 于 %s 发出合并请求。", mail->name, mail->day);
	kd_speech_cite(speech, (int)index);
	if (patches)
		kd_speech_say(
		    speech, KD_FIELD_PURPOSE, "该请求含 %u 个补丁。", patches);
	kd_speech_forget(speech);
}

/* A topic that is no series: begun by its first mail, if that one came. */
static void
tell_beginning(struct kd_speech *speech)
{
	const struct kd_tale_mail *first = kd_tale_mail(speech->tale, 0);
	gboolean bug = !strcmp(speech->tale->category, "Bug Report");
	gboolean patch = !strcmp(speech->tale->category, "PATCH");
	const char *deed = bug ? "报告" : patch ? "发来补丁" : "发起讨论";

	kd_speech_cite(speech, 0);
	if (!strcmp(first->kind, "reply") || first->parent >= 0)
		kd_speech_say(speech, KD_FIELD_PURPOSE, "开头的邮件未收到。");
	else if (!kd_speech_say(speech, KD_FIELD_PURPOSE, "%s 于 %s %s“%s”。",
		     first->name, first->day, deed, read_title(speech->tale)))
		kd_speech_say(speech, KD_FIELD_PURPOSE, "%s 于 %s %s。",
		    first->name, first->day, bug ? "报告问题" : deed);
	kd_speech_forget(speech);
}

static void
tell_purpose(struct kd_speech *speech)
{
	int pull = -1;

	for (guint i = 0; i < speech->tale->mails->len; i++)
		if (!strcmp(kd_tale_mail(speech->tale, i)->kind, "pull"))
			pull = (int)i;
	if (pull >= 0) {
		tell_pull(speech, (guint)pull);
	} else if (speech->newest >= 0) {
		tell_posting(speech);
		tell_origins(speech, KD_FACT_FIXES, "", "修复提交", "");
		tell_origins(
		    speech, KD_FACT_REPORTED_BY, "", "所修的问题由", " 报告");
		tell_origins(
		    speech, KD_FACT_SUGGESTED_BY, "的", "做法由", " 建议");
	} else {
		tell_beginning(speech);
	}
}

/* Versions but the newest, of the window or from before it. */
static void
tell_versions(struct kd_speech *speech, gboolean in_window)
{
	g_autoptr(GString) list = g_string_new(NULL);
	guint n = 0;

	for (int i = 0; i < speech->newest; i++) {
		const struct kd_tale_posting *posting =
		    kd_tale_posting(speech->tale, (guint)i);
		g_autofree char *word = NULL;

		if (posting->in_window != in_window || posting->mail < 0 ||
		    posting->beside)
			continue;
		kd_speech_cite(speech, posting->mail);
		/* The same version may be posted twice, or as two series. */
		word = g_strdup_printf("%s%sv%s%s（%s）",
		    !posting->resend && kd_speech_same_version(speech, i)
			? "另一份 "
			: "",
		    posting->rfc ? "RFC " : "", posting->version,
		    posting->resend ? " RESEND" : "", posting->day);
		if (n++ < VERSIONS_MAX)
			kd_speech_list(list, word);
	}
	if (n > VERSIONS_MAX)
		g_string_append_printf(list, "等 %u 个版本", n);
	if (n > 0)
		kd_speech_say(speech,
		    in_window ? KD_FIELD_WEEK : KD_FIELD_EARLIER,
		    in_window ? "本周在最新版之前还有：%s。"
			      : "此前的版本：%s。",
		    list->str);
	kd_speech_forget(speech);
}

/* What stands beside the series, by its author or by others. */
static void
tell_beside(struct kd_speech *speech, gboolean in_window)
{
	for (int i = 0, n = 0; i < speech->newest && n < BESIDE_MAX; i++) {
		const struct kd_tale_posting *posting =
		    kd_tale_posting(speech->tale, (guint)i);

		if (posting->in_window != in_window || posting->mail < 0 ||
		    !posting->beside)
			continue;
		n++;
		kd_speech_cite(speech, posting->mail);
		kd_speech_say(speech,
		    in_window ? KD_FIELD_WEEK : KD_FIELD_EARLIER,
		    "%s 于 %s 另发“%s”。", posting->name, posting->day,
		    posting->title);
		kd_speech_forget(speech);
	}
}

/* Replies from before the window; the first of each person is cited. */
static void
tell_earlier_replies(struct kd_speech *speech)
{
	g_autoptr(kd_people) people = kd_people_new();
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
	g_autoptr(GString) names = g_string_new(NULL);
	guint replies = 0;

	/* Once to learn who is who. */
	for (guint i = 0; i < speech->tale->mails->len; i++)
		kd_people_add(people, kd_tale_mail(speech->tale, i)->name,
		    kd_tale_mail(speech->tale, i)->key);
	for (guint i = 0; i < speech->tale->mails->len; i++) {
		const struct kd_tale_mail *mail = kd_tale_mail(speech->tale, i);
		guint person;

		if (mail->in_window || mail->robot ||
		    strcmp(mail->kind, "reply"))
			continue;
		replies++;
		person = kd_people_add(people, mail->name, mail->key);
		if (!g_hash_table_add(seen, GUINT_TO_POINTER(person)))
			continue;
		kd_speech_cite(speech, (int)i);
		if (g_hash_table_size(seen) <= NAMES_MAX)
			kd_speech_list(names, mail->name);
	}
	if (g_hash_table_size(seen) > NAMES_MAX)
		g_string_append_printf(
		    names, " 等 %u 人", g_hash_table_size(seen));
	if (replies > 0)
		kd_speech_say(speech, KD_FIELD_EARLIER,
		    "本周之前已有 %u 封回复，来自 %s。", replies, names->str);
	kd_speech_forget(speech);
}

json_t *
kd_sentences_tell(const kd_tale *tale)
{
	g_autoptr(GArray) proof = g_array_new(FALSE, FALSE, sizeof(guint));
	struct kd_speech speech = {.tale = tale,
	    .sentences = json_array(),
	    .proof = proof,
	    .newest = (int)tale->postings->len - 1};

	tell_purpose(&speech);
	tell_versions(&speech, FALSE);
	tell_beside(&speech, FALSE);
	tell_earlier_replies(&speech);
	kd_tell_reviews(&speech, FALSE, KD_FIELD_EARLIER);
	tell_versions(&speech, TRUE);
	tell_beside(&speech, TRUE);
	kd_tell_answers(&speech);
	kd_tell_reviews(&speech, TRUE, KD_FIELD_WEEK);
	kd_tell_robots(&speech);
	kd_tell_outcome(&speech);
	kd_tell_open(&speech);
	return speech.sentences;
}
