#include "config.h"

#include <gmime/gmime.h>
#include <string.h>

#include "address-list.h"
#include "author.h"
#include "auto.h"
#include "body.h"
#include "encoded-word.h"
#include "facts.h"
#include "message-private.h"
#include "mime-text.h"
#include "refs.h"
#include "scan.h"
#include "subject.h"
#include "text.h"

#define FIELD_MAX (64 * 1024) /* bytes of one field that are decoded */
#define SHORT_MAX 4096	      /* of a field that holds one address */

static enum field
which_field(const struct kd_field *field)
{
	if (kd_field_is(field, "Received"))
		return FIELD_RECEIVED;
	if (kd_field_is(field, "From"))
		return FIELD_FROM;
	if (kd_field_is(field, "X-Original-From"))
		return FIELD_ORIGINAL_FROM;
	if (kd_field_is(field, "Reply-To"))
		return FIELD_REPLY_TO;
	if (kd_field_is(field, "To"))
		return FIELD_TO;
	if (kd_field_is(field, "Cc"))
		return FIELD_CC;
	if (kd_field_is(field, "Subject"))
		return FIELD_SUBJECT;
	if (kd_field_is(field, "Date"))
		return FIELD_DATE;
	if (kd_field_is(field, "References"))
		return FIELD_REFERENCES;
	if (kd_field_is(field, "In-Reply-To"))
		return FIELD_IN_REPLY_TO;
	if (kd_field_is(field, "Message-ID"))
		return FIELD_MESSAGE_ID;
	if (kd_field_is(field, "Content-Type"))
		return FIELD_CONTENT_TYPE;
	if (kd_field_is(field, "Content-Transfer-Encoding"))
		return FIELD_CONTENT_ENCODING;
	if (kd_field_is(field, "Content-Disposition"))
		return FIELD_CONTENT_DISPOSITION;
	return FIELD_OTHER;
}

/* A field's value as a string of one line. */
static char *
unfold(const struct kd_field *field, gsize max, guint32 *flags)
{
	gsize length = MIN(field->value_length, max);
	const char *value = field->value;
	const char *end = value + length;
	char *text, *to;

	if (length < field->value_length)
		*flags |= KD_MAIL_CLIPPED;
	to = text = g_malloc(length + 1);
	while (value < end) {
		const char *lf = memchr(value, '\n', (gsize)(end - value));
		const char *stop = lf ? lf : end;

		if (lf && lf > value && lf[-1] == '\r')
			stop--;
		to = mempcpy(to, value, (gsize)(stop - value));
		value = lf ? lf + 1 : end;
	}
	*to = '\0';
	for (char *p = text; (p = memchr(p, '\0', (gsize)(to - p)));)
		*p++ = ' ';
	for (char *p = text; (p = strchr(p, '\r'));)
		*p++ = ' ';
	return g_strstrip(text);
}

const char *
kd_message_keep(struct kd_message *message, const char *string)
{
	return g_string_chunk_insert(message->chunk, string);
}

/* Make what was decoded fit to show. */
static const char *
keep_clean(struct kd_message *message, const char *decoded)
{
	g_autofree char *clean = kd_text_clean(decoded);

	return kd_message_keep(message, clean);
}

static void
read_subject(struct kd_message *message)
{
	const char *value = message->fields[FIELD_SUBJECT];
	gboolean wrong = FALSE;
	g_autofree char *mended =
	    kd_encoded_word_mend(value ? value : "", &wrong);
	/* What is ASCII without an encoded word says what it is. */
	gboolean plain = g_str_is_ascii(mended) && !strstr(mended, "=?");
	g_autofree char *decoded =
	    plain ? g_steal_pointer(&mended)
		  : g_mime_utils_header_decode_text(NULL, mended);

	message->record.subject = keep_clean(message, decoded);
	if (wrong)
		message->record.flags |= KD_MAIL_CHARSET;
}

static void
read_author(struct kd_message *message)
{
	const struct kd_author_fields fields = {
	    .from = message->fields[FIELD_FROM],
	    .original_from = message->fields[FIELD_ORIGINAL_FROM],
	    .reply_to = message->fields[FIELD_REPLY_TO],
	    .copies = message->fields[FIELD_CC]};
	g_auto(kd_author) author = {0};
	kd_record *record = &message->record;

	if (!kd_author_read(&author, &fields))
		record->flags |= KD_MAIL_MALFORMED;
	if (author.wrong_charset)
		record->flags |= KD_MAIL_CHARSET;
	record->name = kd_message_keep(message, author.name);
	record->address = kd_message_keep(message, author.address);
	if (kd_robots_match(message->robots, author.name, author.address))
		record->flags |= KD_MAIL_ROBOT;
}

static void
read_odd_copies(struct kd_message *message, const char *value)
{
	g_autoptr(InternetAddressList) list =
	    internet_address_list_parse(NULL, value);
	int n = list ? internet_address_list_length(list) : 0;

	for (int i = 0; i < n; i++) {
		InternetAddress *entry =
		    internet_address_list_get_address(list, i);
		g_autofree char *lower = NULL;

		if (!INTERNET_ADDRESS_IS_MAILBOX(entry))
			continue;
		lower = g_ascii_strdown(internet_address_mailbox_get_addr(
					    INTERNET_ADDRESS_MAILBOX(entry)),
		    -1);
		g_ptr_array_add(
		    message->copies, (gpointer)keep_clean(message, lower));
	}
}

static void
read_copies(struct kd_message *message, const char *value)
{
	if (!kd_address_list_read(message->copies, message->chunk, value))
		read_odd_copies(message, value);
	if (message->copies->len > KD_COPIES_MAX) {
		message->record.flags |= KD_MAIL_CLIPPED;
		g_ptr_array_set_size(message->copies, KD_COPIES_MAX);
	}
}

/*
 * Copy a Content-* field for GMime, folded as it is.  A NUL would end the
 * header for it, a bare CR begin a new field.
 */
static void
copy_field(struct kd_message *message, const struct kd_field *field)
{
	GByteArray *content = message->content;
	guint from = content->len;

	g_byte_array_append(
	    content, (const guint8 *)field->name, (guint)field->name_length);
	g_byte_array_append(content, (const guint8 *)":", 1);
	g_byte_array_append(content, (const guint8 *)field->value,
	    (guint)MIN(field->value_length, SHORT_MAX));
	if (field->value_length > SHORT_MAX)
		message->record.flags |= KD_MAIL_CLIPPED;
	for (guint i = from; i < content->len; i++)
		if (!content->data[i] ||
		    (content->data[i] == '\r' && i + 1 < content->len &&
			content->data[i + 1] != '\n'))
			content->data[i] = ' ';
	g_byte_array_append(content, (const guint8 *)"\n", 1);
}

/* RFC 2045, 5.2: what is no "type/subtype" is ignored. */
static gboolean
is_media_type(const struct kd_field *field)
{
	g_autofree char *value =
	    g_strndup(field->value, MIN(field->value_length, SHORT_MAX));
	const char *type = value + strspn(value, " \t\r\n");
	const char *slash = type + strcspn(type, "/ \t\r\n;,=()<>@:\"");

	return slash > type && *slash == '/' && g_ascii_isalpha(slash[1]);
}

static void
take_copies(struct kd_message *message, const struct kd_field *field)
{
	g_autofree char *value =
	    unfold(field, FIELD_MAX, &message->record.flags);

	read_copies(message, value);
}

static void
take_content(
    struct kd_message *message, const struct kd_field *field, enum field which)
{
	if (which != FIELD_CONTENT_TYPE || is_media_type(field))
		copy_field(message, field);
	else
		message->record.flags |= KD_MAIL_MALFORMED;
}

/* again: there was one of the name before. */
static void
take_field(struct kd_message *message, const struct kd_field *field,
    enum field which, gboolean again)
{
	const char *value = field->value;
	gsize length = field->value_length;

	if (which < SINGLES && !again)
		message->fields[which] = unfold(field,
		    which == FIELD_SUBJECT || which == FIELD_CC ? FIELD_MAX
								: SHORT_MAX,
		    &message->record.flags);
	switch (which) {
	case FIELD_REFERENCES:
		kd_refs_parse(message->refs, value, length);
		kd_refs_parse_bare(message->bare, value, length);
		break;
	case FIELD_IN_REPLY_TO:
		kd_refs_parse(message->in_reply_to, value, length);
		break;
	case FIELD_MESSAGE_ID:
		g_ptr_array_add(
		    message->aliases, kd_refs_identity(value, length));
		break;
	case FIELD_TO:
	case FIELD_CC:
		take_copies(message, field);
		break;
	case FIELD_CONTENT_TYPE:
	case FIELD_CONTENT_ENCODING:
	case FIELD_CONTENT_DISPOSITION:
		if (!again)
			take_content(message, field, which);
		break;
	default:
		break;
	}
}

/* Returns where the body begins. */
static const char *
read_header(struct kd_message *message, const char *mail, gsize length)
{
	struct kd_scan scan;
	struct kd_field field;
	gboolean seen[FIELD_OTHER + 1] = {FALSE};

	kd_scan_begin(&scan, mail, length);
	while (kd_scan_next(&scan, &field)) {
		enum field which = which_field(&field);

		take_field(message, &field, which, seen[which]);
		seen[which] = TRUE;
	}
	if (scan.clipped)
		message->record.flags |= KD_MAIL_CLIPPED;
	if (scan.malformed)
		message->record.flags |= KD_MAIL_MALFORMED;
	return scan.at;
}

static void
read_facts(struct kd_message *message)
{
	kd_record *record = &message->record;
	g_autoptr(kd_subject) subject = kd_subject_parse(record->subject);
	struct kd_findings findings = {.chunk = message->chunk,
	    .facts = message->facts,
	    .paths = message->paths};

	kd_facts_extract(&findings, subject, message->text, record->name,
	    record->address, record->flags);
	if (findings.diff)
		record->flags |= KD_MAIL_PATCH;
	record->insertions = findings.insertions;
	record->deletions = findings.deletions;
	record->body_hash = kd_body_hash(message->text);
}

static void
fill_lists(struct kd_message *message)
{
	kd_record *record = &message->record;

	record->aliases = (const char **)message->aliases->pdata;
	record->n_aliases = message->aliases->len;
	record->refs = (const char **)message->refs->pdata;
	record->n_refs = message->refs->len;
	record->bare = (const char **)message->bare->pdata;
	record->n_bare = message->bare->len;
	record->copies = (const char **)message->copies->pdata;
	record->n_copies = message->copies->len;
	record->paths = (const char **)message->paths->pdata;
	record->n_paths = message->paths->len;
	record->facts = (struct kd_fact *)(void *)message->facts->data;
	record->n_facts = message->facts->len;
	record->text = message->text;
}

static struct kd_message *
message_new(guint32 flags)
{
	struct kd_message *message = g_new0(struct kd_message, 1);

	message->record.flags = flags;
	message->record.parent = "";
	message->record.subject = "";
	message->chunk = g_string_chunk_new(1024);
	message->aliases = g_ptr_array_new_with_free_func(g_free);
	message->refs = g_ptr_array_new_with_free_func(g_free);
	message->bare = g_ptr_array_new_with_free_func(g_free);
	message->in_reply_to = g_ptr_array_new_with_free_func(g_free);
	message->copies = g_ptr_array_new();
	message->paths = g_ptr_array_new();
	message->facts = g_array_new(FALSE, TRUE, sizeof(struct kd_fact));
	message->content = g_byte_array_new();
	return message;
}

kd_message *
kd_message_parse(const kd_robots *robots, const char *mail, gsize length,
    gint64 arrival, guint32 flags)
{
	struct kd_message *message = message_new(flags);
	const char *body;

	message->robots = robots;
	body = read_header(message, mail, length);
	read_author(message);
	kd_message_read_identity(message, mail, length);
	kd_message_read_refs(message);
	kd_message_read_times(message, arrival);
	read_subject(message);
	message->text = kd_mime_text(message->content, body,
	    (gsize)(mail + length - body), &message->record.flags);
	read_facts(message);
	fill_lists(message);
	return message;
}

const kd_record *
kd_message_record(const kd_message *message)
{
	return &message->record;
}

void
kd_message_free(kd_message *message)
{
	if (!message)
		return;
	g_string_chunk_free(message->chunk);
	g_ptr_array_unref(message->aliases);
	g_ptr_array_unref(message->refs);
	g_ptr_array_unref(message->bare);
	g_ptr_array_unref(message->in_reply_to);
	g_ptr_array_unref(message->copies);
	g_ptr_array_unref(message->paths);
	g_array_unref(message->facts);
	g_byte_array_unref(message->content);
	for (int i = 0; i < SINGLES; i++)
		g_free(message->fields[i]);
	g_free(message->text);
	g_free(message);
}
