/*
 * HTML has only the tags and attributes that mail programs take, and it and
 * the Markdown, as cmark reads that, show exactly the words and the links of
 * the page: nothing that a mail says becomes markup.
 */
#include "config.h"

#include <string.h>
#include <unistd.h>

#include "page.h"
#include "sample-digest.h"
#include "unit.h"

#define ARCHIVE "https://archive.example.org/"

/* A tag and, by words, the attributes it may have. */
struct allowed {
	const char *tag, *attributes;
};

static const struct allowed mail_html[] = {
    {"a", " href name style "},
    {"b", ""},
    {"body", " style "},
    {"br", ""},
    {"code", " style "},
    {"h1", " style "},
    {"h2", " style "},
    {"h3", " style "},
    {"h4", " style "},
    {"h5", " style "},
    {"head", ""},
    {"html", " lang "},
    {"li", ""},
    {"meta", " charset content name "},
    {"p", " style "},
    {"span", " style "},
    {"table", " align border cellpadding cellspacing role style width "},
    {"td", " align nowrap style "},
    {"title", ""},
    {"tr", " style valign "},
    {"ul", " style "},
    {NULL, NULL},
};

static const struct allowed commonmark[] = {
    {"a", " href name "},
    {"br", ""},
    {"h1", ""},
    {"h2", ""},
    {"h3", ""},
    {"h4", ""},
    {"h5", ""},
    {"li", ""},
    {"ol", " start "},
    {"p", ""},
    {"strong", ""},
    {"ul", ""},
    {NULL, NULL},
};

struct markup {
	const struct allowed *allowed;
	const char *p;
	GQueue open;	  /* of char *: tags not yet closed */
	GString *text;	  /* what is shown, without white space */
	GString *targets; /* of links, a line each */
};

static const char *
attributes_of(const struct markup *markup, const char *tag)
{
	for (const struct allowed *a = markup->allowed; a->tag; a++)
		if (strcmp(a->tag, tag) == 0)
			return a->attributes;
	g_error("tag %s: %.60s", tag, markup->p);
}

static char *
take(struct markup *markup, gsize length)
{
	char *word = g_strndup(markup->p, length);

	markup->p += length;
	return word;
}

static void
append_shown(GString *out, const char *text)
{
	static const struct {
		const char *entity;
		char c;
	} entities[] = {
	    {"&amp;", '&'}, {"&lt;", '<'}, {"&gt;", '>'}, {"&quot;", '"'}};

	for (const char *p = text; *p;) {
		const gunichar c = g_utf8_get_char(p);
		gsize i = 0;

		while (i < G_N_ELEMENTS(entities) &&
		       !g_str_has_prefix(p, entities[i].entity))
			i++;
		if (i < G_N_ELEMENTS(entities)) {
			g_string_append_c(out, entities[i].c);
			p += strlen(entities[i].entity);
			continue;
		}
		g_assert_cmpuint(c, !=, '&');
		if (!g_unichar_isspace(c))
			g_string_append_unichar(out, c);
		p = g_utf8_next_char(p);
	}
}

static void
check_attribute(struct markup *markup, const char *name, const char *value)
{
	if (strcmp(name, "style") == 0) {
		g_assert_null(strstr(value, "url("));
		g_assert_null(strstr(value, "background"));
		g_assert_null(strstr(value, ";color:#"));
	}
	if (strcmp(name, "href") == 0) {
		g_assert_true(g_str_has_prefix(value, ARCHIVE) ||
			      g_str_has_prefix(value, "#t"));
		append_shown(markup->targets, value);
		g_string_append_c(markup->targets, '\n');
	}
}

/* Values stand in double quotes; nowrap has none. */
static void
read_attributes(struct markup *markup, const char *allowed)
{
	while (*markup->p == ' ') {
		g_autofree char *name = NULL;
		g_autofree char *value = NULL;
		g_autofree char *word = NULL;

		markup->p++;
		if (g_str_has_prefix(markup->p, "/>"))
			break;
		name = take(markup, strcspn(markup->p, "= >"));
		word = g_strdup_printf(" %s ", name);
		g_assert_nonnull(strstr(allowed, word));
		if (*markup->p != '=')
			continue;
		markup->p++;
		g_assert_cmpint(*markup->p++, ==, '"');
		value = take(markup, strcspn(markup->p, "\"<>"));
		g_assert_cmpint(*markup->p++, ==, '"');
		check_attribute(markup, name, value);
	}
}

static void
read_tag(struct markup *markup)
{
	const gboolean closing = markup->p[1] == '/';
	g_autofree char *tag = NULL;

	markup->p += closing ? 2 : 1;
	tag = take(markup, strcspn(markup->p, " />"));
	if (closing) {
		g_autofree char *top = g_queue_pop_tail(&markup->open);

		g_assert_cmpstr(tag, ==, top);
	} else {
		read_attributes(markup, attributes_of(markup, tag));
	}
	if (*markup->p == '/')
		markup->p++;
	g_assert_cmpint(*markup->p++, ==, '>');
	if (!closing && strcmp(tag, "br") != 0 && strcmp(tag, "meta") != 0)
		g_queue_push_tail(&markup->open, g_steal_pointer(&tag));
}

static void
read_markup(struct markup *markup, const char *source)
{
	markup->text = g_string_new(NULL);
	markup->targets = g_string_new(NULL);
	markup->p = source;
	g_queue_init(&markup->open);
	while (*markup->p) {
		g_autofree char *text = NULL;

		if (*markup->p == '<') {
			read_tag(markup);
			continue;
		}
		text = take(markup, strcspn(markup->p, "<"));
		g_assert_null(strchr(text, '>'));
		append_shown(markup->text, text);
	}
	g_assert_true(g_queue_is_empty(&markup->open));
}

static void
clear_markup(struct markup *markup)
{
	g_string_free(markup->text, TRUE);
	g_string_free(markup->targets, TRUE);
}

static void
append_words(GString *out, const char *text)
{
	for (const char *p = text; *p; p = g_utf8_next_char(p))
		if (!g_unichar_isspace(g_utf8_get_char(p)))
			g_string_append_unichar(out, g_utf8_get_char(p));
}

/* What a page shows; by HTML's layout, or else by Markdown's. */
static void
assert_shows(const struct markup *markup, const kd_page *page, gboolean html)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GString) targets = g_string_new(NULL);

	if (html)
		append_words(text, page->title);
	for (guint i = 0; i < page->blocks->len; i++) {
		const struct kd_block *block = page->blocks->pdata[i];

		if (html && block->number > 0)
			g_string_append_printf(text, "%u.", block->number);
		if (block->label)
			append_words(text, block->label);
		if (!html && block->kind == KD_BLOCK_FIELD)
			append_words(text, "：");
		for (guint j = 0; j < block->spans->len; j++) {
			const struct kd_span *span =
			    &g_array_index(block->spans, struct kd_span, j);

			append_words(text, span->text);
			if (span->target)
				g_string_append_printf(targets, "%s%s\n",
				    span->kind == KD_SPAN_REF ? "#" : "",
				    span->target);
		}
	}
	g_assert_cmpstr(markup->text->str, ==, text->str);
	g_assert_cmpstr(markup->targets->str, ==, targets->str);
}

static void
check_html(const kd_digest *digest)
{
	static const char doctype[] = "<!DOCTYPE html>\n";
	g_autoptr(kd_page) page = kd_page_make(digest);
	g_autofree char *html = kd_render_html(digest);
	struct markup markup = {.allowed = mail_html};

	g_assert_true(g_str_has_prefix(html, doctype));
	read_markup(&markup, html + strlen(doctype));
	assert_shows(&markup, page, TRUE);
	clear_markup(&markup);
}

static char *
run_cmark(char *program, const char *md)
{
	g_autofree char *file = NULL;
	g_autofree char *unsafe = g_strdup("--unsafe");
	g_autoptr(GError) error = NULL;
	char *html = NULL;
	int fd = g_file_open_tmp("unit-markup.XXXXXX", &file, &error);
	int status;

	g_assert_no_error(error);
	close(fd);
	g_file_set_contents(file, md, -1, &error);
	g_assert_no_error(error);
	g_spawn_sync(NULL, (char *[]){program, unsafe, file, NULL}, NULL,
	    G_SPAWN_DEFAULT, NULL, NULL, &html, NULL, &status, &error);
	g_assert_no_error(error);
	g_assert_true(g_spawn_check_wait_status(status, NULL));
	unlink(file);
	return html;
}

static void
check_md(const kd_digest *digest, char *cmark)
{
	g_autoptr(kd_page) page = kd_page_make(digest);
	g_autofree char *md = kd_render_md(digest);
	g_autofree char *html = run_cmark(cmark, md);
	struct markup markup = {.allowed = commonmark};

	read_markup(&markup, html);
	assert_shows(&markup, page, FALSE);
	clear_markup(&markup);
}

static void
test_html(void)
{
	g_autoptr(kd_digest) digest = sample_digest();
	g_autoptr(kd_digest) empty = sample_empty();
	g_autoptr(kd_digest) chain = sample_chain(1000);

	check_html(digest);
	check_html(empty);
	check_html(chain);
}

static void
test_md(void)
{
	g_autofree char *cmark = g_find_program_in_path("cmark");
	g_autoptr(kd_digest) digest = sample_digest();
	g_autoptr(kd_digest) empty = sample_empty();
	g_autoptr(kd_digest) chain = sample_chain(1000);

	if (!cmark) {
		g_test_skip("no cmark");
		return;
	}
	check_md(digest, cmark);
	check_md(empty, cmark);
	check_md(chain, cmark);
}

/*
 * Whatever punctuation a subject puts together, at its beginning and beside
 * letters: all pairs of it.
 */
static void
test_punctuation(void)
{
	static const char marks[] = "!\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~ 1";
	g_autofree char *cmark = g_find_program_in_path("cmark");
	g_autoptr(kd_digest) digest = sample_chain(1 + strlen(marks));
	struct kd_topic *topic = digest->topics->pdata[0];

	for (guint i = 0; marks[i]; i++) {
		struct kd_digest_mail *mail = topic->mails->pdata[i];
		GString *subject = g_string_new(NULL);

		for (const char *p = marks; *p; p++)
			g_string_append_printf(subject, "%c%c字%c%ca%c%c ",
			    marks[i], *p, marks[i], *p, marks[i], *p);
		g_free(mail->subject);
		mail->subject = g_string_free(subject, FALSE);
		/* A line of nothing but "===" or "---" is markup, too. */
		g_free(mail->name);
		mail->name = g_strnfill(3, marks[i]);
		g_clear_pointer(&mail->address, g_free);
		g_ptr_array_add(digest->gaps, g_strdup(mail->subject));
	}
	check_html(digest);
	if (cmark)
		check_md(digest, cmark);
	else
		g_test_skip("no cmark");
}

static void
test_url(void)
{
	static const struct {
		const char *url, *vetted;
	} cases[] = {
	    {NULL, NULL},
	    {"", NULL},
	    {"javascript:alert(1)", NULL},
	    {"ftp://example.org/", NULL},
	    {"//example.org/", NULL},
	    {" https://example.org/", NULL},
	    {"https://example.org/a@b/", "https://example.org/a@b/"},
	    {"HTTP://example.org/%3C", "HTTP://example.org/%3C"},
	    {"https://e/ \"<>()[]\\^`{|}*'",
		"https://e/%20%22%3C%3E%28%29%5B%5D%5C%5E%60%7B%7C%7D%2A%27"},
	    {"https://e/\n\x7f\xc3\xa9", "https://e/%0A%7F%C3%A9"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *vetted = kd_url_vet(cases[i].url);

		g_assert_cmpstr(vetted, ==, cases[i].vetted);
	}
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/markup/html", test_html);
	g_test_add_func("/markup/md", test_md);
	g_test_add_func("/markup/punctuation", test_punctuation);
	g_test_add_func("/markup/url", test_url);
	return g_test_run();
}
