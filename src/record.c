#include "config.h"

#include <string.h>

#include "record.h"

static const char *const fact_names[KD_FACT_KINDS] = {
    [KD_FACT_NONE] = "",
    [KD_FACT_REVIEWED_BY] = "reviewed-by",
    [KD_FACT_ACKED_BY] = "acked-by",
    [KD_FACT_TESTED_BY] = "tested-by",
    [KD_FACT_NACKED_BY] = "nacked-by",
    [KD_FACT_REPORTED_BY] = "reported-by",
    [KD_FACT_SUGGESTED_BY] = "suggested-by",
    [KD_FACT_APPLIED] = "applied",
    [KD_FACT_APPLIED_PARTLY] = "applied-partly",
    [KD_FACT_APPLIED_PATCH] = "applied-patch",
    [KD_FACT_APPLIED_COMMIT] = "applied-commit",
    [KD_FACT_PARTS] = "parts",
    [KD_FACT_BUILD_CONFIG] = "build-config",
    [KD_FACT_SYZBOT_ID] = "syzbot-id",
    [KD_FACT_REPRODUCER] = "reproducer",
    [KD_FACT_MENTION] = "mention",
    [KD_FACT_PAYLOAD] = "payload",
    [KD_FACT_CITED] = "cited",
    [KD_FACT_UPSTREAM] = "upstream",
    [KD_FACT_PULL_REQUEST] = "pull-request",
    [KD_FACT_PULLED] = "pulled",
    [KD_FACT_BUILD_FAILED] = "build-failed",
    [KD_FACT_SYZBOT] = "syzbot",
    [KD_FACT_FIXES] = "fixes",
    [KD_FACT_CLOSES] = "closes",
    [KD_FACT_LINK] = "link",
    [KD_FACT_CHANGE_ID] = "change-id",
    [KD_FACT_BASE_COMMIT] = "base-commit",
    [KD_FACT_PREVIOUS_VERSION] = "previous-version",
    [KD_FACT_QUESTION] = "question",
    [KD_FACT_OBJECTION] = "objection",
    [KD_FACT_WITHDRAWN] = "withdrawn",
    [KD_FACT_BISECTED] = "bisected",
    [KD_FACT_SYZ_COMMAND] = "syz-command",
    [KD_FACT_REGZBOT] = "regzbot",
    [KD_FACT_CHANGE] = "change",
    [KD_FACT_BUILD_WARNED] = "build-warned",
};

static const char *const flag_names[] = {"list", "robot", "patch", "html",
    "charset", "clipped", "unparsed", "no-id", "no-date", "backfill",
    "malformed", "posted", "id-conflict", "truncated"};

const char *
kd_mail_flag_name(guint32 flag)
{
	for (guint bit = 0; bit < G_N_ELEMENTS(flag_names); bit++)
		if (flag == 1u << bit)
			return flag_names[bit];
	return "";
}

const char *
kd_fact_name(enum kd_fact_kind kind)
{
	return fact_names[kind];
}

int
kd_record_compare(const kd_record *a, const kd_record *b)
{
	int order;

	if (a->date != b->date)
		return a->date < b->date ? -1 : 1;
	order = strcmp(a->id, b->id);
	if (order)
		return order;
	if (a->body_hash != b->body_hash)
		return a->body_hash < b->body_hash ? -1 : 1;
	return (a->number > b->number) - (a->number < b->number);
}

gboolean
kd_fact_wants_answer(enum kd_fact_kind kind)
{
	return kind == KD_FACT_QUESTION || kind == KD_FACT_OBJECTION ||
	       kind == KD_FACT_NACKED_BY;
}

enum kd_fact_kind
kd_fact_kind(const char *name)
{
	for (int kind = KD_FACT_NONE + 1; kind < KD_FACT_KINDS; kind++)
		if (!strcmp(fact_names[kind], name))
			return (enum kd_fact_kind)kind;
	return KD_FACT_NONE;
}

void
kd_record_free(kd_record *record)
{
	g_free(record);
}
