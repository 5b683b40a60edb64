#include "config.h"

#include <string.h>

#include "cli.h"
#include "error.h"
#include "report-options.h"

/* Those that not every other goes with. */
enum {
	WEEK = 1 << 0,
	SINCE = 1 << 1,
	UNTIL = 1 << 2,
	FORMAT = 1 << 3,
	OUTPUT = 1 << 4,
	DRY_RUN = 1 << 5,
	NO_LLM = 1 << 6,
	FORCE = 1 << 7,
	PLAN = 1 << 8,
	DUMP = 1 << 9,
	AUDIT = 1 << 10,
	LLM_LOG = 1 << 11,
	CHECK = 1 << 12
};

static const char *const names[] = {"week", "since", "until", "format",
    "output", "dry-run", "no-llm", "force", "plan", "dump-requests", "audit",
    "llm-log", "check"};

static const struct {
	guint option, needs, excludes;
} rules[] = {
    {WEEK, 0, SINCE | UNTIL},
    {UNTIL, SINCE, 0},
    {FORCE, 0, DRY_RUN | FORMAT | OUTPUT},
    {PLAN, DRY_RUN, FORMAT | OUTPUT | NO_LLM | FORCE},
    {DUMP, PLAN, 0},
    {AUDIT, 0, FORMAT | OUTPUT | FORCE | PLAN},
    {LLM_LOG, 0, (CHECK - 1) & ~(guint)(LLM_LOG | FORMAT)},
    {CHECK, 0, CHECK - 1},
};

static const char *
name_of(guint options)
{
	return names[g_bit_nth_lsf(options, -1)];
}

static gboolean
check_rules(guint given, GError **error)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rules); i++) {
		if (!(given & rules[i].option))
			continue;
		if (rules[i].needs && !(given & rules[i].needs)) {
			g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
			    "--%s needs --%s", name_of(rules[i].option),
			    name_of(rules[i].needs));
			return FALSE;
		}
		if (given & rules[i].excludes) {
			g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
			    "--%s excludes --%s", name_of(rules[i].option),
			    name_of(given & rules[i].excludes));
			return FALSE;
		}
	}
	return TRUE;
}

static enum kd_report_mode
mode_of(guint given)
{
	return given & CHECK			     ? KD_REPORT_CHECK
	       : given & LLM_LOG		     ? KD_REPORT_LLM_LOG
	       : given & AUDIT			     ? KD_REPORT_AUDIT
	       : given & PLAN			     ? KD_REPORT_PLAN
	       : given & (FORMAT | OUTPUT | DRY_RUN) ? KD_REPORT_WRITE
						     : KD_REPORT_SEND;
}

gboolean
kd_report_options_parse(
    int *argc, char ***argv, struct kd_report_options *options, GError **error)
{
	struct kd_report_options *o = options;
	gboolean audit = FALSE, check = FALSE, llm_log = FALSE, plan = FALSE;
	const GOptionEntry entries[] = {
	    {"config", 'c', 0, G_OPTION_ARG_FILENAME, &o->config,
		"Read this configuration", "FILE"},
	    {"week", 'w', 0, G_OPTION_ARG_STRING, &o->week,
		"The ISO week [the last that has ended]", "YYYY-Www"},
	    {"since", 'S', 0, G_OPTION_ARG_STRING, &o->since,
		"From this day or time on, instead of a week", "DATE"},
	    {"until", 'U', 0, G_OPTION_ARG_STRING, &o->until,
		"Before this day or time [now]", "DATE"},
	    {"format", 'f', 0, G_OPTION_ARG_STRING, &o->format,
		"Write text, md, html, json or eml, and send nothing",
		"FORMAT"},
	    {"output", 'o', 0, G_OPTION_ARG_FILENAME, &o->output,
		"Write there, and send nothing; - is standard output", "FILE"},
	    {"dry-run", 'n', 0, G_OPTION_ARG_NONE, &o->dry_run,
		"Send nothing, change nothing; write the digest", NULL},
	    {"check", 0, 0, G_OPTION_ARG_NONE, &check,
		"Try all that a digest needs, and say what is to be mended",
		NULL},
	    {"llm-log", 0, 0, G_OPTION_ARG_NONE, &llm_log,
		"List the answers of models that are kept, and what they cost",
		NULL},
	    {"plan", 0, 0, G_OPTION_ARG_NONE, &plan,
		"With -n: ask no model, tell what would be asked and its price",
		NULL},
	    {"dump-requests", 0, 0, G_OPTION_ARG_FILENAME, &o->dump,
		"With --plan: write what would be sent into this directory",
		"DIR"},
	    {"no-llm", 0, 0, G_OPTION_ARG_NONE, &o->no_llm,
		"Summarise from facts alone, whatever filters.chain says",
		NULL},
	    {"audit", 'a', 0, G_OPTION_ARG_NONE, &audit,
		"Prove that every mail is counted once, and print the sums",
		NULL},
	    {"force", 0, 0, G_OPTION_ARG_NONE, &o->force,
		"Send a week's digest again", NULL},
	    {0}};
	guint given;

	if (!kd_cli_parse(argc, argv, entries, NULL,
		"Make the digest of a week and mail it.", error))
		return FALSE;
	if (*argc > 1) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "%s: unexpected operand; see --help", (*argv)[1]);
		return FALSE;
	}
	given = (o->week ? WEEK : 0) | (o->since ? SINCE : 0) |
		(o->until ? UNTIL : 0) | (o->format ? FORMAT : 0) |
		(o->output ? OUTPUT : 0) | (o->dry_run ? DRY_RUN : 0) |
		(o->no_llm ? NO_LLM : 0) | (o->force ? FORCE : 0) |
		(plan ? PLAN : 0) | (o->dump ? DUMP : 0) | (audit ? AUDIT : 0) |
		(llm_log ? LLM_LOG : 0) | (check ? CHECK : 0);
	o->mode = mode_of(given);
	return check_rules(given, error);
}
