/*
 * The keys that make an index over mails find what topic.c may join.
 */
#include "config.h"

#include <string.h>

#include "person.h"
#include "topic-private.h"
#include "topic.h"

/* The first eight bytes of the SHA-256 of a kind and a value. */
static void
add_key(GArray *keys, const char *kind, const char *value)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	guint8 digest[32];
	gsize length = sizeof(digest);
	guint64 key = 0;

	g_checksum_update(sum, (const guchar *)kind, -1);
	g_checksum_update(sum, (const guchar *)"\n", 1);
	g_checksum_update(sum, (const guchar *)value, -1);
	g_checksum_get_digest(sum, digest, &length);
	for (gsize i = 0; i < sizeof(key); i++)
		key = key << 8 | digest[i];
	g_array_append_val(keys, key);
}

/*
 * Parts that were not threaded: two spans of time, of which any two mails that
 * may belong together share one.
 */
static void
add_part_keys(GArray *keys, const struct kd_member *member)
{
	const kd_subject *subject = member->subject;
	const kd_record *record = member->record;
	g_autofree char *person = kd_person_key(record->name, record->address);
	gint64 span = record->date / KD_TOPIC_PARTS;

	for (gint64 i = 0; i < 2; i++) {
		g_autofree char *value =
		    g_strdup_printf("%s\n%s\n%s\n%d\n%" G_GINT64_FORMAT, person,
			subject->version, subject->project, subject->total,
			span + i);

		add_key(keys, "part", value);
	}
}

/* One posting and the next with a title that is nearly the same. */
static void
add_near_keys(GArray *keys, const struct kd_member *member, const char *person)
{
	const kd_subject *subject = member->subject;
	g_autoptr(GPtrArray) words = kd_topic_words(subject->key);
	guint64 version = kd_topic_version(subject->version);

	if (!*person)
		return;
	for (guint i = 0; i < words->len; i++) {
		const char *word = g_ptr_array_index(words, i);

		for (guint64 v = version - (version > 1); v <= version; v++) {
			g_autofree char *value =
			    g_strdup_printf("%s\n%s\n%" G_GUINT64_FORMAT "\n%s",
				person, subject->project, v, word);

			add_key(keys, "near", value);
		}
	}
}

static void
add_fact_keys(GArray *keys, const kd_record *record)
{
	for (guint i = 0; i < record->n_facts; i++) {
		const struct kd_fact *fact = &record->facts[i];
		g_autofree char *id = NULL;

		if (fact->kind == KD_FACT_CHANGE_ID)
			add_key(keys, "change", fact->value);
		if (fact->kind != KD_FACT_LINK &&
		    fact->kind != KD_FACT_PREVIOUS_VERSION)
			continue;
		id = kd_topic_linked_id(fact->value);
		if (id)
			add_key(keys, "mail", id);
	}
}

static void
add_posting_keys(GArray *keys, const struct kd_member *member)
{
	const kd_record *record = member->record;
	const kd_subject *subject = member->subject;

	add_key(keys, "mail", record->id);
	add_fact_keys(keys, record);
	if (subject->part >= 0)
		add_part_keys(keys, member);
	if (subject->part <= 0 || subject->total == 1) {
		g_autofree char *name = kd_topic_name(record);
		g_autofree char *person =
		    kd_person_key(record->name, record->address);

		add_near_keys(keys, member, person);
		if (strcmp(name, person))
			add_near_keys(keys, member, name);
	}
}

void
kd_topic_keys(const struct kd_member *member, GArray *keys)
{
	const kd_subject *subject = member->subject;
	g_autofree char *title = kd_topic_title(subject);

	if (subject->flags & KD_SUBJECT_PATCH) {
		if (title)
			add_key(keys, "patch", title);
		if (kd_member_is_patch(member))
			add_posting_keys(keys, member);
		return;
	}
	if (title &&
	    (!(subject->flags & KD_SUBJECT_REPLY) || !member->record->n_refs))
		add_key(keys, "subject", title);
}
