/*
 * Trailers: "Reviewed-by: Name <address>" and their kind.
 */
#include "config.h"

#include <string.h>

#include "facts-private.h"
#include "person.h"

#define KEY_MAX	  40  /* bytes of a trailer's key */
#define TITLE_MAX 400 /* bytes of a Fixes: value over two lines */

/* What stands before "-by", also in "Reported-and-tested-by". */
static const struct {
	const char *stem;
	enum kd_fact_kind kind;
} by_kinds[] = {
    {"reviewed", KD_FACT_REVIEWED_BY},
    {"reviwed", KD_FACT_REVIEWED_BY},
    {"reviewd", KD_FACT_REVIEWED_BY},
    {"acked", KD_FACT_ACKED_BY},
    {"tested", KD_FACT_TESTED_BY},
    {"nacked", KD_FACT_NACKED_BY},
    {"naked", KD_FACT_NACKED_BY},
    {"reported", KD_FACT_REPORTED_BY},
    {"suggested", KD_FACT_SUGGESTED_BY},
    {"signed-off", KD_FACT_NONE},
};

struct trailer {
	char key[KEY_MAX]; /* lower case, without the colon */
	gsize indent;
	const char *value;
	gsize length;
};

static gboolean
split_trailer(struct trailer *trailer, const struct kd_line *line)
{
	const char *end = line->text + line->length;
	const char *p = line->text;
	gsize length = 0;

	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	trailer->indent = (gsize)(p - line->text);
	for (; p < end && (g_ascii_isalpha(*p) || *p == '-'); p++) {
		if (length == KEY_MAX - 1)
			return FALSE;
		trailer->key[length++] = kd_text_lower_byte(*p);
	}
	trailer->key[length] = '\0';
	while (p < end && *p == ' ')
		p++;
	if (!length || p == end || *p != ':')
		return FALSE;
	for (p++; p < end && g_ascii_isspace(*p); p++)
		continue;
	trailer->value = p;
	trailer->length = (gsize)(end - p);
	return TRUE;
}

/* Letter case does not count in names and addresses. */
static gboolean
same_text(const char *a, const char *b)
{
	g_autofree char *fold_a = NULL;
	g_autofree char *fold_b = NULL;

	/* Most end, or differ, before what is not ASCII. */
	for (; kd_text_lower_byte(*a) == kd_text_lower_byte(*b) &&
	       (guchar)*a < 0x80;
	     a++, b++)
		if (!*a)
			return TRUE;
	if (!((guchar)(*a | *b) & 0x80))
		return FALSE;
	fold_a = g_utf8_casefold(a, -1);
	fold_b = g_utf8_casefold(b, -1);
	return !strcmp(fold_a, fold_b);
}

/*
 * The person a trailer names, "Name <address>" with all that follows dropped
 * ("# for arm64").  NULL for a template ("Reviewed-by: <name>") and for prose.
 * *own is whether it is the mail's author.  The caller frees it.
 */
static char *
read_person(const struct kd_reading *scan, const char *value, gsize length,
    gboolean *own)
{
	g_autofree char *text = g_strndup(value, length);
	char *open = strchr(text, '<');
	char *close = open ? strchr(open, '>') : NULL;
	g_autofree char *name = NULL, *address = NULL;

	if (open) {
		if (close)
			close[1] = '\0';
		address = g_strndup(open + 1, strcspn(open + 1, ">"));
		name = g_strstrip(g_strndup(text, (gsize)(open - text)));
	} else {
		g_strstrip(text);
		name = g_strdup(text);
		address = g_strdup(text);
	}
	g_strstrip(address);
	if (!*text)
		return NULL;
	*own = (*scan->address && same_text(address, scan->address)) ||
	       (*scan->name && same_text(name, scan->name));
	if (*own && open && !close) /* the author left it out */
		return g_strdup(scan->person);
	if (*own)
		return g_steal_pointer(&text);
	/* One word with an "@" is an address; more is prose. */
	if ((open && !close) || !strchr(address, '@') ||
	    strpbrk(address, " \t"))
		return NULL;
	return g_steal_pointer(&text);
}

/* A long name pushes the address to a line of its own. */
static char *
join_address(const struct kd_reading *scan, const struct trailer *trailer)
{
	struct kd_line next = scan->line;
	gsize skip = 0;

	if (!memchr(trailer->value, '<', trailer->length) &&
	    !memchr(trailer->value, '@', trailer->length) &&
	    kd_line_next(&next) && next.length < TITLE_MAX) {
		while (skip < next.length && g_ascii_isspace(next.text[skip]))
			skip++;
		if (skip < next.length && next.text[skip] == '<')
			return g_strdup_printf("%.*s %.*s",
			    (int)MIN(trailer->length, TITLE_MAX),
			    trailer->value, (int)(next.length - skip),
			    next.text + skip);
	}
	return g_strndup(trailer->value, MIN(trailer->length, TITLE_MAX));
}

/*
 * Whether the mail can say this of that person.  Reviews come in replies; in
 * a posting they were carried over from earlier ones.  An indented trailer of
 * somebody else is an excerpt, of a commit say.  What a robot asks to add says
 * nobody yet.
 */
static gboolean
is_said_here(const struct kd_reading *scan, enum kd_fact_kind kind,
    const struct trailer *trailer, gboolean own)
{
	if (scan->flags & KD_MAIL_ROBOT)
		return FALSE;
	if (kind == KD_FACT_REPORTED_BY || kind == KD_FACT_SUGGESTED_BY)
		return trailer->indent == 0 || own;
	return scan->reply && (trailer->indent == 0 || own);
}

/* Reviews, which an answer to one patch may give to all of them. */
static gboolean
is_review(enum kd_fact_kind kind)
{
	return kind == KD_FACT_REVIEWED_BY || kind == KD_FACT_ACKED_BY ||
	       kind == KD_FACT_TESTED_BY;
}

/* Who has signed a posting, above "---": see kd_scan_commit_end(). */
static void
read_sign_off(struct kd_reading *scan, const char *person)
{
	g_autofree char *name = NULL, *address = NULL;

	if (scan->reply || scan->below ||
	    !(scan->subject->flags & KD_SUBJECT_PATCH))
		return;
	kd_person_split(person, &name, &address);
	scan->committed = scan->signed_own && !kd_person_is_same(name, address,
						  scan->name, scan->address);
	scan->signed_own = scan->signed_own || !scan->committed;
	scan->posted = NULL;
}

static gboolean
read_by(struct kd_reading *scan, const struct trailer *trailer)
{
	g_auto(GStrv) stems = NULL;
	g_autofree char *value = NULL, *person = NULL;
	gboolean own = FALSE, known = FALSE;
	gsize stem = strlen(trailer->key) - strlen("-by");

	((char *)trailer->key)[stem] = '\0';
	if (!strcmp(trailer->key, "co-developed"))
		scan->developed = TRUE;
	stems = g_strsplit(trailer->key, "-and-", 4);
	value = join_address(scan, trailer);
	person = read_person(scan, value, strlen(value), &own);
	for (guint i = 0; stems[i]; i++)
		for (guint k = 0; k < G_N_ELEMENTS(by_kinds); k++) {
			if (strcmp(stems[i], by_kinds[k].stem))
				continue;
			known = TRUE;
			if (by_kinds[k].kind == KD_FACT_NONE) {
				scan->signed_off = TRUE;
				if (person && !trailer->indent)
					read_sign_off(scan, person);
			}
			if (by_kinds[k].kind == KD_FACT_NONE || !person ||
			    !is_said_here(scan, by_kinds[k].kind, trailer, own))
				continue;
			kd_scan_add(
			    scan, by_kinds[k].kind, person, strlen(person));
			if (scan->for_all && is_review(by_kinds[k].kind))
				kd_scan_add(scan, KD_FACT_PARTS, "all", 3);
		}
	return known;
}

/* `hash ("title")`, also when the title goes on in the next line. */
static gboolean
read_fixes(struct kd_reading *scan, const struct trailer *trailer)
{
	g_autoptr(GString) value = g_string_new_len(
	    trailer->value, (gssize)MIN(trailer->length, TITLE_MAX));
	struct kd_line next = scan->line;
	gsize hex;

	if (g_str_has_prefix(value->str, "commit "))
		g_string_erase(value, 0, strlen("commit "));
	hex = strspn(value->str, "0123456789abcdef");
	if (hex < 7 || hex > 64 || (value->str[hex] && value->str[hex] != ' '))
		return FALSE;
	if (strstr(value->str, "(\"") && !strstr(value->str, "\")") &&
	    kd_line_next(&next) && next.length < TITLE_MAX) {
		g_autofree char *more = g_strndup(next.text, next.length);

		if (strstr(more, "\")"))
			g_string_append_printf(value, " %s", g_strchug(more));
	}
	kd_scan_add(scan, KD_FACT_FIXES, value->str, value->len);
	return TRUE;
}

static gboolean
read_url(struct kd_reading *scan, enum kd_fact_kind kind,
    const struct trailer *trailer)
{
	gsize length = 0;

	while (length < trailer->length &&
	       !g_ascii_isspace(trailer->value[length]))
		length++;
	if (length < strlen("https://x") ||
	    (strncmp(trailer->value, "http://", strlen("http://")) &&
		strncmp(trailer->value, "https://", strlen("https://"))))
		return FALSE;
	kd_scan_add(scan, kind, trailer->value, length);
	return TRUE;
}

/* A Link, which may lead to where what was applied had been posted. */
static gboolean
read_link(struct kd_reading *scan, const struct trailer *trailer)
{
	const struct kd_fact *fact;

	if (!read_url(scan, KD_FACT_LINK, trailer))
		return FALSE;
	if (!scan->committed || scan->posted || scan->below)
		return TRUE;
	fact =
	    &g_array_index(scan->facts, struct kd_fact, scan->facts->len - 1);
	if (strchr(fact->value, '@') || strstr(fact->value, "%40")) {
		scan->posted = fact->value;
		scan->posted_line = fact->line;
	}
	return TRUE;
}

gboolean
kd_scan_trailer(struct kd_reading *scan)
{
	struct trailer trailer;

	if (!split_trailer(&trailer, &scan->line))
		return FALSE;
	if (g_str_has_suffix(trailer.key, "-by"))
		return read_by(scan, &trailer);
	if (trailer.indent > 0)
		return FALSE;
	if (!strcmp(trailer.key, "fixes"))
		return read_fixes(scan, &trailer);
	if (!strcmp(trailer.key, "closes"))
		return read_url(scan, KD_FACT_CLOSES, &trailer);
	if (!strcmp(trailer.key, "link"))
		return read_link(scan, &trailer);
	return FALSE;
}

/* "For the series:", "you can have my ack on the whole series:" */
void
kd_scan_scope(struct kd_reading *scan)
{
	static const char *const beginnings[] = {"for the series",
	    "for this series", "for the whole", "for the entire",
	    "for all patches", "for all of", "for the set", "for the lot",
	    NULL};
	const char *lower;

	if (scan->subject->part <= 0 || scan->subject->total < 2)
		return;
	lower = kd_scan_lower(scan);
	if (!*lower)
		return;
	scan->for_all = kd_begins_with_one(lower, beginnings) ||
			(scan->subject->total == 2 &&
			    g_str_has_prefix(lower, "for both")) ||
			strstr(lower, "the whole series") ||
			strstr(lower, "the entire series");
}

/* Whether a value, "Name <address>", names the mail's author. */
static gboolean
names_author(const struct kd_reading *scan, const char *value)
{
	g_autofree char *person = NULL;
	gboolean own = FALSE;

	person = read_person(scan, value, strlen(value), &own);
	return own;
}

/*
 * A block with a Signed-off-by is the end of a commit message that the reply
 * holds; what it says of others' reviews was carried over.
 */
void
kd_scan_trailers_end(struct kd_reading *scan)
{
	if (scan->signed_off)
		for (guint i = scan->facts->len; i > scan->block; i--) {
			const struct kd_fact *fact =
			    &g_array_index(scan->facts, struct kd_fact, i - 1);

			if (fact->kind == KD_FACT_PARTS ||
			    (fact->kind >= KD_FACT_REVIEWED_BY &&
				fact->kind <= KD_FACT_NACKED_BY &&
				!names_author(scan, fact->value)))
				g_array_remove_index(scan->facts, i - 1);
		}
	scan->signed_off = FALSE;
	scan->block = scan->facts->len;
}

/*
 * Who sends a patch signs it last, and so does who applies it: what the sender
 * has signed, and then another who is not called its author, was sent from a
 * tree.  The Link that follows is that to the mail it was posted with.
 */
void
kd_scan_commit_end(struct kd_reading *scan)
{
	if (!scan->posted || scan->developed)
		return;
	scan->line.number = scan->posted_line;
	kd_scan_add(scan, KD_FACT_UPSTREAM, scan->posted, strlen(scan->posted));
}
