#include "config.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "llm-retry.h"

#define SECOND	   ((gint64)G_USEC_PER_SEC)
#define FIRST_WAIT (SECOND / 2)
#define MAX_WAIT   (60 * SECOND)
#define JITTER	   0.25 /* of a wait, taken off by chance */
#define FOREVER	   1e9	/* seconds; what is more is not meant */

/* How often a request is made in all, by its fault. */
static const guint most[KD_LLM_FAULTS] = {[KD_LLM_UNREACHED] = 2,
    [KD_LLM_SLOW] = 2,
    [KD_LLM_BROKEN] = 3,
    [KD_LLM_BUSY] = 5,
    [KD_LLM_ODD] = 2};

void
kd_llm_outcome_clear(struct kd_llm_outcome *outcome)
{
	g_clear_pointer(&outcome->answer, kd_llm_answer_free);
	g_clear_pointer(&outcome->reason, g_free);
	g_clear_pointer(&outcome->body, g_free);
}

void
kd_llm_retry_clear(struct kd_llm_retry *retry)
{
	g_clear_pointer(&retry->last, g_free);
}

static gboolean
has_word(const char *text, const char *const *words)
{
	for (; text && *words; words++)
		if (strstr(text, *words))
			return TRUE;
	return FALSE;
}

/* A 429, 402 or 403 that waiting does not cure: the money is gone. */
static gboolean
is_billing(const struct kd_llm_answer *answer)
{
	static const char *const codes[] = {"insufficient_quota", "1113",
	    "1304", "1308", "1309", "1310", "Arrearage", "billing", NULL};
	static const char *const words[] = {
	    "余额", "欠费", "quota", "balance", "billing", "Arrearage", NULL};

	return answer && (has_word(answer->code, codes) ||
			     has_word(answer->message, words));
}

static gboolean
is_overflow(const struct kd_llm_answer *answer)
{
	static const char *const codes[] = {"context_length_exceeded",
	    "exceed_context_size_error", "1261", NULL};
	static const char *const words[] = {"maximum context length",
	    "exceeded model token limit", "Range of input length",
	    "exceeds the available context", "context size", "context length",
	    "context window", "prompt is too long", NULL};

	return answer && (has_word(answer->code, codes) ||
			     has_word(answer->message, words));
}

static gboolean
is_censored(const struct kd_llm_answer *answer)
{
	static const char *const codes[] = {"content_filter", "1301",
	    "data_inspection_failed", "DataInspectionFailed",
	    "content_policy_violation", NULL};

	return answer && has_word(answer->code, codes);
}

/* A status of 4xx that is not about time. */
static enum kd_llm_fault
judge_refusal(const struct kd_llm_outcome *outcome)
{
	if (is_censored(outcome->answer))
		return KD_LLM_CENSORED;
	if (outcome->status == 413 || is_overflow(outcome->answer))
		return KD_LLM_OVERFLOW;
	if (is_billing(outcome->answer))
		return KD_LLM_PERMANENT;
	return outcome->status == 400 || outcome->status == 422
		   ? KD_LLM_PARAM
		   : KD_LLM_PERMANENT;
}

static enum kd_llm_fault
judge_status(const struct kd_llm_outcome *outcome)
{
	guint status = outcome->status;

	if (status >= 200 && status < 300)
		return KD_LLM_OK;
	if (status == 429 && is_billing(outcome->answer))
		return KD_LLM_PERMANENT;
	if (outcome->should_retry == 1)
		return KD_LLM_BUSY;
	if (outcome->should_retry == 0 && status >= 500)
		return KD_LLM_PERMANENT;
	if (status == 408 || status == 409 || status == 425 || status == 429 ||
	    status >= 500)
		return KD_LLM_BUSY;
	if (status >= 400)
		return judge_refusal(outcome);
	/* A redirect: the key does not go anywhere else. */
	return KD_LLM_PERMANENT;
}

static enum kd_llm_fault
judge_answer(const struct kd_llm_answer *answer)
{
	const char *finish = answer->finish;

	if (is_censored(answer) || answer->refused ||
	    !g_strcmp0(finish, "content_filter") ||
	    !g_strcmp0(finish, "sensitive"))
		return KD_LLM_CENSORED;
	/* An error in the midst of a stream has a code and no status. */
	if (answer->message && is_overflow(answer))
		return KD_LLM_OVERFLOW;
	if (answer->message && is_billing(answer))
		return KD_LLM_PERMANENT;
	if (!answer->whole)
		return KD_LLM_BROKEN;
	if (!g_strcmp0(finish, "length"))
		return KD_LLM_LENGTH;
	if (!g_strcmp0(finish, "insufficient_system_resource"))
		return KD_LLM_BUSY;
	return g_strcmp0(finish, "stop") ? KD_LLM_ODD : KD_LLM_OK;
}

enum kd_llm_fault
kd_llm_outcome_judge(const struct kd_llm_outcome *outcome)
{
	enum kd_llm_fault fault;

	switch (outcome->transport) {
	case KD_LLM_CONNECT:
		return KD_LLM_UNREACHED;
	case KD_LLM_TIMEOUT:
		return KD_LLM_SLOW;
	case KD_LLM_CUT:
		return KD_LLM_BROKEN;
	case KD_LLM_TLS:
	case KD_LLM_TOO_LONG:
	case KD_LLM_OTHER:
		return KD_LLM_PERMANENT;
	case KD_LLM_SENT:
		break;
	}
	fault = judge_status(outcome);
	return fault == KD_LLM_OK ? judge_answer(outcome->answer) : fault;
}

char *
kd_llm_outcome_describe(const struct kd_llm_outcome *outcome)
{
	const struct kd_llm_answer *answer = outcome->answer;
	GString *text;

	if (outcome->transport != KD_LLM_SENT)
		return g_strdup(
		    outcome->reason ? outcome->reason : "no answer");
	text = g_string_new(NULL);
	g_string_printf(text, "status %u", outcome->status);
	if (answer && answer->code)
		g_string_append_printf(text, " (%s)", answer->code);
	if (answer && answer->message)
		g_string_append_printf(text, ": %s", answer->message);
	else if (outcome->status >= 300 && outcome->status < 400)
		g_string_append(text, ": a redirect, which is not followed");
	else if (answer && answer->refused)
		g_string_append(text, ": the model refuses");
	else if (answer && !answer->whole)
		g_string_append(text, ": the answer is not whole");
	else if (answer)
		g_string_append_printf(text, ": finish_reason %s",
		    answer->finish ? answer->finish : "missing");
	return g_string_free(text, FALSE);
}

/* By status, what there is no use in asking again after. */
static const char *
advise_permanent(guint status)
{
	switch (status) {
	case 401:
	case 403:
		return "mend the key, see api_key_file";
	case 402:
	case 429:
		return "the account has nothing left, see its vendor's page";
	case 404:
		return "mend base_url, which usually ends in /v1, GLM's in "
		       "/api/paas/v4, or model";
	default:
		return status >= 300 && status < 400
			   ? "base_url must be where that leads"
			   : "";
	}
}

const char *
kd_llm_outcome_advise(const struct kd_llm_outcome *outcome)
{
	enum kd_llm_fault fault = kd_llm_outcome_judge(outcome);

	if (outcome->transport == KD_LLM_TLS)
		return "see ca_file";
	switch (fault) {
	case KD_LLM_UNREACHED:
		return "is it running, and base_url right?";
	case KD_LLM_SLOW:
		return "a longer deadline may help, or a smaller model";
	case KD_LLM_BUSY:
		return "concurrency and rpm make it less";
	case KD_LLM_BROKEN:
		return "does base_url lead to an interface like OpenAI's?";
	case KD_LLM_PARAM:
		return "see dialect";
	case KD_LLM_LENGTH:
		return "raise max_output";
	case KD_LLM_OVERFLOW:
		return "the server's context is too small, see context";
	case KD_LLM_PERMANENT:
		return advise_permanent(outcome->status);
	default:
		return "";
	}
}

/* Twice the time at each try, a little less by chance. */
static gint64
back_off(guint tries, double chance)
{
	gint64 wait = FIRST_WAIT;

	for (guint i = 1; i < tries && wait < MAX_WAIT; i++)
		wait *= 2;
	wait = MIN(wait, MAX_WAIT);
	return wait - (gint64)((double)wait * JITTER * CLAMP(chance, 0, 1));
}

gboolean
kd_llm_retry_next(struct kd_llm_retry *retry,
    const struct kd_llm_outcome *outcome, enum kd_llm_fault fault, gint64 left,
    gint64 max_wait, double chance, gint64 *wait)
{
	g_autofree char *words = kd_llm_outcome_describe(outcome);
	gboolean same = outcome->transport == KD_LLM_SENT &&
			outcome->status == 500 &&
			!g_strcmp0(words, retry->last);

	retry->tries++;
	retry->seen[fault]++;
	g_free(retry->last);
	retry->last = g_steal_pointer(&words);
	if (same || retry->seen[fault] >= most[fault] ||
	    retry->tries >= most[KD_LLM_BUSY])
		return FALSE;
	*wait = back_off(retry->tries, chance);
	if (outcome->retry_after >= 0)
		*wait = MIN(outcome->retry_after, max_wait);
	return *wait < left;
}

gint64
kd_llm_retry_after(const char *value, gint64 now)
{
	g_autoptr(GDateTime) date = NULL;
	static const char months[] = "JanFebMarAprMayJunJulAugSepOctNovDec";
	char month[4] = "", *end;
	int day, year, hour, minute, second;
	const char *found;
	double seconds;

	value += strspn(value, " \t");
	if (g_ascii_isdigit(*value)) {
		seconds = g_ascii_strtod(value, &end);
		if (end[strspn(end, " \t\r\n")] || !isfinite(seconds))
			return -1;
		return (gint64)(MIN(seconds, FOREVER) * (double)SECOND);
	}
	/* RFC 9110, section 5.6.7: "Sun, 06 Nov 1994 08:49:37 GMT". */
	if (sscanf(value, "%*3[A-Za-z], %2d %3[A-Za-z] %4d %2d:%2d:%2d GMT",
		&day, month, &year, &hour, &minute, &second) != 6)
		return -1;
	found = strlen(month) == 3 ? strstr(months, month) : NULL;
	if (!found || (found - months) % 3)
		return -1;
	date = g_date_time_new_utc(
	    year, (int)(found - months) / 3 + 1, day, hour, minute, second);
	if (!date || g_date_time_to_unix(date) * SECOND < now)
		return -1;
	return g_date_time_to_unix(date) * SECOND - now;
}
