/*
 * The keys that make an index over mails find what topic.c may join.
 *
 * A key is a hash over its kind, what mails have in common, and, where only
 * mails of about one time are joined, a span of time.  Who looks for others
 * looks in the spans before and after, too.  The span comes first, so that the
 * keys of mails of one time lie together.
 */
#include "config.h"

#include <string.h>

#include "person.h"
#include "topic-private.h"
#include "topic.h"

#define DAY_BITS 16

struct collector {
	GArray *keys;
	gint64 date;
	int look; /* spans on each side to look for others in; 0: one's own */
};

/* FNV-1a; two values with one hash cost a look at a mail in vain. */
static guint64
hash_bytes(guint64 hash, const char *bytes, gsize length)
{
	for (gsize i = 0; i < length; i++)
		hash = (hash ^ (guchar)bytes[i]) *
		       G_GUINT64_CONSTANT(1099511628211);
	return (hash ^ '\n') * G_GUINT64_CONSTANT(1099511628211);
}

static guint64
hash_text(guint64 hash, const char *text)
{
	return hash_bytes(hash, text, strlen(text));
}

static guint64
hash_number(guint64 hash, guint64 number)
{
	for (; number; number >>= 8)
		hash =
		    (hash ^ (number & 255)) * G_GUINT64_CONSTANT(1099511628211);
	return hash_text(hash, "");
}

static guint64
start_key(const char *kind, const char *value)
{
	return hash_text(
	    hash_text(G_GUINT64_CONSTANT(14695981039346656037), kind), value);
}

static guint64
start_title(
    const char *kind, const char *title, const char *home, gboolean stable)
{
	return hash_text(
	    hash_text(start_key(kind, title), home), stable ? "1" : "0");
}

/* The day is that on which the key's span begins, from 1970 on; 0 without. */
static void
add_key_of_day(struct collector *to, guint64 key, gint64 day)
{
	/* FNV's high bits are poor, and the store sorts by them. */
	key = (key ^ key >> 33) * G_GUINT64_CONSTANT(0xff51afd7ed558ccd);
	key = (key ^ key >> 33) >> DAY_BITS | (guint64)day << (64 - DAY_BITS);
	g_array_append_val(to->keys, key);
}

static void
add_key(struct collector *to, guint64 key)
{
	add_key_of_day(to, key, 0);
}

/* Those of some spans, of so many seconds each, by their number from 1970. */
static void
add_spans(
    struct collector *to, guint64 key, gint64 first, gint64 last, gint64 span)
{
	for (gint64 i = first; i <= last; i++)
		add_key_of_day(
		    to, hash_number(key, (guint64)i), i * span / KD_TOPIC_DAY);
}

/* The span of the mail, or those about it. */
static void
add_spans_about(struct collector *to, guint64 key, gint64 span)
{
	gint64 at = to->date / span;

	add_spans(to, key, at - to->look, at + to->look, span);
}

/* Parts that were not threaded. */
static void
add_part_keys(struct collector *to, const struct kd_member *member)
{
	const kd_subject *subject = member->subject;
	const kd_record *record = member->record;
	g_autofree char *person = kd_person_key(record->name, record->address);
	guint64 key = start_key("part", person);

	key = hash_text(key, subject->version);
	key = hash_text(key, subject->project);
	key = hash_text(key, subject->tree);
	add_spans_about(
	    to, hash_number(key, (guint64)subject->total), KD_TOPIC_PARTS);
}

/* Whether there is one version, and no more, for a whole number: not 2.5, 0. */
static gboolean
is_whole(const char *version)
{
	return *version != '0' && !version[strspn(version, "0123456789")];
}

/*
 * One posting and the next with a title that is nearly the same.  Those of one
 * whole version are not looked for: what is between two, like 2.5, is found as
 * either of them.
 */
static void
add_near_keys(struct collector *to, const struct kd_member *member,
    const struct kd_word *words, guint n, const char *person)
{
	const kd_subject *subject = member->subject;
	gboolean whole = is_whole(subject->version);
	guint64 version = kd_topic_version(subject->version);
	guint64 first = version - (to->look && version > 1);
	guint64 last = version + (to->look || !whole);

	if (!*person)
		return;
	for (guint i = 0; i < n; i++) {
		guint64 key = start_key("near", person);

		key = hash_text(key, subject->home);
		key = hash_bytes(key, words[i].at, words[i].length);
		for (guint64 v = first; v <= last; v++)
			if (v != version || !to->look || !whole)
				add_spans_about(
				    to, hash_number(key, v), KD_TOPIC_NEAR);
	}
}

/*
 * The Message-ID that a posting cites as an earlier version's, or NULL.  What
 * it cites otherwise is found by the patches in common.
 */
static char *
earlier_id(const struct kd_fact *fact)
{
	return fact->kind == KD_FACT_PREVIOUS_VERSION
		   ? kd_topic_linked_id(fact->value)
		   : NULL;
}

static void
add_fact_keys(struct collector *to, const kd_record *record)
{
	for (guint i = 0; i < record->n_facts; i++) {
		const struct kd_fact *fact = &record->facts[i];
		g_autofree char *id = NULL;

		if (fact->kind == KD_FACT_CHANGE_ID)
			add_key(to, start_key("change", fact->value));
		/* Who cites is found by it; who is cited, by its Message-ID. */
		if (!to->look)
			id = earlier_id(fact);
		if (id)
			add_key(to, start_key("link", id));
	}
}

static void
add_posting_keys(struct collector *to, const struct kd_member *member)
{
	const kd_record *record = member->record;
	const kd_subject *subject = member->subject;

	if (to->look)
		add_key(to, start_key("link", record->id));
	add_fact_keys(to, record);
	if (subject->part >= 0)
		add_part_keys(to, member);
	if (subject->part <= 0 || subject->total == 1) {
		g_autofree char *name = kd_person_full_name(record->name);
		g_autofree char *person =
		    kd_person_key(record->name, record->address);
		struct kd_word words[KD_TOPIC_WORDS];
		guint n = kd_topic_words(subject->key, words);

		add_near_keys(to, member, words, n, person);
		if (strcmp(name, person))
			add_near_keys(to, member, words, n, name);
	}
}

static void
add_patch_key(struct collector *to, const kd_subject *subject, gboolean stable)
{
	if (*subject->key)
		add_spans_about(to,
		    start_title("patch", subject->key, subject->home, stable),
		    KD_TOPIC_VERSIONS);
}

static void
collect(struct collector *to, const struct kd_member *member)
{
	const kd_subject *subject = member->subject;

	if (subject->flags & KD_SUBJECT_PATCH) {
		add_patch_key(to, subject, member->stable);
		/*
		 * A cover is of what its patches are, whatever it says; and who
		 * answers a copy without a tag does not say it either.
		 */
		if (subject->part == 0 ||
		    (member->stable && !(subject->flags & KD_SUBJECT_STABLE)))
			add_patch_key(to, subject, !member->stable);
		if (kd_member_is_patch(member))
			add_posting_keys(to, member);
		return;
	}
	if (*subject->key &&
	    (!(subject->flags & KD_SUBJECT_REPLY) || !member->record->n_refs))
		add_spans_about(to,
		    start_title(
			"subject", subject->key, subject->home, member->stable),
		    KD_TOPIC_ORPHANS);
}

void
kd_topic_add_key(GArray *keys, const char *kind, const char *value)
{
	struct collector to = {.keys = keys};

	add_key(&to, start_key(kind, value));
}

void
kd_topic_add_patch_keys(GArray *keys, const char *title, const char *home,
    gint64 since, gint64 until)
{
	struct collector to = {.keys = keys};
	guint64 key = start_title("patch", title, home, FALSE);

	add_spans(&to, key, since / KD_TOPIC_VERSIONS,
	    until / KD_TOPIC_VERSIONS, KD_TOPIC_VERSIONS);
}

void
kd_topic_keys(const struct kd_member *member, GArray *keys)
{
	struct collector to = {.keys = keys, .date = member->record->date};

	collect(&to, member);
}

void
kd_topic_look(const struct kd_member *member, GArray *keys)
{
	/* What a lost reply does hangs on what others like it do. */
	struct collector to = {.keys = keys,
	    .date = member->record->date,
	    .look = member->subject->flags & KD_SUBJECT_ANSWER ? 2 : 1};

	collect(&to, member);
}

void
kd_topic_cited(const struct kd_member *member, GPtrArray *ids)
{
	const kd_record *record = member->record;

	if (!(member->subject->flags & KD_SUBJECT_PATCH) ||
	    !kd_member_is_patch(member))
		return;
	for (guint i = 0; i < record->n_facts; i++) {
		char *id = earlier_id(&record->facts[i]);

		if (id)
			g_ptr_array_add(ids, id);
	}
}

gboolean
kd_topic_is_actor(const struct kd_member *member, gboolean begun)
{
	const kd_subject *subject = member->subject;

	if (!(subject->flags & KD_SUBJECT_REPLY) || !member->record->n_refs)
		return TRUE;
	return !begun && subject->flags & KD_SUBJECT_PATCH;
}
