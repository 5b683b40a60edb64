#include "config.h"

#include <string.h>

#include <gmime/gmime.h>

#include "address.h"
#include "auto.h"
#include "compose.h"
#include "error.h"

#define LINE_MAX_RFC 78 /* RFC 5322 2.1.1 */
#define SLUG_MAX     32 /* bytes of a list's name in identifiers */

/* What distinguishes one digest, and its mail, from others. */
struct label {
	char *list;   /* "kvmarm", [a-z0-9-] */
	char *period; /* "2021-W10", or "2021-03-08--2021-03-10" */
	char *host;   /* domain of mail.from */
};

static void
label_clear(struct label *label)
{
	g_free(label->list);
	g_free(label->period);
	g_free(label->host);
}

typedef struct label kd_label;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(kd_label, label_clear)

/* text in lower case, whatever is no ASCII letter or digit being one "-". */
static char *
make_slug(const char *text)
{
	g_autoptr(GString) slug = g_string_new(NULL);
	gboolean gap = FALSE;

	for (; *text && slug->len < SLUG_MAX; text++) {
		if (!g_ascii_isalnum(*text)) {
			gap = slug->len > 0;
			continue;
		}
		if (gap)
			g_string_append_c(slug, '-');
		g_string_append_c(slug, g_ascii_tolower(*text));
		gap = FALSE;
	}
	return g_string_free(g_steal_pointer(&slug), FALSE);
}

/* A name in Chinese leaves no letters; the list's id has some. */
static char *
list_slug(const kd_digest *digest)
{
	g_autofree char *slug = make_slug(digest->list_name);

	if (!*slug) {
		g_free(slug);
		slug = make_slug(digest->list_id);
	}
	return *slug ? g_steal_pointer(&slug) : g_strdup("list");
}

/*
 * The week, else the window's two ends: the first and the last day of whole
 * days, or both times.
 */
static char *
period_format(
    const struct kd_window *window, const char *separator, const char *time)
{
	g_autofree char *clock =
	    kd_time_format(window->since, window->zone, "%T");
	g_autofree char *clock_end =
	    kd_time_format(window->until, window->zone, "%T");
	gboolean days = !strcmp(clock, "00:00:00") &&
			!strcmp(clock_end, "00:00:00") &&
			window->until > window->since;
	g_autofree char *since = kd_time_format(
	    window->since, window->zone, days ? KD_TIME_DAY : time);
	g_autofree char *until = kd_time_format(
	    window->until - days, window->zone, days ? KD_TIME_DAY : time);

	if (*window->week)
		return g_strdup(window->week);
	return g_strconcat(since, separator, until, NULL);
}

static gboolean
make_label(struct label *label, const kd_digest *digest, const kd_conf *conf,
    GError **error)
{
	g_autofree char *from = NULL;

	if (!conf->mail_from) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_CONFIG,
		    "mail.from: not set: the mail needs a sender");
		return FALSE;
	}
	from = kd_address_plain("mail.from", conf->mail_from, error);
	if (!from)
		return FALSE;
	label->list = list_slug(digest);
	label->period = period_format(&digest->window, "--", "%Y-%m-%dT%H%M%S");
	label->host = g_ascii_strdown(strchr(from, '@') + 1, -1);
	return TRUE;
}

static char *
message_id(const struct label *label)
{
	return g_strdup_printf(
	    "kvdigest.%s.%s@%s", label->list, label->period, label->host);
}

char *
kd_compose_message_id(
    const kd_digest *digest, const kd_conf *conf, GError **error)
{
	g_auto(kd_label) label = {0};

	if (!make_label(&label, digest, conf, error))
		return NULL;
	return message_id(&label);
}

/*
 * A field whose value is one ASCII word and stays one.  GMime would make
 * encoded words of a long List-Id and never folds a Message-ID.
 */
static void
set_word(GMimeMessage *message, const char *name, const char *value)
{
	GMimeHeaderList *headers =
	    g_mime_object_get_header_list(GMIME_OBJECT(message));
	gboolean fits =
	    strlen(name) + strlen(": ") + strlen(value) <= LINE_MAX_RFC;
	g_autofree char *raw =
	    g_strconcat(fits ? " " : "\n ", value, "\n", NULL);

	g_mime_header_list_append(headers, name, value, NULL);
	g_mime_header_set_raw_value(
	    g_mime_header_list_get_header(headers, name), raw);
}

/* mailbox has passed kd_address_plain(). */
static void
add_mailbox(GMimeMessage *message, GMimeAddressType type, const char *mailbox)
{
	g_autoptr(InternetAddressList) list =
	    internet_address_list_parse(NULL, mailbox);
	InternetAddress *address = internet_address_list_get_address(list, 0);

	/* Left alone, GMime takes the smallest charset: ISO-8859-2, GB2312. */
	internet_address_set_charset(address, "utf-8");
	internet_address_list_add(
	    g_mime_message_get_addresses(message, type), address);
}

static gboolean
set_addresses(GMimeMessage *message, const kd_conf *conf, GError **error)
{
	if (!conf->mail_to || !*conf->mail_to) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_CONFIG,
		    "mail.to: not set: the mail needs a recipient");
		return FALSE;
	}
	add_mailbox(message, GMIME_ADDRESS_TYPE_FROM, conf->mail_from);
	for (char **to = conf->mail_to; *to; to++) {
		g_autofree char *plain =
		    kd_address_plain("mail.to", *to, error);

		if (!plain)
			return FALSE;
		add_mailbox(message, GMIME_ADDRESS_TYPE_TO, *to);
	}
	for (char **to = conf->mail_to; *to; to++)
		add_mailbox(message, GMIME_ADDRESS_TYPE_REPLY_TO, *to);
	return TRUE;
}

static void
set_subject(
    GMimeMessage *message, const kd_digest *digest, const struct label *label)
{
	g_autofree char *period =
	    period_format(&digest->window, " 至 ", "%Y-%m-%d %H:%M");
	g_autofree char *subject =
	    g_strdup_printf("[%s 周报] %s：%u 封，%u 个话题", label->list,
		period, digest->in_window, digest->topics->len);

	g_mime_message_set_subject(message, subject, "utf-8");
}

static void
set_date(GMimeMessage *message, const kd_digest *digest)
{
	g_autoptr(GDateTime) utc =
	    g_date_time_new_from_unix_utc(digest->generated);
	g_autoptr(GDateTime) local =
	    g_date_time_to_timezone(utc, digest->window.zone);

	g_mime_message_set_date(message, local);
}

/*
 * What makes the digests of a list one thread, and a list of their own to
 * filters (RFC 2919, RFC 2369).
 */
static void
set_identity(
    GMimeMessage *message, const kd_digest *digest, const struct label *label)
{
	g_autofree char *id = message_id(label);
	g_autofree char *bracketed = g_strdup_printf("<%s>", id);
	g_autofree char *thread =
	    g_strdup_printf("<kvdigest.%s@%s>", label->list, label->host);
	g_autofree char *list =
	    g_strdup_printf("<kvdigest.%s.%s>", label->list, label->host);

	set_word(message, "Message-ID", bracketed);
	set_word(message, "In-Reply-To", thread);
	set_word(message, "References", thread);
	set_word(message, "List-Id", list);
	if (digest->list_archive) {
		g_autofree char *escaped = g_uri_escape_string(
		    digest->list_archive, ":/?#[]@!$&'()*+,;=%", FALSE);
		g_autofree char *url = g_strdup_printf("<%s>", escaped);

		set_word(message, "List-Archive", url);
	}
}

/* Nobody's holiday notice shall answer this, RFC 3834 and common practice. */
static void
set_automatic(GMimeMessage *message, const struct label *label)
{
	set_word(message, "Auto-Submitted", "auto-generated");
	set_word(message, "Precedence", "bulk");
	set_word(message, "X-Auto-Response-Suppress", "OOF, AutoReply");
	set_word(message, "Content-Language", "zh-CN");
	set_word(message, "X-Kvdigest", label->period);
}

/*
 * A text in UTF-8.  Always base64: it is a third smaller than
 * quoted-printable for Chinese, keeps lines short whatever the text, and gives
 * back the very bytes, line feeds included, which is why these are not made
 * CRLF first as RFC 2045 6.8 would have it.
 */
static GMimePart *
make_part(const char *subtype, const char *text)
{
	GMimePart *part = g_mime_part_new_with_type("text", subtype);
	g_autoptr(GMimeStream) stream =
	    g_mime_stream_mem_new_with_buffer(text, strlen(text));
	g_autoptr(GMimeDataWrapper) content =
	    g_mime_data_wrapper_new_with_stream(
		stream, GMIME_CONTENT_ENCODING_DEFAULT);

	g_mime_object_set_content_type_parameter(
	    GMIME_OBJECT(part), "charset", "utf-8");
	g_mime_part_set_content(part, content);
	g_mime_part_set_content_encoding(part, GMIME_CONTENT_ENCODING_BASE64);
	return part;
}

/* "=_" cannot occur in base64, so a boundary need not be random. */
static GMimeMultipart *
make_multipart(const char *subtype)
{
	GMimeMultipart *multipart = g_mime_multipart_new_with_subtype(subtype);
	g_autofree char *boundary = g_strdup_printf("=_%s", subtype);

	g_mime_multipart_set_boundary(multipart, boundary);
	return multipart;
}

static GMimeMultipart *
make_alternative(const kd_digest *digest)
{
	GMimeMultipart *alternative = make_multipart("alternative");
	g_autofree char *text = kd_render_text(digest);
	g_autofree char *html = kd_render_html(digest);
	g_autoptr(GMimePart) plain = make_part("plain", text);
	g_autoptr(GMimePart) rich = make_part("html", html);

	g_mime_multipart_add(alternative, GMIME_OBJECT(plain));
	g_mime_multipart_add(alternative, GMIME_OBJECT(rich));
	return alternative;
}

static GMimePart *
make_attachment(const kd_digest *digest, const struct label *label)
{
	g_autofree char *md = kd_render_md(digest);
	GMimePart *part = make_part("markdown", md);
	g_autofree char *name =
	    g_strdup_printf("%s-%s.md", label->list, label->period);

	g_mime_object_set_disposition(
	    GMIME_OBJECT(part), GMIME_DISPOSITION_ATTACHMENT);
	g_mime_part_set_filename(part, name);
	return part;
}

static GBytes *
serialise(GMimeMessage *message)
{
	g_autoptr(GMimeStream) stream = g_mime_stream_mem_new();
	GByteArray *bytes =
	    g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(stream));

	g_mime_object_write_to_stream(GMIME_OBJECT(message), NULL, stream);
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	return g_byte_array_free_to_bytes(bytes);
}

GBytes *
kd_compose(const kd_digest *digest, const kd_conf *conf, GError **error)
{
	g_auto(kd_label) label = {0};
	g_autoptr(GMimeMessage) message = NULL;
	g_autoptr(GMimeMultipart) mixed = NULL;
	g_autoptr(GMimeMultipart) alternative = NULL;
	g_autoptr(GMimePart) attachment = NULL;

	g_mime_init();
	message = g_mime_message_new(FALSE);
	if (!make_label(&label, digest, conf, error) ||
	    !set_addresses(message, conf, error))
		return NULL;
	set_subject(message, digest, &label);
	set_date(message, digest);
	set_identity(message, digest, &label);
	set_automatic(message, &label);

	mixed = make_multipart("mixed");
	alternative = make_alternative(digest);
	attachment = make_attachment(digest, &label);
	g_mime_multipart_add(mixed, GMIME_OBJECT(alternative));
	g_mime_multipart_add(mixed, GMIME_OBJECT(attachment));
	g_mime_message_set_mime_part(message, GMIME_OBJECT(mixed));
	return serialise(message);
}
