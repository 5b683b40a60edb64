#include "config.h"

#include <string.h>

#include "error.h"
#include "store-private.h"

/* What TABLE_MAIL keeps of a mail, in the machine's byte order. */
struct entry {
	gint64 arrival;
	guint64 length;
	guint32 flags;
	guint32 deliveries;
	guint8 sha256[32];
};

static void
sha256(guint8 sum[32], const char *data, gsize length)
{
	g_autoptr(GChecksum) checksum = g_checksum_new(G_CHECKSUM_SHA256);
	gsize size = 32;

	g_checksum_update(checksum, (const guchar *)data, (gssize)length);
	g_checksum_get_digest(checksum, sum, &size);
}

/* Message-IDs may be longer than LMDB's keys: their hash stands for them. */
static void
id_key(guint8 key[32], const char *id)
{
	sha256(key, id, strlen(id));
}

static gboolean
get_entry(kd_txn *txn, guint64 number, struct entry *entry, gboolean *found,
    GError **error)
{
	MDB_val value;

	if (!kd_txn_get(txn, TABLE_MAIL, VAL(number), &value, found, error))
		return FALSE;
	if (!*found)
		return TRUE;
	if (value.mv_size != sizeof(*entry)) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: mail %" G_GUINT64_FORMAT ": damaged entry",
		    txn->store->path, number);
		return FALSE;
	}
	memcpy(entry, value.mv_data, sizeof(*entry));
	return TRUE;
}

GArray *
kd_store_find_mail(kd_txn *txn, const char *id, GError **error)
{
	guint8 key[32];

	id_key(key, id);
	return kd_txn_numbers(txn, TABLE_ID, VAL(key), error);
}

/* Count another delivery of bytes that are here already. */
static gboolean
count_delivery(kd_txn *txn, const GArray *numbers, const guint8 sum[32],
    gboolean *known, GError **error)
{
	*known = FALSE;
	for (guint i = 0; i < numbers->len && !*known; i++) {
		guint64 number = g_array_index(numbers, guint64, i);
		struct entry entry;
		gboolean found;

		if (!get_entry(txn, number, &entry, &found, error))
			return FALSE;
		if (!found || memcmp(entry.sha256, sum, 32))
			continue;
		entry.deliveries++;
		*known = TRUE;
		if (!kd_txn_put(
			txn, TABLE_MAIL, VAL(number), VAL(entry), 0, error))
			return FALSE;
	}
	return TRUE;
}

gboolean
kd_store_add_mail(kd_txn *txn, const char *id, const char *raw, gsize length,
    gint64 arrival, guint32 flags, gboolean *known, GError **error)
{
	struct entry entry = {.arrival = arrival,
	    .length = length,
	    .flags = flags,
	    .deliveries = 1};
	g_autoptr(GArray) numbers = kd_store_find_mail(txn, id, error);
	MDB_val bytes = {length, (void *)raw};
	guint8 key[32];
	guint64 number;

	if (!numbers)
		return FALSE;
	sha256(entry.sha256, raw, length);
	if (!count_delivery(txn, numbers, entry.sha256, known, error))
		return FALSE;
	if (*known)
		return TRUE;
	if (!kd_store_last_mail(txn, &number, error))
		return FALSE;
	number++;
	id_key(key, id);
	return kd_txn_put(
		   txn, TABLE_RAW, VAL(number), &bytes, MDB_APPEND, error) &&
	       kd_txn_put(txn, TABLE_MAIL, VAL(number), VAL(entry), MDB_APPEND,
		   error) &&
	       kd_txn_put(txn, TABLE_ID, VAL(key), VAL(number), 0, error);
}

gboolean
kd_store_get_mail(
    kd_txn *txn, guint64 number, struct kd_mail_info *mail, GError **error)
{
	struct entry entry;
	gboolean found;
	MDB_val raw;

	if (!get_entry(txn, number, &entry, &found, error))
		return FALSE;
	if (!found)
		entry.length = 0;
	if (!kd_txn_get(txn, TABLE_RAW, VAL(number), &raw, &found, error))
		return FALSE;
	if (!found || !entry.length || raw.mv_size != entry.length) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: mail %" G_GUINT64_FORMAT ": its bytes are damaged; "
		    "restore the store from a backup",
		    txn->store->path, number);
		return FALSE;
	}
	*mail = (struct kd_mail_info){.number = number,
	    .arrival = entry.arrival,
	    .flags = entry.flags,
	    .deliveries = entry.deliveries,
	    .raw = raw.mv_data,
	    .length = raw.mv_size};
	return TRUE;
}

gboolean
kd_store_last_mail(kd_txn *txn, guint64 *number, GError **error)
{
	return kd_txn_last(txn, TABLE_MAIL, number, error);
}

gboolean
kd_store_last_record(kd_txn *txn, guint64 *number, GError **error)
{
	return kd_txn_last(txn, TABLE_RECORD, number, error);
}

/* The key of TABLE_ARRIVAL sorts by time, then by number. */
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
kd_store_put_record(kd_txn *txn, guint64 number, GBytes *packed, gint64 arrival,
    guint32 flags, GError **error)
{
	struct arrival key = arrival_key(arrival, number);
	MDB_val nothing = {0, (void *)""};
	MDB_val value;

	value.mv_data = (void *)g_bytes_get_data(packed, &value.mv_size);
	if (!kd_txn_put(txn, TABLE_RECORD, VAL(number), &value, 0, error))
		return FALSE;
	/* What did not come through the list is never reported. */
	if (!(flags & KD_MAIL_LIST))
		return TRUE;
	return kd_txn_put(txn, TABLE_ARRIVAL, VAL(key), &nothing, 0, error);
}

GArray *
kd_store_find_arrived(kd_txn *txn, gint64 since, gint64 until, GError **error)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint64));
	g_autoptr(MDB_cursor) cursor = NULL;
	struct arrival first = arrival_key(since, 0);
	struct arrival after = arrival_key(until, 0);
	MDB_val key = {sizeof(first), &first};
	MDB_val value;
	int rc = mdb_cursor_open(txn->txn, txn->dbi[TABLE_ARRIVAL], &cursor);

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
