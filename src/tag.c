#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "subject.h"
#include "tag.h"
#include "text.h"

#define JOINTS	   "-_/:.?"
#define DIGITS_MAX 5 /* of a part or total */

/* Words that are keywords by themselves. */
static const struct {
	const char *word;
	guint flag;
} keywords[] = {
    {"patch", KD_SUBJECT_PATCH},
    {"rfc", KD_SUBJECT_RFC},
    {"rft", KD_SUBJECT_RFT},
    {"resend", KD_SUBJECT_RESEND},
    {"repost", KD_SUBJECT_RESEND},
    {"pull", KD_SUBJECT_PULL},
    {"subset", KD_SUBJECT_SUBSET},
    {"autosel", KD_SUBJECT_STABLE},
    {"manualsel", KD_SUBJECT_STABLE},
    {"stable", KD_SUBJECT_STABLE},
    {"backport", KD_SUBJECT_STABLE},
    {"syzbot", KD_SUBJECT_BUG},
    {"syzkaller", KD_SUBJECT_BUG},
    {"bug", KD_SUBJECT_BUG},
    {"regression", KD_SUBJECT_BUG},
    {"announce", KD_SUBJECT_ANNOUNCE},
    {"announcement", KD_SUBJECT_ANNOUNCE},
    {"cfp", KD_SUBJECT_ANNOUNCE},
    /* These say how to treat a mail and nothing of what it is. */
    {"for", 0},
    {"do", 0},
    {"not", 0},
    {"donotmerge", 0},
    {"dnm", 0},
    {"merge", 0},
    {"merging", 0},
    {"upstream", 0},
    {"wip", 0},
    {"git", 0},
    {"linux", 0},
    {"next", 0},
    {"report", 0},
    {"request", 0},
    /* Mail gateways put these before the subject. */
    {"ext", 0},
    {"external", 0},
    {"spam", 0},
};

/* One word of a tag on its way through the matchers below. */
struct word {
	struct kd_tag *tag;
	const char *p;
	const char *end;
	gboolean target; /* follows "for": a release is no stable tree */
	gboolean counts; /* follows "v", "take": a number is a version */
};

void
kd_tag_init(struct kd_tag *tag)
{
	*tag = (struct kd_tag){.part = -1, .total = -1};
}

static const char *
skip_digits(const char *p, const char *end)
{
	while (p < end && g_ascii_isdigit(*p))
		p++;
	return p;
}

/* Whether a match may end at p: at the word's end or before a joint. */
static gboolean
at_joint(const struct word *word, const char *p)
{
	return p == word->end || memchr(JOINTS, *p, strlen(JOINTS));
}

static void
set_counter(struct kd_tag *tag, const char *part, const char *total)
{
	if (tag->part >= 0)
		return;
	tag->part = atoi(part);
	tag->total = total ? atoi(total) : 0;
}

/* 3/5, 03/05, 6a/7, and 3/n, 3/? of those who did not know yet. */
static gboolean
match_counter(struct word *word)
{
	const char *slash = skip_digits(word->p, word->end);
	const char *total, *p;
	char letter = 0;

	if (slash == word->p || slash - word->p > DIGITS_MAX)
		return FALSE;
	if (slash < word->end && g_ascii_isalpha(*slash))
		letter = g_ascii_tolower(*slash++);
	if (slash == word->end || *slash != '/')
		return FALSE;
	total = slash + 1;
	p = skip_digits(total, word->end);
	if (p - total > DIGITS_MAX)
		return FALSE;
	if (p == total) {
		if (p == word->end || (!g_ascii_isalpha(*p) && *p != '?'))
			return FALSE;
		total = NULL;
		p++;
	}
	if (!at_joint(word, p))
		return FALSE;
	if (word->tag->part < 0)
		word->tag->letter = letter;
	set_counter(word->tag, word->p, total);
	word->p = p;
	return TRUE;
}

/* Take the version "2", "02" or "2.5" that begins at p. */
static gboolean
take_version(struct word *word, const char *p)
{
	struct kd_tag *tag = word->tag;
	const char *end = p;
	gsize length;

	while (end < word->end &&
	       (g_ascii_isdigit(*end) || (*end == '.' && end + 1 < word->end &&
					     g_ascii_isdigit(end[1]))))
		end++;
	while (p + 1 < end && *p == '0' && g_ascii_isdigit(p[1]))
		p++;
	length = end - p;
	if (length == 0 || length >= sizeof(tag->version) || *p == '.' ||
	    !at_joint(word, end))
		return FALSE;
	/* v5.10.y is a tree. */
	if (word->end - end > 1 && *end == '.')
		return FALSE;
	if (!*tag->version)
		memcpy(tag->version, p, length);
	word->p = end;
	return TRUE;
}

/* v2, V2, v2.5, #2, take2, and 2 after such a word. */
static gboolean
match_version(struct word *word)
{
	static const char *const names[] = {
	    "version", "ver", "take", "try", "rev", "v", "#"};
	gsize room = word->end - word->p;

	if (word->counts && take_version(word, word->p)) {
		word->counts = FALSE;
		return TRUE;
	}
	for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
		gsize length = strlen(names[i]);

		if (room < length || !kd_text_begins(word->p, names[i]))
			continue;
		if (!strcmp(names[i], "take"))
			word->tag->flags |= KD_SUBJECT_TAKE;
		if (take_version(word, word->p + length))
			return TRUE;
		if (room == length) {
			word->p = word->end;
			return word->counts = TRUE;
		}
	}
	return FALSE;
}

/*
 * Numbers that are neither: 5.10, 5.10.y and v5.10.y name a stable tree, but
 * for what is meant for a release; any other number says nothing.
 */
static gboolean
match_number(struct word *word)
{
	struct kd_tag *tag = word->tag;
	const char *p = word->p, *number;
	gsize length;
	guint dots = 0;

	if (*p == 'v' || *p == 'V')
		p++;
	number = p;
	if (p == word->end || !g_ascii_isdigit(*p))
		return FALSE;
	for (; p < word->end && (g_ascii_isdigit(*p) || *p == '.'); p++)
		if (*p == '.' && p + 1 < word->end)
			dots++;
	length = (gsize)(p - number) - (p[-1] == '.');
	if (p < word->end && p[-1] == '.' && strchr("xyXY", *p)) {
		tag->flags |= KD_SUBJECT_STABLE;
		p++;
	}
	if (!at_joint(word, p))
		return FALSE;
	if (dots > 0 && !word->target)
		tag->flags |= KD_SUBJECT_STABLE;
	if (dots > 0 && !*tag->tree && length < sizeof(tag->tree))
		memcpy(tag->tree, number, length);
	word->p = p;
	return TRUE;
}

/* Whether a keyword of this length ends here: PATCH, PATCHv2, PATCH-next. */
static gboolean
keyword_ends(const struct word *word, gsize length)
{
	const char *p = word->p + length;

	if (p == word->end || !g_ascii_isalpha(*p))
		return TRUE;
	return (*p == 'v' || *p == 'V') && p + 1 < word->end &&
	       g_ascii_isdigit(p[1]);
}

static gboolean
match_keyword(struct word *word)
{
	gsize room = word->end - word->p;

	for (gsize i = 0; i < G_N_ELEMENTS(keywords); i++) {
		gsize length = strlen(keywords[i].word);

		if (room < length ||
		    !kd_text_begins(word->p, keywords[i].word) ||
		    !keyword_ends(word, length))
			continue;
		word->target = !strcmp(keywords[i].word, "for");
		word->tag->flags |= keywords[i].flag;
		word->p += length;
		return TRUE;
	}
	return FALSE;
}

/*
 * Whether each piece of a word is known: "RFC/RFT", "for-stable-5.10", but not
 * "stable-rc".  A word that is not leaves the tag as it was.
 */
static gboolean
read_word(struct word *word)
{
	const struct kd_tag before = *word->tag;

	while (word->p < word->end) {
		if (match_counter(word) || match_version(word) ||
		    match_number(word) || match_keyword(word))
			continue;
		if (!at_joint(word, word->p)) {
			*word->tag = before;
			return FALSE;
		}
		word->p++;
	}
	word->tag->said = TRUE;
	return TRUE;
}

/* Between words.  Asked of each byte: a switch costs less than a call. */
static gboolean
is_separator(char c)
{
	switch (c) {
	case ' ':
	case '\t':
	case ',':
	case ';':
	case '{':
	case '}':
	case '(':
	case ')':
		return TRUE;
	default:
		return FALSE;
	}
}

static gsize
word_length(const char *p, const char *end)
{
	const char *start = p;

	while (p < end && !is_separator(*p) && *p != ']')
		p++;
	return p - start;
}

static const char *
skip_separators(const char *p, const char *end)
{
	while (p < end && is_separator(*p))
		p++;
	return p;
}

/* "2 of 4": the counter in three words.  Returns its length or 0. */
static gsize
read_of(struct kd_tag *tag, const char *p, const char *end)
{
	const char *part_end = skip_digits(p, end);
	const char *of = skip_separators(part_end, end);
	const char *total, *total_end;

	if (part_end == p || part_end - p > DIGITS_MAX || of == part_end ||
	    end - of < 3 || g_ascii_strncasecmp(of, "of", 2))
		return 0;
	total = skip_separators(of + 2, end);
	total_end = skip_digits(total, end);
	if (total == of + 2 || total_end == total ||
	    total_end - total > DIGITS_MAX)
		return 0;
	set_counter(tag, p, total);
	tag->said = TRUE;
	return total_end - p;
}

/* "kvm?" is a guess of syzbot's at who is concerned. */
static void
add_project(struct kd_tag *tag, const char *p, gsize length)
{
	gsize used = strlen(tag->project);
	g_autofree char *word = NULL;

	if (p[length - 1] == '?')
		return;
	while (length > 1 && *p == '-') {
		p++;
		length--;
	}
	if (used + length + 2 > sizeof(tag->project))
		return;
	word = g_ascii_strdown(p, length);
	if (used > 0)
		tag->project[used++] = ' ';
	memcpy(tag->project + used, word, length + 1);
}

void
kd_tag_read(struct kd_tag *tag, const char *text, gsize length)
{
	const char *end = text + length;
	struct word word = {.tag = tag};
	gsize n;

	for (const char *p = skip_separators(text, end); p < end;
	     p = skip_separators(p + n, end)) {
		n = read_of(tag, p, end);
		if (n > 0)
			continue;
		n = MAX(word_length(p, end), 1);
		word.p = p;
		word.end = p + n;
		if (!read_word(&word))
			add_project(tag, p, n);
	}
}

gsize
kd_tag_read_open(struct kd_tag *tag, const char *text)
{
	const char *p = text, *end = text + strlen(text);
	struct kd_tag read = *tag;
	struct word word = {.tag = &read};
	gsize n;

	if (!kd_text_begins(p, "patch") && !kd_text_begins(p, "rfc"))
		return 0;
	while (p < end && *p != ']') {
		n = read_of(&read, p, end);
		if (n == 0) {
			n = word_length(p, end);
			word.p = p;
			word.end = p + n;
			if (!read_word(&word))
				break;
		}
		p = skip_separators(p + n, end);
	}
	if (p == text)
		return 0;
	*tag = read;
	return p - text;
}
