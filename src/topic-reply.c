/*
 * Replies that lost what they answer: those without any reference, and whole
 * threads of replies whose posting never came to the list.
 */
#include "config.h"

#include <string.h>

#include "topic-private.h"

/*
 * Mails with one title, oldest first, seen from one of them: those that it is
 * compared with are first to end - 1.
 */
struct shelf {
	const GPtrArray *mails; /* of const struct kd_member * */
	guint index, first, end;
	/* By one person each: all originals in reach, and the reply's own. */
	gboolean one_author, one_own;
};

static void
mails_free(gpointer data)
{
	g_ptr_array_unref(data);
}

static gboolean
is_reply(const struct kd_member *member)
{
	return (member->subject->flags & KD_SUBJECT_ANSWER) != 0;
}

static gboolean
is_patch(const struct kd_member *member)
{
	return (member->subject->flags & KD_SUBJECT_PATCH) != 0;
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

/* Shelves are found by the mails on them. */
static guint
hash_shelf(gconstpointer member)
{
	return kd_topic_hash_title(((const struct kd_member *)member)->subject);
}

static gboolean
same_shelf(gconstpointer a, gconstpointer b)
{
	const struct kd_member *one = a, *two = b;

	return is_patch(one) == is_patch(two) && one->stable == two->stable &&
	       kd_topic_same_title(one->subject, two->subject);
}

/* Whether a reply has to be told what it answers. */
static gboolean
is_lost(const struct kd_member *member, GHashTable *begun)
{
	if (!is_reply(member) || !*member->subject->key)
		return FALSE;
	return !member->record->n_refs ||
	       (is_patch(member) &&
		   !g_hash_table_contains(begun, &member->record->thread));
}

/* A shelf for the title of each reply that is lost: these are few. */
static GHashTable *
make_shelves(const struct kd_linker *linker, GHashTable *begun)
{
	GHashTable *shelves =
	    g_hash_table_new_full(hash_shelf, same_shelf, NULL, mails_free);

	for (guint i = 0; i < linker->members->len; i++) {
		const struct kd_member *member =
		    kd_linker_member(linker, (int)i);

		if (is_lost(member, begun) &&
		    !g_hash_table_contains(shelves, member))
			g_hash_table_insert(
			    shelves, (gpointer)member, g_ptr_array_new());
	}
	return shelves;
}

static const struct kd_member *
shelf_at(const struct shelf *shelf, guint index)
{
	return g_ptr_array_index(shelf->mails, index);
}

/* Between a reply and a mail of any version. */
static gboolean
in_reach(const struct kd_member *reply, const struct kd_member *mail)
{
	return ABS(reply->record->date - mail->record->date) <=
	       (is_patch(reply) ? KD_TOPIC_VERSIONS : KD_TOPIC_ORPHANS);
}

/* Whether a mail is of the version and has the number that a reply names. */
static gboolean
is_named(const struct kd_member *reply, const struct kd_member *mail)
{
	return !strcmp(reply->subject->version, mail->subject->version) &&
	       reply->subject->part == mail->subject->part &&
	       ABS(reply->record->date - mail->record->date) <=
		   KD_TOPIC_ORPHANS;
}

/* Whether a mail is by the same person as the first one that was asked of. */
static gboolean
is_one_author(const kd_record **first, const kd_record *record)
{
	if (!*first)
		*first = record;
	return kd_series_same_person(*first, record);
}

static void
shelf_init(struct shelf *shelf, const GPtrArray *mails, guint index)
{
	const struct kd_member *reply = g_ptr_array_index(mails, index);
	const kd_record *any = NULL, *own = NULL;

	*shelf = (struct shelf){.mails = mails,
	    .index = index,
	    .first = index > KD_TOPIC_LOOK ? index - KD_TOPIC_LOOK : 0,
	    .end = MIN(mails->len, index + KD_TOPIC_LOOK),
	    .one_author = TRUE,
	    .one_own = TRUE};
	for (guint i = shelf->first; i < shelf->end; i++) {
		const struct kd_member *mail = shelf_at(shelf, i);

		if (is_reply(mail) || !in_reach(reply, mail))
			continue;
		if (!is_one_author(&any, mail->record))
			shelf->one_author = FALSE;
		if (is_named(reply, mail) && !is_one_author(&own, mail->record))
			shelf->one_own = FALSE;
	}
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
 * Whether a lost reply belongs to a mail of the same title: the one that it
 * names, within two months, or another version of a patch.  Of several people's
 * it is the one whose author the reply is to or from.
 */
static gboolean
belongs(const struct kd_member *reply, const struct kd_member *mail,
    const struct shelf *shelf)
{
	gboolean named = is_named(reply, mail);
	gboolean one = named ? shelf->one_own : shelf->one_author;

	if (reply->record->thread == mail->record->thread)
		return FALSE;
	if (is_reply(mail) && !kd_topic_is_specific(reply->subject->key))
		return FALSE;
	if (!is_reply(mail) && !one && !concerns(reply, mail))
		return FALSE;
	if (!strcmp(reply->subject->version, mail->subject->version))
		return named;
	return is_patch(reply) && in_reach(reply, mail);
}

/*
 * What a lost reply belongs to: the nearest mail before it that is no reply,
 * else the nearest such after it, else a lost reply before it.
 */
static const struct kd_member *
find_mail(const struct shelf *shelf)
{
	const struct kd_member *reply = shelf_at(shelf, shelf->index);
	const struct kd_member *other = NULL;

	for (guint i = shelf->index; i > shelf->first; i--) {
		const struct kd_member *mail = shelf_at(shelf, i - 1);

		if (!belongs(reply, mail, shelf))
			continue;
		if (!is_reply(mail))
			return mail;
		other = other ? other : mail;
	}
	for (guint i = shelf->index + 1; i < shelf->end; i++) {
		const struct kd_member *mail = shelf_at(shelf, i);

		if (!is_reply(mail) && belongs(reply, mail, shelf))
			return mail;
	}
	return other;
}

static void
join_shelf(struct kd_linker *linker, const GPtrArray *mails)
{
	for (guint i = 0; i < mails->len; i++) {
		const struct kd_member *member = g_ptr_array_index(mails, i);
		const struct kd_member *mail;
		struct shelf shelf;

		if (!is_reply(member))
			continue;
		shelf_init(&shelf, mails, i);
		mail = find_mail(&shelf);
		if (mail)
			kd_linker_join(linker, member->record->thread,
			    mail->record->thread);
	}
}

void
kd_linker_join_replies(struct kd_linker *linker)
{
	g_autoptr(GHashTable) begun = find_begun(linker);
	g_autoptr(GHashTable) shelves = make_shelves(linker, begun);
	GHashTableIter at;
	gpointer value;

	for (guint i = 0; i < linker->by_date->len; i++) {
		const struct kd_member *member = linker->by_date->pdata[i];
		GPtrArray *mails = g_hash_table_lookup(shelves, member);

		if (mails && (!is_reply(member) || is_lost(member, begun)))
			g_ptr_array_add(mails, (gpointer)member);
	}
	g_hash_table_iter_init(&at, shelves);
	while (g_hash_table_iter_next(&at, NULL, &value))
		join_shelf(linker, value);
}
