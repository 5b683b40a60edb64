#include "config.h"

#include <string.h>

#include "conf-private.h"
#include "window.h"

#define LETTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
#define DIGITS	"0123456789"

#define TREE_PATH_MAX	  1000 /* bytes */
#define NAME_MAX_CHARS	  100
#define LIST_ID_MAX_BYTES 255 /* RFC 2919, section 6 */
#define LOCAL_MAX_BYTES	  64  /* RFC 5321, section 4.5.3.1 */
#define ADDRESS_MAX_BYTES 254

/* RFC 5322, section 3.2.3 */
#define ATEXT LETTERS DIGITS "!#$%&'*+-/=?^_`{|}~"

/* RFC 3986 without "?" and "#": what may stand before a Message-ID. */
#define URL LETTERS DIGITS "-._~:/[]@!$&'()*+,;=%"

gboolean
kd_conf_is_control(gunichar c)
{
	GUnicodeType type = g_unichar_type(c);

	return (c & 0xfffe) == 0xfffe || type == G_UNICODE_CONTROL ||
	       type == G_UNICODE_LINE_SEPARATOR ||
	       type == G_UNICODE_PARAGRAPH_SEPARATOR;
}

const char *
kd_conf_find_fault(gunichar c)
{
	if (c == '\n')
		return NULL;
	if (c == '\t')
		return "tab: expected spaces, also for indentation";
	if (c == '\r')
		return "carriage return: expected lines that end in a line "
		       "feed only";
	if (c == 0xfeff)
		return "byte order mark: expected UTF-8 without one";
	if (c > 0x10ffff)
		return "no UTF-8: expected UTF-8 without NUL";
	return kd_conf_is_control(c) ? "control character: expected text"
				     : NULL;
}

/* One character or more, all of them of the set. */
static gboolean
consists_of(const char *string, const char *set)
{
	return *string && !string[strspn(string, set)];
}

gboolean
kd_conf_is_path(const char *string)
{
	return g_path_is_absolute(string);
}

gboolean
kd_conf_is_program(const char *string)
{
	return g_path_is_absolute(string) && !strpbrk(string, " \t");
}

/* A bare name is looked up in one directory and must not leave it. */
gboolean
kd_conf_is_filter(const char *string)
{
	if (g_path_is_absolute(string))
		return TRUE;
	return g_ascii_isalnum(string[0]) &&
	       consists_of(string, LETTERS DIGITS "-._");
}

gboolean
kd_conf_is_name(const char *string)
{
	return *string && g_utf8_strlen(string, -1) <= NAME_MAX_CHARS;
}

gboolean
kd_conf_is_tree_path(const char *string)
{
	return *string && *string != '/' && strlen(string) <= TREE_PATH_MAX;
}

/* RFC 2919 wants dots in it; old lists have ids without one. */
gboolean
kd_conf_is_list_id(const char *string)
{
	return consists_of(string, ATEXT ".") &&
	       strlen(string) <= LIST_ID_MAX_BYTES;
}

gboolean
kd_conf_is_archive(const char *string)
{
	g_autofree char *scheme = NULL;
	g_autofree char *user = NULL;
	g_autofree char *host = NULL;

	if (!consists_of(string, URL))
		return FALSE;
	if (!g_uri_split(string, G_URI_FLAGS_NONE, &scheme, &user, &host, NULL,
		NULL, NULL, NULL, NULL))
		return FALSE;
	return (!g_strcmp0(scheme, "https") || !g_strcmp0(scheme, "http")) &&
	       host && *host && !user;
}

gboolean
kd_conf_is_zone(const char *string)
{
	g_autoptr(GTimeZone) zone = kd_zone_open(string, NULL);

	return zone != NULL;
}

gboolean
kd_conf_is_host(const char *string)
{
	return consists_of(string, LETTERS DIGITS "-.") &&
	       g_ascii_isalnum(string[0]) && !strstr(string, "..") &&
	       strlen(string) <= LIST_ID_MAX_BYTES;
}

/*
 * Narrower than RFC 5321: no quoted local part and no address literal.  The
 * first character must not be one that makes an option, a pipe or a file of
 * the address somewhere on its way.  A domain of other letters counts as what
 * it is in ASCII (RFC 5890).
 */
gboolean
kd_conf_is_address(const char *string)
{
	const char *at = strchr(string, '@');
	g_autofree char *local = NULL;
	g_autofree char *domain = NULL;

	if (!at)
		return FALSE;
	local = g_strndup(string, (gsize)(at - string));
	if (!consists_of(local, ATEXT ".") || strchr("-|/.", local[0]) ||
	    g_str_has_suffix(local, ".") || strstr(local, ".."))
		return FALSE;
	domain = g_hostname_to_ascii(at + 1);
	if (!domain || !consists_of(domain, LETTERS DIGITS "-.") ||
	    !g_ascii_isalnum(domain[0]) || strstr(domain, ".."))
		return FALSE;
	return strlen(local) <= LOCAL_MAX_BYTES &&
	       strlen(local) + 1 + strlen(domain) <= ADDRESS_MAX_BYTES;
}

/* A display name: a quoted string, or words that need no quotes. */
static gboolean
is_phrase(const char *string)
{
	if (string[0] != '"')
		return !strpbrk(string, "()<>[]:;@\\,\"");
	for (string++; *string && *string != '"'; string++)
		if (*string == '\\' && !*++string)
			return FALSE;
	return string[0] == '"' && !string[1];
}

/* RFC 5322, section 3.4, without comments and obsolete forms. */
gboolean
kd_conf_is_mailbox(const char *string)
{
	const char *open = strrchr(string, '<');
	g_autofree char *phrase = NULL;
	g_autofree char *address = NULL;

	if (!open)
		return kd_conf_is_address(string);
	if (!g_str_has_suffix(open, ">"))
		return FALSE;
	phrase = g_strstrip(g_strndup(string, (gsize)(open - string)));
	address = g_strndup(open + 1, strlen(open + 1) - 1);
	return is_phrase(phrase) && kd_conf_is_address(address);
}

gboolean
kd_conf_parse_size(const char *string, guint64 min, guint64 max, guint64 *size)
{
	static const char suffixes[] = "KMGT";
	gsize length = strlen(string);
	const char *suffix =
	    length ? strchr(suffixes, g_ascii_toupper(string[length - 1]))
		   : NULL;
	g_autofree char *digits = g_strndup(string, length - (suffix ? 1 : 0));
	guint shift = suffix ? 10 * (guint)(suffix - suffixes + 1) : 0;
	guint64 count = 0;

	if (!g_ascii_string_to_unsigned(
		digits, 10, 0, max >> shift, &count, NULL))
		return FALSE;
	if (count << shift < min)
		return FALSE;
	*size = count << shift;
	return TRUE;
}
