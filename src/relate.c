#include "config.h"

#include <string.h>

#include "load.h"
#include "relate.h"
#include "story.h"
#include "subject.h"

struct kd_relate {
	GHashTable *links;  /* guint64 *: topic -> GPtrArray of kd_link */
	GHashTable *topics; /* guint64 *: topic -> GPtrArray of kd_record */
};

static void
add(GHashTable *table, guint64 topic, gpointer value)
{
	g_hash_table_insert(table, g_memdup2(&topic, sizeof(topic)), value);
}

/* Load the topics that are linked to, each once. */
static gboolean
load_linked(
    kd_relate *relate, kd_txn *txn, const GPtrArray *links, GError **error)
{
	for (guint i = 0; i < links->len; i++) {
		const struct kd_link *link = g_ptr_array_index(links, i);
		GPtrArray *records;

		if (g_hash_table_contains(relate->topics, &link->topic))
			continue;
		records = kd_load_topic(txn, link->topic, error);
		if (!records)
			return FALSE;
		add(relate->topics, link->topic, records);
	}
	return TRUE;
}

kd_relate *
kd_relate_load(
    kd_txn *txn, const GPtrArray *topics, gint64 until, GError **error)
{
	g_autoptr(kd_relate) relate = g_new0(kd_relate, 1);

	relate->links = g_hash_table_new_full(g_int64_hash, g_int64_equal,
	    g_free, (GDestroyNotify)g_ptr_array_unref);
	relate->topics = g_hash_table_new_full(g_int64_hash, g_int64_equal,
	    g_free, (GDestroyNotify)g_ptr_array_unref);
	for (guint i = 0; i < topics->len; i++) {
		const GPtrArray *records = g_ptr_array_index(topics, i);
		const kd_record *first;
		GPtrArray *links = kd_load_links(txn, records, until, error);

		if (!links)
			return NULL;
		/* A topic is loaded for a mail that it has. */
		first = g_ptr_array_index(records, 0);
		add(relate->links, first->topic, links);
		if (!load_linked(relate, txn, links, error))
			return NULL;
	}
	return g_steal_pointer(&relate);
}

void
kd_relate_free(kd_relate *relate)
{
	if (!relate)
		return;
	g_clear_pointer(&relate->links, g_hash_table_unref);
	g_clear_pointer(&relate->topics, g_hash_table_unref);
	g_free(relate);
}

static gboolean
is_bug(const struct kd_topic *topic)
{
	return topic->category == KD_CATEGORY_BUG;
}

static gboolean
is_pull(const struct kd_topic *topic)
{
	return topic->category == KD_CATEGORY_PULL;
}

/* How much of a posting, or of the posting with most of it, a list has. */
enum share {
	SHARE_NONE,
	SHARE_SOME,
	SHARE_ALL
};

/* Of posting -1: the patches of no posting, as robots send them. */
static enum share
share_of_posting(const struct kd_topic *series, int posting, GHashTable *titles)
{
	const struct kd_posting *one =
	    posting < 0 ? NULL : series->postings->pdata[posting];
	guint patches = 0, listed = 0;

	for (guint i = 0; i < series->mails->len; i++) {
		const struct kd_digest_mail *mail = series->mails->pdata[i];
		g_autoptr(kd_subject) subject = NULL;
		g_autofree char *title = NULL;

		if (mail->posting != posting ||
		    mail->kind != (one ? KD_KIND_PATCH : KD_KIND_ROBOT))
			continue;
		subject = kd_subject_parse(mail->subject);
		if (subject->flags & KD_SUBJECT_REPLY)
			continue;
		title = g_ascii_strdown(subject->title, -1);
		patches++;
		listed += !!g_hash_table_contains(titles, title);
	}
	if (!listed)
		return SHARE_NONE;
	return listed == patches && (!one || patches >= one->total)
		   ? SHARE_ALL
		   : SHARE_SOME;
}

static enum share
share_of(const struct kd_topic *series, GHashTable *titles)
{
	enum share share = SHARE_NONE;

	for (int i = -1; i < (int)series->postings->len; i++)
		share = MAX(share, share_of_posting(series, i, titles));
	return share;
}

/* Set of char *: what the newest request's shortlog lists, in lower case. */
static GHashTable *
list_titles(const struct kd_topic *request)
{
	GHashTable *titles =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	int newest = kd_topic_newest_pull(request);

	for (guint i = 0; i < request->facts->len; i++) {
		const struct kd_digest_fact *fact = request->facts->pdata[i];

		if (fact->kind == KD_FACT_PAYLOAD && (int)fact->mail == newest)
			g_hash_table_add(
			    titles, g_ascii_strdown(fact->value, -1));
	}
	return titles;
}

/*
 * A pull request and what it carries, told of topic, which is one of them.  A
 * corrected request may have dropped what an earlier one had.
 */
static enum kd_relation
decide_pull(enum kd_relation relation, const struct kd_topic *topic,
    const struct kd_topic *other)
{
	gboolean pull = is_pull(topic);
	g_autoptr(GHashTable) titles = list_titles(pull ? topic : other);
	enum share share = g_hash_table_size(titles)
			       ? share_of(pull ? other : topic, titles)
			       : SHARE_ALL;

	if (share == SHARE_NONE && relation == KD_RELATION_PAYLOAD)
		return KD_RELATION_NONE;
	if (share == SHARE_ALL)
		return pull ? KD_RELATION_PAYLOAD : KD_RELATION_PULL;
	return pull ? KD_RELATION_PAYLOAD_PARTLY : KD_RELATION_PULL_PARTLY;
}

/*
 * What the mails alone could not tell: a link of a patch to a report says that
 * it mends it, one in a pull request where a patch of it was posted; of two
 * with the same patches one must be a pull request, else they have only a
 * title in common; and what carries a patch is not where it comes from.
 */
static enum kd_relation
decide(enum kd_relation relation, const struct kd_topic *topic,
    const struct kd_topic *other)
{
	switch (relation) {
	case KD_RELATION_LINK:
		if (is_pull(topic) && !is_pull(other))
			return decide_pull(relation, topic, other);
		return is_bug(other) && !is_bug(topic) ? KD_RELATION_REPORT
						       : relation;
	case KD_RELATION_LINKED:
		if (is_pull(other) && !is_pull(topic))
			return decide_pull(relation, topic, other);
		return is_bug(topic) && !is_bug(other) ? KD_RELATION_FIX
						       : relation;
	case KD_RELATION_PAYLOAD:
		if (is_pull(topic) == is_pull(other))
			return KD_RELATION_NONE;
		return decide_pull(relation, topic, other);
	case KD_RELATION_CAUSE:
	case KD_RELATION_ORIGINAL:
		return is_pull(other) ? KD_RELATION_NONE : relation;
	case KD_RELATION_AMENDED:
	case KD_RELATION_STABLE:
		return is_pull(topic) ? KD_RELATION_NONE : relation;
	default:
		return relation;
	}
}

/* What was told of this topic before; a surer relation takes its place. */
static struct kd_related *
find_told(const struct kd_topic *topic, guint64 id)
{
	for (guint i = 0; i < topic->related->len; i++) {
		struct kd_related *related =
		    g_ptr_array_index(topic->related, i);

		if (related->topic == id)
			return related;
	}
	return NULL;
}

/* What another topic proves of this one, by the mails that prove it there. */
static void
set_state(
    struct kd_topic *topic, const char *state, const struct kd_topic *other)
{
	g_free(topic->state);
	topic->state = g_strdup(state);
	topic->state_since = other->state_since;
	g_ptr_array_set_size(topic->state_evidence, 0);
	for (guint i = 0; i < other->state_evidence->len; i++)
		g_ptr_array_add(topic->state_evidence,
		    g_strdup(g_ptr_array_index(other->state_evidence, i)));
}

/* A bug whose fix somebody says to have applied: those mails prove it. */
static void
note_fixed(struct kd_topic *topic, const struct kd_topic *fix)
{
	g_autofree char *state = NULL;

	if (!is_bug(topic) || !fix->state ||
	    !g_str_has_prefix(fix->state, "已应用") ||
	    g_str_has_prefix(topic->state, "已修复"))
		return;
	state = g_strdup_printf("已修复，%s", fix->state);
	set_state(topic, state, fix);
}

/* States of a series that a pull request ends; others are stronger. */
static gboolean
is_open(const char *state)
{
	static const char *const open[] = {
	    "等作者", "等维护者", "等评审", "评审中", "新发布", "部分应用"};

	for (guint i = 0; i < G_N_ELEMENTS(open); i++)
		if (g_str_has_prefix(state, open[i]))
			return TRUE;
	return !*state;
}

/*
 * A series whose newest version is in the shortlog of a request: it waits for
 * nobody any more, unless something came up since.
 */
static void
note_pulled(struct kd_topic *topic, const struct kd_topic *request)
{
	g_autoptr(GHashTable) titles = list_titles(request);
	int newest = (int)topic->postings->len - 1;

	while (newest >= 0) {
		const struct kd_posting *posting =
		    topic->postings->pdata[newest];

		if (!posting->beside && !posting->stable)
			break;
		newest--;
	}
	if (newest < 0 ||
	    share_of_posting(topic, newest, titles) != SHARE_ALL ||
	    !g_str_has_prefix(request->state, "已") || !is_open(topic->state) ||
	    topic->state_since > request->state_since)
		return;
	set_state(topic, request->state, request);
	g_clear_pointer(&topic->waiting.name, g_free);
	topic->waiting = (struct kd_waiting){0};
}

static void
tell_link(struct kd_topic *topic, const struct kd_link *link,
    const struct kd_topic *other)
{
	enum kd_relation relation = decide(link->relation, topic, other);
	struct kd_related *related = find_told(topic, other->id);

	if (!relation || (related && related->relation <= relation))
		return;
	if (related)
		g_ptr_array_remove(topic->related, related);
	related = kd_related_new();
	related->relation = relation;
	related->topic = other->id;
	related->title = g_strdup(other->title);
	related->url = g_strdup(other->url);
	related->own = g_strdup(link->own);
	related->other = g_strdup(link->other);
	g_ptr_array_add(topic->related, related);
	if (relation == KD_RELATION_FIX)
		note_fixed(topic, other);
	if (relation == KD_RELATION_PULL)
		note_pulled(topic, other);
}

/* By relation, then the older topic first; told has them by number. */
static int
compare_related(gconstpointer a, gconstpointer b, gpointer told)
{
	const struct kd_related *x = *(struct kd_related *const *)a;
	const struct kd_related *y = *(struct kd_related *const *)b;
	const struct kd_topic *one, *two;

	if (x->relation != y->relation)
		return x->relation < y->relation ? -1 : 1;
	one = g_hash_table_lookup(told, &x->topic);
	two = g_hash_table_lookup(told, &y->topic);
	if (one->started != two->started)
		return one->started < two->started ? -1 : 1;
	return strcmp(x->other, y->other);
}

void
kd_relate_tell(const kd_relate *relate, kd_digest *digest, const kd_conf *conf)
{
	g_autoptr(GHashTable) told = g_hash_table_new_full(
	    g_int64_hash, g_int64_equal, NULL, (GDestroyNotify)kd_topic_free);
	GHashTableIter at;
	gpointer value;

	g_hash_table_iter_init(&at, relate->topics);
	while (g_hash_table_iter_next(&at, NULL, &value)) {
		struct kd_topic *other =
		    kd_story_tell(value, &digest->window, conf);

		if (other)
			g_hash_table_insert(told, &other->id, other);
	}
	for (guint i = 0; i < digest->topics->len; i++) {
		struct kd_topic *topic = g_ptr_array_index(digest->topics, i);
		const GPtrArray *links =
		    g_hash_table_lookup(relate->links, &topic->id);

		for (guint j = 0; links && j < links->len; j++) {
			const struct kd_link *link =
			    g_ptr_array_index(links, j);
			const struct kd_topic *other =
			    g_hash_table_lookup(told, &link->topic);

			if (other)
				tell_link(topic, link, other);
		}
		g_ptr_array_sort_with_data(
		    topic->related, compare_related, told);
	}
}
