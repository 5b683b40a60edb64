#include "config.h"

#include <zstd.h>
#include <zstd_errors.h>

#include "codec.h"
#include "error.h"

/* 1 keeps up with a disk; 3 saves one byte in fifty and takes half as long
 * again. */
#define LEVEL 1

/* The dictionary as it is in the file, by the assembler: no copy, no open. */
__asm__(".pushsection .rodata\n"
	".balign 8\n"
	"kd_dictionary:\n"
	".incbin \"" KD_DICTIONARY "\"\n"
	"kd_dictionary_end:\n"
	".popsection\n");
extern const char kd_dictionary[] __attribute__((visibility("hidden")));
extern const char kd_dictionary_end[] __attribute__((visibility("hidden")));

struct kd_codec {
	ZSTD_CCtx *packing; /* each made when first needed */
	ZSTD_DCtx *unpacking;
};

kd_codec *
kd_codec_new(void)
{
	return g_new0(kd_codec, 1);
}

void
kd_codec_free(kd_codec *codec)
{
	if (!codec)
		return;
	ZSTD_freeCCtx(codec->packing);
	ZSTD_freeDCtx(codec->unpacking);
	g_free(codec);
}

static gsize
dictionary_size(void)
{
	return (gsize)(kd_dictionary_end - kd_dictionary);
}

static gboolean
set_error(GError **error, enum kd_error code, gsize result)
{
	if (ZSTD_getErrorCode(result) == ZSTD_error_memory_allocation)
		code = KD_ERROR_TEMP;
	g_set_error_literal(error, KD_ERROR, code, ZSTD_getErrorName(result));
	return FALSE;
}

static gboolean
prepare_packing(kd_codec *codec, GError **error)
{
	gsize result;

	if (codec->packing)
		return TRUE;
	codec->packing = ZSTD_createCCtx();
	if (!codec->packing)
		return set_error(
		    error, KD_ERROR_TEMP, (gsize)-ZSTD_error_memory_allocation);
	result = ZSTD_CCtx_setParameter(
	    codec->packing, ZSTD_c_compressionLevel, LEVEL);
	if (!ZSTD_isError(result))
		result = ZSTD_CCtx_setParameter(
		    codec->packing, ZSTD_c_checksumFlag, 1);
	if (!ZSTD_isError(result))
		result = ZSTD_CCtx_loadDictionary(
		    codec->packing, kd_dictionary, dictionary_size());
	if (!ZSTD_isError(result))
		return TRUE;
	ZSTD_freeCCtx(codec->packing);
	codec->packing = NULL;
	return set_error(error, KD_ERROR_TEMP, result);
}

GBytes *
kd_codec_pack(kd_codec *codec, const void *bytes, gsize length, GError **error)
{
	gsize room = ZSTD_compressBound(length);
	g_autofree void *frame = g_try_malloc(room);
	gsize result;

	if (!frame) {
		set_error(
		    error, KD_ERROR_TEMP, (gsize)-ZSTD_error_memory_allocation);
		return NULL;
	}
	if (!prepare_packing(codec, error))
		return NULL;
	result = ZSTD_compress2(codec->packing, frame, room, bytes, length);
	if (ZSTD_isError(result)) {
		set_error(error, KD_ERROR_TEMP, result);
		return NULL;
	}
	return g_bytes_new_take(g_steal_pointer(&frame), result);
}

static gboolean
prepare_unpacking(kd_codec *codec, GError **error)
{
	gsize result = (gsize)-ZSTD_error_memory_allocation;

	if (codec->unpacking)
		return TRUE;
	codec->unpacking = ZSTD_createDCtx();
	if (codec->unpacking)
		result = ZSTD_DCtx_loadDictionary(
		    codec->unpacking, kd_dictionary, dictionary_size());
	if (!ZSTD_isError(result))
		return TRUE;
	ZSTD_freeDCtx(codec->unpacking);
	codec->unpacking = NULL;
	return set_error(error, KD_ERROR_TEMP, result);
}

GBytes *
kd_codec_unpack(
    kd_codec *codec, const void *frame, gsize length, gsize max, GError **error)
{
	guint64 size = ZSTD_getFrameContentSize(frame, length);
	g_autofree void *bytes = NULL;
	gsize result;

	/* Unknown size and no frame at all are numbers beyond any maximum. */
	if (size > max) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_DATA,
		    "no frame of zstd, or one of another size");
		return NULL;
	}
	bytes = g_try_malloc((gsize)size + 1);
	if (!bytes) {
		set_error(
		    error, KD_ERROR_TEMP, (gsize)-ZSTD_error_memory_allocation);
		return NULL;
	}
	if (!prepare_unpacking(codec, error))
		return NULL;
	result = ZSTD_decompressDCtx(
	    codec->unpacking, bytes, (gsize)size, frame, length);
	if (ZSTD_isError(result)) {
		set_error(error, KD_ERROR_DATA, result);
		return NULL;
	}
	return g_bytes_new_take(g_steal_pointer(&bytes), result);
}
