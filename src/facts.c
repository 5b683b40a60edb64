#include "config.h"

#include <string.h>

#include "facts-private.h"

#define VALUE_MAX 1000 /* bytes of a fact's value */

const char *
kd_scan_copy(struct kd_reading *scan, const char *text, gsize length)
{
	g_autofree char *copy = g_strndup(text, MIN(length, VALUE_MAX));
	g_autofree char *valid = g_utf8_make_valid(copy, -1);

	for (char *p = valid; *p; p++)
		if (g_ascii_iscntrl(*p))
			*p = ' ';
	return g_string_chunk_insert(scan->findings->chunk, g_strstrip(valid));
}

void
kd_scan_add(struct kd_reading *scan, enum kd_fact_kind kind, const char *value,
    gsize length)
{
	struct kd_fact fact = {
	    .kind = kind, .line = scan->line.number, .person = scan->person};

	if (scan->facts->len >= KD_FACTS_MAX)
		return;
	fact.value = kd_scan_copy(scan, value, length);
	g_array_append_val(scan->facts, fact);
}

const char *
kd_scan_text(struct kd_reading *scan)
{
	const char *start = scan->line.text;
	gsize length = scan->line.length;

	if (scan->text_line == scan->line.number)
		return scan->text;
	if (length > KD_LINE_MAX)
		length = 0;
	while (length && g_ascii_isspace(start[length - 1]))
		length--;
	for (; length && g_ascii_isspace(*start); start++)
		length--;
	memcpy(scan->text, start, length);
	scan->text[length] = '\0';
	scan->text_line = scan->line.number;
	return scan->text;
}

const char *
kd_scan_lower(struct kd_reading *scan)
{
	const char *text = kd_scan_text(scan);

	if (scan->lower_line != scan->line.number)
		kd_text_lower(scan->lower, text, strlen(text));
	scan->lower_line = scan->line.number;
	return scan->lower;
}

/*
 * Where a mailer copied the mail it answers without marking the lines: all
 * that follows is somebody else's.
 */
static gboolean
begins_copy(const struct kd_line *line)
{
	static const char *const heads[] = {"-----Original Message-----",
	    "----- Original Message -----", "---------- Forwarded message",
	    "-----Forwarded Message-----", "-------- Original Message --------",
	    "-------- Forwarded Message --------"};
	struct kd_line next;

	if (!line->length || (*line->text != '-' && *line->text != 'F'))
		return FALSE;
	for (guint i = 0; i < G_N_ELEMENTS(heads); i++)
		if (kd_line_begins(line, heads[i], TRUE))
			return TRUE;
	next = *line;
	return kd_line_begins(line, "From: ", FALSE) && kd_line_next(&next) &&
	       kd_line_begins(&next, "Sent: ", FALSE);
}

/* How many ">" a line begins with, white space between them ignored. */
static guint
count_marks(const struct kd_line *line)
{
	const char *end = line->text + line->length;
	guint marks = 0;

	for (const char *p = line->text;
	     p < end && (*p == '>' || g_ascii_isspace(*p)); p++)
		marks += *p == '>';
	return marks;
}

static void
read_line(struct kd_reading *scan)
{
	gboolean in_hunk = scan->in_hunk;

	scan->depth = count_marks(&scan->line);
	scan->deepest = MAX(scan->deepest, scan->depth);
	kd_scan_diff(scan);
	if (scan->reply && begins_copy(&scan->line))
		scan->copied = TRUE;
	/* Whatever a hunk ends was ended by its first line. */
	if (in_hunk && scan->in_hunk && !scan->depth &&
	    !(scan->flags & KD_MAIL_ROBOT))
		return;
	if (scan->flags & KD_MAIL_ROBOT)
		kd_scan_robot(scan);
	/* Before what ends a changelog, so that facts are in order. */
	if (!scan->reply && scan->subject->flags & KD_SUBJECT_PATCH)
		kd_scan_change(scan);
	if (scan->depth > 0 || scan->in_hunk || scan->copied ||
	    !kd_scan_trailer(scan)) {
		kd_scan_trailers_end(scan);
		if (!scan->reply)
			kd_scan_posting(scan);
		else if (scan->depth > 0 || scan->in_hunk)
			scan->for_all = FALSE;
		else
			kd_scan_scope(scan);
	}
	if (!scan->depth && !scan->in_hunk && !scan->copied) {
		kd_scan_command(scan);
		kd_scan_mention(scan);
	}
	if (scan->reply && !scan->copied)
		kd_scan_notice(scan);
}

void
kd_facts_extract(struct kd_findings *findings, const kd_subject *subject,
    const char *text, const char *name, const char *address, guint32 flags)
{
	g_autofree char *person =
	    *name && *address ? g_strconcat(name, " <", address, ">", NULL)
			      : g_strdup(*name ? name : address);
	g_autoptr(GString) sentence = g_string_new(NULL);
	g_autoptr(GString) change = g_string_new(NULL);
	g_autoptr(GHashTable) paths = g_hash_table_new(g_str_hash, g_str_equal);
	struct kd_reading scan = {.findings = findings,
	    .facts = findings->facts,
	    .paths = paths,
	    .subject = subject,
	    .name = name,
	    .address = address,
	    .person = g_string_chunk_insert(findings->chunk, person),
	    .flags = flags,
	    .reply = (subject->flags & KD_SUBJECT_REPLY) != 0,
	    .version = g_ascii_strtoull(subject->version, NULL, 10),
	    .url = text,
	    .sentence = sentence,
	    .change = change,
	    .notice_fact = -1};

	if ((flags & KD_MAIL_ROBOT) && !scan.reply)
		kd_scan_robot_subject(&scan);
	kd_line_start(&scan.line, text);
	while (kd_line_next(&scan.line))
		read_line(&scan);
	kd_scan_trailers_end(&scan);
	kd_scan_notice_end(&scan);
	kd_scan_change_end(&scan);
	kd_scan_robot_end(&scan);
	kd_scan_commit_end(&scan);
}
