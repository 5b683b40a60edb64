#include "config.h"

#include <string.h>

#include "partition.h"
#include "record.h"

#define SLOTS_MIN 1024

/* An id in a realm, and the tree of ids that it is joined with. */
struct node {
	const char *id; /* borrowed, not ended */
	guint32 length;
	guint32 hash;  /* of realm and id */
	guint32 up;    /* index of the node above, or its own */
	guint32 size;  /* of a root: nodes in its tree */
	guint64 first; /* of a root: lowest number of a mail, 0 for none */
	gboolean list; /* the realm */
	gboolean had;  /* a mail has this id, others may just name it */
};

/* What an id without <> would join. */
struct bare {
	guint32 of; /* node of the mail that names it */
	guint32 node;
};

struct kd_partition {
	GArray *nodes;	/* of struct node */
	guint32 *slots; /* of nodes, index + 1; open addressing */
	guint32 mask;	/* of slots: their number, a power of two, less 1 */
	guint64 seed[2];
	GArray *mails; /* of guint32: a node of each */
	GArray *bare;  /* of struct bare */

	/* Of the mail that is being added. */
	guint64 number;
	gboolean list;
	guint32 own;
};

kd_partition *
kd_partition_new(void)
{
	kd_partition *partition = g_new0(kd_partition, 1);

	partition->nodes = g_array_new(FALSE, FALSE, sizeof(struct node));
	partition->mask = SLOTS_MIN - 1;
	partition->slots = g_new0(guint32, SLOTS_MIN);
	partition->mails = g_array_new(FALSE, FALSE, sizeof(guint32));
	partition->bare = g_array_new(FALSE, FALSE, sizeof(struct bare));
	for (guint i = 0; i < G_N_ELEMENTS(partition->seed); i++)
		partition->seed[i] =
		    (guint64)g_random_int() << 32 | g_random_int();
	return partition;
}

void
kd_partition_free(kd_partition *partition)
{
	g_array_unref(partition->nodes);
	g_free(partition->slots);
	g_array_unref(partition->mails);
	g_array_unref(partition->bare);
	g_free(partition);
}

static struct node *
node_at(kd_partition *partition, guint32 index)
{
	return &g_array_index(partition->nodes, struct node, index);
}

/* Both halves of a product: every bit of a and b has its say. */
static guint64
mix(guint64 a, guint64 b)
{
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;

	return (guint64)product ^ (guint64)(product >> 64);
}

/*
 * Anyone can send ids that GLib's g_str_hash() puts into one slot; what is
 * multiplied here with nobody outside knows.
 */
static guint32
hash_id(const kd_partition *partition, const char *id, gsize length)
{
	guint64 hash = partition->seed[partition->list] ^ length;
	guint64 word;

	for (; length > sizeof(word); length -= sizeof(word)) {
		memcpy(&word, id, sizeof(word));
		hash = mix(hash ^ word, partition->seed[0] | 1);
		id += sizeof(word);
	}
	word = 0;
	memcpy(&word, id, length);
	return (guint32)mix(hash ^ word, partition->seed[1] | 1);
}

/* Twice as many slots, each node in one of them. */
static void
grow(kd_partition *partition)
{
	partition->mask = partition->mask * 2 + 1;
	g_free(partition->slots);
	partition->slots = g_new0(guint32, (gsize)partition->mask + 1);
	for (guint32 i = 0; i < partition->nodes->len; i++) {
		guint32 slot = node_at(partition, i)->hash & partition->mask;

		while (partition->slots[slot])
			slot = (slot + 1) & partition->mask;
		partition->slots[slot] = i + 1;
	}
}

/* The node of an id in the realm of the mail that is added. */
static guint32
find_node(kd_partition *partition, const char *id, gsize length)
{
	guint32 index = partition->nodes->len;
	struct node node = {.id = id,
	    .length = (guint32)length,
	    .hash = hash_id(partition, id, length),
	    .up = index,
	    .size = 1,
	    .list = partition->list};
	guint32 slot = node.hash & partition->mask;

	for (; partition->slots[slot]; slot = (slot + 1) & partition->mask) {
		const struct node *known =
		    node_at(partition, partition->slots[slot] - 1);

		if (known->hash == node.hash && known->length == length &&
		    known->list == node.list && !memcmp(known->id, id, length))
			return partition->slots[slot] - 1;
	}
	partition->slots[slot] = index + 1;
	g_array_append_val(partition->nodes, node);
	if (partition->nodes->len > partition->mask / 2)
		grow(partition);
	return index;
}

/* The root of a node's tree; the way there is halved. */
static guint32
find_root(kd_partition *partition, guint32 index)
{
	struct node *node = node_at(partition, index);

	while (node->up != index) {
		node->up = node_at(partition, node->up)->up;
		index = node->up;
		node = node_at(partition, index);
	}
	return index;
}

static void
join(kd_partition *partition, guint32 a, guint32 b)
{
	struct node *one = node_at(partition, find_root(partition, a));
	struct node *two = node_at(partition, find_root(partition, b));
	struct node *larger = one->size < two->size ? two : one;
	struct node *smaller = larger == one ? two : one;

	if (one == two)
		return;
	smaller->up = larger->up;
	larger->size += smaller->size;
	if (!larger->first ||
	    (smaller->first && smaller->first < larger->first))
		larger->first = smaller->first;
}

static void
take_id(enum kd_id_role role, const char *id, gsize length, guint32 flags,
    gpointer data)
{
	kd_partition *partition = data;
	struct bare bare;
	struct node *root;
	guint32 index;

	partition->list = !!(flags & KD_MAIL_LIST);
	index = find_node(partition, id, length);
	switch (role) {
	case KD_ID_OWN:
		partition->own = index;
		g_array_append_val(partition->mails, index);
		root = node_at(partition, find_root(partition, index));
		if (!root->first)
			root->first = partition->number;
		break;
	case KD_ID_ALIAS:
	case KD_ID_REF:
		join(partition, partition->own, index);
		break;
	case KD_ID_BARE:
		bare = (struct bare){.of = partition->own, .node = index};
		g_array_append_val(partition->bare, bare);
		return;
	}
	if (role != KD_ID_REF)
		node_at(partition, index)->had = TRUE;
}

gboolean
kd_partition_add(kd_partition *partition, guint64 number, const void *record,
    gsize length, GError **error)
{
	partition->number = number;
	return kd_record_ids(record, length, take_id, partition, error);
}

GArray *
kd_partition_threads(kd_partition *partition)
{
	GArray *threads = g_array_sized_new(
	    FALSE, FALSE, sizeof(guint64), partition->mails->len);

	for (guint i = 0; i < partition->bare->len; i++) {
		const struct bare *bare =
		    &g_array_index(partition->bare, struct bare, i);

		if (node_at(partition, bare->node)->had)
			join(partition, bare->of, bare->node);
	}
	for (guint i = 0; i < partition->mails->len; i++) {
		guint32 root = find_root(
		    partition, g_array_index(partition->mails, guint32, i));

		g_array_append_val(threads, node_at(partition, root)->first);
	}
	return threads;
}
