#include "config.h"

#include <string.h>

#include "head.h"
#include "subject.h"
#include "text.h"
#include "wording.h"

/* The text with each run of white space one blank, none at the ends. */
static char *
fold_space(const char *text)
{
	g_autofree char *valid = NULL;
	GString *folded;
	gboolean space = FALSE;

	if (kd_text_is_plain(text))
		return g_strdup(text);
	valid = g_utf8_make_valid(text, -1);
	folded = g_string_sized_new(strlen(valid));
	for (const char *p = valid; *p; p = g_utf8_next_char(p)) {
		gunichar c = g_utf8_get_char(p);

		if ((c <= ' ' || c >= 0x7f) &&
		    (g_unichar_isspace(c) || g_unichar_iscntrl(c))) {
			space = folded->len > 0;
			continue;
		}
		if (space)
			g_string_append_c(folded, ' ');
		if (c < 0x80)
			g_string_append_c(folded, (char)c);
		else
			g_string_append_unichar(folded, c);
		space = FALSE;
	}
	return g_string_free(folded, FALSE);
}

/*
 * Where "(was: ..." begins, or NULL; *subject is what follows "was".  A
 * patch's title may have a "(was ...)" of its own, so there it must be clear
 * that a subject follows.
 */
static char *
find_was(char *title, gboolean patch, const char **subject)
{
	for (char *p = title; (p = strpbrk(p, "([")); p++) {
		const char *was = p + 1;

		if (g_ascii_strncasecmp(was, "was", 3))
			continue;
		*subject = was + 3 + strspn(was + 3, ": ");
		if (was[3] == ':' || **subject == '[' ||
		    !g_ascii_strncasecmp(*subject, "re:", 3))
			return p;
		if (!patch && p > title && was[3] == ' ')
			return p;
	}
	return NULL;
}

/* Whether a character begins here that does not show. */
static gboolean
is_format(const char *p)
{
	return (guchar)*p >= 0xc0 &&
	       g_unichar_type(g_utf8_get_char(p)) == G_UNICODE_FORMAT;
}

/* The title for comparing; see subject.h.  It gets no longer on the way. */
static char *
make_key(const char *title)
{
	char *key = kd_text_fold(title);
	char *end = key;

	for (const char *p = key; *p; p++) {
		/* Lists that fold a long subject after a comma add a blank. */
		if (*p == ' ' && end > key && end[-1] == ',')
			continue;
		if (is_format(p))
			p = g_utf8_next_char(p) - 1;
		else
			*end++ = *p;
	}
	while (end > key && strchr(" .,;:!?", end[-1]))
		end--;
	*end = '\0';
	return key;
}

/* The key of the subject that stands behind "(was". */
static char *
was_key(const char *subject)
{
	g_autofree char *text = g_strdup(subject);
	const char *ignored;
	char *inner = find_was(text, FALSE, &ignored);
	gsize length;
	struct kd_head head;

	if (inner)
		*inner = '\0';
	g_strchomp(text);
	length = strlen(text);
	if (!inner && length > 0 && strchr(")]", text[length - 1]))
		text[length - 1] = '\0';
	kd_head_read(&head, text);
	return make_key(head.title);
}

/* What the tags, the words and the remarks of a subject say together. */
static guint
join_flags(const struct kd_head *head, guint remarks, const char *title)
{
	const guint ours = KD_SUBJECT_PATCH | KD_SUBJECT_PULL;
	guint flags = head->flags | head->tag.flags | remarks;

	flags &= ~(guint)KD_SUBJECT_PATCH;
	if (head->patch)
		flags |= KD_SUBJECT_PATCH;
	if (flags & ours)
		return flags & ~(guint)KD_SUBJECT_BUG;
	return flags | kd_wording_read(title);
}

kd_subject *
kd_subject_parse(const char *subject)
{
	kd_subject *s = g_new0(kd_subject, 1);
	g_autofree char *text = fold_space(subject);
	struct kd_head head;
	const char *was_subject;
	char *was;
	guint remarks;

	kd_head_read(&head, text);
	s->title = g_strdup(head.title);
	was = find_was(s->title, head.patch, &was_subject);
	if (was) {
		s->was = was_key(was_subject);
		*was = '\0';
		g_strchomp(s->title);
	} else {
		s->was = g_strdup("");
	}
	remarks = kd_head_cut_remarks(s->title, head.patch);
	s->flags = join_flags(&head, remarks, s->title);
	if (was)
		s->flags |= KD_SUBJECT_WAS;
	s->version = g_strdup(*head.tag.version ? head.tag.version : "1");
	s->part = head.tag.part;
	s->total = head.tag.total;
	s->letter = head.tag.letter;
	s->project = g_strdup(head.tag.project);
	s->home = g_str_has_suffix(s->project, "-next") ? "" : s->project;
	s->tree = g_strdup(s->flags & KD_SUBJECT_STABLE ? head.tag.tree : "");
	s->key = make_key(s->title);
	return s;
}

void
kd_subject_free(kd_subject *subject)
{
	if (!subject)
		return;
	g_free(subject->version);
	g_free(subject->project);
	g_free(subject->tree);
	g_free(subject->title);
	g_free(subject->key);
	g_free(subject->was);
	g_free(subject);
}

int
kd_subject_compare_version(const char *a, const char *b)
{
	while (*a || *b) {
		gsize m, n;
		int order;

		a += strspn(a, "0");
		b += strspn(b, "0");
		m = strcspn(a, ".");
		n = strcspn(b, ".");
		if (m != n)
			return m < n ? -1 : 1;
		order = strncmp(a, b, n);
		if (order)
			return order;
		a += m + (a[m] == '.');
		b += n + (b[n] == '.');
	}
	return 0;
}
