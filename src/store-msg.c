#include "config.h"

#include <string.h>

#include "error.h"
#include "scan.h"
#include "store-private.h"

/* Packed or not, no mail is longer. */
#define RAW_MAX ((gsize)4 << 30)

/* Mails with one id that a new one is compared with, the first and last. */
#define VARIANTS_MAX 64

/* What TABLE_MAIL keeps of a mail, in the machine's byte order. */
struct entry {
	gint64 arrival;
	guint64 length;
	guint32 flags;
	guint32 deliveries;
	guint8 sha256[32];
};

static gboolean
set_damaged(kd_txn *txn, guint64 number, const char *reason, GError **error)
{
	g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
	    "%s: mail %" G_GUINT64_FORMAT ": damaged: %s; restore the store "
	    "from a backup",
	    txn->store->path, number, reason);
	return FALSE;
}

static gboolean
get_entry(kd_txn *txn, guint64 number, struct entry *entry, GError **error)
{
	MDB_val value;
	gboolean found;

	if (!kd_txn_get(txn, TABLE_MAIL, VAL(number), &value, &found, error))
		return FALSE;
	if (!found || value.mv_size != sizeof(*entry))
		return set_damaged(txn, number, "no entry of its own", error);
	memcpy(entry, value.mv_data, sizeof(*entry));
	return TRUE;
}

static gboolean
put_entry(kd_txn *txn, guint64 number, struct entry *entry, guint flags,
    GError **error)
{
	return kd_txn_put(
	    txn, TABLE_MAIL, VAL(number), VAL(*entry), flags, error);
}

/* Whether a's bytes are where b's begin, and b goes on. */
static gboolean
is_beginning(GBytes *a, GBytes *b)
{
	gsize short_length, length;
	const char *begins = g_bytes_get_data(a, &short_length);
	const char *whole = g_bytes_get_data(b, &length);
	const char *short_header = kd_scan_header(begins, short_length);
	const char *header = kd_scan_header(whole, length);

	short_length -= (gsize)(short_header - begins);
	length -= (gsize)(header - whole);
	return short_length < length &&
	       !memcmp(short_header, header, short_length);
}

/*
 * Compare a mail with one that has its id and other bytes, and flag the one
 * that is a part of the other.  *part: that is the new one.
 */
static gboolean
compare_variant(kd_txn *txn, GBytes *mail, guint64 number, struct entry *entry,
    gboolean *part, GError **error)
{
	g_autoptr(GBytes) other = NULL;

	if (entry->flags & KD_MAIL_CLIPPED)
		return TRUE;
	other = kd_store_get_raw(txn, number, error);
	if (!other)
		return FALSE;
	*part |= is_beginning(mail, other);
	if (!is_beginning(other, mail))
		return TRUE;
	entry->flags &= ~(guint32)KD_MAIL_ID_CONFLICT;
	entry->flags |= KD_MAIL_TRUNCATED;
	return put_entry(txn, number, entry, 0, error);
}

/*
 * Compare a mail with all that have its id.  It has an end also for an id that
 * somebody sends ten thousand times.
 */
static gboolean
compare_variants(kd_txn *txn, const GArray *numbers, const kd_parcel *parcel,
    guint32 *flags, GError **error)
{
	gboolean part = FALSE;
	g_autoptr(GBytes) mail = NULL;

	if (!(parcel->flags & KD_MAIL_CLIPPED)) {
		mail = kd_codec_unpack(txn->store->codec,
		    g_bytes_get_data(parcel->packed, NULL),
		    g_bytes_get_size(parcel->packed), RAW_MAX, error);
		if (!mail)
			return FALSE;
	}
	for (guint i = 0; mail && i < numbers->len; i++) {
		guint64 number = g_array_index(numbers, guint64, i);
		struct entry entry;

		if (i >= VARIANTS_MAX / 2 &&
		    numbers->len - i > VARIANTS_MAX / 2)
			continue;
		if (!get_entry(txn, number, &entry, error) ||
		    !compare_variant(txn, mail, number, &entry, &part, error))
			return FALSE;
	}
	*flags |= part ? KD_MAIL_TRUNCATED : KD_MAIL_ID_CONFLICT;
	return TRUE;
}

/*
 * Look through the mails with the id of a new one.  The same bytes count as
 * another delivery.
 */
static gboolean
look_through(kd_txn *txn, const GArray *numbers, const kd_parcel *parcel,
    enum kd_stored *stored, guint32 *flags, GError **error)
{
	for (guint i = 0; i < numbers->len; i++) {
		guint64 number = g_array_index(numbers, guint64, i);
		struct entry entry;

		if (!get_entry(txn, number, &entry, error))
			return FALSE;
		if (!memcmp(entry.sha256, parcel->sha256, 32)) {
			entry.deliveries++;
			*stored = KD_STORED_KNOWN;
			return put_entry(txn, number, &entry, 0, error);
		}
	}
	*stored = numbers->len ? KD_STORED_VARIANT : KD_STORED_NEW;
	return !numbers->len ||
	       compare_variants(txn, numbers, parcel, flags, error);
}

gboolean
kd_store_add_mail(kd_txn *txn, const kd_parcel *parcel, enum kd_stored *stored,
    GError **error)
{
	struct entry entry = {.arrival = parcel->arrival,
	    .length = parcel->length,
	    .flags = parcel->flags,
	    .deliveries = 1};
	g_autoptr(GArray) numbers = kd_store_find_mail(txn, parcel->id, error);
	MDB_val bytes;
	guint64 number;

	if (!numbers ||
	    !look_through(txn, numbers, parcel, stored, &entry.flags, error))
		return FALSE;
	if (*stored == KD_STORED_KNOWN)
		return TRUE;
	if (!kd_store_last_mail(txn, &number, error))
		return FALSE;
	number++;
	memcpy(entry.sha256, parcel->sha256, sizeof(entry.sha256));
	bytes.mv_data =
	    (void *)g_bytes_get_data(parcel->packed, &bytes.mv_size);
	return kd_txn_put(
		   txn, TABLE_RAW, VAL(number), &bytes, MDB_APPEND, error) &&
	       put_entry(txn, number, &entry, MDB_APPEND, error) &&
	       kd_txn_put_id(txn, parcel->id, number, error);
}

gboolean
kd_store_get_mail(
    kd_txn *txn, guint64 number, struct kd_mail_info *mail, GError **error)
{
	struct entry entry;

	if (!get_entry(txn, number, &entry, error))
		return FALSE;
	*mail = (struct kd_mail_info){.arrival = entry.arrival,
	    .length = entry.length,
	    .flags = entry.flags,
	    .deliveries = entry.deliveries};
	return TRUE;
}

GBytes *
kd_store_get_raw(kd_txn *txn, guint64 number, GError **error)
{
	g_autoptr(GError) problem = NULL;
	g_autoptr(GBytes) raw = NULL;
	struct entry entry;
	gboolean found;
	MDB_val frame;

	if (!get_entry(txn, number, &entry, error) ||
	    !kd_txn_get(txn, TABLE_RAW, VAL(number), &frame, &found, error))
		return NULL;
	if (!found) {
		set_damaged(txn, number, "it has no bytes", error);
		return NULL;
	}
	raw = kd_codec_unpack(
	    txn->store->codec, frame.mv_data, frame.mv_size, RAW_MAX, &problem);
	if (g_error_matches(problem, KD_ERROR, KD_ERROR_TEMP)) {
		g_propagate_prefixed_error(error, g_steal_pointer(&problem),
		    "%s: mail %" G_GUINT64_FORMAT ": ", txn->store->path,
		    number);
		return NULL;
	}
	if (!raw) {
		set_damaged(txn, number, problem->message, error);
		return NULL;
	}
	if (g_bytes_get_size(raw) != entry.length &&
	    !(entry.flags & KD_MAIL_CLIPPED)) {
		set_damaged(txn, number, "its length is another", error);
		return NULL;
	}
	return g_steal_pointer(&raw);
}

gboolean
kd_store_last_mail(kd_txn *txn, guint64 *number, GError **error)
{
	return kd_txn_last(txn, TABLE_MAIL, number, error);
}

/* The keys of TABLE_ARRIVAL and _OUTSIDE sort by time, then by number. */
struct arrival {
	guint64 time;
	guint64 number;
};

static struct arrival
arrival_key(gint64 time, guint64 number)
{
	return (struct arrival){
	    .time = GUINT64_TO_BE((guint64)time ^ ((guint64)1 << 63)),
	    .number = GUINT64_TO_BE(number)};
}

gboolean
kd_store_put_arrival(
    kd_txn *txn, guint64 number, gint64 arrival, gboolean list, GError **error)
{
	struct arrival key = arrival_key(arrival, number);
	MDB_val nothing = {0, (void *)""};

	return kd_txn_put(txn, list ? TABLE_ARRIVAL : TABLE_OUTSIDE, VAL(key),
	    &nothing, 0, error);
}

static GArray *
find_arrived(kd_txn *txn, enum kd_table table, gint64 since, gint64 until,
    GError **error)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint64));
	g_autoptr(MDB_cursor) cursor = NULL;
	struct arrival first = arrival_key(since, 0);
	struct arrival after = arrival_key(until, 0);
	MDB_val key = {sizeof(first), &first};
	MDB_val value;
	int rc = mdb_cursor_open(txn->txn, txn->dbi[table], &cursor);

	if (!rc)
		rc = mdb_cursor_get(cursor, &key, &value, MDB_SET_RANGE);
	while (!rc) {
		struct arrival at;
		guint64 number;

		memcpy(&at, key.mv_data, MIN(sizeof(at), key.mv_size));
		if (memcmp(&at, &after, sizeof(at)) >= 0)
			break;
		number = GUINT64_FROM_BE(at.number);
		g_array_append_val(numbers, number);
		rc = mdb_cursor_get(cursor, &key, &value, MDB_NEXT);
	}
	if (rc && rc != MDB_NOTFOUND) {
		kd_txn_error(txn, rc, "arrival", error);
		return NULL;
	}
	return g_steal_pointer(&numbers);
}

GArray *
kd_store_find_arrived(kd_txn *txn, gint64 since, gint64 until, GError **error)
{
	return find_arrived(txn, TABLE_ARRIVAL, since, until, error);
}

GArray *
kd_store_find_outside(kd_txn *txn, gint64 since, gint64 until, GError **error)
{
	return find_arrived(txn, TABLE_OUTSIDE, since, until, error);
}
