/*
 * Make the digest of a week and mail it, or write it in one of its forms.
 * See kvdigest-report(1).
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <syslog.h>

#include <glib/gstdio.h>

#include "auto.h"
#include "answer-log.h"
#include "audit.h"
#include "check.h"
#include "cli.h"
#include "compose.h"
#include "conf.h"
#include "deliver.h"
#include "error.h"
#include "group.h"
#include "outbox.h"
#include "plan.h"
#include "report-options.h"
#include "summarise.h"
#include "week.h"

/* What is to be done, and what it is done with. */
struct job {
	const struct kd_report_options *options;
	const kd_conf *conf;
	const struct kd_window *window;
	kd_store *store;
	gint64 now;
};

typedef char *(*renderer)(const kd_digest *digest);

static gboolean
find_renderer(const char *format, renderer *render, GError **error)
{
	static const struct {
		const char *name;
		renderer render;
	} formats[] = {{"text", kd_render_text}, {"md", kd_render_md},
	    {"html", kd_render_html}, {"json", kd_render_json}, {"eml", NULL}};

	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++)
		if (!strcmp(format, formats[i].name)) {
			*render = formats[i].render;
			return TRUE;
		}
	g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
	    "%s: no such format; expected text, md, html, json or eml", format);
	return FALSE;
}

static gboolean
set_window(const struct kd_report_options *o, const kd_conf *conf, gint64 now,
    struct kd_window *window, GError **error)
{
	g_autoptr(GTimeZone) zone = kd_zone_open(conf->timezone, error);

	if (!zone)
		return FALSE;
	if (o->since)
		return kd_window_span(
		    window, o->since, o->until, zone, now, error);
	if (o->week)
		return kd_window_week(window, o->week, zone, error);
	kd_window_last_week(window, zone, now);
	return TRUE;
}

/* The time of generation; a fixed one makes builds and tests repeatable. */
static gint64
current_time(void)
{
	const char *fixed = g_getenv("SOURCE_DATE_EPOCH");

	if (fixed && *fixed)
		return g_ascii_strtoll(fixed, NULL, 10);
	return g_get_real_time() / G_USEC_PER_SEC;
}

/* What is read in one transaction. */
struct load {
	kd_week *week;
	kd_audit *audit; /* or NULL */
};

static gboolean
load_week(kd_txn *txn, gpointer data, GError **error)
{
	struct load *load = data;

	return kd_week_load(txn, load->week, error) &&
	       (!load->audit || kd_audit_load(txn, load->audit, error));
}

/* The digest without summaries; audit, unless NULL, is loaded with it. */
static kd_digest *
read_digest(const struct job *job, kd_audit *audit, GError **error)
{
	g_autoptr(kd_parser) parser = kd_parser_new(TRUE, error);
	g_autoptr(kd_week) week = kd_week_new(job->window, job->conf);
	g_autoptr(kd_delta) delta = NULL;
	struct load load = {.week = week, .audit = audit};
	gboolean loaded;

	if (!parser)
		return NULL;
	if (job->options->dry_run || audit)
		loaded = kd_group_rehearse(
		    job->store, parser, load_week, &load, error);
	else
		loaded = kd_group_update(job->store, parser, error) &&
			 kd_store_read(job->store, load_week, &load, error);
	if (!loaded || !kd_week_read_texts(week, parser, error))
		return NULL;
	delta = kd_delta_load(job->store, job->window, error);
	if (!delta)
		return NULL;
	return kd_week_digest(week, delta, job->now);
}

static kd_digest *
make_digest(const struct job *job, GError **error)
{
	kd_digest *digest = read_digest(job, NULL, error);

	if (digest)
		kd_summarise(
		    digest, job->conf, job->store, job->options->no_llm);
	return digest;
}

static gboolean
list_answers(kd_txn *txn, gpointer data, GError **error)
{
	GPtrArray **answers = data;

	g_clear_pointer(answers, g_ptr_array_unref);
	*answers = kd_store_list_answers(txn, error);
	return *answers != NULL;
}

static gboolean
llm_log(const struct job *job, GError **error)
{
	g_autoptr(GPtrArray) answers = NULL;
	g_autofree char *log = NULL;

	if (job->options->format && strcmp(job->options->format, "json")) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "%s: the log is a table or json", job->options->format);
		return FALSE;
	}
	if (!kd_store_read(job->store, list_answers, &answers, error))
		return FALSE;
	log = job->options->format
		  ? kd_answer_log_json(answers, job->window->zone)
		  : kd_answer_log_text(answers, job->window->zone);
	fputs(log, stdout);
	return kd_cli_close_stdout(error);
}

static gboolean
plan(const struct job *job, GError **error)
{
	const char *directory = job->options->dump;
	g_autofree char *dump =
	    directory ? g_canonicalize_filename(directory, NULL) : NULL;
	g_autoptr(kd_digest) digest = NULL;
	g_autofree char *table = NULL;
	guint failed;

	if (dump && g_mkdir(dump, 0700) && errno != EEXIST)
		return kd_error_errno(error, KD_ERROR_IO, errno, dump);
	digest = read_digest(job, NULL, error);
	if (!digest)
		return FALSE;
	table = kd_plan(digest, job->conf, job->store, dump, &failed);
	fputs(table, stdout);
	if (!kd_cli_close_stdout(error))
		return FALSE;
	if (failed)
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "plan: %u topics could not be planned", failed);
	return !failed;
}

static gboolean
audit(const struct job *job, GError **error)
{
	g_autoptr(kd_audit) audit = kd_audit_new(job->window);
	g_autoptr(kd_digest) digest = read_digest(job, audit, error);
	g_autoptr(GString) report = g_string_new(NULL);
	gboolean right;

	if (!digest)
		return FALSE;
	right = kd_audit_run(audit, digest, report, error);
	fputs(report->str, stdout);
	return kd_cli_close_stdout(right ? error : NULL) && right;
}

static gboolean
write_digest(const struct job *job, GError **error)
{
	const struct kd_report_options *o = job->options;
	g_autoptr(kd_digest) digest = NULL;
	g_autoptr(GBytes) bytes = NULL;
	renderer render;

	if (!find_renderer(o->format ? o->format : "text", &render, error))
		return FALSE;
	digest = make_digest(job, error);
	if (!digest)
		return FALSE;
	if (render) {
		char *text = render(digest);

		bytes = g_bytes_new_take(text, strlen(text));
	} else {
		bytes = kd_compose(digest, job->conf, error);
	}
	return bytes && kd_cli_write_file(o->output ? o->output : "-",
			    g_bytes_get_data(bytes, NULL),
			    g_bytes_get_size(bytes), error);
}

/* Only one report at a time sends mail; held until the process ends. */
static gboolean
lock(const char *store_path, GError **error)
{
	g_autofree char *path =
	    g_build_filename(store_path, "report.lock", NULL);
	int fd = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);

	if (fd < 0)
		return kd_error_errno(error, KD_ERROR_CONFIG, errno, path);
	if (!flock(fd, LOCK_EX | LOCK_NB))
		return TRUE;
	g_set_error(error, KD_ERROR, KD_ERROR_TEMP,
	    "%s: another kvdigest-report is at work", path);
	return FALSE;
}

/* What must be right before any work is done for a mail. */
static gboolean
check_sending(const struct job *job, GError **error)
{
	g_auto(GStrv) argv = NULL;

	if (!*job->window->week) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_USAGE,
		    "only whole weeks are sent; --format or -o writes any "
		    "span");
		return FALSE;
	}
	if (job->window->until > job->now) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "%s: has not ended; -n shows what there is so far",
		    job->window->week);
		return FALSE;
	}
	argv = kd_deliver_argv(job->conf, error);
	return argv && lock(job->conf->store_path, error);
}

static gboolean
is_sent(const struct job *job, gboolean *sent, GError **error)
{
	g_autoptr(kd_outbox) outbox =
	    kd_outbox_lookup(job->store, job->window->week, error);
	g_autofree char *when = NULL;

	if (!outbox)
		return FALSE;
	*sent = outbox->state == KD_OUTBOX_SENT && !job->options->force;
	if (!*sent)
		return TRUE;
	when =
	    kd_time_format(outbox->since, job->window->zone, KD_TIME_RFC3339);
	kd_cli_notice("%s: was sent at %s; --force sends it again",
	    job->window->week, when);
	return TRUE;
}

static gboolean
send_week(const struct job *job, GError **error)
{
	g_autoptr(kd_digest) digest = NULL;
	g_autoptr(kd_outbox) fresh = NULL;
	gboolean sent = FALSE;

	if (!is_sent(job, &sent, error))
		return FALSE;
	if (sent)
		return TRUE;
	digest = make_digest(job, error);
	if (!digest)
		return FALSE;
	fresh = kd_outbox_new(digest, job->conf, error);
	return fresh && kd_outbox_send(job->store, job->conf, job->window->week,
			    fresh, job->options->force, &sent, error);
}

/*
 * What an earlier run could not send goes first.  If that fails again, this
 * week's digest goes out all the same, and the exit status tells of the other.
 */
static gboolean
send_digest(const struct job *job, GError **error)
{
	g_autoptr(GError) left = NULL;
	guint flushed;

	if (!check_sending(job, error))
		return FALSE;
	kd_outbox_flush(job->store, job->conf, &flushed, &left);
	if (!send_week(job, error))
		return FALSE;
	if (!left)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&left));
	return FALSE;
}

static gboolean
run(const struct kd_report_options *o, GError **error)
{
	g_autoptr(kd_conf) conf = kd_conf_load(o->config, error);
	g_autoptr(kd_store) store = NULL;
	g_auto(kd_window) window = {0};
	struct job job = {.options = o,
	    .conf = conf,
	    .window = &window,
	    .now = current_time()};

	if (conf && o->mode == KD_REPORT_CHECK)
		return kd_check(conf, error);
	if (!conf || !set_window(o, conf, job.now, &window, error))
		return FALSE;
	if (window.since > job.now) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "%s: has not begun", *window.week ? window.week : o->since);
		return FALSE;
	}
	store = kd_store_open(conf->store_path, conf->store_max, error);
	if (!store)
		return FALSE;
	job.store = store;
	switch (o->mode) {
	case KD_REPORT_WRITE:
		return write_digest(&job, error);
	case KD_REPORT_PLAN:
		return plan(&job, error);
	case KD_REPORT_AUDIT:
		return audit(&job, error);
	case KD_REPORT_LLM_LOG:
		return llm_log(&job, error);
	default:
		return send_digest(&job, error);
	}
}

int
main(int argc, char **argv)
{
	struct kd_report_options options = {0};
	g_autoptr(GError) error = NULL;

	kd_cli_start("kvdigest-report");
	kd_cli_watch_store();
	kd_cli_locale();
	openlog("kvdigest-report", 0, LOG_MAIL);
	if (!kd_report_options_parse(&argc, &argv, &options, &error) ||
	    !run(&options, &error))
		kd_cli_error(error);
	return kd_exit_status(error);
}
