/*
 * Message-ID lists.  One row per rule; a list's ids are joined by blanks.
 */
#include "config.h"

#include <string.h>

#include "record.h"
#include "refs.h"
#include "unit.h"

struct row {
	const char *value;
	const char *ids;
};

static char *
parse(void (*read)(GPtrArray *, const char *, gsize), const char *value,
    gsize length)
{
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	read(ids, value, length);
	g_ptr_array_add(ids, NULL);
	return g_strjoinv(" ", (GStrv)ids->pdata);
}

static void
check(void (*read)(GPtrArray *, const char *, gsize), const struct row *rows,
    gsize n)
{
	for (gsize i = 0; i < n; i++) {
		g_autofree char *got =
		    parse(read, rows[i].value, strlen(rows[i].value));

		g_test_message("%s", rows[i].value);
		g_assert_cmpstr(got, ==, rows[i].ids);
	}
}

static const struct row parse_rows[] = {
    {"", ""},
    {"   ", ""},
    {"<a@x>", "a@x"},
    {" <a@x>\r\n", "a@x"},
    {"<a@x> <b@x>", "a@x b@x"},
    {"<a@x><b@x>", "a@x b@x"},
    {"<a@x>,<b@x>", "a@x b@x"},
    {"<a@x>,\n\t<b@x>;<c@x>", "a@x b@x c@x"},
    {"<a@x> <a@x>", "a@x a@x"},
    {"<Ab@X> <ab@x>", "Ab@X ab@x"},
    {"<no-domain-at-all>", "no-domain-at-all"},
    /* brackets given twice, none, or left open */
    {"<<a@x>>", "a@x"},
    {"<<<a@x>>> <b@x>", "a@x b@x"},
    {"< <a@x> >", "a@x"},
    {"<> <a@x>", "a@x"},
    {"<a@x> <b@", "a@x"},
    {"<", ""},
    {"><a@x>", "a@x"},
    {"a@x b@x", ""},
    /* no plain token */
    {"<y>", ""},
    {"<n> <a@x>", "a@x"},
    {"<Ann Example <ann@example.org>", ""},
    {"<a@x <b@x> <c@x>", "c@x"},
    {"<a b@x> <c@x>", "c@x"},
    {"<7f@protonmail.internalid> <a@x>", "a@x"},
    {"<7f@protonmail.internalid.example>", "7f@protonmail.internalid.example"},
    /* white space that does not make words */
    {"< a@x >", "a@x"},
    {"<a @ x . org>", "a@x.org"},
    {"<very-long-\r\n local@x>", "very-long-local@x"},
    {"<a@\n\tx>", "a@x"},
    {"<a\n b c@x>", ""},
    /* phrases and comments */
    {"Your message of \"Mon, 8 Mar\" <a@x>", "a@x"},
    {"Ann's message of Monday <a@x>", "a@x"},
    {"\"<a@x>\" <b@x>", "b@x"},
    {"\"one \\\" <a@x>\" <b@x>", "b@x"},
    {"(c) <a@x> (<d@x>)", "a@x"},
    {"((<a@x>) (<b@x>)) <c@x>", "c@x"},
    {"(\\) <a@x>) <b@x>", "b@x"},
    {"<a(b)@x>", "a(b)@x"},
    /* not closed: an ordinary character */
    {"(message <a@x>", "a@x"},
    {"((one) <a@x>", "a@x"},
    {"17\" disk <a@x>", "a@x"},
    {"a\\", ""},
    {"(\\", ""},
    /* what other programs would trip over */
    {"<../../etc/passwd@x>", "../../etc/passwd@x"},
    {"<$(id);`id`|%s%n@x>", "$(id);`id`|%s%n@x"},
    {"<gr\303\266\303\237e@x>", "gr\303\266\303\237e@x"},
};

static void
test_parse(void)
{
	check(kd_refs_parse, parse_rows, G_N_ELEMENTS(parse_rows));
}

static const struct row bare_rows[] = {
    {"a@x", "a@x"},
    {"a@x b@x\r\n c@x", "a@x b@x c@x"},
    {"a@x,b@x", "a@x b@x"},
    {"a@x>", "a@x"},
    {"plain words", ""},
    {"@x a@", ""},
    {"(see a@x) b@x(c)", "b@x"},
    {"\"a@x\" b@x", "b@x"},
    {"(open a@x", "a@x"},
    {"a@x <b@x>", ""},
};

static void
test_bare(void)
{
	check(kd_refs_parse_bare, bare_rows, G_N_ELEMENTS(bare_rows));
}

static void
test_identity(void)
{
	static const struct row rows[] = {
	    {"<a@x>", "a@x"},
	    {"<<a@x>>", "a@x"},
	    {"(c) <a@x> (d)", "a@x"},
	    {"<a@x> <b@x>", "a@x"},
	    {"a@x", "a@x"},
	    {" a@x (no brackets)", "a@x"},
	    {"<a@x", "a@x"},
	    {"0F3D-77A1", "0F3D-77A1"},
	    {"=?utf-8?q?=3Ca=40x=3E?=", "=?utf-8?q?=3Ca=40x=3E?="},
	    {"<a@protonmail.internalid>", "a@protonmail.internalid"},
	    {"no id here", NULL},
	    {"", NULL},
	    {"<>", NULL},
	    {"<> a@x", NULL},
	    {"<y>", NULL},
	    {"y", NULL},
	    {"< a b @ x >", NULL},
	    {"<Ann Example <ann@example.org>", NULL},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *got =
		    kd_refs_identity(rows[i].value, strlen(rows[i].value));

		g_test_message("%s", rows[i].value);
		g_assert_cmpstr(got, ==, rows[i].ids);
	}
}

/* An id of its length in bytes: "aaa...", end. */
static char *
long_id(gsize length, const char *end)
{
	g_autofree char *fill = g_strnfill(length - strlen(end), 'a');

	return g_strconcat("<", fill, end, ">", NULL);
}

static char *
identity(const char *value)
{
	return kd_refs_identity(value, strlen(value));
}

static void
test_long(void)
{
	g_autofree char *fits = long_id(KD_ID_MAX, "@x.org");
	g_autofree char *one = long_id(65000, "@x.org");
	g_autofree char *two = long_id(65000, "@x.net");
	g_autofree char *kept = identity(fits);
	g_autofree char *id_one = identity(one);
	g_autofree char *id_two = identity(two);
	g_autofree char *ref = parse(kd_refs_parse, one, strlen(one));

	g_assert_cmpuint(strlen(kept), ==, KD_ID_MAX);
	g_assert_true(g_str_has_suffix(kept, "a@x.org"));
	g_assert_cmpuint(strlen(id_one), ==, KD_ID_MAX);
	g_assert_cmpstr(id_one, !=, id_two);
	g_assert_cmpstr(ref, ==, id_one);
}

/* Bytes that are no text stay apart, and what is kept is text. */
static void
test_bytes(void)
{
	static const struct {
		const char *value;
		gsize length;
		const char *begin;
	} rows[] = {
	    {"<\377\376@x>", 6, "\357\277\275\357\277\275@x#"},
	    {"<\376\376@x>", 6, "\357\277\275\357\277\275@x#"},
	    {"<a\0b@x>", 7, "a\357\277\275b@x#"},
	    {"<a\033[1m@x>", 9, "a?[1m@x#"},
	    {"<a\302\205@x>", 7, "a?@x#"},
	};
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		char *id = kd_refs_identity(rows[i].value, rows[i].length);

		g_assert_true(g_utf8_validate(id, -1, NULL));
		g_assert_true(g_str_has_prefix(id, rows[i].begin));
		g_assert_true(g_hash_table_add(seen, id));
	}
}

/* Wide characters at the cut: still valid, still within the limit. */
static void
test_cut(void)
{
	g_autoptr(GString) value = g_string_new("<");
	g_autofree char *id = NULL;

	for (int i = 0; i < 1000; i++)
		g_string_append(value, "\347\273\264");
	g_string_append(value, "@x>");
	id = kd_refs_identity(value->str, value->len);
	g_assert_true(g_utf8_validate(id, -1, NULL));
	g_assert_cmpuint(strlen(id), <=, KD_ID_MAX);
	g_assert_cmpuint(strlen(id), >, KD_ID_MAX - 3);
}

/* Quadratic work on a megabyte would take minutes. */
static void
test_hostile(void)
{
	static const char *const units[] = {
	    "(", "\"", "<", ">", "(\\", "<a@x", "a@x ", "(<", "\\\"", "<a>("};

	for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
		g_autoptr(GString) value = g_string_new(NULL);
		g_autoptr(GPtrArray) ids =
		    g_ptr_array_new_with_free_func(g_free);

		while (value->len < 1 << 20)
			g_string_append(value, units[i]);
		kd_refs_parse(ids, value->str, value->len);
		kd_refs_parse_bare(ids, value->str, value->len);
		g_free(kd_refs_identity(value->str, value->len));
	}
}

static void
test_many(void)
{
	g_autoptr(GString) value = g_string_new(NULL);
	g_autoptr(GPtrArray) ids = g_ptr_array_new_with_free_func(g_free);

	for (int i = 0; i < 5000; i++)
		g_string_append_printf(value, "<r%d@x>\n ", i);
	kd_refs_parse(ids, value->str, value->len);
	g_assert_cmpuint(ids->len, ==, 5000);
	g_assert_cmpstr(ids->pdata[0], ==, "r0@x");
	g_assert_cmpstr(ids->pdata[4999], ==, "r4999@x");
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/refs/parse", test_parse);
	g_test_add_func("/refs/bare", test_bare);
	g_test_add_func("/refs/identity", test_identity);
	g_test_add_func("/refs/long", test_long);
	g_test_add_func("/refs/bytes", test_bytes);
	g_test_add_func("/refs/cut", test_cut);
	g_test_add_func("/refs/hostile", test_hostile);
	g_test_add_func("/refs/many", test_many);
	return g_test_run();
}
