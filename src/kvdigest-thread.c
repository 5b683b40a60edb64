/*
 * Bring threads and topics up to date and print what is known of them.
 * See kvdigest-thread(1).
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "conf.h"
#include "correct.h"
#include "error.h"
#include "group.h"
#include "parser.h"
#include "print.h"
#include "store.h"
#include "window.h"

struct options {
	char *config;
	gboolean dump;
	gboolean list;
	gboolean facts;
	gboolean rebuild;
	gboolean audit;
	gboolean rulings;
	gboolean json;
	gboolean join;
	gboolean undo;
	char *split;
	char **operands; /* of join and undo, borrowed */
	char *show;
	char *raw;
	char *week;
	char *since;
	char *until;
};

static gboolean
parse_options(int *argc, char ***argv, struct options *o, GError **error)
{
	const GOptionEntry entries[] = {
	    {"config", 'c', 0, G_OPTION_ARG_FILENAME, &o->config,
		"Read this configuration", "FILE"},
	    {"dump", 'd', 0, G_OPTION_ARG_NONE, &o->dump,
		"Print Message-ID, thread and topic of every mail", NULL},
	    {"list", 'l', 0, G_OPTION_ARG_NONE, &o->list,
		"List topics, the latest last", NULL},
	    {"show", 's', 0, G_OPTION_ARG_STRING, &o->show,
		"Draw a topic or thread, or the topic of a mail", "ID"},
	    {"raw", 'r', 0, G_OPTION_ARG_STRING, &o->raw,
		"Print a mail's bytes as they came", "MESSAGE-ID"},
	    {"facts", 'f', 0, G_OPTION_ARG_NONE, &o->facts,
		"Print what mails state", NULL},
	    {"week", 'w', 0, G_OPTION_ARG_STRING, &o->week,
		"With --list, --facts: of this ISO week", "YYYY-Www"},
	    {"since", 'S', 0, G_OPTION_ARG_STRING, &o->since,
		"With --list, --facts: from this day or time on", "DATE"},
	    {"until", 'U', 0, G_OPTION_ARG_STRING, &o->until,
		"With --list, --facts: before this day or time", "DATE"},
	    {"join", 'j', 0, G_OPTION_ARG_NONE, &o->join,
		"Rule that the topics of these two IDs are one", NULL},
	    {"split", 'p', 0, G_OPTION_ARG_STRING, &o->split,
		"Rule that a mail and its answers are a topic", "MESSAGE-ID"},
	    {"undo", 'u', 0, G_OPTION_ARG_NONE, &o->undo,
		"Take back the latest ruling, or that with this NUMBER", NULL},
	    {"rulings", 'L', 0, G_OPTION_ARG_NONE, &o->rulings,
		"List what was ruled", NULL},
	    {"json", 'J', 0, G_OPTION_ARG_NONE, &o->json,
		"With --list, --show: print JSON", NULL},
	    {"audit", 'a', 0, G_OPTION_ARG_NONE, &o->audit,
		"Work all threads out anew and compare with what is kept",
		NULL},
	    {"rebuild", 'R', 0, G_OPTION_ARG_NONE, &o->rebuild,
		"Parse and group all mails anew", NULL},
	    {0}};

	int wanted;

	if (!kd_cli_parse(argc, argv, entries, "[ID ID | NUMBER]",
		"Bring threads and topics up to date; print what an option "
		"asks for.",
		error))
		return FALSE;
	o->operands = *argv + 1;
	wanted = o->join ? 2 : o->undo ? 1 : 0;
	if (*argc - 1 > wanted) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "%s: unexpected operand; see --help", (*argv)[wanted + 1]);
		return FALSE;
	}
	if (o->join && *argc - 1 < wanted) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_USAGE,
		    "--join: expected two of topic:N, thread:N, a Message-ID");
		return FALSE;
	}
	if (o->audit + o->dump + o->list + o->facts + !!o->show + !!o->raw +
		o->join + !!o->split + o->undo + o->rulings >
	    1) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_USAGE,
		    "--audit, --dump, --facts, --join, --list, --raw, "
		    "--rulings, --show, --split and --undo exclude each other");
		return FALSE;
	}
	if ((o->week || o->since || o->until) && !o->list && !o->facts) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_USAGE,
		    "--week, --since and --until go with --list or --facts");
		return FALSE;
	}
	if (o->json && !o->list && !o->show) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_USAGE,
		    "--json goes with --list or --show");
		return FALSE;
	}
	return TRUE;
}

/* The whole archive, unless a span is given. */
static gboolean
set_window(const struct options *o, const kd_conf *conf,
    struct kd_window *window, GError **error)
{
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	g_autoptr(GTimeZone) zone = kd_zone_open(conf->timezone, error);

	if (!zone)
		return FALSE;
	if (o->week && (o->since || o->until)) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_USAGE,
		    "--week excludes --since and --until");
		return FALSE;
	}
	if (o->week)
		return kd_window_week(window, o->week, zone, error);
	return kd_window_span(window, o->since ? o->since : "1970-01-01",
	    o->until, zone, now, error);
}

/* The end of the latest week that a digest was made of; 0 if there is none. */
static gboolean
find_seen(kd_store *store, GTimeZone *zone, gint64 *seen, GError **error)
{
	g_auto(GStrv) weeks = kd_store_report_weeks(store, error);

	*seen = 0;
	for (guint i = 0; weeks && weeks[i]; i++) {
		g_auto(kd_window) window = {0};

		if (kd_window_week(&window, weeks[i], zone, NULL))
			*seen = MAX(*seen, window.until);
	}
	return weeks != NULL;
}

static gboolean
drop(kd_txn *txn, G_GNUC_UNUSED gpointer data, GError **error)
{
	return kd_store_drop_derived(txn, error);
}

static gboolean
update(kd_store *store, gboolean rebuild, GError **error)
{
	g_autoptr(kd_parser) parser = kd_parser_new(FALSE, error);

	if (!parser)
		return FALSE;
	if (rebuild && (!kd_parser_prove(parser, error) ||
			   !kd_store_write(store, drop, NULL, error)))
		return FALSE;
	return kd_group_update(store, parser, error) &&
	       (!rebuild ||
		   (kd_store_write(store, kd_correct_again, NULL, error) &&
		       kd_group_update(store, parser, error)));
}

/* Change what was ruled, and say what was changed. */
static gboolean
correct(kd_store *store, const struct options *o, GError **error)
{
	struct kd_correction correction = {
	    .now = g_get_real_time() / G_USEC_PER_SEC};
	kd_store_func func = o->join	? kd_correct_join
			     : o->split ? kd_correct_split
					: kd_correct_undo;
	gboolean done;

	correction.a = o->split ? o->split : o->operands[0];
	correction.b = o->join ? o->operands[1] : NULL;
	if (o->undo && o->operands[0] &&
	    !g_ascii_string_to_unsigned(
		o->operands[0], 10, 1, G_MAXUINT64, &correction.number, NULL)) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "--undo: %s: expected the number of a ruling",
		    o->operands[0]);
		return FALSE;
	}
	done = kd_store_write(store, func, &correction, error) &&
	       update(store, FALSE, error);
	if (done)
		kd_print_ruling(correction.done, o->undo);
	kd_ruling_free(correction.done);
	return done;
}

static gboolean
run(const struct options *o, GError **error)
{
	g_autoptr(kd_conf) conf = kd_conf_load(o->config, error);
	g_autoptr(kd_store) store = NULL;
	g_auto(kd_window) window = {0};
	struct kd_print print = {.conf = conf, .window = &window};
	kd_store_func func = NULL;

	if (!conf || !set_window(o, conf, &window, error))
		return FALSE;
	store = kd_store_open(conf->store_path, conf->store_max, error);
	if (!store)
		return FALSE;
	print.id = o->show ? o->show : o->raw;
	print.json = o->json;
	if ((o->list || o->show) &&
	    !find_seen(store, window.zone, &print.seen, error))
		return FALSE;
	if (o->raw)
		func = kd_print_raw;
	else if (!update(store, o->rebuild, error))
		return FALSE;
	else if (o->audit)
		func = kd_print_audit;
	else if (o->dump)
		func = kd_print_dump;
	else if (o->list)
		func = kd_print_list;
	else if (o->show)
		func = kd_print_topic;
	else if (o->facts)
		func = kd_print_facts;
	else if (o->rulings)
		func = kd_print_rulings;
	else if ((o->join || o->split || o->undo) && !correct(store, o, error))
		return FALSE;
	if (func && !kd_store_read(store, func, &print, error))
		return FALSE;
	return kd_cli_close_stdout(error);
}

int
main(int argc, char **argv)
{
	struct options options = {0};
	g_autoptr(GError) error = NULL;

	kd_cli_start("kvdigest-thread");
	kd_cli_watch_store();
	kd_cli_locale();
	if (!parse_options(&argc, &argv, &options, &error) ||
	    !run(&options, &error))
		kd_cli_error(error);
	return kd_exit_status(error);
}
