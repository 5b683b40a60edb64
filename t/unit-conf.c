/*
 * Configurations: what is taken, and what is refused in which words.  A
 * message names the place and says what is expected there.
 */
#include "config.h"

#include "conf-place.h"
#include "unit.h"

#define TEXT	" expected text on one line"
#define PATH	"the absolute path of a directory"
#define MAILBOX "\"user@example.org\" or \"Name <user@example.org>\""
#define LIST_ID "what stands within <> in List-Id, or 1 to 100 of these"

struct row {
	const char *yaml;
	const char *message; /* after "FILE:"; NULL: it is taken */
};

static void
check_rows(const struct place *place, const struct row *rows, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		g_test_message("%s", rows[i].yaml);
		if (rows[i].message) {
			place_put(place, rows[i].yaml, -1);
			place_check_refused(place, rows[i].message);
		} else {
			g_autoptr(kd_conf) conf =
			    place_load(place, rows[i].yaml);

			g_assert_nonnull(conf);
		}
	}
}

static void
test_defaults(struct place *place, gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(kd_conf) conf = place_load(place, LEAST);

	g_assert_cmpstr(conf->file, ==, place->file);
	g_assert_cmpstr(conf->store_path, ==, "/s");
	g_assert_cmpuint(conf->store_max, ==, G_GUINT64_CONSTANT(64) << 30);
	g_assert_cmpuint(g_strv_length(conf->list_ids), ==, 1);
	g_assert_cmpstr(conf->list_ids[0], ==, "l.example.org");
	g_assert_cmpstr(conf->list_name, ==, "L");
	g_assert_null(conf->list_archive);
	g_assert_cmpstr(conf->timezone, ==, "Asia/Shanghai");
	g_assert_cmpuint(g_strv_length(conf->filter_chain), ==, 1);
	g_assert_cmpstr(conf->filter_chain[0], ==, "summarise-facts");
	g_assert_cmpuint(conf->filter_deadline, ==, 60);
	g_assert_cmpuint(g_strv_length(conf->mail_sendmail), ==, 1);
	g_assert_cmpstr(conf->mail_sendmail[0], ==, KD_SENDMAIL);
	g_assert_null(conf->mail_from);
	g_assert_cmpuint(g_strv_length(conf->mail_to), ==, 0);
	g_assert_null(conf->mail_sender);
	g_assert_cmpuint(conf->mail_deadline, ==, 300);
}

static void
test_every_key(struct place *place, gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(kd_conf) conf = place_load(place,
	    "%YAML 1.1\n"
	    "---\n"
	    "store: {path: '/a b/c', max_size: 2T}\n"
	    "list:\n"
	    "  id: [a.example.org, \"b.example.org\"]\n"
	    "  name: 内核 ARM\n"
	    "  archive: http://lists.example.org:81/a%20b\n"
	    "report:\n"
	    "  timezone: Europe/Berlin\n"
	    "filters:\n"
	    "  chain:\n"
	    "  - trim-quotes\n"
	    "  - /opt/my filters/f\n"
	    "  deadline: 3600\n"
	    "mail:\n"
	    "  sendmail: [/usr/bin/msmtp, -a, the team]\n"
	    "  from: '\"Weekly, \\\"K\\\"\" <k@example.org>'\n"
	    "  to: [a@example.org, 李 <b@例子.example>]\n"
	    "  envelope_sender: b+1@example.org\n"
	    "  deadline: 1\n"
	    "...\n");

	g_assert_cmpstr(conf->store_path, ==, "/a b/c");
	g_assert_cmpuint(conf->store_max, ==, G_GUINT64_CONSTANT(2) << 40);
	g_assert_cmpuint(g_strv_length(conf->list_ids), ==, 2);
	g_assert_cmpstr(conf->list_ids[1], ==, "b.example.org");
	g_assert_cmpstr(conf->list_name, ==, "内核 ARM");
	g_assert_cmpstr(
	    conf->list_archive, ==, "http://lists.example.org:81/a%20b/");
	g_assert_cmpstr(conf->timezone, ==, "Europe/Berlin");
	g_assert_cmpuint(g_strv_length(conf->filter_chain), ==, 2);
	g_assert_cmpstr(conf->filter_chain[0], ==, "trim-quotes");
	g_assert_cmpstr(conf->filter_chain[1], ==, "/opt/my filters/f");
	g_assert_cmpuint(conf->filter_deadline, ==, 3600);
	g_assert_cmpuint(g_strv_length(conf->mail_sendmail), ==, 3);
	g_assert_cmpstr(conf->mail_sendmail[2], ==, "the team");
	g_assert_cmpstr(
	    conf->mail_from, ==, "\"Weekly, \\\"K\\\"\" <k@example.org>");
	g_assert_cmpuint(g_strv_length(conf->mail_to), ==, 2);
	g_assert_cmpstr(conf->mail_to[1], ==, "李 <b@例子.example>");
	g_assert_cmpstr(conf->mail_sender, ==, "b+1@example.org");
	g_assert_cmpuint(conf->mail_deadline, ==, 1);
}

static const struct row form_rows[] = {
    {"", "1:1: store.path: missing: expected " PATH},
    {"# nothing\n", "2:1: store.path: missing: expected " PATH},
    {"---\n", "2:1: store.path: missing: expected " PATH},
    {"store:\n", "1:1: store.path: missing: expected " PATH},
    /* a section that only comments are left of */
    {LEAST "mail:\n  # to: a@example.org\nfilters:\n", NULL},
    {LEAST "...\n", NULL},
    {"# 注释\n" LEAST, NULL},
    /* bytes */
    {"store:\n\tpath: /s\n", "2:1: tab: expected spaces, also for indentation"},
    {"# 注释\t\n", "1:5: tab: expected spaces, also for indentation"},
    {"store:\r\n", "1:7: carriage return: expected lines that end in "
		   "a line feed only"},
    {"\xef\xbb\xbf" LEAST, "1:1: byte order mark: expected UTF-8 without one"},
    {"# \xef\xbb\xbf\n", "1:3: byte order mark: expected UTF-8 without one"},
    {"# \xff\n", "1:3: no UTF-8: expected UTF-8 without NUL"},
    {"#\n# \xe4\xbd", "2:3: no UTF-8: expected UTF-8 without NUL"},
    {"# \xed\xa0\x80\n", "1:3: no UTF-8: expected UTF-8 without NUL"},
    {"# \x1b[2J\n", "1:3: control character: expected text"},
    {"# \x7f\n", "1:3: control character: expected text"},
    {"# \xc2\x85\n", "1:3: control character: expected text"},
    {"# \xef\xbf\xbf\n", "1:3: control character: expected text"},
    {"# \u2028\n", "1:3: control character: expected text"},
    /* escapes that make such of plain text */
    {"list:\n  name: \"a\\nb\"\n",
	"2:9: line break or control character in a value:" TEXT},
    {"list:\n  name: \"a\\tb\"\n",
	"2:9: line break or control character in a value:" TEXT},
    {"list:\n  name: |\n    a\n",
	"2:9: line break or control character in a value:" TEXT},
    {"list:\n  name: \"\\u2029\"\n",
	"2:9: line break or control character in a value:" TEXT},
    {"list:\n  name: \"a\\0b\"\n", "2:9: NUL character:" TEXT},
    {"list:\n  \"name\\0x\": a\n", "2:3: NUL character:" TEXT},
    /* syntax */
    {"store: {path: /s\n",
	"2:1: not YAML: did not find expected ',' or '}' while parsing "
	"a flow mapping: expected the form of kvdigest.yaml(5)"},
    {"store:\n  path: /a: b\n",
	"2:11: not YAML: mapping values are not allowed in this "
	"context: expected the form of kvdigest.yaml(5)"},
    /* what YAML has and no key needs */
    {"store: &a\n  path: /s\n",
	"1:8: anchor or alias: expected the value itself"},
    {"store:\n  path: &a /s\n",
	"2:9: anchor or alias: expected the value itself"},
    {"mail:\n  to: &a []\n", "2:7: anchor or alias: expected the value itself"},
    {"list:\n  id: *a\n", "2:7: anchor or alias: expected the value itself"},
    {"*a : b\n", "1:1: anchor or alias: expected the value itself"},
    {"store:\n  path: !!str /s\n", "2:9: tag: expected a value without one"},
    {"store: !!map\n  path: /s\n", "1:8: tag: expected a value without one"},
    {"mail:\n  to: !x []\n", "2:7: tag: expected a value without one"},
    {"%TAG ! tag:example.org,2000:\n---\n" LEAST,
	"1:1: %TAG: expected a document without tags"},
    {LEAST "---\n" LEAST, "6:1: second document: expected one"},
    {LEAST "...\n---\n", "7:1: second document: expected one"},
};

static void
test_form(struct place *place, gconstpointer data G_GNUC_UNUSED)
{
	check_rows(place, form_rows, G_N_ELEMENTS(form_rows));
}

static const struct row keys_rows[] = {
    {"list:\n  nmae: L\n",
	"2:3: list.nmae: unknown key (did you mean \"name\"?)"},
    {"store:\n  Path: /s\n",
	"2:3: store.Path: unknown key (did you mean \"path\"?)"},
    {"mail:\n  envelope-sender: a@example.org\n",
	"2:3: mail.envelope-sender: unknown key (did you mean "
	"\"envelope_sender\"?)"},
    {"filter:\n", "1:1: filter: unknown section (did you mean \"filters\"?)"},
    {"list:\n  colour: red\n",
	"2:3: list.colour: unknown key: expected one of id, name, "
	"archive, recipient, sender_hosts, authserv_id"},
    {"x:\n", "1:1: x: unknown section: expected one of store, list, "
	     "report, team, filters, llm, mail"},
    {"store.path: /s\n",
	"1:1: store.path: unknown section: expected one of store, "
	"list, report, team, filters, llm, mail"},
    {"list:\n  0123456789012345678901234567890123456789"
     "0123456789012345678一: red\n",
	"2:3: list.0123456789012345678901234567890123456789"
	"0123456789012345678...: unknown key: expected one of id, "
	"name, archive, recipient, sender_hosts, authserv_id"},
    {"list:\n  <<: {name: L}\n",
	"2:3: list.<<: unknown key: expected one of id, name, "
	"archive, recipient, sender_hosts, authserv_id"},
    {"list:\n  '': L\n",
	"2:3: list.: unknown key: expected one of id, name, archive, "
	"recipient, sender_hosts, authserv_id"},
    {"list:\n  id: a\n  name: L\n  id: b\n",
	"4:3: list.id: duplicate key: expected it once, line 2 has "
	"it"},
    {LEAST "store:\n",
	"6:1: store: duplicate key: expected it once, line 1 has it"},
    {"list:\n  name: L\nstore:\n  path: /s\n",
	"1:1: list.id: missing: expected " LIST_ID},
    {"store:\n  path: /s\nlist:\n  id: a\n",
	"3:1: list.name: missing: expected the list's name for people, "
	"at most 100 characters"},
    /* one kind of thing where another belongs */
    {"- store\n", "1:1: no mapping: expected sections: store, list, "
		  "report, team, filters, llm, mail"},
    {"store\n", "1:1: no mapping: expected sections: store, list, "
		"report, team, filters, llm, mail"},
    {"store: /s\n", "1:8: store: no mapping: expected keys: path, max_size, "
		    "max_mail"},
    {"store: ''\n", "1:8: store: no mapping: expected keys: path, max_size, "
		    "max_mail"},
    {"store: [path]\n",
	"1:8: store: no mapping: expected keys: path, max_size, "
	"max_mail"},
    {"store:\n  [path]: /s\n", "2:3: store: expected a key"},
    {"{a: b}: c\n", "1:1: a mapping or sequence: expected a key"},
    {"store:\n  path:\n    x: /s\n",
	"3:5: store.path: a mapping: expected " PATH},
    {"store:\n  path: [/s]\n", "2:9: store.path: a sequence: expected " PATH},
    {"list:\n  id: [[a]]\n", "2:8: list.id: a sequence: expected " LIST_ID},
    {"list:\n  id: [a: b]\n", "2:8: list.id: a mapping: expected " LIST_ID},
};

static void
test_keys(struct place *place, gconstpointer data G_GNUC_UNUSED)
{
	check_rows(place, keys_rows, G_N_ELEMENTS(keys_rows));
}

static const struct row messages_rows[] = {
    {"store:\n  path: var/s\n", "2:9: store.path: \"var/s\": expected " PATH},
    {"store:\n  path:\n", "2:8: store.path: \"\": expected " PATH},
    {"store:\n  max_size: 1 GB\n",
	"2:13: store.max_size: \"1 GB\": expected bytes, 1M to 64T, "
	"with K, M, G or T if wanted"},
    {"list:\n  id: [a, <b>]\n", "2:11: list.id: \"<b>\": expected " LIST_ID},
    {"list:\n  id: []\n", "2:8: list.id: empty: expected " LIST_ID},
    {"list:\n  archive: ftp://example.org/\n",
	"2:12: list.archive: \"ftp://example.org/\": expected an "
	"https:// or http:// URL without user, \"?\" and \"#\""},
    {"report:\n  timezone: Asia/Shanghia\n",
	"2:13: report.timezone: \"Asia/Shanghia\": expected a time "
	"zone that this system knows, like Asia/Shanghai"},
    {"filters:\n  chain: [trim-quotes, bin/f]\n",
	"2:24: filters.chain: \"bin/f\": expected 1 to 32 filters, "
	"each a name or an absolute path"},
    {"filters:\n  deadline: 0\n",
	"2:13: filters.deadline: \"0\": expected seconds, 1 to 3600"},
    {"mail:\n  sendmail: sendmail -oi\n",
	"2:13: mail.sendmail: \"sendmail -oi\": expected a program's "
	"absolute path, or a sequence of it and its arguments"},
    {"mail:\n  from: Ann\n", "2:9: mail.from: \"Ann\": expected " MAILBOX},
    {"mail:\n  to:\n  - a@example.org\n  - -oQ/tmp\n",
	"4:5: mail.to: \"-oQ/tmp\": expected " MAILBOX
	", or up to 100 of these"},
    {"mail:\n  envelope_sender: Ann <a@example.org>\n",
	"2:20: mail.envelope_sender: \"Ann <a@example.org>\": "
	"expected an address, \"user@example.org\""},
    {LEAST "mail:\n  to: []\n", NULL},
};

static void
test_messages(struct place *place, gconstpointer data G_GNUC_UNUSED)
{
	check_rows(place, messages_rows, G_N_ELEMENTS(messages_rows));
}

static void
test_url(struct place *place, gconstpointer data G_GNUC_UNUSED)
{
	static const char *const rows[][2] = {
	    {"20210309.1@example.org", "20210309.1@example.org"},
	    {"a/b?c#d@e", "a%2Fb%3Fc%23d@e"},
	    {"CA+x=y_z~1-2@mail", "CA%2Bx%3Dy_z~1-2@mail"},
	    {"<\"a b\">", "%3C%22a%20b%22%3E"},
	    {"a)b](c", "a%29b%5D%28c"},
	    {"../../x%41", "..%2F..%2Fx%2541"},
	    {"\xff\xe4\xbd\xa0", "%FF%E4%BD%A0"},
	};
	g_autoptr(kd_conf) conf =
	    place_load(place, LEAST "  archive: https://example.org/l\n");
	g_autoptr(kd_conf) none = place_load(place, LEAST);

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autofree char *url = kd_conf_archive_url(conf, rows[i][0]);
		g_autofree char *expected = g_strconcat(
		    "https://example.org/l/", rows[i][1], "/", NULL);

		g_assert_cmpstr(url, ==, expected);
	}
	g_assert_null(kd_conf_archive_url(none, "a@b"));
}

#define PROFILES LEAST "llm:\n  profiles:\n    a:\n"
#define SERVER	 "      base_url: https://a/v1\n      model: m\n"

/* Profiles have names of the file's own, and are whole or refused. */
static void
test_profiles(struct place *place, gconstpointer data G_GNUC_UNUSED)
{
	static const struct row rows[] = {
	    {PROFILES SERVER, NULL},
	    {PROFILES SERVER "    b-9:\n" SERVER "  use: [b-9, a]\n", NULL},
	    {LEAST "llm:\n", NULL},
	    {LEAST "llm:\n  profiles:\n", NULL},
	    {PROFILES "      model: m\n",
		"8:5: llm.profiles.a.base_url: missing: expected an https:// "
		"URL, or http:// on this machine"},
	    {PROFILES SERVER "    a:\n" SERVER,
		"11:5: llm.profiles.a: duplicate key: expected it once, line "
		"8 has it"},
	    {PROFILES SERVER "      modle: m\n",
		"11:7: llm.profiles.a.modle: unknown key (did you mean "
		"\"model\"?)"},
	    {PROFILES SERVER "      rpm: -1\n",
		"11:12: llm.profiles.a.rpm: \"-1\": expected requests in a "
		"minute, 0 to 100000"},
	    {PROFILES SERVER "      price:\n        input: x\n",
		"12:16: llm.profiles.a.price.input: \"x\": expected an amount "
		"for a million tokens, like 0.28"},
	    {LEAST "llm:\n  profiles:\n    a.b:\n",
		"8:5: llm.profiles: \"a.b\": expected a name of letters, "
		"digits, \"-\" and \"_\""},
	    {LEAST "llm:\n  profiles: [a]\n",
		"7:13: llm.profiles: no mapping: expected keys: *"},
	    {PROFILES SERVER "  use: [b]\n",
		" llm.use: \"b\": no such profile: expected a name that "
		"llm.profiles has"},
	    {PROFILES "      base_url: http://a.example.org/v1\n"
		      "      model: m\n",
		" llm.profiles.a.base_url: plain http to another machine: "
		"expected https, or allow_plaintext: yes beside it"},
	    {PROFILES "      base_url: http://localhost.example.org/v1\n"
		      "      model: m\n",
		" llm.profiles.a.base_url: plain http to another machine: "
		"expected https, or allow_plaintext: yes beside it"},
	    {PROFILES "      base_url: http://a.example.org/v1\n"
		      "      model: m\n      allow_plaintext: yes\n",
		NULL},
	    {PROFILES "      base_url: http://127.9.9.9/v1\n      model: m\n",
		NULL},
	    {PROFILES "      base_url: http://[::1]:80\n      model: m\n",
		NULL},
	};

	check_rows(place, rows, G_N_ELEMENTS(rows));
}

static void
test_profile_values(struct place *place, gconstpointer data G_GNUC_UNUSED)
{
	g_autoptr(kd_conf) conf = place_load(place,
	    PROFILES SERVER "      headers: [\"X-A: b\"]\n"
			    "      price: {input: 0.5}\n    b:\n" SERVER);
	const struct kd_conf_profile *a = kd_conf_profile_find(conf, "a");

	g_assert_cmpuint(conf->llm_profiles->len, ==, 2);
	g_assert_null(kd_conf_profile_find(conf, "c"));
	g_assert_cmpstr(a->model, ==, "m");
	g_assert_cmpstr(a->headers[0], ==, "X-A: b");
	g_assert_cmpstr(a->price_input, ==, "0.5");
	g_assert_cmpuint(a->max_output, ==, 2000);
	g_assert_cmpuint(a->context, ==, 0);
	g_assert_cmpuint(
	    g_strv_length(kd_conf_profile_find(conf, "b")->headers), ==, 0);
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	PLACE_TEST("/conf/defaults", test_defaults);
	PLACE_TEST("/conf/every-key", test_every_key);
	PLACE_TEST("/conf/form", test_form);
	PLACE_TEST("/conf/keys", test_keys);
	PLACE_TEST("/conf/messages", test_messages);
	PLACE_TEST("/conf/url", test_url);
	PLACE_TEST("/conf/profiles", test_profiles);
	PLACE_TEST("/conf/profile-values", test_profile_values);
	return g_test_run();
}
