/*
 * The sentences by which maintainers say that they took a patch.
 *
 * A sentence is read word by word, by a grammar that knows all words it
 * takes: lead-in, deed, what, where to, thanks.  An unknown word refuses it.
 * Missing a notice leaves a topic open, a false one closes it.
 */
#include "config.h"

#include <string.h>

#include "facts-private.h"

#define WORDS_MAX 48

/* The words left to read, as written and in lower case. */
struct words {
	char **as_is;
	char **folded;
	guint next;
};

static const char *
peek(const struct words *words)
{
	return words->folded[words->next] ? words->folded[words->next] : "";
}

static gboolean
accept(struct words *words, const char *const *list)
{
	if (!g_strv_contains(list, peek(words)))
		return FALSE;
	words->next++;
	return TRUE;
}

static gboolean
accept_word(struct words *words, const char *word)
{
	const char *const list[] = {word, NULL};

	return accept(words, list);
}

/*
 * Split at white space and set commas, semicolons and full stops at the end
 * of a word apart.  NULL when there are too many words.
 */
static char **
split_words(const char *sentence)
{
	g_auto(GStrv) raw = g_strsplit_set(sentence, " \t\n", WORDS_MAX);
	g_autoptr(GStrvBuilder) words = g_strv_builder_new();

	if (g_strv_length(raw) == WORDS_MAX)
		return NULL;
	for (guint i = 0; raw[i]; i++) {
		gsize length = strlen(raw[i]);
		gsize end = length;

		while (end > 0 && strchr(",;.!?:", raw[i][end - 1]))
			end--;
		if (end > 0) {
			g_autofree char *word = g_strndup(raw[i], end);

			g_strv_builder_add(words, word);
		}
		for (; end < length; end++) {
			const char mark[] = {raw[i][end], '\0'};

			g_strv_builder_add(words, mark);
		}
	}
	return g_strv_builder_end(words);
}

/*
 * What reserves, or speaks of a trial: a remark with such a word makes the
 * sentence no notice.
 */
static gboolean
has_reserve(const struct words *words, guint from, guint to)
{
	static const char *const reserve[] = {"but", "except", "without",
	    "however", "although", "not", "if", "unless", "?", "only",
	    "locally", "cleanly", "fail", "fails", "failed", "failure",
	    "failures", "crash", "crashes", "error", "errors", "oops",
	    "warning", "warnings", "boot", "boots", "test", "tested", "testing",
	    "conflict", "conflicts", "problem", "problems", "wrong", "sorry",
	    NULL};

	for (guint i = from; i < to; i++) {
		const char *word =
		    words->folded[i] + strspn(words->folded[i], "(");
		g_autofree char *plain = g_strndup(word, strcspn(word, ")"));

		if (g_strv_contains(reserve, plain))
			return TRUE;
	}
	return FALSE;
}

/* "(with small adjustments)"; FALSE when it says too much, or never ends. */
static gboolean
read_brackets(struct words *words)
{
	guint start = words->next;

	if (*peek(words) != '(')
		return TRUE;
	for (; *peek(words); words->next++)
		if (g_str_has_suffix(peek(words), ")")) {
			words->next++;
			return !has_reserve(words, start, words->next);
		}
	return FALSE;
}

/* "for both backports," after thanks. */
static void
read_reason(struct words *words)
{
	guint start = words->next;

	if (!accept_word(words, "for"))
		return;
	while (*peek(words) && strcmp(peek(words), ","))
		words->next++;
	if (!*peek(words) || has_reserve(words, start, words->next))
		words->next = start;
}

/* "Thanks," "Great," "Looks good," and so on before the deed. */
static void
read_lead(struct words *words, struct kd_notice *notice)
{
	static const char *const polite[] = {"great", "ok", "okay", "cool",
	    "nice", "excellent", "perfect", "good", "looks", "all", "right",
	    "yes", "lovely", "that", "worked", "works", "rebased", NULL};
	static const char *const marks[] = {",", ";", NULL};
	guint start = words->next;
	gboolean thanks = accept_word(words, "thanks");

	if (!thanks && accept_word(words, "for")) {
		if (!accept_word(words, "now"))
			words->next = start;
		return;
	}
	if (!thanks && accept_word(words, "thank"))
		thanks = accept_word(words, "you");
	if (!thanks)
		while (accept(words, polite))
			continue;
	else
		read_reason(words);
	if (words->next == start)
		return;
	if (!accept(words, marks)) {
		words->next = start;
		return;
	}
	notice->thanks = thanks;
	accept_word(words, "and");
}

/* "5", "1-5", "1,2": TRUE when a word is made of patch numbers. */
static gboolean
is_numbers(const char *word)
{
	return g_ascii_isdigit(*word) &&
	       word[strspn(word, "0123456789-/#")] == '\0';
}

static void
note_numbers(struct kd_notice *notice, const char *word)
{
	guint64 first = g_ascii_strtoull(word, NULL, 10);
	const char *dash = strchr(word, '-');

	notice->upto = !notice->partly && first == 1 && dash
			   ? (guint)g_ascii_strtoull(dash + 1, NULL, 10)
			   : 0;
	notice->partly = TRUE;
	if (first == 0)
		return;
	if (*notice->parts)
		g_strlcat(notice->parts, " ", sizeof(notice->parts));
	g_strlcat(notice->parts, word + (*word == '#'), sizeof(notice->parts));
}

/* What was taken: "the whole series", "patches 1-3 and 5", "both". */
static void
read_object(struct words *words, struct kd_notice *notice)
{
	static const char *const filler[] = {"the", "this", "these", "it",
	    "them", "one", "patch", "patches", "of", "set", "fix", "up",
	    "already", "now", "manually", "backport", "backports", NULL};
	static const char *const whole[] = {"series", "patchset", "all", "both",
	    "whole", "entire", "full", "everything", "lot", NULL};
	static const char *const part[] = {"first", "second", "third", "last",
	    "two", "three", "four", "only", "just", NULL};
	guint numbers;

	for (;;) {
		if (accept(words, filler))
			continue;
		if (accept(words, whole)) {
			notice->whole = TRUE;
			continue;
		}
		if (accept(words, part) || (accept_word(words, "everywhere") &&
					       accept_word(words, "else"))) {
			note_numbers(notice, "0");
			continue;
		}
		numbers = words->next;
		if ((notice->partly && accept_word(words, ",")) ||
		    accept_word(words, "and"))
			accept_word(words, "and");
		if (!is_numbers(peek(words))) {
			words->next = numbers;
			return;
		}
		note_numbers(notice, peek(words));
		words->next++;
	}
}

/* "5.12", "v5.12-rc3": a release, and no version of a series. */
static gboolean
is_release(const char *word)
{
	word += *word == 'v';
	return g_ascii_isdigit(*word) && strchr(word, '.');
}

static gboolean
is_branch(const char *word)
{
	static const char *const none[] = {"a", "an", "my", "our", "your",
	    "the", "top", "current", "latest", "mainline", "upstream", "linus",
	    "v", "it", "this", "that", "both", "all", "each", "some", "version",
	    "local", "linux-next", NULL};
	gboolean letter = FALSE;

	if (g_strv_contains(none, word) || is_release(word) ||
	    g_ascii_isdigit(*word) || g_str_has_prefix(word, "next-2") ||
	    (*word == 'v' && g_ascii_isdigit(word[1])))
		return FALSE;
	for (const char *p = word; *p; p++) {
		letter = letter || g_ascii_isalpha(*p);
		if (!g_ascii_isalnum(*p) && !strchr("/_.+-:", *p))
			return FALSE;
	}
	return letter;
}

static gboolean
is_bracketed(const char *word)
{
	gsize length = strlen(word);
	g_autofree char *inner = NULL;

	if (length < 3 || *word != '(' || word[length - 1] != ')')
		return FALSE;
	inner = g_strndup(word + 1, length - 2);
	return is_branch(inner);
}

/* A footnote's mark, "arm/queue[1]", says nothing about the branch. */
static char *
without_mark(const char *word)
{
	const char *mark = strchr(word, '[');

	return mark && mark > word ? g_strndup(word, (gsize)(mark - word))
				   : g_strdup(word);
}

/* "https://HOST/.../commits/arm/queue": the branch, unless it is known. */
static void
note_url(struct kd_notice *notice, const char *url)
{
	static const char *const before[] = {
	    "/commits/", "/tree/", "/log/?h=", NULL};

	for (guint i = 0; before[i] && !notice->branch[0]; i++) {
		const char *found = strstr(url, before[i]);

		if (found && is_branch(found + strlen(before[i])))
			g_strlcpy(notice->branch, found + strlen(before[i]),
			    sizeof(notice->branch));
	}
}

/* A branch that maintainers put patches on, and authors do not. */
static gboolean
is_shared(const char *branch)
{
	static const char *const names[] = {"queue", "next", "fixes", "master",
	    "main", "staging", "for-next", NULL};
	const char *slash = strrchr(branch, '/');

	return g_strv_contains(names, slash ? slash + 1 : branch);
}

/* After "to": a branch, "arm64 (for-next/misc)", "the s390 tree", a URL. */
static gboolean
read_branch(struct words *words, struct kd_notice *notice)
{
	static const char *const article[] = {"the", "my", "our", NULL};
	static const char *const place[] = {"tree", "branch", "queue", NULL};
	static const char *const kin[] = {"next", "fixes", "master", NULL};
	gboolean owned = accept(words, article);
	g_autofree char *word = without_mark(peek(words));
	const char *name = words->as_is[words->next];

	if (g_str_has_prefix(word, "https://")) {
		note_url(notice, name);
		words->next++;
		return TRUE;
	}
	if (owned && accept(words, place))
		return TRUE;
	if (!is_branch(word))
		return FALSE;
	words->next++;
	if (!notice->branch[0]) {
		g_strlcpy(notice->branch, name,
		    MIN(strlen(word) + 1, sizeof(notice->branch)));
		if (is_bracketed(peek(words)) ||
		    g_strv_contains(kin, peek(words))) {
			g_strlcat(notice->branch, " ", sizeof(notice->branch));
			g_strlcat(notice->branch, words->as_is[words->next],
			    sizeof(notice->branch));
		}
	}
	if (is_bracketed(peek(words)))
		words->next++;
	else
		accept(words, kin);
	return accept(words, place) || !owned;
}

/* "for 5.12", "for now". */
static gboolean
read_time(struct words *words, struct kd_notice *notice)
{
	if (!accept_word(words, "for") || accept_word(words, "now"))
		return TRUE;
	if (!is_release(peek(words)))
		return FALSE;
	notice->release = TRUE;
	words->next++;
	return TRUE;
}

/* ", will be on kvm/next tomorrow though": FALSE for another plan. */
static gboolean
read_plan(struct words *words, struct kd_notice *notice)
{
	static const char *const on[] = {"on", "in", NULL};
	static const char *const when[] = {
	    "tomorrow", "today", "soon", "shortly", "later", "though", NULL};
	guint start = words->next;

	if (!accept_word(words, ",") || !accept_word(words, "will")) {
		words->next = start;
		return TRUE;
	}
	if (!accept_word(words, "be") || !accept(words, on) ||
	    !read_branch(words, notice))
		return FALSE;
	while (accept(words, when))
		continue;
	return TRUE;
}

/* Where to: "to X", "into X", "for 5.12", "and pushed out to Y". */
static gboolean
read_place(struct words *words, struct kd_notice *notice)
{
	static const char *const to[] = {"to", "into", NULL};
	guint start;

	if (!read_brackets(words) ||
	    (accept(words, to) && !read_branch(words, notice)) ||
	    !read_time(words, notice) || !read_brackets(words) ||
	    !read_plan(words, notice))
		return FALSE;
	start = words->next;
	accept_word(words, ",");
	if (accept_word(words, "and") && accept_word(words, "pushed")) {
		accept_word(words, "out");
		return !accept(words, to) || read_branch(words, notice);
	}
	words->next = start;
	return TRUE;
}

/*
 * A remark that goes on: ", dropped a line", "with the fix from Bo", ", for
 * 5.16 we can do better".
 */
static gboolean
read_remark(struct words *words, gboolean mark)
{
	static const char *const after_mark[] = {
	    "dropped", "dropping", "fixed", "fixing", NULL};
	static const char *const after_and[] = {"will", "also", NULL};

	if (accept_word(words, "with") || (mark && accept(words, after_mark)) ||
	    (mark && accept_word(words, "for") && is_release(peek(words))) ||
	    (accept_word(words, "and") && accept(words, after_and))) {
		guint end = g_strv_length(words->folded);

		return !has_reserve(words, words->next, end);
	}
	return FALSE;
}

/* The end: a full stop, or thanks, after which only reservations matter. */
static gboolean
read_end(struct words *words, struct kd_notice *notice)
{
	static const char *const marks[] = {",", ";", ".", "!", ":", NULL};
	static const char *const thanks[] = {
	    "thanks", "thank", "thx", "cheers", NULL};
	static const char *const reserve[] = {"but", "except", "without",
	    "however", "although", "not", "if", "unless", "?", "to", NULL};
	gboolean mark = FALSE;

	while (accept(words, marks))
		mark = TRUE;
	if (!words->folded[words->next] || read_remark(words, mark))
		return TRUE;
	if (!accept(words, thanks) && !(mark && accept_word(words, "many") &&
					  accept_word(words, "thanks")))
		return FALSE;
	notice->thanks = TRUE;
	for (; words->folded[words->next]; words->next++)
		if (g_strv_contains(reserve, peek(words)))
			return FALSE;
	return TRUE;
}

static enum kd_notice_verb
read_verb(struct words *words)
{
	static const char *const applied[] = {"applied", "merged", NULL};
	static const char *const adverb[] = {
	    "now", "just", "also", "already", NULL};

	while (accept(words, adverb))
		continue;
	if (accept_word(words, "pulled"))
		return KD_NOTICE_PULLED;
	if (accept_word(words, "queued"))
		return KD_NOTICE_QUEUED;
	if (accept_word(words, "pushed"))
		return KD_NOTICE_PUSHED;
	if (accept(words, applied) ||
	    (accept_word(words, "picked") && accept_word(words, "up")))
		return KD_NOTICE_APPLIED;
	return KD_NOTICE_NONE;
}

/*
 * Most sentences have no word that read_verb() takes, and end here.  All end
 * alike, so that one search will do.
 */
static gboolean
may_have_verb(const char *lower)
{
	static const char *const stems[] = {
	    "appli", "merg", "pull", "queu", "pick", "push"};

	for (const char *p = lower; (p = strstr(p, "ed")); p++)
		for (guint i = 0; i < G_N_ELEMENTS(stems); i++) {
			gsize length = strlen(stems[i]);

			if ((gsize)(p - lower) >= length &&
			    !memcmp(p - length, stems[i], length))
				return TRUE;
		}
	return FALSE;
}

static gboolean
read_sentence(struct words *words, struct kd_notice *found)
{
	read_lead(words, found);
	found->told = accept_word(words, "i've");
	if (!found->told && accept_word(words, "i")) {
		accept_word(words, "have");
		found->told = TRUE;
	}
	if (!found->told) /* "Series applied", "Both now queued up" */
		read_object(words, found);
	found->verb = read_verb(words);
	if (found->verb == KD_NOTICE_NONE)
		return FALSE;
	if (found->verb == KD_NOTICE_PULLED && accept_word(words, ",") &&
	    strcmp(peek(words), "it"))
		words->next--;
	read_object(words, found);
	return read_place(words, found) && read_end(words, found) &&
	       (found->verb != KD_NOTICE_PUSHED ||
		   (!found->told &&
		       (!found->branch[0] || is_shared(found->branch))));
}

/* "Queued (with small adjustments to the log), thanks." without the aside. */
static char *
without_aside(const char *sentence)
{
	const char *open = strstr(sentence, " (with ");
	const char *close = open ? strchr(open, ')') : NULL;

	return close ? g_strdup_printf("%.*s%s", (int)(open - sentence),
			   sentence, close + 1)
		     : NULL;
}

static gboolean
parse(struct kd_notice *notice, const char *sentence, const char *lower)
{
	struct kd_notice found = {0};
	g_auto(GStrv) as_is = NULL;
	g_auto(GStrv) folded = NULL;
	struct words words;

	as_is = split_words(sentence);
	folded = split_words(lower);
	words = (struct words){as_is, folded, 0};
	if (!as_is || !folded || !read_sentence(&words, &found))
		return FALSE;
	*notice = found;
	return TRUE;
}

gboolean
kd_notice_parse(
    struct kd_notice *notice, const char *sentence, const char *lower)
{
	g_autofree char *rest = NULL;
	g_autofree char *rest_lower = NULL;

	if (may_have_verb(lower) && parse(notice, sentence, lower))
		return TRUE;
	rest = without_aside(sentence);
	if (!rest)
		return FALSE;
	/* The aside is found by letter case: what is left is folded anew. */
	rest_lower = g_ascii_strdown(rest, -1);
	return may_have_verb(rest_lower) && parse(notice, rest, rest_lower);
}
