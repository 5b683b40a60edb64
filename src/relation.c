#include "config.h"

#include <string.h>

#include "relation.h"
#include "topic-private.h"

#define COMMIT_LENGTH  12 /* digits by which a commit is found */
#define STABLE_AFTER   (4 * KD_TOPIC_VERSIONS) /* its original, at most */
#define CAUSE_BEFORE   (10 * KD_TOPIC_VERSIONS)
#define SYZBOT_ADDRESS "syzbot+"

static const struct {
	const char *name, *label;
} relations[KD_RELATIONS] = {
    [KD_RELATION_NONE] = {"", ""},
    [KD_RELATION_REPORT] = {"report", "所修复的问题"},
    [KD_RELATION_FIX] = {"fix", "修复"},
    [KD_RELATION_CAUSE] = {"cause", "所修正的提交出自"},
    [KD_RELATION_AMENDED] = {"amended", "后续修正"},
    [KD_RELATION_PULL] = {"pull", "收入 PULL"},
    [KD_RELATION_PAYLOAD] = {"payload", "包含"},
    [KD_RELATION_PULL_PARTLY] = {"pull-partly", "部分补丁收入 PULL"},
    [KD_RELATION_PAYLOAD_PARTLY] = {"payload-partly", "包含部分补丁"},
    [KD_RELATION_ORIGINAL] = {"original", "stable 移植自"},
    [KD_RELATION_STABLE] = {"stable", "stable 移植"},
    [KD_RELATION_LINK] = {"link", "引用"},
    [KD_RELATION_LINKED] = {"linked", "被引用于"},
};

static const enum kd_relation inverse[KD_RELATIONS] = {
    [KD_RELATION_REPORT] = KD_RELATION_FIX,
    [KD_RELATION_CAUSE] = KD_RELATION_AMENDED,
    [KD_RELATION_PAYLOAD] = KD_RELATION_PAYLOAD,
    [KD_RELATION_ORIGINAL] = KD_RELATION_STABLE,
    [KD_RELATION_LINK] = KD_RELATION_LINKED,
};

const char *
kd_relation_name(enum kd_relation relation)
{
	return relations[relation].name;
}

const char *
kd_relation_label(enum kd_relation relation)
{
	return relations[relation].label;
}

/* A patch as it was posted: what it says of itself is its author's word. */
static gboolean
is_patch(const struct kd_member *member)
{
	return (member->subject->flags &
		   (KD_SUBJECT_PATCH | KD_SUBJECT_REPLY | KD_SUBJECT_PULL)) ==
	       KD_SUBJECT_PATCH;
}

/* A commit that a fact names, short enough to compare; NULL if too short. */
static char *
commit_of(const struct kd_fact *fact)
{
	gsize hex = strspn(fact->value, "0123456789abcdef");

	return hex < COMMIT_LENGTH ? NULL
				   : g_strndup(fact->value, COMMIT_LENGTH);
}

/* The key of a patch's title, if it stands for one patch; or NULL. */
static char *
specific_key(const char *title)
{
	g_autoptr(kd_subject) subject = kd_subject_parse(title);

	return kd_topic_is_specific(subject->key)
		   ? g_steal_pointer(&subject->key)
		   : NULL;
}

/* The same of the title in `hash ("title")`. */
static char *
fixed_title(const struct kd_fact *fact)
{
	const char *from = strstr(fact->value, "(\"");
	const char *to = g_strrstr(fact->value, "\")");
	g_autofree char *title = NULL;

	if (!from || !to || to < from + 2)
		return NULL;
	title = g_strndup(from + 2, (gsize)(to - from - 2));
	return specific_key(title);
}

/* The hash in "syzbot+HASH@...", by which syzbot knows a bug; or NULL. */
static char *
syzbot_hash(const char *text)
{
	const char *at = strstr(text, SYZBOT_ADDRESS);
	gsize hex;

	if (!at)
		return NULL;
	at += strlen(SYZBOT_ADDRESS);
	hex = strspn(at, "0123456789abcdef");
	return hex >= COMMIT_LENGTH && at[hex] == '@' ? g_strndup(at, hex)
						      : NULL;
}

static void
add_key(GArray *keys, const char *kind, char *value)
{
	if (value)
		kd_topic_add_key(keys, kind, value);
	g_free(value);
}

void
kd_relation_links(const struct kd_member *member, GPtrArray *ids)
{
	const kd_record *record = member->record;

	for (guint i = 0; is_patch(member) && i < record->n_facts; i++) {
		const struct kd_fact *fact = &record->facts[i];
		char *id = NULL;

		if (fact->kind == KD_FACT_LINK || fact->kind == KD_FACT_CLOSES)
			id = kd_topic_linked_id(fact->value);
		if (id)
			g_ptr_array_add(ids, id);
	}
}

static void
add_fact_keys(const struct kd_member *member, GArray *keys)
{
	const kd_record *record = member->record;

	for (guint i = 0; i < record->n_facts; i++) {
		const struct kd_fact *fact = &record->facts[i];

		if (fact->kind == KD_FACT_APPLIED_COMMIT ||
		    fact->kind == KD_FACT_BISECTED)
			add_key(keys, "commit", commit_of(fact));
		if (fact->kind == KD_FACT_PAYLOAD &&
		    kd_member_is_request(member))
			add_key(keys, "payload", specific_key(fact->value));
		if (!is_patch(member))
			continue;
		if (fact->kind == KD_FACT_FIXES) {
			add_key(keys, "fixes", commit_of(fact));
			add_key(keys, "fixes title", fixed_title(fact));
		}
		if (fact->kind == KD_FACT_REPORTED_BY)
			add_key(keys, "syzbot fix", syzbot_hash(fact->value));
		if (fact->kind == KD_FACT_LINK || fact->kind == KD_FACT_CLOSES)
			add_key(keys, "cites", kd_topic_linked_id(fact->value));
	}
}

void
kd_relation_keys(const struct kd_member *member, GArray *keys)
{
	add_fact_keys(member, keys);
	add_key(keys, "syzbot", syzbot_hash(member->record->address));
	if (is_patch(member) && member->stable)
		kd_topic_add_key(keys, "stable", member->subject->key);
}

static void
look_for_patch(const struct kd_member *member, GArray *keys)
{
	const kd_subject *subject = member->subject;
	gint64 date = member->record->date;

	if (!*subject->key)
		return;
	if (member->stable) {
		kd_topic_add_patch_keys(keys, subject->key, subject->home,
		    date - STABLE_AFTER, date);
		return;
	}
	kd_topic_add_key(keys, "stable", subject->key);
	kd_topic_add_key(keys, "fixes title", subject->key);
	kd_topic_add_key(keys, "payload", subject->key);
	kd_topic_add_patch_keys(keys, subject->key, subject->home,
	    date - KD_TOPIC_VERSIONS, date + KD_TOPIC_VERSIONS);
}

static void
look_for_fact(
    const struct kd_member *member, const struct kd_fact *fact, GArray *keys)
{
	gint64 date = member->record->date;
	g_autofree char *title = NULL;

	if (fact->kind == KD_FACT_APPLIED_COMMIT ||
	    fact->kind == KD_FACT_BISECTED)
		add_key(keys, "fixes", commit_of(fact));
	if (fact->kind == KD_FACT_PAYLOAD && kd_member_is_request(member)) {
		title = specific_key(fact->value);
		if (title)
			kd_topic_add_patch_keys(keys, title,
			    member->subject->home, date - KD_TOPIC_VERSIONS,
			    date);
	}
	if (!is_patch(member))
		return;
	if (fact->kind == KD_FACT_REPORTED_BY)
		add_key(keys, "syzbot", syzbot_hash(fact->value));
	if (fact->kind != KD_FACT_FIXES)
		return;
	add_key(keys, "commit", commit_of(fact));
	title = fixed_title(fact);
	if (title)
		kd_topic_add_patch_keys(
		    keys, title, "", date - CAUSE_BEFORE, date);
}

void
kd_relation_look(const struct kd_member *member, GArray *keys)
{
	const kd_record *record = member->record;

	kd_topic_add_key(keys, "cites", record->id);
	add_key(keys, "syzbot fix", syzbot_hash(record->address));
	if (is_patch(member))
		look_for_patch(member, keys);
	for (guint i = 0; i < record->n_facts; i++)
		look_for_fact(member, &record->facts[i], keys);
}

/* Whether a mail tells that this commit was applied, or is a bug's. */
static gboolean
has_commit(const kd_record *record, enum kd_fact_kind kind, const char *commit)
{
	for (guint i = 0; commit && i < record->n_facts; i++)
		if (record->facts[i].kind == kind &&
		    g_str_has_prefix(record->facts[i].value, commit))
			return TRUE;
	return FALSE;
}

static enum kd_relation
relation_by_fact(const struct kd_member *a, const struct kd_fact *fact,
    const struct kd_member *b)
{
	g_autofree char *value = NULL;
	g_autofree char *other = NULL;

	switch (fact->kind) {
	case KD_FACT_CLOSES:
	case KD_FACT_LINK:
		value = kd_topic_linked_id(fact->value);
		if (!value || strcmp(value, b->record->id))
			return KD_RELATION_NONE;
		return fact->kind == KD_FACT_LINK ? KD_RELATION_LINK
						  : KD_RELATION_REPORT;
	case KD_FACT_REPORTED_BY:
		value = syzbot_hash(fact->value);
		other = syzbot_hash(b->record->address);
		return value && !g_strcmp0(value, other) ? KD_RELATION_REPORT
							 : KD_RELATION_NONE;
	case KD_FACT_FIXES:
		value = commit_of(fact);
		if (has_commit(b->record, KD_FACT_BISECTED, value))
			return KD_RELATION_REPORT;
		if (has_commit(b->record, KD_FACT_APPLIED_COMMIT, value))
			return KD_RELATION_CAUSE;
		other = fixed_title(fact);
		return other && is_patch(b) && !b->stable &&
			       !strcmp(other, b->subject->key) &&
			       b->record->date <= a->record->date
			   ? KD_RELATION_CAUSE
			   : KD_RELATION_NONE;
	default:
		return KD_RELATION_NONE;
	}
}

static enum kd_relation
relation_by_title(const struct kd_member *a, const struct kd_member *b)
{
	if (!is_patch(b) || !*a->subject->key ||
	    strcmp(a->subject->key, b->subject->key))
		return KD_RELATION_NONE;
	if (a->stable != b->stable)
		return a->stable ? KD_RELATION_ORIGINAL : KD_RELATION_NONE;
	return a->stable || strcmp(a->subject->home, b->subject->home)
		   ? KD_RELATION_NONE
		   : KD_RELATION_PAYLOAD;
}

/* Whether b is a pull request that lists a, which was posted before. */
static gboolean
is_carried(const struct kd_member *a, const struct kd_member *b)
{
	const kd_record *request = b->record;

	if (!kd_member_is_request(b) || a->stable ||
	    request->date < a->record->date ||
	    request->date - a->record->date > KD_TOPIC_VERSIONS ||
	    strcmp(a->subject->home, b->subject->home) ||
	    !kd_topic_is_specific(a->subject->key))
		return FALSE;
	for (guint i = 0; i < request->n_facts; i++)
		if (request->facts[i].kind == KD_FACT_PAYLOAD &&
		    !g_ascii_strcasecmp(
			request->facts[i].value, a->subject->title))
			return TRUE;
	return FALSE;
}

/* What a, a patch, says of itself that has to do with b. */
static enum kd_relation
relation_to(const struct kd_member *a, const struct kd_member *b)
{
	enum kd_relation found = KD_RELATION_NONE;

	if (!is_patch(a))
		return found;
	if (is_carried(a, b))
		return KD_RELATION_PAYLOAD;
	for (guint i = 0; i < a->record->n_facts; i++) {
		enum kd_relation relation =
		    relation_by_fact(a, &a->record->facts[i], b);

		if (relation && (!found || relation < found))
			found = relation;
	}
	/* A commit's Link leads to where it was posted. */
	if (found == KD_RELATION_LINK && a->stable)
		return KD_RELATION_ORIGINAL;
	return found ? found : relation_by_title(a, b);
}

enum kd_relation
kd_relation_between(const struct kd_member *a, const struct kd_member *b)
{
	enum kd_relation relation = relation_to(a, b);

	return relation ? relation : inverse[relation_to(b, a)];
}
