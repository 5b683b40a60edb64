#include "config.h"

#include <sys/wait.h>

#include "address.h"
#include "child.h"
#include "deliver.h"
#include "error.h"

#define DEADLINE   300	   /* seconds, unless mail.deadline says otherwise */
#define OUTPUT_MAX 1000000 /* bytes of talk, which nobody reads */

static gboolean
check_conf(const kd_conf *conf, GError **error)
{
	const char *reason = NULL;

	if (!conf->mail_sendmail || !*conf->mail_sendmail)
		reason = "mail.sendmail: empty: name a program";
	else if (!g_path_is_absolute(*conf->mail_sendmail))
		reason = "mail.sendmail: the program must be an absolute path";
	else if (!conf->mail_to || !*conf->mail_to)
		reason = "mail.to: not set: the mail needs a recipient";
	else if (g_strv_length(conf->mail_to) > KD_RECIPIENTS_MAX)
		reason = "mail.to: over " G_STRINGIFY(
		    KD_RECIPIENTS_MAX) " recipients: use an alias or a list";
	if (reason)
		g_set_error_literal(error, KD_ERROR, KD_ERROR_CONFIG, reason);
	return !reason;
}

GStrv
kd_deliver_argv(const kd_conf *conf, GError **error)
{
	g_autoptr(GStrvBuilder) argv = g_strv_builder_new();
	g_autofree char *sender = NULL;

	if (!check_conf(conf, error))
		return NULL;
	g_strv_builder_addv(argv, (const char **)conf->mail_sendmail);
	g_strv_builder_add(argv, "-i");
	if (conf->mail_sender) {
		sender = kd_address_plain(
		    "mail.envelope_sender", conf->mail_sender, error);
		if (!sender)
			return NULL;
		g_strv_builder_add_many(argv, "-f", sender, NULL);
	}
	g_strv_builder_add(argv, "--");
	for (char **to = conf->mail_to; *to; to++) {
		g_autofree char *plain =
		    kd_address_plain("mail.to", *to, error);

		if (!plain)
			return NULL;
		g_strv_builder_add(argv, plain);
	}
	return g_strv_builder_end(argv);
}

static const char *
remedy(enum kd_error code)
{
	switch (code) {
	case KD_ERROR_CONFIG:
		return "see its own message and mend mail.sendmail, "
		       "mail.envelope_sender or its configuration";
	case KD_ERROR_SERVICE:
		return "it refuses the mail or a recipient: see its own "
		       "message and mail.to";
	default:
		return "see its own message, run again later";
	}
}

gboolean
kd_deliver(const kd_conf *conf, GBytes *message, GError **error)
{
	g_auto(GStrv) argv = kd_deliver_argv(conf, error);
	g_autoptr(GError) failure = NULL;
	const struct kd_child sendmail = {
	    .argv = (const char *const *)argv,
	    .input = message,
	    .deadline = conf->mail_deadline ? conf->mail_deadline : DEADLINE,
	    .output_max = OUTPUT_MAX,
	    .input_whole = TRUE,
	};
	enum kd_error code = KD_ERROR_TEMP;
	int status;

	if (!argv)
		return FALSE;
	if (kd_child_run(&sendmail, NULL, &status, &failure)) {
		if (kd_child_check(status, *argv, &failure))
			return TRUE;
		if (WIFEXITED(status))
			code = kd_error_from_exit(WEXITSTATUS(status));
	}
	g_set_error(
	    error, KD_ERROR, code, "%s: %s", failure->message, remedy(code));
	return FALSE;
}
