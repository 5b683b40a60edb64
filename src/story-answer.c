/*
 * What is asked and objected to in a topic, and who wrote below it.
 */
#include "config.h"

#include "people.h"
#include "story-private.h"

#define ANSWER_DEPTH 32 /* generations below; later ones speak of more */

/* The earliest mail by somebody else below each mail (of int), -1 for none. */
static GArray *
find_below(const GPtrArray *mails, const guint *writers)
{
	GArray *below =
	    g_array_sized_new(FALSE, FALSE, sizeof(int), mails->len);
	const int none = -1;

	for (guint i = 0; i < mails->len; i++)
		g_array_append_val(below, none);
	for (guint i = 0; i < mails->len; i++) {
		const struct kd_digest_mail *mail = mails->pdata[i];
		int at = mail->parent;

		if (mail->flags & KD_MAIL_ROBOT)
			continue;
		for (guint steps = 0; at >= 0 && steps < ANSWER_DEPTH;
		     steps++) {
			const struct kd_digest_mail *above = mails->pdata[at];
			int *first = &g_array_index(below, int, at);

			if (writers[at] != writers[i] &&
			    mail->date >= above->date &&
			    (*first < 0 ||
				mail->date < ((struct kd_digest_mail *)
						     mails->pdata[*first])
						 ->date))
				*first = (int)i;
			at = above->parent;
		}
	}
	return below;
}

/* A patch of a posting, which what is said below it is about, as a key. */
static gint64
patch_of(const struct kd_digest_mail *mail, int part)
{
	return mail->posting * (G_GINT64_CONSTANT(1) << 32) + part;
}

static gint64
date_of(const struct kd_topic *topic, int index)
{
	return ((struct kd_digest_mail *)topic->mails->pdata[index])->date;
}

/*
 * The last word of its sender about each patch: some answer all questions in
 * one place.  An index and 1; parts has the part that each mail is about, or -1.
 */
static GHashTable *
find_last_words(const struct kd_topic *topic, kd_people *people,
    const guint *writers, const int *parts)
{
	GHashTable *last =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, NULL);

	for (guint i = 0; i < topic->mails->len; i++) {
		const struct kd_digest_mail *mail = topic->mails->pdata[i];
		const struct kd_posting *posting;
		gint64 key = patch_of(mail, parts[i]);
		int known =
		    GPOINTER_TO_INT(g_hash_table_lookup(last, &key)) - 1;

		if (mail->posting < 0 || mail->kind != KD_KIND_REPLY ||
		    parts[i] < 0)
			continue;
		posting = topic->postings->pdata[mail->posting];
		if (kd_people_add(people, posting->name, posting->address) ==
			writers[i] &&
		    (known < 0 || date_of(topic, known) <= mail->date))
			g_hash_table_insert(last, g_memdup2(&key, sizeof(key)),
			    GINT_TO_POINTER((int)i + 1));
	}
	return last;
}

/* The index of that word, if it came after a mail; or -1. */
static int
find_last_word(const struct kd_topic *topic, GHashTable *last, guint index,
    const int *parts)
{
	const struct kd_digest_mail *mail = topic->mails->pdata[index];
	gint64 key = patch_of(mail, parts[index]);
	int word = GPOINTER_TO_INT(g_hash_table_lookup(last, &key)) - 1;

	return word >= 0 && word != (int)index &&
		       date_of(topic, word) >= mail->date
		   ? word
		   : -1;
}

void
kd_story_find_answers(struct kd_topic *topic)
{
	guint n = topic->mails->len;
	g_autoptr(kd_people) people = kd_people_new();
	g_autofree guint *writers = g_new(guint, n + 1);
	g_autofree int *parts = g_new(int, n + 1);
	g_autoptr(GHashTable) last = NULL;
	g_autoptr(GArray) below = NULL;

	/* Twice: what a later mail shows of who is who holds for earlier ones. */
	for (guint i = 0; i < 2 * n; i++) {
		const struct kd_digest_mail *mail = topic->mails->pdata[i % n];

		writers[i % n] =
		    kd_people_add(people, mail->name, mail->address);
	}
	/* Mails come after what they answer. */
	for (guint i = 0; i < n; i++) {
		const struct kd_digest_mail *mail = topic->mails->pdata[i];

		parts[i] = mail->part;
		if (parts[i] < 0 && mail->parent >= 0 && mail->parent < (int)i)
			parts[i] = parts[mail->parent];
	}
	below = find_below(topic->mails, writers);
	last = find_last_words(topic, people, writers, parts);
	for (guint i = 0; i < topic->facts->len; i++) {
		struct kd_digest_fact *fact = topic->facts->pdata[i];

		if (!kd_fact_wants_answer(fact->kind))
			continue;
		fact->answer = g_array_index(below, int, fact->mail);
		if (fact->answer < 0)
			fact->answer =
			    find_last_word(topic, last, fact->mail, parts);
	}
}
