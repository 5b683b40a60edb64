/*
 * The changelog of a posting: what it says is different from the version
 * before it.
 */
#include "config.h"

#include <string.h>

#include "facts-private.h"

#define ITEM_MAX    300 /* bytes of an item */
#define ITEMS_MAX   40	/* of one mail */
#define VERSION_MAX 1000

/* "v3" at *p, which is then behind it; 0 for what is no version. */
static guint
take_version(const char **p)
{
	const char *text = *p;
	char *end;
	guint64 n;

	if ((*text != 'v' && *text != 'V') || !g_ascii_isdigit(text[1]))
		return 0;
	n = g_ascii_strtoull(text + 1, &end, 10);
	if (g_ascii_isalnum(*end) || (*end == '.' && g_ascii_isdigit(end[1])) ||
	    n >= VERSION_MAX)
		return 0;
	*p = end;
	return (guint)n;
}

static gboolean
take(const char **p, const char *word)
{
	const char *at = *p;

	for (; *word; word++)
		if (kd_text_lower_byte(*at++) != *word)
			return FALSE;
	*p = at + strspn(at, " \t");
	return TRUE;
}

static gboolean
take_any(const char **p, const char *const *words)
{
	for (; *words; words++)
		if (take(p, *words))
			return TRUE;
	return FALSE;
}

/* What may stand behind a head: "[1]", "(RFC)", a link; then ":" or nothing. */
static const char *
skip_notes(const char *p)
{
	for (;;) {
		p += strspn(p, " \t");
		if (*p == '[' || *p == '(') {
			const char *end = strpbrk(p + 1, *p == '[' ? "]" : ")");

			if (!end)
				return p;
			p = end + 1;
		} else if (g_str_has_prefix(p, "http")) {
			p += strcspn(p, " \t");
		} else {
			return p;
		}
	}
}

/* "v2 -> v3", "v3", "V2 to v3": the later of them. */
static guint
take_versions(const char **p)
{
	static const char *const arrows[] = {
	    "-->", "->", "=>", "→", "...", "..", "to ", NULL};
	guint first = take_version(p), second;
	const char *rest = *p;

	if (!first)
		return 0;
	rest += strspn(rest, "\" \t");
	if (!take_any(&rest, arrows))
		return first;
	rest += strspn(rest, "\" \t");
	second = take_version(&rest);
	if (second)
		*p = rest;
	return MAX(first, second);
}

/* "Changes since v2" is of 3; "Changes in v3", "v2 -> v3" and "v3" are too. */
static guint
read_announced(
    const char **p, guint own, gboolean log, gboolean below, gboolean *after)
{
	static const char *const since[] = {"since ", "from ", "compared to ",
	    "against ", "relative to ", NULL};
	static const char *const last[] = {"last version", "previous version",
	    "the last version", "the previous version", NULL};
	guint version;

	*after = take_any(p, since);
	if (*after && take_any(p, last))
		return own;
	if (*after && (take(p, "rfc") || take(p, "the rfc")))
		return 1;
	take(p, "in ");
	version = take_versions(p);
	if (version)
		return version + *after;
	/* One that names no version is of this one, where it can be one. */
	return log && below && !**p ? own : 0;
}

/*
 * Whether a line may announce changes: most do not even begin with the two
 * letters of a word that read_head() and read_announced() know, or a version.
 * A new word there may need its letters here.
 */
static gboolean
may_announce(const char *p)
{
	static const char pairs[] = "mamichupmohidisifrcoagrein";
	char first, second;

	p += strspn(p, ":\"( \t");
	first = kd_text_lower_byte(*p);
	second = *p ? kd_text_lower_byte(p[1]) : '\0';
	if (first == 'v')
		return g_ascii_isdigit(second);
	for (gsize i = 0; pairs[i]; i += 2)
		if (first == pairs[i] && second == pairs[i + 1])
			return TRUE;
	return FALSE;
}

/*
 * The version whose changes a line announces, 0 when it announces none; *since
 * tells whether it names the one before; *rest is what stands behind that in
 * the line.  below: it is where changelogs are.
 */
static guint
read_head(const char *text, guint own, gboolean below, gboolean *since,
    const char **rest)
{
	static const char *const whose[] = {"major ", "main ", "minor ", NULL};
	static const char *const what[] = {"changelogs", "changelog",
	    "change log", "changes", "updates", "modifications", "modification",
	    "history", "differences", NULL};
	const char *p = text + strspn(text, "*-+=[#\" \t");
	guint version;
	gboolean log;

	if (!may_announce(p))
		return 0;
	take_any(&p, whose);
	log = g_ascii_isupper(*p);
	log = take_any(&p, what) && log;
	p += strspn(p, ":\"( \t");
	version = read_announced(&p, own, log, below, since);
	p = skip_notes(p + strspn(p, "\")"));
	if (take(&p, "include") || take(&p, "are"))
		p = skip_notes(p);
	/* "v2. I have" is the middle of a sentence, "v2.", "v2:" are none. */
	*rest = p + strspn(p, ":-.] \t");
	return !*p || *p == ':' || *p == '-' || !**rest ? version : 0;
}

/* "Ann Ek (5):", as git shortlog begins an author's patches. */
static gboolean
is_shortlog(const char *text)
{
	const char *open = strrchr(text, '(');
	gsize digits = open ? strspn(open + 1, "0123456789") : 0;

	return digits && !strcmp(open + 1 + digits, "):");
}

/* What ends a changelog for sure. */
static gboolean
is_end(const char *text)
{
	static const char *const ends[] = {"---", "diff --git",
	    "base-commit:", "change-id:", "Cc:", "[0]", "[1]", "http", "-- ",
	    NULL};
	const char *trailer = strstr(text, "-by: ");

	for (const char *const *end = ends; *end; end++)
		if (g_str_has_prefix(text, *end))
			return TRUE;
	if (trailer && !memchr(text, ' ', (gsize)(trailer - text)))
		return TRUE;
	/* " arch/arm64/kvm/mmu.c | 12 +++" */
	return strstr(text, " | ") || is_shortlog(text);
}

/* The length of the mark that an item begins with, 0 for none. */
static gsize
measure_bullet(const char *text)
{
	gsize digits = strspn(text, "0123456789");

	if (g_str_has_prefix(text, "•"))
		return strlen("•");
	if (strchr("-*+o", *text) && (text[1] == ' ' || text[1] == '\t'))
		return 1;
	if (*text == '-' && g_ascii_isalpha(text[1]))
		return 1;
	if (digits && digits < 3 && strchr(".)", text[digits]) &&
	    text[digits + 1] == ' ')
		return digits + 1;
	return 0;
}

/* The item that has been read so far is a fact. */
static void
finish_item(struct kd_reading *scan)
{
	struct kd_line line = scan->line;
	gsize length = MIN(scan->change->len, ITEM_MAX);

	while (length && (scan->change->str[length] & 0xc0) == 0x80)
		length--;
	if (scan->change->len && scan->changes < ITEMS_MAX) {
		scan->line.number = scan->change_line;
		kd_scan_add(scan, KD_FACT_CHANGE, scan->change->str, length);
		scan->changes++;
	}
	scan->line = line;
	g_string_truncate(scan->change, 0);
}

void
kd_scan_change_end(struct kd_reading *scan)
{
	finish_item(scan);
	scan->change_open = scan->change_gap = FALSE;
}

static void
begin_item(struct kd_reading *scan, const char *text)
{
	finish_item(scan);
	/* A line below a heading is none. */
	if (!text[strspn(text, "=-~_ \t")])
		return;
	scan->change_line = scan->line.number;
	g_string_append(scan->change, text + strspn(text, " \t"));
}

/* A line of the changelog of this version. */
static void
read_item(struct kd_reading *scan, const char *text)
{
	gsize bullet = measure_bullet(text);

	if (!*text) {
		scan->change_gap = TRUE;
		return;
	}
	if (bullet) {
		begin_item(scan, text + bullet);
	} else if (scan->change_gap && scan->change->len) {
		/* Prose again. */
		kd_scan_change_end(scan);
	} else if (scan->change->len) {
		g_string_append_printf(scan->change, " %s", text);
	} else {
		begin_item(scan, text);
	}
	scan->change_gap = FALSE;
}

void
kd_scan_change(struct kd_reading *scan)
{
	const struct kd_line *line = &scan->line;
	guint64 own = scan->version;
	const char *text, *rest = "";
	gboolean since;
	guint version;

	if (scan->depth > 0 || scan->in_hunk || line->length > KD_LINE_MAX) {
		kd_scan_change_end(scan);
		return;
	}
	text = kd_scan_text(scan);
	if (kd_line_begins(line, "---", FALSE))
		scan->below = TRUE;
	version = read_head(text, (guint)own,
	    scan->below || scan->subject->part == 0, &since, &rest);
	if (version) {
		kd_scan_change_end(scan);
		/* The version before may have been skipped. */
		scan->change_open =
		    version == own ||
		    (since && !scan->change_seen && version <= own + 1);
		scan->change_seen = TRUE;
		if (scan->change_open && *rest)
			begin_item(scan, rest);
		return;
	}
	if (!scan->change_open)
		return;
	if (is_end(text))
		kd_scan_change_end(scan);
	else
		read_item(scan, text);
}
