#include "config.h"

#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "auto.h"
#include "brief.h"
#include "cache.h"
#include "cli.h"
#include "filter.h"
#include "summarise.h"

#define LETTERS G_CSET_A_2_Z G_CSET_a_2_z

/* What a run has asked models, as the filters say, and what it need not. */
struct spent {
	gint64 requests, prompt, completion, cached, micro;
	char currency[16];
	guint known; /* topics whose answer was kept */
};

/* What threads work on together; each has topics of its own. */
struct work {
	const kd_digest *digest;
	const kd_terms *terms; /* or NULL */
	const struct kd_filters *filters;
	const char *const *fallback;
	kd_cache *cache; /* of the chain's answers, or NULL */
	GMutex lock;	 /* of spent */
	struct spent spent;
	char **notices;	   /* for the operator, by topic; NULL where none is */
	GAsyncQueue *done; /* one entry for each topic */
};

/* A number that a filter says, none if it makes no sense. */
static gint64
read_number(const json_t *object, const char *name)
{
	gint64 number = json_integer_value(json_object_get(object, name));

	return CLAMP(number, 0, G_MAXINT32);
}

static void
add_spent(struct spent *spent, const json_t *source)
{
	const json_t *usage = json_object_get(source, "usage");
	const json_t *cost = json_object_get(source, "cost");
	const char *currency =
	    json_string_value(json_object_get(cost, "currency"));

	spent->requests += read_number(source, "requests");
	spent->prompt += read_number(usage, "prompt");
	spent->completion += read_number(usage, "completion");
	spent->cached += read_number(usage, "cached");
	spent->micro += read_number(cost, "micro");
	/* Letters, or it is none. */
	if (currency && currency[strspn(currency, LETTERS)] == '\0')
		g_strlcpy(spent->currency, currency, sizeof(spent->currency));
}

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
		g_mutex_lock(&work->lock);
		work->spent.known++;
		g_mutex_unlock(&work->lock);
		return TRUE;
	}
	g_clear_pointer(&answer, json_decref);
	if (!kd_filter_run(work->filters, brief, &answer, error))
		return FALSE;
	g_mutex_lock(&work->lock);
	add_spent(&work->spent,
	    json_object_get(json_object_get(answer, "summary"), "source"));
	g_mutex_unlock(&work->lock);
	if (!kd_brief_read_summary(topic, answer, error))
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
add_costs(kd_digest *digest, const struct spent *spent)
{
	g_autoptr(GString) line = g_string_new(NULL);

	if (spent->requests)
		g_string_append_printf(line,
		    "语言模型：%" G_GINT64_FORMAT
		    " 次请求，输入 %" G_GINT64_FORMAT
		    " token（命中缓存 %" G_GINT64_FORMAT
		    "），输出 %" G_GINT64_FORMAT " token",
		    spent->requests, spent->prompt, spent->cached,
		    spent->completion);
	if (spent->micro)
		g_string_append_printf(line, "，费用 %.4f %s",
		    (double)spent->micro / 1e6, spent->currency);
	if (spent->known)
		g_string_append_printf(line, "%s%u 个话题沿用已有的回答",
		    line->len ? "；" : "", spent->known);
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

/* All topics, so many at once; notices are said in their order. */
static void
summarise_all(struct work *work, guint jobs)
{
	guint n = work->digest->topics->len;
	GThreadPool *pool =
	    g_thread_pool_new(work_on, work, (gint)jobs, FALSE, NULL);

	work->notices = g_new0(char *, n + 1);
	work->done = g_async_queue_new();
	for (guint i = 0; i < n; i++)
		g_thread_pool_push(pool, GUINT_TO_POINTER(i + 1), NULL);
	for (guint i = 0; i < n; i++) {
		kd_cli_progress("topics summarised", i, n);
		g_async_queue_pop(work->done);
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
	g_autofree char *file = kd_conf_data_file("terms");
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
	struct work work = {.digest = digest,
	    .terms = terms,
	    .filters = &filters,
	    .cache = cache,
	    .fallback = facts_only
			    ? facts
			    : (const char *const *)conf->filter_fallback};

	g_mutex_init(&work.lock);
	summarise_all(&work, conf->filter_jobs);
	g_mutex_clear(&work.lock);
	remove_directory(directory);
	add_footer(digest, filters.chain);
	add_costs(digest, &work.spent);
}
