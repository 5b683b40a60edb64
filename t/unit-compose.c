/*
 * The digest as a mail.  With a directory as operand: write the sample there,
 * as digest.eml, and the renderings that it must hold, for t/4300-compose.t.
 */
#include "config.h"

#include <string.h>

#include <gmime/gmime.h>

#include "auto.h"
#include "compose.h"
#include "error.h"
#include "sample-digest.h"
#include "unit.h"

#define MARCH_8	 G_GINT64_CONSTANT(1615132800) /* 2021-03-08T00:00+08:00 */
#define DAY	 86400
#define MARCH_15 (MARCH_8 + 7 * DAY)

static char sender[] = "KVMARM 周报 <digest@Example.org>";
static char *team[] = {
    (char *)"内核组 <team@example.org>", (char *)"boss@example.org", NULL};

static kd_digest *
make_digest(void)
{
	kd_digest *digest = sample_digest();

	digest->mails = 300;
	digest->in_window = 278;
	digest->older = 22;
	return digest;
}

static void
rename_list(kd_digest *digest, const char *name)
{
	g_free(digest->list_name);
	digest->list_name = g_strdup(name);
}

static kd_conf
make_conf(void)
{
	return (kd_conf){.mail_from = sender, .mail_to = team};
}

static char *
compose(const kd_digest *digest, const kd_conf *conf)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) bytes = kd_compose(digest, conf, &error);

	g_assert_no_error(error);
	return g_strndup(
	    g_bytes_get_data(bytes, NULL), g_bytes_get_size(bytes));
}

static GMimeMessage *
parse(const char *mail)
{
	g_autoptr(GMimeStream) stream =
	    g_mime_stream_mem_new_with_buffer(mail, strlen(mail));
	GMimeParser *parser = g_mime_parser_new_with_stream(stream);
	GMimeMessage *message = g_mime_parser_construct_message(parser, NULL);

	g_object_unref(parser);
	g_assert_nonnull(message);
	return message;
}

static void
append_fields(GString *lines, GMimeObject *object)
{
	GMimeHeaderList *headers = g_mime_object_get_header_list(object);

	for (int i = 0; i < g_mime_header_list_get_count(headers); i++) {
		GMimeHeader *header =
		    g_mime_header_list_get_header_at(headers, i);

		g_string_append_printf(lines, "%s: %s\n",
		    g_mime_header_get_name(header),
		    g_mime_header_get_value(header));
	}
}

/*
 * "Name: value" of every field, unfolded and decoded, a line each; GMime
 * keeps those of the body, Content-*, apart.
 */
static char *
fields_of(const char *mail)
{
	g_autoptr(GMimeMessage) message = parse(mail);
	GString *lines = g_string_new(NULL);

	append_fields(lines, GMIME_OBJECT(message));
	append_fields(lines, g_mime_message_get_mime_part(message));
	return g_string_free(lines, FALSE);
}

static void
test_header(void)
{
	g_autoptr(kd_digest) digest = make_digest();
	kd_conf conf = make_conf();
	g_autofree char *mail = compose(digest, &conf);
	g_autofree char *fields = fields_of(mail);

	g_assert_cmpstr(fields, ==,
	    "From: KVMARM 周报 <digest@Example.org>\n"
	    "To: 内核组 <team@example.org>, boss@example.org\n"
	    "Reply-To: 内核组 <team@example.org>, boss@example.org\n"
	    "Subject: [kvmarm 周报] 2021-W10：278 封，3 个话题\n"
	    "Date: Mon, 15 Mar 2021 08:00:00 +0800\n"
	    "Message-ID: <kvdigest.kvmarm.2021-W10@example.org>\n"
	    "In-Reply-To: <kvdigest.kvmarm@example.org>\n"
	    "References: <kvdigest.kvmarm@example.org>\n"
	    "List-Id: <kvdigest.kvmarm.example.org>\n"
	    "List-Archive: <https://archive.example.org/kvmarm/>\n"
	    "Auto-Submitted: auto-generated\n"
	    "Precedence: bulk\n"
	    "X-Auto-Response-Suppress: OOF, AutoReply\n"
	    "X-Kvdigest: 2021-W10\n"
	    "MIME-Version: 1.0\n"
	    "Content-Language: zh-CN\n"
	    "Content-Type: multipart/mixed; boundary=\"=_mixed\"\n");
}

/* 7 bits, no CR, no line over 78. */
static void
check_lines(const char *mail)
{
	g_auto(GStrv) lines = g_strsplit(mail, "\n", -1);

	g_assert_true(g_str_is_ascii(mail));
	g_assert_null(strchr(mail, '\r'));
	g_assert_true(g_str_has_suffix(mail, "\n"));
	for (char **line = lines; *line; line++) {
		if (strlen(*line) > 78)
			g_test_message("%s", *line);
		g_assert_cmpuint(strlen(*line), <=, 78);
	}
}

static void
check_part(GMimeObject *part, const char *type, char *want)
{
	g_autofree char *expected = want;
	g_autofree char *got_type = g_mime_content_type_get_mime_type(
	    g_mime_object_get_content_type(part));
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new();
	GByteArray *got =
	    g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));

	g_assert_cmpstr(got_type, ==, type);
	g_assert_cmpint(g_mime_part_get_content_encoding(GMIME_PART(part)), ==,
	    GMIME_CONTENT_ENCODING_BASE64);
	g_assert_cmpstr(
	    g_mime_object_get_content_type_parameter(part, "charset"), ==,
	    "utf-8");
	g_mime_data_wrapper_write_to_stream(
	    g_mime_part_get_content(GMIME_PART(part)), stream);
	g_assert_cmpmem(got->data, got->len, expected, strlen(expected));
}

/* The tree, and in each leaf the very bytes of its rendering. */
static void
check_body(const char *mail, const kd_digest *digest, const char *name)
{
	g_autoptr(GMimeMessage) message = parse(mail);
	GMimeMultipart *mixed =
	    GMIME_MULTIPART(g_mime_message_get_mime_part(message));
	GMimeMultipart *alternative =
	    GMIME_MULTIPART(g_mime_multipart_get_part(mixed, 0));
	GMimeObject *attachment = g_mime_multipart_get_part(mixed, 1);

	g_assert_cmpint(g_mime_multipart_get_count(mixed), ==, 2);
	g_assert_cmpint(g_mime_multipart_get_count(alternative), ==, 2);
	check_part(g_mime_multipart_get_part(alternative, 0), "text/plain",
	    kd_render_text(digest));
	check_part(g_mime_multipart_get_part(alternative, 1), "text/html",
	    kd_render_html(digest));
	check_part(attachment, "text/markdown", kd_render_md(digest));
	g_assert_true(g_mime_part_is_attachment(GMIME_PART(attachment)));
	g_assert_cmpstr(
	    g_mime_part_get_filename(GMIME_PART(attachment)), ==, name);
}

static void
test_body(void)
{
	g_autoptr(kd_digest) digest = make_digest();
	kd_conf conf = make_conf();
	g_autofree char *mail = compose(digest, &conf);
	g_autofree char *again = compose(digest, &conf);

	check_lines(mail);
	check_body(mail, digest, "kvmarm-2021-W10.md");
	g_assert_cmpstr(mail, ==, again);
}

static void
test_empty_week(void)
{
	g_autoptr(kd_digest) digest = sample_empty();
	kd_conf conf = make_conf();
	g_autofree char *mail = compose(digest, &conf);
	g_autofree char *fields = fields_of(mail);

	g_assert_nonnull(strstr(fields, "：0 封，0 个话题\n"));
	check_lines(mail);
	check_body(mail, digest, "kvmarm-2021-W10.md");
}

static void
test_large(void)
{
	g_autoptr(kd_digest) digest = sample_chain(5000);
	kd_conf conf = make_conf();
	g_autofree char *mail = compose(digest, &conf);

	g_assert_cmpuint(strlen(mail), >, 500000);
	check_lines(mail);
	check_body(mail, digest, "kvmarm-2021-W10.md");
}

/* Names of a list that would break out of a field, a file or an id. */
static void
test_list_names(void)
{
	g_autofree char *endless = g_strnfill(5000, 'x');
	const char *const rows[][2] = {
	    {"KVM/arm64 -- 内核", "kvm-arm64"},
	    {"../../etc/passwd", "etc-passwd"},
	    {"x\r\nBcc: spy@example.com", "x-bcc-spy-example-com"},
	    {"内核", "kvmarm-lists-example-org"},
	    {endless, "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx"},
	};
	kd_conf conf = make_conf();

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(kd_digest) digest = make_digest();
		g_autofree char *mail = NULL;
		g_autofree char *fields = NULL;
		g_autofree char *name =
		    g_strdup_printf("%s-2021-W10.md", rows[i][1]);
		g_autofree char *id = g_strdup_printf(
		    "Message-ID: <kvdigest.%s.2021-W10@example.org>\n",
		    rows[i][1]);

		rename_list(digest, rows[i][0]);
		mail = compose(digest, &conf);
		fields = fields_of(mail);
		check_lines(mail);
		check_body(mail, digest, name);
		g_assert_nonnull(strstr(fields, id));
		g_assert_null(strstr(fields, "\nBcc:"));
		g_assert_null(strstr(fields, "spy@"));
	}
}

/* What has no week is named by its days, or by its times. */
static void
test_span(void)
{
	static const struct {
		gint64 since, until;
		const char *ids, *subject;
	} rows[] = {
	    {MARCH_8, MARCH_8 + 3 * DAY, "2021-03-08--2021-03-10",
		"2021-03-08 至 2021-03-10"},
	    {MARCH_8 + 1800, MARCH_8 + DAY,
		"2021-03-08T003000--2021-03-09T000000",
		"2021-03-08 00:30 至 2021-03-09 00:00"},
	};
	kd_conf conf = make_conf();

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_autoptr(kd_digest) digest = make_digest();
		g_autofree char *fields = NULL;
		g_autofree char *subject = g_strdup_printf(
		    "Subject: [a-list-with-a-name-of-32-letters 周报] "
		    "%s：278 封，3 个话题\n",
		    rows[i].subject);
		g_autofree char *want = g_strdup_printf(
		    "kvdigest.a-list-with-a-name-of-32-letters.%s@example.org",
		    rows[i].ids);
		g_autofree char *name = g_strdup_printf(
		    "a-list-with-a-name-of-32-letters-%s.md", rows[i].ids);
		g_autofree char *mail = NULL;
		g_autofree char *id = NULL;

		rename_list(digest, "a list with a name of 32 letters");
		digest->window.since = rows[i].since;
		digest->window.until = rows[i].until;
		*digest->window.week = '\0';
		mail = compose(digest, &conf);
		fields = fields_of(mail);
		check_body(mail, digest, name);
		id = kd_compose_message_id(digest, &conf, NULL);
		g_assert_cmpstr(id, ==, want);
		g_assert_nonnull(strstr(fields, id));
		g_assert_nonnull(strstr(fields, subject));
		g_assert_null(strstr(mail, "name*"));
	}
}

/* Fields that GMime alone would leave long, or encode. */
static void
test_folding(void)
{
	static char from[] = "digest@department-of-rather-long-names"
			     ".example.org";
	g_autoptr(kd_digest) digest = make_digest();
	kd_conf conf = make_conf();
	char *many[101] = {NULL};
	g_autofree char *mail = NULL;
	g_autofree char *fields = NULL;

	for (gsize i = 0; i < G_N_ELEMENTS(many) - 1; i++)
		many[i] =
		    (char *)"\"很长的名字, 和一个逗号\" <team@example.org>";
	many[0] = (char *)"Łódź <lodz@example.org>";
	conf.mail_from = from;
	conf.mail_to = many;
	g_free(digest->list_archive);
	digest->list_archive = g_strdup("https://archive.example.org/a long/"
					"<path>/名/kvmarm/");
	mail = compose(digest, &conf);
	fields = fields_of(mail);
	check_lines(mail);
	g_assert_nonnull(strstr(mail, "\nTo: =?UTF-8?"));
	g_assert_nonnull(strstr(mail,
	    "\nMessage-ID:\n <kvdigest.kvmarm.2021-W10@department-of-rather-"));
	g_assert_nonnull(strstr(mail,
	    "\nList-Archive:\n <https://archive.example.org/a%20long/"
	    "%3Cpath%3E/%E5%90%8D/kvmarm/>\n"));
	g_assert_nonnull(strstr(fields,
	    "\nList-Id: <kvdigest.kvmarm.department-of-rather-long-names"
	    ".example.org>\n"));
}

static void
refuse(const kd_conf *conf, const char *key)
{
	g_autoptr(kd_digest) digest = make_digest();
	g_autoptr(GError) error = NULL;

	g_assert_null(kd_compose(digest, conf, &error));
	g_assert_error(error, KD_ERROR, KD_ERROR_CONFIG);
	g_assert_true(g_str_has_prefix(error->message, key));
}

static void
test_missing(void)
{
	char *none[] = {NULL};
	char *bad[] = {(char *)"-oQ/tmp", NULL};
	kd_conf conf = make_conf();

	conf.mail_from = NULL;
	refuse(&conf, "mail.from: ");
	g_assert_null(kd_compose_message_id(NULL, &conf, NULL));
	conf.mail_from = (char *)"Digest";
	refuse(&conf, "mail.from: ");
	conf = make_conf();
	conf.mail_to = NULL;
	refuse(&conf, "mail.to: ");
	conf.mail_to = none;
	refuse(&conf, "mail.to: ");
	conf.mail_to = bad;
	refuse(&conf, "mail.to: ");
}

static void
write_file(const char *directory, const char *name, char *text)
{
	g_autofree char *owned = text;
	g_autofree char *path = g_build_filename(directory, name, NULL);
	g_autoptr(GError) error = NULL;

	g_file_set_contents(path, owned, -1, &error);
	g_assert_no_error(error);
}

static void
write_sample(const char *directory)
{
	g_autoptr(kd_digest) digest = make_digest();
	kd_conf conf = make_conf();

	write_file(directory, "digest.eml", compose(digest, &conf));
	write_file(directory, "digest.txt", kd_render_text(digest));
	write_file(directory, "digest.html", kd_render_html(digest));
	write_file(directory, "digest.md", kd_render_md(digest));
}

int
main(int argc, char **argv)
{
	if (argc == 2 && *argv[1] != '-') {
		write_sample(argv[1]);
		return 0;
	}
	unit_init(argc, argv);
	g_mime_init();
	g_test_add_func("/compose/header", test_header);
	g_test_add_func("/compose/body", test_body);
	g_test_add_func("/compose/empty-week", test_empty_week);
	g_test_add_func("/compose/large", test_large);
	g_test_add_func("/compose/list-names", test_list_names);
	g_test_add_func("/compose/span", test_span);
	g_test_add_func("/compose/folding", test_folding);
	g_test_add_func("/compose/missing", test_missing);
	return g_test_run();
}
