/*
 * A mail made ready for the store: identified, judged, hashed and packed, so
 * that the store is locked for no longer than it takes to write.
 */
#ifndef KD_PARCEL_H
#define KD_PARCEL_H

#include <glib.h>

#include "codec.h"
#include "conf.h"
#include "trust.h"

typedef struct kd_parcel kd_parcel;

struct kd_parcel {
	char *id;	   /* Message-ID without <>, or a synthetic one */
	GBytes *packed;	   /* kd_codec_pack() of its bytes, or of the first
			    * ones of one too large */
	guint64 length;	   /* of the whole mail */
	guint8 sha256[32]; /* of the whole mail from kd_scan_header() on */
	gint64 arrival;	   /* Unix seconds */
	guint32 flags;	   /* KD_MAIL_LIST and the like */
};

/*
 * A parcel of a mail that is there whole; flags are added to what is found.
 * envelope is what kd_trust_is_list() takes.  NULL sets KD_ERROR_TEMP.
 */
kd_parcel *kd_parcel_new(const kd_conf *conf, kd_codec *codec, GBytes *mail,
    const struct kd_envelope *envelope, gint64 arrival, guint32 flags,
    GError **error);

/*
 * The same for the beginning of a mail of length bytes, more than are kept,
 * with the SHA-256 of all of them.  It is flagged KD_MAIL_CLIPPED.
 */
kd_parcel *kd_parcel_new_clipped(const kd_conf *conf, kd_codec *codec,
    GBytes *beginning, guint64 length, const guint8 sha256[32],
    const struct kd_envelope *envelope, gint64 arrival, guint32 flags,
    GError **error);

void kd_parcel_free(kd_parcel *parcel);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_parcel, kd_parcel_free)

#endif
