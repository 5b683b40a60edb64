#include "config.h"

#include <stdio.h>
#include <string.h>

#include "auto.h"
#include "digest.h"
#include "error.h"
#include "load.h"
#include "print-private.h"
#include "story.h"
#include "text.h"

#define TOPIC  "topic:"
#define THREAD "thread:"

#define DEPTH_MAX     40u /* levels drawn; a mail says how deep it is */
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

/* The last mail of a topic that the window knows. */
static gint64
last_date(const struct kd_topic *topic)
{
	gint64 last = 0;

	for (guint i = 0; i < topic->mails->len; i++) {
		const struct kd_digest_mail *mail =
		    g_ptr_array_index(topic->mails, i);

		last = MAX(last, mail->date);
	}
	return last;
}

static int
compare_topics(gconstpointer a, gconstpointer b)
{
	const struct kd_topic *x = *(struct kd_topic *const *)a;
	const struct kd_topic *y = *(struct kd_topic *const *)b;
	gint64 dx = last_date(x), dy = last_date(y);

	if (dx != dy)
		return dx < dy ? -1 : 1;
	return (x->id > y->id) - (x->id < y->id);
}

static void
print_list_line(const struct kd_topic *topic, const struct kd_window *window)
{
	g_autofree char *date =
	    kd_time_format(last_date(topic), window->zone, KD_TIME_DAY);

	printf("%-12s " TOPIC "%-7" NUMBER_FORMAT " %4u/%-4u %-10s %s\n", date,
	    topic->id, topic->in_window, topic->mails->len,
	    kd_category_name(topic->category), topic->title);
}

gboolean
kd_print_list(kd_txn *txn, gpointer data, GError **error)
{
	const struct kd_print *print = data;
	g_autoptr(GPtrArray) topics = kd_load_active(txn, print->window, error);
	g_autoptr(GPtrArray) told =
	    g_ptr_array_new_with_free_func((GDestroyNotify)kd_topic_free);

	if (!topics)
		return FALSE;
	for (guint i = 0; i < topics->len; i++) {
		struct kd_topic *topic = kd_story_tell(
		    g_ptr_array_index(topics, i), print->window, print->conf);

		if (topic)
			g_ptr_array_add(told, topic);
	}
	g_ptr_array_sort(told, compare_topics);
	for (guint i = 0; i < told->len; i++)
		print_list_line(g_ptr_array_index(told, i), print->window);
	return TRUE;
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

/* The records an id names: of a topic, a thread, or the topic of a mail. */
static GPtrArray *
load_named(kd_txn *txn, const char *id, GError **error)
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

static void
print_mail(const struct kd_digest_mail *mail, const struct kd_window *window)
{
	g_autofree char *date =
	    kd_time_format(mail->date, window->zone, "%Y-%m-%d %H:%M");
	int indent = (int)MIN(mail->depth, DEPTH_MAX) * 2;

	printf("%s  %*s%s\n%*s%s <%s>  <%s>\n", date, indent, "", mail->subject,
	    indent + 18, "", mail->name, mail->address, mail->id);
}

static void
print_posting(const struct kd_posting *posting, const struct kd_window *window)
{
	g_autofree char *date =
	    kd_time_format(posting->date, window->zone, KD_TIME_DAY);

	printf("posting  v%s  %s  %s  %u/%u parts%s\n", posting->version, date,
	    posting->name, posting->parts, posting->total,
	    posting->complete ? "" : ", incomplete");
}

gboolean
kd_print_topic(kd_txn *txn, gpointer data, GError **error)
{
	const struct kd_print *print = data;
	g_autoptr(GPtrArray) records = load_named(txn, print->id, error);
	struct kd_topic *topic;

	if (!records)
		return FALSE;
	topic = kd_story_tell(records, print->window, print->conf);
	if (!topic) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "%s: holds no mail", print->id);
		return FALSE;
	}
	printf("topic    " TOPIC "%" NUMBER_FORMAT "\ntitle    %s\n"
	       "category %s\n",
	    topic->id, topic->title, kd_category_name(topic->category));
	for (guint i = 0; i < topic->threads->len; i++)
		printf("thread   " THREAD "%" NUMBER_FORMAT "\n",
		    g_array_index(topic->threads, guint64, i));
	for (guint i = 0; i < topic->postings->len; i++)
		print_posting(
		    g_ptr_array_index(topic->postings, i), print->window);
	if (*topic->state)
		printf("state    %s\n", topic->state);
	if (!kd_print_rulings_of(txn, topic, print->window, error)) {
		kd_topic_free(topic);
		return FALSE;
	}
	putchar('\n');
	for (guint i = 0; i < topic->mails->len; i++)
		print_mail(g_ptr_array_index(topic->mails, i), print->window);
	kd_topic_free(topic);
	return TRUE;
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
