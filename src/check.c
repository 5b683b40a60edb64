#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <unistd.h>

#include <jansson.h>

#include "auto.h"
#include "brief.h"
#include "check.h"
#include "child.h"
#include "cli.h"
#include "data.h"
#include "deliver.h"
#include "error.h"
#include "filter.h"
#include "mailmap.h"
#include "parser.h"
#include "store.h"
#include "terms.h"
#include "text.h"

struct check {
	const kd_conf *conf;
	kd_digest *digest; /* with a topic to summarise */
	guint tried, wrong;
	enum kd_error code; /* of the first that is wrong */
};

/* "ok     store: /var/lib/kvdigest: 7088 mails"; takes problem. */
static void
tell(struct check *check, const char *what, const char *detail, GError *problem)
{
	g_autofree char *line =
	    kd_text_clean(problem ? problem->message : detail);

	printf("%-5s  %s%s%s\n", problem ? "WRONG" : "ok", what,
	    *line ? ": " : "", line);
	/* Before what programs say of the next one. */
	fflush(stdout);
	check->tried++;
	if (problem && check->wrong++ == 0)
		check->code = problem->domain == KD_ERROR
				  ? (enum kd_error)problem->code
				  : KD_ERROR_CONFIG;
	g_clear_error(&problem);
}

static void
add_mail(struct kd_topic *topic, const char *name, const char *text,
    const kd_digest *digest)
{
	struct kd_digest_mail *mail = kd_digest_mail_new();

	mail->number = topic->mails->len + 1;
	mail->id =
	    g_strdup_printf("check-%u@kvdigest.invalid", topic->mails->len + 1);
	mail->subject = g_strdup(topic->title);
	mail->name = g_strdup(name);
	mail->address = g_strdup("someone@kvdigest.invalid");
	mail->date = digest->window.since;
	mail->in_window = TRUE;
	mail->parent = (int)topic->mails->len - 1;
	mail->kind = mail->parent < 0 ? KD_KIND_MAIL : KD_KIND_REPLY;
	mail->text = g_strdup(text);
	g_ptr_array_add(topic->mails, mail);
	topic->in_window++;
}

/* Something to summarise: a question and its answer. */
static kd_digest *
make_example(const kd_conf *conf, GTimeZone *zone)
{
	kd_digest *digest = kd_digest_new();
	struct kd_topic *topic = kd_topic_new();

	digest->list_name = g_strdup(conf->list_name);
	digest->timezone = g_strdup(conf->timezone);
	digest->generated = g_get_real_time() / G_USEC_PER_SEC;
	kd_window_last_week(&digest->window, zone, digest->generated);
	topic->id = 1;
	topic->category = KD_CATEGORY_DISCUSSION;
	topic->title = g_strdup("KVM: arm64: kvm->lock in vgic_init()");
	add_mail(topic, "Ann Example",
	    "vgic_init() takes kvm->lock, which its callers hold already.\n"
	    "Is that needed?\n",
	    digest);
	add_mail(topic, "Bo Example",
	    "> Is that needed?\n\nNo, the callers have held it since v5.11.  "
	    "Please send a patch that drops it.\n",
	    digest);
	g_ptr_array_add(digest->topics, topic);
	return digest;
}

static gboolean
count_mails(kd_txn *txn, gpointer data, GError **error)
{
	guint64 *number = data;

	return kd_store_last_mail(txn, number, error);
}

static void
check_store(struct check *check)
{
	const kd_conf *conf = check->conf;
	g_autoptr(kd_store) store = NULL;
	g_autofree char *detail = NULL;
	GError *problem = NULL;
	guint64 number = 0;

	store = kd_store_open(conf->store_path, conf->store_max, &problem);
	if (store)
		kd_store_read(store, count_mails, &number, &problem);
	detail = g_strdup_printf(
	    "%s: %" G_GUINT64_FORMAT " mails", conf->store_path, number);
	tell(check, "store", detail, problem);
}

static void
check_parser(struct check *check)
{
	GError *problem = NULL;
	g_autoptr(kd_parser) parser = kd_parser_new(TRUE, &problem);

	if (parser)
		kd_parser_prove(parser, &problem);
	tell(check, "parser", "", problem);
}

static kd_terms *
check_terms(struct check *check)
{
	g_autofree char *file = kd_data_file("terms");
	GError *problem = NULL;
	kd_terms *terms = kd_terms_load(file, &problem);

	tell(check, "terms", file, problem);
	return terms;
}

static void
check_mailmap(struct check *check)
{
	const char *file = check->conf->report_mailmap;
	GError *problem = NULL;
	g_autoptr(kd_mailmap) mailmap =
	    file ? kd_mailmap_load(file, &problem) : NULL;

	(void)mailmap;
	if (file)
		tell(check, "mailmap", file, problem);
}

/* "3 sentences, 1650 tokens, 0.0021 CNY" */
static char *
describe(const struct kd_topic *topic, const json_t *answer)
{
	const json_t *source =
	    json_object_get(json_object_get(answer, "summary"), "source");
	const json_t *usage = json_object_get(source, "usage");
	const json_t *micro =
	    json_object_get(json_object_get(source, "cost"), "micro");
	gint64 tokens =
	    CLAMP(json_integer_value(json_object_get(usage, "prompt")), 0,
		G_MAXINT32) +
	    CLAMP(json_integer_value(json_object_get(usage, "completion")), 0,
		G_MAXINT32);
	GString *text = g_string_new(NULL);

	g_string_printf(text, "%u sentences", topic->sentences->len);
	if (tokens)
		g_string_append_printf(
		    text, ", %" G_GINT64_FORMAT " tokens", tokens);
	if (json_is_integer(micro))
		g_string_append_printf(text, ", price %.4f",
		    (double)json_integer_value(micro) / 1e6);
	return g_string_free(text, FALSE);
}

/* Have the example summarised; profile, or NULL, is for summarise-llm. */
static void
try_filters(struct check *check, const char *const *chain, const char *profile,
    const kd_terms *terms, const char *what)
{
	struct kd_topic *topic = g_ptr_array_index(check->digest->topics, 0);
	g_autoptr(json_t) brief = kd_brief_new(topic, check->digest, terms);
	g_autoptr(json_t) answer = NULL;
	g_autofree char *detail = NULL;
	GError *problem = NULL;
	const struct kd_filters filters = {.chain = chain,
	    .deadline = check->conf->filter_deadline,
	    .config = check->conf->file,
	    .profile = profile};

	if (kd_filter_run(&filters, brief, &answer, &problem) &&
	    kd_brief_read_summary(topic, answer, &problem)) {
		if (topic->sentences->len == 0)
			g_set_error(&problem, KD_ERROR, KD_ERROR_SERVICE,
			    "%u sentences, none of which passes",
			    topic->refused);
		detail = describe(topic, answer);
	}
	tell(check, what, detail ? detail : "", problem);
}

/* A chain; what comes before summarise-llm in it is tried for each profile. */
static void
check_chain(
    struct check *check, const char *key, GStrv chain, const kd_terms *terms)
{
	const char *const *names = (const char *const *)chain;
	gboolean missing = FALSE;

	for (const char *const *name = names; *name; name++) {
		GError *problem = NULL;
		g_autofree char *path = kd_child_find(*name, &problem);

		missing = missing || !path;
		if (problem)
			tell(check, key, "", problem);
	}
	if (missing)
		return;
	if (!g_strv_contains(names, KD_FILTER_LLM)) {
		try_filters(check, names, NULL, terms, key);
		return;
	}
	if (!*check->conf->llm_use)
		try_filters(check, names, NULL, terms, key);
	for (char **use = check->conf->llm_use; *use; use++) {
		g_autofree char *what = g_strdup_printf("model %s", *use);

		try_filters(check, names, *use, terms, what);
	}
}

static void
check_sendmail(struct check *check)
{
	GError *problem = NULL;
	g_auto(GStrv) argv = kd_deliver_argv(check->conf, &problem);
	g_autofree char *command = NULL;

	if (argv && access(argv[0], X_OK) < 0)
		kd_error_errno(&problem, KD_ERROR_CONFIG, errno, argv[0]);
	command = g_strjoinv(" ", argv);
	tell(check, "sendmail", command ? command : "", problem);
}

gboolean
kd_check(const kd_conf *conf, GError **error)
{
	g_autoptr(GTimeZone) zone = kd_zone_open(conf->timezone, error);
	g_autoptr(kd_digest) digest = NULL;
	g_autoptr(kd_terms) terms = NULL;
	struct check check = {.conf = conf};

	if (!zone)
		return FALSE;
	digest = make_example(conf, zone);
	check.digest = digest;
	tell(&check, "configuration", conf->file, NULL);
	check_store(&check);
	check_parser(&check);
	terms = check_terms(&check);
	check_mailmap(&check);
	check_chain(&check, "filters.chain", conf->filter_chain, terms);
	if (!g_strv_equal((const char *const *)conf->filter_chain,
		(const char *const *)conf->filter_fallback))
		check_chain(
		    &check, "filters.fallback", conf->filter_fallback, terms);
	check_sendmail(&check);
	if (!kd_cli_close_stdout(error))
		return FALSE;
	if (check.wrong)
		g_set_error(error, KD_ERROR, (gint)check.code,
		    "check: %u of %u are wrong", check.wrong, check.tried);
	return !check.wrong;
}
