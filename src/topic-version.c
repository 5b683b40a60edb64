/*
 * Which postings are versions of one work.
 *
 * Postings are looked at from the oldest to the newest, each with those before
 * it, so that the order in which mails came cannot matter.
 */
#include "config.h"

#include <string.h>

#include "topic-work.h"

/*
 * The posting before one of the same title: of the same person the latest,
 * else, for who takes a work over, the highest lower version of another.
 */
static struct kd_work *
find_same_title(const struct kd_works *works, const GArray *list,
    const struct kd_work *work)
{
	struct kd_work *other = NULL;

	for (guint i = list->len; i > kd_works_from(list); i--) {
		struct kd_work *older =
		    kd_works_at(works, g_array_index(list, guint, i - 1));

		if (kd_work_apart(older, work) > KD_TOPIC_VERSIONS)
			break;
		if (kd_work_same_person(older, work))
			return older;
		if (kd_subject_compare_version(
			older->series->version, work->series->version) < 0 &&
		    (!other ||
			kd_subject_compare_version(older->series->version,
			    other->series->version) > 0))
			other = older;
	}
	return other && kd_topic_is_specific(work->title->subject->key) ? other
									: NULL;
}

static void
follow_title(struct kd_works *works, guint index)
{
	struct kd_work *work = kd_works_at(works, index);
	struct kd_work *older;
	GArray *list;

	if (!work->title || !*work->title->subject->key)
		return;
	list = kd_works_list(works->titles, work);
	older = find_same_title(works, list, work);
	if (older)
		kd_works_follow(works, older, work);
	g_array_append_val(list, index);
}

/* Postings with the change-id that b4 gives to a work. */
static void
follow_change(struct kd_works *works, guint index)
{
	struct kd_work *work = kd_works_at(works, index);
	const kd_record *record;

	if (!work->title)
		return;
	record = work->title->record;
	for (guint i = 0; i < record->n_facts; i++) {
		const struct kd_fact *fact = &record->facts[i];
		GArray *list;

		if (fact->kind != KD_FACT_CHANGE_ID)
			continue;
		list = kd_works_list(works->changes, fact->value);
		for (guint j = list->len; j > kd_works_from(list); j--) {
			struct kd_work *older = kd_works_at(
			    works, g_array_index(list, guint, j - 1));

			if (older != work &&
			    older->series->stable == work->series->stable) {
				kd_works_follow(works, older, work);
				break;
			}
		}
		g_array_append_val(list, index);
	}
}

static guint
count_common(const struct kd_work *a, const struct kd_work *b)
{
	GHashTableIter at;
	gpointer key;
	guint common = 0;

	g_hash_table_iter_init(&at, a->patches);
	while (g_hash_table_iter_next(&at, &key, NULL))
		common += g_hash_table_contains(b->patches, key);
	return common;
}

/* How many patches a posting has, also those that never came. */
static guint
count_patches(const struct kd_work *work)
{
	return MAX(
	    g_hash_table_size(work->patches), (guint)work->series->total);
}

/*
 * Whether a posting that another one links to is a version of it: a third of
 * the patches of either say so, or, where the link is named as that of an
 * earlier version, that it is the author's own one.  Others' links lead to what
 * they build on as well, so that it must be a third of the larger one.  A link
 * that is named so may lead to any time.
 */
static gboolean
is_linked_version(const struct kd_work *older, const struct kd_work *newer,
    enum kd_fact_kind kind)
{
	guint before = count_patches(older), after = count_patches(newer);
	guint common = count_common(older, newer);
	gboolean named = kind == KD_FACT_PREVIOUS_VERSION;
	gboolean own = kd_work_same_person(older, newer);
	guint whole = named || own ? MIN(before, after) : MAX(before, after);

	if (!kd_work_same_project(older, newer) ||
	    (!named && kd_work_apart(older, newer) > KD_TOPIC_VERSIONS))
		return FALSE;
	if (common > 0 && common * 3 >= whole)
		return TRUE;
	return named && own &&
	       (kd_work_is_next(older, newer) ||
		   (older->series->rfc && !newer->series->rfc));
}

static void
follow_links(struct kd_works *works, guint index, GHashTable *mails)
{
	struct kd_work *work = kd_works_at(works, index);
	const kd_record *record;

	if (!work->title)
		return;
	record = work->title->record;
	for (guint i = 0; i < record->n_facts; i++) {
		const struct kd_fact *fact = &record->facts[i];
		g_autofree char *id = kd_topic_cited_id(fact);
		guint found;

		found =
		    id ? GPOINTER_TO_UINT(g_hash_table_lookup(mails, id)) : 0;
		if (found && found - 1 < index &&
		    is_linked_version(
			kd_works_at(works, found - 1), work, fact->kind))
			kd_works_follow(
			    works, kd_works_at(works, found - 1), work);
	}
}

/* Count for each older work how many of its patches a work has kept. */
static GHashTable *
count_kept(struct kd_works *works, guint index)
{
	GHashTable *kept = g_hash_table_new(NULL, NULL);
	GHashTableIter at;
	gpointer key;

	g_hash_table_iter_init(&at, kd_works_at(works, index)->patches);
	while (g_hash_table_iter_next(&at, &key, NULL)) {
		GArray *list = kd_works_list(works->patches, key);

		for (guint i = kd_works_from(list); i < list->len; i++) {
			gpointer older =
			    GUINT_TO_POINTER(g_array_index(list, guint, i) + 1);
			gpointer n = g_hash_table_lookup(kept, older);

			g_hash_table_insert(kept, older,
			    GUINT_TO_POINTER(GPOINTER_TO_UINT(n) + 1));
		}
		g_array_append_val(list, index);
	}
	return kept;
}

/*
 * Whether half of the patches were kept.  Works that gather what was posted
 * before bring whole small series along; so, where the version does not say
 * that it is the next one, it must be half of the newer one as well.
 */
static gboolean
is_kept(const struct kd_work *older, const struct kd_work *newer, guint kept)
{
	guint before = g_hash_table_size(older->patches);
	guint after = g_hash_table_size(newer->patches);
	gboolean next = kd_work_is_next(older, newer) ||
			(older->series->rfc && !newer->series->rfc);

	return 2 * kept >= (next ? before : MAX(before, after));
}

/*
 * The same of a version of which no earlier one is known: those between may not
 * have come.
 */
static gboolean
is_kept_at_last(
    const struct kd_work *older, const struct kd_work *newer, guint kept)
{
	return kd_subject_compare_version(
		   older->series->version, newer->series->version) < 0 &&
	       2 * kept >= g_hash_table_size(older->patches);
}

/*
 * Whether somebody goes on with another's series under a title of his own: a
 * higher version, of which no earlier one is known, has half of the patches of
 * both.  Two titles at least, which nobody else would have found.
 */
static gboolean
is_taken_over(
    const struct kd_work *older, const struct kd_work *newer, guint kept)
{
	guint whole = MAX(count_patches(older), count_patches(newer));
	GHashTableIter at;
	gpointer key;
	guint common = 0;

	if (kept < 2 || kd_subject_compare_version(older->series->version,
			    newer->series->version) >= 0)
		return FALSE;
	g_hash_table_iter_init(&at, older->patches);
	while (g_hash_table_iter_next(&at, &key, NULL))
		common += kd_topic_is_specific(key) &&
			  g_hash_table_contains(newer->patches, key);
	return common >= 2 && common * 2 >= whole;
}

/* Whether a work has kept enough of an older one's patches, of so many. */
typedef gboolean (*kept_func)(
    const struct kd_work *older, const struct kd_work *newer, guint kept);

/* Follow the works, of the same person or of others, that have kept enough. */
static void
follow_kept(struct kd_works *works, struct kd_work *work, GHashTable *kept,
    gboolean own, kept_func is_enough)
{
	GHashTableIter at;
	gpointer key, n;

	g_hash_table_iter_init(&at, kept);
	while (g_hash_table_iter_next(&at, &key, &n)) {
		struct kd_work *older =
		    kd_works_at(works, GPOINTER_TO_UINT(key) - 1);

		if (kd_work_same_project(older, work) &&
		    kd_work_apart(older, work) <= KD_TOPIC_VERSIONS &&
		    kd_work_same_person(older, work) == own &&
		    is_enough(older, work, GPOINTER_TO_UINT(n)))
			kd_works_follow(works, older, work);
	}
}

/*
 * Half of the patches are the same, whatever became of the cover's title.  What
 * asks that no earlier version be known asks the patches as well, so that it
 * does not hang on the cover.
 */
static void
follow_patches(struct kd_works *works, guint index)
{
	struct kd_work *work = kd_works_at(works, index);
	g_autoptr(GHashTable) kept = count_kept(works, index);

	follow_kept(works, work, kept, TRUE, is_kept);
	if (!work->follows)
		follow_kept(works, work, kept, TRUE, is_kept_at_last);
	if (!work->follows)
		follow_kept(works, work, kept, FALSE, is_taken_over);
}

/* Which posting a mail is of: Message-ID -> index plus one. */
static GHashTable *
index_mails(const struct kd_linker *linker)
{
	GHashTable *mails = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < linker->members->len; i++) {
		const struct kd_member *member =
		    kd_linker_member(linker, (int)i);

		if (member->posting >= 0)
			g_hash_table_insert(mails, (gpointer)member->record->id,
			    GINT_TO_POINTER(member->posting + 1));
	}
	return mails;
}

void
kd_linker_join_versions(struct kd_linker *linker)
{
	g_autoptr(GHashTable) mails = index_mails(linker);
	struct kd_works works;

	kd_works_init(&works, linker);
	for (guint i = 0; i < works.all->len; i++) {
		follow_change(&works, i);
		follow_title(&works, i);
		follow_links(&works, i, mails);
		follow_patches(&works, i);
	}
	kd_works_follow_near(&works);
	kd_works_clear(&works);
}
