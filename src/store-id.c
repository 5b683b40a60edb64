/*
 * Which mails have a Message-ID.
 *
 * Message-IDs may be longer than LMDB's keys: half of their hash stands for
 * them.  Hashes follow no order, so that in one tree of all of them nearly
 * each mail would write a page of its own, the more the larger the store is.
 * They lie in segments instead, of mails whose numbers follow one another, and
 * only the last segment is written to.  Most ids that are looked for are in
 * none of the others: a filter says so for all of them at once.
 */
#include "config.h"

#include <string.h>

#include "error.h"
#include "sha256.h"
#include "store-private.h"

#define SEGMENT 65536 /* mails */

/*
 * Bloom's filter, split into blocks: an id has one bit in each word of one
 * block (Putze, Sanders, Singler, "Cache-, Hash- and Space-Efficient Bloom
 * Filters", 2007).  The blocks that an id could be in lie side by side, one for
 * each segment, so that one look reads one page.
 */
#define WORDS  8 /* of 32 bits, in a block */
#define BLOCK  (WORDS * 4)
#define BLOCKS (SEGMENT / BLOCK) /* 8 bits for each id */
#define FILTER (BLOCKS * BLOCK)	 /* bytes of a segment */

#define FILTER_NAME "filter"

struct filter {
	const guint8 *bytes;
	guint32 segments;
};

struct id_key {
	guint32 segment; /* big-endian */
	guint8 hash[16];
};

static struct id_key
id_key(const char *id)
{
	struct id_key key = {0};
	guint8 sum[SHA256_DIGEST_SIZE];

	kd_sha256(sum, id, strlen(id));
	memcpy(key.hash, sum, sizeof(key.hash));
	return key;
}

static gsize
id_block(const struct id_key *key)
{
	return ((gsize)key->hash[0] << 8 | key->hash[1]) % BLOCKS;
}

/* Of an id's bit in a word: the byte in its block, and what is set there. */
static gsize
id_byte(const struct id_key *key, guint word)
{
	return word * 4 + key->hash[2 + word] / 8 % 4;
}

static guint8
id_bit(const struct id_key *key, guint word)
{
	return (guint8)(1 << key->hash[2 + word] % 8);
}

static gboolean
may_have(const struct filter *filter, guint32 segment, const struct id_key *key)
{
	const guint8 *block =
	    filter->bytes +
	    (id_block(key) * filter->segments + segment) * BLOCK;

	for (guint word = 0; word < WORDS; word++)
		if (!(block[id_byte(key, word)] & id_bit(key, word)))
			return FALSE;
	return TRUE;
}

/* Of all segments but the last. */
static gboolean
get_filter(kd_txn *txn, struct filter *filter, GError **error)
{
	MDB_val name = {strlen(FILTER_NAME), (void *)FILTER_NAME};
	MDB_val value = {0};
	int rc = mdb_get(txn->txn, txn->dbi[TABLE_META], &name, &value);

	if (rc && rc != MDB_NOTFOUND)
		return kd_txn_error(txn, rc, FILTER_NAME, error);
	if (value.mv_size % FILTER)
		return kd_txn_error(txn, MDB_CORRUPTED, FILTER_NAME, error);
	filter->bytes = value.mv_data;
	filter->segments = (guint32)(value.mv_size / FILTER);
	return TRUE;
}

/* Set the bits of all ids of a segment, in blocks that lie so far apart. */
static gboolean
set_bits(
    kd_txn *txn, guint32 segment, guint8 *bytes, gsize distance, GError **error)
{
	g_autoptr(MDB_cursor) cursor = NULL;
	struct id_key first = {.segment = GUINT32_TO_BE(segment)};
	MDB_val at = {sizeof(first), &first};
	MDB_val value;
	int rc = mdb_cursor_open(txn->txn, txn->dbi[TABLE_ID], &cursor);

	if (!rc)
		rc = mdb_cursor_get(cursor, &at, &value, MDB_SET_RANGE);
	while (!rc) {
		struct id_key key = {0};
		guint8 *block;

		memcpy(&key, at.mv_data, MIN(sizeof(key), at.mv_size));
		if (key.segment != first.segment)
			return TRUE;
		block = bytes + id_block(&key) * distance;
		for (guint word = 0; word < WORDS; word++)
			block[id_byte(&key, word)] |= id_bit(&key, word);
		rc = mdb_cursor_get(cursor, &at, &value, MDB_NEXT_NODUP);
	}
	return rc == MDB_NOTFOUND || kd_txn_error(txn, rc, "id", error);
}

/* The last segment is full: have the filter tell what it has. */
static gboolean
close_segment(kd_txn *txn, GError **error)
{
	MDB_val name = {strlen(FILTER_NAME), (void *)FILTER_NAME};
	g_autofree guint8 *bytes = NULL;
	struct filter filter;
	gsize old, distance;
	MDB_val value;

	if (!get_filter(txn, &filter, error))
		return FALSE;
	old = (gsize)filter.segments * BLOCK;
	distance = old + BLOCK;
	bytes = g_malloc0(BLOCKS * distance);
	for (gsize i = 0; i < BLOCKS && old; i++)
		memcpy(bytes + i * distance, filter.bytes + i * old, old);
	value.mv_data = bytes;
	value.mv_size = BLOCKS * distance;
	return set_bits(txn, filter.segments, bytes + old, distance, error) &&
	       kd_txn_put(txn, TABLE_META, &name, &value, 0, error);
}

gboolean
kd_txn_put_id(kd_txn *txn, const char *id, guint64 number, GError **error)
{
	guint64 before = number - 1;
	struct id_key key = id_key(id);

	key.segment = GUINT32_TO_BE((guint32)(before / SEGMENT));
	if (before && before % SEGMENT == 0 && !close_segment(txn, error))
		return FALSE;
	return kd_txn_add(txn, TABLE_ID, VAL(key), number, error);
}

/*
 * Have key name the next segment from *segment on that may have its id.  The
 * last one, which the filter knows nothing of, may have any.
 */
static gboolean
next_segment(const struct filter *filter, struct id_key *key, guint32 *segment)
{
	while (*segment < filter->segments && !may_have(filter, *segment, key))
		++*segment;
	key->segment = GUINT32_TO_BE(*segment);
	return *segment <= filter->segments;
}

GArray *
kd_store_find_mail(kd_txn *txn, const char *id, GError **error)
{
	g_autoptr(GArray) numbers = g_array_new(FALSE, FALSE, sizeof(guint64));
	struct id_key key = id_key(id);
	struct filter filter;

	if (!get_filter(txn, &filter, error))
		return NULL;
	for (guint32 i = 0; next_segment(&filter, &key, &i); i++)
		if (!kd_txn_add_numbers(
			txn, TABLE_ID, VAL(key), numbers, error))
			return NULL;
	return g_steal_pointer(&numbers);
}

gboolean
kd_store_first_mail(
    kd_txn *txn, const char *id, guint64 *number, GError **error)
{
	struct id_key key = id_key(id);
	struct filter filter;

	*number = 0;
	if (!get_filter(txn, &filter, error))
		return FALSE;
	for (guint32 i = 0; !*number && next_segment(&filter, &key, &i); i++)
		if (!kd_txn_get_fixed(txn, TABLE_ID, VAL(key), number,
			sizeof(*number), error))
			return FALSE;
	return TRUE;
}
