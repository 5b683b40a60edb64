#include "config.h"

#include <zstd.h>
#include <zstd_errors.h>

#include "codec.h"
#include "error.h"

/* 1 keeps up with a disk; 3 saves one byte in fifty and takes half as long
 * again. */
#define LEVEL 1

#define ROOM_KEPT ((gsize)1 << 20) /* bytes, from one mail to the next */

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
	ZSTD_DDict *dictionary; /* of unpacking */
	gboolean again;		/* packing has packed before */
	void *frame;		/* where a mail is packed */
	gsize room;		/* bytes of it */
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
	ZSTD_freeDDict(codec->dictionary);
	g_free(codec->frame);
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

/*
 * To digest the dictionary takes ten times as long as to pack a mail, so one
 * that is packed alone, as at a delivery, has it as a prefix: a sixtieth
 * larger, and a frame that does not name the dictionary.
 */
static gsize
prepare_packing(kd_codec *codec)
{
	gsize result;

	if (codec->packing && codec->again)
		return 0;
	if (codec->packing) {
		result = ZSTD_CCtx_loadDictionary(
		    codec->packing, kd_dictionary, dictionary_size());
		codec->again = !ZSTD_isError(result);
		return result;
	}
	codec->packing = ZSTD_createCCtx();
	if (!codec->packing)
		return (gsize)-ZSTD_error_memory_allocation;
	result = ZSTD_CCtx_setParameter(
	    codec->packing, ZSTD_c_compressionLevel, LEVEL);
	if (!ZSTD_isError(result))
		result = ZSTD_CCtx_setParameter(
		    codec->packing, ZSTD_c_checksumFlag, 1);
	return ZSTD_isError(result) ? result
				    : ZSTD_CCtx_refPrefix(codec->packing,
					  kd_dictionary, dictionary_size());
}

static gsize
make_room(kd_codec *codec, gsize room)
{
	void *frame;

	if (codec->room >= room)
		return 0;
	frame = g_try_realloc(codec->frame, room);
	if (!frame)
		return (gsize)-ZSTD_error_memory_allocation;
	codec->frame = frame;
	codec->room = room;
	return 0;
}

/* A small frame is copied, since it is a third of its room; a large one is
 * handed over. */
static GBytes *
take_frame(kd_codec *codec, gsize length)
{
	void *frame;

	if (codec->room <= ROOM_KEPT)
		return g_bytes_new(codec->frame, length);
	frame = g_realloc(g_steal_pointer(&codec->frame), length);
	codec->room = 0;
	return g_bytes_new_take(frame, length);
}

GBytes *
kd_codec_pack(kd_codec *codec, const void *bytes, gsize length, GError **error)
{
	gsize result = make_room(codec, ZSTD_compressBound(length));

	if (!ZSTD_isError(result))
		result = prepare_packing(codec);
	if (!ZSTD_isError(result))
		result = ZSTD_compress2(
		    codec->packing, codec->frame, codec->room, bytes, length);
	if (!ZSTD_isError(result))
		return take_frame(codec, result);
	set_error(error, KD_ERROR_TEMP, result);
	return NULL;
}

static gsize
prepare_unpacking(kd_codec *codec, const void *frame, gsize length)
{
	if (!codec->unpacking)
		codec->unpacking = ZSTD_createDCtx();
	if (!codec->dictionary)
		codec->dictionary =
		    ZSTD_createDDict(kd_dictionary, dictionary_size());
	if (!codec->unpacking || !codec->dictionary)
		return (gsize)-ZSTD_error_memory_allocation;
	if (ZSTD_getDictID_fromFrame(frame, length))
		return ZSTD_DCtx_refDDict(codec->unpacking, codec->dictionary);
	return ZSTD_DCtx_refPrefix(
	    codec->unpacking, kd_dictionary, dictionary_size());
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
	result = prepare_unpacking(codec, frame, length);
	if (!ZSTD_isError(result))
		result = ZSTD_decompressDCtx(
		    codec->unpacking, bytes, (gsize)size, frame, length);
	if (ZSTD_isError(result)) {
		set_error(error, KD_ERROR_DATA, result);
		return NULL;
	}
	return g_bytes_new_take(g_steal_pointer(&bytes), result);
}
