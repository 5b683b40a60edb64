#include "config.h"

#include <string.h>

#include "address-list.h"

static const char *
skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/* What a word is made of beside letters and digits, by what it is a word of. */
#define IN_LOCAL  "!#$%&'*+-/=?^_`{|}~"
#define IN_DOMAIN "-"
#define IN_NAME	  IN_LOCAL " \t."

/* The end of letters, digits and some more: strspn() sets up a table. */
static const char *
skip_bytes(const char *p, const char *more)
{
	while (g_ascii_isalnum(*p) || (*p && strchr(more, *p)))
		p++;
	return p;
}

/* The end of words between single dots; NULL if there is no such thing. */
static const char *
skip_dot_atom(const char *p, const char *more)
{
	for (;;) {
		const char *end = skip_bytes(p, more);

		if (end == p)
			return NULL;
		if (*end != '.')
			return end;
		p = end + 1;
	}
}

/* The end of an address; NULL if there is none. */
static const char *
skip_address(const char *p)
{
	const char *at = skip_dot_atom(p, IN_LOCAL);
	const char *end;

	if (!at || *at != '@')
		return NULL;
	end = skip_dot_atom(at + 1, IN_DOMAIN);
	/* What stands for a domain in other letters is decoded. */
	return end && !g_strstr_len(at, end - at, "--") ? end : NULL;
}

/* A display name, which may be nothing; NULL if it is not plain. */
static const char *
skip_name(const char *p)
{
	if (*p != '"')
		return skip_bytes(p, IN_NAME);
	for (p++; *p != '"'; p++)
		if ((guchar)*p < ' ' || (guchar)*p >= 0x7f || *p == '\\')
			return NULL;
	return skip_blanks(p + 1);
}

/* One mailbox: where it ends, and its address; NULL if it is not plain. */
static const char *
read_mailbox(const char *p, const char **address, gsize *length)
{
	const char *end = skip_address(p);
	const char *name;

	*address = p;
	if (!end) {
		name = skip_name(p);
		if (!name || *name != '<')
			return NULL;
		*address = name + 1;
		end = skip_address(*address);
		if (!end || *end != '>')
			return NULL;
	}
	*length = (gsize)(end - *address);
	return skip_blanks(end + (*end == '>'));
}

gboolean
kd_address_list_read(GPtrArray *addresses, const char *value)
{
	guint before = addresses->len;

	for (const char *p = skip_blanks(value);; p = skip_blanks(p + 1)) {
		const char *address;
		gsize length;

		p = read_mailbox(p, &address, &length);
		if (p && (*p == ',' || !*p))
			g_ptr_array_add(addresses,
			    g_ascii_strdown(address, (gssize)length));
		if (p && !*p)
			return TRUE;
		if (!p || *p != ',')
			break;
	}
	g_ptr_array_set_size(addresses, (gint)before);
	return FALSE;
}

gboolean
kd_mailbox_read(const char *value, char **name, char **address)
{
	const char *begin = skip_blanks(value);
	const char *at, *open;
	gsize length;
	const char *end = read_mailbox(begin, &at, &length);

	/* What is not bare stands behind "<", and a name before that. */
	open = at > begin ? at - 1 : begin;
	if (!end || *end || g_strstr_len(begin, open - begin, "=?"))
		return FALSE;
	*address = g_ascii_strdown(at, (gssize)length);
	*name = g_strstrip(g_strndup(begin, (gsize)(open - begin)));
	if (**name == '"') {
		memmove(*name, *name + 1, strlen(*name));
		(*name)[strlen(*name) - 1] = '\0';
		g_strstrip(*name);
	}
	return TRUE;
}
