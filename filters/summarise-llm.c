/*
 * Summarise a topic by a model: a brief in, the same brief with a summary
 * out.  See summarise-llm(1).
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>

#include <jansson.h>

#include "auto.h"
#include "brief.h"
#include "cli.h"
#include "error.h"
#include "llm-ask.h"
#include "llm.h"

#define MARGIN 2 /* seconds to write an answer before we are killed */

struct options {
	char *config;
	char *profile;
	char *dump;
	gboolean plan;
};

static gboolean
parse_options(int *argc, char ***argv, struct options *o, GError **error)
{
	const GOptionEntry entries[] = {
	    {"config", 'c', 0, G_OPTION_ARG_FILENAME, &o->config,
		"Read this configuration", "FILE"},
	    {"profile", 'p', 0, G_OPTION_ARG_STRING, &o->profile,
		"Ask this profile only, whatever llm.use says", "NAME"},
	    {"plan", 'n', 0, G_OPTION_ARG_NONE, &o->plan,
		"Ask nobody; say what would be asked", NULL},
	    {"dump-requests", 0, 0, G_OPTION_ARG_FILENAME, &o->dump,
		"Write the body of each request there, too", "DIR"},
	    {0}};

	if (!kd_cli_parse(argc, argv, entries, "",
		"Read a brief on standard input and write it on standard "
		"output with a summary made by a model.",
		error))
		return FALSE;
	if (*argc > 1) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "%s: takes no operands", (*argv)[1]);
		return FALSE;
	}
	return TRUE;
}

/* The value of a variable of the environment that is set and not empty. */
static const char *
variable(const char *name)
{
	const char *value = g_getenv(name);

	return value && *value ? value : NULL;
}

/* When all must be over: our own limit, or what our caller leaves us. */
static gint64
find_end(const kd_conf *conf, const struct kd_llm_clock *clock)
{
	const char *left = variable("KVDIGEST_DEADLINE");
	guint64 seconds = conf->llm_deadline, given;

	if (left &&
	    g_ascii_string_to_unsigned(left, 10, 1, 86400, &given, NULL))
		seconds = MIN(seconds, given > MARGIN ? given - MARGIN : 1);
	return clock->now(clock->data) + (gint64)seconds * G_USEC_PER_SEC;
}

static gboolean
choose_profile(kd_conf *conf, const char *name, GError **error)
{
	const char *const use[] = {name, NULL};

	if (!name)
		return TRUE;
	if (!kd_conf_profile_find(conf, name)) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "%s: no such profile in %s", name, conf->file);
		return FALSE;
	}
	g_strfreev(conf->llm_use);
	conf->llm_use = g_strdupv((GStrv)use);
	return TRUE;
}

static gboolean
answer(kd_llm_session *session, json_t *brief, GError **error)
{
	json_t *summary = kd_llm_summarise(session, brief, error);

	for (guint i = 0; i < session->notes->len; i++)
		kd_cli_notice("%s", (char *)session->notes->pdata[i]);
	if (!summary)
		return FALSE;
	json_object_set_new(brief, "summary", summary);
	json_dumpf(brief, stdout, JSON_COMPACT);
	putchar('\n');
	return kd_cli_close_stdout(error);
}

static gboolean
summarise(const struct options *o, GError **error)
{
	const struct kd_llm_clock *clock = kd_llm_clock_real();
	g_autoptr(kd_llm_run) run =
	    kd_llm_run_new(variable("KVDIGEST_RUN_DIR"), clock);
	g_autoptr(kd_conf) conf = kd_conf_load(o->config, error);
	g_autoptr(kd_llm_prompt) prompt = NULL;
	g_autoptr(GPtrArray) profiles = NULL;
	g_autoptr(json_t) brief = NULL;
	kd_llm_session session = {.run = run, .clock = clock};
	gboolean done;

	if (!conf ||
	    !choose_profile(conf,
		o->profile ? o->profile : variable("KVDIGEST_PROFILE"), error))
		return FALSE;
	prompt = kd_llm_prompt_load(error);
	if (!prompt)
		return FALSE;
	profiles = kd_llm_profiles_load(conf, error);
	if (!profiles)
		return FALSE;
	brief = kd_brief_read_stdin(error);
	if (!brief)
		return FALSE;
	session.conf = conf;
	session.prompt = prompt;
	session.profiles = profiles;
	session.send = kd_llm_send;
	session.end = find_end(conf, clock);
	session.plan = o->plan || variable("KVDIGEST_PLAN");
	session.dump = o->dump ? o->dump : variable("KVDIGEST_DUMP");
	kd_llm_session_init(&session);
	done = answer(&session, brief, error);
	kd_llm_session_clear(&session);
	return done;
}

/* Libraries below us would heed them, the last by writing down keys. */
static void
forget_environment(void)
{
	static const char *const names[] = {"http_proxy", "HTTP_PROXY",
	    "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY", "no_proxy",
	    "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR", "OPENSSL_CONF",
	    "SSLKEYLOGFILE"};

	for (gsize i = 0; i < G_N_ELEMENTS(names); i++)
		g_unsetenv(names[i]);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;
	struct options options = {0};

	kd_cli_start("summarise-llm");
	kd_cli_locale();
	/* Neither a core file nor another process of this user gets the key. */
	prctl(PR_SET_DUMPABLE, 0);
	forget_environment();
	if (!parse_options(&argc, &argv, &options, &error) ||
	    !summarise(&options, &error))
		kd_cli_error(error);
	g_free(options.config);
	g_free(options.profile);
	g_free(options.dump);
	return kd_exit_status(error);
}
