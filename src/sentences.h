/*
 * Chinese sentences on a topic from its facts alone.  Pure.
 */
#ifndef KD_SENTENCES_H
#define KD_SENTENCES_H

#include <jansson.h>

#include "tale.h"

/*
 * The sentences of a summary, a JSON array as kvdigest-brief(5) has it.  Each
 * passes kd_verify_text() and cites the mails that prove it, at most
 * KD_SAY_CITES.  The caller owns the result.
 */
#define KD_SAY_CITES 16
json_t *kd_sentences_tell(const kd_tale *tale);

#endif
