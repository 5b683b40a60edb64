#include "config.h"

#include <string.h>

#include "person.h"
#include "team.h"
#include "tree.h"

#define ASKED_MAX    50		/* questions told of in a topic */
#define KEYWORD_TEXT (64 << 10) /* bytes of a mail that are looked through */

struct team {
	const kd_conf *conf;
	GHashTable *addresses; /* set of kd_person_key() */
	GHashTable *names;     /* set of folded names */
	struct kd_topic *topic;
	const kd_record **records; /* by index of the topic's mails */
	gboolean *ours;		   /* likewise: whether one of us wrote it */
};

gboolean
kd_team_is_configured(const kd_conf *conf)
{
	return *conf->team_addresses || *conf->team_names ||
	       *conf->team_paths || *conf->team_keywords;
}

static const struct kd_digest_mail *
mail_at(const struct team *team, guint index)
{
	return team->topic->mails->pdata[index];
}

static gboolean
is_address(const struct team *team, const char *address)
{
	g_autofree char *key = kd_person_key("", address);

	return g_hash_table_contains(team->addresses, key);
}

static gboolean
is_ours(const struct team *team, const char *name, const char *address)
{
	g_autofree char *clean = kd_person_clean_name(name);
	g_autofree char *folded = g_utf8_casefold(clean, -1);

	return is_address(team, address) ||
	       g_hash_table_contains(team->names, folded);
}

/* The note of that kind and detail, a new one if there is none. */
static struct kd_note *
find_note(struct team *team, enum kd_note_kind kind, const char *detail)
{
	GPtrArray *notes = team->topic->notes;
	struct kd_note *note;

	for (guint i = 0; i < notes->len; i++) {
		note = notes->pdata[i];
		if (note->kind == kind && !strcmp(note->detail, detail))
			return note;
	}
	note = kd_note_new(kind, detail);
	g_ptr_array_add(notes, note);
	return note;
}

static void
add(struct team *team, enum kd_note_kind kind, const char *detail, guint index)
{
	struct kd_note *note = find_note(team, kind, detail);

	g_array_append_val(note->mails, index);
}

static gboolean
note_own(struct team *team)
{
	const GPtrArray *postings = team->topic->postings;

	for (guint i = 0; i < postings->len; i++) {
		const struct kd_posting *posting = postings->pdata[i];

		if (!is_ours(team, posting->name, posting->address))
			continue;
		find_note(team, KD_NOTE_OWN, "");
		return TRUE;
	}
	return FALSE;
}

/*
 * Which mails one of us has answered, by their index: those above what we
 * wrote.  In tree order a mail comes after what it answers.
 */
static gboolean *
find_answered(const struct team *team)
{
	guint n = team->topic->mails->len;
	gboolean *answered = g_new0(gboolean, n + 1);

	for (guint i = n; i-- > 0;) {
		int parent = mail_at(team, i)->parent;

		if (parent >= 0 && (team->ours[i] || answered[i]))
			answered[parent] = TRUE;
	}
	return answered;
}

/* Others who ask or object in answer to what one of us wrote. */
static void
note_asked(struct team *team)
{
	const GPtrArray *facts = team->topic->facts;
	g_autofree gboolean *answered = find_answered(team);
	guint last = G_MAXUINT, n = 0;

	for (guint i = 0; i < facts->len && n < ASKED_MAX; i++) {
		const struct kd_digest_fact *fact = facts->pdata[i];
		const struct kd_digest_mail *mail = mail_at(team, fact->mail);

		if ((fact->kind != KD_FACT_QUESTION &&
			fact->kind != KD_FACT_OBJECTION) ||
		    !mail->in_window || mail->parent < 0 ||
		    team->ours[fact->mail] || !team->ours[mail->parent] ||
		    answered[fact->mail] || fact->mail == last)
			continue;
		last = fact->mail;
		n++;
		add(team, KD_NOTE_ASKED, fact->value ? fact->value : "", last);
	}
}

static void
note_copied(struct team *team, guint index)
{
	const kd_record *record = team->records[index];

	for (guint i = 0; i < record->n_copies; i++)
		if (is_address(team, record->copies[i])) {
			add(team, KD_NOTE_COPIED, "", index);
			return;
		}
}

/* "arch/arm64/kvm/" has all below it; with * or ? the whole path must fit. */
static gboolean
fits(const char *pattern, const char *path)
{
	gsize length = strlen(pattern);

	if (strpbrk(pattern, "*?"))
		return g_pattern_match_simple(pattern, path);
	return !strncmp(path, pattern, length) &&
	       (path[length] == '\0' || path[length] == '/' ||
		   (length && pattern[length - 1] == '/'));
}

static void
note_paths(struct team *team, guint index)
{
	const kd_record *record = team->records[index];

	for (char **own = team->conf->team_paths; *own; own++)
		for (guint i = 0; i < record->n_paths; i++)
			if (fits(*own, record->paths[i])) {
				add(team, KD_NOTE_PATH, *own, index);
				break;
			}
}

static void
note_uapi(struct team *team, guint index)
{
	const kd_record *record = team->records[index];

	for (guint i = 0; i < record->n_paths; i++)
		if (kd_tree_is_uapi(record->paths[i])) {
			add(team, KD_NOTE_UAPI, "", index);
			return;
		}
}

/* As a word, whatever the case of ASCII letters. */
static gboolean
has_word(const char *line, gsize length, const char *word)
{
	gsize n = strlen(word);

	for (gsize i = 0; i + n <= length; i++)
		if (!g_ascii_strncasecmp(line + i, word, n) &&
		    !(i && g_ascii_isalnum(line[i - 1]) &&
			g_ascii_isalnum(*word)) &&
		    !(i + n < length && g_ascii_isalnum(line[i + n]) &&
			g_ascii_isalnum(word[n - 1])))
			return TRUE;
	return FALSE;
}

/* In the subject, or in a line of the text that is no quotation. */
static gboolean
says(const kd_record *record, const char *word)
{
	const char *line = record->text;
	const char *end = line + MIN(strlen(line), KEYWORD_TEXT);

	if (has_word(record->subject, strlen(record->subject), word))
		return TRUE;
	while (line < end) {
		const char *feed = memchr(line, '\n', (gsize)(end - line));
		gsize length = (gsize)((feed ? feed : end) - line);

		if (*line != '>' && has_word(line, length, word))
			return TRUE;
		line += length + 1;
	}
	return FALSE;
}

static void
note_keywords(struct team *team, guint index)
{
	for (char **word = team->conf->team_keywords; *word; word++)
		if (says(team->records[index], *word))
			add(team, KD_NOTE_KEYWORD, *word, index);
}

static void
note_mails(struct team *team, gboolean own)
{
	for (guint i = 0; i < team->topic->mails->len; i++) {
		const struct kd_digest_mail *mail = mail_at(team, i);
		gboolean patch =
		    mail->kind == KD_KIND_COVER || mail->kind == KD_KIND_PATCH;

		if (!mail->in_window)
			continue;
		if (patch)
			note_uapi(team, i);
		if (own || team->ours[i])
			continue;
		note_copied(team, i);
		if (patch)
			note_paths(team, i);
		note_keywords(team, i);
	}
}

static int
compare_notes(gconstpointer a, gconstpointer b)
{
	const struct kd_note *x = *(struct kd_note *const *)a;
	const struct kd_note *y = *(struct kd_note *const *)b;

	return (int)x->kind - (int)y->kind;
}

static GHashTable *
set_new(void)
{
	return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
}

/* Who of us is who, and which of the topic's mails are whose. */
static void
begin(struct team *team, const GPtrArray *records)
{
	g_autoptr(GHashTable) numbers =
	    g_hash_table_new(g_int64_hash, g_int64_equal);
	guint n = team->topic->mails->len;

	team->addresses = set_new();
	team->names = set_new();
	team->records = g_new0(const kd_record *, n + 1);
	team->ours = g_new0(gboolean, n + 1);
	for (char **own = team->conf->team_addresses; *own; own++)
		g_hash_table_add(team->addresses, kd_person_key("", *own));
	for (char **own = team->conf->team_names; *own; own++)
		g_hash_table_add(team->names, g_utf8_casefold(*own, -1));
	for (guint i = 0; i < records->len; i++) {
		kd_record *record = g_ptr_array_index(records, i);

		g_hash_table_insert(numbers, &record->number, record);
	}
	for (guint i = 0; i < n; i++) {
		const struct kd_digest_mail *mail = mail_at(team, i);

		team->records[i] = g_hash_table_lookup(numbers, &mail->number);
		team->ours[i] = is_ours(team, mail->name, mail->address);
	}
}

void
kd_team_note(
    const kd_conf *conf, struct kd_topic *topic, const GPtrArray *records)
{
	struct team team = {.conf = conf, .topic = topic};

	if (!kd_team_is_configured(conf))
		return;
	begin(&team, records);
	note_mails(&team, note_own(&team));
	note_asked(&team);
	g_ptr_array_sort(topic->notes, compare_notes);
	g_hash_table_unref(team.addresses);
	g_hash_table_unref(team.names);
	g_free(team.records);
	g_free(team.ours);
}
