#include "config.h"

#include <syslog.h>

#include "compose.h"
#include "deliver.h"
#include "error.h"
#include "outbox.h"
#include "text.h"
#include "told.h"

#define RECORD_VERSION 3
/* version, state, since, id, message, what it told */
#define RECORD_TYPE "(yyxsay" KD_TOLD_TYPE ")"
#define RECORD_MIN  16 /* bytes of the first three, aligned */

kd_outbox *
kd_outbox_new(const kd_digest *digest, const kd_conf *conf, GError **error)
{
	g_autoptr(kd_outbox) outbox = g_new0(kd_outbox, 1);

	outbox->message = kd_compose(digest, conf, error);
	if (!outbox->message)
		return NULL;
	outbox->message_id = kd_compose_message_id(digest, conf, error);
	if (!outbox->message_id)
		return NULL;
	outbox->told = g_variant_ref_sink(kd_told_pack(digest));
	return g_steal_pointer(&outbox);
}

void
kd_outbox_free(kd_outbox *outbox)
{
	if (!outbox)
		return;
	g_free(outbox->message_id);
	g_clear_pointer(&outbox->message, g_bytes_unref);
	g_clear_pointer(&outbox->told, g_variant_unref);
	g_free(outbox);
}

GBytes *
kd_outbox_pack(const kd_outbox *outbox)
{
	GVariant *message = g_variant_new_from_bytes(
	    G_VARIANT_TYPE_BYTESTRING, outbox->message, TRUE);
	g_autoptr(GVariant) record = g_variant_ref_sink(g_variant_new(
	    "(yyxs@ay@" KD_TOLD_TYPE ")", RECORD_VERSION, (guchar)outbox->state,
	    outbox->since, outbox->message_id, message, outbox->told));

	return g_variant_get_data_as_bytes(record);
}

/*
 * GVariant reads damaged data as defaults unless asked whether it is normal;
 * asking, GLib 2.74 reads past an end that lies within the padding.
 */
static GVariant *
open_record(GBytes *record)
{
	gsize length;
	const guint8 *bytes = g_bytes_get_data(record, &length);
	g_autoptr(GVariant) variant = NULL;

	if (length < RECORD_MIN || *bytes != RECORD_VERSION)
		return NULL;
	variant = g_variant_ref_sink(g_variant_new_from_bytes(
	    G_VARIANT_TYPE(RECORD_TYPE), record, FALSE));
	if (!g_variant_is_normal_form(variant))
		return NULL;
	return g_steal_pointer(&variant);
}

kd_outbox *
kd_outbox_unpack(GBytes *record, GError **error)
{
	g_autoptr(GVariant) variant = open_record(record);
	g_autoptr(GVariant) message = NULL;
	g_autoptr(kd_outbox) outbox = g_new0(kd_outbox, 1);
	guchar state = KD_OUTBOX_NONE;

	if (variant) {
		g_variant_get(variant, "(yyxs@ay@" KD_TOLD_TYPE ")", NULL,
		    &state, &outbox->since, &outbox->message_id, &message,
		    &outbox->told);
		outbox->message = g_variant_get_data_as_bytes(message);
	}
	if ((state != KD_OUTBOX_QUEUED && state != KD_OUTBOX_SENT) ||
	    !*outbox->message_id || !g_bytes_get_size(outbox->message)) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_DATA,
		    "outbox: record is damaged or of another version");
		return NULL;
	}
	outbox->state = state;
	return g_steal_pointer(&outbox);
}

kd_outbox *
kd_outbox_lookup(kd_store *store, const char *week, GError **error)
{
	g_autoptr(GError) failure = NULL;
	g_autoptr(GBytes) record = kd_store_report_get(store, week, &failure);
	kd_outbox *outbox;

	if (failure) {
		g_propagate_error(error, g_steal_pointer(&failure));
		return NULL;
	}
	if (!record)
		return g_new0(kd_outbox, 1);
	outbox = kd_outbox_unpack(record, error);
	if (!outbox)
		g_prefix_error(error, "report %s: ", week);
	return outbox;
}

/* Commit the record in another state. */
static gboolean
enter(kd_store *store, const char *week, kd_outbox *outbox,
    enum kd_outbox_state state, GError **error)
{
	g_autoptr(GBytes) record = NULL;

	outbox->state = state;
	outbox->since = g_get_real_time() / G_USEC_PER_SEC;
	record = kd_outbox_pack(outbox);
	return kd_store_report_put(store, week, record, error);
}

/* Hand it to sendmail, and record that; *sent is set when the mail is out. */
static gboolean
try_sending(kd_store *store, const kd_conf *conf, const char *week,
    kd_outbox *outbox, gboolean *sent, GError **error)
{
	*sent = FALSE;
	if (!kd_deliver(conf, outbox->message, error)) {
		g_prefix_error(error, "report %s: kept, not sent: ", week);
		return FALSE;
	}
	*sent = TRUE;
	if (!enter(store, week, outbox, KD_OUTBOX_SENT, error)) {
		g_prefix_error(error,
		    "report %s: sent, but not recorded, "
		    "the next run sends it again: ",
		    week);
		return FALSE;
	}
	return TRUE;
}

/* From queued to sent, with a line in the log. */
static gboolean
hand_over(kd_store *store, const kd_conf *conf, const char *week,
    kd_outbox *outbox, gboolean *sent, GError **error)
{
	g_autoptr(GError) problem = NULL;
	g_autofree char *why = NULL;

	if (try_sending(store, conf, week, outbox, sent, &problem)) {
		syslog(LOG_INFO, "report=%s msgid=<%s> action=sent", week,
		    outbox->message_id);
		return TRUE;
	}
	why = kd_text_clean(problem->message);
	syslog(LOG_ERR, "report=%s msgid=<%s> action=%s: %s", week,
	    outbox->message_id, *sent ? "sent" : "kept", why);
	g_propagate_error(error, g_steal_pointer(&problem));
	return FALSE;
}

gboolean
kd_outbox_send(kd_store *store, const kd_conf *conf, const char *week,
    const kd_outbox *fresh, gboolean again, gboolean *sent, GError **error)
{
	g_autoptr(kd_outbox) outbox =
	    again ? g_new0(kd_outbox, 1) : kd_outbox_lookup(store, week, error);

	*sent = FALSE;
	if (!outbox)
		return FALSE;
	if (outbox->state == KD_OUTBOX_SENT)
		return TRUE;
	if (outbox->state == KD_OUTBOX_NONE) {
		outbox->message_id = g_strdup(fresh->message_id);
		outbox->message = g_bytes_ref(fresh->message);
		outbox->told = g_variant_ref(fresh->told);
		if (!enter(store, week, outbox, KD_OUTBOX_QUEUED, error))
			return FALSE;
	}
	return hand_over(store, conf, week, outbox, sent, error);
}

gboolean
kd_outbox_flush(
    kd_store *store, const kd_conf *conf, guint *sent, GError **error)
{
	g_auto(GStrv) weeks = kd_store_report_weeks(store, error);
	g_autoptr(GError) first = NULL;

	*sent = 0;
	if (!weeks)
		return FALSE;
	for (char **week = weeks; *week; week++) {
		g_autoptr(GError) failure = NULL;
		g_autoptr(kd_outbox) outbox =
		    kd_outbox_lookup(store, *week, &failure);
		gboolean out = FALSE;

		if (outbox && outbox->state == KD_OUTBOX_QUEUED)
			hand_over(store, conf, *week, outbox, &out, &failure);
		*sent += out;
		if (failure && !first)
			first = g_steal_pointer(&failure);
	}
	if (!first)
		return TRUE;
	g_propagate_error(error, g_steal_pointer(&first));
	return FALSE;
}
