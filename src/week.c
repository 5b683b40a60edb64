#include "config.h"

#include <string.h>

#include "cli.h"
#include "load.h"
#include "mailmap.h"
#include "people.h"
#include "relate.h"
#include "story.h"
#include "team.h"
#include "week.h"

#define LARGE_THREAD 20 /* mails; with more a thread is called large */
#define VERSION_MAX  1000

struct kd_week {
	const struct kd_window *window;
	const kd_conf *conf;
	GPtrArray *topics;   /* of GPtrArray of kd_record */
	GPtrArray *mails;    /* of GBytes: raw, in the order of the records */
	kd_relate *relate;   /* what has to do with the topics */
	kd_mailmap *mailmap; /* or NULL; has strings of the records */
	guint copies;	     /* mails of the window that are in no topic */
	guint outside;	     /* and those that are not the list's */
};

kd_week *
kd_week_new(const struct kd_window *window, const kd_conf *conf)
{
	kd_week *week = g_new0(kd_week, 1);

	week->window = window;
	week->conf = conf;
	week->mails =
	    g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
	return week;
}

void
kd_week_free(kd_week *week)
{
	if (!week)
		return;
	g_clear_pointer(&week->topics, g_ptr_array_unref);
	g_ptr_array_unref(week->mails);
	kd_relate_free(week->relate);
	kd_mailmap_free(week->mailmap);
	g_free(week);
}

static gboolean
load_mails(kd_txn *txn, kd_week *week, GPtrArray *records, GError **error)
{
	for (guint i = 0; i < records->len; i++) {
		const kd_record *record = g_ptr_array_index(records, i);
		GBytes *mail = kd_store_get_raw(txn, record->number, error);

		if (!mail)
			return FALSE;
		g_ptr_array_add(week->mails, mail);
	}
	return TRUE;
}

gboolean
kd_week_load(kd_txn *txn, gpointer data, GError **error)
{
	kd_week *week = data;
	g_autoptr(GArray) outside = kd_store_find_outside(
	    txn, week->window->since, week->window->until, error);

	if (!outside)
		return FALSE;
	week->outside = outside->len;
	g_clear_pointer(&week->topics, g_ptr_array_unref);
	g_clear_pointer(&week->relate, kd_relate_free);
	g_ptr_array_set_size(week->mails, 0);
	week->topics = kd_load_active(txn, week->window, &week->copies, error);
	if (!week->topics)
		return FALSE;
	for (guint i = 0; i < week->topics->len; i++)
		if (!load_mails(
			txn, week, g_ptr_array_index(week->topics, i), error))
			return FALSE;
	week->relate =
	    kd_relate_load(txn, week->topics, week->window->until, error);
	return week->relate != NULL;
}

/* Put the parsed record in the stored one's place. */
static void
replace_record(gpointer *slot, struct kd_parse *parse)
{
	kd_record *stored = *slot;
	kd_record *parsed = g_steal_pointer(&parse->record);

	parsed->number = stored->number;
	parsed->thread = stored->thread;
	parsed->topic = stored->topic;
	parsed->copy_of = stored->copy_of;
	/* What the clock had a say in stays as it was. */
	parsed->arrival = stored->arrival;
	parsed->date = stored->date;
	parsed->flags = stored->flags;
	kd_record_free(stored);
	*slot = parsed;
}

/* A digest goes out without it as well. */
static void
load_mailmap(kd_week *week)
{
	const char *file = week->conf->report_mailmap;
	g_autoptr(GError) error = NULL;

	if (file)
		week->mailmap = kd_mailmap_load(file, &error);
	if (error)
		kd_cli_notice("%s; going on without it", error->message);
}

gboolean
kd_week_read_texts(kd_week *week, kd_parser *parser, GError **error)
{
	g_autofree struct kd_parse *parses =
	    g_new0(struct kd_parse, week->mails->len);
	guint n = 0;

	for (guint i = 0; i < week->topics->len; i++) {
		GPtrArray *records = g_ptr_array_index(week->topics, i);

		for (guint j = 0; j < records->len; j++, n++) {
			const kd_record *record = g_ptr_array_index(records, j);

			parses[n].mail = g_ptr_array_index(week->mails, n);
			parses[n].arrival = record->arrival;
			parses[n].flags = record->flags & KD_MAIL_KEPT_FLAGS;
		}
	}
	if (!kd_parser_run(parser, parses, n, error))
		return FALSE;
	load_mailmap(week);
	n = 0;
	for (guint i = 0; i < week->topics->len; i++) {
		GPtrArray *records = g_ptr_array_index(week->topics, i);

		for (guint j = 0; j < records->len; j++) {
			replace_record(&records->pdata[j], &parses[n++]);
			if (week->mailmap)
				kd_mailmap_apply(
				    week->mailmap, records->pdata[j]);
		}
	}
	return TRUE;
}

/* By category, then most mails of the window first. */
static int
compare_topics(gconstpointer a, gconstpointer b)
{
	const struct kd_topic *x = *(struct kd_topic *const *)a;
	const struct kd_topic *y = *(struct kd_topic *const *)b;

	if (x->category != y->category)
		return x->category < y->category ? -1 : 1;
	if (x->in_window != y->in_window)
		return x->in_window > y->in_window ? -1 : 1;
	if (x->mails->len != y->mails->len)
		return x->mails->len > y->mails->len ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

/* What is counted of threads and people, over all topics. */
struct sums {
	GHashTable *threads; /* guint64 * -> struct thread_sum * */
	kd_people *people;
};

struct thread_sum {
	guint64 thread;
	guint mails;
};

static void
sum_mail(
    kd_digest *digest, struct sums *sums, const struct kd_digest_mail *mail)
{
	struct thread_sum *sum =
	    g_hash_table_lookup(sums->threads, &mail->thread);

	if (!sum) {
		sum = g_new0(struct thread_sum, 1);
		sum->thread = mail->thread;
		g_hash_table_insert(sums->threads, &sum->thread, sum);
	}
	sum->mails++;
	digest->mails++;
	if (!mail->in_window) {
		digest->older++;
		return;
	}
	digest->in_window++;
	digest->unparsed += !!(mail->flags & KD_MAIL_UNPARSED);
	if (mail->flags & KD_MAIL_ROBOT)
		digest->robots++;
	else
		kd_people_add(sums->people, mail->name, mail->address);
}

static void
sum_up(kd_digest *digest)
{
	g_autoptr(GHashTable) threads =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, NULL, g_free);
	g_autoptr(kd_people) people = kd_people_new();
	struct sums sums = {.threads = threads, .people = people};
	GHashTableIter at;
	gpointer value;

	for (guint i = 0; i < digest->topics->len; i++) {
		const struct kd_topic *topic =
		    g_ptr_array_index(digest->topics, i);

		for (guint j = 0; j < topic->mails->len; j++)
			sum_mail(
			    digest, &sums, g_ptr_array_index(topic->mails, j));
	}
	g_hash_table_iter_init(&at, threads);
	while (g_hash_table_iter_next(&at, NULL, &value))
		digest->large_threads +=
		    ((const struct thread_sum *)value)->mails > LARGE_THREAD;
	digest->n_threads = g_hash_table_size(threads);
	digest->people = kd_people_count(people);
}

/* The whole number of a version of the series, 0 for what is none. */
static guint
whole_version(const struct kd_posting *posting)
{
	guint64 number = 0;

	if (!posting->beside)
		g_ascii_string_to_unsigned(
		    posting->version, 10, 1, VERSION_MAX, &number, NULL);
	return (guint)number;
}

static void
note_lost(kd_digest *digest, const char *title, guint first, guint last)
{
	g_autofree char *until =
	    last > first ? g_strdup_printf(" 至 v%u", last) : g_strdup("");

	g_ptr_array_add(digest->gaps,
	    g_strdup_printf("%s：v%u%s 未收到。", title, first, until));
}

/* Versions between a new one and the last of the same author's that came. */
static void
note_lost_versions(kd_digest *digest, const struct kd_topic *topic)
{
	const struct kd_posting *newest;
	gboolean came[VERSION_MAX + 1] = {FALSE};
	gboolean fresh[VERSION_MAX + 1] = {FALSE};
	guint before = 0;

	if (!topic->postings->len)
		return;
	newest = topic->postings->pdata[topic->postings->len - 1];
	for (guint i = 0; i < topic->postings->len; i++) {
		const struct kd_posting *posting = topic->postings->pdata[i];
		guint version = whole_version(posting);

		if (g_ascii_strcasecmp(posting->address, newest->address))
			continue;
		came[version] = TRUE;
		fresh[version] = fresh[version] || posting->in_window;
	}
	for (guint version = 1; version <= VERSION_MAX; version++) {
		if (!came[version])
			continue;
		if (fresh[version] && before && version > before + 1)
			note_lost(
			    digest, topic->title, before + 1, version - 1);
		before = version;
	}
}

static void
note_gaps(kd_digest *digest, const struct kd_topic *topic)
{
	const struct kd_digest_mail *first = g_ptr_array_index(topic->mails, 0);
	guint unparsed = 0;

	if (topic->title_missing)
		g_ptr_array_add(digest->gaps,
		    g_strdup_printf("%s：%s未收到。", topic->title,
			topic->postings->len ? "最新一版的封面" : "根邮件"));
	if (!topic->title_missing && first->kind == KD_KIND_REPLY)
		g_ptr_array_add(
		    digest->gaps, g_strdup_printf("%s：已知最早的邮件是回复，"
						  "它所回复的邮件未收到。",
				      topic->title));
	note_lost_versions(digest, topic);
	for (guint i = 0; i < topic->postings->len; i++) {
		const struct kd_posting *posting =
		    g_ptr_array_index(topic->postings, i);

		if (posting->in_window && posting->total &&
		    posting->parts < posting->total)
			g_ptr_array_add(digest->gaps,
			    g_strdup_printf("%s：v%s 收到 %u/%u 封补丁。",
				topic->title, posting->version, posting->parts,
				posting->total));
	}
	for (guint i = 0; i < topic->mails->len; i++) {
		const struct kd_digest_mail *mail =
		    g_ptr_array_index(topic->mails, i);

		unparsed += !!(mail->flags & KD_MAIL_UNPARSED);
	}
	if (unparsed)
		g_ptr_array_add(digest->gaps,
		    g_strdup_printf("%s：%u 封邮件无法解析，只计数。",
			topic->title, unparsed));
}

kd_digest *
kd_week_digest(const kd_week *week, kd_delta *delta, gint64 generated)
{
	kd_digest *digest = kd_digest_new();

	digest->list_id = g_strdup(week->conf->list_ids[0]);
	digest->list_name = g_strdup(week->conf->list_name);
	digest->list_archive = g_strdup(week->conf->list_archive);
	digest->window = *week->window;
	g_time_zone_ref(digest->window.zone);
	digest->timezone = g_strdup(week->conf->timezone);
	digest->generated = generated;
	for (guint i = 0; i < week->topics->len; i++) {
		const GPtrArray *records = g_ptr_array_index(week->topics, i);
		struct kd_topic *topic =
		    kd_story_tell(records, week->window, week->conf);

		if (!topic)
			continue;
		kd_delta_tell(delta, topic, records);
		kd_team_note(week->conf, topic, records);
		g_ptr_array_add(digest->topics, topic);
	}
	digest->team = kd_team_is_configured(week->conf);
	g_ptr_array_sort(digest->topics, compare_topics);
	kd_relate_tell(week->relate, digest, week->conf);
	kd_delta_tell_quiet(delta, digest, week->conf);
	sum_up(digest);
	digest->copies = week->copies;
	digest->outside = week->outside;
	digest->received = digest->in_window + week->copies + week->outside;
	for (guint i = 0; i < digest->topics->len; i++)
		note_gaps(digest, g_ptr_array_index(digest->topics, i));
	return digest;
}
