#include "config.h"

#include <string.h>

#include <gmime/gmime.h>

#include "address.h"
#include "auto.h"
#include "error.h"

#define ADDRESS_MAX 254 /* RFC 5321 4.5.3.1.3, without the < and > */
#define LOCAL_MAX   64	/* RFC 5321 4.5.3.1.1 */

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS	"0123456789"
#define ATEXT	LETTERS DIGITS "!#$%&'*+-/=?^_`{|}~"

/* Atoms between single dots, RFC 5322 3.2.3. */
static gboolean
is_dot_atom(const char *text, const char *atom)
{
	g_auto(GStrv) atoms = g_strsplit(text, ".", -1);

	for (char **p = atoms; *p; p++)
		if (!**p || (*p)[strspn(*p, atom)])
			return FALSE;
	return *atoms != NULL;
}

static gboolean
is_plain(const char *address)
{
	const char *at = strrchr(address, '@');
	g_autofree char *local = NULL;

	if (!at || at - address > LOCAL_MAX || strlen(address) > ADDRESS_MAX)
		return FALSE;
	local = g_strndup(address, at - address);
	return is_dot_atom(local, ATEXT) && !strchr("-|/", *local) &&
	       is_dot_atom(at + 1, LETTERS DIGITS "-") && at[1] != '-';
}

/*
 * GMime reads on after an address and drops what it cannot use, the second
 * half of "a@example.org; b@example.org" for one: whoever wrote that must
 * hear of it.  The same goes for control characters.
 */
static gboolean
is_all_of(const char *address, const char *mailbox)
{
	g_autofree char *trimmed = g_strstrip(g_strdup(mailbox));
	g_autofree char *angle = g_strdup_printf("<%s>", address);

	for (const char *p = mailbox; *p; p++)
		if (g_ascii_iscntrl(*p))
			return FALSE;
	return !strcmp(trimmed, address) || g_str_has_suffix(trimmed, angle);
}

char *
kd_address_plain(const char *key, const char *mailbox, GError **error)
{
	g_autoptr(InternetAddressList) list = NULL;
	InternetAddress *only = NULL;

	g_mime_init();
	list = internet_address_list_parse(NULL, mailbox);
	if (list && internet_address_list_length(list) == 1)
		only = internet_address_list_get_address(list, 0);
	if (only && INTERNET_ADDRESS_IS_MAILBOX(only)) {
		InternetAddressMailbox *box = INTERNET_ADDRESS_MAILBOX(only);
		const char *plain = internet_address_mailbox_get_idn_addr(box);

		if (is_plain(plain) &&
		    is_all_of(internet_address_mailbox_get_addr(box), mailbox))
			return g_strdup(plain);
	}
	g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
	    "%s: \"%.*s\" is not a mail address: write one ADDRESS or "
	    "NAME <ADDRESS> per entry",
	    key, ADDRESS_MAX, mailbox);
	return NULL;
}
