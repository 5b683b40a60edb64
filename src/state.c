#include "config.h"

#include <string.h>

#include "person.h"
#include "state.h"

/* A topic as its rules see it, and what they find. */
struct view {
	const struct kd_topic *topic;
	int newest;	/* index of its newest posting, -1 */
	char *author;	/* key of that posting's author, or NULL */
	GString *state; /* the answer */
	gint64 since;
	GPtrArray *evidence;
};

static const struct kd_digest_mail *
mail_at(const struct view *view, guint index)
{
	return view->topic->mails->pdata[index];
}

static const struct kd_digest_fact *
fact_at(const struct view *view, guint index)
{
	return view->topic->facts->pdata[index];
}

static gboolean
is_person(const struct kd_digest_mail *mail)
{
	return mail->kind != KD_KIND_ROBOT && !(mail->flags & KD_MAIL_ROBOT);
}

static gboolean
is_by(const struct kd_digest_mail *mail, const char *key)
{
	g_autofree char *own = kd_person_key(mail->name, mail->address);

	return key && !strcmp(own, key);
}

/* Take a mail as proof; the earliest one tells since when. */
static void
prove(struct view *view, const struct kd_digest_mail *mail)
{
	for (guint i = 0; i < view->evidence->len; i++)
		if (!strcmp(view->evidence->pdata[i], mail->id))
			return;
	if (view->evidence->len == 0 || mail->date < view->since)
		view->since = mail->date;
	g_ptr_array_add(view->evidence, g_strdup(mail->id));
}

/* Whether a mail is an ancestor of another, or the same. */
static gboolean
leads_to(const struct view *view, guint ancestor, guint index)
{
	int at = (int)index;

	/* Parents come from mails: a circle must end too. */
	for (guint steps = 0; at >= 0 && steps <= view->topic->mails->len;
	     steps++) {
		if ((guint)at == ancestor)
			return TRUE;
		at = mail_at(view, (guint)at)->parent;
	}
	return FALSE;
}

/* The part that a mail is or answers; -1 for none. */
static int
find_part(const struct view *view, guint index)
{
	int at = (int)index;

	for (guint steps = 0; at >= 0 && steps <= view->topic->mails->len;
	     steps++) {
		const struct kd_digest_mail *mail = mail_at(view, (guint)at);

		if (mail->part >= 0)
			return mail->part;
		at = mail->parent;
	}
	return -1;
}

static int
find_newest_pull(const struct view *view)
{
	int newest = -1;

	for (guint i = 0; i < view->topic->mails->len; i++)
		if (mail_at(view, i)->kind == KD_KIND_PULL &&
		    (newest < 0 || mail_at(view, i)->date >=
				       mail_at(view, (guint)newest)->date))
			newest = (int)i;
	return newest;
}

static gboolean
is_pulled(struct view *view)
{
	int pull = find_newest_pull(view);
	g_autofree char *sender = NULL;

	if (pull < 0)
		return FALSE;
	sender = kd_person_key(mail_at(view, (guint)pull)->name,
	    mail_at(view, (guint)pull)->address);
	for (guint i = 0; i < view->topic->facts->len; i++) {
		const struct kd_digest_fact *fact = fact_at(view, i);

		if (fact->kind != KD_FACT_PULLED ||
		    !leads_to(view, (guint)pull, fact->mail) ||
		    is_by(mail_at(view, fact->mail), sender))
			continue;
		g_string_assign(view->state, "已合入");
		prove(view, mail_at(view, fact->mail));
		return TRUE;
	}
	return FALSE;
}

static gboolean
is_requested(struct view *view)
{
	int pull = find_newest_pull(view);

	if (pull < 0)
		return FALSE;
	g_string_assign(view->state, "已发 PULL");
	prove(view, mail_at(view, (guint)pull));
	return TRUE;
}

/* How much of the newest posting the notices take. */
struct taken {
	gboolean whole, some;
	const char *branch; /* NULL before the first; "" when they differ */
	GHashTable *titles; /* of patches in lists */
	GHashTable *parts;  /* answered one by one */
	const struct kd_digest_mail *last;
};

static gboolean
is_listed(const struct view *view, guint notice)
{
	return notice + 1 < view->topic->facts->len &&
	       fact_at(view, notice + 1)->kind == KD_FACT_APPLIED_PATCH &&
	       fact_at(view, notice + 1)->mail == fact_at(view, notice)->mail;
}

/*
 * A notice counts when it answers the newest posting; its author's own, when
 * it names a branch or commits: else authors speak of their next version.
 */
static gboolean
is_notice(const struct view *view, guint index)
{
	const struct kd_digest_fact *fact = fact_at(view, index);
	const struct kd_digest_mail *mail = mail_at(view, fact->mail);

	return (fact->kind == KD_FACT_APPLIED ||
		   fact->kind == KD_FACT_APPLIED_PARTLY) &&
	       mail->posting == view->newest &&
	       (!is_by(mail, view->author) || *fact->value ||
		   is_listed(view, index));
}

static void
note_taken(struct view *view, struct taken *taken, guint index)
{
	const struct kd_digest_fact *fact = fact_at(view, index);
	const struct kd_digest_mail *mail = mail_at(view, fact->mail);
	guint at = index + 1;
	int part;

	if (!taken->branch || !strcmp(taken->branch, fact->value))
		taken->branch = fact->value;
	else
		taken->branch = "";
	taken->whole = taken->whole || fact->kind == KD_FACT_APPLIED;
	taken->some = TRUE;
	for (; at < view->topic->facts->len; at++) {
		const struct kd_digest_fact *item = fact_at(view, at);

		if (item->mail != fact->mail ||
		    (item->kind != KD_FACT_APPLIED_PATCH &&
			item->kind != KD_FACT_APPLIED_COMMIT))
			break;
		if (item->kind == KD_FACT_APPLIED_PATCH)
			g_hash_table_add(taken->titles, item->value);
	}
	part = at == index + 1 ? find_part(view, fact->mail) : -1;
	if (part > 0)
		g_hash_table_add(taken->parts, GINT_TO_POINTER(part));
	if (!taken->last || mail->date > taken->last->date)
		taken->last = mail;
	prove(view, mail);
}

static gboolean
is_built_later(struct view *view, gint64 since)
{
	gboolean found = FALSE;

	for (guint i = 0; i < view->topic->facts->len; i++) {
		const struct kd_digest_fact *fact = fact_at(view, i);
		const struct kd_digest_mail *mail = mail_at(view, fact->mail);

		if (fact->kind != KD_FACT_BUILD_FAILED ||
		    mail->posting != view->newest || mail->date < since)
			continue;
		prove(view, mail);
		found = TRUE;
	}
	return found;
}

static gboolean
is_applied(struct view *view)
{
	g_autoptr(GHashTable) titles =
	    g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) parts = g_hash_table_new(NULL, NULL);
	struct taken taken = {.titles = titles, .parts = parts};
	const struct kd_posting *posting;

	if (view->newest < 0)
		return FALSE;
	posting = view->topic->postings->pdata[view->newest];
	for (guint i = 0; i < view->topic->facts->len; i++)
		if (is_notice(view, i))
			note_taken(view, &taken, i);
	if (!taken.some)
		return FALSE;
	if (posting->total > 0 &&
	    (g_hash_table_size(titles) >= posting->total ||
		g_hash_table_size(parts) >= posting->total))
		taken.whole = TRUE;
	if (!taken.whole)
		g_string_assign(view->state, "部分应用");
	else if (*taken.branch)
		g_string_printf(view->state, "已应用到 %s", taken.branch);
	else
		g_string_assign(view->state, "已应用");
	if (is_built_later(view, taken.last->date))
		g_string_append(view->state, "，其后构建失败");
	return TRUE;
}

static gboolean
is_failing(struct view *view)
{
	if (view->newest < 0 || !is_built_later(view, G_MININT64))
		return FALSE;
	g_string_assign(view->state, "构建失败");
	return TRUE;
}

/*
 * Whether a mail is of the newest version, in whichever posting: parts of a
 * work may be posted as series of their own.
 */
static gboolean
is_current(const struct view *view, const struct kd_digest_mail *mail)
{
	const GPtrArray *postings = view->topic->postings;
	const struct kd_posting *newest, *other;

	if (mail->posting < 0 || view->newest < 0)
		return FALSE;
	newest = postings->pdata[view->newest];
	other = postings->pdata[mail->posting];
	return newest->rfc == other->rfc &&
	       !strcmp(newest->version, other->version);
}

static gboolean
is_by_poster(const struct view *view, const struct kd_digest_mail *mail)
{
	const struct kd_posting *posting =
	    view->topic->postings->pdata[mail->posting];
	g_autofree char *key = kd_person_key(posting->name, posting->address);

	return is_by(mail, key);
}

/* The first and the last answer prove it; those between add nothing. */
static gboolean
is_reviewed(struct view *view)
{
	const struct kd_digest_mail *first = NULL, *last = NULL;

	for (guint i = 0; i < view->topic->mails->len; i++) {
		const struct kd_digest_mail *mail = mail_at(view, i);

		if (!is_current(view, mail) || mail->kind != KD_KIND_REPLY ||
		    !is_person(mail) || is_by_poster(view, mail))
			continue;
		if (!first || mail->date < first->date)
			first = mail;
		if (!last || mail->date >= last->date)
			last = mail;
	}
	if (!first)
		return FALSE;
	g_string_assign(view->state, "评审中");
	prove(view, first);
	prove(view, last);
	return TRUE;
}

static gboolean
is_new(struct view *view)
{
	const struct kd_posting *posting;

	if (view->newest < 0)
		return FALSE;
	posting = view->topic->postings->pdata[view->newest];
	if (!posting->in_window)
		return FALSE;
	g_string_assign(view->state, "新发布");
	view->since = posting->date;
	g_ptr_array_add(view->evidence, g_strdup(posting->id));
	return TRUE;
}

static gboolean
is_reported(struct view *view)
{
	const struct kd_digest_mail *report = NULL;

	if (view->topic->category != KD_CATEGORY_BUG)
		return FALSE;
	for (guint i = 0; i < view->topic->mails->len; i++) {
		const struct kd_digest_mail *mail = mail_at(view, i);

		/* A robot's answer has a parent, its report has none. */
		if ((mail->kind == KD_KIND_MAIL ||
			mail->kind == KD_KIND_ROBOT) &&
		    mail->parent < 0 && (!report || mail->date < report->date))
			report = mail;
	}
	if (!report)
		return FALSE;
	g_string_assign(view->state, "已报告");
	prove(view, report);
	return TRUE;
}

/* The first rule that holds decides. */
static gboolean (*const rules[])(struct view *) = {
    is_pulled,
    is_requested,
    is_applied,
    is_failing,
    is_reviewed,
    is_new,
    is_reported,
};

void
kd_state_decide(struct kd_topic *topic)
{
	g_autoptr(GString) state = g_string_new(NULL);
	g_autofree char *author = NULL;
	struct view view = {.topic = topic,
	    .newest = (int)topic->postings->len - 1,
	    .state = state,
	    .evidence = topic->state_evidence};

	if (view.newest >= 0) {
		const struct kd_posting *posting =
		    topic->postings->pdata[view.newest];

		author = kd_person_key(posting->name, posting->address);
		view.author = author;
	}
	g_ptr_array_set_size(topic->state_evidence, 0);
	for (guint i = 0; i < G_N_ELEMENTS(rules); i++)
		if (rules[i](&view))
			break;
	g_free(topic->state);
	topic->state = g_strdup(state->str);
	topic->state_since = view.since;
}
