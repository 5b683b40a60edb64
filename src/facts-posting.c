/*
 * What the text of a posting says beside trailers.
 */
#include "config.h"

#include <string.h>

#include "facts-private.h"

#define CITED_MAX 16 /* links of a posting that nothing is said of */

static const char hex[] = "0123456789abcdef";

/* "change-id: x" and "base-commit: x", one word each. */
static gboolean
read_id(struct kd_reading *scan, const char *text)
{
	static const struct {
		const char *key;
		enum kd_fact_kind kind;
	} keys[] = {{"change-id: ", KD_FACT_CHANGE_ID},
	    {"base-commit: ", KD_FACT_BASE_COMMIT}};

	for (guint i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *value = text + strlen(keys[i].key);
		gsize length;

		if (*text != *keys[i].key ||
		    !g_str_has_prefix(text, keys[i].key))
			continue;
		length = strcspn(value, " \t");
		if (length == 0 ||
		    (keys[i].kind == KD_FACT_BASE_COMMIT &&
			(strspn(value, hex) != length || length < 12)))
			return FALSE;
		kd_scan_add(scan, keys[i].kind, value, length);
		return TRUE;
	}
	return FALSE;
}

/*
 * "commit HASH upstream." and "[ Upstream commit HASH ]": how a patch for a
 * stable tree begins, as the kernel's stable-kernel-rules.rst has it.
 */
static void
read_upstream(struct kd_reading *scan, const char *text)
{
	static const char before[] = "upstream commit ";
	static const char commit[] = "commit ", after[] = " upstream";
	const char *p = text;
	gsize length;
	gboolean first;

	if (*p == '[')
		p += 1 + strspn(p + 1, " ");
	first = kd_text_begins(p, before);
	if (!first && !kd_text_begins(p, commit))
		return;
	p += strlen(first ? before : commit);
	length = strspn(p, hex);
	text = p;
	p += length;
	if (length < 12 || length > 64 || !(first || kd_text_begins(p, after)))
		return;
	p += first ? 0 : strlen(after);
	if (!p[strspn(p, " .]")])
		kd_scan_add(scan, KD_FACT_UPSTREAM, text, length);
}

/*
 * How the text begins: behind what git am takes for headers.  A From is there
 * when the sender did not write the patch.
 */
static void
read_beginning(struct kd_reading *scan, const char *text)
{
	static const char *const headers[] = {
	    "From: ", "Date: ", "Subject: ", NULL};

	if (g_str_has_prefix(text, headers[0]))
		scan->developed = TRUE;
	if (kd_begins_with_one(text, headers))
		return;
	scan->begun = TRUE;
	if (scan->subject->flags & KD_SUBJECT_PATCH)
		read_upstream(scan, text);
}

/* git request-pull: the repository and tag follow in the next text line. */
static void
read_pull(struct kd_reading *scan, const char *text)
{
	if (strstr(text, "available in the ") &&
	    (strstr(text, "the Git repository at:") ||
		strstr(text, "the git repository at:"))) {
		scan->pull_next = TRUE;
		return;
	}
	if (!scan->pull_next || !*text)
		return;
	scan->pull_next = FALSE;
	if (strstr(text, "://") || g_str_has_prefix(text, "git@"))
		kd_scan_add(scan, KD_FACT_PULL_REQUEST, text, strlen(text));
}

/* git shortlog: "Ann Ek (2):", and below it that many titles, indented. */
static void
read_shortlog(struct kd_reading *scan)
{
	const char *text = kd_scan_text(scan);
	const char *writer = scan->person;
	const char *count = strrchr(text, '(');
	gboolean indented =
	    scan->line.length > 2 && g_str_has_prefix(scan->line.text, "  ");
	char *end;

	if (scan->payload > 0 && indented) {
		scan->payload--;
		scan->person = scan->payload_author;
		if (!g_str_has_prefix(text, "Merge "))
			kd_scan_add(scan, KD_FACT_PAYLOAD, text, strlen(text));
		scan->person = writer;
		return;
	}
	scan->payload = 0;
	if (!count || count < text + 2 || count[-1] != ' ' ||
	    !g_ascii_isdigit(count[1]))
		return;
	scan->payload = g_ascii_strtoull(count + 1, &end, 10);
	if (strcmp(end, "):"))
		scan->payload = 0;
	else
		scan->payload_author =
		    kd_scan_copy(scan, text, (gsize)(count - text));
}

/*
 * The first URL in a text whose path holds a Message-ID, as archives' do.
 * Its length goes to *length.
 */
static const char *
find_archive_url(const char *text, gsize *length)
{
	for (const char *p = text; (p = strstr(p, "http")); p++) {
		gsize end = strcspn(p, " \t<>\"()[],;");
		g_autofree char *url = g_strndup(p, end);
		const char *path = strstr(url, "://");

		path = path ? strchr(path + 3, '/') : NULL;
		if (!path || !(strchr(path, '@') || strstr(path, "%40")))
			continue;
		while (end > 0 && p[end - 1] == '.')
			end--;
		*length = end;
		return p;
	}
	return NULL;
}

/* The whole number of "v3" at p, or 0 for what is no version of a series. */
static guint
read_version(const char *text, const char *p)
{
	char *end;
	guint64 n;

	if ((*p != 'v' && *p != 'V') || !g_ascii_isdigit(p[1]) ||
	    (p > text && g_ascii_isalnum(p[-1])))
		return 0;
	n = g_ascii_strtoull(p + 1, &end, 10);
	/* v5.12 and v8a are none. */
	if (g_ascii_isalpha(*end) || (*end == '.' && g_ascii_isdigit(end[1])))
		return 0;
	return n < 1000 ? (guint)n : 0;
}

/* How surely a line speaks of an earlier version of its posting. */
enum earlier {
	NOT_EARLIER,
	PERHAPS_EARLIER, /* believed of links to the author's own mails */
	SURELY_EARLIER
};

static gboolean
has_any(const char *text, const char *const *words)
{
	for (; *words; words++)
		if (strstr(text, *words))
			return TRUE;
	return FALSE;
}

static enum earlier
speaks_of_earlier(struct kd_reading *scan)
{
	static const char *const other[] = {"based on", "depend", "on top of",
	    "prerequisite", "applies to", NULL};
	static const char *const previous[] = {
	    "previous version", "previous post", NULL};
	static const char *const rfc[] = {"rfc:", "rfc [", "rfc v", NULL};
	static const char *const maybe[] = {"version", "posted", "posting",
	    "iteration", "since [", "initial", "respin", NULL};
	guint64 own = scan->version;
	const char *lower = kd_scan_lower(scan);
	enum earlier said = NOT_EARLIER;

	for (const char *p = lower; own > 1 && (p = strchr(p, 'v')); p++) {
		guint n = read_version(lower, p);

		if (n > 0 && n < own)
			said = SURELY_EARLIER;
	}
	if (!(scan->subject->flags & KD_SUBJECT_RFC) && strstr(lower, "rfc") &&
	    has_any(lower, rfc))
		said = SURELY_EARLIER;
	if (own > 1 && !said)
		said = has_any(lower, previous) ? SURELY_EARLIER
		       : has_any(lower, maybe)	? PERHAPS_EARLIER
						: NOT_EARLIER;
	return said && !has_any(lower, other) ? said : NOT_EARLIER;
}

/* The bit of a mark "[2]" at p, or 0. */
static guint64
read_mark(const char *p)
{
	char *end;
	guint64 n;

	if (*p != '[' || !g_ascii_isdigit(p[1]))
		return 0;
	n = g_ascii_strtoull(p + 1, &end, 10);
	return *end == ']' && n < 64 ? G_GUINT64_CONSTANT(1) << n : 0;
}

static guint64
read_marks(const char *text)
{
	guint64 marks = 0;

	for (const char *p = text; (p = strchr(p, '[')); p++)
		marks |= read_mark(p);
	return marks;
}

/* Whether a URL holds a Message-ID that was made with the author's address. */
static gboolean
is_by_author(const struct kd_reading *scan, const char *url, gsize length)
{
	g_autofree char *text = g_strndup(url, length);
	g_autofree char *plain = g_uri_unescape_string(text, "/");
	g_autofree char *lower = g_ascii_strdown(plain ? plain : text, -1);

	return *scan->address && strstr(lower, scan->address);
}

/*
 * Whether a URL may come in the line or below it.  Without one, what a line
 * says of versions leads to nothing.
 */
static gboolean
sees_url(struct kd_reading *scan)
{
	if (scan->url && scan->url < scan->line.text)
		scan->url = strstr(scan->line.text, "http");
	return scan->url != NULL;
}

/*
 * Links of what gives a posting its title: one to an earlier version that is
 * not called so is known by the patches that the two have in common.
 */
static void
read_cited(struct kd_reading *scan, const char *text)
{
	const kd_subject *subject = scan->subject;
	gsize length = 0;

	if (subject->part > 0 && subject->total != 1)
		return;
	for (; scan->cited < CITED_MAX; scan->cited++, text += length) {
		text = find_archive_url(text, &length);
		if (!text)
			return;
		kd_scan_add(scan, KD_FACT_CITED, text, length);
	}
}

/*
 * Links to earlier versions: beside a "v2", below it, or as its footnote;
 * a footnote that nothing refers to belongs to the changelog above it.
 */
static void
read_versions(struct kd_reading *scan, const char *text)
{
	enum earlier said = speaks_of_earlier(scan);
	gsize length = 0;
	const char *url = find_archive_url(text, &length);
	gboolean naked = url == text + strspn(text, "-*<[( \t");
	guint64 mark = read_mark(text);

	scan->spoke = scan->spoke || said == SURELY_EARLIER;
	if (!url) {
		scan->noted |= read_marks(text);
		if (said == SURELY_EARLIER)
			scan->earlier |= read_marks(text);
		if (said == PERHAPS_EARLIER)
			scan->perhaps |= read_marks(text);
		scan->told = said;
		return;
	}
	if (naked)
		said = MAX(said, (enum earlier)scan->told);
	if (mark & scan->earlier)
		said = SURELY_EARLIER;
	else if (mark & scan->perhaps || (mark & ~scan->noted && scan->spoke))
		said = MAX(said, PERHAPS_EARLIER);
	if (said == SURELY_EARLIER ||
	    (said == PERHAPS_EARLIER && is_by_author(scan, url, length))) {
		kd_scan_add(scan, KD_FACT_PREVIOUS_VERSION, url, length);
		url += length;
	}
	read_cited(scan, url);
	/* One link below the other. */
	if (!naked)
		scan->told = NOT_EARLIER;
}

void
kd_scan_posting(struct kd_reading *scan)
{
	const char *text;

	if (scan->depth > 0 || scan->in_hunk)
		return;
	if (scan->subject->flags & KD_SUBJECT_PULL)
		read_shortlog(scan);
	text = kd_scan_text(scan);
	if (!*text || read_id(scan, text))
		return;
	if (!scan->begun)
		read_beginning(scan, text);
	read_pull(scan, text);
	if (scan->subject->flags & KD_SUBJECT_PATCH && sees_url(scan))
		read_versions(scan, text);
}
