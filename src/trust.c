#include "config.h"

#include <string.h>

#include "scan.h"
#include "trust.h"

#define FIELD_MAX 8192 /* bytes of a trace field that are read */

/* "<user@host>" or "user@host" without what surrounds it. */
static char *
bare_address(const char *value, gsize length)
{
	char *address = g_strndup(value, MIN(length, FIELD_MAX));
	char *open = strchr(address, '<');

	if (open) {
		memmove(address, open + 1, strlen(open));
		address[strcspn(address, ">")] = '\0';
	}
	return g_strstrip(address);
}

static gboolean
is_one_of(const char *host, const GStrv hosts)
{
	for (char **known = hosts; known && *known; known++)
		if (!g_ascii_strcasecmp(host, *known))
			return TRUE;
	return FALSE;
}

static gboolean
is_at_one_of(const char *address, const GStrv hosts)
{
	const char *at = address ? strrchr(address, '@') : NULL;

	return is_one_of(at ? at + 1 : "", hosts);
}

/*
 * The next field that our own mail system wrote: those above the topmost
 * Received.  What stands below came in with the mail.
 */
static gboolean
next_own(struct kd_scan *scan, struct kd_field *field)
{
	return kd_scan_next(scan, field) && !kd_field_is(field, "Received");
}

static gboolean
is_recipient(const kd_conf *conf, const char *mail, gsize length,
    const struct kd_envelope *envelope)
{
	static const char *const names[] = {
	    "X-Original-To", "Delivered-To", "Envelope-To"};
	struct kd_scan scan;
	struct kd_field field;

	for (int i = 0; i < KD_TRUST_RECIPIENTS; i++)
		if (envelope->recipients[i] &&
		    !g_ascii_strcasecmp(
			envelope->recipients[i], conf->list_recipient))
			return TRUE;
	kd_scan_begin(&scan, mail, length);
	while (next_own(&scan, &field))
		for (gsize i = 0; i < G_N_ELEMENTS(names); i++) {
			g_autofree char *address = NULL;

			if (!kd_field_is(&field, names[i]))
				continue;
			address = bare_address(field.value, field.value_length);
			if (!g_ascii_strcasecmp(address, conf->list_recipient))
				return TRUE;
		}
	return FALSE;
}

static gboolean
is_sender(const kd_conf *conf, const char *mail, gsize length,
    const struct kd_envelope *envelope)
{
	struct kd_scan scan;
	struct kd_field field;

	if (envelope->sender && *envelope->sender)
		return is_at_one_of(envelope->sender, conf->list_sender_hosts);
	kd_scan_begin(&scan, mail, length);
	while (next_own(&scan, &field))
		if (kd_field_is(&field, "Return-Path")) {
			g_autofree char *address =
			    bare_address(field.value, field.value_length);

			return is_at_one_of(address, conf->list_sender_hosts);
		}
	return FALSE;
}

/*
 * A field's value without comments and without what stands in quotes, where
 * a sender can put anything.
 */
static char *
strip_value(const struct kd_field *field)
{
	gsize length = MIN(field->value_length, FIELD_MAX);
	GString *out = g_string_sized_new(length);
	gboolean quoted = FALSE;
	guint depth = 0;

	for (gsize i = 0; i < length; i++) {
		char c = field->value[i];

		if (c == '\\' && (quoted || depth))
			i++;
		else if (c == '"' && !depth)
			quoted = !quoted;
		else if (c == '(' && !quoted)
			depth++;
		else if (c == ')' && !quoted && depth)
			depth--;
		else if (!quoted && !depth)
			g_string_append_c(
			    out, c && !g_ascii_isspace(c) ? c : ' ');
	}
	return g_string_free(out, FALSE);
}

/* Whether "spf=pass smtp.mailfrom=x@HOST" or the like of DKIM is for us. */
static gboolean
is_pass(const char *result, const GStrv hosts)
{
	g_auto(GStrv) words = g_strsplit(result, " ", -1);
	gboolean spf = FALSE, dkim = FALSE;

	for (char **word = words; *word; word++) {
		const char *value = strchr(*word, '=');

		if (!g_ascii_strcasecmp(*word, "spf=pass"))
			spf = TRUE;
		else if (!g_ascii_strcasecmp(*word, "dkim=pass"))
			dkim = TRUE;
		else if (spf && g_str_has_prefix(*word, "smtp.mailfrom=") &&
			 (is_at_one_of(value, hosts) ||
			     is_one_of(value + 1, hosts)))
			return TRUE;
		else if (dkim && g_str_has_prefix(*word, "header.d=") &&
			 is_one_of(value + 1, hosts))
			return TRUE;
	}
	return FALSE;
}

static gboolean
is_authenticated(const kd_conf *conf, const char *mail, gsize length)
{
	struct kd_scan scan;
	struct kd_field field;

	kd_scan_begin(&scan, mail, length);
	while (next_own(&scan, &field)) {
		g_autofree char *value = NULL;
		g_auto(GStrv) results = NULL;

		if (!kd_field_is(&field, "Authentication-Results"))
			continue;
		value = strip_value(&field);
		results = g_strsplit(value, ";", 100);
		if (!results[0])
			continue;
		/* A version may follow the server's name. */
		g_strstrip(results[0]);
		results[0][strcspn(results[0], " ")] = '\0';
		if (g_ascii_strcasecmp(results[0], conf->list_authserv_id))
			continue;
		for (char **result = results + 1; *result; result++)
			if (is_pass(*result, conf->list_sender_hosts))
				return TRUE;
	}
	return FALSE;
}

gboolean
kd_trust_is_list(const kd_conf *conf, const char *mail, gsize length,
    const struct kd_envelope *envelope)
{
	if (envelope && conf->list_recipient)
		return is_recipient(conf, mail, length, envelope);
	if (!kd_scan_is_list(mail, length, (const char *const *)conf->list_ids))
		return FALSE;
	if (envelope && conf->list_authserv_id)
		return is_authenticated(conf, mail, length);
	if (envelope && conf->list_sender_hosts && *conf->list_sender_hosts)
		return is_sender(conf, mail, length, envelope);
	return TRUE;
}
