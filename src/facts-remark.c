/*
 * What a mail says beside trailers and notices: questions, objections, a
 * posting taken back, the commit that a bug was bisected to, and commands to
 * robots.  Plain rules over whole sentences and lines: what is in doubt is
 * none of these.
 */
#include "config.h"

#include <string.h>

#include "facts-private.h"

#define REMARKS_MAX  8	/* questions and objections of one mail */
#define QUESTION_MIN 10 /* bytes; "Hm?" asks nothing */
#define MENTIONS_MAX 8	/* commits that a mail names */
#define HASH_MIN     8	/* digits of a hash that is no number */
#define HASH_MAX     40 /* and of a whole one */
#define LEADS_MAX    3	/* words before what a sentence is about */
#define LEAD_MAX     16 /* bytes of one */

static gboolean
is_lead(const char *word, gsize length)
{
	static const char *const leads[] = {"hmm", "hm", "well", "but",
	    "however", "so", "and", "sorry", "also", "still", "again",
	    "unfortunately", "actually", "honestly", "err", "ah", "oh", "no",
	    NULL};

	for (const char *const *lead = leads; *lead; lead++)
		if (**lead == *word && strlen(*lead) == length &&
		    !memcmp(*lead, word, length))
			return TRUE;
	return FALSE;
}

/* Step over "Hmm, ", "But ", "However, " and the like. */
static const char *
skip_leads(const char *sentence)
{
	for (guint n = 0; n < LEADS_MAX; n++) {
		gsize length = 0;
		gsize marks;

		while (length < LEAD_MAX && g_ascii_islower(sentence[length]))
			length++;
		if (!is_lead(sentence, length))
			break;
		marks = strspn(sentence + length, ",.;:- ");
		if (!marks)
			break;
		sentence += length + marks;
	}
	return sentence;
}

/*
 * Most sentences do not begin with a word that is_objection() or
 * is_withdrawal() know.  A new one there may need its beginning here.
 */
static gboolean
may_object(const char *sentence)
{
	static const char *const openings[] = {"i ", "i'", "this ", "that",
	    "please ", "we can", "you can", "absolutely ", "ignore this ",
	    "self", NULL};

	return kd_begins_with_one(sentence, openings);
}

/* Words that others take with them which object to nothing. */
static gboolean
is_no_objection(const char *sentence)
{
	static const char *const beginnings[] = {"please don't top",
	    "please do not top", "please don't worry", "please don't hesitate",
	    "please do not hesitate", "please don't forget",
	    "i don't think this is documented", "i'd rather prefer",
	    "i'd rather have that too", NULL};
	/* "I don't like it either" agrees with somebody. */
	static const char *const tastes[] = {"i don't like", "i do not like",
	    "i'm not a fan of", "i am not a fan of", NULL};

	return kd_begins_with_one(sentence, beginnings) ||
	       strstr(sentence, " problem") || strstr(sentence, ":-)") ||
	       g_str_has_suffix(sentence, " either.") ||
	       (kd_begins_with_one(sentence, tastes) &&
		   strstr(sentence, " either"));
}

static gboolean
is_objection(const char *sentence)
{
	static const char *const beginnings[] = {"i don't think this is",
	    "i don't think that is", "i don't think that's",
	    "i don't think this change", "i don't think this patch",
	    "i don't think this works", "i don't think this will work",
	    "i don't think this can work", "i don't think we should",
	    "i don't think we want", "i don't think you should",
	    "i don't think you can", "i do not think this is",
	    "i do not think we should", "i don't like", "i do not like",
	    "i disagree", "i object", "i'm not convinced that",
	    "i'm not convinced this", "i'm not convinced by",
	    "i am not convinced", "i'm against", "i am against",
	    "i'm not happy with", "i am not happy with", "i'd rather ",
	    "i would rather ", "i'd prefer we ", "i'd prefer not ",
	    "i'd prefer if we ", "i'd prefer to avoid ",
	    "i would prefer that we ", "i would prefer a completely ",
	    "i'm not a fan of", "i am not a fan of", "i'm not keen on",
	    "i'm not fond of", "i don't buy ", "i really don't like",
	    "i really don't think", "i really don't see the point",
	    "i really don't see a reason", "i don't see the point",
	    "absolutely not", "please don't", "please do not", "please drop ",
	    "this is wrong", "that is wrong", "that's wrong",
	    "this is plain wrong", "this is incorrect", "this is not right",
	    "this isn't right", "that's not right", "this looks wrong",
	    "this seems wrong", "this doesn't look right",
	    "this doesn't do the right thing", "that's bogus", "this is bogus",
	    "this is buggy", "this is racy", "this is not the correct way",
	    "this is broken", "this breaks", "this will break",
	    "this would break", "this doesn't work", "this does not work",
	    "this can't work", "this cannot work", "this won't work",
	    "that doesn't work", "that won't work", "this is a bad idea",
	    "this is not acceptable", "we can't do this", "we cannot do this",
	    "you can't do this", "you cannot do this", "you can't do that",
	    "this isn't the right way", "this is not the right way",
	    "i don't think this makes", "i'm still very much opposed",
	    "i'm still opposed", "i'm very much opposed", "i'm opposed",
	    "i am opposed", NULL};

	return kd_begins_with_one(sentence, beginnings) &&
	       !is_no_objection(sentence);
}

/* "Please ignore this series", by whoever posted it. */
static gboolean
is_withdrawal(const char *sentence)
{
	static const char *const beginnings[] = {"please ignore this patch",
	    "please ignore this series", "please ignore this version",
	    "please ignore this posting", "please ignore this one",
	    "please ignore this set", "please ignore this last patch",
	    "please ignore this.", "please ignore that patch",
	    "please ignore that series", "please ignore that one",
	    "please ignore that.", "i don't intend to resend this series",
	    "i do not intend to resend this series",
	    "please disregard this patch", "please disregard this series",
	    "please drop this patch", "please drop this series",
	    "please drop this one", "ignore this patch", "ignore this series",
	    "ignore this version", "self-nak", "self nak",
	    "i'll drop this series", "i will drop this series",
	    "i'm dropping this series", "i am dropping this series",
	    "i'm withdrawing this", "i withdraw this", NULL};

	return kd_begins_with_one(sentence, beginnings);
}

static gboolean
is_question(const char *sentence)
{
	gsize length = strlen(sentence);

	/* "? vgic_get_irq+0x1/0x2" is of a call trace. */
	return length >= QUESTION_MIN && sentence[length - 1] == '?' &&
	       strchr(sentence, ' ') && !strstr(sentence, "+0x");
}

void
kd_scan_remark(struct kd_reading *scan, const char *sentence, const char *lower,
    guint32 line)
{
	enum kd_fact_kind kind = KD_FACT_NONE;
	const char *said = skip_leads(lower);
	gboolean suspect = may_object(said);

	if (suspect && is_withdrawal(said))
		kind = KD_FACT_WITHDRAWN;
	else if (scan->remarks < REMARKS_MAX && is_question(lower))
		kind = KD_FACT_QUESTION;
	else if (scan->remarks < REMARKS_MAX && suspect && is_objection(said))
		kind = KD_FACT_OBJECTION;
	if (!kind)
		return;
	scan->remarks += kind != KD_FACT_WITHDRAWN;
	kd_scan_add(scan, kind, sentence, strlen(sentence));
	g_array_index(scan->facts, struct kd_fact, scan->facts->len - 1).line =
	    line;
}

/* A commit's hash that begins here, 12 to 64 digits; its length, or 0. */
static gsize
hash_length(const char *text)
{
	gsize length = strspn(text, "0123456789abcdef");

	return length >= 12 && length <= 64 && !g_ascii_isalnum(text[length])
		   ? length
		   : 0;
}

/* "bisected to HASH", "first bad commit: [HASH] title", and as git says it. */
static void
read_bisection(struct kd_reading *scan, const char *text)
{
	static const char *const before[] = {"bisected to commit ",
	    "bisected to ", "bisected it to commit ", "bisected it to ",
	    "bisected this to commit ", "bisected this to ",
	    "bisects to commit ", "bisects to ", "bisect points to commit ",
	    "bisect points to ", "first bad commit: [", NULL};
	static const char after[] = " is the first bad commit";
	gsize length = hash_length(text);

	if (length && g_str_has_prefix(text + length, after)) {
		kd_scan_add(scan, KD_FACT_BISECTED, text, length);
		return;
	}
	for (guint i = 0; before[i]; i++) {
		const char *at = strstr(text, before[i]);

		if (!at)
			continue;
		at += strlen(before[i]);
		length = hash_length(at);
		if (length)
			kd_scan_add(scan, KD_FACT_BISECTED, at, length);
		if (length)
			return;
	}
}

/* The hash that ends before a place in a text, over blanks; its length or 0. */
static gsize
hash_before(const char *text, const char *end, const char **begin)
{
	const char *p;

	while (end > text && (end[-1] == ' ' || end[-1] == '\t'))
		end--;
	for (p = end;
	     p > text && g_ascii_isxdigit(p[-1]) && !g_ascii_isupper(p[-1]);
	     p--)
		continue;
	*begin = p;
	return (p == text || !g_ascii_isalnum(p[-1])) && end - p >= HASH_MIN &&
		       end - p <= HASH_MAX
		   ? (gsize)(end - p)
		   : 0;
}

/* 'commit 0123456789ab ("title")', over two lines or on one. */
static void
read_mention(struct kd_reading *scan, const char *text, const char *open)
{
	struct kd_line next = scan->line;
	g_autofree char *more = NULL;
	g_autofree char *value = NULL;
	const char *hash;
	gsize length = hash_before(text, open, &hash);
	const char *close = strstr(open, "\")");

	if (!length && open == text && *scan->hash) {
		hash = scan->hash;
		length = strlen(hash);
	}
	if (!length)
		return;
	if (!close && kd_line_next(&next) && next.length < KD_LINE_MAX) {
		more = g_strstrip(g_strndup(next.text, next.length));
		close = strstr(more, "\")");
		if (!close)
			return;
		value = g_strdup_printf("%.*s %s %.*s", (int)length, hash, open,
		    (int)(close + 2 - more), more);
	} else if (close) {
		value = g_strdup_printf("%.*s %.*s", (int)length, hash,
		    (int)(close + 2 - open), open);
	} else {
		return;
	}
	kd_scan_add(scan, KD_FACT_MENTION, value, strlen(value));
	scan->mentions++;
}

void
kd_scan_mention(struct kd_reading *scan)
{
	const char *text = kd_scan_text(scan);
	const char *hash;
	gsize length;

	/* A trailer has said it. */
	if (!kd_line_begins(&scan->line, "Fixes:", TRUE))
		for (const char *p = text;
		     scan->mentions < MENTIONS_MAX && (p = strchr(p, '"')); p++)
			if (p > text && p[-1] == '(')
				read_mention(scan, text, p - 1);
	length = hash_before(text, text + strlen(text), &hash);
	memcpy(scan->hash, hash, length);
	scan->hash[length] = '\0';
}

void
kd_scan_command(struct kd_reading *scan)
{
	const struct kd_line *line = &scan->line;
	const char *text = kd_scan_text(scan);

	if (line->length < strlen("#syz x"))
		return;
	if (kd_line_begins(line, "#syz ", TRUE)) {
		kd_scan_add(scan, KD_FACT_SYZ_COMMAND, line->text + 5,
		    line->length - 5);
	} else if (kd_line_begins(line, "#regzbot ", TRUE)) {
		kd_scan_add(
		    scan, KD_FACT_REGZBOT, line->text + 9, line->length - 9);
	} else if (strstr(text, "isect") || strstr(text, "bad commit")) {
		read_bisection(scan, kd_scan_lower(scan));
	}
}
