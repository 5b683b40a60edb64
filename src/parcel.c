#include "config.h"

#include <string.h>

#include "parcel.h"
#include "record.h"
#include "scan.h"
#include "sha256.h"

kd_parcel *
kd_parcel_new_clipped(const kd_conf *conf, kd_codec *codec, GBytes *beginning,
    guint64 length, const guint8 sha256[32], const struct kd_envelope *envelope,
    gint64 arrival, guint32 flags, GError **error)
{
	g_autoptr(kd_parcel) parcel = g_new0(kd_parcel, 1);
	gsize kept;
	const char *bytes = g_bytes_get_data(beginning, &kept);
	gboolean synthetic;

	parcel->length = length;
	memcpy(parcel->sha256, sha256, sizeof(parcel->sha256));
	parcel->arrival = arrival;
	parcel->id = kd_scan_identity(bytes, kept, &synthetic);
	parcel->flags = flags | (synthetic ? KD_MAIL_NO_ID : 0) |
			(kept < length ? KD_MAIL_CLIPPED : 0);
	if (kd_trust_is_list(conf, bytes, kept, envelope))
		parcel->flags |= KD_MAIL_LIST;
	parcel->packed = kd_codec_pack(codec, bytes, kept, error);
	return parcel->packed ? g_steal_pointer(&parcel) : NULL;
}

kd_parcel *
kd_parcel_new(const kd_conf *conf, kd_codec *codec, GBytes *mail,
    const struct kd_envelope *envelope, gint64 arrival, guint32 flags,
    GError **error)
{
	gsize length;
	const char *bytes = g_bytes_get_data(mail, &length);
	const char *header = kd_scan_header(bytes, length);
	guint8 sha256[SHA256_DIGEST_SIZE];

	kd_sha256(sha256, header, (gsize)(bytes + length - header));
	return kd_parcel_new_clipped(
	    conf, codec, mail, length, sha256, envelope, arrival, flags, error);
}

void
kd_parcel_free(kd_parcel *parcel)
{
	if (!parcel)
		return;
	g_free(parcel->id);
	g_clear_pointer(&parcel->packed, g_bytes_unref);
	g_free(parcel);
}
