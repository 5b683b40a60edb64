#include "config.h"

#include <stdio.h>
#include <string.h>

#include "error.h"
#include "load.h"
#include "print-private.h"

#define TOPIC  "topic:"
#define THREAD "thread:"

#define NUMBER_FORMAT G_GUINT64_FORMAT

gboolean
kd_print_dump(kd_txn *txn, G_GNUC_UNUSED gpointer data, GError **error)
{
	guint64 last;

	if (!kd_store_last_record(txn, &last, error))
		return FALSE;
	for (guint64 number = 1; number <= last; number++) {
		g_autoptr(kd_record) record =
		    kd_store_get_record(txn, number, error);

		if (!record)
			return FALSE;
		printf("%s\t" THREAD "%" NUMBER_FORMAT "\t" TOPIC
		       "%" NUMBER_FORMAT "\n",
		    record->id, record->thread, record->topic);
	}
	return TRUE;
}

gboolean
kd_print_facts(kd_txn *txn, gpointer data, GError **error)
{
	const struct kd_print *print = data;
	g_autoptr(GArray) numbers = kd_store_find_arrived(
	    txn, print->window->since, print->window->until, error);

	for (guint i = 0; numbers && i < numbers->len; i++) {
		g_autoptr(kd_record) record = kd_store_get_record(
		    txn, g_array_index(numbers, guint64, i), error);

		if (!record)
			return FALSE;
		for (guint j = 0; j < record->n_facts && !record->copy_of; j++)
			printf("%s\t%s\t%s\n", record->id,
			    kd_fact_name(record->facts[j].kind),
			    record->facts[j].value);
	}
	return numbers != NULL;
}

/* What follows "topic:" or "thread:"; 0, which is none, for no number. */
static guint64
read_number(const char *text)
{
	guint64 number;

	return g_ascii_string_to_unsigned(
		   text, 10, 1, G_MAXUINT64, &number, NULL)
		   ? number
		   : 0;
}

GPtrArray *
kd_print_load(kd_txn *txn, const char *id, GError **error)
{
	guint64 number = 0;

	if (g_str_has_prefix(id, TOPIC)) {
		number = read_number(id + strlen(TOPIC));
		if (!kd_store_get_topic(txn, number, &number, error))
			return NULL;
		if (number)
			return kd_load_topic(txn, number, error);
	} else if (g_str_has_prefix(id, THREAD)) {
		number = read_number(id + strlen(THREAD));
		if (!kd_store_get_thread(txn, number, &number, error))
			return NULL;
		if (number)
			return kd_load_thread(txn, number, error);
	} else {
		g_autoptr(GArray) numbers = kd_store_find_mail(txn, id, error);
		guint64 topic = 0;

		if (!numbers)
			return NULL;
		if (numbers->len &&
		    !kd_store_get_topic(
			txn, g_array_index(numbers, guint64, 0), &topic, error))
			return NULL;
		if (topic)
			return kd_load_topic(txn, topic, error);
	}
	g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
	    "%s: no such topic, thread or mail; --list shows what there is",
	    id);
	return NULL;
}

/* Of several mails with one id: the list's before others, whole before cut. */
static gboolean
choose_mail(kd_txn *txn, const GArray *numbers, guint64 *chosen, GError **error)
{
	int best = -1;

	for (guint i = 0; i < numbers->len; i++) {
		guint64 number = g_array_index(numbers, guint64, i);
		struct kd_mail_info mail;
		int worth;

		if (!kd_store_get_mail(txn, number, &mail, error))
			return FALSE;
		worth = (mail.flags & KD_MAIL_LIST ? 2 : 0) +
			(mail.flags & KD_MAIL_TRUNCATED ? 0 : 1);
		if (worth <= best)
			continue;
		best = worth;
		*chosen = number;
	}
	return TRUE;
}

gboolean
kd_print_raw(kd_txn *txn, gpointer data, GError **error)
{
	const struct kd_print *print = data;
	g_autoptr(GArray) numbers = kd_store_find_mail(txn, print->id, error);
	g_autoptr(GBytes) mail = NULL;
	guint64 chosen = 0;

	if (!numbers)
		return FALSE;
	if (!numbers->len) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "%s: no mail with this Message-ID", print->id);
		return FALSE;
	}
	if (!choose_mail(txn, numbers, &chosen, error))
		return FALSE;
	mail = kd_store_get_raw(txn, chosen, error);
	if (mail)
		fwrite(g_bytes_get_data(mail, NULL), 1, g_bytes_get_size(mail),
		    stdout);
	return mail != NULL;
}
