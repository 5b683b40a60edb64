/*
 * What the files of sentences share: how to say a thing.
 */
#ifndef KD_SENTENCES_PRIVATE_H
#define KD_SENTENCES_PRIVATE_H

#include "digest.h"
#include "sentences.h"

/* The sentences told so far, and what proves the next one. */
struct kd_speech {
	const kd_tale *tale;
	json_t *sentences;
	GArray *proof; /* of guint: indexes of mails */
	int newest;    /* index of the newest posting, -1 */
};

/* Cite a mail in the next sentence, of the first KD_SAY_CITES; -1 is none. */
void kd_speech_cite(struct kd_speech *speech, int mail);

/*
 * Say a sentence that all cited mails prove, and forget these.  FALSE, with
 * the cited mails kept for a shorter form, when it may not be shown.
 */
gboolean kd_speech_say(struct kd_speech *speech, enum kd_field field,
    const char *format, ...) G_GNUC_PRINTF(3, 4);
void kd_speech_forget(struct kd_speech *speech);

/* Append a word, after "、" unless the text is empty. */
void kd_speech_list(GString *text, const char *word);

/*
 * What is spoken of: the version, unless it is the newest one, and the parts
 * that numbers (of int, sorted, each once) name: "补丁 1–3、5", "封面",
 * "v2 补丁 2".  "" for the newest posting as such, for a lone patch and for no
 * posting.  The caller frees it.
 */
char *kd_speech_scope(
    const struct kd_speech *speech, int posting, const GArray *numbers);

/* " " where a scope ends in a number and Chinese follows, else "". */
const char *kd_speech_gap(const char *scope);

/* Put a number into a sorted array that has each once; -1 is none. */
void kd_speech_add_part(GArray *numbers, int number);

/* Whether a mail is by the author of a posting (index or -1). */
gboolean kd_speech_by_author(const struct kd_speech *speech,
    const struct kd_tale_mail *mail, int posting);

/* Whether a posting (index or -1) is of the version that is the newest. */
gboolean kd_speech_same_version(const struct kd_speech *speech, int posting);

/* The parts of a summary that have a file of their own. */
void kd_tell_answers(struct kd_speech *speech);
void kd_tell_reviews(
    struct kd_speech *speech, gboolean in_window, enum kd_field field);
void kd_tell_robots(struct kd_speech *speech);
void kd_tell_outcome(struct kd_speech *speech);
void kd_tell_open(struct kd_speech *speech);

#endif
