/*
 * Mails as they lie in the store: zstd frames (RFC 8878) with a check sum,
 * made with a dictionary of what mails of kernel lists have in common.  Pure.
 *
 * The dictionary is src/mail.dict.  What stores hold cannot be read without
 * it, so it never changes; a better one would be a second one beside it, and
 * frames name theirs: those that name none have this one as their prefix.
 */
#ifndef KD_CODEC_H
#define KD_CODEC_H

#include <glib.h>

typedef struct kd_codec kd_codec;

/* A codec keeps its working memory; one is for one thread at a time. */
kd_codec *kd_codec_new(void);
void kd_codec_free(kd_codec *codec);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_codec, kd_codec_free)

/* The frame of some bytes.  NULL sets KD_ERROR_TEMP: no memory. */
GBytes *kd_codec_pack(
    kd_codec *codec, const void *bytes, gsize length, GError **error);

/*
 * The bytes of a frame, at most max of them.  NULL sets KD_ERROR_DATA when it
 * is no whole frame of ours or its check sum is wrong, KD_ERROR_TEMP when
 * there is no memory; the message is a reason without an object.
 */
GBytes *kd_codec_unpack(kd_codec *codec, const void *frame, gsize length,
    gsize max, GError **error);

#endif
