#include "config.h"

#include <string.h>

#include "head.h"
#include "subject.h"
#include "text.h"

/* A head on its way; p is what comes next. */
struct reader {
	const char *p;
	guint flags;
	gboolean tagged; /* a tag of a patch was read */
	gboolean joined; /* the last thing read was a tag, nothing between */
	struct kd_tag tag;
};

static const struct {
	const char *word;
	guint flag;
} prefixes[] = {
    {"re", KD_SUBJECT_REPLY},
    {"aw", KD_SUBJECT_REPLY},
    {"antw", KD_SUBJECT_REPLY},
    {"sv", KD_SUBJECT_REPLY},
    {"vs", KD_SUBJECT_REPLY},
    {"odp", KD_SUBJECT_REPLY},
    {"ynt", KD_SUBJECT_REPLY},
    {"回复", KD_SUBJECT_REPLY},
    {"回覆", KD_SUBJECT_REPLY},
    {"答复", KD_SUBJECT_REPLY},
    {"答覆", KD_SUBJECT_REPLY},
    {"fw", KD_SUBJECT_FORWARD},
    {"fwd", KD_SUBJECT_FORWARD},
    {"wg", KD_SUBJECT_FORWARD},
    {"转发", KD_SUBJECT_FORWARD},
    {"轉發", KD_SUBJECT_FORWARD},
    {"轉寄", KD_SUBJECT_FORWARD},
};

static const struct {
	const char *word;
	guint flag;
} remarks[] = {
    {"subset", KD_SUBJECT_SUBSET},
    {"resend", KD_SUBJECT_RESEND},
    {"repost", KD_SUBJECT_RESEND},
    {"rfc", KD_SUBJECT_RFC},
    {"rft", KD_SUBJECT_RFT},
    {"fwd", KD_SUBJECT_FORWARD},
};

#define RESEND_LENGTH 6 /* of "RESEND" and "REPOST" */

static const char *
skip_blanks(const char *p)
{
	while (*p == ' ')
		p++;
	return p;
}

/* The byte after a colon, ASCII or full-width, with blanks before; or NULL. */
static const char *
after_colon(const char *p)
{
	p = skip_blanks(p);
	if (*p == ':')
		return p + 1;
	return g_str_has_prefix(p, "：") ? p + strlen("：") : NULL;
}

/* "Re[2]", "Re(2)", "Re^2" of mailers that count. */
static const char *
skip_count(const char *p)
{
	const char *q = p;

	if (!*p || !strchr("[(^", *p))
		return p;
	while (g_ascii_isdigit(*++q))
		continue;
	if (q == p + 1)
		return p;
	return *q && strchr("])", *q) ? q + 1 : q;
}

/* A reply or forward prefix.  What stood before it says nothing. */
static gboolean
read_prefix(struct reader *reader)
{
	for (gsize i = 0; i < G_N_ELEMENTS(prefixes); i++) {
		const char *after;

		if (!kd_text_begins(reader->p, prefixes[i].word))
			continue;
		after = after_colon(
		    skip_count(reader->p + strlen(prefixes[i].word)));
		if (!after)
			continue;
		reader->p = after;
		reader->flags |= prefixes[i].flag;
		reader->tagged = reader->joined = FALSE;
		kd_tag_init(&reader->tag);
		return TRUE;
	}
	return FALSE;
}

/* "***SPAM***" */
static gboolean
read_stars(struct reader *reader)
{
	const char *p = reader->p + strspn(reader->p, "*");

	if (p == reader->p || !kd_text_begins(p, "spam"))
		return FALSE;
	p += strlen("spam");
	if (*p != '*')
		return FALSE;
	reader->p = p + strspn(p, "*");
	return TRUE;
}

/* Whether a patch's title has RESEND, or its like, in capitals here. */
static gboolean
is_resend(const char *p)
{
	return !strncmp(p, "RESEND", RESEND_LENGTH) ||
	       !strncmp(p, "REPOST", RESEND_LENGTH);
}

/*
 * "(subset)", and "RESEND:", "RESEND [PATCH]", "RFC: ..." without brackets.
 * Behind a patch's tag RESEND needs no colon either.
 */
static gboolean
read_remark(struct reader *reader)
{
	const char *p = reader->p + (*reader->p == '(');

	for (gsize i = 0; i < G_N_ELEMENTS(remarks); i++) {
		const char *after = p + strlen(remarks[i].word);

		if (!kd_text_begins(p, remarks[i].word))
			continue;
		if (p > reader->p)
			after = *after == ')' ? after + 1 : NULL;
		else if (reader->tagged && *after == ' ' && is_resend(p))
			after++;
		else if (g_ascii_islower(*p) || *skip_blanks(after) != '[')
			after = after_colon(after);
		if (!after)
			continue;
		reader->p = after;
		reader->flags |= remarks[i].flag;
		return TRUE;
	}
	return FALSE;
}

/*
 * A robot names a commit's position in a branch as people count patches:
 * "[kvmarm:next 29/32]".
 */
static gboolean
is_patch(const struct kd_tag *tag)
{
	if (tag->flags & KD_SUBJECT_PULL)
		return FALSE;
	if (tag->flags & KD_SUBJECT_PATCH)
		return TRUE;
	return tag->part >= 0 && !strchr(tag->project, ':');
}

/*
 * Whether brackets without any keyword are a tag: "[kvmtool] title", but not
 * "[un]mask".
 */
static gboolean
is_tag(const struct reader *reader, const char *after, gsize length)
{
	if (length > KD_TAG_PROJECT_MAX)
		return FALSE;
	if (after[-1] == ']' && *after != ' ' && *after != '[')
		return FALSE;
	return !reader->tagged || reader->joined;
}

/*
 * A tag in brackets.  After a patch's tag only keywords are one more, or
 * whatever joins it, "[PATCH][kvmtool]"; else it belongs to the title, as does
 * what is all there is.
 */
static gboolean
read_tag(struct reader *reader)
{
	gboolean wide = g_str_has_prefix(reader->p, "【");
	const char *start = reader->p + (wide ? strlen("【") : 1);
	const char *end, *after;
	struct kd_tag tag = reader->tag;

	if (*reader->p != '[' && !wide)
		return FALSE;
	end = strstr(start, wide ? "】" : "]");
	if (!end)
		return FALSE;
	after = end + (wide ? strlen("】") : 1);
	tag.said = FALSE;
	kd_tag_read(&tag, start, end - start);
	if (!tag.said && !is_tag(reader, after, end - start))
		return FALSE;
	reader->p = after;
	reader->tag = tag;
	reader->tagged = is_patch(&tag);
	reader->joined = TRUE;
	return TRUE;
}

/* A tag that lost its first bracket or its last one. */
static gboolean
read_open_tag(struct reader *reader)
{
	const char *start = reader->p + (*reader->p == '[');
	struct kd_tag tag = reader->tag;
	gsize n = kd_tag_read_open(&tag, start);

	if (n == 0)
		return FALSE;
	if (start[n] == ']')
		n++;
	else if (start == reader->p || strchr(start, ']'))
		return FALSE;
	reader->p = start + n;
	reader->tag = tag;
	reader->tagged = TRUE;
	return TRUE;
}

void
kd_head_read(struct kd_head *head, const char *text)
{
	struct reader reader = {.p = text};

	kd_tag_init(&reader.tag);
	for (;;) {
		const char *p = skip_blanks(reader.p);

		reader.joined &= p == reader.p;
		reader.p = p;
		if (!read_tag(&reader) && !read_prefix(&reader) &&
		    !read_stars(&reader) && !read_remark(&reader) &&
		    !read_open_tag(&reader))
			break;
	}
	if (reader.p > text) {
		reader.p += strspn(reader.p, ": ");
		if (g_str_has_prefix(reader.p, "- "))
			reader.p += strlen("- ");
	}
	*head = (struct kd_head){
	    .title = reader.p,
	    .flags = reader.flags,
	    .patch = is_patch(&reader.tag),
	    .tag = reader.tag,
	};
}

/*
 * The length of "(RESEND)" or its like that ends the title, or 0.  Of a patch
 * also that of " RESEND".
 */
static gsize
last_remark(const char *title, gsize length, gboolean patch, guint *flags)
{
	if (patch && length > RESEND_LENGTH + 1 &&
	    title[length - RESEND_LENGTH - 1] == ' ' &&
	    is_resend(title + length - RESEND_LENGTH)) {
		*flags |= KD_SUBJECT_RESEND;
		return RESEND_LENGTH;
	}
	if (length == 0 || !strchr(")]", title[length - 1]))
		return 0;
	for (gsize i = 0; i < G_N_ELEMENTS(remarks); i++) {
		gsize n = strlen(remarks[i].word) + 2;
		const char *p = title + length - n;

		if (n >= length || !strchr("([", *p) ||
		    !kd_text_begins(p + 1, remarks[i].word))
			continue;
		*flags |= remarks[i].flag;
		return n;
	}
	return 0;
}

guint
kd_head_cut_remarks(char *title, gboolean patch)
{
	gsize n, length = strlen(title);
	guint flags = 0;

	while ((n = last_remark(title, length, patch, &flags)) > 0) {
		length -= n;
		while (length > 0 && title[length - 1] == ' ')
			length--;
	}
	title[length] = '\0';
	return flags;
}
