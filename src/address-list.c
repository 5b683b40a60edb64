#include "config.h"

#include <string.h>

#include "address-list.h"
#include "text.h"

static const char *
skip_blanks(const char *p)
{
	return p + strspn(p, " \t");
}

/* RFC 5322, 3.2.3. */
static gboolean
is_special(char c)
{
	switch (c) {
	case '(':
	case ')':
	case '<':
	case '>':
	case '[':
	case ']':
	case ':':
	case ';':
	case '@':
	case '\\':
	case ',':
	case '.':
	case '"':
		return TRUE;
	default:
		return FALSE;
	}
}

static gboolean
in_local(char c)
{
	return g_ascii_isgraph(c) && !is_special(c);
}

static gboolean
in_domain(char c)
{
	return g_ascii_isalnum(c) || c == '-';
}

static gboolean
in_name(char c)
{
	return in_local(c) || c == ' ' || c == '\t' || c == '.';
}

/* The end of words between single dots; NULL if there is no such thing. */
static const char *
skip_dot_atom(const char *p, gboolean (*in_word)(char c))
{
	for (;;) {
		const char *begin = p;

		while (in_word(*p))
			p++;
		if (p == begin)
			return NULL;
		if (*p != '.')
			return p;
		p++;
	}
}

/* What stands for a domain in other letters has two hyphens, and is decoded. */
static gboolean
may_be_encoded(const char *domain, const char *end)
{
	for (; domain < end; domain++)
		if (domain[0] == '-' && domain[1] == '-')
			return TRUE;
	return FALSE;
}

/* The end of an address; NULL if there is none. */
static const char *
skip_address(const char *p)
{
	const char *at = skip_dot_atom(p, in_local);
	const char *end;

	if (!at || *at != '@')
		return NULL;
	end = skip_dot_atom(at + 1, in_domain);
	return end && !may_be_encoded(at + 1, end) ? end : NULL;
}

/* A display name, which may be nothing; NULL if it is not plain. */
static const char *
skip_name(const char *p)
{
	if (*p != '"') {
		while (in_name(*p))
			p++;
		return p;
	}
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

static void
add_address(GPtrArray *addresses, GStringChunk *chunk, const char *address,
    gsize length)
{
	char *copy = g_string_chunk_insert_len(chunk, address, (gssize)length);

	kd_text_lower(copy, address, length);
	g_ptr_array_add(addresses, copy);
}

gboolean
kd_address_list_read(
    GPtrArray *addresses, GStringChunk *chunk, const char *value)
{
	guint before = addresses->len;

	for (const char *p = skip_blanks(value);; p = skip_blanks(p + 1)) {
		const char *address;
		gsize length;

		p = read_mailbox(p, &address, &length);
		if (p && (*p == ',' || !*p))
			add_address(addresses, chunk, address, length);
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
