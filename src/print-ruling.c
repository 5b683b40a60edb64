#include "config.h"

#include <stdio.h>

#include "print-private.h"

void
kd_print_ruling_line(
    const struct kd_ruling *ruling, const struct kd_window *window)
{
	g_autofree char *time =
	    kd_time_format(ruling->time, window->zone, KD_TIME_RFC3339);

	printf("%" G_GUINT64_FORMAT "\t%s\t%s\t%s%s%s\n", ruling->number, time,
	    kd_ruling_name(ruling->kind), ruling->a, *ruling->b ? "\t" : "",
	    ruling->b);
}

json_t *
kd_print_ruling_json(
    const struct kd_ruling *ruling, const struct kd_window *window)
{
	json_t *ids = json_pack("[s]", ruling->a);

	if (*ruling->b)
		json_array_append_new(ids, json_string(ruling->b));
	return json_pack("{s:I, s:o, s:s, s:o}", "number",
	    (json_int_t)ruling->number, "time",
	    kd_print_time_json(ruling->time, window), "kind",
	    kd_ruling_name(ruling->kind), "ids", ids);
}

gboolean
kd_print_rulings(kd_txn *txn, gpointer data, GError **error)
{
	const struct kd_print *print = data;
	g_autoptr(GPtrArray) rulings = kd_store_list_rulings(txn, error);

	for (guint i = 0; rulings && i < rulings->len; i++)
		kd_print_ruling_line(
		    g_ptr_array_index(rulings, i), print->window);
	return rulings != NULL;
}

void
kd_print_ruling(const struct kd_ruling *ruling, gboolean undone)
{
	printf("ruling %" G_GUINT64_FORMAT "%s: %s <%s>", ruling->number,
	    undone ? " taken back" : "", kd_ruling_name(ruling->kind),
	    ruling->a);
	if (*ruling->b)
		printf(" <%s>", ruling->b);
	putchar('\n');
}

GPtrArray *
kd_print_rulings_of(kd_txn *txn, const struct kd_topic *topic, GError **error)
{
	g_autoptr(GPtrArray) rulings = kd_store_list_rulings(txn, error);
	g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < topic->mails->len; i++) {
		const struct kd_digest_mail *mail =
		    g_ptr_array_index(topic->mails, i);

		g_hash_table_add(ids, mail->id);
	}
	for (guint i = 0; rulings && i < rulings->len;) {
		const struct kd_ruling *ruling = g_ptr_array_index(rulings, i);

		if (g_hash_table_contains(ids, ruling->a) ||
		    g_hash_table_contains(ids, ruling->b))
			i++;
		else
			g_ptr_array_remove_index(rulings, i);
	}
	return g_steal_pointer(&rulings);
}
