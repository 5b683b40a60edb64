#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "sentences-private.h"
#include "verify.h"

#define PARTS_MAX 12 /* ranges of part numbers in one list */

void
kd_speech_cite(struct kd_speech *speech, int mail)
{
	guint index = (guint)mail;

	if (mail < 0 || speech->proof->len >= KD_SAY_CITES)
		return;
	for (guint i = 0; i < speech->proof->len; i++)
		if (g_array_index(speech->proof, guint, i) == index)
			return;
	g_array_append_val(speech->proof, index);
}

void
kd_speech_forget(struct kd_speech *speech)
{
	g_array_set_size(speech->proof, 0);
}

gboolean
kd_speech_say(
    struct kd_speech *speech, enum kd_field field, const char *format, ...)
{
	g_autofree char *text = NULL;
	json_t *cites;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	if (!kd_verify_text(text, strlen(text)) || speech->proof->len == 0)
		return FALSE;
	cites = json_array();
	for (guint i = 0; i < speech->proof->len; i++)
		json_array_append_new(
		    cites, json_string(kd_tale_mail(speech->tale,
			       g_array_index(speech->proof, guint, i))
					   ->label));
	json_array_append_new(speech->sentences,
	    json_pack("{s:s, s:s, s:o}", "field", kd_field_name(field), "text",
		text, "cites", cites));
	kd_speech_forget(speech);
	return TRUE;
}

void
kd_speech_list(GString *text, const char *word)
{
	if (text->len > 0)
		g_string_append(text, "、");
	g_string_append(text, word);
}

void
kd_speech_add_part(GArray *numbers, int number)
{
	guint i = 0;

	if (number < 0)
		return;
	while (i < numbers->len && g_array_index(numbers, int, i) < number)
		i++;
	if (i == numbers->len || g_array_index(numbers, int, i) != number)
		g_array_insert_val(numbers, i, number);
}

/* "1–3、5" after its words. */
static void
append_ranges(GString *text, const GArray *numbers, guint first)
{
	guint ranges = 0;

	for (guint i = first, end; i < numbers->len; i = end) {
		int start = g_array_index(numbers, int, i);

		for (end = i + 1;
		     end < numbers->len &&
		     g_array_index(numbers, int, end) == start + (int)(end - i);
		     end++)
			continue;
		if (++ranges > PARTS_MAX) {
			g_string_append_printf(
			    text, " 等 %u 个", numbers->len - first);
			return;
		}
		/* Two neighbours read better as two. */
		if (end - i == 2)
			end--;
		g_string_append_printf(
		    text, "%s%d", i > first ? "、" : "", start);
		if (end - i > 1)
			g_string_append_printf(
			    text, "–%d", g_array_index(numbers, int, end - 1));
	}
}

char *
kd_speech_scope(
    const struct kd_speech *speech, int posting, const GArray *numbers)
{
	GString *text = g_string_new(NULL);
	const struct kd_tale_posting *of;
	gboolean cover;

	/* An answer to a version that never came is none to one that did. */
	if (posting < 0 && speech->newest >= 0 && numbers->len > 0) {
		g_string_append(text, "未收到的一版");
		return g_string_free(text, FALSE);
	}
	if (posting < 0)
		return g_string_free(text, FALSE);
	of = kd_tale_posting(speech->tale, (guint)posting);
	cover = numbers->len > 0 && g_array_index(numbers, int, 0) == 0;
	if (posting != speech->newest)
		g_string_append_printf(text, "v%s ", of->version);
	if (numbers->len > 0 && of->total != 1) {
		g_string_append(text, cover ? "封面" : "补丁 ");
		if (cover && numbers->len > 1)
			g_string_append(text, "和补丁 ");
		append_ranges(text, numbers, cover);
	}
	g_string_truncate(text, strlen(g_strchomp(text->str)));
	return g_string_free(text, FALSE);
}

const char *
kd_speech_gap(const char *scope)
{
	gsize length = strlen(scope);

	return length > 0 && g_ascii_isalnum(scope[length - 1]) ? " " : "";
}

gboolean
kd_speech_by_author(const struct kd_speech *speech,
    const struct kd_tale_mail *mail, int posting)
{
	return posting >= 0 &&
	       !strcmp(mail->key,
		   kd_tale_posting(speech->tale, (guint)posting)->key);
}

gboolean
kd_speech_same_version(const struct kd_speech *speech, int posting)
{
	const struct kd_tale_posting *newest, *other;

	if (posting < 0 || speech->newest < 0)
		return FALSE;
	newest = kd_tale_posting(speech->tale, (guint)speech->newest);
	other = kd_tale_posting(speech->tale, (guint)posting);
	return newest->rfc == other->rfc &&
	       !strcmp(newest->version, other->version);
}
