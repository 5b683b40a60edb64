#include "config.h"

#include "auto.h"
#include "llm-source.h"

json_t *
kd_llm_source_number(gint64 number)
{
	return number < 0 ? json_null() : json_integer(number);
}

/* Of two sums of which each may be unknown. */
static json_t *
since(gint64 now, gint64 before)
{
	return kd_llm_source_number(now < 0 ? -1 : now - MAX(before, 0));
}

static json_t *
strings(const GPtrArray *list)
{
	json_t *array = json_array();

	for (guint i = 0; i < list->len; i++) {
		g_autofree char *valid = g_utf8_make_valid(list->pdata[i], -1);

		json_array_append_new(array, json_string(valid));
	}
	return array;
}

json_t *
kd_llm_source_new(const kd_llm_session *session, const kd_llm_profile *profile,
    const struct kd_llm_tally *before)
{
	const struct kd_llm_tally *tally = &session->tally;
	const struct kd_conf_profile *conf = profile->conf;
	const char *model = tally->model ? tally->model : conf->model;
	json_t *source = json_pack("{s:s, s:s, s:s, s:s, s:s}", "filter",
	    "summarise-llm", "version", PACKAGE_VERSION, "profile", conf->name,
	    "model", model, "model_asked", conf->model);

	json_object_set_new(source, "finish_reason",
	    tally->finish ? json_string(tally->finish) : json_null());
	json_object_set_new(source, "usage",
	    json_pack("{s:o, s:o, s:o, s:o}", "prompt",
		since(tally->prompt, before->prompt), "completion",
		since(tally->completion, before->completion), "cached",
		since(tally->cached, before->cached), "reasoning",
		since(tally->reasoning, before->reasoning)));
	json_object_set_new(source, "requests",
	    json_integer(tally->requests - before->requests));
	json_object_set_new(source, "attempts", json_integer(tally->attempts));
	json_object_set_new(source, "latency_ms",
	    json_integer((tally->latency - before->latency) / 1000));
	json_object_set_new(source, "cost",
	    json_pack("{s:o, s:s}", "micro", since(tally->cost, before->cost),
		"currency", conf->price_currency ? conf->price_currency : ""));
	json_object_set_new(source, "cut", json_boolean(tally->cut));
	json_object_set_new(source, "notes", strings(session->notes));
	return source;
}
