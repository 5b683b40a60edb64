#include "config.h"

#include <string.h>

#include "filter.h"
#include "people.h"
#include "person.h"
#include "told.h"

#define SENTENCES_TYPE "a(ysas)" /* field, text, cites */
#define TOPIC_TYPE     "(tssssuuuyxs" SENTENCES_TYPE ")"
#define TOPIC_FORMAT   "(tssssuuuyxs@" SENTENCES_TYPE ")"

static const char *
or_empty(const char *text)
{
	return text ? text : "";
}

/* The newest posting, or NULL. */
static const struct kd_posting *
newest(const struct kd_topic *topic)
{
	return topic->postings->len
		   ? topic->postings->pdata[topic->postings->len - 1]
		   : NULL;
}

static const char *
version_of(const struct kd_topic *topic)
{
	const struct kd_posting *posting = newest(topic);

	return posting ? or_empty(posting->version) : "";
}

/* Trailers in a patch are those of its version before. */
static guint
count_persons(const struct kd_topic *topic, enum kd_fact_kind kind)
{
	g_autoptr(kd_people) people = kd_people_new();

	for (guint i = 0; i < topic->facts->len; i++) {
		const struct kd_digest_fact *fact = topic->facts->pdata[i];
		const struct kd_digest_mail *mail =
		    topic->mails->pdata[fact->mail];
		g_autofree char *name = NULL;
		g_autofree char *address = NULL;

		if (fact->kind != kind || mail->kind == KD_KIND_PATCH ||
		    mail->kind == KD_KIND_COVER)
			continue;
		kd_person_split(or_empty(fact->value), &name, &address);
		kd_people_add(people, name, address);
	}
	return kd_people_count(people);
}

static struct kd_tallies
tally(const struct kd_topic *topic)
{
	return (struct kd_tallies){
	    .reviewed = count_persons(topic, KD_FACT_REVIEWED_BY),
	    .acked = count_persons(topic, KD_FACT_ACKED_BY),
	    .tested = count_persons(topic, KD_FACT_TESTED_BY)};
}

/* What a link to the topic leads to. */
static const char *
link_id(const struct kd_topic *topic)
{
	const struct kd_posting *posting = newest(topic);
	const struct kd_digest_mail *first = topic->mails->pdata[0];

	return or_empty(posting ? posting->id : first->id);
}

/* What a model wrote; what follows from facts is written anew each time. */
static GVariant *
pack_sentences(const struct kd_topic *topic)
{
	GVariantBuilder builder;

	g_variant_builder_init(&builder, G_VARIANT_TYPE(SENTENCES_TYPE));
	if (topic->failure || !g_strcmp0(topic->source, KD_FILTER_FACTS))
		return g_variant_builder_end(&builder);
	for (guint i = 0; i < topic->sentences->len; i++) {
		const struct kd_sentence *sentence = topic->sentences->pdata[i];

		g_variant_builder_add(&builder, "(ys@as)",
		    (guchar)sentence->field, sentence->text,
		    g_variant_new_strv(
			(const char *const *)sentence->cites->pdata,
			(gssize)sentence->cites->len));
	}
	return g_variant_builder_end(&builder);
}

GVariant *
kd_told_pack(const kd_digest *digest)
{
	GVariantBuilder builder;

	g_variant_builder_init(&builder, G_VARIANT_TYPE("a" TOPIC_TYPE));
	for (guint i = 0; i < digest->topics->len; i++) {
		const struct kd_topic *topic = digest->topics->pdata[i];
		const struct kd_tallies tallies = tally(topic);

		g_variant_builder_add(&builder, TOPIC_FORMAT, topic->id,
		    or_empty(topic->title), link_id(topic), version_of(topic),
		    or_empty(topic->state), tallies.reviewed, tallies.acked,
		    tallies.tested, (guchar)topic->waiting.role,
		    topic->waiting.since, or_empty(topic->waiting.name),
		    pack_sentences(topic));
	}
	return g_variant_new(
	    "(xa" TOPIC_TYPE ")", digest->window.until, &builder);
}

static void
unpack_sentences(struct kd_told *told, GVariant *list)
{
	GVariantIter at;
	guchar field;
	const char *text;
	GVariant *cites;

	g_variant_iter_init(&at, list);
	while (g_variant_iter_next(&at, "(y&s@as)", &field, &text, &cites)) {
		g_autofree const char **ids = g_variant_get_strv(cites, NULL);
		struct kd_sentence *sentence = kd_sentence_new();

		sentence->field = MIN(field, KD_FIELD_OPEN);
		sentence->text = g_strdup(text);
		for (const char **id = ids; *id; id++)
			g_ptr_array_add(sentence->cites, g_strdup(*id));
		g_ptr_array_add(told->sentences, sentence);
		g_variant_unref(cites);
	}
}

GPtrArray *
kd_told_unpack(GVariant *variant, const char *week)
{
	GPtrArray *all =
	    g_ptr_array_new_with_free_func((GDestroyNotify)kd_told_free);
	g_autoptr(GVariant) topics = g_variant_get_child_value(variant, 1);
	gint64 until;
	GVariantIter at;
	GVariant *entry;

	g_variant_get_child(variant, 0, "x", &until);
	g_variant_iter_init(&at, topics);
	while ((entry = g_variant_iter_next_value(&at))) {
		struct kd_told *told = kd_told_new();
		g_autoptr(GVariant) sentences = NULL;
		guchar role;

		g_variant_get(entry, TOPIC_FORMAT, &told->topic, &told->title,
		    &told->id, &told->version, &told->state,
		    &told->tallies.reviewed, &told->tallies.acked,
		    &told->tallies.tested, &role, &told->waiting.since,
		    &told->waiting.name, &sentences);
		told->waiting.role =
		    role > KD_ROLE_REVIEWER ? KD_ROLE_NONE : role;
		told->week = g_strdup(week);
		told->until = until;
		unpack_sentences(told, sentences);
		g_ptr_array_add(all, told);
		g_variant_unref(entry);
	}
	return all;
}

static void
add_words(GString *line, const char *words)
{
	g_string_append_printf(line, "%s%s", line->len ? "，" : "", words);
}

static void
add_change(GString *line, const char *mark, const char *before, const char *now)
{
	g_autofree char *change = NULL;

	if (!*now || !strcmp(before, now))
		return;
	change = *before
		     ? g_strdup_printf("%s%s → %s%s", mark, before, mark, now)
		     : g_strdup_printf("%s%s", mark, now);
	add_words(line, change);
}

static void
add_tally(GString *line, const char *trailer, guint before, guint now)
{
	g_autofree char *change =
	    g_strdup_printf("%s %u → %u 人", trailer, before, now);

	if (before != now)
		add_words(line, change);
}

char *
kd_told_waiting(const struct kd_told *told)
{
	const struct kd_waiting *waiting = &told->waiting;

	switch (waiting->role) {
	case KD_ROLE_AUTHOR:
		return g_strconcat("作者 ", or_empty(waiting->name), NULL);
	case KD_ROLE_MAINTAINER:
		return g_strdup("维护者");
	case KD_ROLE_REVIEWER:
		return g_strdup("评审者");
	case KD_ROLE_NONE:
		break;
	}
	return g_strdup("");
}

/* A state that was lost is a change; none as before is none. */
static void
add_state(GString *line, const char *before, const char *now)
{
	if (strcmp(before, now))
		add_change(line, "", before, *now ? now : "无可证实的状态");
}

char *
kd_told_compare(const struct kd_topic *topic)
{
	const struct kd_told *told = topic->told;
	const struct kd_tallies now = tally(topic);
	GString *line = g_string_new(NULL);

	if (!told)
		return g_string_free(line, FALSE);
	add_change(line, "v", told->version, version_of(topic));
	add_state(line, or_empty(told->state), or_empty(topic->state));
	add_tally(line, "Reviewed-by", told->tallies.reviewed, now.reviewed);
	add_tally(line, "Acked-by", told->tallies.acked, now.acked);
	add_tally(line, "Tested-by", told->tallies.tested, now.tested);
	return g_string_free(line, FALSE);
}
