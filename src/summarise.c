#include "config.h"

#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "auto.h"
#include "brief.h"
#include "cache.h"
#include "cli.h"
#include "data.h"
#include "filter.h"
#include "spent.h"
#include "summarise.h"

/* What threads work on together; each has topics of its own. */
struct work {
	const kd_digest *digest;
	const kd_terms *terms; /* or NULL */
	const struct kd_filters *filters;
	const char *const *fallback;
	kd_cache *cache;   /* of the chain's answers, or NULL */
	gint known;	   /* topics whose answer was kept; atomic */
	char **notices;	   /* for the operator, by topic; NULL where none is */
	GAsyncQueue *done; /* one entry for each topic */
};

static gboolean
summarise(struct kd_topic *topic, const struct kd_filters *filters,
    const json_t *brief, GError **error)
{
	g_autoptr(json_t) answer = NULL;

	return kd_filter_run(filters, brief, &answer, error) &&
	       kd_brief_read_summary(topic, answer, error);
}

/* By the chain, unless it has answered the same before. */
static gboolean
summarise_once(
    struct work *work, struct kd_topic *topic, json_t *brief, GError **error)
{
	g_autoptr(json_t) answer = NULL;
	guint8 key[KD_ANSWER_KEY];

	if (!work->cache)
		return summarise(topic, work->filters, brief, error);
	answer = kd_cache_find(work->cache, brief, key);
	if (answer && kd_brief_read_summary(topic, answer, NULL)) {
		g_atomic_int_inc(&work->known);
		return TRUE;
	}
	g_clear_pointer(&answer, json_decref);
	if (!kd_filter_run(work->filters, brief, &answer, error) ||
	    !kd_brief_read_summary(topic, answer, error))
		return FALSE;
	kd_cache_keep(work->cache, key, topic->id, answer);
	return TRUE;
}

/* Who wrote the summaries, how many, and what was held back. */
static void
add_footer(kd_digest *digest, const char *const *chain)
{
	const char *writer = "";
	guint sentences = 0, refused = 0, replaced = 0, missing = 0;

	for (guint i = 0; i < digest->topics->len; i++) {
		const struct kd_topic *topic =
		    g_ptr_array_index(digest->topics, i);

		sentences += topic->sentences->len;
		refused += topic->refused;
		if (topic->failure && topic->sentences->len > 0)
			replaced++;
		else if (topic->failure)
			missing++;
	}
	for (; *chain; chain++)
		writer = *chain;
	g_ptr_array_add(digest->footer,
	    g_strdup_printf("摘要由 %s 生成，共 %u 句%s。", writer, sentences,
		strcmp(writer, KD_FILTER_FACTS)
		    ? ""
		    : "，全部来自邮件中的事实，未使用语言模型"));
	if (refused)
		g_ptr_array_add(digest->footer,
		    g_strdup_printf("%u 句未通过检查，未显示。", refused));
	if (replaced)
		g_ptr_array_add(digest->footer,
		    g_strdup_printf(
			"%u 个话题的摘要生成失败，改用后备过滤器。", replaced));
	if (missing)
		g_ptr_array_add(digest->footer,
		    g_strdup_printf("%u 个话题未能生成摘要。", missing));
}

/* What models were asked for it, if any were. */
static void
add_costs(kd_digest *digest, const struct kd_spent *spent, guint known)
{
	g_autofree char *asked = kd_spent_tell(spent);
	g_autoptr(GString) line = g_string_new(NULL);

	if (*asked)
		g_string_append_printf(line, "语言模型：%s", asked);
	if (known)
		g_string_append_printf(line, "%s%u 个话题沿用已有的回答",
		    line->len ? "；" : "", known);
	if (line->len)
		g_ptr_array_add(
		    digest->footer, g_strconcat(line->str, "。", NULL));
}

/* "/usr/libexec/kvdigest/x: failed" for readers: where it lies is ours. */
static char *
without_directory(const char *message)
{
	const char *name = message;

	for (const char *p = message; *p && *p != ':'; p++)
		if (*p == '/')
			name = p + 1;
	return g_strdup(name);
}

/* Summarise one topic, by the fallback when the chain fails. */
static void
summarise_somehow(struct work *work, struct kd_topic *topic, char **notice)
{
	struct kd_filters other = *work->filters;
	g_autoptr(json_t) brief =
	    kd_brief_new(topic, work->digest, work->terms);
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) again = NULL;

	if (summarise_once(work, topic, brief, &error))
		return;
	topic->failure = without_directory(error->message);
	other.chain = work->fallback;
	if (!g_strv_equal(work->filters->chain, work->fallback) &&
	    summarise(topic, &other, brief, &again)) {
		*notice = g_strdup_printf("topic:%" G_GUINT64_FORMAT
					  ": summarised by the fallback: %s",
		    topic->id, error->message);
		return;
	}
	*notice =
	    g_strdup_printf("topic:%" G_GUINT64_FORMAT ": no summary: %s%s%s",
		topic->id, error->message, again ? "; the fallback: " : "",
		again ? again->message : "");
}

/* In a thread: the topic of a number, from 1. */
static void
work_on(gpointer number, gpointer data)
{
	struct work *work = data;
	guint i = GPOINTER_TO_UINT(number) - 1;

	summarise_somehow(work, g_ptr_array_index(work->digest->topics, i),
	    &work->notices[i]);
	g_async_queue_push(work->done, number);
}

static int
compare_sizes(gconstpointer a, gconstpointer b, gpointer data)
{
	const GPtrArray *topics = data;
	const struct kd_topic *x = topics->pdata[*(const guint *)a];
	const struct kd_topic *y = topics->pdata[*(const guint *)b];

	return (y->mails->len > x->mails->len) -
	       (y->mails->len < x->mails->len);
}

/* The largest first: they may take several requests, one after another. */
static void
push_all(const struct work *work, GThreadPool *pool)
{
	guint n = work->digest->topics->len;
	g_autofree guint *order = g_new(guint, n);

	for (guint i = 0; i < n; i++)
		order[i] = i;
	g_qsort_with_data(order, (gint)n, sizeof(*order), compare_sizes,
	    work->digest->topics);
	for (guint i = 0; i < n; i++)
		g_thread_pool_push(pool, GUINT_TO_POINTER(order[i] + 1), NULL);
}

/* All topics, so many at once; notices are said in their order. */
static void
summarise_all(struct work *work, guint jobs)
{
	guint n = work->digest->topics->len;
	GThreadPool *pool =
	    g_thread_pool_new(work_on, work, (gint)jobs, FALSE, NULL);

	work->notices = g_new0(char *, n + 1);
	work->done = g_async_queue_new();
	push_all(work, pool);
	for (guint i = 0; i < n; i++) {
		kd_cli_progress("topics summarised", i, n);
		g_async_queue_pop(work->done);
		/* What is paid for is kept, even if the run dies. */
		if (work->cache && work->filters->directory)
			kd_cache_collect(work->cache, work->filters->directory);
	}
	kd_cli_progress_done();
	g_thread_pool_free(pool, FALSE, TRUE);
	for (guint i = 0; i < n; i++) {
		if (work->notices[i])
			kd_cli_notice("%s", work->notices[i]);
		g_free(work->notices[i]);
	}
	g_free(work->notices);
	g_async_queue_unref(work->done);
}

/* The term base; a digest goes out without it as well. */
static kd_terms *
load_terms(void)
{
	g_autofree char *file = kd_data_file("terms");
	g_autoptr(GError) error = NULL;
	kd_terms *terms = kd_terms_load(file, &error);

	if (!terms)
		kd_cli_notice("%s; going on without terms", error->message);
	return terms;
}

/* The directory and the files that filters left in it; nothing deeper. */
static void
remove_directory(const char *directory)
{
	GDir *entries = directory ? g_dir_open(directory, 0, NULL) : NULL;
	const char *name;

	while (entries && (name = g_dir_read_name(entries))) {
		g_autofree char *path = g_build_filename(directory, name, NULL);

		unlink(path);
	}
	if (entries)
		g_dir_close(entries);
	if (directory)
		rmdir(directory);
}

void
kd_summarise(kd_digest *digest, const kd_conf *conf, kd_store *store,
    gboolean facts_only)
{
	static const char *const facts[] = {KD_FILTER_FACTS, NULL};
	/* Without a directory filters share nothing, and work all the same. */
	g_autofree char *directory = g_dir_make_tmp("kvdigest-XXXXXX", NULL);
	const struct kd_filters filters = {
	    .chain =
		facts_only ? facts : (const char *const *)conf->filter_chain,
	    .deadline = conf->filter_deadline,
	    .config = conf->file,
	    .directory = directory};
	g_autoptr(kd_terms) terms = load_terms();
	g_autoptr(kd_cache) cache =
	    kd_cache_new(store, conf, filters.chain, digest);
	struct kd_spent spent = {0};
	struct work work = {.digest = digest,
	    .terms = terms,
	    .filters = &filters,
	    .cache = cache,
	    .fallback = facts_only
			    ? facts
			    : (const char *const *)conf->filter_fallback};

	if (cache && directory)
		kd_cache_hand_out(cache, directory);
	summarise_all(&work, conf->filter_jobs);
	if (cache)
		kd_cache_forget(cache);
	if (directory)
		spent = kd_spent_read(directory);
	kd_spent_log(&spent);
	remove_directory(directory);
	add_footer(digest, filters.chain);
	add_costs(digest, &spent, (guint)work.known);
}
