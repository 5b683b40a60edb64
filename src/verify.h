/*
 * The one gate between what filters answer and what the digest shows.
 *
 * An answer may be a model's, and a model may be led by a mail: a sentence is
 * shown only when it is plain Chinese text that cites mails of its topic.
 */
#ifndef KD_VERIFY_H
#define KD_VERIFY_H

#include <glib.h>
#include <jansson.h>

#include "digest.h"

#define KD_SENTENCE_MAX 900 /* bytes of a sentence: 300 Chinese characters */
#define KD_CITES_MAX	16  /* mails that one sentence may cite */

/*
 * Turn an answered sentence, {"field", "text", "cites": [label, ...]}, into
 * one that may be shown; "m1" is the first of its mails.  NULL refuses
 * it; then nothing of it may be shown.
 *
 * The field must be one of the five; "earlier" must cite a mail from before
 * the window, "week" one of it.  The text must pass kd_verify_text().  The
 * cites, 1 to KD_CITES_MAX, must all exist.
 */
struct kd_sentence *kd_verify_sentence(
    const struct kd_topic *topic, const json_t *sentence);

/*
 * Whether a text of length bytes may be shown: 1 to KD_SENTENCE_MAX bytes of
 * valid UTF-8 in one line, with a Chinese character in it; no control, bidi,
 * zero-width, private or unassigned characters, no white space but single
 * spaces, no towers of combining marks; no URL or mail address; nothing that
 * is markup (HTML, entities, Markdown's links, fences, headings, bold) or a
 * chat template's token.  Identifiers as in C, `<linux/kvm.h>` too, may stand.
 */
gboolean kd_verify_text(const char *text, gsize length);

#endif
