#include "config.h"

#include <jansson.h>
#include <string.h>

#include "auto.h"
#include "brief.h"
#include "cli.h"
#include "filter.h"
#include "summarise.h"

#define FACTS "summarise-facts"

static gboolean
summarise(struct kd_topic *topic, const kd_digest *digest,
    const char *const *chain, guint deadline, GError **error)
{
	g_autoptr(json_t) brief = kd_brief_new(topic, digest);
	g_autoptr(json_t) answer = NULL;

	return kd_filter_run(chain, deadline, brief, &answer, error) &&
	       kd_brief_read_summary(topic, answer, error);
}

/* Who wrote the summaries, how many, and what was held back. */
static void
add_footer(kd_digest *digest, const char *const *chain)
{
	const char *writer = "";
	guint sentences = 0, refused = 0, failed = 0;

	for (guint i = 0; i < digest->topics->len; i++) {
		const struct kd_topic *topic =
		    g_ptr_array_index(digest->topics, i);

		sentences += topic->sentences->len;
		refused += topic->refused;
		failed += topic->failure != NULL;
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
	if (failed)
		g_ptr_array_add(digest->footer,
		    g_strdup_printf("%u 个话题未能生成摘要。", failed));
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

void
kd_summarise(kd_digest *digest, const char *const *chain, guint deadline)
{
	for (guint i = 0; i < digest->topics->len; i++) {
		struct kd_topic *topic = g_ptr_array_index(digest->topics, i);
		g_autoptr(GError) error = NULL;

		kd_cli_progress("topics summarised", i, digest->topics->len);
		if (summarise(topic, digest, chain, deadline, &error))
			continue;
		kd_cli_notice("topic:%" G_GUINT64_FORMAT ": no summary: %s",
		    topic->id, error->message);
		topic->failure = without_directory(error->message);
	}
	kd_cli_progress_done();
	add_footer(digest, chain);
}
