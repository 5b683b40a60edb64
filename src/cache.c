#include "config.h"

#include <string.h>

#include <glib/gstdio.h>
#include <jansson.h>

#include "auto.h"
#include "cache.h"
#include "child.h"
#include "cli.h"
#include "data.h"
#include "filter.h"

#define WEEK ((gint64)7 * 24 * 60 * 60)

struct kd_cache {
	kd_store *store;
	const kd_digest *digest;
	GChecksum *identity; /* of all that decides besides the brief */
	GHashTable *parts;   /* names of files that are in the store */
	GMutex lock;	     /* threads take turns at the store */
};

/* These cost nothing. */
static gboolean
is_free(const char *filter)
{
	static const char *const names[] = {
	    "condense-diff", KD_FILTER_FACTS, "trim-quotes", NULL};

	return g_strv_contains(names, filter);
}

static void
add_text(GChecksum *sum, const char *text)
{
	/* With its NUL, so that "a", "b" is not "ab". */
	g_checksum_update(sum, (const guchar *)(text ? text : ""),
	    (gssize)strlen(text ? text : "") + 1);
}

static gboolean
add_file(GChecksum *sum, const char *path)
{
	g_autofree char *bytes = NULL;
	gsize length;

	if (!path || !g_file_get_contents(path, &bytes, &length, NULL))
		return FALSE;
	g_checksum_update(sum, (const guchar *)bytes, (gssize)length);
	add_text(sum, "");
	return TRUE;
}

/* What summarise-llm reads besides the brief. */
static gboolean
add_llm(GChecksum *sum, const kd_conf *conf)
{
	g_autofree char *prompt = kd_data_file("prompts/summarise.zh_CN");

	for (char **name = conf->llm_use; name && *name; name++) {
		const struct kd_conf_profile *profile =
		    kd_conf_profile_find(conf, *name);

		if (profile)
			kd_conf_profile_identify(profile, sum);
	}
	return add_file(sum, prompt);
}

static gboolean
identify(GChecksum *sum, const kd_conf *conf, const char *const *chain)
{
	for (; *chain; chain++) {
		g_autofree char *path = kd_child_find(*chain, NULL);
		gboolean known;

		add_text(sum, *chain);
		if (!strcmp(*chain, KD_FILTER_LLM))
			known = add_llm(sum, conf);
		else
			known = is_free(*chain) || add_file(sum, conf->file);
		if (!known || !add_file(sum, path))
			return FALSE;
	}
	return TRUE;
}

kd_cache *
kd_cache_new(kd_store *store, const kd_conf *conf, const char *const *chain,
    const kd_digest *digest)
{
	kd_cache *cache;
	gboolean costs = FALSE;

	for (const char *const *filter = chain; *filter; filter++)
		costs = costs || !is_free(*filter);
	if (!costs)
		return NULL;
	cache = g_new0(kd_cache, 1);
	cache->store = store;
	cache->digest = digest;
	cache->identity = g_checksum_new(G_CHECKSUM_SHA256);
	cache->parts =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_mutex_init(&cache->lock);
	if (identify(cache->identity, conf, chain))
		return cache;
	kd_cache_free(cache);
	return NULL;
}

/* What the threads ask of the store. */
struct request {
	const guint8 *key;
	kd_answer *answer;
	gint64 before;
};

static gboolean
get(kd_txn *txn, gpointer data, GError **error)
{
	struct request *request = data;

	return kd_store_get_answer(txn, request->key, &request->answer, error);
}

static gboolean
put(kd_txn *txn, gpointer data, GError **error)
{
	struct request *request = data;

	return kd_store_put_answer(txn, request->answer, error);
}

static gboolean
forget(kd_txn *txn, gpointer data, GError **error)
{
	const struct request *request = data;
	g_autoptr(GPtrArray) answers = kd_store_list_answers(txn, error);

	for (guint i = 0; answers && i < answers->len; i++) {
		const kd_answer *answer = g_ptr_array_index(answers, i);

		if (answer->made < request->before &&
		    !kd_store_drop_answer(txn, answer->key, error))
			return FALSE;
	}
	return answers != NULL;
}

static void
notice(const GError *error)
{
	if (error)
		kd_cli_notice("answers are not kept: %s", error->message);
}

void
kd_cache_free(kd_cache *cache)
{
	if (!cache)
		return;
	g_checksum_free(cache->identity);
	g_hash_table_unref(cache->parts);
	g_mutex_clear(&cache->lock);
	g_free(cache);
}

void
kd_cache_forget(kd_cache *cache)
{
	struct request request = {
	    .before = cache->digest->generated - (gint64)KD_CACHE_WEEKS * WEEK};
	g_autoptr(GError) error = NULL;

	g_mutex_lock(&cache->lock);
	kd_store_write(cache->store, forget, &request, &error);
	g_mutex_unlock(&cache->lock);
	notice(error);
}

json_t *
kd_cache_find(kd_cache *cache, const json_t *brief, guint8 key[KD_ANSWER_KEY])
{
	g_autoptr(GChecksum) sum = g_checksum_copy(cache->identity);
	g_autofree char *text =
	    json_dumps(brief, JSON_COMPACT | JSON_SORT_KEYS);
	struct request request = {.key = key};
	g_autoptr(GError) error = NULL;
	gsize length = KD_ANSWER_KEY;
	json_t *answer = NULL;

	add_text(sum, text);
	g_checksum_get_digest(sum, key, &length);
	g_mutex_lock(&cache->lock);
	kd_store_read(cache->store, get, &request, &error);
	g_mutex_unlock(&cache->lock);
	notice(error);
	if (request.answer) {
		json_t *summary = json_loads(
		    request.answer->summary, JSON_REJECT_DUPLICATES, NULL);

		if (summary)
			answer = json_pack("{s:o}", "summary", summary);
	}
	kd_answer_free(request.answer);
	return answer;
}

void
kd_cache_keep(kd_cache *cache, const guint8 key[KD_ANSWER_KEY], guint64 topic,
    const json_t *answer)
{
	g_autofree char *summary =
	    json_dumps(json_object_get(answer, "summary"), JSON_COMPACT);
	kd_answer kept = {.made = cache->digest->generated,
	    .topic = topic,
	    .week = (char *)cache->digest->window.week,
	    .summary = summary};
	struct request request = {.answer = &kept};
	g_autoptr(GError) error = NULL;

	memcpy(kept.key, key, KD_ANSWER_KEY);
	g_mutex_lock(&cache->lock);
	kd_store_write(cache->store, put, &request, &error);
	g_mutex_unlock(&cache->lock);
	notice(error);
}

/* "0123...ef.part" */
static char *
part_name(const guint8 key[KD_ANSWER_KEY])
{
	GString *name = g_string_new(NULL);

	for (gsize i = 0; i < KD_ANSWER_KEY; i++)
		g_string_append_printf(name, "%02x", key[i]);
	g_string_append(name, KD_FILTER_PART);
	return g_string_free(name, FALSE);
}

static gboolean
read_key(const char *name, guint8 key[KD_ANSWER_KEY])
{
	for (gsize i = 0; i < KD_ANSWER_KEY; i++) {
		int high = g_ascii_xdigit_value(name[2 * i]);
		int low = high < 0 ? -1 : g_ascii_xdigit_value(name[2 * i + 1]);

		if (low < 0)
			return FALSE;
		key[i] = (guint8)(high << 4 | low);
	}
	return !strcmp(name + 2 * KD_ANSWER_KEY, KD_FILTER_PART);
}

static gboolean
list(kd_txn *txn, gpointer data, GError **error)
{
	GPtrArray **answers = data;

	*answers = kd_store_list_answers(txn, error);
	return *answers != NULL;
}

void
kd_cache_hand_out(kd_cache *cache, const char *directory)
{
	g_autoptr(GPtrArray) answers = NULL;
	g_autoptr(GError) error = NULL;

	kd_store_read(cache->store, list, &answers, &error);
	notice(error);
	for (guint i = 0; answers && i < answers->len; i++) {
		const kd_answer *answer = g_ptr_array_index(answers, i);
		g_autofree char *name = part_name(answer->key);
		g_autofree char *path = g_build_filename(directory, name, NULL);

		if (answer->part &&
		    g_file_set_contents(path, answer->summary, -1, NULL))
			g_hash_table_add(cache->parts, g_steal_pointer(&name));
	}
}

/* The topic that a filter says it is of; 0 for none. */
static guint64
read_topic(const json_t *answer)
{
	const char *id = json_string_value(json_object_get(answer, "topic"));
	guint64 number = 0;

	if (id && g_str_has_prefix(id, "topic:"))
		g_ascii_string_to_unsigned(
		    id + strlen("topic:"), 10, 0, G_MAXUINT64, &number, NULL);
	return number;
}

/* Keep one file; what is no answer is passed over. */
static void
collect(kd_cache *cache, const char *directory, const char *name,
    const guint8 key[KD_ANSWER_KEY])
{
	g_autofree char *path = g_build_filename(directory, name, NULL);
	g_autofree char *text = NULL;
	g_autoptr(json_t) answer = NULL;
	kd_answer kept = {.made = cache->digest->generated,
	    .part = TRUE,
	    .week = (char *)cache->digest->window.week};
	struct request request = {.answer = &kept};
	g_autoptr(GError) error = NULL;
	struct stat status;

	if (g_lstat(path, &status) || !S_ISREG(status.st_mode) ||
	    status.st_size > KD_CACHE_PART_MAX ||
	    !g_file_get_contents(path, &text, NULL, NULL))
		return;
	/* It checks that all is UTF-8, too. */
	answer = json_loads(text, JSON_REJECT_DUPLICATES, NULL);
	if (!answer)
		return;
	kept.summary = text;
	kept.topic = read_topic(answer);
	memcpy(kept.key, key, KD_ANSWER_KEY);
	g_mutex_lock(&cache->lock);
	kd_store_write(cache->store, put, &request, &error);
	g_mutex_unlock(&cache->lock);
	notice(error);
}

void
kd_cache_collect(kd_cache *cache, const char *directory)
{
	GDir *entries = g_dir_open(directory, 0, NULL);
	guint8 key[KD_ANSWER_KEY];
	const char *name;

	while (entries && (name = g_dir_read_name(entries)))
		if (read_key(name, key) &&
		    g_hash_table_add(cache->parts, g_strdup(name)))
			collect(cache, directory, name, key);
	if (entries)
		g_dir_close(entries);
}
