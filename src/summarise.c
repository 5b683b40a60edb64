#include "config.h"

#include <string.h>
#include <unistd.h>

#include <jansson.h>

#include "auto.h"
#include "brief.h"
#include "cli.h"
#include "filter.h"
#include "summarise.h"

#define FACTS "summarise-facts"

static gboolean
summarise(struct kd_topic *topic, const kd_digest *digest,
    const struct kd_filters *filters, GError **error)
{
	g_autoptr(json_t) brief = kd_brief_new(topic, digest);
	g_autoptr(json_t) answer = NULL;

	return kd_filter_run(filters, brief, &answer, error) &&
	       kd_brief_read_summary(topic, answer, error);
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
		strcmp(writer, FACTS)
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
summarise_somehow(struct kd_topic *topic, const kd_digest *digest,
    const struct kd_filters *filters, const char *const *fallback)
{
	struct kd_filters other = *filters;
	g_autoptr(GError) error = NULL;
	g_autoptr(GError) again = NULL;

	if (summarise(topic, digest, filters, &error))
		return;
	topic->failure = without_directory(error->message);
	other.chain = fallback;
	if (!g_strv_equal(filters->chain, fallback) &&
	    summarise(topic, digest, &other, &again)) {
		kd_cli_notice("topic:%" G_GUINT64_FORMAT
			      ": summarised by the fallback: %s",
		    topic->id, error->message);
		return;
	}
	kd_cli_notice("topic:%" G_GUINT64_FORMAT ": no summary: %s%s%s",
	    topic->id, error->message, again ? "; the fallback: " : "",
	    again ? again->message : "");
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
kd_summarise(kd_digest *digest, const kd_conf *conf, gboolean facts_only)
{
	static const char *const facts[] = {FACTS, NULL};
	/* Without a directory filters share nothing, and work all the same. */
	g_autofree char *directory = g_dir_make_tmp("kvdigest-XXXXXX", NULL);
	const struct kd_filters filters = {
	    .chain =
		facts_only ? facts : (const char *const *)conf->filter_chain,
	    .deadline = conf->filter_deadline,
	    .config = conf->file,
	    .directory = directory};
	const char *const *fallback =
	    facts_only ? facts : (const char *const *)conf->filter_fallback;

	for (guint i = 0; i < digest->topics->len; i++) {
		kd_cli_progress("topics summarised", i, digest->topics->len);
		summarise_somehow(g_ptr_array_index(digest->topics, i), digest,
		    &filters, fallback);
	}
	kd_cli_progress_done();
	remove_directory(directory);
	add_footer(digest, filters.chain);
}
