#include "config.h"

#include <string.h>

#include "table.h"
#include "terms.h"

#define FIELDS	 4
#define WORD_MAX 100 /* bytes of a term */

struct kd_terms {
	GStringChunk *chunk;
	GPtrArray *list;    /* of struct kd_term *, in the order of the file */
	GHashTable *exact;  /* term -> struct kd_term */
	GHashTable *folded; /* term without capitals -> struct kd_term */
	gsize longest;	    /* bytes of the longest term */
};

void
kd_terms_free(kd_terms *terms)
{
	if (!terms)
		return;
	g_hash_table_unref(terms->exact);
	g_hash_table_unref(terms->folded);
	g_ptr_array_unref(terms->list);
	g_string_chunk_free(terms->chunk);
	g_free(terms);
}

static kd_terms *
terms_new(void)
{
	kd_terms *terms = g_new0(kd_terms, 1);

	terms->chunk = g_string_chunk_new(4096);
	terms->list = g_ptr_array_new_with_free_func(g_free);
	terms->exact = g_hash_table_new(g_str_hash, g_str_equal);
	terms->folded = g_hash_table_new(g_str_hash, g_str_equal);
	return terms;
}

/* Whether a byte belongs to a word; those of UTF-8 beside it do not. */
static gboolean
is_word(char c)
{
	return g_ascii_isalnum(c) || c == '_';
}

static gboolean
has_capital(const char *text)
{
	for (; *text; text++)
		if (g_ascii_isupper(*text))
			return TRUE;
	return FALSE;
}

/* Why a line is no term, or NULL. */
static const char *
add_term(gpointer data, char *line)
{
	kd_terms *terms = data;
	g_auto(GStrv) fields = g_strsplit(line, "\t", -1);
	GHashTable *table;
	struct kd_term *term;

	if (g_strv_length(fields) != FIELDS)
		return "not four fields with a tab between";
	for (guint i = 0; i < FIELDS; i++)
		if (!*g_strstrip(fields[i]))
			return "an empty field";
	table = has_capital(fields[0]) ? terms->exact : terms->folded;
	if (strlen(fields[0]) > WORD_MAX)
		return "a term of more than 100 bytes";
	if (!is_word(fields[0][0]))
		return "a term begins with a letter or digit";
	if (g_hash_table_contains(table, fields[0]))
		return "the term is there already";
	if (terms->list->len >= KD_TERMS_MAX)
		return "too many terms";
	term = g_new0(struct kd_term, 1);
	term->english = g_string_chunk_insert(terms->chunk, fields[0]);
	term->chinese = g_string_chunk_insert(terms->chunk, fields[1]);
	term->expansion = g_string_chunk_insert(
	    terms->chunk, strcmp(fields[2], "-") ? fields[2] : "");
	term->source = g_string_chunk_insert(terms->chunk, fields[3]);
	g_ptr_array_add(terms->list, term);
	g_hash_table_insert(table, (gpointer)term->english, term);
	terms->longest = MAX(terms->longest, strlen(term->english));
	return NULL;
}

static struct kd_table
make_table(kd_terms *terms)
{
	return (struct kd_table){
	    "term base", KD_TERMS_FILE_MAX, add_term, terms};
}

kd_terms *
kd_terms_parse(const char *name, const char *data, gsize length, GError **error)
{
	g_autoptr(kd_terms) terms = terms_new();
	const struct kd_table table = make_table(terms);

	return kd_table_parse(&table, name, data, length, error)
		   ? g_steal_pointer(&terms)
		   : NULL;
}

kd_terms *
kd_terms_load(const char *file, GError **error)
{
	g_autoptr(kd_terms) terms = terms_new();
	const struct kd_table table = make_table(terms);

	return kd_table_load(&table, file, error) ? g_steal_pointer(&terms)
						  : NULL;
}

/* A term that is so many bytes long, its plural included; or NULL. */
static const struct kd_term *
look_up(const kd_terms *terms, const char *text, gsize length)
{
	g_autofree char *word = g_strndup(text, length);
	const struct kd_term *term = g_hash_table_lookup(terms->exact, word);
	g_autofree char *lower = NULL;

	if (term)
		return term;
	lower = g_ascii_strdown(word, -1);
	term = g_hash_table_lookup(terms->folded, lower);
	if (term || length < 2 || text[length - 1] != 's')
		return term;
	word[length - 1] = lower[length - 1] = '\0';
	term = g_hash_table_lookup(terms->exact, word);
	return term ? term : g_hash_table_lookup(terms->folded, lower);
}

/* The longest term that begins here; its length in the text goes to *used. */
static const struct kd_term *
match(const kd_terms *terms, const char *text, gsize left, gsize *used)
{
	gsize length = MIN(left, terms->longest + 1);

	for (; length > 0; length--) {
		const struct kd_term *term;

		if (length < left && is_word(text[length]) &&
		    is_word(text[length - 1]))
			continue;
		term = look_up(terms, text, length);
		if (!term)
			continue;
		*used = length;
		return term;
	}
	return NULL;
}

GPtrArray *
kd_terms_find(const kd_terms *terms, const char *text, guint max)
{
	GPtrArray *found = g_ptr_array_new();
	g_autoptr(GHashTable) seen = g_hash_table_new(NULL, NULL);
	gsize length = strlen(text);

	for (gsize i = 0; i < length && found->len < max;) {
		const struct kd_term *term = NULL;
		gsize used = 1;

		if (is_word(text[i]) && (i == 0 || !is_word(text[i - 1])))
			term = match(terms, text + i, length - i, &used);
		if (term && g_hash_table_add(seen, (gpointer)term))
			g_ptr_array_add(found, (gpointer)term);
		i += used;
	}
	return found;
}

guint
kd_terms_count(const kd_terms *terms)
{
	return terms->list->len;
}

const struct kd_term *
kd_terms_get(const kd_terms *terms, guint index)
{
	return terms->list->pdata[index];
}
