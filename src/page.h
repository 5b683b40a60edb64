/*
 * The page: a digest as people read it, a flat list of blocks made of spans.
 *
 * Text, Markdown and HTML each write the same page and so cannot differ in
 * what they say.  What comes from outside is cleaned and links are vetted as
 * they enter the page; all that is left to a writer is the layout and the
 * escaping of its format, which every string of a page needs.
 *
 * A page owns everything in it and borrows nothing from the digest.
 */
#ifndef KD_PAGE_H
#define KD_PAGE_H

#include <glib.h>

#include "digest.h"

enum kd_span_kind {
	KD_SPAN_TEXT,
	KD_SPAN_STRONG,
	KD_SPAN_MUTED, /* of less weight: who, when */
	KD_SPAN_CODE,  /* a branch, a commit, an error */
	KD_SPAN_LINK,  /* to target, a URL; never part of running text */
	KD_SPAN_CITE,  /* "[7]", mail 7 of the topic; target its URL or NULL */
	KD_SPAN_REF,   /* to target, an anchor of the page */
	KD_SPAN_BREAK  /* a new line within the block; no text */
};

struct kd_span {
	enum kd_span_kind kind;
	char *text;
	char *target;
};

enum kd_block_kind {
	KD_BLOCK_HEADING, /* of a level */
	KD_BLOCK_PARAGRAPH,
	KD_BLOCK_FIELD, /* a label and what it labels */
	KD_BLOCK_ITEM,	/* of a list, with a number or a bullet */
	KD_BLOCK_MAIL,	/* of a topic's mails */
	KD_BLOCK_FOOTER
};

/* Levels of headings. */
#define KD_LEVEL_PAGE	 1
#define KD_LEVEL_SECTION 2
#define KD_LEVEL_TOPIC	 3
#define KD_LEVEL_PART	 4
#define KD_LEVEL_FIELD	 5

struct kd_block {
	enum kd_block_kind kind;
	guint level;	/* of a heading */
	guint rank;	/* of a heading: its depth in the outline, gapless */
	guint number;	/* of an item or mail; 0 for a bullet */
	char *label;	/* of a field: its name; of a mail: its date */
	char *anchor;	/* of a heading, or NULL */
	guint depth;	/* of a mail in its thread, 0 to KD_DEPTH_MAX */
	gboolean older; /* a mail from before the window */
	GArray *spans;	/* of struct kd_span */
};

/* Deeper replies are shown no further to the right. */
#define KD_DEPTH_MAX 8

typedef struct kd_page kd_page;

struct kd_page {
	char *title;
	GPtrArray *blocks; /* of struct kd_block */
};

/* The page of a digest.  The caller frees it. */
kd_page *kd_page_make(const kd_digest *digest);

/* An empty page. */
kd_page *kd_page_new(const char *title);
void kd_page_free(kd_page *page);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_page, kd_page_free)

/* Add an empty block; the page owns it. */
struct kd_block *kd_page_add(kd_page *page, enum kd_block_kind kind);
struct kd_block *kd_page_add_field(kd_page *page, const char *label);
struct kd_block *kd_page_add_heading(
    kd_page *page, guint level, const char *words);

/* Add to a block words of our own, taken as they are. */
void kd_block_words(struct kd_block *block, const char *words);
void kd_block_printf(struct kd_block *block, const char *format, ...)
    G_GNUC_PRINTF(2, 3);
void kd_block_break(struct kd_block *block);

/* Add what comes from outside; NULL is "". */
void kd_block_quote(
    struct kd_block *block, enum kd_span_kind kind, const char *text);

/* "Name <address>", with what there is of it; the address always shows. */
void kd_block_person(
    struct kd_block *block, const char *name, const char *address);

/* Add a link, which is only its text when the URL will not do. */
void kd_block_link(struct kd_block *block, const char *text, const char *url);
void kd_block_ref(struct kd_block *block, const char *text, const char *anchor);
void kd_block_cite(struct kd_block *block, guint number, const char *url);

/*
 * A URL that is safe within a link of any format: http or https, every byte
 * that RFC 3986 does not have, and brackets and quotes, percent-encoded.
 * NULL for any other scheme and for NULL.  The caller frees it.
 */
char *kd_url_vet(const char *url);

/* What the blocks of a topic have in common. */
struct kd_topic_view {
	kd_page *page; /* all borrowed */
	const kd_digest *digest;
	const struct kd_topic *topic;
	guint number;	     /* among the digest's topics, from 1 */
	GHashTable *indexes; /* Message-ID to 1 + index of its mail */
	GArray *parts; /* of int: by mail, that of the patch it is about */
};

void kd_page_add_topic(kd_page *page, const kd_digest *digest, guint number);
void kd_page_add_facts(const struct kd_topic_view *view);
void kd_page_add_changes(const struct kd_topic_view *view);
void kd_page_add_questions(const struct kd_topic_view *view);

/* What concerns the team, unless there is none. */
void kd_page_add_team(kd_page *page, const kd_digest *digest);

/* Cite a mail of the topic by its index. */
void kd_view_cite_index(
    const struct kd_topic_view *view, struct kd_block *block, guint index);

/* What a topic is called: its title, cleaned.  The caller frees it. */
char *kd_topic_label(const struct kd_topic *topic);

/* "47 封（窗口内 5 封，更早 42 封）".  The caller frees it. */
char *kd_count_label(guint mails, guint in_window);

/* A time in the digest's zone, by kd_time_format().  The caller frees it. */
char *kd_digest_time(
    const kd_digest *digest, gint64 seconds, const char *pattern);

#endif
