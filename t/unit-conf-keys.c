/*
 * The keys: which values each takes, and that the manual and the example name
 * the keys that there are.
 */
#include "config.h"

#include <string.h>

#include "conf-place.h"
#include "conf-private.h"
#include "unit.h"

static const struct {
	const char *path;
	const char *taken[14];
	const char *refused[24];
} values[] = {
    {"store.path", {"/", "/a", "/a b/文"}, {"", "a", "~/a", "./a"}},
    {"store.max_size",
	{"1M", "1m", "1024K", "1048576", "64T", "70368744177664"},
	{"", "M", "0", "1", "1023K", "65T", "70368744177665", "-1G", "+1G",
	    " 1G", "1G ", "1GB", "1.5G", "0x1G", "1GG", "18446744073709551616",
	    "18014398509481985K", "1P", "９G"}},
    {"store.max_mail", {"64K", "65536", "1m", "64M", "67108864"},
	{"", "63K", "65M", "1G", "64k b", "-1M"}},
    {"list.id", {"kvmarm.lists.linux.dev", "netdev", "a_b.c-d"},
	{"", "<a.b>", "a b", "a,b", "a;b", "列表", "a(b)"}},
    {"list.name", {"KVMARM", "内核 (ARM)", "<b>"}, {""}},
    {"list.archive",
	{"https://a", "http://a.b/", "https://a:8443/x/%20/", "https://[::1]/x",
	    "HTTPS://a/"},
	{"", "a", "//a/", "https:", "https:///a", "https:a", "ftp://a/",
	    "file:///a", "javascript:alert(1)", "https://u@a/",
	    "https://u:p@a/", "https://a/?q=", "https://a/#x", "https://a/ b",
	    "https://a/<b>", "https://a/\"", "https://a/文", "https://a:x/",
	    "https://a/%zz"}},
    {"list.recipient", {"kvdigest+x7@example.org", "a@b"},
	{"", "a", "a@", "<a@b>", "Ann <a@b>", "-a@b", "a b@c"}},
    {"list.sender_hosts", {"lists.linux.dev", "mx1", "a-b.c"},
	{"", ".a", "-a", "a..b", "a b", "a@b", "a/b", "列表"}},
    {"list.authserv_id", {"mx.example.org", "mx"},
	{"", "mx;", "mx example", "a..b", "\"mx\""}},
    {"report.timezone",
	{"UTC", "Asia/Shanghai", "America/Argentina/Buenos_Aires", "Etc/GMT+8"},
	{"", "Mars/Olympus", "Asia", "+08:00", "+0800", "08", "Shanghai8",
	    "CST-8", "/usr/share/zoneinfo/UTC", "../UTC", "Asia/../UTC",
	    "Asia/Shanghai\n", ":UTC", "Z/"}},
    {"team.addresses", {"ann@example.org", "A.B@example.org"},
	{"", "ann", "ann@", "Ann <ann@example.org>"}},
    {"team.names", {"Ann Example", "文"}, {""}},
    {"team.paths", {"arch/arm64/kvm", "virt/kvm/", "tools/*/x?.c"},
	{"", "/usr", "/"}},
    {"team.keywords", {"SVE", "stage 2"}, {""}},
    {"filters.chain", {"summarise-facts", "a.b_c", "9", "/opt/a b"},
	{"", "-a", ".a", "..", "a/b", "../a", "a b", "a;b", "$a", "文"}},
    {"filters.deadline", {"1", "60", "3600", "0060"},
	{"", "0", "3601", "-1", "+1", "1.5", "60s", "1e3", "0x10",
	    "4294967297"}},
    {"llm.use", {"a", "A-b_9"}, {"", "-a", "a.b", "a b", "文"}},
    {"llm.max_cost", {"0", "12", "0.5", "12.25"},
	{"", ".5", "5.", "1e3", "-1", "+1", "1,5", "0x1", "inf", "nan",
	    "123456789012345678901"}},
    {"llm.profiles.*.base_url",
	{"https://a/v1", "http://127.0.0.1:8080/v1", "https://a/v4/",
	    "http://[::1]:1/v1", "https://a.example.org"},
	{"", "a", "file:///etc/passwd", "gopher://a/", "ftp://a/",
	    "https://u:p@a/v1", "https://u@a/", "https://a/v1?x=y",
	    "https://a/#x", "https:///v1", "https://a/ b", "https://a/文"}},
    {"llm.profiles.*.model", {"a", "qwen3:8b", "org/model-1.5"},
	{"", "a b", "a\n", "文"}},
    {"llm.profiles.*.dialect", {"auto", "glm", "llama-cpp"}, {"", "Auto", "x"}},
    {"llm.profiles.*.max_tokens_param",
	{"auto", "max_tokens", "max_completion_tokens", "none"}, {"", "max"}},
    {"llm.profiles.*.thinking", {"auto", "off", "on"}, {"", "no", "yes"}},
    {"llm.profiles.*.output", {"auto", "json_schema", "json_object", "text"},
	{"", "json"}},
    {"llm.profiles.*.stream", {"auto", "yes", "no"}, {"", "true"}},
    {"llm.profiles.*.extra_body", {"{}", "{\"a\": 1}"}, {"", "a", "[]"}},
    {"llm.profiles.*.headers", {"X-A: b", "a:b"},
	{"", "X-A", ": b", "Authorization: Bearer x", "authorization:x",
	    "X-Api-Key: x", "Cookie: x", "Host: x", "X A: b",
	    "X-A: b\r\nC: d"}},
    {"llm.profiles.*.context", {"2000", "10000000"}, {"", "1999", "8k"}},
    {"llm.profiles.*.price.currency", {"CNY", "USD"}, {"", "C Y", "¥"}},
    {"llm.profiles.*.proxy", {"http://a:3128", "socks5h://a:1080/"},
	{"", "a:3128", "http://u:p@a:1", "http://a/x", "file:///x"}},
    {"llm.profiles.*.allow_plaintext", {"yes", "no"}, {"", "1", "Yes"}},
    {"mail.sendmail", {"/usr/sbin/sendmail"},
	{"", "sendmail", "./sendmail", "/usr/sbin/sendmail -oi", "|/bin/sh"}},
    {"mail.from",
	{"a@example.org", "a.b+c@example.org", "Ann <a@b>", "Ann<a@b>", "<a@b>",
	    "J. Random <a@b>", "'Ann' <a@b>", "周报 <a@b>", "\"A, B\" <a@b>",
	    "\"A \\\" B\" <a@b>", "\"\" <a@b>", "a@例子.中国", "a@b-c.d"},
	{"", "a", "a@", "@b", "a@b@c", "a b@c", "a@b c", "a,b@c", "Ann <a>",
	    "Ann <a@b", "a@b>", "Ann <a@b> x", "A, B <a@b>", "\"A <a@b>",
	    "\"A\" B <a@b>", "\"A\\\" <a@b>", "A <x@y> <a@b>", "g: a@b;",
	    "a@b, c@d", "a@b (x)", "李@b", "a@-b", "a@b..c"}},
    {"mail.to", {"a@b", "Ann <a@b>", "a|b@c", "a/b@c", "a-b@c"},
	{"", "-oQ/tmp", "-a@b", "|cmd", "|cmd@b", "\"|cmd\"", "\"|cmd\"@b",
	    "/etc/x", "/a@b", "Ann <-a@b>", "Ann </a@b>", "Ann <|a@b>",
	    "a@b -X/tmp/x", "a@[127.0.0.1]", ".a@b", "a.@b", "a..b@c",
	    ":include:/a", "<>", "a@b/c"}},
    {"mail.envelope_sender", {"a@b", "a+b@c.d"},
	{"", "Ann <a@b>", "<a@b>", "<>", "-f@b", "a", "a@b "}},
    {"mail.deadline", {"1", "3600"}, {"", "0", "3601"}},
};

static void
test_values(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(values); i++) {
		const struct kd_conf_key *key =
		    kd_conf_key_find(values[i].path);

		g_assert_nonnull(key);
		for (const char *const *v = values[i].taken; *v; v++) {
			g_test_message("%s takes \"%s\"", key->path, *v);
			g_assert_true(kd_conf_key_accepts(key, 0, *v));
		}
		for (const char *const *v = values[i].refused; *v; v++) {
			g_test_message("%s refuses \"%s\"", key->path, *v);
			g_assert_false(kd_conf_key_accepts(key, 0, *v));
		}
	}
}

static void
test_lengths(void)
{
	const struct kd_conf_key *to = kd_conf_key_find("mail.to");
	const struct kd_conf_key *id = kd_conf_key_find("list.id");
	const struct kd_conf_key *name = kd_conf_key_find("list.name");

	for (gsize over = 0; over <= 1; over++) {
		g_autofree char *local = g_strnfill(64 + over, 'a');
		g_autofree char *long_local = g_strconcat(local, "@b", NULL);
		g_autofree char *label = g_strnfill(60, 'a');
		g_autofree char *domain = g_strjoin(
		    ".", label, label, label, label + 1, "example", NULL);
		g_autofree char *address =
		    g_strconcat(over ? "abcd" : "abc", "@", domain, NULL);
		g_autofree char *long_id = g_strnfill(255 + over, 'a');
		g_autofree char *long_name = g_strnfill(100 + over, 'a');

		g_assert_cmpuint(strlen(address), ==, 254 + over);
		g_assert_cmpint(kd_conf_key_accepts(to, 0, address), ==, !over);
		g_assert_cmpint(
		    kd_conf_key_accepts(to, 0, long_local), ==, !over);
		g_assert_cmpint(kd_conf_key_accepts(id, 0, long_id), ==, !over);
		g_assert_cmpint(
		    kd_conf_key_accepts(name, 0, long_name), ==, !over);
	}
}

/* A file of the source tree.  The caller frees it. */
static char *
read_source(const char *path)
{
	const char *srcdir = g_getenv("srcdir");
	g_autofree char *file =
	    g_build_filename(srcdir ? srcdir : ".", path, NULL);
	g_autoptr(GError) error = NULL;
	char *text = NULL;

	g_file_get_contents(file, &text, NULL, &error);
	g_assert_no_error(error);
	return text;
}

/* Each key has its entry in the manual, in order, with its default. */
static void
test_manual(void)
{
	g_autofree char *manual = read_source("man/kvdigest.yaml.5");
	g_auto(GStrv) entries = g_strsplit(manual, "\n.It Cm ", -1);
	gsize n;
	const struct kd_conf_key *keys = kd_conf_keys(&n);

	for (gsize i = 0; i < n; i++) {
		const char *entry = entries[i + 1];
		g_autofree char *start = g_strconcat(keys[i].path, " : ", NULL);
		const char *fallback = keys[i].fallback;
		g_autofree char *given = g_strdup_printf(
		    kd_conf_key_is_list(&keys[i]) ? "\nDefault: [%s]."
						  : "\nDefault: %s.",
		    fallback);

		g_test_message("%s", keys[i].path);
		g_assert_nonnull(entry);
		g_assert_true(g_str_has_prefix(entry, start));
		g_assert_nonnull(strstr(
		    entry, keys[i].required ? "\nRequired." : "\nDefault:"));
		/* The path of sendmail is found by configure. */
		if (fallback && strcmp(keys[i].path, "mail.sendmail"))
			g_assert_nonnull(strstr(entry, given));
	}
	g_assert_cmpuint(g_strv_length(entries), ==, n + 1);
}

/*
 * The example is taken as it is, names each key once, in order, and what it
 * shows for a default is one.
 */
static void
test_example(struct place *place, gconstpointer data G_GNUC_UNUSED)
{
	g_autofree char *text = read_source("conf/kvdigest.yaml");
	g_autoptr(kd_conf) conf = place_load(place, text);
	g_autoptr(GRegex) commented = g_regex_new(
	    "^  #(?=(  )*[a-z])", G_REGEX_MULTILINE, (GRegexMatchFlags)0, NULL);
	g_autofree char *whole = g_regex_replace_literal(
	    commented, text, -1, 0, "  ", (GRegexMatchFlags)0, NULL);
	g_auto(GStrv) lines = g_strsplit(whole, "\n", -1);
	g_autoptr(GPtrArray) section = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(kd_conf) full = place_load(place, whole);
	gsize n, found = 0;
	const struct kd_conf_key *keys = kd_conf_keys(&n);

	for (gsize i = 0; lines[i]; i++) {
		gsize depth = strspn(lines[i], " ");
		const char *name = lines[i] + depth;
		const char *colon = strchr(name, ':');
		g_autofree char *path = NULL;

		if (!colon || *name == '#')
			continue;
		g_ptr_array_set_size(section, (gint)depth / 2);
		g_ptr_array_add(section,
		    depth == 4 ? g_strdup("*")
			       : g_strndup(name, (gsize)(colon - name)));
		g_ptr_array_add(section, NULL);
		path = g_strjoinv(".", (char **)section->pdata);
		if (kd_conf_key_find(path)) {
			g_assert_cmpuint(found, <, n);
			g_assert_cmpstr(path, ==, keys[found++].path);
		}
	}
	g_assert_cmpuint(found, ==, n);

	g_assert_cmpuint(full->store_max, ==, conf->store_max);
	g_assert_cmpuint(full->store_max_mail, ==, conf->store_max_mail);
	g_assert_cmpstr(full->timezone, ==, conf->timezone);
	g_assert_cmpuint(full->filter_deadline, ==, conf->filter_deadline);
	g_assert_true(g_strv_equal((const char *const *)full->filter_chain,
	    (const char *const *)conf->filter_chain));
	g_assert_cmpuint(full->mail_deadline, ==, conf->mail_deadline);
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/conf-keys/values", test_values);
	g_test_add_func("/conf-keys/lengths", test_lengths);
	g_test_add_func("/conf-keys/manual", test_manual);
	PLACE_TEST("/conf-keys/example", test_example);
	return g_test_run();
}
