/*
 * Versions whose title was made better: a typo mended, a word replaced.
 */
#include "config.h"

#include <string.h>

#include "alike.h"
#include "topic-work.h"

#define NEAR_BUDGET 32 /* titles that one is compared with */

/* Whether a work of the same person may be the next version of an older one. */
static gboolean
is_near(const struct kd_work *older, const struct kd_work *work)
{
	return !older->followed && kd_work_is_next(older, work) &&
	       kd_work_same_project(older, work);
}

/* What works with nearly the same title meet under. */
struct name {
	const char *person;
	struct kd_word word;
};

static guint
hash_name(gconstpointer data)
{
	const struct name *name = data;
	guint hash = g_str_hash(name->person);

	for (gsize i = 0; i < name->word.length; i++)
		hash = 33 * hash + (guchar)name->word.at[i];
	return hash;
}

static gboolean
same_name(gconstpointer a, gconstpointer b)
{
	const struct name *one = a, *two = b;

	return one->word.length == two->word.length &&
	       !memcmp(one->word.at, two->word.at, one->word.length) &&
	       !strcmp(one->person, two->person);
}

/* The names of a work, by address and by name of its author; how many. */
static guint
near_names(const struct kd_work *work, struct name names[2 * KD_TOPIC_WORDS])
{
	struct kd_word words[KD_TOPIC_WORDS];
	guint n = kd_topic_words(work->title->subject->key, words);
	guint named = 0;

	for (guint i = 0; i < n; i++) {
		if (*work->person)
			names[named++] = (struct name){work->person, words[i]};
		if (*work->name)
			names[named++] = (struct name){work->name, words[i]};
	}
	return named;
}

static GArray *
list_of(GHashTable *lists, const struct name *name)
{
	GArray *list = g_hash_table_lookup(lists, name);

	if (!list) {
		list = g_array_new(FALSE, FALSE, sizeof(guint));
		g_hash_table_insert(
		    lists, g_memdup2(name, sizeof(*name)), list);
	}
	return list;
}

/* Which part of a larger work a title names, "..., part 2"; 0 for none. */
static guint64
part_of(const char *key)
{
	static const char *const words[] = {
	    "part ", "phase ", "stage ", "step ", "batch "};

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++) {
		const char *found = strstr(key, words[i]);

		if (found && g_ascii_isdigit(found[strlen(words[i])]))
			return g_ascii_strtoull(
			    found + strlen(words[i]), NULL, 10);
	}
	return 0;
}

/*
 * In percent; 0 for titles that are too long to be compared, or that are of two
 * parts of a work.
 */
static guint
compare_titles(const struct kd_work *a, const struct kd_work *b)
{
	const char *one = a->title->subject->key;
	const char *two = b->title->subject->key;
	guint64 part = part_of(one), other = part_of(two);

	if (strlen(one) > KD_ALIKE_MAX || strlen(two) > KD_ALIKE_MAX ||
	    (part && other && part != other))
		return 0;
	return kd_alike(one, two);
}

/*
 * The most alike title of a list's works, if more than *most percent alike;
 * each comparison is paid from *budget.
 */
static struct kd_work *
find_near(const struct kd_works *works, const GArray *list,
    const struct kd_work *work, guint *most, guint *budget)
{
	struct kd_work *best = NULL;

	for (guint i = list->len; i > kd_works_from(list) && *budget > 0; i--) {
		struct kd_work *older =
		    kd_works_at(works, g_array_index(list, guint, i - 1));
		guint alike;

		if (kd_work_apart(older, work) > KD_TOPIC_NEAR)
			break;
		if (!is_near(older, work))
			continue;
		--*budget;
		alike = compare_titles(older, work);
		if (alike > *most) {
			*most = alike;
			best = older;
		}
	}
	return best;
}

/*
 * A title that was made better: the most alike, if none is the same.  Works
 * that are known to go on otherwise are no candidates, else two patches that
 * differ in one word, each with a version, would become one.  What is found
 * here counts as no such knowledge, so that no guess hangs on others.
 */
static void
follow_near(struct kd_works *works, guint index, GHashTable *lists)
{
	struct kd_work *work = kd_works_at(works, index);
	struct kd_work *best = NULL;
	struct name names[2 * KD_TOPIC_WORDS];
	guint n;
	guint most = KD_TOPIC_ALIKE - 1, budget = NEAR_BUDGET;

	if (!work->title)
		return;
	n = near_names(work, names);
	for (guint i = 0; i < n; i++) {
		GArray *list = list_of(lists, &names[i]);
		struct kd_work *near = NULL;

		if (!work->follows)
			near = find_near(works, list, work, &most, &budget);
		if (near)
			best = near;
		g_array_append_val(list, index);
	}
	if (best)
		kd_linker_join(works->linker, best->thread, work->thread);
}

void
kd_works_follow_near(struct kd_works *works)
{
	g_autoptr(GHashTable) lists = g_hash_table_new_full(
	    hash_name, same_name, g_free, (GDestroyNotify)g_array_unref);

	for (guint i = 0; i < works->all->len; i++)
		follow_near(works, i, lists);
}
