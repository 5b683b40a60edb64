#include "config.h"

#include <string.h>

#include "error.h"
#include "record.h"

#define FORMAT	    1
#define SIZE	    2048 /* bytes that most records fit in */
#define NUMBER_MAX  10	 /* of a packed one */
#define PLAIN_BLOCK 16	 /* bytes */

static const char *const fact_names[KD_FACT_KINDS] = {
    [KD_FACT_NONE] = "",
    [KD_FACT_REVIEWED_BY] = "reviewed-by",
    [KD_FACT_ACKED_BY] = "acked-by",
    [KD_FACT_TESTED_BY] = "tested-by",
    [KD_FACT_NACKED_BY] = "nacked-by",
    [KD_FACT_REPORTED_BY] = "reported-by",
    [KD_FACT_SUGGESTED_BY] = "suggested-by",
    [KD_FACT_APPLIED] = "applied",
    [KD_FACT_APPLIED_PARTLY] = "applied-partly",
    [KD_FACT_APPLIED_PATCH] = "applied-patch",
    [KD_FACT_APPLIED_COMMIT] = "applied-commit",
    [KD_FACT_PARTS] = "parts",
    [KD_FACT_BUILD_CONFIG] = "build-config",
    [KD_FACT_SYZBOT_ID] = "syzbot-id",
    [KD_FACT_REPRODUCER] = "reproducer",
    [KD_FACT_MENTION] = "mention",
    [KD_FACT_PAYLOAD] = "payload",
    [KD_FACT_PULL_REQUEST] = "pull-request",
    [KD_FACT_PULLED] = "pulled",
    [KD_FACT_BUILD_FAILED] = "build-failed",
    [KD_FACT_SYZBOT] = "syzbot",
    [KD_FACT_FIXES] = "fixes",
    [KD_FACT_CLOSES] = "closes",
    [KD_FACT_LINK] = "link",
    [KD_FACT_CHANGE_ID] = "change-id",
    [KD_FACT_BASE_COMMIT] = "base-commit",
    [KD_FACT_PREVIOUS_VERSION] = "previous-version",
    [KD_FACT_QUESTION] = "question",
    [KD_FACT_OBJECTION] = "objection",
    [KD_FACT_WITHDRAWN] = "withdrawn",
    [KD_FACT_BISECTED] = "bisected",
    [KD_FACT_SYZ_COMMAND] = "syz-command",
    [KD_FACT_REGZBOT] = "regzbot",
    [KD_FACT_CHANGE] = "change",
    [KD_FACT_BUILD_WARNED] = "build-warned",
};

static const char *const flag_names[] = {"list", "robot", "patch", "html",
    "charset", "clipped", "unparsed", "no-id", "no-date", "backfill",
    "malformed", "posted", "id-conflict", "truncated"};

const char *
kd_mail_flag_name(guint32 flag)
{
	for (guint bit = 0; bit < G_N_ELEMENTS(flag_names); bit++)
		if (flag == 1u << bit)
			return flag_names[bit];
	return "";
}

const char *
kd_fact_name(enum kd_fact_kind kind)
{
	return fact_names[kind];
}

gboolean
kd_fact_wants_answer(enum kd_fact_kind kind)
{
	return kind == KD_FACT_QUESTION || kind == KD_FACT_OBJECTION ||
	       kind == KD_FACT_NACKED_BY;
}

enum kd_fact_kind
kd_fact_kind(const char *name)
{
	for (int kind = KD_FACT_NONE + 1; kind < KD_FACT_KINDS; kind++)
		if (!strcmp(fact_names[kind], name))
			return (enum kd_fact_kind)kind;
	return KD_FACT_NONE;
}

/*
 * Packing.  Numbers are LEB128, signed ones zigzag; a string is its length,
 * its bytes and a NUL, so that an unpacked one can be used where it lies.
 */

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

struct counts {
	guint aliases, refs, bare, copies, paths, facts;
};

static struct counts
clip_counts(const kd_record *record)
{
	return (struct counts){.aliases = MIN(record->n_aliases, KD_REFS_MAX),
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
	struct counts n = clip_counts(record);

	put_number(&out, FORMAT);
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

/* Unpacking: a reader that remembers the first thing wrong and then stops. */
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

static struct counts
get_counts(struct reader *in)
{
	struct counts n;

	n.aliases = get_count(in, KD_REFS_MAX);
	n.refs = get_count(in, KD_REFS_MAX);
	n.bare = get_count(in, KD_REFS_MAX);
	n.copies = get_count(in, KD_COPIES_MAX);
	n.paths = get_count(in, KD_PATHS_MAX);
	n.facts = get_count(in, KD_FACTS_MAX);
	return n;
}

/* One allocation: the struct, its lists, and a copy of the packed bytes. */
static kd_record *
allocate(const struct counts *n, const void *data, gsize length,
    const char ***strings, guint8 **copy)
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
	*copy = memcpy(memory, data, length);
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
begin(struct reader *in, const void *data, gsize length, struct counts *n,
    GError **error)
{
	in->at = data;
	in->end = in->at + length;
	if (get_number(in) == FORMAT && !in->failed) {
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

kd_record *
kd_record_unpack(const void *data, gsize length, GError **error)
{
	struct reader in = {0};
	g_autoptr(kd_record) record = NULL;
	const char **strings;
	struct counts n;
	guint8 *copy;
	gsize header;

	if (!begin(&in, data, length, &n, error))
		return NULL;
	header = (gsize)(in.at - (const guint8 *)data);
	if (!in.failed)
		record = allocate(&n, data, length, &strings, &copy);
	if (record) {
		record->packed = copy;
		record->packed_length = length;
		in.at = copy + header;
		in.end = copy + length;
		read_fields(&in, record, strings);
	}
	if (!record || in.failed || in.at != in.end || !*record->id) {
		set_damaged(error);
		return NULL;
	}
	return g_steal_pointer(&record);
}

gboolean
kd_record_ids(const void *data, gsize length, kd_id_func func, gpointer user,
    GError **error)
{
	struct reader in = {0};
	struct counts n;
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

void
kd_record_free(kd_record *record)
{
	g_free(record);
}
