#include "config.h"

#include <string.h>

#include "ruling.h"

/* Version, kind, time, a, b; in GVariant's form of this machine. */
#define PACKED "(yyxss)"
#define FORMAT 1

const char *
kd_ruling_name(enum kd_ruling_kind kind)
{
	return kind == KD_RULING_JOIN ? "join" : "split";
}

struct kd_ruling *
kd_ruling_new(
    enum kd_ruling_kind kind, gint64 time, const char *a, const char *b)
{
	struct kd_ruling *ruling = g_new0(struct kd_ruling, 1);

	ruling->kind = kind;
	ruling->time = time;
	ruling->a = g_strdup(a);
	ruling->b = g_strdup(b);
	return ruling;
}

void
kd_ruling_free(struct kd_ruling *ruling)
{
	if (!ruling)
		return;
	g_free(ruling->a);
	g_free(ruling->b);
	g_free(ruling);
}

GBytes *
kd_ruling_pack(const struct kd_ruling *ruling)
{
	g_autoptr(GVariant) packed = g_variant_ref_sink(g_variant_new(PACKED,
	    FORMAT, (guchar)ruling->kind, ruling->time, ruling->a, ruling->b));

	return g_variant_get_data_as_bytes(packed);
}

struct kd_ruling *
kd_ruling_unpack(gconstpointer data, gsize length)
{
	g_autoptr(GBytes) bytes = g_bytes_new(data, length);
	g_autoptr(GVariant) packed = g_variant_ref_sink(
	    g_variant_new_from_bytes(G_VARIANT_TYPE(PACKED), bytes, FALSE));
	guchar version, kind;
	gint64 time;
	const char *a, *b;

	/* GLib 2.74 reads a byte too far in what is too short. */
	if (length < sizeof(gint64) + 4 || !g_variant_is_normal_form(packed))
		return NULL;
	g_variant_get(packed, "(yyx&s&s)", &version, &kind, &time, &a, &b);
	if (version != FORMAT ||
	    (kind != KD_RULING_JOIN && kind != KD_RULING_SPLIT))
		return NULL;
	return kd_ruling_new(kind, time, a, b);
}
