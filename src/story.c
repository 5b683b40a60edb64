#include "config.h"

#include <string.h>

#include "people.h"
#include "person.h"
#include "series.h"
#include "state.h"
#include "story-private.h"
#include "thread.h"
#include "tree.h"

const struct kd_member *
kd_story_member(const struct story *story, const kd_record *record)
{
	int index =
	    GPOINTER_TO_INT(g_hash_table_lookup(story->indexes, record)) - 1;

	return &g_array_index(story->members, struct kd_member, index);
}

char *
kd_story_url(const struct story *story, const char *id)
{
	return story->conf ? kd_conf_archive_url(story->conf, id) : NULL;
}

const struct kd_member *
kd_story_first(const struct story *story, const struct kd_series *series)
{
	int index = series->cover;

	if (index < 0)
		index = g_array_index(series->parts, int, 0);
	return &g_array_index(story->members, struct kd_member, index);
}

gboolean
kd_story_cover_is_lost(
    const struct story *story, const struct kd_series *series)
{
	const struct kd_member *first = kd_story_first(story, series);

	return series->cover < 0 && series->total > 1 &&
	       (first->subject->part > 1 || *first->record->parent);
}

gboolean
kd_story_in_window(const struct story *story, const kd_record *record)
{
	return record->arrival >= story->window->since &&
	       record->arrival < story->window->until;
}

static enum kd_kind
kind_of(const struct kd_member *member)
{
	guint flags = member->subject->flags;

	if (member->record->flags & KD_MAIL_ROBOT)
		return KD_KIND_ROBOT;
	if (member->posting >= 0)
		return member->subject->part == 0 ? KD_KIND_COVER
						  : KD_KIND_PATCH;
	if (flags & KD_SUBJECT_REPLY)
		return KD_KIND_REPLY;
	return flags & KD_SUBJECT_PULL ? KD_KIND_PULL : KD_KIND_MAIL;
}

/* The first posting of the version that a mail's subject names, or -1. */
static int
named_posting(const struct story *story, const struct kd_member *member)
{
	if (!(member->subject->flags & KD_SUBJECT_PATCH))
		return -1;
	for (guint i = 0; i < story->series->len; i++) {
		const struct kd_series *series =
		    g_ptr_array_index(story->series, i);

		if (!strcmp(series->version, member->subject->version))
			return (int)i;
	}
	return -1;
}

static gboolean
is_version(const struct story *story, int posting, const char *version)
{
	const struct kd_series *series =
	    posting < 0 ? NULL
			: g_ptr_array_index(story->series, (guint)posting);

	return series && !strcmp(series->version, version);
}

/*
 * The posting that a mail is of or speaks about: its own, else that of what it
 * answers.  When that never came it is the one whose version its subject names,
 * rather than that of a mail further up.
 */
static int
posting_of(const struct story *story, const struct kd_place *place,
    const struct kd_member *member)
{
	const struct kd_digest_mail *above;
	int named;

	if (member->posting >= 0)
		return member->posting;
	named = named_posting(story, member);
	if (place->parent < 0)
		return named;
	above = g_ptr_array_index(story->topic->mails, (guint)place->parent);
	if (named < 0 || !strcmp(above->id, member->record->parent) ||
	    is_version(story, above->posting, member->subject->version))
		return above->posting;
	return named;
}

/*
 * Whether a mail begins a discussion of its own by another subject than that of
 * the mail it answers.  Of what it answers when that never came nothing is
 * known, unless it says so itself: "(was: ...)".
 */
static gboolean
is_branch(const struct story *story, const struct kd_place *place,
    const struct kd_member *member)
{
	const kd_subject *subject = member->subject;
	const kd_record *above;

	if (place->parent < 0 || !*subject->key ||
	    member->record->flags & KD_MAIL_ROBOT ||
	    (subject->flags & (KD_SUBJECT_PATCH | KD_SUBJECT_REPLY)) ==
		KD_SUBJECT_PATCH)
		return FALSE;
	above =
	    g_array_index(story->places, struct kd_place, place->parent).record;
	if (strcmp(above->id, member->record->parent))
		return !!(subject->flags & KD_SUBJECT_WAS);
	return strcmp(subject->key,
		   kd_story_member(story, above)->subject->key) != 0;
}

/* The mail that began the discussion below a topic that a mail is in, -1. */
static int
branch_of(const struct story *story, const struct kd_place *place,
    const struct kd_member *member)
{
	const GPtrArray *mails = story->topic->mails;

	if (is_branch(story, place, member))
		return (int)mails->len;
	return place->parent < 0 || member->posting >= 0
		   ? -1
		   : ((const struct kd_digest_mail *)g_ptr_array_index(
			  mails, (guint)place->parent))
			 ->branch;
}

static void
add_mail(struct story *story, const struct kd_place *place)
{
	struct kd_digest_mail *mail = kd_digest_mail_new();
	const kd_record *record = place->record;
	const struct kd_member *member = kd_story_member(story, record);

	mail->number = record->number;
	mail->id = g_strdup(record->id);
	mail->url = kd_story_url(story, record->id);
	mail->subject = g_strdup(record->subject);
	mail->name = g_strdup(record->name);
	mail->address = g_strdup(record->address);
	mail->date = record->date;
	mail->kind = kind_of(member);
	mail->flags = record->flags;
	mail->in_window = kd_story_in_window(story, record);
	mail->posting = posting_of(story, place, member);
	mail->part = member->subject->flags & KD_SUBJECT_PATCH
			 ? member->subject->part
			 : -1;
	mail->parent = place->parent;
	mail->branch = branch_of(story, place, member);
	mail->depth = place->depth;
	mail->thread = record->thread;
	mail->text = g_strdup(record->text);
	g_ptr_array_add(story->topic->mails, mail);
	story->topic->in_window += (guint)mail->in_window;
}

gboolean
kd_story_is_by(
    const struct kd_series *series, const char *name, const char *address)
{
	return kd_person_is_same(series->name, series->address, name, address);
}

/* Whether the author of a posting answers below it. */
static gboolean
is_posters_own(const struct story *story, const struct kd_digest_mail *mail)
{
	return mail->posting >= 0 &&
	       kd_story_is_by(g_ptr_array_index(story->series, mail->posting),
		   mail->name, mail->address);
}

/* A patch in an answer, by whomever but the author of what it answers. */
static gboolean
has_other_patch(const struct story *story, int index)
{
	const struct kd_digest_mail *mail;

	if (index < 0)
		return FALSE;
	mail = story->topic->mails->pdata[index];
	if (mail->kind != KD_KIND_REPLY || !(mail->flags & KD_MAIL_PATCH) ||
	    mail->posting < 0)
		return FALSE;
	return !is_posters_own(story, mail);
}

/*
 * Whether a fact says nothing of the topic: one of a patch that an answer has
 * brought, a trailer below it or what the patch itself says that it mends; an
 * author who defends his own series; or a link that nothing is said of.
 */
static gboolean
is_of_no_topic(const struct story *story, guint index, enum kd_fact_kind kind)
{
	const struct kd_digest_mail *mail = story->topic->mails->pdata[index];

	switch (kind) {
	case KD_FACT_REVIEWED_BY:
	case KD_FACT_ACKED_BY:
	case KD_FACT_TESTED_BY:
		return mail->kind == KD_KIND_REPLY &&
		       has_other_patch(story, mail->parent);
	case KD_FACT_FIXES:
	case KD_FACT_CLOSES:
	case KD_FACT_LINK:
	case KD_FACT_REPORTED_BY:
	case KD_FACT_SUGGESTED_BY:
		return has_other_patch(story, (int)index);
	case KD_FACT_OBJECTION:
		return is_posters_own(story, mail);
	case KD_FACT_CITED:
	case KD_FACT_UPSTREAM:
		return TRUE;
	default:
		return FALSE;
	}
}

static void
add_facts(struct story *story)
{
	for (guint i = 0; i < story->places->len; i++) {
		const kd_record *record =
		    g_array_index(story->places, struct kd_place, i).record;

		for (guint j = 0; j < record->n_facts; j++) {
			struct kd_digest_fact *fact;

			if (is_of_no_topic(story, i, record->facts[j].kind))
				continue;
			fact = kd_digest_fact_new();
			fact->kind = record->facts[j].kind;
			fact->value = g_strdup(record->facts[j].value);
			fact->person = g_strdup(record->facts[j].person);
			fact->mail = i;
			fact->line = record->facts[j].line;
			g_ptr_array_add(story->topic->facts, fact);
		}
	}
}

struct author {
	const char *name;
	guint mails;
	guint order;
};

static int
compare_authors(gconstpointer a, gconstpointer b)
{
	const struct author *x = a;
	const struct author *y = b;

	if (x->mails != y->mails)
		return x->mails > y->mails ? -1 : 1;
	return x->order < y->order ? -1 : 1;
}

/* Those who wrote, most mails first; robots are none. */
static void
add_people(struct story *story)
{
	g_autoptr(kd_people) people = kd_people_new();
	g_autoptr(GArray) authors =
	    g_array_new(FALSE, TRUE, sizeof(struct author));

	/* Once to learn who is who, then to count. */
	for (guint pass = 0; pass < 2; pass++)
		for (guint i = 0; i < story->places->len; i++) {
			const kd_record *record =
			    g_array_index(story->places, struct kd_place, i)
				.record;
			struct author *author;
			guint person;

			if (record->flags & KD_MAIL_ROBOT)
				continue;
			person = kd_people_add(
			    people, record->name, record->address);
			if (person >= authors->len)
				g_array_set_size(authors, person + 1);
			author = &g_array_index(authors, struct author, person);
			if (!author->name || !*author->name) {
				author->name = *record->name ? record->name
							     : record->address;
				author->order = i;
			}
			author->mails += pass;
		}
	g_array_sort(authors, compare_authors);
	for (guint i = 0; i < authors->len; i++) {
		const struct author *author =
		    &g_array_index(authors, struct author, i);

		if (author->mails)
			g_ptr_array_add(
			    story->topic->people, g_strdup(author->name));
	}
}

static int
compare_numbers(gconstpointer a, gconstpointer b)
{
	guint64 x = *(const guint64 *)a, y = *(const guint64 *)b;

	return (x > y) - (x < y);
}

static void
add_threads(struct story *story)
{
	GArray *threads = story->topic->threads;

	for (guint i = 0; i < story->places->len; i++) {
		guint64 thread =
		    g_array_index(story->places, struct kd_place, i)
			.record->thread;
		gboolean known = FALSE;

		for (guint j = 0; j < threads->len && !known; j++)
			known = g_array_index(threads, guint64, j) == thread;
		if (!known)
			g_array_append_val(threads, thread);
	}
	g_array_sort(threads, compare_numbers);
}

static int
compare_paths(gconstpointer a, gconstpointer b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* The files of the kernel's interface that the newest posting touches. */
static void
add_interfaces(struct story *story)
{
	GPtrArray *uapi = story->topic->uapi;

	for (guint i = 0; i < story->members->len; i++) {
		const struct kd_member *member =
		    &g_array_index(story->members, struct kd_member, i);
		const kd_record *record = member->record;

		if (member->posting < 0 ||
		    (guint)member->posting + 1 < story->series->len)
			continue;
		for (guint j = 0; j < record->n_paths; j++)
			if (kd_tree_is_uapi(record->paths[j]) &&
			    !g_ptr_array_find_with_equal_func(
				uapi, record->paths[j], g_str_equal, NULL) &&
			    uapi->len < KD_UAPI_MAX)
				g_ptr_array_add(
				    uapi, g_strdup(record->paths[j]));
	}
	g_ptr_array_sort(uapi, compare_paths);
}

static GPtrArray *
known_records(const GPtrArray *records, const struct kd_window *window)
{
	GPtrArray *known = g_ptr_array_new();

	for (guint i = 0; i < records->len; i++) {
		kd_record *record = g_ptr_array_index(records, i);

		if (!record->copy_of && record->arrival < window->until)
			g_ptr_array_add(known, record);
	}
	return known;
}

/* What goes with a series into another project: it bears another title. */
static gboolean
is_companion(const struct story *story, const struct kd_series *series)
{
	const struct kd_series *oldest = g_ptr_array_index(story->series, 0);

	return *series->home && strcmp(series->home, oldest->home) &&
	       strcmp(kd_story_first(story, series)->subject->key,
		   kd_story_first(story, oldest)->subject->key);
}

/*
 * Whether a posting is no version of the series but stands beside it: another
 * author's patch in answer to it, a lone one of its author's that is about
 * something else, or what goes with it into another project.
 */
static gboolean
is_beside(const struct story *story, const struct kd_series *series)
{
	const struct kd_series *oldest = g_ptr_array_index(story->series, 0);
	const struct kd_member *first = kd_story_first(story, series);

	if (is_companion(story, series))
		return TRUE;
	if (!*first->record->parent ||
	    kd_subject_compare_version(series->version, oldest->version) > 0)
		return FALSE;
	if (!kd_story_is_by(oldest, series->name, series->address))
		return TRUE;
	return oldest->total > 1 && series->total <= 1 && series->cover < 0 &&
	       first->subject->part < 0 && oldest->rfc == series->rfc &&
	       strcmp(first->subject->key,
		   kd_story_first(story, oldest)->subject->key);
}

/*
 * The last posting is taken for the newest version of the topic's series, so
 * those beside it stand before it, whatever their date.
 */
static void
order_series(struct story *story)
{
	guint n = story->series->len;
	g_autofree gpointer *order = g_new(gpointer, n + 1);
	g_autofree int *moved = g_new(int, n + 1);
	guint version = 0, aside, last;

	/* The oldest is beside none: there is a last version. */
	for (guint i = 1; i < n; i++) {
		struct kd_series *series = g_ptr_array_index(story->series, i);

		if (is_beside(story, series))
			g_hash_table_add(story->beside, series);
	}
	if (!g_hash_table_size(story->beside))
		return;
	aside = last = n - g_hash_table_size(story->beside) - 1;
	for (guint i = 0; i < n; i++) {
		struct kd_series *series = g_ptr_array_index(story->series, i);
		gboolean beside = g_hash_table_contains(story->beside, series);
		guint to = beside	    ? aside++
			   : version < last ? version++
					    : n - 1;

		order[to] = series;
		moved[i] = (int)to;
	}
	for (guint i = 0; i < story->members->len; i++) {
		struct kd_member *member =
		    &g_array_index(story->members, struct kd_member, i);

		if (member->posting >= 0)
			member->posting = moved[member->posting];
	}
	memcpy(story->series->pdata, order, n * sizeof(gpointer));
}

static void
tell(struct story *story)
{
	struct kd_topic *topic = story->topic;

	for (guint i = 0; i < story->members->len; i++)
		g_hash_table_insert(story->indexes,
		    (gpointer)g_array_index(story->members, struct kd_member, i)
			.record,
		    GINT_TO_POINTER((int)i + 1));
	order_series(story);
	for (guint i = 0; i < story->places->len; i++)
		add_mail(
		    story, &g_array_index(story->places, struct kd_place, i));
	for (guint i = 0; i < story->series->len; i++)
		kd_story_add_posting(
		    story, g_ptr_array_index(story->series, i));
	kd_story_find_successors(topic);
	add_facts(story);
	kd_story_find_answers(topic);
	add_people(story);
	add_threads(story);
	topic->category = kd_story_category(story);
	kd_story_set_title(story);
	topic->tree =
	    kd_tree_find(story->members, (int)topic->postings->len - 1);
	add_interfaces(story);
	topic->started =
	    g_array_index(story->places, struct kd_place, 0).record->date;
	topic->id =
	    g_array_index(story->places, struct kd_place, 0).record->topic;
	kd_state_decide(topic, story->window->until);
}

struct kd_topic *
kd_story_tell(const GPtrArray *records, const struct kd_window *window,
    const kd_conf *conf)
{
	g_autoptr(GPtrArray) known = known_records(records, window);
	g_autoptr(GHashTable) indexes = g_hash_table_new(NULL, NULL);
	g_autoptr(GHashTable) beside = g_hash_table_new(NULL, NULL);
	struct story story = {.window = window,
	    .conf = conf,
	    .indexes = indexes,
	    .beside = beside};

	if (!known->len)
		return NULL;
	story.topic = kd_topic_new();
	story.members = kd_members_new(known);
	story.series = kd_series_assemble(story.members);
	story.places = kd_thread_arrange(known);
	tell(&story);
	g_array_unref(story.places);
	g_ptr_array_unref(story.series);
	kd_members_free(story.members);
	return story.topic;
}
