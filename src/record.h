/*
 * A record is what is known of one mail after parsing: what filters/parse-mail
 * answers and what the store keeps beside the raw bytes.  It is derived and
 * can be made anew at any time.
 *
 * The packed form (see kvdigest-db(5)) is one block of bytes with a version;
 * reading it checks every bound, since a parser that a mail has taken over may
 * have written it.  All strings of an unpacked record point into that block, be
 * it a copy or borrowed; all are UTF-8 without control characters, but for text,
 * which has line feeds and tabs.
 */
#ifndef KD_RECORD_H
#define KD_RECORD_H

#include <glib.h>

/* Limits; what exceeds one is cut and KD_MAIL_CLIPPED set. */
#define KD_ID_MAX      998     /* bytes of a Message-ID kept */
#define KD_REFS_MAX    1000    /* ids kept of References and In-Reply-To */
#define KD_SUBJECT_MAX 2000    /* bytes of a decoded subject */
#define KD_NAME_MAX    200     /* bytes of a display name */
#define KD_ADDRESS_MAX 320     /* bytes of an address, RFC 5321 4.5.3.1 */
#define KD_COPIES_MAX  1000    /* addresses of To and Cc */
#define KD_FACTS_MAX   2000    /* facts of one mail */
#define KD_PATHS_MAX   1000    /* files a patch touches */
#define KD_TEXT_MAX    4000000 /* bytes of decoded text */

enum kd_mail_flags {
	KD_MAIL_LIST = 1 << 0,	   /* came through the list */
	KD_MAIL_ROBOT = 1 << 1,	   /* its author is no person */
	KD_MAIL_PATCH = 1 << 2,	   /* the text holds a diff */
	KD_MAIL_HTML = 1 << 3,	   /* text was made from HTML */
	KD_MAIL_CHARSET = 1 << 4,  /* the declared charset was wrong */
	KD_MAIL_CLIPPED = 1 << 5,  /* over one of the limits */
	KD_MAIL_UNPARSED = 1 << 6, /* the parser failed; headers by scan only */
	KD_MAIL_NO_ID = 1 << 7,	   /* the id is synthetic */
	KD_MAIL_NO_DATE = 1 << 8,  /* Date missing or not believed */
	KD_MAIL_BACKFILL = 1 << 9, /* arrival read from the mail */
	KD_MAIL_MALFORMED = 1 << 10,   /* breaks RFC 5322 and was read anyway */
	KD_MAIL_POSTED = 1 << 11,      /* its mbox From_ line had a time */
	KD_MAIL_ID_CONFLICT = 1 << 12, /* another mail has its Message-ID */
	KD_MAIL_TRUNCATED = 1 << 13    /* the beginning of another one */
};

/* Those that are known when a mail is stored. */
#define KD_MAIL_KEPT_FLAGS                                                     \
	(KD_MAIL_LIST | KD_MAIL_CLIPPED | KD_MAIL_NO_ID | KD_MAIL_BACKFILL |   \
	    KD_MAIL_POSTED | KD_MAIL_ID_CONFLICT | KD_MAIL_TRUNCATED)

/* The stable name of one flag, "unparsed"; "" for a bit that is none. */
const char *kd_mail_flag_name(guint32 flag);

enum kd_fact_kind {
	KD_FACT_NONE,
	KD_FACT_REVIEWED_BY,	  /* person gave the trailer; value: trailer */
	KD_FACT_ACKED_BY,	  /* likewise */
	KD_FACT_TESTED_BY,	  /* likewise */
	KD_FACT_NACKED_BY,	  /* likewise */
	KD_FACT_REPORTED_BY,	  /* likewise */
	KD_FACT_SUGGESTED_BY,	  /* likewise */
	KD_FACT_APPLIED,	  /* value: branch or "", person: who applied */
	KD_FACT_APPLIED_PARTLY,	  /* the same for "(subset)" */
	KD_FACT_APPLIED_PATCH,	  /* value: title of a patch in such a list */
	KD_FACT_APPLIED_COMMIT,	  /* value: commit of the patch before it */
	KD_FACT_PULL_REQUEST,	  /* value: repository and tag */
	KD_FACT_PULLED,		  /* value: branch or "" */
	KD_FACT_BUILD_FAILED,	  /* value: robot's one-line error or config */
	KD_FACT_SYZBOT,		  /* value: the bug's title */
	KD_FACT_FIXES,		  /* value: hash ("title") */
	KD_FACT_CLOSES,		  /* value: URL */
	KD_FACT_LINK,		  /* value: URL */
	KD_FACT_CHANGE_ID,	  /* value: b4 change-id */
	KD_FACT_BASE_COMMIT,	  /* value: commit */
	KD_FACT_PREVIOUS_VERSION, /* value: archive URL of an earlier posting */
	KD_FACT_QUESTION,	  /* value: a sentence of an answer that asks */
	KD_FACT_OBJECTION,	  /* the same: that objects */
	KD_FACT_WITHDRAWN,	  /* the same: that takes a posting back */
	KD_FACT_BISECTED,	  /* value: the first bad commit */
	KD_FACT_SYZ_COMMAND,	  /* value: what follows "#syz " */
	KD_FACT_REGZBOT,	  /* value: what follows "#regzbot " */
	KD_FACT_CHANGE,		  /* value: what a posting has changed */
	KD_FACT_BUILD_WARNED,	  /* value: robot's first new warning */
	KD_FACT_PARTS, /* value: what the fact before it is of: "1-9 18", "all" */
	KD_FACT_BUILD_CONFIG, /* value: of the failure or warning before it */
	KD_FACT_SYZBOT_ID,    /* value: what syzbot knows a bug by */
	KD_FACT_REPRODUCER,   /* value: "C", "syz", "no" */
	KD_FACT_MENTION,      /* value: hash ("title") of a commit */
	KD_FACT_PAYLOAD,  /* value: title in a pull request, person: author */
	KD_FACT_CITED,	  /* value: archive URL of another mail in a posting */
	KD_FACT_UPSTREAM, /* value: commit a patch is a copy of, or its URL */
	KD_FACT_KINDS
};

/* Whether a kind is what somebody is to answer: questions, objections, NAKs. */
gboolean kd_fact_wants_answer(enum kd_fact_kind kind);

struct kd_fact {
	enum kd_fact_kind kind;
	guint32 line;	    /* 1-based line of the decoded text */
	const char *value;  /* never NULL */
	const char *person; /* "Name <address>" or "" */
};

typedef struct kd_record kd_record;

struct kd_record {
	guint64 number;	 /* the mail's number in the store; not packed */
	guint64 thread;	 /* likewise; 0 before grouping */
	guint64 topic;	 /* likewise */
	guint64 copy_of; /* likewise: the mail this is a copy of, or 0 */

	guint32 flags;	/* enum kd_mail_flags */
	gint64 arrival; /* Unix seconds */
	gint64 date;	/* Unix seconds for display; arrival if not believed */

	const char *id;	     /* Message-ID without <> */
	const char *parent;  /* id of the mail it answers, or "" */
	const char *subject; /* decoded, unfolded */
	const char *name;    /* the author's display name, or "" */
	const char *address; /* the author's address, lower case, or "" */

	guint64 body_hash; /* of the text without list footers */
	guint32 insertions, deletions;

	guint n_aliases, n_refs, n_bare, n_copies, n_paths, n_facts;
	const char **aliases; /* further Message-IDs of the same mail */
	const char **refs;    /* ids it refers to, oldest first, no repeats */
	const char **bare;    /* ids without <>: count if such a mail exists */
	const char **copies;  /* addresses in To and Cc, lower case */
	const char **paths;   /* files the diff touches */
	struct kd_fact *facts;

	const char *text; /* decoded text, or "" if it was not asked for */

	/* What it was unpacked from, which lives as long; else NULL. */
	const void *packed;
	gsize packed_length;
};

/* The stable name of a fact's kind, "reviewed-by"; "" for KD_FACT_NONE. */
const char *kd_fact_name(enum kd_fact_kind kind);

/* The kind of a name; KD_FACT_NONE if there is none. */
enum kd_fact_kind kd_fact_kind(const char *name);

/*
 * The packed form.  Strings and lists over their limits are cut.  With
 * with_text FALSE the text is left out.
 */
GBytes *kd_record_pack(const kd_record *record, gboolean with_text);

/*
 * Read a packed record; data is copied and may go away.  NULL sets
 * KD_ERROR_DATA when it is of another version, truncated, has trailing bytes,
 * a string over its limit, or a count that its length does not bear.
 */
kd_record *kd_record_unpack(const void *data, gsize length, GError **error);

/* The same without a copy: data must stay as it is as long as the record. */
kd_record *kd_record_borrow(const void *data, gsize length, GError **error);

/* How a mail comes to an id. */
enum kd_id_role {
	KD_ID_OWN,   /* its Message-ID; always there, and first */
	KD_ID_ALIAS, /* a further one of its own */
	KD_ID_REF,   /* it refers to it */
	KD_ID_BARE   /* it names it without <> */
};

/* id is where it lies in the packed record, and flags are the record's. */
typedef void (*kd_id_func)(enum kd_id_role role, const char *id, gsize length,
    guint32 flags, gpointer user);

/*
 * Call func with each id of a packed record, which was checked when it was
 * stored: only bounds are looked at, and nothing is copied.  FALSE sets
 * KD_ERROR_DATA when it is of another version or ends too early; func may have
 * been called then.
 */
gboolean kd_record_ids(const void *data, gsize length, kd_id_func func,
    gpointer user, GError **error);

/*
 * In what order mails are looked at and shown, whatever that of their arrival:
 * by date, of one second by Message-ID, and of one Message-ID by their text.
 * Less than, equal to or greater than 0.
 */
int kd_record_compare(const kd_record *a, const kd_record *b);

void kd_record_free(kd_record *record);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_record, kd_record_free)

#endif
