#include "config.h"

#include <string.h>

#include "person.h"
#include "topic-private.h"
#include "topic.h"

guint
kd_topic_hash_title(const kd_subject *subject)
{
	return 31 * g_str_hash(subject->key) + g_str_hash(subject->home);
}

gboolean
kd_topic_same_title(const kd_subject *a, const kd_subject *b)
{
	return !strcmp(a->key, b->key) && !strcmp(a->home, b->home);
}

gboolean
kd_topic_is_specific(const char *key)
{
	guint words = *key != '\0';

	for (const char *p = key; (p = strchr(p, ' ')); p++)
		words++;
	return words >= KD_TOPIC_SPECIFIC;
}

guint64
kd_topic_version(const char *version)
{
	return MAX(g_ascii_strtoull(version, NULL, 10), 1);
}

static int
compare_words(const struct kd_word *a, const struct kd_word *b)
{
	if (a->length != b->length)
		return a->length > b->length ? -1 : 1;
	return memcmp(a->at, b->at, a->length);
}

/* Put a word among those that are there, the longest first, if it is one. */
static guint
add_word(struct kd_word *words, guint n, const struct kd_word *word)
{
	guint i = 0;

	while (i < n && compare_words(&words[i], word) < 0)
		i++;
	if (i == KD_TOPIC_WORDS || (i < n && !compare_words(&words[i], word)))
		return n;
	n = MIN(n + 1, KD_TOPIC_WORDS);
	memmove(&words[i + 1], &words[i], (n - 1 - i) * sizeof(*words));
	words[i] = *word;
	return n;
}

guint
kd_topic_words(const char *key, struct kd_word words[KD_TOPIC_WORDS])
{
	const char *const separators = " :,/()";
	guint n = 0;

	while (*(key += strspn(key, separators))) {
		const struct kd_word word = {key, strcspn(key, separators)};

		n = add_word(words, n, &word);
		key += word.length;
	}
	return n;
}

char *
kd_topic_linked_id(const char *url)
{
	g_autofree char *plain = g_uri_unescape_string(url, NULL);
	const char *text = plain ? plain : url;
	const char *at = strrchr(text, '@');
	const char *start = at, *end = at;

	if (!at)
		return NULL;
	while (start > text && start[-1] != '/' && start[-1] != '<')
		start--;
	while (*end && !strchr("/?#>", *end) && !g_ascii_isspace(*end))
		end++;
	return start < at ? g_strndup(start, end - start) : NULL;
}

char *
kd_topic_cited_id(const struct kd_fact *fact)
{
	switch (fact->kind) {
	case KD_FACT_LINK:
	case KD_FACT_CITED:
	case KD_FACT_PREVIOUS_VERSION:
		return kd_topic_linked_id(fact->value);
	default:
		return NULL;
	}
}

static int
compare_dates(gconstpointer a, gconstpointer b)
{
	const struct kd_member *one = *(struct kd_member *const *)a;
	const struct kd_member *two = *(struct kd_member *const *)b;

	return kd_record_compare(one->record, two->record);
}

void
kd_linker_join(struct kd_linker *linker, guint64 a, guint64 b)
{
	const struct kd_link link = {a, b};

	if (a != b)
		g_array_append_val(linker->links, link);
}

/* The threads that a posting was spread over. */
static void
join_postings(struct kd_linker *linker)
{
	GArray *first = g_array_new(FALSE, TRUE, sizeof(guint64));

	g_array_set_size(first, linker->postings->len);
	for (guint i = 0; i < linker->members->len; i++) {
		const struct kd_member *member =
		    kd_linker_member(linker, (int)i);
		guint64 *thread;

		if (member->posting < 0)
			continue;
		thread = &g_array_index(first, guint64, member->posting);
		if (*thread)
			kd_linker_join(linker, *thread, member->record->thread);
		*thread = member->record->thread;
	}
	g_array_unref(first);
}

/*
 * What a request has in common with the one before it: all but the version, and
 * the person by address or by name; NULL for who has none.
 */
static char *
name_request(const struct kd_member *member, gboolean by_name)
{
	const kd_record *record = member->record;
	const kd_subject *subject = member->subject;
	g_autofree char *person =
	    by_name ? kd_person_full_name(record->name)
		    : kd_person_key(record->name, record->address);

	if (!*person)
		return NULL;
	return g_strconcat(subject->key, "\n", subject->project, "\n",
	    member->stable ? "1" : "0", "\n", person, "\n",
	    subject->flags & KD_SUBJECT_TAKE ? subject->version : "", NULL);
}

/*
 * A pull request that was sent anew, corrected.  Take #2 has other patches than
 * take #1.
 */
static void
join_pulls(struct kd_linker *linker)
{
	g_autoptr(GHashTable) latest =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (guint i = 0; i < linker->by_date->len; i++) {
		const struct kd_member *member =
		    g_ptr_array_index(linker->by_date, i);
		const struct kd_member *before;
		const kd_record *record = member->record;
		const kd_subject *subject = member->subject;

		if (!kd_member_is_request(member) || !*subject->key)
			continue;
		for (int by_name = 0; by_name < 2; by_name++) {
			char *key = name_request(member, by_name);

			if (!key)
				continue;
			before = g_hash_table_lookup(latest, key);
			if (before && record->date - before->record->date <=
					  KD_TOPIC_PULLS)
				kd_linker_join(linker, before->record->thread,
				    record->thread);
			g_hash_table_insert(latest, key, (gpointer)member);
		}
	}
}

GArray *
kd_topic_links(const GArray *members, const GPtrArray *postings)
{
	g_autoptr(GPtrArray) by_date = g_ptr_array_new();
	struct kd_linker linker = {.members = members,
	    .postings = postings,
	    .by_date = by_date,
	    .links = g_array_new(FALSE, FALSE, sizeof(struct kd_link))};

	for (guint i = 0; i < members->len; i++)
		g_ptr_array_add(
		    by_date, (gpointer)kd_linker_member(&linker, (int)i));
	g_ptr_array_sort(by_date, compare_dates);
	join_postings(&linker);
	kd_linker_join_versions(&linker);
	kd_linker_join_replies(&linker);
	join_pulls(&linker);
	return linker.links;
}

/* Threads on their way into topics: a forest over their indexes. */
struct forest {
	GArray *threads; /* of guint64, ascending */
	GArray *parents; /* of guint, by index of threads */
};

static int
compare_threads(gconstpointer a, gconstpointer b)
{
	const guint64 *one = a, *two = b;

	return (*one > *two) - (*one < *two);
}

/* The tree's root: the index of the lowest thread number in it. */
static guint
find_root(const struct forest *forest, guint index)
{
	guint *parents = (guint *)(void *)forest->parents->data;

	while (parents[index] != index) {
		parents[index] = parents[parents[index]];
		index = parents[index];
	}
	return index;
}

/* Whether nothing has happened to these two, and they are two topics. */
static gboolean
stay_apart(GHashTable *settled, const struct kd_link *link)
{
	const guint64 *one = g_hash_table_lookup(settled, &link->a);
	const guint64 *two = g_hash_table_lookup(settled, &link->b);

	return one && two && *one != *two;
}

static void
join(struct forest *forest, const struct kd_link *link)
{
	guint one, two;

	if (!g_array_binary_search(
		forest->threads, &link->a, compare_threads, &one) ||
	    !g_array_binary_search(
		forest->threads, &link->b, compare_threads, &two))
		return;
	one = find_root(forest, one);
	two = find_root(forest, two);
	g_array_index(forest->parents, guint, MAX(one, two)) = MIN(one, two);
}

static void
forest_init(struct forest *forest, const GArray *members)
{
	guint n = 0;

	*forest = (struct forest){
	    .threads = g_array_new(FALSE, FALSE, sizeof(guint64)),
	    .parents = g_array_new(FALSE, FALSE, sizeof(guint))};
	for (guint i = 0; i < members->len; i++)
		g_array_append_val(forest->threads,
		    g_array_index(members, struct kd_member, i).record->thread);
	g_array_sort(forest->threads, compare_threads);
	for (guint i = 0; i < forest->threads->len; i++) {
		guint64 thread = g_array_index(forest->threads, guint64, i);

		if (n > 0 &&
		    g_array_index(forest->threads, guint64, n - 1) == thread)
			continue;
		g_array_index(forest->threads, guint64, n) = thread;
		g_array_append_val(forest->parents, n);
		n++;
	}
	g_array_set_size(forest->threads, n);
}

GHashTable *
kd_topic_group(const GArray *members, const GArray *links, GHashTable *settled)
{
	GHashTable *topics =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	struct forest forest;

	forest_init(&forest, members);
	for (guint i = 0; i < links->len; i++) {
		const struct kd_link *link =
		    &g_array_index(links, struct kd_link, i);

		if (!stay_apart(settled, link))
			join(&forest, link);
	}
	for (guint i = 0; i < forest.threads->len; i++) {
		guint root = find_root(&forest, i);

		g_hash_table_insert(topics,
		    g_memdup2(&g_array_index(forest.threads, guint64, i),
			sizeof(guint64)),
		    g_memdup2(&g_array_index(forest.threads, guint64, root),
			sizeof(guint64)));
	}
	g_array_unref(forest.threads);
	g_array_unref(forest.parents);
	return topics;
}
