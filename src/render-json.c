/*
 * The digest for programs; kvdigest-digest(5) describes every key.
 */
#include "config.h"

#include <jansson.h>

#include "auto.h"
#include "page.h"
#include "render-json.h"
#include "text.h"
#include "told.h"

#define FORMAT 1

/* Text for people, as the other renderings have it. */
static json_t *
text_json(const char *text)
{
	g_autofree char *clean = kd_text_clean(text);

	return json_string(clean);
}

/* The same where absence is null. */
static json_t *
text_or_null(const char *text)
{
	return text && *text ? text_json(text) : json_null();
}

/* Identifiers are told byte by byte, as far as they are UTF-8. */
static json_t *
id_json(const char *id)
{
	g_autofree char *valid = g_utf8_make_valid(id ? id : "", -1);

	return json_string(valid);
}

static json_t *
url_json(const char *url)
{
	g_autofree char *vetted = kd_url_vet(url);

	return vetted ? json_string(vetted) : json_null();
}

static json_t *
time_json(const kd_digest *digest, gint64 seconds)
{
	g_autofree char *time =
	    kd_digest_time(digest, seconds, KD_TIME_RFC3339);

	return json_string(time);
}

static json_t *
array_json(const GPtrArray *strings, json_t *(*convert)(const char *))
{
	json_t *array = json_array();

	for (guint i = 0; i < strings->len; i++)
		json_array_append_new(array, convert(strings->pdata[i]));
	return array;
}

static json_t *
author_json(const char *name, const char *address)
{
	return json_pack("{s:o, s:o}", "name", text_json(name), "address",
	    text_json(address));
}

static json_t *
index_json(int index)
{
	return index >= 0 ? json_integer(index) : json_null();
}

static json_t *
posting_json(const kd_digest *digest, const struct kd_posting *posting)
{
	return json_pack("{s:o, s:o, s:o, s:o, s:o, s:i, s:i, s:b, s:b, s:b, "
			 "s:b, s:b, s:b, s:i, s:I, s:I, s:o, s:o}",
	    "version", text_json(posting->version), "date",
	    time_json(digest, posting->date), "author",
	    author_json(posting->name, posting->address), "title",
	    text_json(posting->title), "id", id_json(posting->id), "parts",
	    (int)posting->parts, "total", (int)posting->total, "cover",
	    posting->cover, "complete", posting->complete, "in_window",
	    posting->in_window, "rfc", posting->rfc, "resend", posting->resend,
	    "beside", posting->beside, "files", (int)posting->files,
	    "insertions", (json_int_t)posting->insertions, "deletions",
	    (json_int_t)posting->deletions, "superseded_by",
	    index_json(posting->successor), "url", url_json(posting->url));
}

static json_t *
thread_json(guint64 thread)
{
	return json_sprintf("thread:%" G_GUINT64_FORMAT, thread);
}

/* An index that may be -1. */
static json_t *
mail_json(const kd_digest *digest, const struct kd_topic *topic,
    const struct kd_digest_mail *mail)
{
	const struct kd_digest_mail *parent = NULL;
	const struct kd_digest_mail *branch = NULL;

	if (mail->parent >= 0 && (guint)mail->parent < topic->mails->len)
		parent = topic->mails->pdata[mail->parent];
	if (mail->branch >= 0 && (guint)mail->branch < topic->mails->len)
		branch = topic->mails->pdata[mail->branch];
	return json_pack("{s:o, s:o, s:o, s:o, s:b, s:s, s:o, s:o, s:o, s:o, "
			 "s:o, s:i, s:o}",
	    "id", id_json(mail->id), "date", time_json(digest, mail->date),
	    "author", author_json(mail->name, mail->address), "subject",
	    text_json(mail->subject), "in_window", mail->in_window, "kind",
	    kd_kind_name(mail->kind), "thread", thread_json(mail->thread),
	    "posting", index_json(mail->posting), "part",
	    index_json(mail->part), "reply_to",
	    parent ? id_json(parent->id) : json_null(), "branch",
	    branch ? id_json(branch->id) : json_null(), "depth",
	    (int)mail->depth, "url", url_json(mail->url));
}

static json_t *
fact_json(const struct kd_topic *topic, const struct kd_digest_fact *fact)
{
	const struct kd_digest_mail *mail = NULL, *answer = NULL;
	json_t *json;

	if (fact->mail < topic->mails->len)
		mail = topic->mails->pdata[fact->mail];
	if (fact->answer >= 0 && (guint)fact->answer < topic->mails->len)
		answer = topic->mails->pdata[fact->answer];
	json = json_pack("{s:o, s:s, s:o, s:o, s:i}", "id",
	    mail ? id_json(mail->id) : json_null(), "kind",
	    kd_fact_name(fact->kind), "value", text_json(fact->value), "person",
	    text_or_null(fact->person), "line", (int)fact->line);
	if (kd_fact_wants_answer(fact->kind))
		json_object_set_new(json, "answered_by",
		    answer ? id_json(answer->id) : json_null());
	return json;
}

static json_t *
state_json(const kd_digest *digest, const struct kd_topic *topic)
{
	if (!topic->state || !*topic->state)
		return json_null();
	return json_pack("{s:o, s:o, s:o}", "name", text_json(topic->state),
	    "since",
	    topic->state_since > 0 ? time_json(digest, topic->state_since)
				   : json_null(),
	    "evidence", array_json(topic->state_evidence, id_json));
}

static json_t *
waiting_json(const kd_digest *digest, const struct kd_waiting *waiting)
{
	if (!waiting->role)
		return json_null();
	return json_pack("{s:s, s:o, s:o, s:i}", "role",
	    kd_role_name(waiting->role), "name", text_or_null(waiting->name),
	    "since", time_json(digest, waiting->since), "days",
	    (int)waiting->days);
}

/* Sentences come by field, as in the other renderings. */
static json_t *
summary_json(const struct kd_topic *topic)
{
	json_t *sentences = json_array();

	for (guint field = 0; field < KD_FIELDS; field++)
		for (guint i = 0; i < topic->sentences->len; i++) {
			const struct kd_sentence *sentence =
			    topic->sentences->pdata[i];

			if (sentence->field != field)
				continue;
			json_array_append_new(sentences,
			    json_pack("{s:s, s:o, s:o, s:s}", "field",
				kd_field_name(field), "text",
				text_json(sentence->text), "cites",
				array_json(sentence->cites, id_json), "verdict",
				"cited"));
		}
	return json_pack("{s:o, s:o, s:i, s:o}", "source",
	    text_or_null(topic->source), "failure",
	    text_or_null(topic->failure), "refused", (int)topic->refused,
	    "sentences", sentences);
}

static json_t *
related_json(const struct kd_topic *topic)
{
	json_t *array = json_array();

	for (guint i = 0; i < topic->related->len; i++) {
		const struct kd_related *related = topic->related->pdata[i];

		json_array_append_new(array,
		    json_pack("{s:s, s:o, s:o, s:o, s:[o, o]}", "relation",
			kd_relation_name(related->relation), "topic",
			json_sprintf(
			    "topic:%" G_GUINT64_FORMAT, related->topic),
			"title", text_json(related->title), "url",
			url_json(related->url), "evidence",
			id_json(related->own), id_json(related->other)));
	}
	return array;
}

/* What the last digest said, and in a line what is different. */
static json_t *
delta_json(const struct kd_topic *topic)
{
	const struct kd_told *told = topic->told;
	g_autofree char *changes = kd_told_compare(topic);

	if (!told)
		return topic->first ? json_pack("{s:n, s:n, s:s}", "week",
					  "before", "changes", "")
				    : json_null();
	return json_pack("{s:o, s:{s:o, s:o, s:i, s:i, s:i}, s:o}", "week",
	    text_json(told->week), "before", "version",
	    text_or_null(told->version), "state", text_or_null(told->state),
	    "reviewed", (int)told->tallies.reviewed, "acked",
	    (int)told->tallies.acked, "tested", (int)told->tallies.tested,
	    "changes", text_json(changes));
}

static json_t *
notes_json(const kd_digest *digest, const struct kd_topic *topic)
{
	json_t *array = digest->team ? json_array() : json_null();

	for (guint i = 0; i < topic->notes->len; i++) {
		const struct kd_note *note = topic->notes->pdata[i];
		json_t *mails = json_array();

		for (guint j = 0; j < note->mails->len; j++) {
			const struct kd_digest_mail *mail =
			    topic->mails
				->pdata[g_array_index(note->mails, guint, j)];

			json_array_append_new(mails, id_json(mail->id));
		}
		json_array_append_new(
		    array, json_pack("{s:s, s:o, s:o}", "why",
			       kd_note_name(note->kind), "detail",
			       text_or_null(note->detail), "mails", mails));
	}
	return array;
}

static json_t *
quiet_json(const kd_digest *digest)
{
	json_t *array = json_array();

	for (guint i = 0; i < digest->quiet->len; i++) {
		const struct kd_told *told = digest->quiet->pdata[i];

		json_array_append_new(array,
		    json_pack("{s:o, s:o, s:o, s:o, s:o, s:{s:s, s:o, s:o}}",
			"week", text_json(told->week), "topic",
			json_sprintf("topic:%" G_GUINT64_FORMAT, told->topic),
			"title", text_json(told->title), "id",
			id_json(told->id), "url", url_json(told->url),
			"waiting_for", "role", kd_role_name(told->waiting.role),
			"name", text_or_null(told->waiting.name), "since",
			time_json(digest, told->waiting.since)));
	}
	return array;
}

static json_t *
threads_json(const GArray *threads)
{
	json_t *array = json_array();

	for (guint i = 0; i < threads->len; i++)
		json_array_append_new(
		    array, thread_json(g_array_index(threads, guint64, i)));
	return array;
}

json_t *
kd_topic_json(const kd_digest *digest, const struct kd_topic *topic)
{
	json_t *postings = json_array();
	json_t *mails = json_array();
	json_t *facts = json_array();

	for (guint i = 0; i < topic->postings->len; i++)
		json_array_append_new(
		    postings, posting_json(digest, topic->postings->pdata[i]));
	for (guint i = 0; i < topic->mails->len; i++)
		json_array_append_new(
		    mails, mail_json(digest, topic, topic->mails->pdata[i]));
	for (guint i = 0; i < topic->facts->len; i++)
		json_array_append_new(
		    facts, fact_json(topic, topic->facts->pdata[i]));
	return json_pack(
	    "{s:o, s:o, s:s, s:o, s:b, s:o, s:o, s:o, s:o, s:i, s:o, "
	    "s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
	    "id", json_sprintf("topic:%" G_GUINT64_FORMAT, topic->id),
	    "threads", threads_json(topic->threads), "category",
	    kd_category_name(topic->category), "title", text_json(topic->title),
	    "title_missing", topic->title_missing, "tree",
	    text_or_null(topic->tree), "uapi",
	    array_json(topic->uapi, text_json), "url", url_json(topic->url),
	    "started", time_json(digest, topic->started), "in_window",
	    (int)topic->in_window, "postings", postings, "mails", mails,
	    "people", array_json(topic->people, text_json), "facts", facts,
	    "state", state_json(digest, topic), "waiting_for",
	    waiting_json(digest, &topic->waiting), "delta", delta_json(topic),
	    "team", notes_json(digest, topic), "related", related_json(topic),
	    "summary", summary_json(topic));
}

static json_t *
categories_json(const kd_digest *digest)
{
	struct kd_category_sum sums[KD_CATEGORIES];
	json_t *array = json_array();

	kd_digest_sum(digest, sums);
	for (guint i = 0; i < KD_CATEGORIES; i++)
		if (sums[i].topics > 0)
			json_array_append_new(
			    array, json_pack("{s:s, s:i, s:i, s:i, s:i}",
				       "name", kd_category_name(i), "topics",
				       (int)sums[i].topics, "threads",
				       (int)sums[i].threads, "mails",
				       (int)sums[i].mails, "in_window",
				       (int)sums[i].in_window));
	return array;
}

static json_t *
digest_json(const kd_digest *digest)
{
	const struct kd_window *window = &digest->window;
	json_t *topics = json_array();

	for (guint i = 0; i < digest->topics->len; i++)
		json_array_append_new(
		    topics, kd_topic_json(digest, digest->topics->pdata[i]));
	return json_pack(
	    "{s:i, s:{s:o, s:o, s:o}, s:o, s:{s:o, s:o, s:o, s:o}, "
	    "s:{s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i, s:i}, "
	    "s:o, s:o, s:o, s:o, s:o}",
	    "format", FORMAT, "list", "id", text_json(digest->list_id), "name",
	    text_json(digest->list_name), "archive",
	    url_json(digest->list_archive), "generated",
	    time_json(digest, digest->generated), "window", "week",
	    text_or_null(window->week), "since",
	    time_json(digest, window->since), "until",
	    time_json(digest, window->until), "timezone",
	    text_json(digest->timezone), "totals", "mails", (int)digest->mails,
	    "in_window", (int)digest->in_window, "older", (int)digest->older,
	    "threads", (int)digest->n_threads, "large_threads",
	    (int)digest->large_threads, "topics", (int)digest->topics->len,
	    "people", (int)digest->people, "robots", (int)digest->robots,
	    "received", (int)digest->received, "copies", (int)digest->copies,
	    "outside", (int)digest->outside, "unparsed", (int)digest->unparsed,
	    "categories", categories_json(digest), "topics", topics, "quiet",
	    quiet_json(digest), "gaps", array_json(digest->gaps, text_json),
	    "footer", array_json(digest->footer, text_json));
}

static int
append_bytes(const char *bytes, size_t length, void *out)
{
	g_string_append_len(out, bytes, (gssize)length);
	return 0;
}

char *
kd_render_json(const kd_digest *digest)
{
	g_autoptr(json_t) json = digest_json(digest);
	GString *out = g_string_new(NULL);

	json_dump_callback(json, append_bytes, out, JSON_INDENT(2));
	g_string_append_c(out, '\n');
	return g_string_free(out, FALSE);
}
