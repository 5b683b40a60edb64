/*
 * What the digests before a window told, from the store.
 */
#ifndef KD_DELTA_H
#define KD_DELTA_H

#include <glib.h>

#include "conf.h"
#include "digest.h"
#include "store.h"
#include "window.h"

/* How many digests are looked at; what was told before them is forgotten. */
#define KD_DELTA_WEEKS 13

typedef struct kd_delta kd_delta;

/*
 * What the digests told of the weeks before that in which the window begins:
 * never of its own or later ones, so that an old week made again says the
 * same.  A damaged record is noticed and left out.  The caller frees it; NULL
 * sets error.
 */
kd_delta *kd_delta_load(
    kd_store *store, const struct kd_window *window, GError **error);

void kd_delta_free(kd_delta *delta);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_delta, kd_delta_free)

/*
 * Set the topic's told and first, and its mails' told.  records (of kd_record *) are its mails: a
 * topic is known again by the mail that was its first, whatever was joined to
 * it or split off since.
 */
void kd_delta_tell(
    kd_delta *delta, struct kd_topic *topic, const GPtrArray *records);

/*
 * Fill digest->quiet with what the last digest had somebody wait for and
 * kd_delta_tell() was not asked of, longest first.  What a pull request of the
 * digest carries is left out, so its topics must be related by then.  conf
 * gives the links.
 */
void kd_delta_tell_quiet(
    kd_delta *delta, kd_digest *digest, const kd_conf *conf);

#endif
