#include "config.h"

#include <string.h>

#include "digest.h"

static const char *const categories[KD_CATEGORIES] = {
    [KD_CATEGORY_PATCH] = "PATCH",
    [KD_CATEGORY_RFC] = "RFC",
    [KD_CATEGORY_BUG] = "Bug Report",
    [KD_CATEGORY_PULL] = "GIT PULL",
    [KD_CATEGORY_DISCUSSION] = "Discussion",
    [KD_CATEGORY_OTHER] = "Other",
};

static const char *const kinds[] = {
    [KD_KIND_MAIL] = "mail",
    [KD_KIND_COVER] = "cover",
    [KD_KIND_PATCH] = "patch",
    [KD_KIND_PULL] = "pull",
    [KD_KIND_REPLY] = "reply",
    [KD_KIND_ROBOT] = "robot",
};

static const struct {
	const char *name, *heading;
} fields[KD_FIELDS] = {
    [KD_FIELD_PURPOSE] = {"purpose", "原始补丁/问题"},
    [KD_FIELD_EARLIER] = {"earlier", "之前讨论要点"},
    [KD_FIELD_WEEK] = {"week", "本周讨论与进展"},
    [KD_FIELD_CONCLUSION] = {"conclusion", "结论"},
    [KD_FIELD_OPEN] = {"open", "待解决问题"},
};

const char *
kd_category_name(enum kd_category category)
{
	return categories[category];
}

const char *
kd_kind_name(enum kd_kind kind)
{
	return kinds[kind];
}

const char *
kd_field_name(enum kd_field field)
{
	return fields[field].name;
}

const char *
kd_field_heading(enum kd_field field)
{
	return fields[field].heading;
}

const char *
kd_role_name(enum kd_role role)
{
	static const char *const names[] = {
	    "", "author", "maintainer", "reviewer"};

	return names[role];
}

const char *
kd_note_name(enum kd_note_kind kind)
{
	static const char *const names[KD_NOTE_KINDS] = {
	    "own", "asked", "copied", "path", "uapi", "keyword"};

	return names[kind];
}

enum kd_field
kd_field_from_name(const char *name)
{
	guint field = 0;

	while (field < KD_FIELDS && strcmp(fields[field].name, name) != 0)
		field++;
	return field;
}

static void
mail_free(gpointer data)
{
	struct kd_digest_mail *mail = data;

	g_free(mail->id);
	g_free(mail->url);
	g_free(mail->subject);
	g_free(mail->name);
	g_free(mail->address);
	g_free(mail->text);
	g_free(mail);
}

static void
posting_free(gpointer data)
{
	struct kd_posting *posting = data;

	g_free(posting->version);
	g_free(posting->name);
	g_free(posting->address);
	g_free(posting->title);
	g_free(posting->id);
	g_free(posting->url);
	g_free(posting);
}

static void
fact_free(gpointer data)
{
	struct kd_digest_fact *fact = data;

	g_free(fact->value);
	g_free(fact->person);
	g_free(fact);
}

static void
sentence_free(gpointer data)
{
	struct kd_sentence *sentence = data;

	g_free(sentence->text);
	g_ptr_array_unref(sentence->cites);
	g_free(sentence);
}

static void
related_free(gpointer data)
{
	struct kd_related *related = data;

	g_free(related->title);
	g_free(related->url);
	g_free(related->own);
	g_free(related->other);
	g_free(related);
}

static void
note_free(gpointer data)
{
	struct kd_note *note = data;

	g_free(note->detail);
	g_array_unref(note->mails);
	g_free(note);
}

void
kd_told_free(struct kd_told *told)
{
	if (!told)
		return;
	g_free(told->week);
	g_free(told->title);
	g_free(told->id);
	g_free(told->url);
	g_free(told->version);
	g_free(told->state);
	g_free(told->waiting.name);
	g_ptr_array_unref(told->sentences);
	g_free(told);
}

void
kd_topic_free(struct kd_topic *topic)
{
	if (!topic)
		return;
	g_array_unref(topic->threads);
	g_free(topic->title);
	g_free(topic->tree);
	g_ptr_array_unref(topic->uapi);
	g_free(topic->url);
	g_ptr_array_unref(topic->postings);
	g_ptr_array_unref(topic->mails);
	g_ptr_array_unref(topic->people);
	g_ptr_array_unref(topic->facts);
	g_free(topic->state);
	g_ptr_array_unref(topic->state_evidence);
	g_free(topic->waiting.name);
	kd_told_free(topic->told);
	g_ptr_array_unref(topic->notes);
	g_ptr_array_unref(topic->related);
	g_ptr_array_unref(topic->sentences);
	g_free(topic->source);
	g_free(topic->failure);
	g_free(topic);
}

struct kd_digest_mail *
kd_digest_mail_new(void)
{
	struct kd_digest_mail *mail = g_new0(struct kd_digest_mail, 1);

	mail->posting = mail->part = mail->parent = mail->branch = -1;
	return mail;
}

struct kd_posting *
kd_posting_new(void)
{
	struct kd_posting *posting = g_new0(struct kd_posting, 1);

	posting->successor = -1;
	return posting;
}

struct kd_digest_fact *
kd_digest_fact_new(void)
{
	struct kd_digest_fact *fact = g_new0(struct kd_digest_fact, 1);

	fact->answer = -1;
	return fact;
}

struct kd_sentence *
kd_sentence_new(void)
{
	struct kd_sentence *sentence = g_new0(struct kd_sentence, 1);

	sentence->cites = g_ptr_array_new_with_free_func(g_free);
	return sentence;
}

struct kd_related *
kd_related_new(void)
{
	return g_new0(struct kd_related, 1);
}

struct kd_told *
kd_told_new(void)
{
	struct kd_told *told = g_new0(struct kd_told, 1);

	told->sentences = g_ptr_array_new_with_free_func(sentence_free);
	return told;
}

struct kd_note *
kd_note_new(enum kd_note_kind kind, const char *detail)
{
	struct kd_note *note = g_new0(struct kd_note, 1);

	note->kind = kind;
	note->detail = g_strdup(detail);
	note->mails = g_array_new(FALSE, FALSE, sizeof(guint));
	return note;
}

struct kd_topic *
kd_topic_new(void)
{
	struct kd_topic *topic = g_new0(struct kd_topic, 1);

	topic->threads = g_array_new(FALSE, FALSE, sizeof(guint64));
	topic->uapi = g_ptr_array_new_with_free_func(g_free);
	topic->postings = g_ptr_array_new_with_free_func(posting_free);
	topic->mails = g_ptr_array_new_with_free_func(mail_free);
	topic->people = g_ptr_array_new_with_free_func(g_free);
	topic->facts = g_ptr_array_new_with_free_func(fact_free);
	topic->state_evidence = g_ptr_array_new_with_free_func(g_free);
	topic->notes = g_ptr_array_new_with_free_func(note_free);
	topic->related = g_ptr_array_new_with_free_func(related_free);
	topic->sentences = g_ptr_array_new_with_free_func(sentence_free);
	return topic;
}

kd_digest *
kd_digest_new(void)
{
	kd_digest *digest = g_new0(kd_digest, 1);

	digest->topics =
	    g_ptr_array_new_with_free_func((GDestroyNotify)kd_topic_free);
	digest->quiet =
	    g_ptr_array_new_with_free_func((GDestroyNotify)kd_told_free);
	digest->gaps = g_ptr_array_new_with_free_func(g_free);
	digest->footer = g_ptr_array_new_with_free_func(g_free);
	return digest;
}

void
kd_digest_free(kd_digest *digest)
{
	if (!digest)
		return;
	g_free(digest->list_id);
	g_free(digest->list_name);
	g_free(digest->list_archive);
	kd_window_clear(&digest->window);
	g_free(digest->timezone);
	g_ptr_array_unref(digest->topics);
	g_ptr_array_unref(digest->quiet);
	g_ptr_array_unref(digest->gaps);
	g_ptr_array_unref(digest->footer);
	g_free(digest);
}

int
kd_topic_newest_pull(const struct kd_topic *topic)
{
	const struct kd_digest_mail *newest = NULL;
	int index = -1;

	for (guint i = 0; i < topic->mails->len; i++) {
		const struct kd_digest_mail *mail = topic->mails->pdata[i];

		if (mail->kind != KD_KIND_PULL ||
		    (newest && mail->date < newest->date))
			continue;
		newest = mail;
		index = (int)i;
	}
	return index;
}

void
kd_digest_sum(
    const kd_digest *digest, struct kd_category_sum sums[KD_CATEGORIES])
{
	memset(sums, 0, sizeof(*sums) * KD_CATEGORIES);
	for (guint i = 0; i < digest->topics->len; i++) {
		const struct kd_topic *topic = digest->topics->pdata[i];
		struct kd_category_sum *sum = &sums[topic->category];

		sum->topics++;
		sum->threads += topic->threads->len;
		sum->mails += topic->mails->len;
		sum->in_window += topic->in_window;
	}
}
