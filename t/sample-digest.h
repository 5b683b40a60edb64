/*
 * Digests made by hand, for tests of what is made of one.
 */
#ifndef SAMPLE_DIGEST_H
#define SAMPLE_DIGEST_H

#include "digest.h"

/*
 * A week with every kind of thing in it: a series in two versions, of which
 * one is incomplete, a pull request, a report with hostile strings in every
 * place that a mail fills, a topic without summary.
 */
kd_digest *sample_digest(void);

/* A week without mail. */
kd_digest *sample_empty(void);

/* A topic of as many mails, each the answer to the one before. */
kd_digest *sample_chain(guint mails);

#endif
