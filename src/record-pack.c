#include "config.h"

#include <string.h>

#include "record-private.h"

#define SIZE	   2048 /* bytes that most records fit in */
#define NUMBER_MAX 10	/* of a packed one */

/* Bytes on their way; length of size are written. */
struct writer {
	guint8 *bytes;
	gsize length, size;
};

/* Where to write at most so many bytes more; wrote() says how many it were. */
static guint8 *
take_room(struct writer *out, gsize length)
{
	if (out->size - out->length < length) {
		out->size = MAX(out->size * 2, out->length + length);
		out->bytes = g_realloc(out->bytes, out->size);
	}
	return out->bytes + out->length;
}

static void
wrote(struct writer *out, const guint8 *end)
{
	out->length = (gsize)(end - out->bytes);
}

static guint8 *
write_number(guint8 *at, guint64 value)
{
	for (; value > 0x7f; value >>= 7)
		*at++ = (guint8)(value | 0x80);
	*at++ = (guint8)value;
	return at;
}

static void
put_number(struct writer *out, guint64 value)
{
	wrote(out, write_number(take_room(out, NUMBER_MAX), value));
}

static void
put_signed(struct writer *out, gint64 value)
{
	put_number(out, ((guint64)value << 1) ^ (guint64)(value >> 63));
}

/* At most max bytes of a string, cut between characters. */
static void
put_string(struct writer *out, const char *string, gsize max)
{
	gsize length = string ? strlen(string) : 0;
	guint8 *at;

	if (length > max) {
		length = max;
		while (length && ((guchar)string[length] & 0xc0) == 0x80)
			length--;
	}
	at = take_room(out, NUMBER_MAX + length + 1);
	at = write_number(at, length);
	at = mempcpy(at, string ? string : "", length);
	*at++ = '\0';
	wrote(out, at);
}

static void
put_strings(struct writer *out, const char *const *strings, guint n, gsize max)
{
	for (guint i = 0; i < n; i++)
		put_string(out, strings[i], max);
}

static struct kd_counts
clip_counts(const kd_record *record)
{
	return (struct kd_counts){
	    .aliases = MIN(record->n_aliases, KD_REFS_MAX),
	    .refs = MIN(record->n_refs, KD_REFS_MAX),
	    .bare = MIN(record->n_bare, KD_REFS_MAX),
	    .copies = MIN(record->n_copies, KD_COPIES_MAX),
	    .paths = MIN(record->n_paths, KD_PATHS_MAX),
	    .facts = MIN(record->n_facts, KD_FACTS_MAX)};
}

GBytes *
kd_record_pack(const kd_record *record, gboolean with_text)
{
	struct writer out = {.bytes = g_malloc(SIZE), .size = SIZE};
	struct kd_counts n = clip_counts(record);

	put_number(&out, KD_RECORD_FORMAT);
	put_number(&out, n.aliases);
	put_number(&out, n.refs);
	put_number(&out, n.bare);
	put_number(&out, n.copies);
	put_number(&out, n.paths);
	put_number(&out, n.facts);
	put_number(&out, record->flags);
	put_signed(&out, record->arrival);
	put_signed(&out, record->date);
	put_number(&out, record->body_hash);
	put_number(&out, record->insertions);
	put_number(&out, record->deletions);
	put_string(&out, record->id, KD_ID_MAX);
	put_string(&out, record->parent, KD_ID_MAX);
	put_string(&out, record->subject, KD_SUBJECT_MAX);
	put_string(&out, record->name, KD_NAME_MAX);
	put_string(&out, record->address, KD_ADDRESS_MAX);
	put_strings(&out, record->aliases, n.aliases, KD_ID_MAX);
	put_strings(&out, record->refs, n.refs, KD_ID_MAX);
	put_strings(&out, record->bare, n.bare, KD_ID_MAX);
	put_strings(&out, record->copies, n.copies, KD_ADDRESS_MAX);
	put_strings(&out, record->paths, n.paths, KD_ID_MAX);
	for (guint i = 0; i < n.facts; i++) {
		put_number(&out, record->facts[i].kind);
		put_number(&out, record->facts[i].line);
		put_string(&out, record->facts[i].value, KD_SUBJECT_MAX);
		put_string(&out, record->facts[i].person, KD_SUBJECT_MAX);
	}
	put_string(&out, with_text ? record->text : "", KD_TEXT_MAX);
	return g_bytes_new_take(out.bytes, out.length);
}
