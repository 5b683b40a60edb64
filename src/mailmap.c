#include "config.h"

#include <string.h>

#include "mailmap.h"
#include "person.h"
#include "table.h"

/* Whom an address, or an address with a name, stands for. */
struct proper {
	const char *name;    /* or NULL: as it is */
	const char *address; /* likewise */
};

struct kd_mailmap {
	GStringChunk *strings;
	GHashTable *by_address; /* folded address -> struct proper */
	GHashTable *by_both;	/* "folded address\nfolded name" -> the same */
};

void
kd_mailmap_free(kd_mailmap *mailmap)
{
	if (!mailmap)
		return;
	g_hash_table_unref(mailmap->by_address);
	g_hash_table_unref(mailmap->by_both);
	g_string_chunk_free(mailmap->strings);
	g_free(mailmap);
}

static kd_mailmap *
mailmap_new(void)
{
	kd_mailmap *mailmap = g_new0(kd_mailmap, 1);

	mailmap->strings = g_string_chunk_new(4096);
	mailmap->by_address =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	mailmap->by_both =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	return mailmap;
}

/* "Name <address>" at *p, which is then behind it; FALSE for what is none. */
static gboolean
take_person(const char **p, char **name, char **address)
{
	const char *open = strchr(*p, '<');
	const char *close = open ? strchr(open, '>') : NULL;

	if (!close || close == open + 1)
		return FALSE;
	*name = g_strstrip(g_strndup(*p, (gsize)(open - *p)));
	*address = g_strstrip(g_strndup(open + 1, (gsize)(close - open - 1)));
	*p = close + 1 + strspn(close + 1, " \t");
	return TRUE;
}

static char *
make_key(const char *address, const char *name)
{
	g_autofree char *whole =
	    name ? g_strdup_printf("%s\n%s", address, name) : g_strdup(address);

	return g_utf8_casefold(whole, -1);
}

static const char *
keep(kd_mailmap *mailmap, const char *text)
{
	return *text ? g_string_chunk_insert_const(mailmap->strings, text)
		     : NULL;
}

/* "Proper Name <proper@x> Name in Mails <in@mails>", one of four forms. */
static gboolean
read_entry(kd_mailmap *mailmap, const char *line)
{
	g_autofree char *name = NULL, *address = NULL;
	g_autofree char *old_name = NULL, *old_address = NULL, *lower = NULL;
	const char *p = line;
	struct proper *proper;
	gboolean second;

	if (!take_person(&p, &name, &address))
		return FALSE;
	second = *p && *p != '#';
	if (second && !take_person(&p, &old_name, &old_address))
		return FALSE;
	if ((*p && *p != '#') || (!second && !*name))
		return FALSE;
	proper = g_new0(struct proper, 1);
	proper->name = keep(mailmap, name);
	if (!second) {
		g_hash_table_replace(
		    mailmap->by_address, make_key(address, NULL), proper);
		return TRUE;
	}
	lower = g_ascii_strdown(address, -1);
	proper->address = keep(mailmap, lower);
	if (*old_name)
		g_hash_table_replace(
		    mailmap->by_both, make_key(old_address, old_name), proper);
	else
		g_hash_table_replace(
		    mailmap->by_address, make_key(old_address, NULL), proper);
	return TRUE;
}

static const char *
add_entry(gpointer data, char *line)
{
	return read_entry(data, line)
		   ? NULL
		   : "expected \"Name <address>\", or two of them";
}

kd_mailmap *
kd_mailmap_load(const char *file, GError **error)
{
	g_autoptr(kd_mailmap) mailmap = mailmap_new();
	const struct kd_table table = {
	    "mailmap", KD_MAILMAP_FILE_MAX, add_entry, mailmap};

	return kd_table_load(&table, file, error) ? g_steal_pointer(&mailmap)
						  : NULL;
}

/* Change what is known otherwise; FALSE when nothing is. */
static gboolean
resolve(const kd_mailmap *mailmap, const char **name, const char **address)
{
	g_autofree char *both = make_key(*address, *name);
	g_autofree char *alone = make_key(*address, NULL);
	const struct proper *proper =
	    g_hash_table_lookup(mailmap->by_both, both);

	if (!proper)
		proper = g_hash_table_lookup(mailmap->by_address, alone);
	if (!proper)
		return FALSE;
	if (proper->name)
		*name = proper->name;
	if (proper->address)
		*address = proper->address;
	return TRUE;
}

/* The same for "Name <address>", which may be something else altogether. */
static const char *
resolve_person(kd_mailmap *mailmap, const char *person)
{
	g_autofree char *name = NULL, *address = NULL, *whole = NULL;
	const char *proper_name, *proper_address;

	if (!strchr(person, '@'))
		return person;
	kd_person_split(person, &name, &address);
	proper_name = name;
	proper_address = address;
	if (!*address || !resolve(mailmap, &proper_name, &proper_address))
		return person;
	whole = *proper_name
		    ? g_strdup_printf("%s <%s>", proper_name, proper_address)
		    : g_strdup(proper_address);
	return g_string_chunk_insert_const(mailmap->strings, whole);
}

static gboolean
names_person(enum kd_fact_kind kind)
{
	return kind >= KD_FACT_REVIEWED_BY && kind <= KD_FACT_SUGGESTED_BY;
}

void
kd_mailmap_apply(kd_mailmap *mailmap, kd_record *record)
{
	resolve(mailmap, &record->name, &record->address);
	for (guint i = 0; i < record->n_facts; i++) {
		struct kd_fact *fact = &record->facts[i];

		fact->person = resolve_person(mailmap, fact->person);
		if (names_person(fact->kind))
			fact->value = resolve_person(mailmap, fact->value);
	}
}
