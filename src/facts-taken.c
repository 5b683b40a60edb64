/*
 * Notices that a patch was taken: which sentences of a reply are one, and the
 * list of patches and commits that tools put below it.
 */
#include "config.h"

#include <string.h>

#include "facts-private.h"

#define SENTENCE_MAX 400 /* bytes; longer ones are no notice */
#define FULL_LINE    60	 /* bytes of one that goes on in the next */

/* A negative acknowledgement opens a sentence: "NAK.", "Nack to this". */
static gboolean
is_nak(const char *sentence)
{
	static const char *const words[] = {"nak", "nack", "hard nak",
	    "hard nack", "big nak", "strong nak", "so nak", "still nak", NULL};
	static const char *const after[] = {".", ",", "!", ":", ";", " from me",
	    " to this", " to the", " on ", " for ", " -", "\n", NULL};

	if (!strchr("nNhHbBsS", *sentence))
		return FALSE;
	for (guint i = 0; words[i]; i++) {
		const char *rest = sentence + strlen(words[i]);

		if (g_ascii_strncasecmp(sentence, words[i], strlen(words[i])))
			continue;
		if (!*rest)
			return TRUE;
		for (guint k = 0; after[k]; k++)
			if (g_str_has_prefix(rest, after[k]))
				return TRUE;
	}
	return FALSE;
}

static gboolean
is_thanks(const char *sentence)
{
	return strchr("tTmM", *sentence) &&
	       (!g_ascii_strncasecmp(sentence, "thanks", 6) ||
		   !g_ascii_strncasecmp(sentence, "thank you", 9) ||
		   !g_ascii_strncasecmp(sentence, "many thanks", 11));
}

/*
 * Settle the last notice: a list that leaves patches out, numbers, or an
 * answer to one patch of several take a part only.
 */
static void
settle_notice(struct kd_reading *scan)
{
	const struct kd_notice *notice = &scan->notice;
	const kd_subject *subject = scan->subject;
	gboolean partly = (subject->flags & KD_SUBJECT_SUBSET) != 0;
	struct kd_fact *fact;

	if (scan->notice_fact < 0)
		return;
	fact = &g_array_index(scan->facts, struct kd_fact, scan->notice_fact);
	if (scan->listed > 0 || scan->list_gap)
		partly =
		    partly || scan->list_gap || scan->listed < scan->list_total;
	else if (notice->partly)
		partly = partly || notice->upto == 0 || subject->total < 1 ||
			 notice->upto != (guint)subject->total;
	else
		partly = partly || (!notice->whole && subject->part > 0 &&
				       subject->total > 1);
	if (partly && fact->kind == KD_FACT_APPLIED)
		fact->kind = KD_FACT_APPLIED_PARTLY;
	scan->notice_fact = -1;
	scan->listed = scan->list_total = 0;
	scan->list_gap = FALSE;
}

/*
 * Whether a notice stands on its own.  "I have applied" needs thanks, since
 * testers say so too; "applied" without a branch is no answer to remarks in
 * the middle of a discussion, where authors say it of their own next version.
 * What is queued or pulled is so by a maintainer.
 */
static gboolean
is_certain(const struct kd_reading *scan, const struct kd_notice *notice)
{
	gboolean branch = notice->branch[0] != '\0' || notice->release;
	gboolean deep = scan->deepest > 1;

	if (notice->verb == KD_NOTICE_PULLED &&
	    scan->subject->flags & KD_SUBJECT_PULL)
		return TRUE;
	if (notice->verb == KD_NOTICE_QUEUED)
		return notice->thanks || notice->told || branch ||
		       notice->partly || !deep;
	if (!branch && !notice->partly && deep)
		return FALSE;
	if (notice->thanks)
		return TRUE;
	if (notice->told)
		return branch && notice->verb != KD_NOTICE_APPLIED;
	return branch || notice->partly;
}

static void
add_notice(struct kd_reading *scan, guint32 line)
{
	gboolean pull = (scan->subject->flags & KD_SUBJECT_PULL) != 0;

	settle_notice(scan);
	kd_scan_add(scan, pull ? KD_FACT_PULLED : KD_FACT_APPLIED,
	    scan->notice.branch, strlen(scan->notice.branch));
	if (scan->facts->len < KD_FACTS_MAX) {
		scan->notice_fact = (int)scan->facts->len - 1;
		g_array_index(scan->facts, struct kd_fact, scan->notice_fact)
		    .line = line;
	}
	if (!pull && scan->notice.parts[0])
		kd_scan_add(scan, KD_FACT_PARTS, scan->notice.parts,
		    strlen(scan->notice.parts));
	else if (!pull && scan->notice.whole)
		kd_scan_add(scan, KD_FACT_PARTS, "all", 3);
}

static void
read_sentence(struct kd_reading *scan, const char *sentence)
{
	gsize length = strlen(sentence);
	g_autofree char *lower = g_malloc(length + 1);
	gboolean thanks = is_thanks(sentence);
	struct kd_notice notice;

	kd_text_lower(lower, sentence, length);
	if (scan->notice_line && thanks) {
		scan->notice.thanks = TRUE;
		if (is_certain(scan, &scan->notice))
			add_notice(scan, scan->notice_line);
	}
	scan->notice_line = 0;
	if (is_nak(sentence) && *scan->person) {
		kd_scan_add(scan, KD_FACT_NACKED_BY, scan->person,
		    strlen(scan->person));
	} else if (kd_notice_parse(&notice, sentence, lower)) {
		notice.thanks = notice.thanks || scan->thanked;
		settle_notice(scan);
		scan->notice = notice;
		if (is_certain(scan, &notice))
			add_notice(scan, scan->sentence_line);
		else
			scan->notice_line = scan->sentence_line;
	} else {
		kd_scan_remark(scan, sentence, lower, scan->sentence_line);
	}
	scan->thanked = thanks;
}

/* Read what there is since the last one, which may be blank or nothing. */
static void
end_sentence(struct kd_reading *scan)
{
	if (scan->sentence->len > 0) {
		char *sentence = g_strstrip(scan->sentence->str);

		if (*sentence && !scan->too_long)
			read_sentence(scan, sentence);
		g_string_truncate(scan->sentence, 0);
	}
	scan->too_long = FALSE;
}

/* A piece of the sentence, which one line has. */
static void
add_words(struct kd_reading *scan, const char *text, gsize length)
{
	GString *sentence = scan->sentence;
	gsize room = SENTENCE_MAX - MIN(sentence->len, SENTENCE_MAX);

	if (sentence->len == 0)
		scan->sentence_line = scan->line.number;
	scan->too_long |= length > room;
	g_string_append_len(sentence, text, (gssize)MIN(length, room));
}

/*
 * Sentences end at ".", "!" or "?" before white space, with their paragraph,
 * and where a line begins with a capital below a short one: signatures follow
 * without a mark, but below a full line it is a name in the sentence.
 */
static void
read_sentences(struct kd_reading *scan)
{
	const struct kd_line *line = &scan->line;
	gsize width = scan->width;

	scan->width = line->length;
	if (line->length > 0 && g_ascii_isupper(line->text[0]) &&
	    width < FULL_LINE)
		end_sentence(scan);
	else if (scan->sentence->len > 0)
		g_string_append_c(scan->sentence, ' ');
	for (gsize from = 0, i = 0; i < line->length; i++) {
		char c = line->text[i];
		gboolean last = i + 1 == line->length;
		gboolean ends = (c == '.' || c == '!' || c == '?') &&
				(last || g_ascii_isspace(line->text[i + 1]));

		if (!ends && !last)
			continue;
		add_words(scan, line->text + from, i + 1 - from);
		from = i + 1;
		if (ends)
			end_sentence(scan);
	}
}

/* "[2/5] title": the title's offset, or 0. */
static gsize
read_list_item(const struct kd_line *line, guint *total)
{
	const char *p = line->text;
	guint64 count;
	char *end;

	if (line->length < strlen("[1/1] x") || *p != '[' ||
	    !g_ascii_isdigit(p[1]))
		return 0;
	g_ascii_strtoull(p + 1, &end, 10);
	if (*end != '/' || !g_ascii_isdigit(end[1]))
		return 0;
	count = g_ascii_strtoull(end + 1, &end, 10);
	if (end[0] != ']' || end[1] != ' ')
		return 0;
	*total = (guint)MIN(count, G_MAXINT);
	return (gsize)(end + 2 - p);
}

/* "commit: HASH", or a URL that ends in it: the hash, or NULL. */
static char *
read_commit(const char *text)
{
	const char *hash = NULL;

	if (g_str_has_prefix(text, "commit: "))
		hash = text + strlen("commit: ");
	else if (g_str_has_prefix(text, "https://") && strrchr(text, '/'))
		hash = strrchr(text, '/') + 1;
	if (hash && strspn(hash, "0123456789abcdef") == strlen(hash) &&
	    strlen(hash) >= 7 && strlen(hash) <= 64)
		return g_strdup(hash);
	return NULL;
}

static gboolean
last_is(const struct kd_reading *scan, enum kd_fact_kind kind)
{
	guint n = scan->facts->len;

	return n > 0 &&
	       g_array_index(scan->facts, struct kd_fact, n - 1).kind == kind;
}

/* A line of the list below a notice; FALSE if it is none. */
static gboolean
read_list(struct kd_reading *scan)
{
	const struct kd_line *line = &scan->line;
	g_autofree char *text = NULL, *commit = NULL;
	guint total = 0;
	gsize title = read_list_item(line, &total);

	if (title > 0) {
		kd_scan_add(scan, KD_FACT_APPLIED_PATCH, line->text + title,
		    line->length - title);
		scan->listed++;
		scan->list_total = MAX(scan->list_total, total);
		return TRUE;
	}
	if (!last_is(scan, KD_FACT_APPLIED_PATCH) ||
	    line->length > SENTENCE_MAX)
		return FALSE;
	text = g_strstrip(g_strndup(line->text, line->length));
	commit = read_commit(text);
	if (commit) {
		kd_scan_add(
		    scan, KD_FACT_APPLIED_COMMIT, commit, strlen(commit));
	} else if (!strcmp(text, "(no commit info)") ||
		   !strcmp(text, "(dropped)")) {
		g_array_set_size(scan->facts, scan->facts->len - 1);
		scan->listed--;
		scan->list_gap = TRUE;
	}
	return commit || scan->list_gap;
}

/*
 * A list without a sentence before it that says so: an entry with its commit
 * below it is what "b4 ty" writes, and nobody else.
 */
static void
read_bare_list(struct kd_reading *scan)
{
	const struct kd_line line = scan->line;
	const struct kd_line entry = scan->entry;
	g_autofree char *text = NULL;
	g_autofree char *commit = NULL;
	guint total;

	scan->entry = (struct kd_line){0};
	if (read_list_item(&line, &total)) {
		scan->entry = line;
		return;
	}
	if (!entry.length || entry.number + 1 != line.number ||
	    line.length > SENTENCE_MAX)
		return;
	text = g_strstrip(g_strndup(line.text, line.length));
	if (!g_str_has_prefix(text, "commit: "))
		return;
	commit = read_commit(text);
	if (!commit)
		return;
	scan->notice = (struct kd_notice){.thanks = TRUE};
	scan->notice_line = 0;
	g_string_truncate(scan->sentence, 0);
	add_notice(scan, entry.number);
	scan->line = entry;
	read_list(scan);
	scan->line = line;
}

/* The robot that follows pull requests. */
static void
read_tracker(struct kd_reading *scan)
{
	static const char said[] = "has been merged into ";
	const struct kd_line *line = &scan->line;
	gsize length = strlen(said);

	if ((scan->flags & KD_MAIL_ROBOT) &&
	    (scan->subject->flags & KD_SUBJECT_PULL) &&
	    kd_line_begins(line, said, FALSE) && line->length > length + 1)
		kd_scan_add(scan, KD_FACT_PULLED, line->text + length,
		    line->length - length - 1);
}

/* Whether nothing is known of the mail after its notice and what that is of. */
static gboolean
is_last_said(const struct kd_reading *scan)
{
	guint after = (guint)scan->notice_fact + 1;

	return scan->notice_fact >= 0 &&
	       scan->facts->len == after + last_is(scan, KD_FACT_PARTS);
}

void
kd_scan_notice(struct kd_reading *scan)
{
	const struct kd_line *line = &scan->line;

	if (scan->depth > 0) {
		end_sentence(scan);
		scan->notice_line = 0;
		/* More of the mail answered: it was no closing word. */
		if (is_last_said(scan) && !scan->notice.branch[0] &&
		    !scan->notice.partly && scan->listed == 0 &&
		    scan->notice.verb == KD_NOTICE_APPLIED) {
			g_array_set_size(scan->facts, (guint)scan->notice_fact);
			scan->notice_fact = -1;
		}
		return;
	}
	if (scan->in_hunk || line->length == 0) {
		end_sentence(scan);
		return;
	}
	read_tracker(scan);
	if (scan->flags & KD_MAIL_ROBOT)
		return;
	if (scan->notice_fact < 0)
		read_bare_list(scan);
	if (scan->notice_fact >= 0 && read_list(scan))
		return;
	read_sentences(scan);
}

void
kd_scan_notice_end(struct kd_reading *scan)
{
	end_sentence(scan);
	settle_notice(scan);
}
