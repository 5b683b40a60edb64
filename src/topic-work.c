#include "config.h"

#include <string.h>

#include "person.h"
#include "topic-work.h"

static void
work_clear(gpointer data)
{
	struct kd_work *work = data;

	g_free(work->person);
	g_free(work->name);
	g_hash_table_unref(work->patches);
}

static void
work_init(struct kd_work *work, const struct kd_linker *linker,
    const struct kd_series *series)
{
	const struct kd_member *any = NULL;

	*work = (struct kd_work){.series = series,
	    .title = kd_series_title(series, linker->members),
	    .patches = g_hash_table_new(g_str_hash, g_str_equal)};
	for (guint i = 0; i < series->parts->len; i++) {
		any = kd_linker_member(
		    linker, g_array_index(series->parts, int, i));
		if (*any->subject->key && any->stable == series->stable)
			g_hash_table_add(work->patches, any->subject->key);
	}
	if (work->title)
		any = work->title;
	work->thread = any->record->thread;
	work->person = kd_person_key(any->record->name, any->record->address);
	work->name = kd_person_full_name(any->record->name);
}

gboolean
kd_work_same_person(const struct kd_work *a, const struct kd_work *b)
{
	return (*a->person && !strcmp(a->person, b->person)) ||
	       (*a->name && !strcmp(a->name, b->name));
}

gboolean
kd_work_same_project(const struct kd_work *a, const struct kd_work *b)
{
	return a->series->stable == b->series->stable &&
	       !strcmp(a->series->home, b->series->home);
}

gint64
kd_work_apart(const struct kd_work *older, const struct kd_work *newer)
{
	return newer->series->date - older->series->date;
}

gboolean
kd_work_is_next(const struct kd_work *older, const struct kd_work *newer)
{
	guint64 before = kd_topic_version(older->series->version);
	guint64 version = kd_topic_version(newer->series->version);

	return (before + 1 == version || before == version) &&
	       kd_subject_compare_version(
		   older->series->version, newer->series->version) < 0;
}

void
kd_works_follow(
    struct kd_works *works, struct kd_work *older, struct kd_work *newer)
{
	older->followed = newer->follows = TRUE;
	kd_linker_join(works->linker, older->thread, newer->thread);
}

static void
list_free(gpointer data)
{
	g_array_unref(data);
}

GHashTable *
kd_works_lists_new(GHashFunc hash, GEqualFunc equal)
{
	return g_hash_table_new_full(hash, equal, NULL, list_free);
}

GArray *
kd_works_list(GHashTable *lists, gconstpointer key)
{
	GArray *list = g_hash_table_lookup(lists, key);

	if (!list) {
		list = g_array_new(FALSE, FALSE, sizeof(guint));
		g_hash_table_insert(lists, (gpointer)key, list);
	}
	return list;
}

guint
kd_works_from(const GArray *list)
{
	return list->len > KD_TOPIC_LOOK ? list->len - KD_TOPIC_LOOK : 0;
}

/* For works that have a title, and for which tree they are. */
static guint
hash_work(gconstpointer work)
{
	return kd_topic_hash_title(
	    ((const struct kd_work *)work)->title->subject);
}

static gboolean
same_title(gconstpointer a, gconstpointer b)
{
	const struct kd_work *one = a, *two = b;

	return one->series->stable == two->series->stable &&
	       kd_topic_same_title(one->title->subject, two->title->subject);
}

void
kd_works_init(struct kd_works *works, struct kd_linker *linker)
{
	works->linker = linker;
	works->all = g_array_new(FALSE, FALSE, sizeof(struct kd_work));
	g_array_set_clear_func(works->all, work_clear);
	works->changes = kd_works_lists_new(g_str_hash, g_str_equal);
	works->titles = kd_works_lists_new(hash_work, same_title);
	works->patches = kd_works_lists_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < linker->postings->len; i++) {
		struct kd_work work;

		work_init(&work, linker, linker->postings->pdata[i]);
		g_array_append_val(works->all, work);
	}
}

void
kd_works_clear(struct kd_works *works)
{
	g_hash_table_unref(works->changes);
	g_hash_table_unref(works->titles);
	g_hash_table_unref(works->patches);
	g_array_unref(works->all);
}
