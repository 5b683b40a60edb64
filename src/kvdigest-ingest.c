/*
 * Store a mail that the MTA hands us on standard input.
 *
 * Exit 0 says that the mail is on disk and survives a power cut; everything
 * else is 75, since any other status makes some MTA bounce a list's mail.
 * See kvdigest-ingest(1).
 */
#include "config.h"

#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "backfill.h"
#include "cli.h"
#include "conf.h"
#include "delivery.h"
#include "error.h"
#include "mta.h"
#include "store.h"

#define PROGRAM	     "kvdigest-ingest"
#define DEADLINE     60	 /* seconds for one delivery, waiting included */
#define DEADLINE_MAX 900 /* Postfix's command_time_limit is 1000 */

struct options {
	char *config;
	gboolean init;
	gboolean archived;
	char *mbox;
	char *maildir;
	char *sender;
	char *recipient;
	int deadline;
};

/* Print what a backfill did, and count as failed what it could not do. */
static gboolean
backfill(const struct options *options, GError **error)
{
	g_autoptr(kd_conf) conf = kd_conf_load(options->config, error);
	struct kd_backfill_counts counts = {0};
	g_autoptr(GError) problem = NULL;
	kd_store *store;

	if (!conf)
		return FALSE;
	/* Not closed: see kd_delivery_run(). */
	store = kd_store_open(conf->store_path, conf->store_max, error);
	if (!store)
		return FALSE;
	kd_backfill_run(store, conf,
	    options->mbox ? options->mbox : options->maildir, !options->mbox,
	    &counts, &problem);
	if (g_error_matches(problem, KD_ERROR, KD_ERROR_CONFIG)) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return FALSE;
	}
	printf("%" G_GUINT64_FORMAT " new, %" G_GUINT64_FORMAT
	       " known, %" G_GUINT64_FORMAT " refused\n",
	    counts.fresh, counts.known, counts.refused);
	if (!problem)
		return kd_cli_close_stdout(error);
	kd_cli_close_stdout(NULL);
	g_propagate_error(error, g_steal_pointer(&problem));
	return FALSE;
}

static gboolean
init(const struct options *options, GError **error)
{
	g_autoptr(kd_conf) conf = kd_conf_load(options->config, error);

	return conf && kd_store_init(conf->store_path, error);
}

static gboolean
parse_options(int *argc, char ***argv, struct options *options, GError **error)
{
	/* FILENAME also where it is none: those are bytes in any locale. */
	const GOptionEntry entries[] = {
	    {"config", 'c', 0, G_OPTION_ARG_FILENAME, &options->config,
		"Read this configuration", "FILE"},
	    {"deadline", 't', 0, G_OPTION_ARG_INT, &options->deadline,
		"Give up, for now, after so long (1 to 900; 60)", "SECONDS"},
	    {"init", 'i', 0, G_OPTION_ARG_NONE, &options->init,
		"Make an empty store and exit", NULL},
	    {"archived", 'a', 0, G_OPTION_ARG_NONE, &options->archived,
		"The mail is an archive's: it says itself when it arrived",
		NULL},
	    {"mbox", 'b', 0, G_OPTION_ARG_FILENAME, &options->mbox,
		"Store all mails of an mbox (mboxrd); - is standard input",
		"FILE"},
	    {"maildir", 'd', 0, G_OPTION_ARG_FILENAME, &options->maildir,
		"Store all mails of a Maildir", "DIR"},
	    {"sender", 'f', 0, G_OPTION_ARG_FILENAME, &options->sender,
		"The envelope's sender, if not in $SENDER", "ADDRESS"},
	    {"recipient", 'r', 0, G_OPTION_ARG_FILENAME, &options->recipient,
		"The envelope's recipient, if not in $RECIPIENT", "ADDRESS"},
	    {0}};

	if (!kd_cli_parse(argc, argv, entries, "< MAIL",
		"Store one mail of a mailing list from standard input, or "
		"with --mbox or\n--maildir many.  Exit status is 0 when all "
		"is on disk, else 75.",
		error))
		return FALSE;
	if (*argc > 1) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "%s: unexpected operand; see --help", (*argv)[1]);
		return FALSE;
	}
	if (options->deadline < 1 || options->deadline > DEADLINE_MAX) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "--deadline: %d: expected seconds, 1 to %d",
		    options->deadline, DEADLINE_MAX);
		options->deadline = DEADLINE;
		return FALSE;
	}
	if (options->init + options->archived + !!options->mbox +
		!!options->maildir <=
	    1)
		return TRUE;
	g_set_error_literal(error, KD_ERROR, KD_ERROR_USAGE,
	    "--archived, --init, --mbox and --maildir exclude each other");
	return FALSE;
}

/* A delivery is what no option makes anything else. */
static gboolean
run(const struct options *options, GError *problem, GError **error)
{
	const struct kd_delivery delivery = {.config = options->config,
	    .envelope = {.sender = options->sender,
		.recipients = {options->recipient}},
	    .archived = options->archived};

	if (!options->init && !options->mbox && !options->maildir) {
		kd_mta_deliver((guint)options->deadline);
		return kd_delivery_run(&delivery, problem, error);
	}
	if (problem) {
		g_propagate_error(error, problem);
		return FALSE;
	}
	return options->init ? init(options, error) : backfill(options, error);
}

int
main(int argc, char **argv)
{
	struct options options = {.deadline = DEADLINE};
	g_autoptr(GError) problem = NULL;
	g_autoptr(GError) error = NULL;

	kd_mta_begin(PROGRAM);
	kd_cli_start(PROGRAM);
	kd_cli_watch_store();
	parse_options(&argc, &argv, &options, &problem);
	if (run(&options, g_steal_pointer(&problem), &error))
		_exit(EX_OK);
	if (!options.init && !options.mbox && !options.maildir)
		kd_mta_error(error);
	else
		kd_cli_error(error);
	_exit(EX_TEMPFAIL);
}
