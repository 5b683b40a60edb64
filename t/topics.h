/*
 * Topics for unit tests, put together in a line per mail.
 */
#ifndef KD_TOPICS_H
#define KD_TOPICS_H

#include "digest.h"

#define UNIT_DAY 86400

/* Person "X Ek <x@example.org>" by one word, "robot" the robot. */
static inline void
unit_person(const char *who, char **name, char **address)
{
	*name = g_strdup_printf("%s Ek", who);
	*address = g_strdup_printf("%s@example.org", who);
}

/* A posting of a person, in the window; its id is "v" and the version. */
static inline struct kd_posting *
unit_posting(struct kd_topic *topic, const char *version, const char *who,
    guint total, gint64 date)
{
	struct kd_posting *posting = kd_posting_new();

	posting->version = g_strdup(version);
	posting->date = date;
	posting->parts = posting->total = total;
	posting->complete = posting->in_window = TRUE;
	posting->cover = total > 1;
	posting->title = g_strdup("KVM: a title");
	posting->id = g_strdup_printf("v%s@x", version);
	unit_person(who, &posting->name, &posting->address);
	g_ptr_array_add(topic->postings, posting);
	return posting;
}

/*
 * A mail in the window, of the newest posting or answering it; parent is an
 * index or -1.  Returns its index.
 */
static inline int
unit_mail(struct kd_topic *topic, const char *id, enum kd_kind kind,
    const char *who, int parent, gint64 date)
{
	struct kd_digest_mail *mail = kd_digest_mail_new();

	mail->id = g_strdup(id);
	mail->subject = g_strdup("KVM: a title");
	mail->date = date;
	mail->kind = kind;
	mail->in_window = TRUE;
	mail->posting = (int)topic->postings->len - 1;
	mail->parent = parent;
	mail->text = g_strdup("");
	if (kind == KD_KIND_ROBOT)
		mail->flags = KD_MAIL_ROBOT;
	unit_person(who, &mail->name, &mail->address);
	g_ptr_array_add(topic->mails, mail);
	return (int)topic->mails->len - 1;
}

static inline struct kd_digest_mail *
unit_mail_at(const struct kd_topic *topic, int index)
{
	return topic->mails->pdata[index];
}

/* A fact of the topic's last mail, said by its author. */
static inline void
unit_fact(struct kd_topic *topic, enum kd_fact_kind kind, const char *value)
{
	struct kd_digest_fact *fact = kd_digest_fact_new();
	guint last = topic->mails->len - 1;
	const struct kd_digest_mail *mail = topic->mails->pdata[last];

	fact->kind = kind;
	fact->value = g_strdup(value);
	fact->person = g_strdup_printf("%s <%s>", mail->name, mail->address);
	fact->mail = last;
	fact->line = topic->facts->len + 1;
	g_ptr_array_add(topic->facts, fact);
}

/* A digest that holds the topic and frees it. */
static inline kd_digest *
unit_digest(struct kd_topic *topic)
{
	kd_digest *digest = kd_digest_new();

	g_ptr_array_add(digest->topics, topic);
	return digest;
}

#endif
