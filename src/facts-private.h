/*
 * What the files of facts share: lines, diffs, and the grammar of notices.
 */
#ifndef KD_FACTS_PRIVATE_H
#define KD_FACTS_PRIVATE_H

#include <string.h>

#include <glib.h>

#include "facts.h"
#include "text.h"

/* One line of a text, without its line feed; text is borrowed. */
struct kd_line {
	const char *text;
	gsize length;
	guint32 number; /* 1-based */
	const char *rest;
};

/* Begin before the first line of text. */
void kd_line_start(struct kd_line *line, const char *text);

/* Go to the next line; FALSE at the end of the text. */
gboolean kd_line_next(struct kd_line *line);

/*
 * Whether the line begins with a prefix, letter case ignored if fold.  Asked
 * dozens of times of each line: here, so that lengths are constants.
 */
static inline gboolean
kd_line_begins(const struct kd_line *line, const char *prefix, gboolean fold)
{
	gsize length = strlen(prefix);

	/* Most lines differ in the first byte, whatever its letter case. */
	if (line->length < length || (*line->text | 0x20) != (*prefix | 0x20))
		return FALSE;
	if (fold)
		return !g_ascii_strncasecmp(line->text, prefix, length);
	return !memcmp(line->text, prefix, length);
}

/* Whether a text begins with one of several. */
static inline gboolean
kd_begins_with_one(const char *text, const char *const *list)
{
	for (; *list; list++) {
		const char *word = *list;
		const char *p = text;

		for (; *word && *word == *p; word++)
			p++;
		if (!*word)
			return TRUE;
	}
	return FALSE;
}

/* What is left of the hunk of a unified diff. */
struct kd_hunk {
	guint64 removed, added; /* lines, context counted in both */
};

enum kd_notice_verb {
	KD_NOTICE_NONE,
	KD_NOTICE_APPLIED, /* applied, merged, picked up: testers do that too */
	KD_NOTICE_QUEUED,
	KD_NOTICE_PULLED,
	KD_NOTICE_PUSHED /* authors push their next version somewhere */
};

/* What a sentence says was done with a patch, see kd_notice_parse(). */
struct kd_notice {
	enum kd_notice_verb verb;
	gboolean whole;	  /* names the whole series: "series", "all" */
	gboolean partly;  /* names some patches: "patches 1-3", "first" */
	guint upto;	  /* those are 1 to upto; 0 when they are others */
	char parts[64];	  /* those that have numbers: "1-9 18" */
	gboolean release; /* names a release: "for 5.12" */
	gboolean thanks;  /* and thanks for it */
	gboolean told;	  /* told as the writer's deed: "I have applied" */
	char branch[128];
};

/*
 * Read a sentence (its end included) as "Applied to BRANCH, thanks!" and the
 * like.  Every word must be one that such notices are made of: what asks,
 * denies, plans, or says more than that is none.  lower is the sentence in
 * lower case.  FALSE if it is none; notice is set only on TRUE.
 */
gboolean kd_notice_parse(
    struct kd_notice *notice, const char *sentence, const char *lower);

#define KD_LINE_MAX 1000 /* bytes of a line that is worth reading whole */

/* One mail being read.  Strings are borrowed from the caller. */
struct kd_reading {
	struct kd_findings *findings;
	GArray *facts; /* those of findings */
	const kd_subject *subject;
	const char *name, *address;
	const char *person; /* "Name <address>" */
	guint32 flags;
	gboolean reply;
	guint64 version; /* of the subject; of 2.5 it is 2 */

	struct kd_line line;
	char text[KD_LINE_MAX + 1];  /* see kd_scan_text() */
	guint32 text_line;	     /* the line that text is of */
	char lower[KD_LINE_MAX + 1]; /* see kd_scan_lower() */
	guint32 lower_line;	     /* likewise */
	struct kd_line before;	     /* the one before it */
	struct kd_hunk hunk;
	GHashTable *paths; /* those of findings, to find them */
	gboolean in_hunk;  /* the line is of a diff */
	gboolean copied;   /* an original mail follows without quote marks */
	guint depth;	   /* of the line's quotation */
	guint deepest;	   /* so far */

	gboolean for_all; /* the words before speak of the whole series */

	guint block; /* first fact of the block of trailers being read */
	gboolean signed_off; /* which has a Signed-off-by */
	gboolean signed_own; /* the sender has signed a posting */
	gboolean developed;  /* others have, who wrote it, too */
	gboolean committed;  /* another has after that */
	const char *posted;  /* the Link that follows, or NULL */
	guint32 posted_line;

	GString *sentence; /* so far */
	gboolean too_long; /* it was cut */
	guint32 sentence_line;
	gsize width;	  /* of the line before */
	gboolean thanked; /* the sentence before was thanks */

	guint remarks; /* questions and objections so far */

	struct kd_notice notice; /* the last one */
	int notice_fact;	 /* its fact, -1 for none */
	guint32 notice_line;	 /* while it still lacks thanks; or 0 */
	guint listed, list_total;
	struct kd_line entry; /* of a list that no notice is known for */
	gboolean list_gap;

	gboolean begun;	    /* a line of text has been read */
	gboolean pull_next; /* the repository is named next */
	guint64 payload;    /* titles of its shortlog to come of an author */
	const char *payload_author;
	const char *url; /* the first at or behind a line before; or NULL */
	/* Sets of footnotes, bits 0 to 63, that lines refer to. */
	guint64 noted;	      /* at all */
	guint64 earlier;      /* where an earlier version is spoken of */
	guint64 perhaps;      /* where it may be: then the author decides */
	guint told;	      /* strength of the line before that needs a URL */
	gboolean spoke;	      /* an earlier version was spoken of */
	GString *change;      /* the item of the changelog so far */
	guint32 change_line;  /* where it began */
	gboolean change_open; /* the changelog is of this version */
	gboolean change_seen; /* there was one, of whichever version */
	gboolean change_gap;  /* there was a blank line in it */
	gboolean below;	      /* "---" was seen */
	guint changes;	      /* items so far */
	gboolean all_errors;  /* the robot lists errors from here */
	gboolean all_warnings; /* or warnings alone */
	gboolean failed;       /* and the first one is noted */
	struct kd_line config;
	char hash[41];	/* that the line before ended in, or "" */
	guint mentions; /* of commits so far */
	guint cited;	/* links so far that nothing is said of */
};

/*
 * A copy that lives as long as the facts do, in UTF-8, cut to 1,000 bytes,
 * controls made spaces, and none around it.
 */
const char *kd_scan_copy(
    struct kd_reading *scan, const char *text, gsize length);

/*
 * Append a fact of the current line; value is copied as above.  Nothing once
 * there are KD_FACTS_MAX.
 */
void kd_scan_add(struct kd_reading *scan, enum kd_fact_kind kind,
    const char *value, gsize length);

/*
 * The line without white space around it, valid until the next line; "" when
 * it is longer than KD_LINE_MAX.
 */
const char *kd_scan_text(struct kd_reading *scan);

/* The same in lower case, ASCII letters alone. */
const char *kd_scan_lower(struct kd_reading *scan);

/* Read the line as one of a diff. */
void kd_scan_diff(struct kd_reading *scan);

/* Read the line as a trailer; FALSE if it is none. */
gboolean kd_scan_trailer(struct kd_reading *scan);
/* Read what a line that is none says of what those below it are of. */
void kd_scan_scope(struct kd_reading *scan);
/* A line that is no trailer ends a block of them. */
void kd_scan_trailers_end(struct kd_reading *scan);
/* The end of a posting: whether it is a commit, sent as it was applied. */
void kd_scan_commit_end(struct kd_reading *scan);

/* Read the line for notices, and at the end of the text. */
void kd_scan_notice(struct kd_reading *scan);
void kd_scan_notice_end(struct kd_reading *scan);

/* Read an answer's sentence, here in lower case, too, as a remark of a line. */
void kd_scan_remark(struct kd_reading *scan, const char *sentence,
    const char *lower, guint32 line);

/* Read the line as a command to a robot, or the outcome of a bisection. */
void kd_scan_command(struct kd_reading *scan);
/* Read the line for commits that it names with their titles. */
void kd_scan_mention(struct kd_reading *scan);

/* Read the line of a posting: repository, ids, earlier versions. */
void kd_scan_posting(struct kd_reading *scan);

/* Read the line of a posting for its changelog, and at the end of the text. */
void kd_scan_change(struct kd_reading *scan);
void kd_scan_change_end(struct kd_reading *scan);

/* Read a robot's subject, the line of its mail, and at the end of the text. */
void kd_scan_robot_subject(struct kd_reading *scan);
void kd_scan_robot(struct kd_reading *scan);
void kd_scan_robot_end(struct kd_reading *scan);

#endif
