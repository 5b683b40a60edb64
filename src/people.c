#include "config.h"

#include <string.h>

#include "people.h"
#include "person.h"

struct kd_people {
	GHashTable *by_key;  /* char * -> index */
	GHashTable *by_name; /* char * -> index */
	GArray *same; /* of guint: index -> the one it turned out to be */
};

kd_people *
kd_people_new(void)
{
	kd_people *people = g_new0(kd_people, 1);

	people->by_key =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	people->by_name =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
	people->same = g_array_new(FALSE, FALSE, sizeof(guint));
	return people;
}

void
kd_people_free(kd_people *people)
{
	if (!people)
		return;
	g_hash_table_unref(people->by_key);
	g_hash_table_unref(people->by_name);
	g_array_unref(people->same);
	g_free(people);
}

static guint
resolve(const kd_people *people, guint index)
{
	while (g_array_index(people->same, guint, index) != index)
		index = g_array_index(people->same, guint, index);
	return index;
}

static gboolean
find(const kd_people *people, GHashTable *table, const char *key, guint *index)
{
	gpointer value;

	if (!g_hash_table_lookup_extended(table, key, NULL, &value))
		return FALSE;
	*index = resolve(people, GPOINTER_TO_UINT(value));
	return TRUE;
}

/* The name to compare by; NULL when one word is too little to go by. */
static char *
full_name(const char *name)
{
	g_autofree char *clean = kd_person_clean_name(name);

	return strchr(clean, ' ') ? g_utf8_casefold(clean, -1) : NULL;
}

guint
kd_people_add(kd_people *people, const char *name, const char *address)
{
	g_autofree char *key = kd_person_key(name, address);
	g_autofree char *full = full_name(name);
	guint index = people->same->len, other;
	gboolean keyed = find(people, people->by_key, key, &index);

	if (full && find(people, people->by_name, full, &other)) {
		if (keyed) {
			guint low = MIN(index, other);

			g_array_index(people->same, guint, MAX(index, other)) =
			    low;
			index = low;
		} else {
			index = other;
		}
	}
	if (index == people->same->len)
		g_array_append_val(people->same, index);
	g_hash_table_insert(
	    people->by_key, g_steal_pointer(&key), GUINT_TO_POINTER(index));
	if (full)
		g_hash_table_insert(people->by_name, g_steal_pointer(&full),
		    GUINT_TO_POINTER(index));
	return index;
}

guint
kd_people_count(const kd_people *people)
{
	guint count = 0;

	for (guint i = 0; i < people->same->len; i++)
		count += g_array_index(people->same, guint, i) == i;
	return count;
}
