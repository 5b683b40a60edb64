/*
 * Address lists of the plain form read as GMime reads them; others are left
 * to it.
 */
#include "config.h"

#include <gmime/gmime.h>
#include <string.h>

#include "address-list.h"
#include "auto.h"
#include "unit.h"

/* A list of one says its name, too, unless that is encoded. */
static void
check_mailbox(const char *row, InternetAddressList *list)
{
	g_autofree char *name = NULL;
	g_autofree char *address = NULL;
	InternetAddress *entry = internet_address_list_get_address(list, 0);
	const char *wanted = internet_address_get_name(entry);

	if (internet_address_list_length(list) > 1 || strstr(row, "=?UTF")) {
		g_assert_false(kd_mailbox_read(row, &name, &address));
		return;
	}
	g_assert_true(kd_mailbox_read(row, &name, &address));
	g_assert_cmpstr(name, ==, wanted ? wanted : "");
	g_assert_true(
	    !g_ascii_strcasecmp(address, internet_address_mailbox_get_addr(
					     INTERNET_ADDRESS_MAILBOX(entry))));
}

static void
test_plain(void)
{
	static const char *const rows[] = {
	    "ann@example.org",
	    " ann@example.org ",
	    "Ann@Example.ORG, bob@example.org",
	    "Ann Example <ann@example.org>",
	    "Ann Example<ann@example.org>,Bob <bob@example.org>",
	    "<ann@example.org>, <bob@example.org>",
	    "\"Example, Ann\" <ann@example.org>, bob@example.org",
	    "\"Ann (she) <x@y.z>\" <ann@example.org>",
	    "\"\" <ann@example.org>",
	    "A. N. Other <a.n-o+list=x@mail.example.org>",
	    " Ann  B.  <ann@example.org> ",
	    "\"Ann  B. \" <ann@example.org>",
	    "'Ann' Example <ann@example.org>",
	    "\"=?UTF-8?q?Ann?=\" <ann@example.org>",
	    "=?UTF-8?q?Ann_B=C3=A4r?= <ann@example.org>",
	    "=?UTF-8?q?Ann_B=C3=A4r?= <ann@example.org>, Bob <bob@example.org>",
	    "O'Brien <o'brien@example.org>",
	    "ann@localhost, a_b@10.example.org",
	    "!#$%&'*+-/=?^_`{|}~@example.org",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) got = g_ptr_array_new();
		g_autoptr(GStringChunk) chunk = g_string_chunk_new(64);
		g_autoptr(InternetAddressList) list =
		    internet_address_list_parse(NULL, rows[i]);

		g_test_message("%s", rows[i]);
		g_assert_true(kd_address_list_read(got, chunk, rows[i]));
		g_assert_cmpint(
		    got->len, ==, internet_address_list_length(list));
		for (guint j = 0; j < got->len; j++) {
			InternetAddress *entry =
			    internet_address_list_get_address(list, (int)j);
			g_autofree char *lower = NULL;

			g_assert_true(INTERNET_ADDRESS_IS_MAILBOX(entry));
			lower = g_ascii_strdown(
			    internet_address_mailbox_get_addr(
				INTERNET_ADDRESS_MAILBOX(entry)),
			    -1);
			g_assert_cmpstr(g_ptr_array_index(got, j), ==, lower);
		}
		check_mailbox(rows[i], list);
	}
}

/* What is not sure is not taken, nor is a part of it. */
static void
test_others(void)
{
	static const char *const rows[] = {
	    "",
	    "ann",
	    "Ann Example",
	    "ann@",
	    "@example.org",
	    "ann@example.org,",
	    ",ann@example.org",
	    "ann@example.org bob@example.org",
	    "ann@example.org <ann@example.org>",
	    "ann@example.org; bob@example.org",
	    "undisclosed-recipients:;",
	    "team: ann@example.org, bob@example.org;",
	    "ann@example.org (Ann)",
	    "Ann (x) <ann@example.org>",
	    "<@relay.example.org:ann@example.org>",
	    "\"ann b\"@example.org",
	    "ann @example.org",
	    "Ann < ann@example.org>",
	    "Ann <ann@example.org",
	    "Ann <<ann@example.org>>",
	    "\"Ann <ann@example.org>",
	    "\"A\\\"n\" <ann@example.org>",
	    ".ann@example.org",
	    "ann.@example.org",
	    "a..n@example.org",
	    "ann@example.org.",
	    "ann@[192.0.2.1]",
	    "ann@xn--bcher-kva.example.org",
	    "B\xc3\xa4r <ann@example.org>",
	    "\"B\xc3\xa4r\" <ann@example.org>",
	    "b\xc3\xa4r@example.org",
	    "bob@example.org, Ann <ann@example.org",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(GPtrArray) got = g_ptr_array_new();
		g_autoptr(GStringChunk) chunk = g_string_chunk_new(64);

		g_test_message("%s", rows[i]);
		g_ptr_array_add(got, (gpointer) "before");
		g_assert_false(kd_address_list_read(got, chunk, rows[i]));
		g_assert_cmpint(got->len, ==, 1);
	}
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_mime_init();
	g_test_add_func("/address-list/plain", test_plain);
	g_test_add_func("/address-list/others", test_others);
	return g_test_run();
}
