#include "config.h"

#include <string.h>

#include <jansson.h>

#include "auto.h"
#include "error.h"
#include "llm-ask.h"
#include "llm-plan.h"
#include "llm-request.h"
#include "llm-source.h"
#include "llm-text.h"

#define REPLANS	  2  /* after a server said that a request is too long */
#define LEVELS	  6  /* of joining summaries of parts */
#define FRAME	  60 /* tokens of what templates put around messages */
#define ASK_MS	  10000
#define PART_ROOM 8 /* digits of numbers in places */

/* A topic on its way through one profile. */
struct topic {
	kd_llm_session *session;
	kd_llm_profile *profile;
	const json_t *brief;
	char *terms;	   /* owned */
	kd_llm_plan *plan; /* owned */
	gsize budget;	   /* tokens for data */
	gint64 limit;	   /* as kd_llm_ask() sets it */
	gint64 tokens;	   /* of all requests, when only planning */
	guint planned;	   /* requests that would be sent */
};

/* The tokens that are left for a topic's text. */
static gsize
budget_of(const struct topic *topic)
{
	const kd_llm_prompt *prompt = topic->session->prompt;
	const struct kd_llm_shape *shape = &topic->profile->shape;
	gsize section = MAX(kd_llm_tokens_most(prompt->whole),
	    MAX(kd_llm_tokens_most(prompt->part),
		kd_llm_tokens_most(prompt->join)));
	gsize taken = kd_llm_tokens_most(prompt->system) + section +
		      kd_llm_tokens_most(topic->terms) + FRAME + PART_ROOM +
		      shape->max_output;

	return shape->context > taken ? shape->context - taken : 0;
}

/* {"data": [{"id", "max_model_len" or "meta": {"n_ctx"}}]}, or 0. */
static guint
read_context(const json_t *root, const char *model)
{
	const json_t *list = json_object_get(root, "data");
	gint64 found = 0;

	for (gsize i = 0; i < json_array_size(list); i++) {
		const json_t *item = json_array_get(list, i);
		const char *id = json_string_value(json_object_get(item, "id"));
		gint64 size =
		    json_integer_value(json_object_get(item, "max_model_len"));

		if (size <= 0)
			size = json_integer_value(json_object_get(
			    json_object_get(item, "meta"), "n_ctx"));
		if (size > 0 && (i == 0 || !g_strcmp0(id, model)))
			found = size;
	}
	return found > 0 && found < G_MAXINT32 ? (guint)found : 0;
}

/* What the run has learnt of the server, so that the plan is right at once. */
static void
recall(const struct topic *topic)
{
	g_autofree char *line =
	    kd_llm_run_recall(topic->session->run, topic->profile->conf->name);

	if (line)
		kd_llm_shape_parse(&topic->profile->shape, line);
}

/* What the server says of its context, where it is worth asking. */
static void
ask_context(struct topic *topic)
{
	kd_llm_profile *profile = topic->profile;
	struct kd_llm_outcome outcome = {0};
	g_autofree char *url = NULL;
	guint context;

	if (profile->conf->context || !profile->dialect->ask_context ||
	    topic->session->plan)
		return;
	url = kd_llm_url(profile->conf->base_url, "models");
	topic->session->send(profile, url, NULL, ASK_MS, &outcome);
	if (outcome.transport == KD_LLM_SENT && outcome.status == 200 &&
	    outcome.body) {
		g_autoptr(json_t) root = json_loads(outcome.body, 0, NULL);

		context = read_context(root, profile->conf->model);
		if (context)
			profile->shape.context = context;
	}
	kd_llm_outcome_clear(&outcome);
}

/* What is asked: a section of the prompt with its places filled. */
static char *
make_user(const struct topic *topic, const char *section, const char *body,
    guint part, guint parts)
{
	g_autofree char *data = kd_llm_plan_mark(topic->plan->head, body);
	const struct kd_llm_places places = {
	    .data = data, .terms = topic->terms, .part = part, .parts = parts};

	return kd_llm_prompt_fill(section, &places);
}

static json_t *
ask(struct topic *topic, const char *section, const char *user, GError **error)
{
	topic->planned++;
	topic->tokens +=
	    (gint64)(kd_llm_tokens_most(user) +
		     kd_llm_tokens_most(topic->session->prompt->system));
	if (topic->session->plan) {
		/* What is to be joined is not known yet. */
		if (topic->session->dump &&
		    section != topic->session->prompt->join)
			kd_llm_dump(topic->session, topic->profile, user);
		return json_array();
	}
	return kd_llm_ask(
	    topic->session, topic->profile, user, &topic->limit, error);
}

/* All that decides the answer to a part, but for what servers refuse. */
static char *
key_of(const struct topic *topic, const char *user)
{
	g_autoptr(GChecksum) sum = g_checksum_new(G_CHECKSUM_SHA256);
	const char *system = topic->session->prompt->system;

	kd_conf_profile_identify(topic->profile->conf, sum);
	g_checksum_update(
	    sum, (const guchar *)system, (gssize)strlen(system) + 1);
	g_checksum_update(sum, (const guchar *)user, (gssize)strlen(user));
	return g_strdup(g_checksum_get_string(sum));
}

/*
 * The same for one of several requests: its answer is kept by itself, so that
 * a topic which fails half way is not paid for twice.
 */
static json_t *
ask_one_of(struct topic *topic, const char *section, const char *body,
    guint part, guint parts, GError **error)
{
	kd_llm_session *session = topic->session;
	g_autofree char *user = make_user(topic, section, body, part, parts);
	g_autofree char *key = key_of(topic, user);
	json_t *sentences = kd_llm_run_find(session->run, key);
	struct kd_llm_tally before = session->tally;
	g_autoptr(json_t) answer = NULL;

	if (sentences)
		return sentences;
	sentences = ask(topic, section, user, error);
	if (!sentences || session->plan)
		return sentences;
	answer = json_pack("{s:O, s:O, s:o}", "topic",
	    json_object_get(json_object_get(topic->brief, "topic"), "id"),
	    "sentences", sentences, "source",
	    kd_llm_source_new(session, topic->profile, &before));
	if (answer)
		kd_llm_run_keep(session->run, key, answer);
	return sentences;
}

/* As many notes from *next on as one request takes, at least two. */
static char *
gather(const GPtrArray *notes, guint *next, gsize room)
{
	GString *body = g_string_new(NULL);
	gsize used = 0;
	guint first = *next;

	while (*next < notes->len) {
		const char *text = notes->pdata[*next];
		gsize tokens = kd_llm_tokens_most(text) + 10;

		if (used + tokens > room && *next >= first + 2)
			break;
		g_string_append_printf(
		    body, "第 %u 部分的摘要：\n%s\n", *next + 1, text);
		used += tokens;
		++*next;
	}
	return g_string_free(body, FALSE);
}

/* One level: notes become fewer, *last the sentences when one is left. */
static GPtrArray *
join_once(
    struct topic *topic, const GPtrArray *notes, json_t **last, GError **error)
{
	g_autoptr(GPtrArray) fewer = g_ptr_array_new_with_free_func(g_free);
	gsize head = kd_llm_tokens_most(topic->plan->head) + 80;
	gsize room = topic->budget > head ? topic->budget - head : 0;

	for (guint next = 0; next < notes->len;) {
		g_autofree char *body = gather(notes, &next, room);
		g_autoptr(json_t) sentences = ask_one_of(topic,
		    topic->session->prompt->join, body, 0, notes->len, error);

		if (!sentences)
			return NULL;
		g_ptr_array_add(fewer, kd_llm_plan_note(sentences));
		json_decref(*last);
		*last = g_steal_pointer(&sentences);
	}
	return g_steal_pointer(&fewer);
}

static json_t *
join(struct topic *topic, GPtrArray *notes, GError **error)
{
	g_autoptr(GPtrArray) left = g_ptr_array_ref(notes);
	g_autoptr(json_t) last = NULL;

	for (guint level = 0; level < LEVELS; level++) {
		json_t *sentences = g_steal_pointer(&last);
		GPtrArray *fewer = join_once(topic, left, &sentences, error);

		last = sentences;
		if (!fewer)
			return NULL;
		g_ptr_array_unref(left);
		left = fewer;
		if (left->len == 1)
			return g_steal_pointer(&last);
	}
	g_set_error(error, KD_ERROR, KD_ERROR_SERVICE,
	    "%s: %u summaries of parts do not fit into its context",
	    topic->profile->conf->name, left->len);
	return NULL;
}

/* Each part by itself, then their summaries together. */
static json_t *
ask_parts(struct topic *topic, GError **error)
{
	const kd_llm_prompt *prompt = topic->session->prompt;
	const GPtrArray *parts = topic->plan->parts;
	g_autoptr(GPtrArray) notes = g_ptr_array_new_with_free_func(g_free);

	if (parts->len == 1) {
		g_autofree char *user =
		    make_user(topic, prompt->whole, parts->pdata[0], 1, 1);

		return ask(topic, prompt->whole, user, error);
	}
	for (guint i = 0; i < parts->len; i++) {
		g_autoptr(json_t) sentences = ask_one_of(topic, prompt->part,
		    parts->pdata[i], i + 1, parts->len, error);

		if (!sentences)
			return NULL;
		g_ptr_array_add(notes, kd_llm_plan_note(sentences));
	}
	return join(topic, notes, error);
}

/* A smaller context than thought, by what the server says or by half. */
static void
shrink(struct topic *topic)
{
	struct kd_llm_shape *shape = &topic->profile->shape;
	guint said = topic->limit > 0 && topic->limit < G_MAXINT32
			 ? (guint)topic->limit
			 : shape->context;
	g_autofree char *line = NULL;

	/* The estimate was too low: keep a fifth in hand. */
	shape->context = said < shape->context
			     ? said / 5 * 4 + shape->max_output / 5
			 : topic->limit > 0 ? shape->context / 5 * 4
					    : shape->context / 2;
	line = kd_llm_shape_print(shape);
	kd_llm_run_remember(
	    topic->session->run, topic->profile->conf->name, line);
	g_ptr_array_add(topic->session->notes,
	    g_strdup_printf("%s: context: now %u tokens",
		topic->profile->conf->name, shape->context));
}

static json_t *
ask_profile(struct topic *topic, GError **error)
{
	json_t *sentences = NULL;

	for (guint i = 0; i <= REPLANS && !sentences; i++) {
		if (i > 0) {
			shrink(topic);
			g_clear_error(error);
		}
		topic->limit = -1;
		topic->tokens = topic->planned = 0;
		g_clear_pointer(&topic->plan, kd_llm_plan_free);
		topic->budget = budget_of(topic);
		topic->plan =
		    kd_llm_plan_new(topic->brief, topic->budget, error);
		if (!topic->plan)
			return NULL;
		sentences = ask_parts(topic, error);
		if (!sentences && topic->limit < 0)
			return NULL;
	}
	return sentences;
}

/* What its parts were, and what it would take. */
static json_t *
source_of(const struct topic *topic)
{
	const struct kd_conf_profile *conf = topic->profile->conf;
	const struct kd_llm_tally none = {0};
	json_t *source =
	    kd_llm_source_new(topic->session, topic->profile, &none);

	json_object_set_new(
	    source, "parts", json_integer(topic->plan->parts->len));
	json_object_set_new(
	    source, "omitted", json_integer((json_int_t)topic->plan->omitted));
	if (topic->session->plan)
		json_object_set_new(source, "plan",
		    json_pack("{s:I, s:I, s:o}", "requests",
			(json_int_t)topic->planned, "tokens",
			(json_int_t)topic->tokens, "micro",
			kd_llm_source_number(kd_llm_cost(conf, topic->tokens, 0,
			    (gint64)topic->planned * conf->max_output))));
	return source;
}

json_t *
kd_llm_summarise(kd_llm_session *session, const json_t *brief, GError **error)
{
	g_autofree char *terms = kd_llm_plan_terms(brief);
	json_t *summary = NULL;

	for (guint i = 0; i < session->profiles->len && !summary; i++) {
		struct topic topic = {.session = session,
		    .profile = session->profiles->pdata[i],
		    .brief = brief,
		    .terms = terms};
		json_t *sentences;

		if (error && *error)
			g_ptr_array_add(
			    session->notes, g_strdup((*error)->message));
		g_clear_error(error);
		recall(&topic);
		ask_context(&topic);
		sentences = ask_profile(&topic, error);
		if (sentences)
			summary = json_pack("{s:o, s:o}", "sentences",
			    sentences, "source", source_of(&topic));
		g_clear_pointer(&topic.plan, kd_llm_plan_free);
	}
	return summary;
}
