/*
 * Replies that lost what they answer: those without any reference, and whole
 * threads of replies whose posting never came to the list.
 */
#include "config.h"

#include <string.h>

#include "person.h"
#include "topic-private.h"

/*
 * Those who wrote some mails: whether they can be one person, by one address or
 * one name that all have.  What is the same two by two would not do: one more
 * mail could make them one who were not.
 */
struct authors {
	const kd_record *first;
	gboolean address, name;
};

/*
 * Mails with one title, oldest first, seen from one of them: those that it is
 * compared with are first to end - 1.
 */
struct shelf {
	const struct kd_linker *linker;
	const GPtrArray *mails; /* of const struct kd_member * */
	guint index, first, end;
	struct authors any, own; /* of originals in reach, and of the named */
	gboolean named;	 /* what the reply names came, be it several people's */
	gboolean copies; /* some are copies that their text alone tells */
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

/* Whether the subject says that a mail is for a stable tree. */
static gboolean
is_tagged(const struct kd_member *member)
{
	return (member->subject->flags & KD_SUBJECT_STABLE) != 0;
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

	return is_patch(one) == is_patch(two) &&
	       is_tagged(one) == is_tagged(two) &&
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

static void
add_author(struct authors *authors, const kd_record *record)
{
	const kd_record *first = authors->first;

	if (!first) {
		*authors = (struct authors){record, TRUE, TRUE};
		return;
	}
	authors->address =
	    authors->address &&
	    kd_person_same_address(first->address, record->address);
	authors->name =
	    authors->name && kd_person_same_name(first->name, record->name);
}

static gboolean
are_one(const struct authors *authors)
{
	return authors->address || authors->name;
}

/* Whether a mail is of a stable tree's copy, and does not say so in its tag. */
static gboolean
is_hidden_copy(const struct kd_linker *linker, const struct kd_member *member)
{
	const struct kd_series *series =
	    member->posting < 0 ? NULL
				: linker->postings->pdata[member->posting];

	return (series ? series->stable : member->stable) && !is_tagged(member);
}

static void
shelf_init(struct shelf *shelf, const struct kd_linker *linker,
    const GPtrArray *mails, guint index)
{
	const struct kd_member *reply = g_ptr_array_index(mails, index);

	*shelf = (struct shelf){
	    .linker = linker,
	    .mails = mails,
	    .index = index,
	    .first = index > KD_TOPIC_LOOK ? index - KD_TOPIC_LOOK : 0,
	    .end = MIN(mails->len, index + KD_TOPIC_LOOK),
	};
	for (guint i = shelf->first; i < shelf->end; i++) {
		const struct kd_member *mail = shelf_at(shelf, i);

		if (is_reply(mail) || !in_reach(reply, mail))
			continue;
		shelf->copies |= is_hidden_copy(linker, mail);
		add_author(&shelf->any, mail->record);
		if (!is_named(reply, mail))
			continue;
		shelf->named = TRUE;
		add_author(&shelf->own, mail->record);
	}
}

/* Whether a reply is to or from the author of a mail. */
static gboolean
concerns(const struct kd_member *reply, const struct kd_member *mail)
{
	const kd_record *record = reply->record;
	const char *author = mail->record->address;

	if (kd_person_same_address(author, record->address))
		return TRUE;
	for (guint i = 0; i < record->n_copies; i++)
		if (kd_person_same_address(author, record->copies[i]))
			return TRUE;
	return FALSE;
}

/* Whether a lost reply can have to do with a mail of its title, by versions. */
static gboolean
fits(const struct kd_member *reply, const struct kd_member *mail)
{
	if (reply->record->thread == mail->record->thread)
		return FALSE;
	if (!strcmp(reply->subject->version, mail->subject->version))
		return is_named(reply, mail);
	return is_patch(reply) && in_reach(reply, mail);
}

/*
 * Whether a lost reply belongs to what is none: the mail that it names, within
 * two months, or another version of a patch.  Of several people's it is the one
 * whose author the reply is to or from.  A copy for a stable tree that only its
 * text tells has no other versions.
 */
static gboolean
answers(const struct kd_member *reply, const struct kd_member *mail,
    const struct shelf *shelf, gboolean copies)
{
	if (is_reply(mail) || !fits(reply, mail) ||
	    copies != is_hidden_copy(shelf->linker, mail) ||
	    (copies && !is_named(reply, mail)))
		return FALSE;
	return are_one(is_named(reply, mail) ? &shelf->own : &shelf->any) ||
	       concerns(reply, mail);
}

/*
 * The nearest mail before a lost reply that it answers, else after it.  What is
 * older than a copy answers what that was made of.
 */
static const struct kd_member *
find_nearest(const struct shelf *shelf, gboolean copies)
{
	const struct kd_member *reply = shelf_at(shelf, shelf->index);

	for (guint i = shelf->index; i > shelf->first; i--)
		if (answers(reply, shelf_at(shelf, i - 1), shelf, copies))
			return shelf_at(shelf, i - 1);
	for (guint i = shelf->index + 1; !copies && i < shelf->end; i++)
		if (answers(reply, shelf_at(shelf, i), shelf, copies))
			return shelf_at(shelf, i);
	return NULL;
}

/* What a lost reply answers: a copy only where there is nothing else. */
static const struct kd_member *
find_mail(const struct shelf *shelf)
{
	const struct kd_member *mail = find_nearest(shelf, FALSE);

	return mail || !shelf->copies ? mail : find_nearest(shelf, TRUE);
}

/*
 * Join a reply with the next one before it, or after it with a step of 1, that
 * lacks what it names as well; of the same version, or of another.
 */
static void
join_next(struct kd_linker *linker, const GPtrArray *mails,
    const gboolean *lacks, guint index, int step, gboolean same)
{
	const struct kd_member *reply = g_ptr_array_index(mails, index);
	guint at = index;

	for (guint i = 0; i < KD_TOPIC_LOOK; i++) {
		const struct kd_member *other;

		at += (guint)step; /* before the first it is past the last */
		if (at >= mails->len)
			return;
		other = g_ptr_array_index(mails, at);
		if (lacks[at] && fits(reply, other) &&
		    same == !strcmp(reply->subject->version,
				other->subject->version)) {
			kd_linker_join(linker, reply->record->thread,
			    other->record->thread);
			return;
		}
	}
}

/*
 * Join replies with what they answer.  Those that have nothing to answer go with
 * one another, unless the title says little; those about other versions on both
 * sides, so that others about their own may lie between.
 */
static void
join_shelf(struct kd_linker *linker, const GPtrArray *mails)
{
	g_autofree gboolean *lacks = g_new0(gboolean, mails->len);

	for (guint i = 0; i < mails->len; i++) {
		const struct kd_member *member = g_ptr_array_index(mails, i);
		const struct kd_member *mail;
		struct shelf shelf;

		if (!is_reply(member))
			continue;
		shelf_init(&shelf, linker, mails, i);
		mail = find_mail(&shelf);
		lacks[i] = !mail && !shelf.named &&
			   kd_topic_is_specific(member->subject->key);
		if (mail)
			kd_linker_join(linker, member->record->thread,
			    mail->record->thread);
	}
	for (guint i = 0; i < mails->len; i++) {
		if (!lacks[i])
			continue;
		join_next(linker, mails, lacks, i, -1, TRUE);
		/* Questions have no versions; there may be a crowd of them. */
		if (!is_patch(g_ptr_array_index(mails, i)))
			continue;
		join_next(linker, mails, lacks, i, -1, FALSE);
		join_next(linker, mails, lacks, i, 1, FALSE);
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
