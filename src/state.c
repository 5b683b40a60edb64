#include "config.h"

#include <string.h>

#include "state-private.h"
#include "state.h"
#include "subject.h"

#define SILENT_AFTER 14 /* days; a week's holiday is no news */
#define DAY	     ((gint64)24 * 60 * 60)

int
kd_view_writer(const struct kd_view *view, const struct kd_digest_mail *mail)
{
	return (int)kd_people_add(view->people, mail->name, mail->address);
}

int
kd_view_sender(const struct kd_view *view, const struct kd_posting *posting)
{
	return (int)kd_people_add(
	    view->people, posting->name, posting->address);
}

/* What a later mail shows of who is who holds for earlier ones too. */
static void
meet_people(const struct kd_view *view)
{
	const struct kd_topic *topic = view->topic;

	for (guint i = 0; i < topic->mails->len; i++)
		kd_view_writer(view, topic->mails->pdata[i]);
	for (guint i = 0; i < topic->postings->len; i++)
		kd_view_sender(view, topic->postings->pdata[i]);
}

/* The version that an answer to a patch speaks of, or NULL. */
static char *
version_of(const struct kd_digest_mail *mail)
{
	g_autoptr(kd_subject) subject = NULL;

	if (mail->posting >= 0 || mail->kind != KD_KIND_REPLY)
		return NULL;
	subject = kd_subject_parse(mail->subject);
	return subject->flags & KD_SUBJECT_PATCH ? g_strdup(subject->version)
						 : NULL;
}

static char *
find_orphan(const struct kd_topic *topic)
{
	g_autofree char *latest = NULL;

	for (guint i = 0; i < topic->mails->len; i++) {
		g_autofree char *version = version_of(topic->mails->pdata[i]);

		if (version && (!latest || kd_subject_compare_version(
					       version, latest) > 0)) {
			g_free(latest);
			latest = g_steal_pointer(&version);
		}
	}
	return g_steal_pointer(&latest);
}

gboolean
kd_view_is_of_orphan(
    const struct kd_view *view, const struct kd_digest_mail *mail)
{
	g_autofree char *version = view->orphan ? version_of(mail) : NULL;

	return version && !strcmp(version, view->orphan);
}

void
kd_view_prove(struct kd_view *view, const struct kd_digest_mail *mail)
{
	for (guint i = 0; i < view->evidence->len; i++)
		if (!strcmp(view->evidence->pdata[i], mail->id))
			return;
	if (view->evidence->len == 0 || mail->date < view->since)
		view->since = mail->date;
	g_ptr_array_add(view->evidence, g_strdup(mail->id));
}

gboolean
kd_view_leads_to(const struct kd_view *view, guint ancestor, guint index)
{
	int at = (int)index;

	/* Parents come from mails: a circle must end too. */
	for (guint steps = 0; at >= 0 && steps <= view->topic->mails->len;
	     steps++) {
		if ((guint)at == ancestor)
			return TRUE;
		at = kd_view_mail(view, (guint)at)->parent;
	}
	return FALSE;
}

int
kd_view_part(const struct kd_view *view, guint index)
{
	int at = (int)index;

	for (guint steps = 0; at >= 0 && steps <= view->topic->mails->len;
	     steps++) {
		const struct kd_digest_mail *mail =
		    kd_view_mail(view, (guint)at);

		if (mail->part >= 0)
			return mail->part;
		at = mail->parent;
	}
	return -1;
}

gboolean
kd_view_is_for_all(const struct kd_view *view, guint index)
{
	const struct kd_digest_fact *fact = kd_view_fact(view, index);
	const struct kd_digest_fact *next = index + 1 < view->topic->facts->len
						? kd_view_fact(view, index + 1)
						: NULL;

	return next && next->kind == KD_FACT_PARTS &&
	       next->mail == fact->mail && !strcmp(next->value, "all");
}

static gboolean
is_pulled(struct kd_view *view)
{
	int pull = kd_topic_newest_pull(view->topic);
	int sender;

	if (pull < 0)
		return FALSE;
	sender = kd_view_writer(view, kd_view_mail(view, (guint)pull));
	for (guint i = 0; i < view->topic->facts->len; i++) {
		const struct kd_digest_fact *fact = kd_view_fact(view, i);

		/* What was asked to be pulled may be applied as patches. */
		if ((fact->kind != KD_FACT_PULLED &&
			fact->kind != KD_FACT_APPLIED) ||
		    !kd_view_leads_to(view, (guint)pull, fact->mail) ||
		    kd_view_writer(view, kd_view_mail(view, fact->mail)) ==
			sender)
			continue;
		g_string_assign(view->state, "已合入");
		kd_view_prove(view, kd_view_mail(view, fact->mail));
		return TRUE;
	}
	return FALSE;
}

static gboolean
is_requested(struct kd_view *view)
{
	int pull = kd_topic_newest_pull(view->topic);

	if (pull < 0)
		return FALSE;
	g_string_assign(view->state, "已发 PULL");
	kd_view_prove(view, kd_view_mail(view, (guint)pull));
	return TRUE;
}

/* How much of the newest posting the notices take. */
struct taken {
	gboolean whole, some;
	GString *branches;  /* each once, with "、" between them */
	GHashTable *titles; /* of patches in lists */
	GHashTable *parts;  /* answered one by one, or numbered */
	const struct kd_digest_mail *last;
};

/* Whether a list of patches is below a notice. */
static gboolean
is_listed(const struct kd_view *view, guint notice)
{
	const struct kd_digest_fact *next;

	do {
		if (++notice >= view->topic->facts->len)
			return FALSE;
		next = kd_view_fact(view, notice);
	} while (next->kind == KD_FACT_PARTS);
	return next->kind == KD_FACT_APPLIED_PATCH &&
	       next->mail == kd_view_fact(view, notice - 1)->mail;
}

/* "Both queued up", said of one of several that are for a stable tree each. */
static gboolean
says_all(const struct kd_view *view, guint notice)
{
	const struct kd_digest_mail *mail =
	    kd_view_mail(view, kd_view_fact(view, notice)->mail);
	const struct kd_posting *newest, *other;

	if (mail->posting < 0 || !kd_view_is_for_all(view, notice))
		return FALSE;
	newest = view->topic->postings->pdata[view->newest];
	other = view->topic->postings->pdata[mail->posting];
	return newest->stable && other->stable && newest->date <= mail->date &&
	       !g_strcmp0(newest->title, other->title);
}

/*
 * A notice counts when it answers the newest posting; its author's own, when
 * it names a branch or commits: else authors speak of their next version.  So
 * does anybody's where the posting never came, and with it its author.
 */
static gboolean
is_notice(const struct kd_view *view, guint index)
{
	const struct kd_digest_fact *fact = kd_view_fact(view, index);
	const struct kd_digest_mail *mail = kd_view_mail(view, fact->mail);

	if (fact->kind != KD_FACT_APPLIED &&
	    fact->kind != KD_FACT_APPLIED_PARTLY)
		return FALSE;
	if (view->newest < 0
		? !kd_view_is_of_orphan(view, mail)
		: mail->posting != view->newest && !says_all(view, index))
		return FALSE;
	return *fact->value || is_listed(view, index) ||
	       (view->author >= 0 &&
		   kd_view_writer(view, mail) != view->author);
}

/* Notices of several branches are all told, whether they agree or not. */
static void
note_branch(GString *branches, const char *branch)
{
	g_auto(GStrv) known = g_strsplit(branches->str, "、", -1);

	if (!*branch || g_strv_contains((const char *const *)known, branch))
		return;
	g_string_append_printf(
	    branches, "%s%s", branches->len ? "、" : "", branch);
}

static const struct kd_posting *
newest_posting(const struct kd_view *view)
{
	return view->newest < 0 ? NULL
				: view->topic->postings->pdata[view->newest];
}

/* "1-9 18": each number, of so many. */
static void
note_parts(struct taken *taken, const char *numbers, guint total)
{
	g_auto(GStrv) ranges = g_strsplit(numbers, " ", -1);

	for (char **range = ranges; *range; range++) {
		const char *dash = strchr(*range, '-');
		guint64 first = g_ascii_strtoull(*range, NULL, 10);
		guint64 last =
		    dash ? g_ascii_strtoull(dash + 1, NULL, 10) : first;

		for (; first > 0 && first <= MIN(last, total); first++)
			g_hash_table_add(
			    taken->parts, GUINT_TO_POINTER((guint)first));
	}
}

static void
note_taken(struct kd_view *view, struct taken *taken, guint index)
{
	const struct kd_digest_fact *fact = kd_view_fact(view, index);
	const struct kd_digest_mail *mail = kd_view_mail(view, fact->mail);
	const struct kd_posting *posting = newest_posting(view);
	guint at = index + 1;
	int part;

	note_branch(taken->branches, fact->value);
	taken->whole = taken->whole || fact->kind == KD_FACT_APPLIED;
	taken->some = TRUE;
	for (; at < view->topic->facts->len; at++) {
		const struct kd_digest_fact *item = kd_view_fact(view, at);

		if (item->mail != fact->mail)
			break;
		if (item->kind == KD_FACT_PARTS)
			note_parts(
			    taken, item->value, posting ? posting->total : 0);
		else if (item->kind == KD_FACT_APPLIED_PATCH)
			g_hash_table_add(taken->titles, item->value);
		else if (item->kind != KD_FACT_APPLIED_COMMIT)
			break;
	}
	part = at == index + 1 ? kd_view_part(view, fact->mail) : -1;
	if (part > 0)
		g_hash_table_add(taken->parts, GINT_TO_POINTER(part));
	if (!taken->last || mail->date > taken->last->date)
		taken->last = mail;
	kd_view_prove(view, mail);
}

static gboolean
is_built_later(struct kd_view *view, gint64 since)
{
	gboolean found = FALSE;

	for (guint i = 0; i < view->topic->facts->len; i++) {
		const struct kd_digest_fact *fact = kd_view_fact(view, i);
		const struct kd_digest_mail *mail =
		    kd_view_mail(view, fact->mail);

		if (fact->kind != KD_FACT_BUILD_FAILED ||
		    mail->posting != view->newest || mail->date < since)
			continue;
		kd_view_prove(view, mail);
		found = TRUE;
	}
	return found;
}

static gboolean
is_applied(struct kd_view *view)
{
	g_autoptr(GHashTable) titles =
	    g_hash_table_new(g_str_hash, g_str_equal);
	g_autoptr(GHashTable) parts = g_hash_table_new(NULL, NULL);
	g_autoptr(GString) branches = g_string_new(NULL);
	struct taken taken = {
	    .titles = titles, .parts = parts, .branches = branches};
	const struct kd_posting *posting;

	posting = newest_posting(view);
	for (guint i = 0; i < view->topic->facts->len; i++)
		if (is_notice(view, i))
			note_taken(view, &taken, i);
	if (!taken.some)
		return FALSE;
	if (posting && posting->total > 0 &&
	    (g_hash_table_size(titles) >= posting->total ||
		g_hash_table_size(parts) >= posting->total))
		taken.whole = TRUE;
	g_string_assign(view->state, !taken.whole ? "部分应用" : "已应用");
	if (branches->len)
		g_string_append_printf(view->state, "到 %s", branches->str);
	if (taken.whole && view->topic->category == KD_CATEGORY_BUG)
		g_string_prepend(view->state, "已修复，");
	if (is_built_later(view, taken.last->date))
		g_string_append(view->state, "，其后构建失败");
	return TRUE;
}

static gboolean
is_failing(struct kd_view *view)
{
	if (view->newest < 0 || !is_built_later(view, G_MININT64))
		return FALSE;
	g_string_assign(view->state, "构建失败");
	return TRUE;
}

static gboolean
is_new(struct kd_view *view)
{
	const struct kd_posting *posting = newest_posting(view);

	if (!posting || !posting->in_window)
		return FALSE;
	g_string_assign(view->state, "新发布");
	view->since = posting->date;
	g_ptr_array_add(view->evidence, g_strdup(posting->id));
	return TRUE;
}

static gboolean
is_unanswered(struct kd_view *view)
{
	const struct kd_posting *posting = newest_posting(view);

	if (!posting)
		return FALSE;
	g_string_assign(view->state, "等评审");
	view->since = posting->date;
	g_ptr_array_add(view->evidence, g_strdup(posting->id));
	kd_view_wait_for(view, KD_ROLE_REVIEWER, "", posting->date);
	return TRUE;
}

static gboolean
is_reported(struct kd_view *view)
{
	const struct kd_digest_mail *report = NULL;

	if (view->topic->category != KD_CATEGORY_BUG)
		return FALSE;
	for (guint i = 0; i < view->topic->mails->len; i++) {
		const struct kd_digest_mail *mail = kd_view_mail(view, i);

		/* A robot's answer has a parent, its report has none. */
		if ((mail->kind == KD_KIND_MAIL ||
			mail->kind == KD_KIND_ROBOT) &&
		    mail->parent < 0 && (!report || mail->date < report->date))
			report = mail;
	}
	if (!report)
		return FALSE;
	g_string_assign(view->state, "已报告");
	kd_view_prove(view, report);
	return TRUE;
}

/* The first rule that holds decides; over: nobody has to do anything more. */
static const struct {
	kd_state_rule *holds;
	gboolean over;
} rules[] = {
    {is_pulled, TRUE},
    {is_requested, FALSE},
    {is_applied, TRUE},
    {kd_state_is_rejected, TRUE},
    {is_failing, FALSE},
    {kd_state_is_left_to_author, FALSE},
    {kd_state_is_left_to_maintainer, FALSE},
    {kd_state_is_reviewed, FALSE},
    {is_new, FALSE},
    {is_unanswered, FALSE},
    {is_reported, FALSE},
};

/* Of what is not over, how long nobody has written. */
static void
add_silence(struct kd_view *view)
{
	const struct kd_digest_mail *last = NULL;
	gint64 days;

	for (guint i = 0; i < view->topic->mails->len; i++)
		if (!last || kd_view_mail(view, i)->date >= last->date)
			last = kd_view_mail(view, i);
	days = last ? (view->until - last->date) / DAY : 0;
	if (days < SILENT_AFTER)
		return;
	if (view->evidence->len)
		g_string_append(view->state, "，");
	else
		kd_view_prove(view, last);
	g_string_append_printf(
	    view->state, "静默 %" G_GINT64_FORMAT " 天", days);
}

void
kd_state_decide(struct kd_topic *topic, gint64 until)
{
	g_autoptr(GString) state = g_string_new(NULL);
	g_autoptr(kd_people) people = kd_people_new();
	g_autofree char *orphan = NULL;
	struct kd_view view = {.topic = topic,
	    .until = until,
	    .newest = (int)topic->postings->len - 1,
	    .author = -1,
	    .people = people,
	    .state = state,
	    .evidence = topic->state_evidence,
	    .waiting = &topic->waiting};
	gboolean over = FALSE;

	meet_people(&view);
	if (view.newest < 0) {
		view.orphan = orphan = find_orphan(topic);
	} else {
		view.author =
		    kd_view_sender(&view, topic->postings->pdata[view.newest]);
	}
	g_ptr_array_set_size(topic->state_evidence, 0);
	g_clear_pointer(&topic->waiting.name, g_free);
	topic->waiting = (struct kd_waiting){0};
	for (guint i = 0; i < G_N_ELEMENTS(rules); i++)
		if (rules[i].holds(&view)) {
			over = rules[i].over;
			break;
		}
	if (!over)
		add_silence(&view);
	g_free(topic->state);
	topic->state = g_strdup(state->str);
	topic->state_since = view.since;
}
