/*
 * Records, those of mails that follow one another in blocks.
 *
 * Tables whose keys are hashes free pages all over the file, and new pages are
 * taken from those: records in pages of their own would lie everywhere.  A
 * block is one run of pages, so that what is read of a week is read at once.
 *
 * A block is the number of its records, then of each its length and its bytes,
 * numbers being 32 bits in the machine's order.  Its key is its first mail's
 * number.
 */
#include "config.h"

#include <string.h>

#include "error.h"
#include "store-private.h"

#define BLOCK_MAX ((gsize)64 << 10) /* bytes, but for one larger record */

static gboolean
set_damaged(kd_txn *txn, GError **error)
{
	g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
	    "%s: damaged; run kvdigest-thread --rebuild", txn->store->path);
	return FALSE;
}

/* The 32 bits at an offset; FALSE when the block ends before. */
static gboolean
read_number(const MDB_val *block, gsize at, guint32 *number)
{
	if (at > block->mv_size || block->mv_size - at < sizeof(*number))
		return FALSE;
	memcpy(number, (const char *)block->mv_data + at, sizeof(*number));
	return TRUE;
}

/*
 * The last block that begins with this mail or an earlier one; *count 0 when
 * there is none.
 */
static gboolean
find_block(kd_txn *txn, guint64 number, guint64 *first, MDB_val *block,
    guint32 *count, GError **error)
{
	g_autoptr(MDB_cursor) cursor = NULL;
	MDB_val key = {sizeof(number), &number};
	int rc = mdb_cursor_open(txn->txn, txn->dbi[TABLE_RECORD], &cursor);

	kd_store_looked(txn->store);
	*count = 0;
	if (!rc)
		rc = mdb_cursor_get(cursor, &key, block, MDB_SET_RANGE);
	if (!rc) {
		memcpy(first, key.mv_data, sizeof(*first));
		if (*first > number)
			rc = mdb_cursor_get(cursor, &key, block, MDB_PREV);
	} else if (rc == MDB_NOTFOUND) {
		rc = mdb_cursor_get(cursor, &key, block, MDB_LAST);
	}
	if (rc == MDB_NOTFOUND)
		return TRUE;
	if (rc)
		return kd_txn_error(txn, rc, "record", error);
	memcpy(first, key.mv_data, sizeof(*first));
	kd_value_want(txn->store, block);
	return (read_number(block, 0, count) && *count) ||
	       set_damaged(txn, error);
}

gboolean
kd_txn_get_record(kd_txn *txn, guint64 number, MDB_val *record, gboolean *found,
    GError **error)
{
	guint32 count, length;
	gsize at = sizeof(count);
	guint64 first;
	MDB_val block;

	*found = FALSE;
	if (!find_block(txn, number, &first, &block, &count, error))
		return FALSE;
	if (!count || number - first >= count)
		return TRUE;
	for (guint64 i = first;; i++) {
		if (!read_number(&block, at, &length) ||
		    block.mv_size - at - sizeof(length) < length)
			return set_damaged(txn, error);
		at += sizeof(length);
		if (i == number)
			break;
		at += length;
	}
	record->mv_data = (char *)block.mv_data + at;
	record->mv_size = length;
	*found = TRUE;
	return TRUE;
}

/* Each record of a block. */
static gboolean
walk_block(kd_txn *txn, const MDB_val *block, guint64 first,
    kd_packed_func func, gpointer data, GError **error)
{
	gsize at = sizeof(guint32);
	guint32 count, length;

	if (!read_number(block, 0, &count))
		return set_damaged(txn, error);
	for (guint32 i = 0; i < count; i++) {
		if (!read_number(block, at, &length) ||
		    block->mv_size - at - sizeof(length) < length)
			return set_damaged(txn, error);
		at += sizeof(length);
		if (!func(first + i, (const char *)block->mv_data + at, length,
			data, error))
			return FALSE;
		at += length;
	}
	return TRUE;
}

gboolean
kd_store_walk_records(
    kd_txn *txn, kd_packed_func func, gpointer data, GError **error)
{
	g_autoptr(MDB_cursor) cursor = NULL;
	MDB_val key, block;
	int rc = mdb_cursor_open(txn->txn, txn->dbi[TABLE_RECORD], &cursor);

	if (!rc)
		rc = mdb_cursor_get(cursor, &key, &block, MDB_FIRST);
	while (!rc) {
		guint64 first;

		memcpy(&first, key.mv_data, sizeof(first));
		kd_store_looked(txn->store);
		kd_value_want(txn->store, &block);
		if (!walk_block(txn, &block, first, func, data, error))
			return FALSE;
		rc = mdb_cursor_get(cursor, &key, &block, MDB_NEXT);
	}
	return rc == MDB_NOTFOUND || kd_txn_error(txn, rc, "record", error);
}

gboolean
kd_store_last_record(kd_txn *txn, guint64 *number, GError **error)
{
	guint64 first;
	guint32 count;
	MDB_val block;

	*number = 0;
	if (!find_block(txn, G_MAXUINT64, &first, &block, &count, error))
		return FALSE;
	if (count)
		*number = first + count - 1;
	return TRUE;
}

/* A block that is being filled. */
struct filling {
	GByteArray *bytes;
	guint64 first;
	guint32 count;
};

/* Begin with what the last block holds, if the next mail goes on there. */
static gboolean
begin(kd_txn *txn, struct filling *filling, guint64 number, GError **error)
{
	guint64 first;
	guint32 count;
	MDB_val block;

	if (!find_block(txn, G_MAXUINT64, &first, &block, &count, error))
		return FALSE;
	filling->first = number;
	filling->count = 0;
	if (count && first + count == number && block.mv_size < BLOCK_MAX) {
		filling->first = first;
		filling->count = count;
		g_byte_array_append(
		    filling->bytes, block.mv_data, (guint)block.mv_size);
	} else {
		g_byte_array_set_size(filling->bytes, sizeof(filling->count));
	}
	return TRUE;
}

static gboolean
put(kd_txn *txn, struct filling *filling, GError **error)
{
	MDB_val value = {filling->bytes->len, filling->bytes->data};

	memcpy(value.mv_data, &filling->count, sizeof(filling->count));
	return kd_txn_put(
	    txn, TABLE_RECORD, VAL(filling->first), &value, 0, error);
}

gboolean
kd_store_put_records(
    kd_txn *txn, guint64 first, const GPtrArray *packed, GError **error)
{
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	struct filling filling = {.bytes = bytes};

	if (!begin(txn, &filling, first, error))
		return FALSE;
	for (guint i = 0; i < packed->len; i++) {
		gsize size;
		const guint8 *data =
		    g_bytes_get_data(g_ptr_array_index(packed, i), &size);
		guint32 length = (guint32)size;

		if (filling.count &&
		    bytes->len + sizeof(length) + size > BLOCK_MAX) {
			if (!put(txn, &filling, error))
				return FALSE;
			filling.first = first + i;
			filling.count = 0;
			g_byte_array_set_size(bytes, sizeof(filling.count));
		}
		g_byte_array_append(
		    bytes, (const guint8 *)&length, sizeof(length));
		g_byte_array_append(bytes, data, length);
		filling.count++;
	}
	return !packed->len || put(txn, &filling, error);
}
