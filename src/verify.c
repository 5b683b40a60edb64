#include "config.h"

#include <string.h>

#include "verify.h"

#define MARKS_MAX 4 /* combining marks in a row */

/* What no sentence needs, and markup or a chat template does. */
static const char *const refused_strings[] = {"://", "www.",
    "mailto:", "javascript:", "](", "![", "```", "~~~", "<|", "|>", "<｜",
    "｜>", "[INST]", "[/INST]", "<<SYS>>", "[SYSTEM", "\xe2\x96\x81", NULL};

/* What Unicode shows as nothing though it is no format character. */
static const gunichar invisible[] = {
    0x034f, 0x115f, 0x1160, 0x17b4, 0x17b5, 0x2800, 0x3164, 0xffa0};

static gboolean
is_shown(gunichar c)
{
	for (gsize i = 0; i < G_N_ELEMENTS(invisible); i++)
		if (c == invisible[i])
			return FALSE;
	/* Variation selectors. */
	if ((c >= 0xfe00 && c <= 0xfe0f) || (c >= 0xe0000 && c <= 0xe0fff) ||
	    (c >= 0x180b && c <= 0x180f))
		return FALSE;
	switch (g_unichar_type(c)) {
	case G_UNICODE_CONTROL:
	case G_UNICODE_FORMAT:
	case G_UNICODE_UNASSIGNED:
	case G_UNICODE_PRIVATE_USE:
	case G_UNICODE_SURROGATE:
	case G_UNICODE_LINE_SEPARATOR:
	case G_UNICODE_PARAGRAPH_SEPARATOR:
		return FALSE;
	case G_UNICODE_SPACE_SEPARATOR:
		return c == ' ';
	default:
		return TRUE;
	}
}

/* Character by character: shown ones only, and one of them Chinese. */
static gboolean
has_good_characters(const char *text)
{
	gboolean chinese = FALSE;
	guint marks = 0;

	for (const char *p = text; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if (!is_shown(c) || (c == ' ' && p[1] == ' '))
			return FALSE;
		marks = g_unichar_ismark(c) ? marks + 1 : 0;
		if (marks > MARKS_MAX)
			return FALSE;
		if (g_unichar_get_script(c) == G_UNICODE_SCRIPT_HAN)
			chinese = TRUE;
	}
	return chinese;
}

/* `<linux/kvm.h>` after its "<". */
static gboolean
is_header(const char *p)
{
	gsize length = strcspn(p, ">");

	return p[length] == '>' && length > 2 &&
	       !memcmp(p + length - 2, ".h", 2) &&
	       strspn(p, "abcdefghijklmnopqrstuvwxyz0123456789_-/.") == length;
}

/* A tag, a comment or an entity of HTML begins at p. */
static gboolean
is_html(const char *p)
{
	if (*p == '<')
		return (g_ascii_isalpha(p[1]) || strchr("/!?", p[1])) && p[1] &&
		       !is_header(p + 1);
	if (*p != '&')
		return FALSE;
	p++;
	if (*p == '#')
		return TRUE;
	while (g_ascii_isalnum(*p))
		p++;
	return p[-1] != '&' && *p == ';';
}

static gsize
host_length(const char *p)
{
	gsize length = 0;

	while (
	    g_ascii_isalnum(p[length]) || p[length] == '-' || p[length] == '.')
		length++;
	return length;
}

/* The last label of a name, "org" of "a.example.org": two letters or more. */
static gboolean
ends_in_domain(const char *name, gsize length)
{
	gsize letters = 0;

	while (letters < length && g_ascii_isalpha(name[length - letters - 1]))
		letters++;
	return letters >= 2 && letters < length &&
	       name[length - letters - 1] == '.';
}

/* "a@example.org", or "example.org/x" which mailers make a link of. */
static gboolean
has_address(const char *text)
{
	for (const char *p = text; *p;) {
		gsize length = host_length(p);
		gboolean start = p == text || !strchr("/_-.", p[-1]);

		if (*p == '@' && p > text && g_ascii_isalnum(p[-1]) &&
		    memchr(p + 1, '.', host_length(p + 1)))
			return TRUE;
		if (start && length > 0 && p[length] == '/' &&
		    g_ascii_isalnum(p[length + 1]) && ends_in_domain(p, length))
			return TRUE;
		p += MAX(length, 1);
	}
	return FALSE;
}

static gboolean
has_markup(const char *text)
{
	const char *bold = strstr(text, "**");

	/* What a line of Markdown may begin with. */
	if (strchr("#>|", *text) || g_str_has_prefix(text, "- ") ||
	    g_str_has_prefix(text, "* ") || g_str_has_prefix(text, "+ "))
		return TRUE;
	if (bold && strstr(bold + 2, "**"))
		return TRUE;
	for (gsize i = 0; refused_strings[i]; i++)
		if (strstr(text, refused_strings[i]))
			return TRUE;
	for (const char *p = text; (p = strpbrk(p, "<&")); p++)
		if (is_html(p))
			return TRUE;
	return FALSE;
}

gboolean
kd_verify_text(const char *text, gsize length)
{
	return length > 0 && length <= KD_SENTENCE_MAX &&
	       g_utf8_validate_len(text, length, NULL) &&
	       strlen(text) == length && *text != ' ' &&
	       text[length - 1] != ' ' && has_good_characters(text) &&
	       !has_markup(text) && !has_address(text);
}

/* The index of the mail that a label "m12" names, or -1. */
static int
read_label(const struct kd_topic *topic, const json_t *label)
{
	const char *text = json_string_value(label);
	guint64 number;

	if (!text || *text != 'm' || text[1] < '1' || text[1] > '9' ||
	    strlen(text) > 8 || strlen(text) != json_string_length(label) ||
	    text[1 + strspn(text + 1, "0123456789")])
		return -1;
	number = g_ascii_strtoull(text + 1, NULL, 10);
	return number <= topic->mails->len ? (int)number - 1 : -1;
}

/*
 * Add the mails that a sentence cites, each once.  *older and *newer tell
 * whether one is from before the window and one is of it.
 */
static gboolean
read_cites(GPtrArray *cites, const struct kd_topic *topic, const json_t *list,
    gboolean *older, gboolean *newer)
{
	gsize n = json_array_size(list);

	if (n == 0 || n > KD_CITES_MAX)
		return FALSE;
	for (gsize i = 0; i < n; i++) {
		int index = read_label(topic, json_array_get(list, i));
		const struct kd_digest_mail *mail;

		if (index < 0)
			return FALSE;
		mail = topic->mails->pdata[index];
		*older = *older || !mail->in_window;
		*newer = *newer || mail->in_window;
		if (!g_ptr_array_find_with_equal_func(
			cites, mail->id, g_str_equal, NULL))
			g_ptr_array_add(cites, g_strdup(mail->id));
	}
	return TRUE;
}

struct kd_sentence *
kd_verify_sentence(const struct kd_topic *topic, const json_t *sentence)
{
	g_autoptr(GPtrArray) cites = g_ptr_array_new_with_free_func(g_free);
	const char *name =
	    json_string_value(json_object_get(sentence, "field"));
	const json_t *text = json_object_get(sentence, "text");
	enum kd_field field = name ? kd_field_from_name(name) : KD_FIELDS;
	gboolean older = FALSE, newer = FALSE;
	struct kd_sentence *shown;

	if (field == KD_FIELDS || !json_is_string(text) ||
	    !kd_verify_text(
		json_string_value(text), json_string_length(text)) ||
	    !read_cites(cites, topic, json_object_get(sentence, "cites"),
		&older, &newer))
		return NULL;
	if ((field == KD_FIELD_EARLIER && !older) ||
	    (field == KD_FIELD_WEEK && !newer))
		return NULL;
	shown = kd_sentence_new();
	shown->field = field;
	shown->text = g_strdup(json_string_value(text));
	g_ptr_array_unref(shown->cites);
	shown->cites = g_steal_pointer(&cites);
	return shown;
}
