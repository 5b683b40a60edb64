#include "config.h"

#include <stdio.h>

#include "print-private.h"

static void
print_ruling_line(
    const struct kd_ruling *ruling, const struct kd_window *window)
{
	g_autofree char *time =
	    kd_time_format(ruling->time, window->zone, KD_TIME_RFC3339);

	printf("%" G_GUINT64_FORMAT "\t%s\t%s\t%s%s%s\n", ruling->number, time,
	    kd_ruling_name(ruling->kind), ruling->a, *ruling->b ? "\t" : "",
	    ruling->b);
}

gboolean
kd_print_rulings(kd_txn *txn, gpointer data, GError **error)
{
	const struct kd_print *print = data;
	g_autoptr(GPtrArray) rulings = kd_store_list_rulings(txn, error);

	for (guint i = 0; rulings && i < rulings->len; i++)
		print_ruling_line(g_ptr_array_index(rulings, i), print->window);
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

gboolean
kd_print_rulings_of(kd_txn *txn, const struct kd_topic *topic,
    const struct kd_window *window, GError **error)
{
	g_autoptr(GPtrArray) rulings = kd_store_list_rulings(txn, error);
	g_autoptr(GHashTable) ids = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < topic->mails->len; i++) {
		const struct kd_digest_mail *mail =
		    g_ptr_array_index(topic->mails, i);

		g_hash_table_add(ids, mail->id);
	}
	for (guint i = 0; rulings && i < rulings->len; i++) {
		const struct kd_ruling *ruling = g_ptr_array_index(rulings, i);

		if (!g_hash_table_contains(ids, ruling->a) &&
		    !g_hash_table_contains(ids, ruling->b))
			continue;
		printf("ruling   ");
		print_ruling_line(ruling, window);
	}
	return rulings != NULL;
}
