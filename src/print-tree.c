/*
 * One topic, drawn: who answered whom, which posting each patch is of, what is
 * new since the last digest.
 */
#include "config.h"

#include <stdio.h>
#include <string.h>

#include "cli.h"
#include "error.h"
#include "print-private.h"
#include "relate.h"
#include "render-json.h"
#include "story.h"
#include "text.h"

#define DEPTH_MAX 24u /* levels drawn; a mail says how deep it is */
#define DIM	  "\033[2m"
#define BOLD	  "\033[1m"
#define PLAIN	  "\033[0m"

struct drawing {
	const struct kd_print *print;
	const struct kd_topic *topic;
	guint columns; /* of the terminal, 0 for none */
	gboolean styled;
	gboolean *last; /* by mail: no other answers the same mail after it */
	GArray *bars;	/* of gboolean: by depth, whether a line goes down */
};

/* Below each mail, the last answer; among the roots there are no lines. */
static gboolean *
find_last(const struct kd_topic *topic)
{
	gboolean *last = g_new0(gboolean, topic->mails->len);
	g_autofree gboolean *seen = g_new0(gboolean, topic->mails->len);

	for (guint i = topic->mails->len; i-- > 0;) {
		const struct kd_digest_mail *mail =
		    g_ptr_array_index(topic->mails, i);

		if (mail->parent < 0)
			continue;
		last[i] = !seen[mail->parent];
		seen[mail->parent] = TRUE;
	}
	return last;
}

/* What stands before a mail: "v2 3/5", "robot", "subject" for a new one. */
static char *
mark_of(const struct kd_topic *topic, guint index)
{
	const struct kd_digest_mail *mail =
	    g_ptr_array_index(topic->mails, index);
	const struct kd_posting *posting;

	if (mail->kind == KD_KIND_ROBOT || mail->kind == KD_KIND_PULL)
		return g_strdup(kd_kind_name(mail->kind));
	if (mail->branch == (int)index)
		return g_strdup("subject");
	if ((mail->kind != KD_KIND_COVER && mail->kind != KD_KIND_PATCH) ||
	    mail->posting < 0)
		return g_strdup("");
	posting = g_ptr_array_index(topic->postings, mail->posting);
	if (mail->part < 0)
		return g_strdup_printf("v%s", posting->version);
	return posting->total
		   ? g_strdup_printf("v%s %d/%u", posting->version, mail->part,
			 posting->total)
		   : g_strdup_printf("v%s %d/n", posting->version, mail->part);
}

/*
 * The lines of the tree before a mail, and before what is written below it.
 * Deeper levels than are drawn are all drawn as the last of them.
 */
static void
draw_lines(struct drawing *drawing, guint index, GString *first, GString *rest)
{
	const struct kd_digest_mail *mail =
	    g_ptr_array_index(drawing->topic->mails, index);
	guint depth = MIN(mail->depth, DEPTH_MAX);
	gboolean more = !drawing->last[index];

	g_array_set_size(drawing->bars, depth);
	for (guint i = 0; i + 1 < depth; i++) {
		gboolean bar = g_array_index(drawing->bars, gboolean, i);

		g_string_append(first, bar ? "│ " : "  ");
		g_string_append(rest, bar ? "│ " : "  ");
	}
	if (!depth)
		return;
	g_array_index(drawing->bars, gboolean, depth - 1) = more;
	g_string_append(first, more ? "├─" : "└─");
	g_string_append(rest, more ? "│ " : "  ");
}

/* A line of the drawing, no longer than the terminal is wide. */
static void
put_line(const struct drawing *drawing, const char *start, const char *text,
    const char *style)
{
	guint used = kd_text_width(start);
	g_autofree char *clipped =
	    drawing->columns
		? kd_text_clip(text,
		      MAX(20u, drawing->columns - MIN(drawing->columns, used)))
		: g_strdup(text);

	if (drawing->styled && *style)
		printf("%s%s%s" PLAIN "\n", start, style, clipped);
	else
		printf("%s%s\n", start, clipped);
}

static void
draw_mail(struct drawing *drawing, guint index)
{
	const struct kd_digest_mail *mail =
	    g_ptr_array_index(drawing->topic->mails, index);
	g_autofree char *date = kd_time_format(
	    mail->date, drawing->print->window->zone, "%Y-%m-%d %H:%M");
	g_autofree char *mark = mark_of(drawing->topic, index);
	g_autofree char *who = g_strdup_printf(
	    "%s <%s>  <%s>", mail->name, mail->address, mail->id);
	g_autoptr(GString) first = g_string_new(NULL);
	g_autoptr(GString) rest = g_string_new(NULL);
	gboolean posted =
	    mail->kind == KD_KIND_COVER || mail->kind == KD_KIND_PATCH;
	gboolean older = drawing->print->seen && !mail->in_window;

	g_string_append_printf(first, "%s  %-9s ", date, mark);
	g_string_append_printf(rest, "%16s  %9s ", "", "");
	draw_lines(drawing, index, first, rest);
	put_line(drawing, first->str, mail->subject,
	    older    ? DIM
	    : posted ? BOLD
		     : "");
	put_line(drawing, rest->str, who, older ? DIM : "");
}

static void
print_posting(const struct kd_topic *topic, const struct kd_posting *posting,
    const struct kd_window *window)
{
	const struct kd_posting *successor =
	    posting->successor < 0 ? NULL
				   : topic->postings->pdata[posting->successor];
	g_autofree char *date =
	    kd_time_format(posting->date, window->zone, KD_TIME_DAY);

	printf("posting  %sv%s%s  %s  %s  ", posting->rfc ? "RFC " : "",
	    posting->version, posting->resend ? " RESEND" : "", date,
	    *posting->name ? posting->name : posting->address);
	if (posting->total)
		printf("%u/%u parts", posting->parts, posting->total);
	else
		printf("%u parts of an unknown number", posting->parts);
	printf("%s%s",
	    posting->total == 1 ? ""
	    : posting->cover	? ", cover"
				: ", no cover",
	    posting->complete ? "" : ", incomplete");
	if (posting->files)
		printf(", %u files +%" G_GUINT64_FORMAT " -%" G_GUINT64_FORMAT,
		    posting->files, posting->insertions, posting->deletions);
	if (successor)
		printf(", superseded by %sv%s%s", successor->rfc ? "RFC " : "",
		    successor->version, successor->resend ? " RESEND" : "");
	putchar('\n');
}

static void
print_head(const struct kd_topic *topic, const struct kd_window *window)
{
	printf("topic    topic:%" G_GUINT64_FORMAT "\ntitle    %s%s\n"
	       "category %s%s%s\n",
	    topic->id, topic->title, topic->title_missing ? " (missing)" : "",
	    kd_category_name(topic->category), *topic->tree ? ", " : "",
	    topic->tree);
	for (guint i = 0; i < topic->threads->len; i++)
		printf("thread   thread:%" G_GUINT64_FORMAT "\n",
		    g_array_index(topic->threads, guint64, i));
	for (guint i = 0; i < topic->postings->len; i++)
		print_posting(
		    topic, g_ptr_array_index(topic->postings, i), window);
	if (topic->state && *topic->state)
		printf("state    %s\n", topic->state);
	for (guint i = 0; i < topic->related->len; i++) {
		const struct kd_related *related = topic->related->pdata[i];

		printf("related  %s topic:%" G_GUINT64_FORMAT "  %s\n",
		    kd_relation_name(related->relation), related->topic,
		    related->title);
	}
}

static void
draw(const struct kd_print *print, const struct kd_topic *topic,
    const GPtrArray *rulings)
{
	g_autofree gboolean *last = find_last(topic);
	g_autoptr(GArray) bars = g_array_new(FALSE, TRUE, sizeof(gboolean));
	struct drawing drawing = {.print = print,
	    .topic = topic,
	    .columns = kd_cli_columns(),
	    .styled = kd_cli_is_styled(),
	    .last = last,
	    .bars = bars};

	print_head(topic, print->window);
	for (guint i = 0; i < rulings->len; i++) {
		printf("ruling   ");
		kd_print_ruling_line(
		    g_ptr_array_index(rulings, i), print->window);
	}
	putchar('\n');
	for (guint i = 0; i < topic->mails->len; i++)
		draw_mail(&drawing, i);
}

static void
print_json(const struct kd_print *print, const kd_digest *digest,
    const struct kd_topic *topic, const GPtrArray *rulings)
{
	json_t *array = json_array();

	for (guint i = 0; i < rulings->len; i++)
		json_array_append_new(
		    array, kd_print_ruling_json(
			       g_ptr_array_index(rulings, i), print->window));
	kd_print_json(json_pack("{s:i, s:s, s:o, s:o, s:o}", "format",
	    KD_PRINT_FORMAT, "timezone", print->conf->timezone, "seen",
	    print->seen ? kd_print_time_json(print->seen, print->window)
			: json_null(),
	    "topic", kd_topic_json(digest, topic), "rulings", array));
}

/* A digest of this topic alone; NULL sets error. */
static kd_digest *
tell(const struct kd_print *print, kd_txn *txn, GPtrArray *records,
    GError **error)
{
	g_autoptr(kd_digest) digest = kd_digest_new();
	g_autoptr(GPtrArray) topics = g_ptr_array_new();
	g_autoptr(kd_relate) relate = NULL;
	struct kd_topic *topic;

	digest->window = *print->window;
	g_time_zone_ref(digest->window.zone);
	/* What is in the window is what no digest has told of. */
	if (print->seen)
		digest->window.since = print->seen;
	topic = kd_story_tell(records, &digest->window, print->conf);
	if (!topic) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "%s: holds no mail", print->id);
		return NULL;
	}
	g_ptr_array_add(digest->topics, topic);
	g_ptr_array_add(topics, records);
	relate = kd_relate_load(txn, topics, digest->window.until, error);
	if (!relate)
		return NULL;
	kd_relate_tell(relate, digest, print->conf);
	return g_steal_pointer(&digest);
}

gboolean
kd_print_topic(kd_txn *txn, gpointer data, GError **error)
{
	const struct kd_print *print = data;
	g_autoptr(GPtrArray) records = kd_print_load(txn, print->id, error);
	g_autoptr(GPtrArray) rulings = NULL;
	g_autoptr(kd_digest) digest = NULL;
	const struct kd_topic *topic;

	digest = records ? tell(print, txn, records, error) : NULL;
	if (!digest)
		return FALSE;
	topic = g_ptr_array_index(digest->topics, 0);
	rulings = kd_print_rulings_of(txn, topic, error);
	if (rulings && print->json)
		print_json(print, digest, topic, rulings);
	else if (rulings)
		draw(print, topic, rulings);
	return rulings != NULL;
}
