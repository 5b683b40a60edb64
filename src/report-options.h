/*
 * The command line of kvdigest-report(1).
 */
#ifndef KD_REPORT_OPTIONS_H
#define KD_REPORT_OPTIONS_H

#include <glib.h>

enum kd_report_mode { /* what is asked for */
	KD_REPORT_SEND,
	KD_REPORT_WRITE,
	KD_REPORT_PLAN,
	KD_REPORT_AUDIT,
	KD_REPORT_LLM_LOG,
	KD_REPORT_CHECK
};

/* Strings are NULL where the option is missing, and live as long as the
 * process. */
struct kd_report_options {
	enum kd_report_mode mode;
	char *config;
	char *week;
	char *since;
	char *until;
	char *format;
	char *output;
	char *dump;
	gboolean dry_run;
	gboolean no_llm;
	gboolean force;
};

/*
 * Read the command line; --help and --version do not return.  FALSE sets
 * error: an option that is none, or two that make no sense together.
 */
gboolean kd_report_options_parse(
    int *argc, char ***argv, struct kd_report_options *options, GError **error);

#endif
