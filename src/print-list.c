/*
 * The list of topics: a table for people, and JSON.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "load.h"
#include "print-private.h"
#include "story.h"
#include "text.h"

#define TITLE_MIN 20u /* columns of a title, however narrow the terminal is */

/* A topic in the list. */
struct line {
	struct kd_topic *topic;
	gint64 last;  /* date of its latest mail */
	guint unseen; /* mails that came after the last digest */
};

static void
line_free(gpointer data)
{
	struct line *line = data;

	kd_topic_free(line->topic);
	g_free(line);
}

static guint
count_unseen(const GPtrArray *records, const struct kd_print *print)
{
	guint unseen = 0;

	for (guint i = 0; i < records->len; i++) {
		const kd_record *record = g_ptr_array_index(records, i);

		unseen += !record->copy_of && record->arrival >= print->seen &&
			  record->arrival < print->window->until;
	}
	return unseen;
}

static struct line *
make_line(const GPtrArray *records, const struct kd_print *print)
{
	struct kd_topic *topic =
	    kd_story_tell(records, print->window, print->conf);
	struct line *line;

	if (!topic)
		return NULL;
	line = g_new0(struct line, 1);
	line->topic = topic;
	line->unseen = count_unseen(records, print);
	for (guint i = 0; i < topic->mails->len; i++) {
		const struct kd_digest_mail *mail =
		    g_ptr_array_index(topic->mails, i);

		line->last = MAX(line->last, mail->date);
	}
	return line;
}

/* The latest mail last, where the eye of who looks at a terminal is. */
static int
compare_lines(gconstpointer a, gconstpointer b)
{
	const struct line *x = *(struct line *const *)a;
	const struct line *y = *(struct line *const *)b;

	if (x->last != y->last)
		return x->last < y->last ? -1 : 1;
	return (x->topic->id > y->topic->id) - (x->topic->id < y->topic->id);
}

static GPtrArray *
make_lines(kd_txn *txn, const struct kd_print *print, GError **error)
{
	g_autoptr(GPtrArray) topics =
	    kd_load_active(txn, print->window, NULL, error);
	GPtrArray *lines;

	if (!topics)
		return NULL;
	lines = g_ptr_array_new_with_free_func(line_free);
	for (guint i = 0; i < topics->len; i++) {
		struct line *line =
		    make_line(g_ptr_array_index(topics, i), print);

		if (line)
			g_ptr_array_add(lines, line);
	}
	g_ptr_array_sort(lines, compare_lines);
	return lines;
}

/* The newest posting's version, "" for what is no series. */
static const char *
version_of(const struct kd_topic *topic)
{
	const struct kd_posting *newest;

	if (!topic->postings->len)
		return "";
	newest = g_ptr_array_index(topic->postings, topic->postings->len - 1);
	return newest->version;
}

/* "N" for a topic that no digest has told of, "+" for mails it has not. */
static char
marker_of(const struct line *line, const struct kd_print *print)
{
	if (!print->seen || !line->unseen)
		return ' ';
	return line->unseen == line->topic->mails->len ? 'N' : '+';
}

static void
print_line(const struct line *line, const struct kd_print *print, guint columns)
{
	const struct kd_topic *topic = line->topic;
	g_autofree char *date =
	    kd_time_format(line->last, print->window->zone, KD_TIME_DAY);
	g_autofree char *id =
	    g_strdup_printf("topic:%" G_GUINT64_FORMAT, topic->id);
	g_autofree char *mails =
	    g_strdup_printf("%u/%u", topic->in_window, topic->mails->len);
	g_autofree char *version =
	    g_strconcat(*version_of(topic) ? "v" : "", version_of(topic), NULL);
	g_autofree char *start = g_strdup_printf(
	    "%-10s %c %-13s %9s  %-10s %-4s ", date, marker_of(line, print), id,
	    mails, kd_category_name(topic->category), version);
	guint used = (guint)strlen(start);
	g_autofree char *whole = g_strconcat(
	    topic->title, topic->title_missing ? " (missing)" : "", NULL);
	g_autofree char *title =
	    columns ? kd_text_clip(
			  whole, MAX(TITLE_MIN, columns - MIN(columns, used)))
		    : g_strdup(whole);

	printf("%s%s\n", start, title);
}

static json_t *
line_json(const struct line *line, const struct kd_print *print)
{
	const struct kd_topic *topic = line->topic;
	json_t *threads = json_array();

	for (guint i = 0; i < topic->threads->len; i++)
		json_array_append_new(
		    threads, json_sprintf("thread:%" G_GUINT64_FORMAT,
				 g_array_index(topic->threads, guint64, i)));
	return json_pack(
	    "{s:o, s:o, s:s, s:s, s:b, s:s*, s:o, s:o, s:i, s:i, s:i, s:i, "
	    "s:i, s:s, s:s}",
	    "id", json_sprintf("topic:%" G_GUINT64_FORMAT, topic->id),
	    "threads", threads, "category", kd_category_name(topic->category),
	    "title", topic->title, "title_missing", topic->title_missing, "url",
	    topic->url, "started",
	    kd_print_time_json(topic->started, print->window), "last",
	    kd_print_time_json(line->last, print->window), "mails",
	    (int)topic->mails->len, "in_window", (int)topic->in_window,
	    "unseen", (int)line->unseen, "people", (int)topic->people->len,
	    "postings", (int)topic->postings->len, "version", version_of(topic),
	    "state", topic->state ? topic->state : "");
}

static void
print_json(const GPtrArray *lines, const struct kd_print *print)
{
	const struct kd_window *window = print->window;
	json_t *topics = json_array();

	for (guint i = 0; i < lines->len; i++)
		json_array_append_new(
		    topics, line_json(g_ptr_array_index(lines, i), print));
	kd_print_json(json_pack("{s:i, s:s, s:o, s:o, s:o, s:o}", "format",
	    KD_PRINT_FORMAT, "timezone", print->conf->timezone, "since",
	    kd_print_time_json(window->since, window), "until",
	    kd_print_time_json(window->until, window), "seen",
	    print->seen ? kd_print_time_json(print->seen, window) : json_null(),
	    "topics", topics));
}

gboolean
kd_print_list(kd_txn *txn, gpointer data, GError **error)
{
	const struct kd_print *print = data;
	g_autoptr(GPtrArray) lines = make_lines(txn, print, error);
	guint columns = kd_cli_columns();

	if (!lines)
		return FALSE;
	if (print->json) {
		print_json(lines, print);
		return TRUE;
	}
	if (columns && lines->len)
		printf("%-10s   %-13s %9s  %-10s %-4s %s\n", "latest", "topic",
		    "mails", "category", "", "title");
	for (guint i = 0; i < lines->len; i++)
		print_line(g_ptr_array_index(lines, i), print, columns);
	return TRUE;
}
