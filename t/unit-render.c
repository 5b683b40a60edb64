/*
 * The renderings of a digest are what they were (t/data/render.*), tell all
 * that the JSON tells, and show nothing that must not be shown.
 */
#include "config.h"

#include <jansson.h>
#include <string.h>

#include "auto.h"
#include "sample-digest.h"
#include "text.h"
#include "unit.h"

#define ARCHIVE "https://archive.example.org/"
#define COLUMNS 76

static const struct {
	const char *name;
	char *(*render)(const kd_digest *);
} formats[] = {{"txt", kd_render_text}, {"md", kd_render_md},
    {"html", kd_render_html}, {"json", kd_render_json}};

/* Keep what a test got for a look at the difference. */
static void
compare_golden(const char *name, const char *got)
{
	const char *srcdir = g_getenv("srcdir");
	g_autofree char *path =
	    g_strdup_printf("%s/t/data/render.%s", srcdir ? srcdir : ".", name);
	g_autofree char *kept = g_strdup_printf("t/unit-render.%s", name);
	g_autofree char *expected = NULL;
	g_autoptr(GError) error = NULL;

	g_file_get_contents(path, &expected, NULL, &error);
	g_assert_no_error(error);
	if (strcmp(expected, got) == 0)
		return;
	g_file_set_contents(kept, got, -1, &error);
	g_assert_no_error(error);
	g_test_message("diff -u %s %s", path, kept);
	g_test_fail();
}

static void
test_golden(void)
{
	g_autoptr(kd_digest) digest = sample_digest();

	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
		g_autofree char *got = formats[i].render(digest);

		compare_golden(formats[i].name, got);
	}
}

/* What is left of a text when lines are broken at other places. */
static char *
without_space(const char *text)
{
	GString *rest = g_string_new(NULL);

	for (const char *p = text; *p; p = g_utf8_next_char(p))
		if (!g_unichar_isspace(g_utf8_get_char(p)))
			g_string_append_unichar(rest, g_utf8_get_char(p));
	return g_string_free(rest, FALSE);
}

static void
assert_told(const char *where, const json_t *string)
{
	const char *value = json_string_value(string);
	g_autofree char *needle = without_space(value ? value : "");

	if (strstr(where, needle))
		return;
	g_test_message("not told: %s", value);
	g_test_fail();
}

static void
assert_topic_told(const char *where, const json_t *topic)
{
	const json_t *item;
	size_t i;

	assert_told(where, json_object_get(topic, "title"));
	json_array_foreach(json_object_get(topic, "mails"), i, item)
	{
		const json_t *url = json_object_get(item, "url");
		const json_t *author = json_object_get(item, "author");

		assert_told(where, json_object_get(item, "subject"));
		assert_told(where, json_object_get(author, "name"));
		assert_told(where, json_object_get(author, "address"));
		assert_told(where,
		    json_is_string(url) ? url : json_object_get(item, "id"));
	}
	json_array_foreach(json_object_get(topic, "facts"), i, item)
	{
		assert_told(where, json_object_get(item, "value"));
		assert_told(where, json_object_get(item, "person"));
	}
	json_array_foreach(json_object_get(topic, "people"), i, item)
	    assert_told(where, item);
	item = json_object_get(topic, "summary");
	json_array_foreach(json_object_get(item, "sentences"), i, item)
	    assert_told(where, json_object_get(item, "text"));
}

static json_t *
load_json(const kd_digest *digest)
{
	g_autofree char *text = kd_render_json(digest);
	json_error_t error;
	json_t *json = json_loads(text, JSON_REJECT_DUPLICATES, &error);

	g_assert_nonnull(json);
	return json;
}

/* Markdown and HTML are held to the same page by unit-markup. */
static void
test_same_facts(void)
{
	g_autoptr(kd_digest) digest = sample_digest();
	g_autoptr(json_t) json = load_json(digest);
	g_autofree char *text = kd_render_text(digest);
	g_autofree char *told = without_space(text);
	const json_t *item;
	size_t i;

	g_assert_cmpuint(
	    json_array_size(json_object_get(json, "topics")), ==, 3);
	json_array_foreach(json_object_get(json, "topics"), i, item)
	    assert_topic_told(told, item);
	json_array_foreach(json_object_get(json, "gaps"), i, item)
	    assert_told(told, item);
	json_array_foreach(json_object_get(json, "footer"), i, item)
	    assert_told(told, item);
}

/* Identifiers are for programs and stay as they are. */
static void
test_json_ids(void)
{
	g_autoptr(kd_digest) digest = sample_digest();
	g_autoptr(json_t) json = load_json(digest);
	const json_t *topic =
	    json_array_get(json_object_get(json, "topics"), 1);
	const json_t *mail = json_array_get(json_object_get(topic, "mails"), 0);
	int format;

	g_assert_cmpint(json_unpack(json, "{s:i}", "format", &format), ==, 0);
	g_assert_cmpint(format, ==, 1);
	g_assert_cmpstr(json_string_value(json_object_get(mail, "id")), ==,
	    "a_b*c_d@<x>&[y](z)");
	g_assert_true(json_is_null(json_object_get(topic, "url")));
}

static void
test_nothing_hidden(void)
{
	g_autoptr(kd_digest) digest = sample_digest();

	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
		g_autofree char *got = formats[i].render(digest);

		g_assert_true(g_utf8_validate(got, -1, NULL));
		for (char *p = got; *p; p = g_utf8_next_char(p)) {
			const gunichar c = g_utf8_get_char(p);

			g_assert_cmpint(
			    g_unichar_type(c), !=, G_UNICODE_FORMAT);
			if (c != '\n')
				g_assert_false(g_unichar_iscntrl(c));
		}
	}
}

/* Only a URL may be wider, and it stands alone. */
static void
assert_layout(const char *text)
{
	g_auto(GStrv) lines = g_strsplit(text, "\n", -1);

	for (char **line = lines; *line; line++) {
		const char *start = *line + strspn(*line, " ");
		const gunichar first = g_utf8_get_char(start);

		g_assert_false(g_str_has_suffix(*line, " "));
		if (first > 0x7f)
			g_assert_null(
			    g_utf8_strchr("，。；：！？）」』】、", -1, first));
		if (strstr(start, ARCHIVE))
			g_assert_true(g_str_has_prefix(start, ARCHIVE) &&
				      !strchr(start, ' '));
		else
			g_assert_cmpuint(kd_text_width(*line), <=, COLUMNS);
	}
}

static void
test_text_layout(void)
{
	g_autoptr(kd_digest) digest = sample_digest();
	g_autoptr(kd_digest) chain = sample_chain(40);
	g_autofree char *text = kd_render_text(digest);
	g_autofree char *deep = kd_render_text(chain);

	assert_layout(text);
	assert_layout(deep);
}

/* A week without mail says so, and is whole. */
static void
test_empty(void)
{
	g_autoptr(kd_digest) digest = sample_empty();
	g_autoptr(json_t) json = load_json(digest);

	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
		g_autofree char *got = formats[i].render(digest);

		g_assert_true(g_str_has_suffix(got, "\n"));
		if (formats[i].render == kd_render_json)
			continue;
		g_assert_nonnull(strstr(got, "本周期内没有收到邮件。"));
		g_assert_nonnull(strstr(got, "2021-03-15 00:00"));
		g_assert_nonnull(strstr(got, "0 封（窗口内 0 封"));
		g_assert_null(strstr(got, "话题目录"));
	}
	g_assert_true(json_is_array(json_object_get(json, "topics")));
}

static guint
count(const char *text, const char *needle)
{
	guint n = 0;

	for (const char *p = text; (p = strstr(p, needle)); p++)
		n++;
	return n;
}

/* A thousand mails, each the answer to the one before: none is left out. */
static void
test_chain(void)
{
	g_autoptr(kd_digest) digest = sample_chain(1000);

	for (gsize i = 0; i < G_N_ELEMENTS(formats); i++) {
		g_autofree char *got = formats[i].render(digest);

		for (guint j = 0; j < 1000; j++) {
			g_autofree char *url =
			    g_strdup_printf(ARCHIVE "kvmarm/m%u@x/", j);

			g_assert_nonnull(strstr(got, url));
		}
		g_assert_cmpuint(count(got, "Re: "), ==, 999);
	}
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/render/golden", test_golden);
	g_test_add_func("/render/same-facts", test_same_facts);
	g_test_add_func("/render/json-ids", test_json_ids);
	g_test_add_func("/render/nothing-hidden", test_nothing_hidden);
	g_test_add_func("/render/text-layout", test_text_layout);
	g_test_add_func("/render/empty", test_empty);
	g_test_add_func("/render/chain", test_chain);
	return g_test_run();
}
