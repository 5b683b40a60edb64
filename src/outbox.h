/*
 * The outbox: what was sent, or is about to be, for each week.
 *
 * A digest costs hours of model time, so it is in the store, whole and
 * durable, before sendmail is started, and is sent from there.  A week whose
 * mail is recorded as sent is never sent again.  One that is queued was left
 * by a run that failed or died: it goes out as it is, the same bytes under
 * the same Message-ID.  Dying between sendmail's success and the record of it
 * is the one case that sends a mail twice, and its readers' mail systems can
 * tell by the Message-ID.
 *
 * Two runs at once are not told apart here: the caller holds a lock.
 */
#ifndef KD_OUTBOX_H
#define KD_OUTBOX_H

#include <glib.h>

#include "conf.h"
#include "digest.h"
#include "store.h"

enum kd_outbox_state {
	KD_OUTBOX_NONE,	  /* nothing known of this week */
	KD_OUTBOX_QUEUED, /* to be sent */
	KD_OUTBOX_SENT	  /* taken by sendmail */
};

typedef struct kd_outbox kd_outbox;

struct kd_outbox {
	enum kd_outbox_state state;
	gint64 since;	  /* when it came to be in this state, Unix seconds */
	char *message_id; /* without <>; NULL in KD_OUTBOX_NONE */
	GBytes *message;  /* the mail; NULL in KD_OUTBOX_NONE */
	GVariant *told;	  /* of KD_TOLD_TYPE: of which topics it tells what;
			     NULL in KD_OUTBOX_NONE */
};

/*
 * A digest as the mail that is to be sent, not yet recorded; the caller frees
 * it.  NULL sets error, as kd_compose() does.
 */
kd_outbox *kd_outbox_new(
    const kd_digest *digest, const kd_conf *conf, GError **error);

void kd_outbox_free(kd_outbox *outbox);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_outbox, kd_outbox_free)

/*
 * The record as the store keeps it, see kvdigest-db(5): the version in its
 * first byte, then a GVariant.  A record to pack is queued or sent.
 */
GBytes *kd_outbox_pack(const kd_outbox *outbox);

/*
 * Read such a record, checking every bound.  NULL sets KD_ERROR_DATA when it
 * is of another version, damaged or incomplete.
 */
kd_outbox *kd_outbox_unpack(GBytes *record, GError **error);

/*
 * What is known of a week, "2021-W10"; the caller frees it.  NULL sets
 * error; a week that is not known is no error.
 */
kd_outbox *kd_outbox_lookup(kd_store *store, const char *week, GError **error);

/*
 * Send the mail of a week: record it as queued, hand it to kd_deliver(),
 * record it as sent, each committed before the next.  What the outbox has of
 * the week already counts more than fresh, of which state and since do not
 * count: a queued mail is sent in its place, and after a sent one nothing is,
 * unless again is TRUE: then fresh replaces both.  *sent tells whether a mail
 * went out.  When sendmail fails the mail stays queued and error is
 * kd_deliver()'s.
 */
gboolean kd_outbox_send(kd_store *store, const kd_conf *conf, const char *week,
    const kd_outbox *fresh, gboolean again, gboolean *sent, GError **error);

/*
 * Send every queued mail, oldest week first; a run begins with this.  Each is
 * tried even if one before it fails, so that a mail that sendmail refuses for
 * good does not hold up the weeks after it.  *sent counts those that went
 * out, in any case; error is the first failure.
 */
gboolean kd_outbox_flush(
    kd_store *store, const kd_conf *conf, guint *sent, GError **error);

#endif
