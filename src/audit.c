#include "config.h"

#include "audit.h"
#include "error.h"

struct kd_audit {
	const struct kd_window *window;
	GHashTable *listed; /* guint64 *: mail of the window -> its id */
	guint received, copies, outside, robots, unparsed;
};

kd_audit *
kd_audit_new(const struct kd_window *window)
{
	kd_audit *audit = g_new0(kd_audit, 1);

	audit->window = window;
	audit->listed =
	    g_hash_table_new_full(g_int64_hash, g_int64_equal, g_free, g_free);
	return audit;
}

void
kd_audit_free(kd_audit *audit)
{
	if (!audit)
		return;
	g_hash_table_unref(audit->listed);
	g_free(audit);
}

static void
count(kd_audit *audit, const kd_record *record)
{
	audit->received++;
	if (!(record->flags & KD_MAIL_LIST)) {
		audit->outside++;
		return;
	}
	if (record->copy_of) {
		audit->copies++;
		return;
	}
	audit->robots += !!(record->flags & KD_MAIL_ROBOT);
	audit->unparsed += !!(record->flags & KD_MAIL_UNPARSED);
	g_hash_table_insert(audit->listed,
	    g_memdup2(&record->number, sizeof(record->number)),
	    g_strdup(record->id));
}

gboolean
kd_audit_load(kd_txn *txn, kd_audit *audit, GError **error)
{
	guint64 last;

	g_hash_table_remove_all(audit->listed);
	audit->received = audit->copies = audit->outside = 0;
	audit->robots = audit->unparsed = 0;
	if (!kd_store_last_mail(txn, &last, error))
		return FALSE;
	for (guint64 number = 1; number <= last; number++) {
		g_autoptr(kd_record) record =
		    kd_store_get_record(txn, number, error);

		if (!record)
			return FALSE;
		if (record->arrival >= audit->window->since &&
		    record->arrival < audit->window->until)
			count(audit, record);
	}
	return TRUE;
}

/* What a run finds. */
struct finding {
	GString *report;
	guint wrong;
};

static void
compare(
    struct finding *finding, const char *what, guint64 told, guint64 counted)
{
	g_string_append_printf(finding->report,
	    "%-44s %8" G_GUINT64_FORMAT " %8" G_GUINT64_FORMAT "  %s\n", what,
	    told, counted, told == counted ? "ok" : "WRONG");
	finding->wrong += told != counted;
}

static void
complain(
    struct finding *finding, guint64 number, const char *id, const char *what)
{
	g_autofree char *plain = g_strescape(id, NULL);

	g_string_append_printf(finding->report,
	    "mail %" G_GUINT64_FORMAT " <%s>: %s\n", number, plain, what);
	finding->wrong++;
}

/* Sums of what the digest lists, made anew. */
struct sums {
	guint64 mails, in_window, categories, missing;
	guint lost_roots;
};

/* Each mail of a topic, left (of audit->listed) without those seen. */
static void
check_topic(struct finding *finding, const struct kd_topic *topic,
    const kd_audit *audit, GHashTable *left, struct sums *sums)
{
	guint in_window = 0;

	for (guint i = 0; i < topic->mails->len; i++) {
		const struct kd_digest_mail *mail = topic->mails->pdata[i];

		sums->mails++;
		if (mail->in_window)
			in_window++;
		if (mail->in_window &&
		    !g_hash_table_contains(audit->listed, &mail->number))
			complain(finding, mail->number, mail->id,
			    "told of, and none of the window");
		else if (mail->in_window &&
			 !g_hash_table_remove(left, &mail->number))
			complain(
			    finding, mail->number, mail->id, "told of twice");
	}
	if (in_window != topic->in_window)
		complain(finding, topic->id, topic->title,
		    "counts other mails than it lists");
	sums->in_window += in_window;
	sums->lost_roots += topic->title_missing;
	for (guint i = 0; i < topic->postings->len; i++) {
		const struct kd_posting *posting = topic->postings->pdata[i];

		if (posting->in_window && posting->total > posting->parts)
			sums->missing += posting->total - posting->parts;
	}
}

static GHashTable *
copy_set(GHashTable *set)
{
	GHashTable *copy = g_hash_table_new(g_int64_hash, g_int64_equal);
	GHashTableIter at;
	gpointer key, value;

	g_hash_table_iter_init(&at, set);
	while (g_hash_table_iter_next(&at, &key, &value))
		g_hash_table_insert(copy, key, value);
	return copy;
}

gboolean
kd_audit_run(const kd_audit *audit, const kd_digest *digest, GString *report,
    GError **error)
{
	g_autoptr(GHashTable) left = copy_set(audit->listed);
	struct kd_category_sum categories[KD_CATEGORIES];
	struct finding finding = {.report = report};
	struct sums sums = {0};
	GHashTableIter at;
	gpointer key, value;

	for (guint i = 0; i < digest->topics->len; i++)
		check_topic(
		    &finding, digest->topics->pdata[i], audit, left, &sums);
	g_hash_table_iter_init(&at, left);
	while (g_hash_table_iter_next(&at, &key, &value))
		complain(&finding, *(const guint64 *)key, value,
		    "of the window, and in no topic");
	kd_digest_sum(digest, categories);
	for (guint i = 0; i < KD_CATEGORIES; i++)
		sums.categories += categories[i].mails;
	g_string_append_printf(
	    report, "%-44s %8s %8s\n", "mails", "digest", "store");
	compare(&finding, "received in the window", digest->received,
	    audit->received);
	compare(&finding, "  not the list's", digest->outside, audit->outside);
	compare(
	    &finding, "  copies of other mails", digest->copies, audit->copies);
	compare(&finding, "  in topics", digest->in_window,
	    g_hash_table_size(audit->listed));
	compare(&finding, "    of robots", digest->robots, audit->robots);
	compare(&finding, "    that could not be parsed", digest->unparsed,
	    audit->unparsed);
	g_string_append_printf(
	    report, "%-44s %8s %8s\n", "sums", "digest", "counted");
	compare(&finding, "in topics, copies and not the list's",
	    digest->received,
	    (guint64)digest->in_window + digest->copies + digest->outside);
	compare(&finding, "mails of the window that topics list",
	    digest->in_window, sums.in_window);
	compare(&finding, "mails that topics list", digest->mails, sums.mails);
	compare(&finding, "of the window and older", digest->mails,
	    (guint64)digest->in_window + digest->older);
	compare(&finding, "mails by category", digest->mails, sums.categories);
	g_string_append_printf(report,
	    "%u topics; %" G_GUINT64_FORMAT
	    " patches of the window's postings and %u covers or first mails "
	    "did not come\n",
	    digest->topics->len, sums.missing, sums.lost_roots);
	if (!finding.wrong)
		return TRUE;
	g_set_error(error, KD_ERROR, KD_ERROR_BUG,
	    "audit: %u of these are wrong; kvdigest-thread --rebuild makes "
	    "what leads to mails anew",
	    finding.wrong);
	return FALSE;
}
