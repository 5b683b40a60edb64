#include "config.h"

#include <string.h>

#include "brief.h"
#include "error.h"
#include "tale.h"
#include "text.h"

#define NAME_COLUMNS  40
#define TITLE_COLUMNS 160

/* Where in the brief we are, for errors. */
struct reader {
	const char *list; /* "mails", or NULL */
	gsize index;
	const char *year; /* of the window, four digits */
	GHashTable *labels;
	GError *error; /* the first one */
};

static void
complain(struct reader *reader, const char *key, const char *reason)
{
	if (reader->error)
		return;
	if (reader->list)
		g_set_error(&reader->error, KD_ERROR, KD_ERROR_DATA,
		    "brief: %s[%" G_GSIZE_FORMAT "].%s: %s", reader->list,
		    reader->index, key, reason);
	else
		g_set_error(&reader->error, KD_ERROR, KD_ERROR_DATA,
		    "brief: %s: %s", key, reason);
}

static const char *
get_string(struct reader *reader, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (json_is_string(value) &&
	    strlen(json_string_value(value)) == json_string_length(value))
		return json_string_value(value);
	complain(reader, key, "no string");
	return "";
}

/* A key that may be missing. */
static gboolean
get_flag(struct reader *reader, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (value && !json_is_boolean(value))
		complain(reader, key, "neither true nor false");
	return json_is_true(value);
}

/* A number of 0 and more; null and missing are none, -1. */
static int
get_number(struct reader *reader, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);

	if (!value || json_is_null(value))
		return -1;
	if (!json_is_integer(value) || json_integer_value(value) < 0 ||
	    json_integer_value(value) > 1000000) {
		complain(reader, key, "no number");
		return -1;
	}
	return (int)json_integer_value(value);
}

/* The index of the mail that a key's label names; null is -1. */
static int
get_label(struct reader *reader, const json_t *object, const char *key)
{
	const json_t *value = json_object_get(object, key);
	gpointer index = NULL;

	if (!value || json_is_null(value))
		return -1;
	if (json_is_string(value))
		index = g_hash_table_lookup(
		    reader->labels, json_string_value(value));
	if (!index)
		complain(reader, key, "no such mail");
	return GPOINTER_TO_INT(index) - 1;
}

/* "2021-03-09T..." as people read it beside the window. */
static char *
get_day(struct reader *reader, const json_t *object)
{
	const char *date = get_string(reader, object, "date");

	for (int i = 0; i < 10; i++)
		if (i == 4 || i == 7 ? date[i] != '-'
				     : !g_ascii_isdigit(date[i])) {
			complain(reader, "date", "no date");
			return g_strdup("");
		}
	return strncmp(date, reader->year, 4) ? g_strndup(date, 10)
					      : g_strndup(date + 5, 5);
}

/*
 * A person's name and key.  Without a name it is the address up to its "@":
 * a digest does not spread addresses.
 */
static void
get_author(struct reader *reader, const json_t *object, char **name, char **key)
{
	const json_t *author = json_object_get(object, "author");
	const char *given = get_string(reader, author, "name");
	const char *address = get_string(reader, author, "address");
	g_autofree char *clean = kd_text_clean(given);

	*key = g_utf8_casefold(*address ? address : given, -1);
	if (!*clean || strchr(clean, '@')) {
		g_free(clean);
		clean = kd_text_clean(*address ? address : given);
		clean[strcspn(clean, "@")] = '\0';
	}
	*name = *clean ? kd_text_clip(clean, NAME_COLUMNS) : g_strdup("匿名");
}

static char *
get_title(struct reader *reader, const json_t *object)
{
	g_autofree char *clean =
	    kd_text_clean(get_string(reader, object, "title"));

	return kd_text_clip(clean, TITLE_COLUMNS);
}

static void
mail_free(gpointer data)
{
	struct kd_tale_mail *mail = data;

	g_free(mail->name);
	g_free(mail->key);
	g_free(mail->day);
	g_free(mail);
}

static void
posting_free(gpointer data)
{
	struct kd_tale_posting *posting = data;

	g_free(posting->name);
	g_free(posting->key);
	g_free(posting->day);
	g_free(posting->title);
	g_free(posting);
}

static void
fact_free(gpointer data)
{
	struct kd_tale_fact *fact = data;

	g_free(fact->value);
	g_free(fact);
}

static void
read_mail(struct reader *reader, kd_tale *tale, const json_t *object)
{
	struct kd_tale_mail *mail = g_new0(struct kd_tale_mail, 1);

	g_ptr_array_add(tale->mails, mail);
	mail->label = get_string(reader, object, "label");
	mail->kind = get_string(reader, object, "kind");
	mail->text = get_string(reader, object, "text");
	mail->day = get_day(reader, object);
	mail->in_window = get_flag(reader, object, "in_window");
	mail->robot =
	    get_flag(reader, json_object_get(object, "author"), "robot");
	mail->posting = get_number(reader, object, "posting");
	mail->part = get_number(reader, object, "part");
	mail->parent = -1;
	get_author(reader, object, &mail->name, &mail->key);
	if (mail->posting >= (int)tale->postings->len)
		complain(reader, "posting", "no such posting");
	if (!g_hash_table_insert(reader->labels, (gpointer)mail->label,
		GUINT_TO_POINTER(tale->mails->len)))
		complain(reader, "label", "used twice");
}

/* The rest of a mail, once all labels are known. */
static void
link_mail(struct reader *reader, kd_tale *tale, const json_t *object)
{
	struct kd_tale_mail *mail = tale->mails->pdata[reader->index];

	mail->parent = get_label(reader, object, "reply_to");
}

static void
read_posting(struct reader *reader, kd_tale *tale, const json_t *object)
{
	struct kd_tale_posting *posting = g_new0(struct kd_tale_posting, 1);

	g_ptr_array_add(tale->postings, posting);
	posting->version = get_string(reader, object, "version");
	if (!g_ascii_isdigit(*posting->version) ||
	    strlen(posting->version) > 8 ||
	    posting->version[strspn(posting->version, "0123456789.")])
		complain(reader, "version", "no version");
	posting->day = get_day(reader, object);
	posting->title = get_title(reader, object);
	posting->parts = (guint)MAX(get_number(reader, object, "parts"), 0);
	posting->total = (guint)MAX(get_number(reader, object, "total"), 0);
	posting->cover = get_flag(reader, object, "cover");
	posting->complete = get_flag(reader, object, "complete");
	posting->in_window = get_flag(reader, object, "in_window");
	posting->rfc = get_flag(reader, object, "rfc");
	posting->resend = get_flag(reader, object, "resend");
	posting->beside = get_flag(reader, object, "beside");
	posting->mail = -1;
	get_author(reader, object, &posting->name, &posting->key);
}

static void
link_posting(struct reader *reader, kd_tale *tale, const json_t *object)
{
	struct kd_tale_posting *posting = tale->postings->pdata[reader->index];

	posting->mail = get_label(reader, object, "mail");
}

static void
read_fact(struct reader *reader, kd_tale *tale, const json_t *object)
{
	enum kd_fact_kind kind =
	    kd_fact_kind(get_string(reader, object, "kind"));
	struct kd_tale_fact *fact;
	int mail = get_label(reader, object, "mail");

	if (mail < 0)
		complain(reader, "mail", "no such mail");
	if (mail < 0 || kind == KD_FACT_NONE)
		return;
	fact = g_new0(struct kd_tale_fact, 1);
	fact->kind = kind;
	fact->mail = (guint)mail;
	fact->answer = get_label(reader, object, "answered_by");
	fact->value = kd_text_clean(get_string(reader, object, "value"));
	g_ptr_array_add(tale->facts, fact);
}

static void
read_list(struct reader *reader, kd_tale *tale, const json_t *brief,
    const char *key, void (*read)(struct reader *, kd_tale *, const json_t *))
{
	const json_t *list = json_object_get(brief, key);

	if (!json_is_array(list))
		complain(reader, key, "no list");
	reader->list = key;
	for (reader->index = 0;
	     !reader->error && reader->index < json_array_size(list);
	     reader->index++)
		read(reader, tale, json_array_get(list, reader->index));
	reader->list = NULL;
}

/* What answers a part is about it; parents come before their answers. */
static void
inherit_parts(kd_tale *tale)
{
	for (guint i = 0; i < tale->mails->len; i++) {
		struct kd_tale_mail *mail = tale->mails->pdata[i];

		if (mail->part < 0 && mail->parent >= 0 &&
		    mail->parent < (int)i)
			mail->part =
			    kd_tale_mail(tale, (guint)mail->parent)->part;
	}
}

kd_tale *
kd_tale_read(const json_t *brief, GError **error)
{
	g_autoptr(GHashTable) labels =
	    g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(kd_tale) tale = g_new0(kd_tale, 1);
	struct reader reader = {.labels = labels};
	const json_t *topic = json_object_get(brief, "topic");

	tale->mails = g_ptr_array_new_with_free_func(mail_free);
	tale->postings = g_ptr_array_new_with_free_func(posting_free);
	tale->facts = g_ptr_array_new_with_free_func(fact_free);
	if (json_integer_value(json_object_get(brief, "format")) !=
	    KD_BRIEF_FORMAT)
		complain(&reader, "format", "not 1");
	tale->category = get_string(&reader, topic, "category");
	tale->title = get_title(&reader, topic);
	reader.year =
	    get_string(&reader, json_object_get(brief, "window"), "since");
	read_list(&reader, tale, brief, "postings", read_posting);
	read_list(&reader, tale, brief, "mails", read_mail);
	read_list(&reader, tale, brief, "mails", link_mail);
	read_list(&reader, tale, brief, "postings", link_posting);
	read_list(&reader, tale, brief, "facts", read_fact);
	if (tale->mails->len == 0)
		complain(&reader, "mails", "empty");
	if (reader.error) {
		g_propagate_error(error, reader.error);
		return NULL;
	}
	inherit_parts(tale);
	return g_steal_pointer(&tale);
}

void
kd_tale_free(kd_tale *tale)
{
	if (!tale)
		return;
	g_free(tale->title);
	g_clear_pointer(&tale->mails, g_ptr_array_unref);
	g_clear_pointer(&tale->postings, g_ptr_array_unref);
	g_clear_pointer(&tale->facts, g_ptr_array_unref);
	g_free(tale);
}

const struct kd_tale_mail *
kd_tale_mail(const kd_tale *tale, guint index)
{
	return tale->mails->pdata[index];
}

const struct kd_tale_posting *
kd_tale_posting(const kd_tale *tale, guint index)
{
	return tale->postings->pdata[index];
}

const struct kd_tale_fact *
kd_tale_fact(const kd_tale *tale, guint index)
{
	return tale->facts->pdata[index];
}
