#include "config.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "auto.h"
#include "cli.h"
#include "error.h"
#include "llm-ask.h"
#include "llm-reply.h"
#include "llm-request.h"
#include "llm-text.h"

#define CHANGES_MAX  8	  /* of how one request is asked */
#define FAILURES_MAX 3	  /* refusals in a row, then a server is left alone */
#define SHOWN_MAX    8000 /* bytes of a bad answer that is shown again */
#define MILLION	     1000000.0

/* One request, as it is asked and asked again. */
struct query {
	kd_llm_session *session;
	kd_llm_profile *profile;
	const char *user;
	json_t *messages; /* owned */
	struct kd_llm_retry retry;
	guint max_output, changes;
	gboolean repaired, doubled;
	gint64 *limit;
};

/* What to do next. */
enum step {
	STEP_DONE,
	STEP_AGAIN,
	STEP_FAIL
};

void
kd_llm_session_init(kd_llm_session *session)
{
	struct kd_llm_tally *tally = &session->tally;

	session->notes = g_ptr_array_new_with_free_func(g_free);
	tally->prompt = tally->completion = tally->cached = -1;
	tally->reasoning = tally->cost = -1;
}

void
kd_llm_session_clear(kd_llm_session *session)
{
	g_clear_pointer(&session->notes, g_ptr_array_unref);
	g_clear_pointer(&session->tally.model, g_free);
	g_clear_pointer(&session->tally.finish, g_free);
}

static void note(kd_llm_session *session, const kd_llm_profile *profile,
    const char *format, ...) G_GNUC_PRINTF(3, 4);

static void
note(kd_llm_session *session, const kd_llm_profile *profile, const char *format,
    ...)
{
	g_autofree char *text = NULL;
	va_list args;

	va_start(args, format);
	text = g_strdup_vprintf(format, args);
	va_end(args);
	g_ptr_array_add(session->notes,
	    g_strdup_printf("%s: %s", profile->conf->name, text));
}

static gint64
now(const kd_llm_session *session)
{
	return session->clock->now(session->clock->data);
}

static void
add(gint64 *sum, gint64 number)
{
	if (number >= 0)
		*sum = MAX(*sum, 0) + number;
}

/* What an answer cost, where nothing is said by what it must have been. */
static gint64
account(
    struct query *query, const char *body, const struct kd_llm_answer *answer)
{
	kd_llm_session *session = query->session;
	struct kd_llm_tally *tally = &session->tally;
	gint64 prompt = answer->prompt, completion = answer->completion;
	gint64 cost;

	add(&tally->prompt, prompt);
	add(&tally->completion, completion);
	add(&tally->cached, answer->cached);
	add(&tally->reasoning, answer->reasoning);
	if (prompt < 0)
		prompt = (gint64)kd_llm_tokens_most(body);
	if (completion < 0)
		completion =
		    answer->text ? (gint64)kd_llm_tokens_most(answer->text) : 0;
	cost = kd_llm_cost(
	    query->profile->conf, prompt, answer->cached, completion);
	add(&tally->cost, cost);
	kd_llm_run_spend(session->run, cost);
	if (answer->model && *answer->model) {
		g_free(tally->model);
		tally->model = g_strdup(answer->model);
	}
	g_free(tally->finish);
	tally->finish = g_strdup(answer->finish);
	return cost;
}

/* A request that was sent, whatever came of it. */
static void
enter(struct query *query, const char *body, const struct kd_llm_answer *answer)
{
	struct kd_llm_entry entry = {-1, -1, -1, -1, NULL};

	if (answer) {
		entry.prompt = answer->prompt;
		entry.completion = answer->completion;
		entry.cached = answer->cached;
		entry.micro = account(query, body, answer);
		entry.currency = query->profile->conf->price_currency;
	}
	kd_llm_run_account(query->session->run, &entry);
}

/* What another process of the run has learnt, if anything. */
static void
recall(const struct query *query)
{
	g_autofree char *line =
	    kd_llm_run_recall(query->session->run, query->profile->conf->name);

	if (line)
		kd_llm_shape_parse(&query->profile->shape, line);
}

static void
remember(const struct query *query)
{
	g_autofree char *line = kd_llm_shape_print(&query->profile->shape);

	kd_llm_run_remember(
	    query->session->run, query->profile->conf->name, line);
}

static gboolean
may_send(struct query *query, GError **error)
{
	kd_llm_session *session = query->session;
	const struct kd_conf_profile *conf = query->profile->conf;
	const char *cap = session->conf->llm_max_cost;

	if (kd_llm_run_failures(session->run, conf->name) >= FAILURES_MAX) {
		g_set_error(error, KD_ERROR, KD_ERROR_SERVICE,
		    "%s: not asked: it has refused %d requests in a row",
		    conf->name, FAILURES_MAX);
		return FALSE;
	}
	if (cap && (double)kd_llm_run_spend(session->run, 0) >=
		       g_ascii_strtod(cap, NULL) * MILLION) {
		g_set_error(error, KD_ERROR, KD_ERROR_SERVICE,
		    "%s: not asked: max_cost %s is spent", conf->name, cap);
		return FALSE;
	}
	return TRUE;
}

/* DIR/000123abcdef-1-local.json; a dump that fails is a note. */
static void
dump(struct query *query, const char *body)
{
	kd_llm_session *session = query->session;
	g_autofree char *hash =
	    g_compute_checksum_for_string(G_CHECKSUM_SHA256, body, -1);
	g_autofree char *name = g_strdup_printf("%.12s-%u-%s.json", hash,
	    ++session->dumped, query->profile->conf->name);
	g_autofree char *path = g_build_filename(session->dump, name, NULL);
	g_autoptr(GError) error = NULL;

	if (!kd_cli_write_file(path, body, strlen(body), &error))
		note(session, query->profile, "%s", error->message);
}

static char *
make_body(const struct query *query)
{
	struct kd_llm_shape shape = query->profile->shape;
	g_autoptr(json_t) request = NULL;
	char *dumped, *body;

	shape.max_output = query->max_output;
	request =
	    kd_llm_request_new(query->profile->conf, query->profile->dialect,
		&shape, query->messages, query->profile->extra);
	dumped = json_dumps(request, JSON_COMPACT);
	body = g_strdup(dumped ? dumped : "{}");
	free(dumped);
	return body;
}

/* Send the request once; FALSE sets error when it could not be begun. */
static gboolean
send_once(struct query *query, struct kd_llm_outcome *outcome, GError **error)
{
	kd_llm_session *session = query->session;
	kd_llm_profile *profile = query->profile;
	g_autofree char *url =
	    kd_llm_url(profile->conf->base_url, "chat/completions");
	g_autofree char *body = NULL;
	gint64 begun, left;

	if (!may_send(query, error))
		return FALSE;
	if (!kd_llm_run_enter(session->run, profile->conf, session->end)) {
		g_set_error(error, KD_ERROR, KD_ERROR_TEMP,
		    "%s: not asked: no turn before the deadline",
		    profile->conf->name);
		return FALSE;
	}
	/* Others may have been refused while we waited. */
	if (!may_send(query, error)) {
		kd_llm_run_leave(session->run, FALSE);
		return FALSE;
	}
	body = make_body(query);
	if (session->dump)
		dump(query, body);
	begun = now(session);
	left = MIN(session->end - begun,
	    (gint64)profile->conf->deadline * G_USEC_PER_SEC);
	session->tally.requests++;
	session->tally.attempts++;
	session->send(profile, url, body, left / 1000, outcome);
	session->tally.latency += now(session) - begun;
	kd_llm_run_leave(session->run, outcome->transport == KD_LLM_SENT);
	enter(query, body,
	    outcome->transport == KD_LLM_SENT ? outcome->answer : NULL);
	return TRUE;
}

/* Ask again with the bad answer shown, so that the model can mend it. */
static void
repair(struct query *query, const char *content)
{
	g_autofree char *shown = NULL;
	gsize length = strlen(content);

	query->repaired = TRUE;
	if (!*content)
		return;
	if (length > SHOWN_MAX)
		length = SHOWN_MAX;
	while (length > 0 && ((guchar)content[length] & 0xc0) == 0x80)
		length--;
	shown = g_strndup(content, length);
	json_array_append_new(query->messages,
	    json_pack("{s:s, s:s}", "role", "assistant", "content", shown));
	json_array_append_new(
	    query->messages, json_pack("{s:s, s:s}", "role", "user", "content",
				 query->session->prompt->repair));
}

static void
reset_messages(struct query *query)
{
	json_decref(query->messages);
	query->messages =
	    kd_llm_messages(query->session->prompt->system, query->user);
	query->repaired = FALSE;
}

static gboolean
step_down(struct query *query)
{
	kd_llm_profile *profile = query->profile;

	if (++query->changes > CHANGES_MAX ||
	    !kd_llm_shape_step_down(
		&profile->shape, profile->conf, profile->dialect))
		return FALSE;
	note(query->session, profile, "response_format: one step down");
	remember(query);
	reset_messages(query);
	return TRUE;
}

/* A server that counts much less than there was has not read it all. */
static void
check_truncation(struct query *query, const struct kd_llm_answer *answer)
{
	gsize least = kd_llm_tokens_least(query->user) +
		      kd_llm_tokens_least(query->session->prompt->system);

	if (answer->prompt < 0 || answer->prompt >= (gint64)(least * 6 / 10))
		return;
	query->session->tally.cut = TRUE;
	note(query->session, query->profile,
	    "it counts %" G_GINT64_FORMAT " tokens where at least %zu were "
	    "sent: it seems to cut requests; set its context (num_ctx of "
	    "Ollama) or the profile's",
	    answer->prompt, least);
}

static enum step
take_answer(struct query *query, const struct kd_llm_answer *answer,
    json_t **sentences, GError **error)
{
	g_autoptr(GError) cause = NULL;

	*sentences = kd_llm_reply_read(answer->text, query->user, &cause);
	if (*sentences) {
		kd_llm_run_count(
		    query->session->run, query->profile->conf->name, FALSE);
		check_truncation(query, answer);
		return STEP_DONE;
	}
	note(query->session, query->profile, "answer: %s", cause->message);
	if (!query->repaired) {
		repair(query, answer->text);
		return STEP_AGAIN;
	}
	/* What is said does not get better by the form. */
	if (cause->code == KD_ERROR_DATA && step_down(query))
		return STEP_AGAIN;
	g_set_error(error, KD_ERROR, KD_ERROR_SERVICE, "%s: answer: %s",
	    query->profile->conf->name, cause->message);
	return STEP_FAIL;
}

static enum step
fail(struct query *query, const struct kd_llm_outcome *outcome,
    enum kd_error code, const char *what, GError **error)
{
	g_autofree char *words = kd_llm_outcome_describe(outcome);
	const char *advice = kd_llm_outcome_advise(outcome);

	g_set_error(error, KD_ERROR, code, "%s: %s%s%s%s%s",
	    query->profile->conf->name, what, *what ? ": " : "", words,
	    *advice ? "; " : "", advice);
	return STEP_FAIL;
}

/* The server refuses how it is asked, or for good. */
static enum step
adapt(struct query *query, const struct kd_llm_outcome *outcome,
    enum kd_llm_fault fault, GError **error)
{
	kd_llm_profile *profile = query->profile;
	const struct kd_llm_answer *answer = outcome->answer;
	g_autofree char *change = NULL;

	if (fault == KD_LLM_PARAM && answer && ++query->changes <= CHANGES_MAX)
		change = kd_llm_shape_adapt(&profile->shape, profile->conf,
		    profile->dialect, answer->code, answer->param,
		    answer->message);
	if (change) {
		note(query->session, profile, "%s", change);
		remember(query);
		return STEP_AGAIN;
	}
	kd_llm_run_count(query->session->run, profile->conf->name, TRUE);
	/* The key is the operator's to mend. */
	fail(query, outcome,
	    outcome->status == 401 || outcome->status == 403 ? KD_ERROR_CONFIG
							     : KD_ERROR_SERVICE,
	    "", error);
	if (outcome->status == 404)
		g_prefix_error(error,
		    "POST %s/chat/completions: ", profile->conf->base_url);
	return STEP_FAIL;
}

/* Wait and ask again, or give up. */
static enum step
wait(struct query *query, const struct kd_llm_outcome *outcome,
    enum kd_llm_fault fault, GError **error)
{
	kd_llm_session *session = query->session;
	const struct kd_llm_clock *clock = session->clock;
	gint64 pause = 0;

	if (kd_llm_retry_next(&query->retry, outcome, fault,
		session->end - now(session),
		(gint64)session->conf->llm_max_wait * G_USEC_PER_SEC,
		clock->chance(clock->data), &pause)) {
		clock->sleep(clock->data, pause);
		return STEP_AGAIN;
	}
	/* llama.cpp answers so when its grammar and its model disagree. */
	if (outcome->transport == KD_LLM_SENT && outcome->status == 500 &&
	    step_down(query))
		return STEP_AGAIN;
	return fail(query, outcome,
	    fault == KD_LLM_BROKEN || fault == KD_LLM_ODD ? KD_ERROR_SERVICE
							  : KD_ERROR_TEMP,
	    "", error);
}

static enum step
next_step(struct query *query, const struct kd_llm_outcome *outcome,
    json_t **sentences, GError **error)
{
	enum kd_llm_fault fault = kd_llm_outcome_judge(outcome);

	switch (fault) {
	case KD_LLM_OK:
		return take_answer(query, outcome->answer, sentences, error);
	case KD_LLM_LENGTH:
		if (query->doubled)
			return fail(query, outcome, KD_ERROR_SERVICE,
			    "the answer is cut at max_output", error);
		query->doubled = TRUE;
		query->max_output *= 2;
		return STEP_AGAIN;
	case KD_LLM_OVERFLOW:
		*query->limit = MAX(outcome->answer->limit, 0);
		return fail(query, outcome, KD_ERROR_SERVICE,
		    "the request is too long", error);
	case KD_LLM_CENSORED:
		return fail(
		    query, outcome, KD_ERROR_SERVICE, "content filter", error);
	case KD_LLM_PARAM:
	case KD_LLM_PERMANENT:
		return adapt(query, outcome, fault, error);
	default:
		return wait(query, outcome, fault, error);
	}
}

void
kd_llm_dump(kd_llm_session *session, kd_llm_profile *profile, const char *user)
{
	g_autoptr(json_t) messages =
	    kd_llm_messages(session->prompt->system, user);
	struct query query = {.session = session,
	    .profile = profile,
	    .user = user,
	    .messages = messages,
	    .max_output = profile->shape.max_output};
	g_autofree char *body = make_body(&query);

	dump(&query, body);
}

json_t *
kd_llm_ask(kd_llm_session *session, kd_llm_profile *profile, const char *user,
    gint64 *limit, GError **error)
{
	struct query query = {.session = session,
	    .profile = profile,
	    .user = user,
	    .messages = kd_llm_messages(session->prompt->system, user),
	    .max_output = profile->shape.max_output,
	    .limit = limit};
	json_t *sentences = NULL;
	enum step step = STEP_AGAIN;

	*limit = -1;
	session->tally.attempts = 0;
	recall(&query);
	while (step == STEP_AGAIN) {
		struct kd_llm_outcome outcome = {0};

		step = STEP_FAIL;
		if (send_once(&query, &outcome, error))
			step = next_step(&query, &outcome, &sentences, error);
		kd_llm_outcome_clear(&outcome);
	}
	kd_llm_retry_clear(&query.retry);
	json_decref(query.messages);
	return sentences;
}
