#include "config.h"

#include <gmime/gmime.h>
#include <string.h>

#include "auto.h"
#include "body.h"
#include "html.h"
#include "mime-plain.h"
#include "mime-text.h"
#include "record.h"

#define PARTS_MAX 1000
#define DEPTH_MAX 32 /* multiparts within each other; mail has 4 */

/* What the parts of a mail give as text, plain and HTML apart. */
struct texts {
	GString *plain;
	GString *html;
	guint parts;
	gboolean wrong_charset;
	gboolean clipped;
	gboolean malformed;
};

/*
 * The bytes that still fit behind so many, cut at a line, else where a
 * character ends.
 */
static gsize
fitting(struct texts *texts, gsize used, const char *bytes, gsize length)
{
	gsize room = KD_TEXT_MAX - MIN(used, KD_TEXT_MAX);
	const char *line;

	if (length <= room)
		return length;
	texts->clipped = TRUE;
	line = memrchr(bytes, '\n', room);
	if (line)
		return (gsize)(line + 1 - bytes);
	while (room && ((guchar)bytes[room] & 0xc0) == 0x80)
		room--;
	return room;
}

static void
append_text(struct texts *texts, GString *out, const char *bytes, gsize length,
    const char *charset)
{
	g_autofree char *text =
	    kd_body_decode(bytes, fitting(texts, out->len, bytes, length),
		charset, &texts->wrong_charset);

	if (out->len && out->str[out->len - 1] != '\n')
		g_string_append_c(out, '\n');
	g_string_append(out, text);
}

static gboolean
parameter_is(GMimeContentType *type, const char *name, const char *value)
{
	const char *given = g_mime_content_type_get_parameter(type, name);

	return given && !g_ascii_strcasecmp(given, value);
}

/* A flowed text, which is changed, as one that is not. */
static char *
unflow(char *text, gboolean delsp)
{
	kd_body_clean(text);
	/* A footer is no part of the paragraph before it. */
	kd_body_strip_footer(text);
	return kd_body_unflow(text, delsp);
}

static void
append_flowed(GString *out, gsize from, gboolean delsp)
{
	g_autofree char *text = unflow(out->str + from, delsp);

	g_string_truncate(out, from);
	g_string_append(out, text);
}

static void
take_part(struct texts *texts, GMimePart *part)
{
	GMimeContentType *type =
	    g_mime_object_get_content_type(GMIME_OBJECT(part));
	GMimeDataWrapper *content = g_mime_part_get_content(part);
	const char *disposition =
	    g_mime_object_get_disposition(GMIME_OBJECT(part));
	gboolean html = g_mime_content_type_is_type(type, "text", "html");
	GString *out = html ? texts->html : texts->plain;
	gsize from = out->len;
	g_autoptr(GMimeStream) memory = NULL;
	GByteArray *bytes;

	if (!content || !g_mime_content_type_is_type(type, "text", "*"))
		return;
	if (disposition && !g_ascii_strcasecmp(disposition, "attachment") &&
	    !g_mime_content_type_is_type(type, "text", "x-patch") &&
	    !g_mime_content_type_is_type(type, "text", "x-diff"))
		return;
	memory = g_mime_stream_mem_new();
	g_mime_data_wrapper_write_to_stream(content, memory);
	bytes = g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(memory));
	append_text(texts, out, (const char *)bytes->data, bytes->len,
	    g_mime_content_type_get_parameter(type, "charset"));
	if (!html && parameter_is(type, "format", "flowed"))
		append_flowed(out, from, parameter_is(type, "delsp", "yes"));
}

/* A multipart whose boundary never comes is a text without parts. */
static void
take_prologue(struct texts *texts, GMimeMultipart *multipart)
{
	const char *text = g_mime_multipart_get_prologue(multipart);

	texts->malformed = TRUE;
	if (text)
		append_text(texts, texts->plain, text, strlen(text), NULL);
}

/* A part that is still to be looked at, and how many multiparts it is in. */
struct pending {
	GMimeObject *object;
	guint depth;
};

static void
push(GArray *todo, GMimeMultipart *multipart, int i, guint depth)
{
	const struct pending pending = {
	    g_mime_multipart_get_part(multipart, i), depth};

	g_array_append_val(todo, pending);
}

/* Of alternatives the plain one; of a signed mail what is signed. */
static void
push_children(GArray *todo, GMimeMultipart *multipart, guint depth)
{
	GMimeContentType *type =
	    g_mime_object_get_content_type(GMIME_OBJECT(multipart));
	int n = g_mime_multipart_get_count(multipart);

	if (g_mime_content_type_is_type(type, "multipart", "signed"))
		n = MIN(n, 1);
	if (g_mime_content_type_is_type(type, "multipart", "alternative"))
		for (int i = 0; i < n; i++)
			if (g_mime_content_type_is_type(
				g_mime_object_get_content_type(
				    g_mime_multipart_get_part(multipart, i)),
				"text", "plain")) {
				push(todo, multipart, i, depth);
				return;
			}
	/* The last one in is the first one out. */
	for (int i = n - 1; i >= 0; i--)
		push(todo, multipart, i, depth);
}

static void
walk(struct texts *texts, GMimeObject *root)
{
	g_autoptr(GArray) todo =
	    g_array_new(FALSE, FALSE, sizeof(struct pending));
	struct pending next = {root, 0};

	g_array_append_val(todo, next);
	while (todo->len) {
		next = g_array_index(todo, struct pending, todo->len - 1);
		g_array_set_size(todo, todo->len - 1);
		if (++texts->parts > PARTS_MAX) {
			texts->clipped = TRUE;
			return;
		}
		if (next.depth > DEPTH_MAX)
			texts->clipped = TRUE;
		else if (GMIME_IS_PART(next.object))
			take_part(texts, GMIME_PART(next.object));
		else if (!GMIME_IS_MULTIPART(next.object))
			continue;
		else if (g_mime_multipart_get_count(
			     GMIME_MULTIPART(next.object)))
			push_children(
			    todo, GMIME_MULTIPART(next.object), next.depth + 1);
		else
			take_prologue(texts, GMIME_MULTIPART(next.object));
	}
}

/* The text of a mail that is just that. */
static char *
take_plain(struct texts *texts, const struct kd_plain *plain)
{
	char *text = kd_body_decode(plain->bytes,
	    fitting(texts, 0, plain->bytes, plain->length),
	    *plain->charset ? plain->charset : NULL, &texts->wrong_charset);
	char *flowed;

	if (!plain->flowed)
		return text;
	flowed = unflow(text, plain->delsp);
	g_free(text);
	return flowed;
}

/* The text of a mail of parts, or of what only GMime understands. */
static char *
take_entity(struct texts *texts, GByteArray *entity)
{
	g_autoptr(GMimeStream) stream =
	    g_mime_stream_mem_new_with_byte_array(entity);
	g_autoptr(GMimeParser) parser = g_mime_parser_new_with_stream(stream);
	g_autoptr(GMimeObject) root =
	    g_mime_parser_construct_part(parser, NULL);

	/* The caller's array stays the caller's. */
	g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(stream), FALSE);
	texts->plain = g_string_new(NULL);
	texts->html = g_string_new(NULL);
	if (root)
		walk(texts, root);
	return g_string_free(texts->plain, FALSE);
}

static gboolean
is_blank(const char *text)
{
	return !text[strspn(text, " \t\n")];
}

char *
kd_mime_text(GByteArray *header, const char *body, gsize length, guint32 *flags)
{
	struct texts texts = {0};
	g_auto(kd_plain) one = {0};
	g_autofree char *html = NULL;
	char *text;

	/* The NUL makes a string of it, and is no part of it. */
	g_byte_array_append(header, (const guint8 *)"", 1);
	g_byte_array_set_size(header, header->len - 1);
	if (kd_plain_read(&one, (const char *)header->data, body, length)) {
		text = take_plain(&texts, &one);
	} else {
		g_byte_array_append(header, (const guint8 *)"\n", 1);
		g_byte_array_append(
		    header, (const guint8 *)body, (guint)length);
		text = take_entity(&texts, header);
		html = g_string_free(texts.html, FALSE);
	}
	kd_body_clean(text);
	kd_body_strip_footer(text);
	if (is_blank(text) && html && *html) {
		g_free(text);
		text = kd_html_to_text(html);
		kd_body_clean(text);
		*flags |= KD_MAIL_HTML;
	}
	if (texts.clipped)
		*flags |= KD_MAIL_CLIPPED;
	if (texts.wrong_charset)
		*flags |= KD_MAIL_CHARSET;
	if (texts.malformed)
		*flags |= KD_MAIL_MALFORMED;
	return text;
}
