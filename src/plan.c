#include "config.h"

#include <string.h>

#include <jansson.h>

#include "auto.h"
#include "brief.h"
#include "cache.h"
#include "cli.h"
#include "data.h"
#include "filter.h"
#include "plan.h"
#include "text.h"

#define TITLE 40 /* columns */

struct sum {
	gint64 requests, tokens, micro;
	guint priced; /* topics that have a price */
};

/* kvdigest's own filters; a path may be any program. */
static GPtrArray *
own_filters(const char *const *chain)
{
	GPtrArray *own = g_ptr_array_new();

	for (; *chain; chain++)
		if (strchr(*chain, '/'))
			kd_cli_notice("%s: not run for a plan", *chain);
		else
			g_ptr_array_add(own, (gpointer)*chain);
	g_ptr_array_add(own, NULL);
	return own;
}

static gint64
read_number(const json_t *plan, const char *name)
{
	return CLAMP(
	    json_integer_value(json_object_get(plan, name)), 0, G_MAXINT32);
}

static void
add_line(GString *table, const struct kd_topic *topic, const json_t *answer,
    gboolean known, struct sum *sum)
{
	const json_t *source =
	    json_object_get(json_object_get(answer, "summary"), "source");
	const json_t *plan = known ? NULL : json_object_get(source, "plan");
	const json_t *micro = json_object_get(plan, "micro");
	gint64 requests = read_number(plan, "requests");
	gint64 tokens = read_number(plan, "tokens");
	g_autofree char *id =
	    g_strdup_printf("topic:%" G_GUINT64_FORMAT, topic->id);
	g_autofree char *title = kd_text_clean(topic->title);
	g_autofree char *clipped = kd_text_clip(title, TITLE);
	g_autofree char *price = NULL;

	price = json_is_integer(micro)
		    ? g_strdup_printf(
			  "%.4f", (double)json_integer_value(micro) / 1e6)
		    : g_strdup("-");
	g_string_append_printf(table,
	    "%-12s %8" G_GINT64_FORMAT " %8" G_GINT64_FORMAT " %10s  %s%s\n",
	    id, requests, tokens, price, known ? "(kept) " : "", clipped);
	sum->requests += requests;
	sum->tokens += tokens;
	sum->micro += read_number(plan, "micro");
	sum->priced += json_is_integer(micro);
}

char *
kd_plan(const kd_digest *digest, const kd_conf *conf, kd_store *store,
    const char *dump, guint *failed)
{
	const char *const *chain = (const char *const *)conf->filter_chain;
	g_autoptr(GPtrArray) own = own_filters(chain);
	g_autofree char *file = kd_data_file("terms");
	g_autoptr(kd_terms) terms = kd_terms_load(file, NULL);
	g_autoptr(kd_cache) cache = kd_cache_new(store, conf, chain, digest);
	const struct kd_filters filters = {
	    .chain = (const char *const *)own->pdata,
	    .deadline = conf->filter_deadline,
	    .config = conf->file,
	    .plan = TRUE,
	    .dump = dump};
	GString *table = g_string_new(NULL);
	struct sum sum = {0};

	*failed = 0;
	g_string_append_printf(table, "%-12s %8s %8s %10s  %s\n", "topic",
	    "requests", "tokens", "price", "title");
	for (guint i = 0; i < digest->topics->len; i++) {
		const struct kd_topic *topic =
		    g_ptr_array_index(digest->topics, i);
		g_autoptr(json_t) brief = kd_brief_new(topic, digest, terms);
		g_autoptr(json_t) answer = NULL;
		g_autoptr(GError) error = NULL;
		guint8 key[KD_ANSWER_KEY];
		gboolean known;

		if (cache)
			answer = kd_cache_find(cache, brief, key);
		known = answer != NULL;
		if (known || kd_filter_run(&filters, brief, &answer, &error)) {
			add_line(table, topic, answer, known, &sum);
			continue;
		}
		kd_cli_notice("topic:%" G_GUINT64_FORMAT ": no plan: %s",
		    topic->id, error->message);
		++*failed;
	}
	g_string_append_printf(table,
	    "%-12s %8" G_GINT64_FORMAT " %8" G_GINT64_FORMAT, "all",
	    sum.requests, sum.tokens);
	if (sum.priced)
		g_string_append_printf(
		    table, " %10.4f", (double)sum.micro / 1e6);
	g_string_append_c(table, '\n');
	return g_string_free(table, FALSE);
}
