#include "config.h"

#include <string.h>

#include "person.h"

/* b4 sends for people: "devnull+ann.example.org@kernel.org". */
#define RELAY "devnull+"

/* How lists and relays call the part of their domains that is theirs. */
static const char *const list_domains[] = {
    "lists.", "list.", "groups.", "googlegroups.", "vger."};

static gboolean
begins_any(const char *text, const char *const *words, gsize n)
{
	for (gsize i = 0; i < n; i++)
		if (g_str_has_prefix(text, words[i]))
			return TRUE;
	return FALSE;
}

/* The parts of an address in lower case, "" where there is none. */
static void
split_address(const char *address, char **local, char **domain)
{
	const char *at = strrchr(address, '@');

	if (!at)
		at = address + strlen(address);
	*domain = g_ascii_strdown(*at ? at + 1 : at, -1);
	*local = g_ascii_strdown(address, at - address);
}

/* Where " via LIST" begins in a name, or NULL. */
static const char *
find_via(const char *name)
{
	const char *via = NULL;

	for (const char *p = name; (p = strchr(p, ' ')); p++)
		if (!g_ascii_strncasecmp(p, " via", 4) &&
		    (p[4] == ' ' || p[4] == '\0'))
			via = p;
	return via;
}

gboolean
kd_person_is_munged(const char *name, const char *address)
{
	const char *via = find_via(name);
	g_autofree char *list = NULL;
	g_autofree char *local = NULL;
	g_autofree char *domain = NULL;

	if (!via)
		return FALSE;
	split_address(address, &local, &domain);
	list = g_ascii_strdown(via + strlen(" via"), -1);
	g_strstrip(list);
	return !*list || !strcmp(list, local) || !strcmp(list, domain) ||
	       g_str_has_prefix(local, RELAY) || strchr(local, '=') ||
	       begins_any(domain, list_domains, G_N_ELEMENTS(list_domains));
}

char *
kd_person_clean_name(const char *name)
{
	const char *via = find_via(name);
	char *clean = g_strndup(name, via ? (gsize)(via - name) : strlen(name));
	gsize length;

	g_strstrip(clean);
	while ((length = strlen(clean)) > 1 && strchr("'\"", *clean) &&
	       clean[length - 1] == *clean) {
		clean[length - 1] = *clean = ' ';
		g_strstrip(clean);
	}
	return clean;
}

char *
kd_person_full_name(const char *name)
{
	g_autofree char *clean = kd_person_clean_name(name);

	return strchr(clean, ' ') ? g_utf8_casefold(clean, -1) : g_strdup("");
}

/*
 * "ann+list@example.org" is Ann as well; what a relay has behind the plus sign
 * is the only thing that tells its users apart.
 */
static gsize
mailbox_length(const char *address)
{
	const char *at = strrchr(address, '@');
	const char *plus = at ? memchr(address, '+', at - address) : NULL;

	if (plus && plus > address &&
	    g_ascii_strncasecmp(address, RELAY, strlen(RELAY)))
		return plus - address;
	return at ? (gsize)(at - address) : strlen(address);
}

/* What of the rest of an address names the host, "@" included. */
static const char *
domain_of(const char *rest)
{
	const char *at = strrchr(rest, '@');

	return at ? at : rest;
}

char *
kd_person_key(const char *name, const char *address)
{
	gsize length = mailbox_length(address);
	g_autofree char *clean = NULL;

	if (*address) {
		g_autofree char *local = g_strndup(address, length);
		g_autofree char *whole =
		    g_strconcat(local, domain_of(address + length), NULL);

		return g_ascii_strdown(whole, -1);
	}
	clean = kd_person_clean_name(name);
	return g_utf8_casefold(clean, -1);
}

gboolean
kd_person_same_address(const char *address, const char *other)
{
	gsize length = mailbox_length(address);

	return *address && length == mailbox_length(other) &&
	       !g_ascii_strncasecmp(address, other, length) &&
	       !g_ascii_strcasecmp(
		   domain_of(address + length), domain_of(other + length));
}

gboolean
kd_person_same_name(const char *name, const char *other)
{
	g_autofree char *one = kd_person_full_name(name);
	g_autofree char *two = kd_person_full_name(other);

	return *one && !strcmp(one, two);
}

gboolean
kd_person_is_same(const char *name, const char *address, const char *other_name,
    const char *other_address)
{
	return kd_person_same_address(address, other_address) ||
	       kd_person_same_name(name, other_name);
}

void
kd_person_split(const char *person, char **name, char **address)
{
	const char *open = strchr(person, '<');
	const char *end = open ? open : person + strlen(person);

	if (!open && strchr(person, '@'))
		end = open = person;
	else if (open)
		open++;
	*name = g_strstrip(g_strndup(person, (gsize)(end - person)));
	*address = g_strndup(open ? open : "", open ? strcspn(open, ">") : 0);
}
