/*
 * The codec: what went in comes out; what was changed on the way never does.
 */
#include "config.h"

#include <string.h>

#include "codec.h"
#include "error.h"
#include "unit.h"

static GBytes *
make_mail(gsize length)
{
	GString *text = g_string_new("From: Ann Example <ann@example.org>\n"
				     "Subject: [PATCH] KVM: arm64: x\n\n");

	for (guint i = 0; text->len < length; i++)
		g_string_append_printf(
		    text, "+\tval = read_sysreg(x%u);\n", i * 2654435761u);
	g_string_truncate(text, length);
	return g_string_free_to_bytes(text);
}

static void
test_round_trip(void)
{
	static const gsize lengths[] = {0, 1, 40, 8000, 300000, 5000000};
	g_autoptr(kd_codec) codec = kd_codec_new();

	for (gsize i = 0; i < G_N_ELEMENTS(lengths); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) mail = make_mail(lengths[i]);
		g_autoptr(GBytes) frame =
		    kd_codec_pack(codec, g_bytes_get_data(mail, NULL),
			g_bytes_get_size(mail), &error);
		g_autoptr(GBytes) again = NULL;

		g_assert_no_error(error);
		again = kd_codec_unpack(codec, g_bytes_get_data(frame, NULL),
		    g_bytes_get_size(frame), lengths[i], &error);
		g_assert_no_error(error);
		g_assert_true(g_bytes_equal(mail, again));
	}
}

/* The dictionary is there: a small mail shrinks as no stream alone could. */
static void
test_small(void)
{
	static const char mail[] =
	    "MIME-Version: 1.0\nPrecedence: list\n"
	    "Content-Type: text/plain; charset=\"us-ascii\"\n"
	    "Content-Transfer-Encoding: 7bit\n"
	    "Subject: Re: [PATCH v2 1/2] KVM: arm64: \n";
	g_autoptr(kd_codec) codec = kd_codec_new();
	g_autoptr(GBytes) frame =
	    kd_codec_pack(codec, mail, strlen(mail), NULL);

	g_assert_cmpuint(g_bytes_get_size(frame), <, strlen(mail) / 2);
}

/* Frames of a codec's first mail and of its later ones, in any order. */
static void
test_kinds(void)
{
	g_autoptr(kd_codec) packer = kd_codec_new();
	g_autoptr(kd_codec) codec = kd_codec_new();
	g_autoptr(GBytes) mail = make_mail(3000);
	gsize length;
	const char *bytes = g_bytes_get_data(mail, &length);
	GBytes *frames[] = {kd_codec_pack(packer, bytes, length, NULL),
	    kd_codec_pack(packer, bytes, length, NULL),
	    kd_codec_pack(packer, bytes, length, NULL)};

	g_assert_false(g_bytes_equal(frames[0], frames[1]));
	g_assert_true(g_bytes_equal(frames[1], frames[2]));
	for (gsize i = 0; i < 7; i++) {
		gsize size;
		const void *frame = g_bytes_get_data(frames[i * i % 3], &size);
		g_autoptr(GBytes) out =
		    kd_codec_unpack(codec, frame, size, length, NULL);

		g_assert_nonnull(out);
		g_assert_true(g_bytes_equal(out, mail));
	}
	for (gsize i = 0; i < G_N_ELEMENTS(frames); i++)
		g_bytes_unref(frames[i]);
}

/* Whatever bit is wrong, wherever it is cut: no other bytes come out. */
static void
test_damage(gconstpointer later)
{
	g_autoptr(kd_codec) codec = kd_codec_new();
	g_autoptr(GBytes) mail = make_mail(3000);
	g_autoptr(GBytes) first = kd_codec_pack(
	    codec, g_bytes_get_data(mail, NULL), g_bytes_get_size(mail), NULL);
	g_autoptr(GBytes) second = kd_codec_pack(
	    codec, g_bytes_get_data(mail, NULL), g_bytes_get_size(mail), NULL);
	GBytes *frame = later ? second : first;
	gsize length;
	const guint8 *good = g_bytes_get_data(frame, &length);
	g_autofree guint8 *bad = g_memdup2(good, length);

	for (gsize bit = 0; bit < 8 * length; bit++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(GBytes) out = NULL;

		bad[bit / 8] ^= (guint8)(1 << bit % 8);
		out = kd_codec_unpack(codec, bad, length, 1 << 20, &error);
		g_assert_true(!out || g_bytes_equal(out, mail));
		g_assert_true(!out == !!error);
		bad[bit / 8] = good[bit / 8];
	}
	for (gsize cut = 0; cut < length; cut++)
		g_assert_null(kd_codec_unpack(codec, good, cut, 1 << 20, NULL));
}

/* A frame that claims more than may be is refused before memory is taken. */
static void
test_limit(void)
{
	g_autoptr(kd_codec) codec = kd_codec_new();
	g_autoptr(GBytes) mail = make_mail(3000);
	g_autoptr(GBytes) frame = kd_codec_pack(
	    codec, g_bytes_get_data(mail, NULL), g_bytes_get_size(mail), NULL);
	g_autoptr(GError) error = NULL;

	g_assert_null(kd_codec_unpack(codec, g_bytes_get_data(frame, NULL),
	    g_bytes_get_size(frame), 2999, &error));
	g_assert_error(error, KD_ERROR, KD_ERROR_DATA);
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/codec/round-trip", test_round_trip);
	g_test_add_func("/codec/small", test_small);
	g_test_add_func("/codec/kinds", test_kinds);
	g_test_add_data_func("/codec/damage/first", NULL, test_damage);
	g_test_add_data_func("/codec/damage/later", "", test_damage);
	g_test_add_func("/codec/limit", test_limit);
	return g_test_run();
}
