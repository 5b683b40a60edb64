/*
 * Replies that lost what they answer: those without any reference, and whole
 * threads of replies whose posting never came to the list.
 */
#include "config.h"

#include <string.h>

#include "topic-private.h"

/* Mails with one title, oldest first. */
struct shelf {
	GPtrArray *mails;    /* of const struct kd_member * */
	const char *author;  /* address of the first original, or NULL */
	gboolean one_author; /* all originals are by one person */
};

static void
shelf_free(gpointer data)
{
	struct shelf *shelf = data;

	g_ptr_array_unref(shelf->mails);
	g_free(shelf);
}

static gboolean
is_reply(const struct kd_member *member)
{
	return (member->subject->flags & KD_SUBJECT_REPLY) != 0;
}

static gboolean
is_patch(const struct kd_member *member)
{
	return (member->subject->flags & KD_SUBJECT_PATCH) != 0;
}

/* A reply that names no mail at all. */
static gboolean
is_orphan(const struct kd_member *member)
{
	return is_reply(member) && !member->record->n_refs;
}

/* The threads in which something is no reply (set of guint64 *, borrowed). */
static GHashTable *
find_begun(const struct kd_linker *linker)
{
	GHashTable *begun = g_hash_table_new(g_int64_hash, g_int64_equal);

	for (guint i = 0; i < linker->members->len; i++) {
		const struct kd_member *member =
		    kd_linker_member(linker, (int)i);

		if (!is_reply(member))
			g_hash_table_add(
			    begun, (gpointer)&member->record->thread);
	}
	return begun;
}

static struct shelf *
shelf_of(GHashTable *shelves, const struct kd_member *member)
{
	g_autofree char *title = kd_topic_title(member->subject);
	struct shelf *shelf;
	char *name;

	if (!title)
		return NULL;
	name = g_strdup_printf("%s\n%d", title, is_patch(member));
	shelf = g_hash_table_lookup(shelves, name);
	if (shelf) {
		g_free(name);
		return shelf;
	}
	shelf = g_new0(struct shelf, 1);
	shelf->mails = g_ptr_array_new();
	shelf->one_author = TRUE;
	g_hash_table_insert(shelves, name, shelf);
	return shelf;
}

static void
shelve(struct shelf *shelf, const struct kd_member *member)
{
	g_ptr_array_add(shelf->mails, (gpointer)member);
	if (is_reply(member))
		return;
	if (!shelf->author)
		shelf->author = member->record->address;
	else if (strcmp(shelf->author, member->record->address))
		shelf->one_author = FALSE;
}

/* Whether a reply is to or from the author of a mail. */
static gboolean
concerns(const struct kd_member *reply, const struct kd_member *mail)
{
	const kd_record *record = reply->record;
	const char *author = mail->record->address;

	if (!strcmp(record->address, author))
		return TRUE;
	for (guint i = 0; i < record->n_copies; i++)
		if (!strcmp(record->copies[i], author))
			return TRUE;
	return FALSE;
}

/*
 * Whether a lost reply belongs to a mail of the same title: the same mail of
 * the same version within two months, or another version of a patch.
 */
static gboolean
belongs(const struct kd_member *reply, const struct kd_member *mail,
    const struct shelf *shelf)
{
	gint64 apart = ABS(reply->record->date - mail->record->date);
	const kd_subject *a = reply->subject, *b = mail->subject;

	if (reply->record->thread == mail->record->thread)
		return FALSE;
	if (is_reply(mail) && !kd_topic_is_specific(a->key))
		return FALSE;
	if (!is_reply(mail) && !shelf->one_author && !concerns(reply, mail))
		return FALSE;
	if (!strcmp(a->version, b->version))
		return a->part == b->part && apart <= KD_TOPIC_ORPHANS;
	return is_patch(reply) && apart <= KD_TOPIC_VERSIONS;
}

/*
 * What a lost reply belongs to: the nearest mail before it that is no reply,
 * else the nearest such after it, else a lost reply before it.
 */
static const struct kd_member *
find_mail(const struct shelf *shelf, guint index)
{
	const struct kd_member *reply = shelf->mails->pdata[index];
	const struct kd_member *other = NULL;
	guint first = index > KD_TOPIC_LOOK ? index - KD_TOPIC_LOOK : 0;
	guint end = MIN(shelf->mails->len, index + KD_TOPIC_LOOK);

	for (guint i = index; i > first; i--) {
		const struct kd_member *mail = shelf->mails->pdata[i - 1];

		if (!belongs(reply, mail, shelf))
			continue;
		if (!is_reply(mail))
			return mail;
		other = other ? other : mail;
	}
	for (guint i = index + 1; i < end; i++) {
		const struct kd_member *mail = shelf->mails->pdata[i];

		if (!is_reply(mail) && belongs(reply, mail, shelf))
			return mail;
	}
	return other;
}

void
kd_linker_join_replies(struct kd_linker *linker)
{
	g_autoptr(GHashTable) begun = find_begun(linker);
	g_autoptr(GHashTable) shelves =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, shelf_free);
	GHashTableIter at;
	gpointer value;

	for (guint i = 0; i < linker->by_date->len; i++) {
		const struct kd_member *member = linker->by_date->pdata[i];
		struct shelf *shelf = shelf_of(shelves, member);
		gboolean lost =
		    is_orphan(member) ||
		    (is_reply(member) && is_patch(member) &&
			!g_hash_table_contains(begun, &member->record->thread));

		if (shelf && (lost || !is_reply(member)))
			shelve(shelf, member);
	}
	g_hash_table_iter_init(&at, shelves);
	while (g_hash_table_iter_next(&at, NULL, &value)) {
		const struct shelf *shelf = value;

		for (guint i = 0; i < shelf->mails->len; i++) {
			const struct kd_member *member = shelf->mails->pdata[i];
			const struct kd_member *mail =
			    is_reply(member) ? find_mail(shelf, i) : NULL;

			if (mail)
				kd_linker_join(linker, member->record->thread,
				    mail->record->thread);
		}
	}
}
