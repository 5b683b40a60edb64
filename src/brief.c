#include "config.h"

#include <string.h>

#include "brief.h"
#include "error.h"
#include "told.h"
#include "verify.h"

#define SOURCE_MAX 100 /* bytes of a summary's source */

/* A string of JSON from any bytes; NULL is "". */
static json_t *
text_json(const char *text)
{
	g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);

	return json_string(valid);
}

static json_t *
time_json(gint64 seconds, const kd_digest *digest)
{
	g_autofree char *time =
	    kd_time_format(seconds, digest->window.zone, KD_TIME_RFC3339);

	return text_json(time);
}

/* The label of a mail by its index, null for none. */
static json_t *
label_json(int index)
{
	return index < 0 ? json_null() : json_sprintf("m%d", index + 1);
}

static json_t *
number_json(int number)
{
	return number < 0 ? json_null() : json_integer(number);
}

static json_t *
author_json(const char *name, const char *address, gboolean robot)
{
	return json_pack("{s:o, s:o, s:b}", "name", text_json(name), "address",
	    text_json(address), "robot", robot);
}

static GHashTable *
index_mails(const struct kd_topic *topic)
{
	GHashTable *indexes = g_hash_table_new(g_str_hash, g_str_equal);

	for (guint i = 0; i < topic->mails->len; i++) {
		const struct kd_digest_mail *mail = topic->mails->pdata[i];

		g_hash_table_insert(indexes, mail->id, GUINT_TO_POINTER(i + 1));
	}
	return indexes;
}

static json_t *
find_label(GHashTable *indexes, const char *id)
{
	gpointer index = id ? g_hash_table_lookup(indexes, id) : NULL;

	return label_json((int)GPOINTER_TO_UINT(index) - 1);
}

static json_t *
state_json(
    const struct kd_topic *topic, const kd_digest *digest, GHashTable *indexes)
{
	json_t *evidence = json_array();
	gboolean known = topic->state && *topic->state;

	for (guint i = 0; i < topic->state_evidence->len; i++)
		json_array_append_new(evidence,
		    find_label(indexes, topic->state_evidence->pdata[i]));
	return json_pack("{s:o, s:o, s:o}", "name", text_json(topic->state),
	    "since",
	    known ? time_json(topic->state_since, digest) : json_null(),
	    "evidence", evidence);
}

static json_t *
topic_json(
    const struct kd_topic *topic, const kd_digest *digest, GHashTable *indexes)
{
	g_autofree char *delta = kd_told_compare(topic);

	return json_pack("{s:o, s:o, s:b, s:s, s:o, s:o, s:o}", "id",
	    json_sprintf("topic:%" G_GUINT64_FORMAT, topic->id), "title",
	    text_json(topic->title), "title_missing", topic->title_missing,
	    "category", kd_category_name(topic->category), "tree",
	    text_json(topic->tree), "state", state_json(topic, digest, indexes),
	    "delta", text_json(delta));
}

static json_t *
window_json(const kd_digest *digest)
{
	return json_pack("{s:o, s:o, s:o, s:o}", "week",
	    text_json(digest->window.week), "since",
	    time_json(digest->window.since, digest), "until",
	    time_json(digest->window.until, digest), "timezone",
	    text_json(digest->timezone));
}

/*
 * What a model wrote of the mails that the last digest had, and was shown.  Of
 * a sentence, those mails that are still in the topic.
 */
static json_t *
previous_json(const struct kd_topic *topic, GHashTable *indexes)
{
	const struct kd_told *told = topic->told;
	json_t *sentences;

	if (!told || told->sentences->len == 0)
		return json_null();
	sentences = json_array();
	for (guint i = 0; i < told->sentences->len; i++) {
		const struct kd_sentence *sentence = told->sentences->pdata[i];
		json_t *cites = json_array();

		for (guint j = 0; j < sentence->cites->len; j++) {
			const char *id = sentence->cites->pdata[j];

			if (g_hash_table_contains(indexes, id))
				json_array_append_new(
				    cites, find_label(indexes, id));
		}
		json_array_append_new(
		    sentences, json_pack("{s:s, s:o, s:o}", "field",
				   kd_field_name(sentence->field), "text",
				   text_json(sentence->text), "cites", cites));
	}
	return json_pack("{s:o, s:o}", "week", text_json(told->week),
	    "sentences", sentences);
}

static json_t *
postings_json(
    const struct kd_topic *topic, const kd_digest *digest, GHashTable *indexes)
{
	json_t *list = json_array();

	for (guint i = 0; i < topic->postings->len; i++) {
		const struct kd_posting *posting = topic->postings->pdata[i];

		json_array_append_new(list,
		    json_pack("{s:o, s:o, s:o, s:i, s:i, s:b, s:b, s:b, s:b, "
			      "s:b, s:b, s:o, s:o, s:o}",
			"version", text_json(posting->version), "date",
			time_json(posting->date, digest), "author",
			author_json(posting->name, posting->address, FALSE),
			"parts", (int)posting->parts, "total",
			(int)posting->total, "cover", posting->cover,
			"complete", posting->complete, "in_window",
			posting->in_window, "rfc", posting->rfc, "resend",
			posting->resend, "beside", posting->beside,
			"superseded_by", number_json(posting->successor),
			"title", text_json(posting->title), "mail",
			find_label(indexes, posting->id)));
	}
	return list;
}

static json_t *
facts_json(const struct kd_topic *topic)
{
	json_t *list = json_array();

	for (guint i = 0; i < topic->facts->len; i++) {
		const struct kd_digest_fact *fact = topic->facts->pdata[i];

		json_t *json = json_pack("{s:s, s:o, s:o, s:o}", "kind",
		    kd_fact_name(fact->kind), "value", text_json(fact->value),
		    "person", text_json(fact->person), "mail",
		    label_json((int)fact->mail));

		if (kd_fact_wants_answer(fact->kind))
			json_object_set_new(
			    json, "answered_by", label_json(fact->answer));
		json_array_append_new(list, json);
	}
	return list;
}

/*
 * The longest beginning of a text within limit bytes that ends with a line,
 * or with a character where the last line alone is too long.
 */
static gsize
cut_length(const char *text, gsize length, gsize limit)
{
	gsize end = limit;
	const char *line;

	if (length <= limit)
		return length;
	while (end > 0 && ((guchar)text[end] & 0xc0) == 0x80)
		end--;
	line = g_strrstr_len(text, (gssize)end, "\n");
	return line && line > text ? (gsize)(line - text) : end;
}

static void
add_text(json_t *object, const char *text, gsize *left)
{
	g_autofree char *valid = g_utf8_make_valid(text ? text : "", -1);
	gsize length = strlen(valid);
	gsize limit = MIN(*left, (gsize)KD_BRIEF_TEXT_MAX);
	gsize kept = cut_length(valid, length, limit);

	*left -= kept;
	json_object_set_new(object, "text", json_stringn(valid, kept));
	if (kept < length)
		json_object_set_new(
		    object, "cut", json_integer((json_int_t)(length - kept)));
}

static json_t *
mails_json(const struct kd_topic *topic, const kd_digest *digest)
{
	json_t *list = json_array();
	gsize left = KD_BRIEF_TEXTS;

	for (guint i = 0; i < topic->mails->len; i++) {
		const struct kd_digest_mail *mail = topic->mails->pdata[i];
		gboolean robot = mail->kind == KD_KIND_ROBOT ||
				 (mail->flags & KD_MAIL_ROBOT);
		json_t *object = json_pack(
		    "{s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:b, s:b, s:s, s:o}",
		    "label", label_json((int)i), "id", text_json(mail->id),
		    "date", time_json(mail->date, digest), "author",
		    author_json(mail->name, mail->address, robot), "subject",
		    text_json(mail->subject), "part", number_json(mail->part),
		    "posting", number_json(mail->posting), "in_window",
		    mail->in_window, "told", mail->told, "kind",
		    kd_kind_name(mail->kind), "reply_to",
		    label_json(mail->parent));

		add_text(object, mail->told ? "" : mail->text, &left);
		json_array_append_new(list, object);
	}
	return list;
}

/* The terms in texts and subjects that a brief has. */
static json_t *
terms_json(const json_t *mails, const kd_terms *terms)
{
	g_autoptr(GString) text = g_string_new(NULL);
	g_autoptr(GPtrArray) found = NULL;
	json_t *list = json_array();

	if (!terms)
		return list;
	for (gsize i = 0; i < json_array_size(mails); i++) {
		const json_t *mail = json_array_get(mails, i);

		g_string_append_printf(text, "%s\n%s\n",
		    json_string_value(json_object_get(mail, "subject")),
		    json_string_value(json_object_get(mail, "text")));
	}
	found = kd_terms_find(terms, text->str, KD_BRIEF_TERMS);
	for (guint i = 0; i < found->len; i++) {
		const struct kd_term *term = found->pdata[i];

		json_array_append_new(list,
		    json_pack("{s:s, s:s, s:s}", "term", term->english, "zh",
			term->chinese, "expansion", term->expansion));
	}
	return list;
}

json_t *
kd_brief_new(const struct kd_topic *topic, const kd_digest *digest,
    const kd_terms *terms)
{
	g_autoptr(GHashTable) indexes = index_mails(topic);
	json_t *mails = mails_json(topic, digest);

	return json_pack("{s:i, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "format",
	    KD_BRIEF_FORMAT, "topic", topic_json(topic, digest, indexes),
	    "window", window_json(digest), "previous",
	    previous_json(topic, indexes), "postings",
	    postings_json(topic, digest, indexes), "facts", facts_json(topic),
	    "mails", mails, "terms", terms_json(mails, terms));
}

static int
compare_fields(gconstpointer a, gconstpointer b)
{
	const struct kd_sentence *first = a, *second = b;

	return (int)first->field - (int)second->field;
}

/* Who wrote the summary: a plain name, or "" for what is none. */
static char *
read_source(const json_t *summary)
{
	const char *name = json_string_value(
	    json_object_get(json_object_get(summary, "source"), "filter"));

	if (!name || strlen(name) > SOURCE_MAX)
		return g_strdup("");
	for (const char *p = name; *p; p++)
		if (!g_ascii_isalnum(*p) && !strchr("-_.+ ", *p))
			return g_strdup("");
	return g_strdup(name);
}

gboolean
kd_brief_read_summary(
    struct kd_topic *topic, const json_t *answer, GError **error)
{
	const json_t *summary = json_object_get(answer, "summary");
	const json_t *list = json_object_get(summary, "sentences");
	GList *sentences = NULL;
	gsize n = json_array_size(list);
	guint refused = 0;

	if (!json_is_array(list)) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_DATA,
		    "summary: no list of sentences");
		return FALSE;
	}
	for (gsize i = 0; i < n; i++) {
		struct kd_sentence *sentence = NULL;

		if (i < KD_BRIEF_SENTENCES)
			sentence =
			    kd_verify_sentence(topic, json_array_get(list, i));
		if (sentence)
			sentences = g_list_prepend(sentences, sentence);
		else
			refused++;
	}
	/* A stable order by fields, whatever that of the answer. */
	sentences = g_list_sort(g_list_reverse(sentences), compare_fields);
	g_ptr_array_set_size(topic->sentences, 0);
	for (GList *p = sentences; p; p = p->next)
		g_ptr_array_add(topic->sentences, p->data);
	g_list_free(sentences);
	topic->refused = refused;
	g_free(topic->source);
	topic->source = read_source(summary);
	return TRUE;
}
