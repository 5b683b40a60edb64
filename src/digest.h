/*
 * The digest: the report as data.  Text, Markdown, HTML and JSON are four
 * renderings of it and never differ in facts; a renderer decides layout only.
 *
 * A digest owns everything in it.  Strings are UTF-8 without control
 * characters, but not escaped: each renderer escapes for its own format,
 * since subjects, names and ids come from anyone.
 */
#ifndef KD_DIGEST_H
#define KD_DIGEST_H

#include <glib.h>

#include "record.h"
#include "relation.h"
#include "window.h"

enum kd_category {
	KD_CATEGORY_PATCH,
	KD_CATEGORY_RFC,
	KD_CATEGORY_BUG,
	KD_CATEGORY_PULL,
	KD_CATEGORY_DISCUSSION,
	KD_CATEGORY_OTHER,
	KD_CATEGORIES
};

enum kd_kind {	       /* what part a mail plays in its topic */
	KD_KIND_MAIL,  /* begins a discussion or report */
	KD_KIND_COVER, /* a posting's 0/n */
	KD_KIND_PATCH, /* a posting's patch */
	KD_KIND_PULL,  /* a pull request */
	KD_KIND_REPLY, /* by a person */
	KD_KIND_ROBOT  /* by a robot */
};

enum kd_field { /* of a summary, in this order */
	KD_FIELD_PURPOSE,
	KD_FIELD_EARLIER,
	KD_FIELD_WEEK,
	KD_FIELD_CONCLUSION,
	KD_FIELD_OPEN,
	KD_FIELDS
};

struct kd_digest_mail {
	guint64 number; /* in the store */
	char *id;	/* Message-ID without <> */
	char *url;	/* archive link, or NULL */
	char *subject;	/* whole, decoded */
	char *name;	/* display name, or "" */
	char *address;	/* may be "" */
	gint64 date;	/* Unix seconds */
	enum kd_kind kind;
	guint32 flags;	    /* enum kd_mail_flags */
	gboolean in_window; /* arrived in the window, not before */
	gboolean told; /* what topic->told has in sentences is of it as well */
	int posting;   /* index of the posting it belongs to or answers, -1 */
	int part;      /* n of n/m for patches and covers, else -1 */
	int parent;    /* index of the mail it answers, -1 */
	int branch;    /* index of the mail that changed the subject, -1 */
	guint depth;   /* in its thread's tree, 0 for a root */
	guint64 thread;
	char *text; /* decoded text for briefs, "" when not read */
};

struct kd_posting {
	char *version; /* "1", "2", "2.5" */
	gint64 date;
	char *name, *address;
	guint parts;	    /* patches seen, the cover not counted */
	guint total;	    /* patches announced; 0 unknown ("3/n") */
	gboolean cover;	    /* the cover was seen */
	gboolean complete;  /* every part, and the cover if it has one */
	gboolean in_window; /* its first mail is in the window */
	gboolean rfc, resend;
	guint files;		       /* that its patches touch, and the */
	guint64 insertions, deletions; /* lines: as counted in their diffs */
	gboolean stable; /* for a stable tree; the same may be for several */
	gboolean beside; /* no version of the series: a patch in answer to it */
	int successor;	 /* index of the posting that took its place, -1 */
	char *title;
	char *id;  /* Message-ID of its cover, else of its first part */
	char *url; /* or NULL */
};

struct kd_digest_fact {
	enum kd_fact_kind kind;
	char *value;
	char *person; /* "Name <address>", or "" */
	guint mail;   /* index into the topic's mails */
	int answer; /* of a question or objection: the mail that answers, -1 */
	guint line;
};

struct kd_sentence {
	enum kd_field field;
	char *text;	  /* Chinese, plain */
	GPtrArray *cites; /* of char *: Message-IDs without <>, never empty */
};

enum kd_role { /* whose turn it is */
	KD_ROLE_NONE,
	KD_ROLE_AUTHOR,
	KD_ROLE_MAINTAINER,
	KD_ROLE_REVIEWER
};

struct kd_waiting {
	enum kd_role role;
	char *name;   /* of the author; "" for the others */
	gint64 since; /* Unix seconds */
	guint days;   /* until the end of the window */
};

struct kd_related {
	enum kd_relation relation;
	guint64 topic;
	char *title; /* of that topic */
	char *url;   /* or NULL */
	char *own;   /* Message-ID of the mail here that shows it */
	char *other; /* and of the one there */
};

/* Persons who gave a trailer in an answer. */
struct kd_tallies {
	guint reviewed, acked, tested;
};

struct kd_told {    /* what an earlier digest told of a topic */
	char *week; /* "2021-W09" */
	guint64 topic;
	char *title;
	char *id;      /* Message-ID of what the title comes from, or "" */
	char *url;     /* of that in the archive, or NULL */
	char *version; /* of the newest posting, or "" */
	char *state;
	struct kd_tallies tallies;
	struct kd_waiting waiting; /* without its days */
	gint64 until;	      /* end of that digest's window, Unix seconds */
	GPtrArray *sentences; /* of struct kd_sentence: those of a model that
				 were shown; of all that came before until */
};

/* Why a topic concerns the team, in the order in which it is told. */
enum kd_note_kind {
	KD_NOTE_OWN,	 /* it is our series */
	KD_NOTE_ASKED,	 /* one of us is asked and has not answered */
	KD_NOTE_COPIED,	 /* mails to one of us */
	KD_NOTE_PATH,	 /* patches of the window touch our files */
	KD_NOTE_UAPI,	 /* or the interface to user space */
	KD_NOTE_KEYWORD, /* mails of the window have a word of ours */
	KD_NOTE_KINDS
};

struct kd_note {
	enum kd_note_kind kind;
	char *detail;  /* what is asked, the path, the word; else "" */
	GArray *mails; /* of guint: indexes of the topic's mails */
};

#define KD_UAPI_MAX 50 /* more are not told of */

struct kd_topic {
	guint64 id;	 /* number; printed as "topic:ID" */
	GArray *threads; /* of guint64, ascending: those it is made of */
	enum kd_category category;
	char *title;		/* of the newest posting, else of the root */
	gboolean title_missing; /* the cover or root that has it never came */
	char *tree;		/* "kernel", "QEMU", "kernel/docs", ... or "" */
	GPtrArray *uapi; /* of char *: files of the kernel's interface to user
			    space that the newest posting touches */
	char *url;	 /* link to what title comes from, or NULL */
	gint64 started;	 /* date of the first mail */
	GPtrArray *postings; /* of struct kd_posting, oldest first; counter-
				patches of others before the newest */
	GPtrArray *mails;    /* of struct kd_digest_mail, in tree order */
	guint in_window;     /* mails in the window */
	GPtrArray *people;   /* of char *: "Name", most mails first */
	GPtrArray *facts;    /* of struct kd_digest_fact */
	char *state;	     /* Chinese, "" when nothing proves one */
	gint64 state_since;
	GPtrArray *state_evidence; /* of char *: Message-IDs */
	struct kd_waiting waiting;
	struct kd_told *told; /* the last time, or NULL */
	gboolean first;	      /* no digest before told of any of its mails */
	GPtrArray *notes;     /* of struct kd_note, by kind */
	GPtrArray *related;   /* of struct kd_related */
	GPtrArray *sentences; /* of struct kd_sentence */
	char *source;	      /* filter that wrote them, "" for none */
	char *failure;	      /* why there are none, or NULL */
	guint refused;	      /* sentences that did not pass */
};

typedef struct kd_digest kd_digest;

struct kd_digest {
	char *list_id;
	char *list_name;
	char *list_archive; /* or NULL */
	struct kd_window window;
	char *timezone;	  /* IANA name, as printed once */
	gint64 generated; /* Unix seconds */

	/* Sums over the topics, so that mails = in_window + older. */
	guint mails, in_window, older;
	guint n_threads;     /* threads that the topics are made of */
	guint large_threads; /* of those, with over 20 mails */
	guint people;	     /* persons who wrote in the window */
	guint robots;	     /* mails of robots in the window */

	/* Mails that came in the window, in_window + copies + outside. */
	guint received;
	guint copies;	/* of mails that are counted already */
	guint outside;	/* not the list's; in no topic */
	guint unparsed; /* of the in_window ones: listed by header alone */

	GPtrArray *topics; /* of struct kd_topic: by category, largest first */
	gboolean team;	   /* a team is configured */
	GPtrArray *quiet;  /* of struct kd_told: waited for somebody in the
			      digest before, and have no mail in this one */
	GPtrArray *gaps;   /* of char *: sentences on what is missing */
	GPtrArray *footer; /* of char *: lines on how this was made */
};

/* Names as the interfaces have them: "PATCH", "purpose", "cover". */
const char *kd_category_name(enum kd_category category);
const char *kd_field_name(enum kd_field field);
const char *kd_kind_name(enum kd_kind kind);
const char *kd_role_name(enum kd_role role);
const char *kd_note_name(enum kd_note_kind kind);
/* The field of a name, KD_FIELDS if there is none. */
enum kd_field kd_field_from_name(const char *name);
/* Headings as people read them: "原始补丁/问题". */
const char *kd_field_heading(enum kd_field field);

/*
 * Allocate empty ones: every array is there and frees what is added to it,
 * every index is -1, every string NULL, which a renderer reads as "".
 */
kd_digest *kd_digest_new(void);
struct kd_topic *kd_topic_new(void);
struct kd_posting *kd_posting_new(void);
struct kd_digest_mail *kd_digest_mail_new(void);
struct kd_digest_fact *kd_digest_fact_new(void);
struct kd_sentence *kd_sentence_new(void);
struct kd_related *kd_related_new(void);
struct kd_told *kd_told_new(void);
struct kd_note *kd_note_new(enum kd_note_kind kind, const char *detail);

void kd_told_free(struct kd_told *told);
void kd_topic_free(struct kd_topic *topic);
void kd_digest_free(kd_digest *digest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_digest, kd_digest_free)

/* The index of the newest pull request among the mails, -1 if there is none. */
int kd_topic_newest_pull(const struct kd_topic *topic);

/* What a category has, all of it and in the window. */
struct kd_category_sum {
	guint topics, threads, mails, in_window;
};
void kd_digest_sum(
    const kd_digest *digest, struct kd_category_sum sums[KD_CATEGORIES]);

/*
 * The renderers.  Each returns the whole document, UTF-8 that ends in a line
 * feed; the caller frees it.  What a digest holds is not trusted: strings are
 * cleaned (text.h) and escaped, only http and https URLs become links.
 */
char *kd_render_text(const kd_digest *digest);
char *kd_render_md(const kd_digest *digest);
char *kd_render_html(const kd_digest *digest);
char *kd_render_json(const kd_digest *digest);

#endif
