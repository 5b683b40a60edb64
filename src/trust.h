/*
 * Whether a mail came through the list, by what its sender cannot write:
 * the envelope and the trace fields of our own mail system.  Pure.
 */
#ifndef KD_TRUST_H
#define KD_TRUST_H

#include <glib.h>

#include "conf.h"

#define KD_TRUST_RECIPIENTS 2

/*
 * What the mail system said beside the mail; each may be NULL or "".  What it
 * wrote into the mail, above its own Received field, is found there.
 */
struct kd_envelope {
	const char *sender;
	const char *recipients[KD_TRUST_RECIPIENTS];
};

/*
 * The strongest rule that is configured decides alone, since a weaker one
 * beside it would be the way around it:
 *
 * list.recipient	the envelope's recipient is this address, which the
 *			list alone knows;
 * list.authserv_id	List-Id, and our own Authentication-Results (RFC 8601)
 *			say that SPF or DKIM passed for one of
 *			list.sender_hosts;
 * list.sender_hosts	List-Id, and the envelope's sender is of one of them;
 * none of these	List-Id.
 *
 * envelope NULL: an archive, which has none and whose word is taken; then
 * List-Id decides.
 */
gboolean kd_trust_is_list(const kd_conf *conf, const char *mail, gsize length,
    const struct kd_envelope *envelope);

#endif
