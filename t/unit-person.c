/*
 * Authors: rewritten From fields, one person's mails.
 */
#include "config.h"

#include "person.h"
#include "unit.h"

static void
test_munged(void)
{
	static const struct {
		const char *name, *address;
		gboolean munged;
	} rows[] = {
	    {"Ann via kvmarm", "kvmarm@lists.example.org", TRUE},
	    {"Ann via Kvmarm", "kvmarm@example.org", TRUE},
	    {"Ann via", "devel@example.org", TRUE},
	    {"'Ann' via some-dev", "some-dev@googlegroups.com", TRUE},
	    {"Ann via Lists.Example.Org", "ann=a.org@lists.example.org", TRUE},
	    {"Ann via B4 Relay", "devnull+ann.example.org@kernel.org", TRUE},
	    {"Ann Via Example", "ann@example.org", FALSE},
	    {"Octavia Lane", "octavia@lists.example.org", FALSE},
	    {"Ann", "kvmarm@lists.example.org", FALSE},
	    {"", "", FALSE},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s <%s>", rows[i].name, rows[i].address);
		g_assert_cmpint(
		    kd_person_is_munged(rows[i].name, rows[i].address), ==,
		    rows[i].munged);
	}
}

static void
test_clean_name(void)
{
	static const struct {
		const char *name, *clean;
	} rows[] = {
	    {"Ann Example", "Ann Example"},
	    {"Ann via kvmarm", "Ann"},
	    {"Ann via", "Ann"},
	    {"Ann Example via B4 Relay", "Ann Example"},
	    {"'Ann Example' via some-dev", "Ann Example"},
	    {"\"'Ann'\"", "Ann"},
	    {"Ann 'Bo' Example", "Ann 'Bo' Example"},
	    {"D'Arc", "D'Arc"},
	    {"'", "'"},
	    {"  Ann ", "Ann"},
	    {"", ""},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *clean = kd_person_clean_name(rows[i].name);

		g_assert_cmpstr(clean, ==, rows[i].clean);
	}
}

static void
test_key(void)
{
	static const struct {
		const char *name, *address, *key;
	} rows[] = {
	    {"Ann", "Ann.Example@Example.ORG", "ann.example@example.org"},
	    {"A. Example", "ann+kvm@example.org", "ann@example.org"},
	    {"", "+ann@example.org", "+ann@example.org"},
	    {"", "devnull+ann.a.org@kernel.org",
		"devnull+ann.a.org@kernel.org"},
	    {"", "ann@host+1.example.org", "ann@host+1.example.org"},
	    {"Ann EXAMPLE via kvmarm", "", "ann example"},
	    {"", "", ""},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *key =
		    kd_person_key(rows[i].name, rows[i].address);

		g_assert_cmpstr(key, ==, rows[i].key);
	}
}

static void
test_address(void)
{
	static const struct {
		const char *address, *other;
		gboolean same;
	} rows[] = {
	    {"ann@example.org", "ANN@Example.org", TRUE},
	    {"ann+a@example.org", "ann+b@example.org", TRUE},
	    {"ann@example.org", "ann+b@example.org", TRUE},
	    {"ann@example.org", "ann@example.com", FALSE},
	    {"ann@example.org", "anne@example.org", FALSE},
	    {"ann", "ann@example.org", FALSE},
	    {"+a@example.org", "+b@example.org", FALSE},
	    {"devnull+a.x@kernel.org", "devnull+b.x@kernel.org", FALSE},
	    {"", "", FALSE},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_true(
		    rows[i].same ==
		    kd_person_same_address(rows[i].address, rows[i].other));
}

static void
test_same(void)
{
	static const struct {
		const char *name, *address, *other_name, *other;
		gboolean same;
	} rows[] = {
	    {"Ann", "ann@example.org", "A", "ANN+kvm@example.org", TRUE},
	    {"Ann Ek", "ann@example.org", "ANN EK", "ek@example.com", TRUE},
	    {"Ann", "ann@example.org", "Ann", "ann@example.com", FALSE},
	    {"Ann Ek", "", "Ann Ek via list", "list@lists.example.org", TRUE},
	    {"", "", "", "", FALSE},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++)
		g_assert_true(rows[i].same ==
			      kd_person_is_same(rows[i].name, rows[i].address,
				  rows[i].other_name, rows[i].other));
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/person/munged", test_munged);
	g_test_add_func("/person/clean-name", test_clean_name);
	g_test_add_func("/person/key", test_key);
	g_test_add_func("/person/address", test_address);
	g_test_add_func("/person/same", test_same);
	return g_test_run();
}
