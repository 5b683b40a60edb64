/*
 * The digest as a mail: one complete RFC 5322 message.
 *
 *	multipart/mixed
 *	    multipart/alternative
 *	        text/plain	kd_render_text()
 *	        text/html	kd_render_html()
 *	    text/markdown	kd_render_md(), attached under an ASCII name
 *
 * Nothing that a mail says reaches a header field: they are made from the
 * configuration, the list's name and the digest's own numbers.  The message
 * is 7-bit throughout, its lines end with a bare LF, as sendmail(8) takes
 * them, and have at most 78 characters as long as no single address or
 * identifier has more.  The same digest and configuration give the same bytes.
 */
#ifndef KD_COMPOSE_H
#define KD_COMPOSE_H

#include <glib.h>

#include "conf.h"
#include "digest.h"

/*
 * The message; the caller unrefs it.  NULL sets KD_ERROR_CONFIG when
 * mail.from or mail.to is missing or no mail address.
 */
GBytes *kd_compose(
    const kd_digest *digest, const kd_conf *conf, GError **error);

/*
 * The Message-ID that kd_compose() gives the digest, without <>; a digest of
 * the same list and week has the same one, so that a mail sent twice is one
 * mail to whoever receives it.  The caller frees it; NULL as above.
 */
char *kd_compose_message_id(
    const kd_digest *digest, const kd_conf *conf, GError **error);

#endif
