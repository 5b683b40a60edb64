#include "config.h"

#include <string.h>

#include "cli.h"
#include "delta.h"
#include "outbox.h"
#include "record.h"
#include "told.h"

struct kd_delta {
	GPtrArray *weeks;     /* of GPtrArray of struct kd_told, newest first */
	GHashTable *by_topic; /* guint64 *, borrowed -> the newest kd_told */
	GHashTable *seen;     /* set of struct kd_told */
};

void
kd_delta_free(kd_delta *delta)
{
	if (!delta)
		return;
	g_hash_table_unref(delta->by_topic);
	g_hash_table_unref(delta->seen);
	g_ptr_array_unref(delta->weeks);
	g_free(delta);
}

static kd_delta *
delta_new(void)
{
	kd_delta *delta = g_new0(kd_delta, 1);

	delta->weeks =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_ptr_array_unref);
	delta->by_topic = g_hash_table_new(g_int64_hash, g_int64_equal);
	delta->seen = g_hash_table_new(NULL, NULL);
	return delta;
}

/* Weeks are added newest first, so that the first to tell of a topic counts. */
static void
add_week(kd_delta *delta, GPtrArray *topics)
{
	for (guint i = 0; i < topics->len; i++) {
		struct kd_told *told = g_ptr_array_index(topics, i);

		if (!g_hash_table_contains(delta->by_topic, &told->topic))
			g_hash_table_insert(
			    delta->by_topic, &told->topic, told);
	}
	g_ptr_array_add(delta->weeks, topics);
}

kd_delta *
kd_delta_load(kd_store *store, const struct kd_window *window, GError **error)
{
	g_autofree char *own =
	    kd_time_format(window->since, window->zone, "%G-W%V");
	g_auto(GStrv) weeks = kd_store_report_weeks(store, error);
	kd_delta *delta;
	guint i;

	if (!weeks)
		return NULL;
	delta = delta_new();
	for (i = 0; weeks[i] && strcmp(weeks[i], own) < 0; i++)
		;
	while (i > 0 && delta->weeks->len < KD_DELTA_WEEKS) {
		const char *week = weeks[--i];
		g_autoptr(GError) problem = NULL;
		g_autoptr(kd_outbox) outbox =
		    kd_outbox_lookup(store, week, &problem);

		if (!outbox)
			kd_cli_notice("%s; going on without what it told",
			    problem->message);
		else if (outbox->told)
			add_week(delta, kd_told_unpack(outbox->told, week));
	}
	return delta;
}

static struct kd_told *
copy(const struct kd_told *told)
{
	struct kd_told *twin = kd_told_new();

	twin->week = g_strdup(told->week);
	twin->topic = told->topic;
	twin->title = g_strdup(told->title);
	twin->id = g_strdup(told->id);
	twin->version = g_strdup(told->version);
	twin->state = g_strdup(told->state);
	twin->tallies = told->tallies;
	twin->waiting = told->waiting;
	twin->waiting.name = g_strdup(told->waiting.name);
	twin->until = told->until;
	return twin;
}

/* Its sentences are of the mails that it knew. */
static void
take_sentences(struct kd_topic *topic, const struct kd_told *last,
    const GPtrArray *records)
{
	g_autoptr(GHashTable) known =
	    g_hash_table_new(g_int64_hash, g_int64_equal);

	g_ptr_array_unref(topic->told->sentences);
	topic->told->sentences = g_ptr_array_ref(last->sentences);
	if (last->sentences->len == 0)
		return;
	for (guint i = 0; i < records->len; i++) {
		kd_record *record = g_ptr_array_index(records, i);

		if (record->arrival < last->until)
			g_hash_table_add(known, &record->number);
	}
	for (guint i = 0; i < topic->mails->len; i++) {
		struct kd_digest_mail *mail = topic->mails->pdata[i];

		mail->told = g_hash_table_contains(known, &mail->number);
	}
}

void
kd_delta_tell(kd_delta *delta, struct kd_topic *topic, const GPtrArray *records)
{
	const struct kd_told *last = NULL;
	guint tellers = 0; /* of topics that have been joined since */

	for (guint i = 0; i < records->len; i++) {
		const kd_record *record = g_ptr_array_index(records, i);
		struct kd_told *told =
		    g_hash_table_lookup(delta->by_topic, &record->number);

		if (!told)
			continue;
		g_hash_table_add(delta->seen, told);
		tellers++;
		if (!last || strcmp(told->week, last->week) > 0 ||
		    (!strcmp(told->week, last->week) &&
			told->topic < last->topic))
			last = told;
	}
	if (last)
		topic->told = copy(last);
	if (tellers == 1)
		take_sentences(topic, last, records);
	topic->first =
	    !last && delta->weeks->len && topic->in_window == topic->mails->len;
}

static int
compare_waiting(gconstpointer a, gconstpointer b)
{
	const struct kd_told *x = *(struct kd_told *const *)a;
	const struct kd_told *y = *(struct kd_told *const *)b;

	if (x->waiting.since != y->waiting.since)
		return x->waiting.since < y->waiting.since ? -1 : 1;
	return (x->topic > y->topic) - (x->topic < y->topic);
}

/* Whether a pull request of the digest carries the topic. */
static gboolean
is_carried(const kd_digest *digest, guint64 id)
{
	for (guint i = 0; i < digest->topics->len; i++) {
		const struct kd_topic *topic = digest->topics->pdata[i];

		for (guint j = 0; j < topic->related->len; j++) {
			const struct kd_related *related =
			    topic->related->pdata[j];

			if (related->relation == KD_RELATION_PAYLOAD &&
			    related->topic == id)
				return TRUE;
		}
	}
	return FALSE;
}

void
kd_delta_tell_quiet(kd_delta *delta, kd_digest *digest, const kd_conf *conf)
{
	const GPtrArray *last =
	    delta->weeks->len ? g_ptr_array_index(delta->weeks, 0) : NULL;

	for (guint i = 0; last && i < last->len; i++) {
		const struct kd_told *told = g_ptr_array_index(last, i);
		struct kd_told *quiet;

		if (!told->waiting.role ||
		    g_hash_table_contains(delta->seen, told) ||
		    is_carried(digest, told->topic))
			continue;
		quiet = copy(told);
		quiet->url = kd_conf_archive_url(conf, told->id);
		g_ptr_array_add(digest->quiet, quiet);
	}
	g_ptr_array_sort(digest->quiet, compare_waiting);
}
