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

/* The names under which works with nearly the same title meet. */
static GPtrArray *
near_names(const struct kd_work *work)
{
	g_autoptr(GPtrArray) words = kd_topic_words(work->title->subject->key);
	GPtrArray *names = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < words->len; i++) {
		const char *word = g_ptr_array_index(words, i);

		g_ptr_array_add(
		    names, g_strconcat(work->person, "\n", word, NULL));
		if (*work->name)
			g_ptr_array_add(
			    names, g_strconcat(work->name, "\n", word, NULL));
	}
	return names;
}

/* Whether each number in a text is one of the other text's too. */
static gboolean
has_numbers(const char *text, const char *other)
{
	const char *const digits = "0123456789";

	for (text = strpbrk(text, digits); text; text = strpbrk(text, digits)) {
		gsize n = strspn(text, digits);
		const char *p = strpbrk(other, digits);

		while (p && (strspn(p, digits) != n || strncmp(p, text, n)))
			p = strpbrk(p + strspn(p, digits), digits);
		if (!p)
			return FALSE;
		text += n;
	}
	return TRUE;
}

/*
 * In percent; 0 for titles that are too long to be compared, or that each have
 * a number of their own: part 1 is not part 2.
 */
static guint
compare_titles(const struct kd_work *a, const struct kd_work *b)
{
	const char *one = a->title->subject->key;
	const char *two = b->title->subject->key;

	if (strlen(one) > KD_ALIKE_MAX || strlen(two) > KD_ALIKE_MAX ||
	    (!has_numbers(one, two) && !has_numbers(two, one)))
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
follow_near(struct kd_works *works, guint index)
{
	struct kd_work *work = kd_works_at(works, index);
	g_autoptr(GPtrArray) names = NULL;
	struct kd_work *best = NULL;
	guint most = KD_TOPIC_ALIKE - 1, budget = NEAR_BUDGET;

	if (!work->title)
		return;
	names = near_names(work);
	for (guint i = 0; i < names->len; i++) {
		GArray *list = kd_works_list(works, "near", names->pdata[i]);
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
	for (guint i = 0; i < works->all->len; i++)
		follow_near(works, i);
}
