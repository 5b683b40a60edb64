/*
 * What a kernel list's subject line says: "Re: [PATCH kvmtool v2 3/5] title".
 * Pure; linear in the length of the subject.
 */
#ifndef KD_SUBJECT_H
#define KD_SUBJECT_H

#include <glib.h>

enum kd_subject_flags {
	KD_SUBJECT_REPLY = 1 << 0,   /* Re:, AW:, 回复: and their kind */
	KD_SUBJECT_FORWARD = 1 << 1, /* Fwd:, 转发: */
	KD_SUBJECT_PATCH = 1 << 2,   /* tagged PATCH, or by counters alone */
	KD_SUBJECT_RFC = 1 << 3,
	KD_SUBJECT_RFT = 1 << 4,
	KD_SUBJECT_RESEND = 1 << 5, /* RESEND, REPOST */
	KD_SUBJECT_PULL = 1 << 6,   /* [GIT PULL] */
	KD_SUBJECT_SUBSET = 1 << 7, /* "(subset)", b4's partial thanks */
	KD_SUBJECT_STABLE =
	    1 << 8, /* a stable tree's copy: AUTOSEL, 5.10 021/120 */
	KD_SUBJECT_WAS = 1 << 9,  /* "(was: ...)" */
	KD_SUBJECT_BUG = 1 << 10, /* [syzbot], [BUG], regression, panic, ... */
	KD_SUBJECT_ANNOUNCE = 1 << 11, /* [ANNOUNCE], call for papers, ... */
	KD_SUBJECT_TAKE = 1 << 12,     /* the version is that of "take 2" */

	/* What is not sent for the first time. */
	KD_SUBJECT_ANSWER = KD_SUBJECT_REPLY | KD_SUBJECT_FORWARD
};

typedef struct kd_subject kd_subject;

struct kd_subject {
	guint flags;	  /* enum kd_subject_flags */
	char *version;	  /* "1" when none is given; may be "2.5" */
	int part;	  /* n of n/m; -1 without counter */
	int total;	  /* m of n/m; -1 without, 0 for "3/n" */
	char letter;	  /* 'a' of "6a/7", a part sent anew; else 0 */
	char *project;	  /* "kvm-unit-tests", "kvmtool", "hyperv-next", "" */
	const char *home; /* the same, but "" for the kernel's "hyperv-next" */
	char *tree;	  /* "5.10" of a stable tree's copy, else "" */
	char *title;	  /* without prefixes, tags and remarks, for people */
	char *key; /* the title for comparing: case folded, no blank after
			   a comma, no punctuation at the end; may be "" */
	char *was; /* key of the subject in "(was: ...)", or "" */
};

/*
 * Read a decoded subject, any UTF-8 string.  Never fails: what is no tag is
 * title.  The caller frees the result.
 *
 * PATCH is what is tagged so or has a counter, but for pull requests and the
 * commits of a branch that a robot counts, "[kvmarm:next 29/32]".  A project
 * is the words of the tag that are no keywords, in lower case; "-next" and
 * "for-6.2" are where a patch shall go and no project.  BUG and ANNOUNCE come
 * from tags or wording, BUG never with PATCH or PULL.
 */
kd_subject *kd_subject_parse(const char *subject);

void kd_subject_free(kd_subject *subject);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_subject, kd_subject_free)

/*
 * Compare version strings as numbers with parts: 2 < 2.5 < 10.
 * Returns less than, equal to or greater than 0.
 */
int kd_subject_compare_version(const char *a, const char *b);

#endif
