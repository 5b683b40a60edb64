/*
 * The brief: one topic as the JSON document that filters read and write,
 * described in kvdigest-brief(5).
 */
#ifndef KD_BRIEF_H
#define KD_BRIEF_H

#include <glib.h>
#include <jansson.h>

#include "digest.h"
#include "terms.h"

#define KD_BRIEF_FORMAT	  1
#define KD_BRIEF_TEXT_MAX 100000  /* bytes of one mail's text */
#define KD_BRIEF_TEXTS	  3000000 /* bytes of all texts */
#define KD_BRIEF_MAX	  8000000 /* bytes of a brief as JSON */
#define KD_BRIEF_TERMS	  100	  /* terms of a topic */

/*
 * The brief of a topic; the digest gives window and zone.  All strings are
 * valid UTF-8.  A text over its limit is cut at a line's end where there is
 * one, and "cut" says how many bytes are missing.  Of terms, which may be NULL,
 * it has those that its texts have.  The caller owns the result.
 */
json_t *kd_brief_new(const struct kd_topic *topic, const kd_digest *digest,
    const kd_terms *terms);

/*
 * Take the summary of an answered brief into the topic: its sentences replace
 * the topic's, those that kd_verify_sentence() refuses and those over
 * KD_BRIEF_SENTENCES are only counted in refused, source is set.  FALSE sets
 * KD_ERROR_DATA when there is no summary of the documented form; the topic is
 * as it was then.
 */
#define KD_BRIEF_SENTENCES 60
gboolean kd_brief_read_summary(
    struct kd_topic *topic, const json_t *answer, GError **error);

/*
 * In a filter: all of standard input as JSON, at most KD_BRIEF_MAX bytes and
 * without duplicate keys.  NULL sets KD_ERROR_DATA, KD_ERROR_TEMP when it
 * cannot be read; no error quotes the input.  The caller owns the result.
 */
json_t *kd_brief_read_stdin(GError **error);

#endif
