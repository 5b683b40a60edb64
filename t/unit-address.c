/*
 * Mailboxes of the configuration: which are taken, and what of them reaches
 * sendmail's command line.
 */
#include "config.h"

#include <string.h>

#include "address.h"
#include "error.h"
#include "unit.h"

static void
test_taken(void)
{
	static const char *const rows[][2] = {
	    {"team@example.org", "team@example.org"},
	    {"  Team@Example.ORG ", "Team@Example.ORG"},
	    {"<team@example.org>", "team@example.org"},
	    {"KVMARM 周报 <team@example.org>", "team@example.org"},
	    {"\"a; b, c\" <team@example.org>", "team@example.org"},
	    {"\"x@example.com\" <team@example.org>", "team@example.org"},
	    {"root@localhost", "root@localhost"},
	    {"a`b$HOME&'c|d*@example.org", "a`b$HOME&'c|d*@example.org"},
	    {"组 <team@例子.example>", "team@xn--fsqu00a.example"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GError) error = NULL;
		g_autofree char *got =
		    kd_address_plain("mail.to", rows[i][0], &error);

		g_assert_no_error(error);
		g_assert_cmpstr(got, ==, rows[i][1]);
	}
}

static void
refuse(const char *mailbox)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *got = kd_address_plain("mail.to", mailbox, &error);

	g_test_message("%.60s", mailbox);
	g_assert_null(got);
	g_assert_error(error, KD_ERROR, KD_ERROR_CONFIG);
	g_assert_true(g_str_has_prefix(error->message, "mail.to: "));
}

static void
test_refused(void)
{
	static const char *const rows[] = {
	    "",
	    " ",
	    "team",
	    "@example.org",
	    "team@",
	    "team@example..org",
	    ".team@example.org",
	    "-oQ/tmp",
	    "-oQ/tmp@example.org",
	    "Team <-f@example.org>",
	    "a@b -X/tmp/x",
	    "team@-example.org",
	    "|cmd",
	    "|cmd@example.org",
	    "/etc/x",
	    "/etc/x@example.org",
	    "\"a b\"@example.org",
	    "\"-a\"@example.org",
	    "team@[127.0.0.1]",
	    "tëam@example.org",
	    "a@example.org, b@example.org",
	    "a@example.org; b@example.org",
	    "a@example.org b@example.org",
	    "a@example.org\nBcc: b@example.org",
	    "team@example.org\n",
	    "group: a@example.org, b@example.org;",
	    "a@example.org\xff",
	};
	g_autofree char *local = g_strnfill(65, 'x');
	g_autofree char *long_local = g_strconcat(local, "@a.org", NULL);
	g_autofree char *label = g_strnfill(250, 'x');
	g_autofree char *long_domain = g_strconcat("team@", label, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		refuse(rows[i]);
	refuse(long_local);
	refuse(long_domain);
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/address/taken", test_taken);
	g_test_add_func("/address/refused", test_refused);
	return g_test_run();
}
