#include "config.h"

#include "subject.h"
#include "thread.h"

struct node {
	const kd_record *record;
	int parent;	 /* index into the nodes, -1 */
	int first, last; /* children, a list through next; -1 */
	int next;
	int place;  /* index in the result */
	guint walk; /* that last came through here, from 1 */
};

/* What mails are put in order by. */
struct order {
	const kd_record *record;
	gint64 date; /* for a patch the earliest of its series */
	int part;    /* of a series, else -1 */
};

static int
compare_orders(gconstpointer a, gconstpointer b)
{
	const struct order *x = a;
	const struct order *y = b;

	if (x->date != y->date)
		return x->date < y->date ? -1 : 1;
	if (x->part != y->part)
		return x->part < y->part ? -1 : 1;
	return kd_record_compare(x->record, y->record);
}

/* What the patches of one posting have in common; NULL for another mail. */
static char *
series_of(const kd_record *record, int *part)
{
	g_autoptr(kd_subject) subject = kd_subject_parse(record->subject);

	*part = -1;
	if (!(subject->flags & KD_SUBJECT_PATCH) || subject->part < 0 ||
	    subject->flags & KD_SUBJECT_ANSWER)
		return NULL;
	*part = subject->part;
	return g_strdup_printf("%s %s %d %s", record->address, subject->version,
	    subject->total, record->parent);
}

/*
 * By date, but the patches that one person sent in answer to one mail as they
 * are numbered: mail systems and clocks shuffle what is sent in one go.
 */
static GArray *
put_in_order(const GPtrArray *records)
{
	GArray *orders =
	    g_array_sized_new(FALSE, FALSE, sizeof(struct order), records->len);
	g_autoptr(GHashTable) first =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	g_autoptr(GPtrArray) series = g_ptr_array_new_with_free_func(g_free);

	for (guint i = 0; i < records->len; i++) {
		struct order order = {.record = g_ptr_array_index(records, i)};
		char *key = series_of(order.record, &order.part);
		struct order *known =
		    key ? g_hash_table_lookup(first, key) : NULL;

		order.date = order.record->date;
		g_array_append_val(orders, order);
		g_ptr_array_add(series, key);
		if (key && (!known || order.date < known->date))
			g_hash_table_insert(first, g_strdup(key),
			    &g_array_index(orders, struct order, i));
	}
	for (guint i = 0; i < records->len; i++) {
		const char *key = g_ptr_array_index(series, i);
		const struct order *known =
		    key ? g_hash_table_lookup(first, key) : NULL;

		if (known)
			g_array_index(orders, struct order, i).date =
			    known->record->date;
	}
	g_array_sort(orders, compare_orders);
	return orders;
}

static int
find(GHashTable *by_id, const char *id)
{
	return GPOINTER_TO_INT(g_hash_table_lookup(by_id, id)) - 1;
}

static void
find_parent(struct node *nodes, int self, GHashTable *by_id)
{
	struct node *node = &nodes[self];
	int parent = find(by_id, node->record->parent);

	for (guint i = node->record->n_refs; i && parent < 0; i--)
		parent = find(by_id, node->record->refs[i - 1]);
	node->parent = parent == self ? -1 : parent;
}

/*
 * Follow parents from each node until a walk meets itself: there is a cycle,
 * cut at its earliest mail.  Each node is passed once.
 */
static void
cut_cycles(struct node *nodes, int n)
{
	for (int i = 0; i < n; i++) {
		guint walk = (guint)i + 1;
		int at = i;

		while (at >= 0 && !nodes[at].walk) {
			nodes[at].walk = walk;
			at = nodes[at].parent;
		}
		if (at >= 0 && nodes[at].walk == walk) {
			int earliest = at;

			for (int p = nodes[at].parent; p != at;
			     p = nodes[p].parent)
				earliest = MIN(earliest, p);
			nodes[earliest].parent = -1;
		}
	}
}

static void
link_children(struct node *nodes, int n)
{
	for (int i = 0; i < n; i++) {
		struct node *parent;

		if (nodes[i].parent < 0)
			continue;
		parent = &nodes[nodes[i].parent];
		if (parent->last < 0)
			parent->first = i;
		else
			nodes[parent->last].next = i;
		parent->last = i;
	}
}

static void
place_tree(GArray *places, struct node *nodes, int root)
{
	int at = root;

	while (at >= 0) {
		struct node *node = &nodes[at];
		struct kd_place place = {.record = node->record, .parent = -1};

		if (node->parent >= 0) {
			place.parent = nodes[node->parent].place;
			place.depth =
			    g_array_index(places, struct kd_place, place.parent)
				.depth +
			    1;
		}
		node->place = (int)places->len;
		g_array_append_val(places, place);
		if (node->first >= 0) {
			at = node->first;
			continue;
		}
		while (at >= 0 && at != root && nodes[at].next < 0)
			at = nodes[at].parent;
		at = at == root ? -1 : nodes[at].next;
	}
}

GArray *
kd_thread_arrange(const GPtrArray *records)
{
	int n = (int)records->len;
	GArray *places = g_array_sized_new(
	    FALSE, FALSE, sizeof(struct kd_place), records->len);
	g_autofree struct node *nodes = g_new(struct node, records->len + 1);
	g_autoptr(GHashTable) by_id = g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GArray) sorted = put_in_order(records);

	for (int i = n - 1; i >= 0; i--) {
		const kd_record *record =
		    g_array_index(sorted, struct order, i).record;

		nodes[i] = (struct node){.record = record,
		    .parent = -1,
		    .first = -1,
		    .last = -1,
		    .next = -1};
		/* Of several with one id the earliest is answered. */
		for (guint j = 0; j < record->n_aliases; j++)
			g_hash_table_insert(by_id, (gpointer)record->aliases[j],
			    GINT_TO_POINTER(i + 1));
		g_hash_table_insert(
		    by_id, (gpointer)record->id, GINT_TO_POINTER(i + 1));
	}
	for (int i = 0; i < n; i++)
		find_parent(nodes, i, by_id);
	cut_cycles(nodes, n);
	link_children(nodes, n);
	for (int i = 0; i < n; i++)
		if (nodes[i].parent < 0)
			place_tree(places, nodes, i);
	return places;
}
