#include "config.h"

#include <string.h>

#include <jansson.h>

#include "auto.h"
#include "brief.h"
#include "error.h"
#include "llm-plan.h"
#include "llm-text.h"
#include "text.h"

#define TOKENS_MIN  600 /* what a part must be able to hold */
#define MARKS	    80	/* tokens of the marks around a part */
#define COLUMNS_MAX 300 /* columns of a line of the head */
#define FACTS_MAX   400 /* that are listed */
#define TERMS_MAX   300
#define MAILS_MAX   50000

/* A mail as it is asked about. */
struct item {
	const json_t *mail;
	const char *label; /* borrowed */
	char *text;	   /* tame; "" for what was said before */
	gsize tokens;	   /* of text and header */
	guint branch;	   /* index of its mail at the first level */
};

static void
item_free(struct item *item)
{
	g_free(item->text);
	g_free(item);
}

void
kd_llm_plan_free(kd_llm_plan *plan)
{
	if (!plan)
		return;
	g_free(plan->head);
	g_clear_pointer(&plan->parts, g_ptr_array_unref);
	g_free(plan);
}

static const char *
get(const json_t *object, const char *name)
{
	const char *text = json_string_value(json_object_get(object, name));

	return text ? text : "";
}

/* A string of a mail on one line, tame. */
static char *
line_of(const char *text)
{
	g_autofree char *clean = kd_text_clean(text);
	g_autofree char *clipped = kd_text_clip(clean, COLUMNS_MAX);

	return kd_llm_text_tame(clipped);
}

static char *
person_of(const json_t *mail)
{
	const json_t *author = json_object_get(mail, "author");
	const char *name = get(author, "name");

	return line_of(*name ? name : get(author, "address"));
}

static void
add_line(GString *out, const char *what, const char *text)
{
	g_autofree char *line = line_of(text);

	if (*line)
		g_string_append_printf(out, "%s：%s\n", what, line);
}

/* What the mails say in their own words, or what only programs want. */
static gboolean
is_of_no_use(const char *kind)
{
	static const char *const kinds[] = {"question", "objection", "change",
	    "link", "base-commit", "change-id", "previous-version", "mention",
	    "payload", NULL};

	return g_strv_contains(kinds, kind);
}

/* "Ann Ek <ann@example.org>" without the address, which nobody is to see. */
static char *
name_of(const char *person)
{
	g_autofree char *name = line_of(person);
	char *address = strstr(name, " <");

	if (address && g_str_has_suffix(name, ">"))
		*address = '\0';
	return g_steal_pointer(&name);
}

/*
 * What the facts say (owned char *), each once, in their order; labels takes
 * the mails (owned GString *) that say it.
 */
static GPtrArray *
gather_facts(const json_t *facts, GHashTable *labels)
{
	GPtrArray *said = g_ptr_array_new_with_free_func(g_free);

	for (gsize i = 0; i < json_array_size(facts); i++) {
		const json_t *fact = json_array_get(facts, i);
		g_autofree char *value = name_of(get(fact, "value"));
		g_autofree char *person = name_of(get(fact, "person"));
		gboolean same = !strcmp(value, person);
		g_autofree char *what =
		    g_strdup_printf("%s：%s（%s%s", get(fact, "kind"), value,
			same ? "" : person, same ? "" : "，");
		GString *mails = g_hash_table_lookup(labels, what);

		if (is_of_no_use(get(fact, "kind")))
			continue;
		if (mails) {
			g_string_append_printf(
			    mails, "、%s", get(fact, "mail"));
			continue;
		}
		mails = g_string_new(get(fact, "mail"));
		g_hash_table_insert(labels, what, mails);
		g_ptr_array_add(said, g_steal_pointer(&what));
	}
	return said;
}

static void
free_string(gpointer string)
{
	g_string_free(string, TRUE);
}

static void
add_facts(GString *out, const json_t *brief)
{
	g_autoptr(GHashTable) labels =
	    g_hash_table_new_full(g_str_hash, g_str_equal, NULL, free_string);
	g_autoptr(GPtrArray) said =
	    gather_facts(json_object_get(brief, "facts"), labels);

	if (said->len)
		g_string_append(out, "程序确认的事实：\n");
	for (guint i = 0; i < MIN(said->len, FACTS_MAX); i++) {
		const char *what = said->pdata[i];
		const GString *mails = g_hash_table_lookup(labels, what);

		g_string_append_printf(out, "- %s%s）\n", what, mails->str);
	}
	if (said->len > FACTS_MAX)
		g_string_append_printf(
		    out, "- 另有 %u 条未列出\n", said->len - FACTS_MAX);
}

static void
add_sentence(GString *out, const json_t *sentence)
{
	const json_t *cites = json_object_get(sentence, "cites");
	g_autofree char *text = line_of(get(sentence, "text"));

	g_string_append_printf(out, "- %s：%s", get(sentence, "field"), text);
	for (gsize i = 0; i < json_array_size(cites); i++) {
		g_autofree char *label =
		    line_of(json_string_value(json_array_get(cites, i)));

		g_string_append_printf(out, "%s%s", i ? " " : "（", label);
	}
	g_string_append(out, json_array_size(cites) ? "）\n" : "\n");
}

char *
kd_llm_plan_note(const json_t *sentences)
{
	GString *out = g_string_new(NULL);

	for (gsize i = 0; i < json_array_size(sentences); i++)
		add_sentence(out, json_array_get(sentences, i));
	return g_string_free(out, FALSE);
}

/* The sentences of the last digest. */
static const json_t *
previous_of(const json_t *brief)
{
	return json_object_get(json_object_get(brief, "previous"), "sentences");
}

static char *
make_head(const json_t *brief)
{
	const json_t *topic = json_object_get(brief, "topic");
	const json_t *window = json_object_get(brief, "window");
	const json_t *state = json_object_get(topic, "state");
	const json_t *previous = previous_of(brief);
	GString *out = g_string_new(NULL);

	add_line(out, "话题", get(topic, "title"));
	add_line(out, "类别", get(topic, "category"));
	add_line(out, "状态", get(state, "name"));
	add_line(out, "与上期相比", get(topic, "delta"));
	add_line(out, "本期起", get(window, "since"));
	add_line(out, "本期止", get(window, "until"));
	add_facts(out, brief);
	if (json_array_size(previous) > 0) {
		g_autofree char *said = kd_llm_plan_note(previous);

		g_string_append_printf(out,
		    "上期的概括（已核对；当时的邮件不再附正文）：\n%s", said);
	}
	return g_string_free(out, FALSE);
}

char *
kd_llm_plan_terms(const json_t *brief)
{
	const json_t *terms = json_object_get(brief, "terms");
	GString *out = g_string_new(NULL);

	for (gsize i = 0; i < MIN(json_array_size(terms), TERMS_MAX); i++) {
		const json_t *term = json_array_get(terms, i);
		g_autofree char *from = NULL;
		g_autofree char *to = NULL;

		if (json_is_string(term)) {
			from = line_of(json_string_value(term));
			g_string_append_printf(out, "- %s\n", from);
			continue;
		}
		from = line_of(get(term, "term"));
		to = line_of(get(term, "zh"));
		if (*from && strcmp(from, to))
			g_string_append_printf(out, "- %s：%s\n", from, to);
	}
	return g_string_free(out, FALSE);
}

/* "[m3] 2021-03-09 Bo Li，回复 m1，本期" */
static char *
header_of(const struct item *item, gboolean more)
{
	const json_t *mail = item->mail;
	const char *when =
	    json_is_true(json_object_get(mail, "told")) ? "上期已概括"
	    : json_is_true(json_object_get(mail, "in_window")) ? "本期"
							       : "此前";
	const char *reply = get(mail, "reply_to");
	g_autofree char *person = person_of(mail);
	g_autofree char *subject = line_of(get(mail, "subject"));
	g_autofree char *day = g_strndup(get(mail, "date"), 10);
	GString *out = g_string_new(NULL);

	if (more)
		g_string_append_printf(out, "[%s] （续）\n", item->label);
	else
		g_string_append_printf(out, "[%s] %s %s，%s%s%s，%s\n",
		    item->label, day, person, get(mail, "kind"),
		    *reply ? "，回复 " : "", reply, when);
	/* That of an answer is what it answers. */
	if (!more && *subject &&
	    (!*reply || strcmp(get(mail, "kind"), "reply")))
		g_string_append_printf(out, "标题：%s\n", subject);
	return g_string_free(out, FALSE);
}

/* A mail's text, tame, and what the brief says is missing of it. */
static char *
text_of(const json_t *mail)
{
	const json_t *cut = json_object_get(mail, "cut");
	g_autofree char *tame = NULL;

	tame = g_strchomp(kd_llm_text_tame(get(mail, "text")));
	if (!json_is_integer(cut))
		return g_steal_pointer(&tame);
	return g_strdup_printf("%s\n[此处略去 %" JSON_INTEGER_FORMAT " 字节]",
	    tame, json_integer_value(cut));
}

static void
measure(struct item *item)
{
	g_autofree char *header = header_of(item, FALSE);

	item->tokens =
	    kd_llm_tokens_most(header) + kd_llm_tokens_most(item->text) + 2;
}

/* Labels are those of the brief; a parent stands before its answers. */
static GPtrArray *
read_items(const json_t *brief, GError **error)
{
	g_autoptr(GPtrArray) items =
	    g_ptr_array_new_with_free_func((GDestroyNotify)item_free);
	g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
	const json_t *mails = json_object_get(brief, "mails");
	gsize n = json_array_size(mails);

	for (gsize i = 0; i < MIN(n, MAILS_MAX); i++) {
		struct item *item = g_new0(struct item, 1);
		struct item *above;

		g_ptr_array_add(items, item);
		item->mail = json_array_get(mails, i);
		item->label = get(item->mail, "label");
		item->text = text_of(item->mail);
		above = g_hash_table_lookup(seen, get(item->mail, "reply_to"));
		/* A first mail and its direct answers begin branches. */
		item->branch = (guint)i;
		if (above && *get(above->mail, "reply_to"))
			item->branch = above->branch;
		g_hash_table_insert(seen, (char *)item->label, item);
		measure(item);
	}
	if (items->len == 0 || json_integer_value(json_object_get(
				   brief, "format")) != KD_BRIEF_FORMAT) {
		g_set_error(error, KD_ERROR, KD_ERROR_DATA,
		    "standard input: no brief of format %d with mails",
		    KD_BRIEF_FORMAT);
		return NULL;
	}
	return g_steal_pointer(&items);
}

/* Cut one text to so many tokens; the bytes that are missing then. */
static gsize
cut(struct item *item, gsize limit)
{
	gsize length = strlen(item->text);
	gsize kept = kd_llm_text_fit(item->text, limit);
	char *text;

	if (kept >= length)
		return 0;
	text = g_strdup_printf(
	    "%.*s\n[此处略去 %zu 字节]", (int)kept, item->text, length - kept);
	g_free(item->text);
	item->text = text;
	measure(item);
	return length - kept;
}

/*
 * Take off the longest texts until all can be asked about: the most that one
 * text may have is halved until it fits.
 */
static guint64
shorten(GPtrArray *items, gsize room)
{
	/* Parts are not filled to the last line. */
	guint64 most = (guint64)room * KD_LLM_PARTS_MAX / 2, sum, omitted = 0;
	gsize limit = G_MAXUINT32;

	do {
		sum = 0;
		limit /= 2;
		for (guint i = 0; i < items->len; i++) {
			const struct item *item = items->pdata[i];

			sum += MIN(item->tokens, limit);
		}
	} while (sum > most && limit > 64);
	for (guint i = 0; i < items->len; i++) {
		struct item *item = items->pdata[i];

		if (item->tokens > limit)
			omitted += cut(item, limit > 64 ? limit - 64 : 1);
	}
	return omitted;
}

struct packer {
	GPtrArray *parts;
	GString *part;
	gsize used, room;
};

static void
flush(struct packer *packer)
{
	if (packer->part->len == 0)
		return;
	g_ptr_array_add(
	    packer->parts, g_strndup(packer->part->str, packer->part->len));
	g_string_truncate(packer->part, 0);
	packer->used = 0;
}

static void
put(struct packer *packer, const char *header, const char *text, gsize length)
{
	g_string_append(packer->part, header);
	g_string_append_len(packer->part, text, (gssize)length);
	g_string_append(packer->part, length ? "\n\n" : "\n");
}

/* A mail that no part holds whole, in pieces. */
static void
put_pieces(struct packer *packer, const struct item *item)
{
	const char *text = item->text;
	gboolean more = FALSE;

	while (*text || !more) {
		g_autofree char *header = header_of(item, more);
		gsize taken = kd_llm_tokens_most(header) + 2;
		gsize length;

		flush(packer);
		length = kd_llm_text_fit(
		    text, packer->room > taken ? packer->room - taken : 1);
		put(packer, header, text, length);
		packer->used = packer->room;
		text += length;
		more = TRUE;
	}
}

static void
put_items(struct packer *packer, const GPtrArray *items, guint from, guint to)
{
	for (guint i = from; i < to; i++) {
		const struct item *item = items->pdata[i];
		g_autofree char *header = header_of(item, FALSE);

		if (item->tokens > packer->room) {
			put_pieces(packer, item);
			continue;
		}
		if (packer->used + item->tokens > packer->room)
			flush(packer);
		put(packer, header, item->text, strlen(item->text));
		packer->used += item->tokens;
	}
}

static GPtrArray *
pack(const GPtrArray *items, gsize room)
{
	g_autoptr(GString) part = g_string_new(NULL);
	struct packer packer = {.parts = g_ptr_array_new_with_free_func(g_free),
	    .part = part,
	    .room = room};

	for (guint i = 0, next; i < items->len; i = next) {
		const struct item *first = items->pdata[i];
		gsize tokens = 0;

		for (next = i; next < items->len; next++) {
			const struct item *item = items->pdata[next];

			if (item->branch != first->branch)
				break;
			tokens += item->tokens;
		}
		if (packer.used + tokens > room && tokens <= room)
			flush(&packer);
		put_items(&packer, items, i, next);
	}
	flush(&packer);
	return packer.parts;
}

/* The head takes at most half of a request. */
static void
limit_head(kd_llm_plan *plan, gsize tokens)
{
	gsize kept = kd_llm_text_fit(plan->head, tokens / 2);
	char *head;

	if (kept >= strlen(plan->head))
		return;
	head = g_strdup_printf("%.*s[此处略去 %zu 字节]\n", (int)kept,
	    plan->head, strlen(plan->head) - kept);
	plan->omitted += strlen(plan->head) - kept;
	g_free(plan->head);
	plan->head = head;
}

kd_llm_plan *
kd_llm_plan_new(const json_t *brief, gsize tokens, GError **error)
{
	g_autoptr(kd_llm_plan) plan = g_new0(kd_llm_plan, 1);
	g_autoptr(GPtrArray) items = read_items(brief, error);
	gsize taken;

	if (!items)
		return NULL;
	if (tokens < TOKENS_MIN) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "the model's context leaves %" G_GSIZE_FORMAT
		    " tokens for mails: expected %d; see context and "
		    "max_output in kvdigest.yaml(5)",
		    tokens, TOKENS_MIN);
		return NULL;
	}
	plan->head = make_head(brief);
	limit_head(plan, tokens);
	taken = kd_llm_tokens_most(plan->head) + MARKS;
	plan->omitted += shorten(items, tokens - taken);
	plan->parts = pack(items, tokens - taken);
	for (guint i = 0; i < items->len; i++) {
		const struct item *item = items->pdata[i];

		if (!json_is_true(json_object_get(item->mail, "in_window")))
			plan->earlier = TRUE;
	}
	return g_steal_pointer(&plan);
}

char *
kd_llm_plan_mark(const char *head, const char *body)
{
	g_autofree char *text = g_strconcat(head, "\n", body, NULL);
	g_autofree char *hash =
	    g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);

	hash[16] = '\0';
	return g_strdup_printf(
	    "===== 资料开始 %s =====\n%s===== 资料结束 %s =====", hash, text,
	    hash);
}
