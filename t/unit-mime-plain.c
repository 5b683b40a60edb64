/*
 * Entities of the plain form say what GMime's parser makes of them; others are
 * left to it.
 */
#include "config.h"

#include <gmime/gmime.h>
#include <string.h>

#include "auto.h"
#include "mime-plain.h"
#include "unit.h"

/* What GMime makes of an entity: its one part, and the bytes of that. */
static GMimeObject *
parse(const char *entity, gsize length, GByteArray *bytes)
{
	g_autoptr(GMimeStream) in =
	    g_mime_stream_mem_new_with_buffer(entity, length);
	g_autoptr(GMimeStream) out = g_mime_stream_mem_new();
	g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(in);
	GMimeObject *part = g_mime_parser_construct_part(parser, NULL);
	GByteArray *got;

	g_assert_true(GMIME_IS_PART(part));
	g_mime_data_wrapper_write_to_stream(
	    g_mime_part_get_content(GMIME_PART(part)), out);
	got = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(out));
	g_byte_array_append(bytes, got->data, got->len);
	return part;
}

static gboolean
parameter_is(GMimeObject *part, const char *name, const char *value)
{
	const char *given =
	    g_mime_object_get_content_type_parameter(part, name);

	return given && !g_ascii_strcasecmp(given, value);
}

static void
check(const char *entity, gsize length)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	g_autoptr(GMimeObject) part = NULL;
	g_auto(kd_plain) plain = {0};
	const char *charset;
	const char *end = *entity == '\n' ? entity : strstr(entity, "\n\n") + 1;
	g_autofree char *header = g_strndup(entity, (gsize)(end - entity));

	g_assert_true(kd_plain_read(
	    &plain, header, end + 1, length - (gsize)(end + 1 - entity)));
	part = parse(entity, length, bytes);
	charset = g_mime_object_get_content_type_parameter(part, "charset");
	g_assert_cmpstr(plain.charset, ==, charset ? charset : "");
	g_assert_cmpint(
	    plain.flowed, ==, parameter_is(part, "format", "flowed"));
	g_assert_cmpint(plain.delsp, ==, parameter_is(part, "delsp", "yes"));
	g_assert_cmpmem(plain.bytes, plain.length, bytes->data, bytes->len);
}

static void
test_plain(void)
{
	static const char *const rows[] = {
	    "\ntext\n",
	    "\n",
	    "\nno line end",
	    "Content-Type: text/plain\n\ntext\n\n\n",
	    "content-type:TEXT/plain ; charset=us-ascii\n\ntext\n",
	    "Content-Type: text/plain; charset=\"iso-8859-15\"\n\na\xa4\n",
	    "Content-Type: text/plain; charset=utf-8; format=flowed\n\na \nb\n",
	    "Content-Type: text/plain; format=\"Flowed\"; delsp=YES\n\na \nb\n",
	    "Content-Type: text/plain; format=fixed\n\na \nb\n",
	    "Content-Disposition: inline\nContent-Type: text/plain\n\ntext\n",
	    "Content-Transfer-Encoding: 8bit\n\n\xc3\xa4\n",
	    "Content-Transfer-Encoding: 7BIT\n\n\xc3\xa4\r\nb\r\n",
	    "Content-Transfer-Encoding: base64\n\naGVsbG8gd29y\nbGQK\n",
	    "Content-Transfer-Encoding: base64\n\naGVsbG8gd29y!!\n",
	    "Content-Transfer-Encoding: base64\n\naGVsbG8=aGVsbG8=",
	    "Content-Transfer-Encoding: quoted-printable\n\na=C3=A4=\nb =\n",
	    "Content-Transfer-Encoding: quoted-printable\n\na=zz==3D=\r\nb=",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_test_message("%s", rows[i]);
		check(rows[i], strlen(rows[i]));
	}
}

/* However what is encoded is damaged. */
static void
test_damaged(void)
{
	static const char *const rows[] = {
	    "Content-Transfer-Encoding: base64\n\n"
	    "5rWL6K+VIHRleHQgb2Ygc29tZSBsaW5lcywgZW5jb2RlZA==\nYW5kIG1vcmU=\n",
	    "Content-Transfer-Encoding: quoted-printable\n\n"
	    "=E6=B5=8B text of some =\nlines =3D encoded=20\nand more=\n",
	};

	for (guint i = 0; i < 4000; i++) {
		g_autofree char *entity =
		    g_strdup(rows[i % G_N_ELEMENTS(rows)]);
		gsize body = (gsize)(strstr(entity, "\n\n") + 2 - entity);
		gsize length = strlen(entity);

		for (gint n = g_test_rand_int_range(1, 6); n; n--)
			entity[g_test_rand_int_range(
			    (gint)body, (gint)length)] =
			    "=\n\r Aa3+/_-\xff"[g_test_rand_int_range(0, 12)];
		check(entity, length);
	}
}

static void
test_others(void)
{
	static const char *const rows[] = {
	    "Content-Type: text/html\n",
	    "Content-Type: text/plainer\n",
	    "Content-Type: multipart/mixed; boundary=b\n",
	    "Content-Type: text/plain; charset=\"a b\"\n",
	    "Content-Type: text/plain; charset=\n",
	    "Content-Type: text/plain; charset*=utf-8''utf-8\n",
	    "Content-Type: text/plain; name=a.patch\n",
	    "Content-Type: text/plain;\n charset=utf-8\n",
	    "Content-Type: text/plain; charset=utf-8 (x)\n",
	    "Content-Type: text/plain\n\t; charset=utf-8\n",
	    "Content-Disposition: attachment\n",
	    "Content-Disposition: inline; filename=a\n",
	    "Content-Transfer-Encoding: x-uuencode\n",
	    "Content-Transfer-Encoding: base64x\n",
	    "Content-Description: text\n",
	    "Content-Type: text/plain",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		g_auto(kd_plain) plain = {0};

		g_test_message("%s", rows[i]);
		g_assert_false(kd_plain_read(&plain, rows[i], "text\n", 5));
	}
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_mime_init();
	g_test_add_func("/mime-plain/plain", test_plain);
	g_test_add_func("/mime-plain/damaged", test_damaged);
	g_test_add_func("/mime-plain/others", test_others);
	return g_test_run();
}
