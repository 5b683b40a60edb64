/*
 * kd_deliver() from the command line, for t/4310-deliver.t:
 *
 *	run-deliver [-f SENDER] [-r RECIPIENT]... [-t SECONDS]
 *	    -- SENDMAIL [WORD...] <MESSAGE
 */
#include "config.h"

#include <glib.h>

#include "cli.h"
#include "conf.h"
#include "deliver.h"
#include "error.h"

static gboolean
run(int argc, char **argv, GError **error)
{
	g_autofree char *sender = NULL;
	g_auto(GStrv) recipients = NULL;
	int deadline = 0;
	const GOptionEntry entries[] = {
	    {"sender", 'f', 0, G_OPTION_ARG_STRING, &sender, "", NULL},
	    {"recipient", 'r', 0, G_OPTION_ARG_STRING_ARRAY, &recipients, "",
		NULL},
	    {"deadline", 't', 0, G_OPTION_ARG_INT, &deadline, "", NULL}, {0}};
	g_autofree char *text = NULL;
	g_autoptr(GBytes) message = NULL;
	kd_conf conf = {0};
	gsize length;

	if (!kd_cli_parse(&argc, &argv, entries, "", "", error) ||
	    !g_file_get_contents("/dev/stdin", &text, &length, error))
		return FALSE;
	message = g_bytes_new(text, length);
	conf.mail_sendmail = argv + 1 + !g_strcmp0(argv[1], "--");
	conf.mail_sender = sender;
	conf.mail_to = recipients;
	conf.mail_deadline = (guint)deadline;
	return kd_deliver(&conf, message, error);
}

int
main(int argc, char **argv)
{
	g_autoptr(GError) error = NULL;

	kd_cli_start("run-deliver");
	kd_cli_locale();
	if (!run(argc, argv, &error))
		kd_cli_error(error);
	return kd_exit_status(error);
}
