#include "config.h"

#include <string.h>

#include "error.h"
#include "record-private.h"

#define PLAIN_BLOCK 16 /* bytes */

/* A reader that remembers the first thing wrong and then stops. */
struct reader {
	const guint8 *at, *end;
	gboolean failed;
};

static guint64
get_number(struct reader *in)
{
	guint64 value = 0;

	for (guint shift = 0; in->at < in->end && shift < 64; shift += 7) {
		guint8 byte = *in->at++;

		value |= (guint64)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return value;
	}
	in->failed = TRUE;
	return 0;
}

static guint
get_count(struct reader *in, guint max)
{
	guint64 n = get_number(in);

	if (n > max || n > (guint64)(in->end - in->at)) {
		in->failed = TRUE;
		return 0;
	}
	return (guint)n;
}

static gint64
get_signed(struct reader *in)
{
	guint64 value = get_number(in);

	return (gint64)(value >> 1) ^ -(gint64)(value & 1);
}

/* Controls other than those that a text has; all ASCII and C1 ones. */
static gboolean
has_controls(const char *string, gboolean is_text)
{
	for (const guchar *p = (const guchar *)string; *p; p++)
		if ((*p < 0x20 && !(is_text && strchr("\n\t", *p))) ||
		    *p == 0x7f || (*p == 0xc2 && p[1] >= 0x80 && p[1] < 0xa0))
			return TRUE;
	return FALSE;
}

/* ASCII without controls, as nearly all strings are: that is soon known. */
static gboolean
is_plain(const char *string, gsize length)
{
	guint8 other = 0;

	/* Compilers see to a block of a known size at once. */
	for (; length >= PLAIN_BLOCK; length -= PLAIN_BLOCK) {
		for (gsize i = 0; i < PLAIN_BLOCK; i++)
			other |= (guchar)(string[i] - 0x20) >= 0x7f - 0x20;
		string += PLAIN_BLOCK;
	}
	while (length--)
		other |= (guchar)(*string++ - 0x20) >= 0x7f - 0x20;
	return !other;
}

static gboolean
is_valid(const char *string, gsize length, gboolean is_text)
{
	return is_plain(string, length) ||
	       (g_utf8_validate_len(string, length, NULL) &&
		   !has_controls(string, is_text));
}

/* A string where it lies, its length in *length; its bytes are not looked at. */
static const char *
get_raw(struct reader *in, gsize *length)
{
	guint64 n = get_number(in);
	const char *string = (const char *)in->at;

	*length = (gsize)n;
	if (in->failed || n >= (guint64)(in->end - in->at) || string[n]) {
		in->failed = TRUE;
		*length = 0;
		return "";
	}
	in->at += n + 1;
	return string;
}

static const char *
get_bytes(struct reader *in, gsize max, gboolean is_text)
{
	gsize length;
	const char *string = get_raw(in, &length);

	if (length <= max && is_valid(string, length, is_text))
		return string;
	in->failed = TRUE;
	return "";
}

static const char *
get_string(struct reader *in, gsize max)
{
	return get_bytes(in, max, FALSE);
}

static void
get_strings(struct reader *in, const char ***list, const char ***free_slot,
    guint n, gsize max)
{
	*list = *free_slot;
	for (guint i = 0; i < n && !in->failed; i++)
		(*list)[i] = get_string(in, max);
	*free_slot += n;
}

static void
get_facts(struct reader *in, kd_record *record)
{
	for (guint i = 0; i < record->n_facts && !in->failed; i++) {
		struct kd_fact *fact = &record->facts[i];
		guint64 kind = get_number(in);

		if (kind >= KD_FACT_KINDS)
			in->failed = TRUE;
		else
			fact->kind = (enum kd_fact_kind)kind;
		fact->line = (guint32)get_number(in);
		fact->value = get_string(in, KD_SUBJECT_MAX);
		fact->person = get_string(in, KD_SUBJECT_MAX);
	}
}

static struct kd_counts
get_counts(struct reader *in)
{
	struct kd_counts n;

	n.aliases = get_count(in, KD_REFS_MAX);
	n.refs = get_count(in, KD_REFS_MAX);
	n.bare = get_count(in, KD_REFS_MAX);
	n.copies = get_count(in, KD_COPIES_MAX);
	n.paths = get_count(in, KD_PATHS_MAX);
	n.facts = get_count(in, KD_FACTS_MAX);
	return n;
}

/* One allocation: the struct, its lists, and room for the packed bytes. */
static kd_record *
allocate(
    const struct kd_counts *n, gsize length, const char ***strings, void **room)
{
	gsize lists =
	    (gsize)n->aliases + n->refs + n->bare + n->copies + n->paths;
	gsize facts = n->facts * sizeof(struct kd_fact);
	char *memory = g_try_malloc0(
	    sizeof(kd_record) + facts + lists * sizeof(char *) + length);
	kd_record *record = (kd_record *)(void *)memory;

	if (!memory)
		return NULL;
	record->n_aliases = n->aliases;
	record->n_refs = n->refs;
	record->n_bare = n->bare;
	record->n_copies = n->copies;
	record->n_paths = n->paths;
	record->n_facts = n->facts;
	memory += sizeof(kd_record);
	record->facts = (struct kd_fact *)(void *)memory;
	memory += facts;
	*strings = (const char **)(void *)memory;
	memory += lists * sizeof(char *);
	*room = memory;
	return record;
}

static void
read_fields(struct reader *in, kd_record *record, const char **strings)
{
	record->flags = (guint32)get_number(in);
	record->arrival = get_signed(in);
	record->date = get_signed(in);
	record->body_hash = get_number(in);
	record->insertions = (guint32)get_number(in);
	record->deletions = (guint32)get_number(in);
	record->id = get_string(in, KD_ID_MAX);
	record->parent = get_string(in, KD_ID_MAX);
	record->subject = get_string(in, KD_SUBJECT_MAX);
	record->name = get_string(in, KD_NAME_MAX);
	record->address = get_string(in, KD_ADDRESS_MAX);
	get_strings(
	    in, &record->aliases, &strings, record->n_aliases, KD_ID_MAX);
	get_strings(in, &record->refs, &strings, record->n_refs, KD_ID_MAX);
	get_strings(in, &record->bare, &strings, record->n_bare, KD_ID_MAX);
	get_strings(
	    in, &record->copies, &strings, record->n_copies, KD_ADDRESS_MAX);
	get_strings(in, &record->paths, &strings, record->n_paths, KD_ID_MAX);
	get_facts(in, record);
	record->text = get_bytes(in, KD_TEXT_MAX, TRUE);
}

/* Go to a record's fields; FALSE sets error when it is of another version. */
static gboolean
begin(struct reader *in, const void *data, gsize length, struct kd_counts *n,
    GError **error)
{
	in->at = data;
	in->end = in->at + length;
	if (get_number(in) == KD_RECORD_FORMAT && !in->failed) {
		*n = get_counts(in);
		return TRUE;
	}
	g_set_error_literal(
	    error, KD_ERROR, KD_ERROR_DATA, "record: not of this version");
	return FALSE;
}

static void
set_damaged(GError **error)
{
	g_set_error_literal(error, KD_ERROR, KD_ERROR_DATA, "record: damaged");
}

static kd_record *
unpack(const void *data, gsize length, gboolean borrow, GError **error)
{
	struct reader in = {0};
	g_autoptr(kd_record) record = NULL;
	const char **strings;
	struct kd_counts n;
	void *room;
	gsize header;

	if (!begin(&in, data, length, &n, error))
		return NULL;
	header = (gsize)(in.at - (const guint8 *)data);
	if (!in.failed)
		record = allocate(&n, borrow ? 0 : length, &strings, &room);
	if (record) {
		record->packed = borrow ? data : memcpy(room, data, length);
		record->packed_length = length;
		in.at = (const guint8 *)record->packed + header;
		in.end = in.at + length - header;
		read_fields(&in, record, strings);
	}
	if (!record || in.failed || in.at != in.end || !*record->id) {
		set_damaged(error);
		return NULL;
	}
	return g_steal_pointer(&record);
}

kd_record *
kd_record_unpack(const void *data, gsize length, GError **error)
{
	return unpack(data, length, FALSE, error);
}

kd_record *
kd_record_borrow(const void *data, gsize length, GError **error)
{
	return unpack(data, length, TRUE, error);
}

gboolean
kd_record_ids(const void *data, gsize length, kd_id_func func, gpointer user,
    GError **error)
{
	struct reader in = {0};
	struct kd_counts n;
	const char *id;
	gsize size;
	guint32 flags;

	if (!begin(&in, data, length, &n, error))
		return FALSE;
	flags = (guint32)get_number(&in);
	for (int numbers = 5; numbers; numbers--)
		get_number(&in);
	id = get_raw(&in, &size);
	if (!in.failed)
		func(KD_ID_OWN, id, size, flags, user);
	for (int strings = 4; strings; strings--)
		get_raw(&in, &size);
	for (guint i = 0; i < n.aliases + n.refs + n.bare; i++) {
		id = get_raw(&in, &size);
		if (in.failed)
			break;
		func(i < n.aliases	      ? KD_ID_ALIAS
		     : i < n.aliases + n.refs ? KD_ID_REF
					      : KD_ID_BARE,
		    id, size, flags, user);
	}
	if (in.failed)
		set_damaged(error);
	return !in.failed;
}
