#include "config.h"

#include <stdio.h>
#include <string.h>
#include <syslog.h>

#include <jansson.h>

#include "auto.h"
#include "filter.h"
#include "spent.h"

#define LINES	1000000
#define LETTERS G_CSET_A_2_Z G_CSET_a_2_z

/* A number that a filter says, none if it makes no sense. */
static gint64
read_number(const json_t *entry, const char *name)
{
	gint64 number = json_integer_value(json_object_get(entry, name));

	return CLAMP(number, 0, G_MAXINT32);
}

static void
add_entry(struct kd_spent *spent, const json_t *entry)
{
	const char *currency =
	    json_string_value(json_object_get(entry, "currency"));

	spent->requests += read_number(entry, "requests");
	spent->prompt += read_number(entry, "prompt");
	spent->completion += read_number(entry, "completion");
	spent->cached += read_number(entry, "cached");
	spent->micro += read_number(entry, "micro");
	/* Letters, or it is none. */
	if (currency && currency[strspn(currency, LETTERS)] == '\0')
		g_strlcpy(spent->currency, currency, sizeof(spent->currency));
}

struct kd_spent
kd_spent_read(const char *directory)
{
	g_autofree char *path =
	    g_build_filename(directory, KD_FILTER_SPENT, NULL);
	FILE *ledger = fopen(path, "re");
	struct kd_spent spent = {0};
	char line[512];

	for (guint i = 0; ledger && i < LINES; i++) {
		g_autoptr(json_t) entry = NULL;

		if (!fgets(line, sizeof(line), ledger))
			break;
		entry = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
		add_entry(&spent, entry);
	}
	if (ledger)
		fclose(ledger);
	return spent;
}

char *
kd_spent_tell(const struct kd_spent *spent)
{
	GString *text = g_string_new(NULL);

	if (spent->requests)
		g_string_append_printf(text,
		    "%" G_GINT64_FORMAT " 次请求，输入 %" G_GINT64_FORMAT
		    " token（命中缓存 %" G_GINT64_FORMAT
		    "），输出 %" G_GINT64_FORMAT " token",
		    spent->requests, spent->prompt, spent->cached,
		    spent->completion);
	if (spent->micro)
		g_string_append_printf(text, "，费用 %.4f %s",
		    (double)spent->micro / 1e6, spent->currency);
	return g_string_free(text, FALSE);
}

void
kd_spent_log(const struct kd_spent *spent)
{
	if (!spent->requests)
		return;
	syslog(LOG_INFO,
	    "models: requests=%" G_GINT64_FORMAT " prompt=%" G_GINT64_FORMAT
	    " cached=%" G_GINT64_FORMAT " completion=%" G_GINT64_FORMAT
	    " cost=%.4f%s%s",
	    spent->requests, spent->prompt, spent->cached, spent->completion,
	    (double)spent->micro / 1e6, *spent->currency ? " " : "",
	    spent->currency);
}
