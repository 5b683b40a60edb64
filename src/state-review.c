/*
 * Where a posting stands with its reviewers: who objects, who asked and was
 * not answered, whether all of it was acknowledged.
 */
#include "config.h"

#include <string.h>

#include "state-private.h"

#define PROOFS_MAX 6	     /* mails that say the same */
#define TWICE	   (60 * 60) /* seconds between two postings of the same */

static gboolean
is_person(const struct kd_digest_mail *mail)
{
	return mail->kind != KD_KIND_ROBOT && !(mail->flags & KD_MAIL_ROBOT);
}

/*
 * Whether a mail is of the newest version, in whichever posting: parts of a
 * work may be posted as series of their own.
 */
static gboolean
is_current(const struct kd_view *view, const struct kd_digest_mail *mail)
{
	const GPtrArray *postings = view->topic->postings;
	const struct kd_posting *newest, *other;

	if (mail->posting < 0 || view->newest < 0)
		return FALSE;
	newest = postings->pdata[view->newest];
	other = postings->pdata[mail->posting];
	/*
	 * What was said of it when it was posted before, for another tree; but
	 * what is sent twice in a row is the same.
	 */
	if (other != newest && !newest->resend && newest->title &&
	    newest->date - other->date > TWICE &&
	    !g_strcmp0(other->title, newest->title))
		return FALSE;
	return newest->rfc == other->rfc &&
	       !strcmp(newest->version, other->version);
}

static gboolean
is_by_poster(const struct kd_view *view, const struct kd_digest_mail *mail)
{
	const struct kd_posting *posting =
	    view->topic->postings->pdata[mail->posting];

	return kd_view_writer(view, mail) == kd_view_sender(view, posting);
}

/* An answer to the newest version by somebody who did not post it. */
static gboolean
is_review(const struct kd_view *view, const struct kd_digest_mail *mail)
{
	return is_current(view, mail) && mail->kind == KD_KIND_REPLY &&
	       is_person(mail) && !is_by_poster(view, mail);
}

/*
 * Of a posting that never came the author is not known: two persons who write
 * about it are an author and a reviewer at least.
 */
static gboolean
has_another(const struct kd_view *view, const struct kd_digest_mail *first)
{
	int person = kd_view_writer(view, first);

	for (guint i = 0; i < view->topic->mails->len; i++) {
		const struct kd_digest_mail *mail = kd_view_mail(view, i);

		if (kd_view_is_of_orphan(view, mail) &&
		    kd_view_writer(view, mail) != person)
			return TRUE;
	}
	return FALSE;
}

/* The first and the last answer prove it; those between add nothing. */
gboolean
kd_state_is_reviewed(struct kd_view *view)
{
	const struct kd_digest_mail *first = NULL, *last = NULL;

	for (guint i = 0; i < view->topic->mails->len; i++) {
		const struct kd_digest_mail *mail = kd_view_mail(view, i);

		if (!is_review(view, mail) && !kd_view_is_of_orphan(view, mail))
			continue;
		if (!first || mail->date < first->date)
			first = mail;
		if (!last || mail->date >= last->date)
			last = mail;
	}
	if (!first || (view->orphan && !has_another(view, first)))
		return FALSE;
	g_string_assign(view->state, "评审中");
	kd_view_prove(view, first);
	kd_view_prove(view, last);
	return TRUE;
}

/*
 * Whether the author wrote after a mail: below it, or about the same patch.
 */
static gboolean
is_answered(const struct kd_view *view, guint index)
{
	const struct kd_digest_mail *mail = kd_view_mail(view, index);
	int part = kd_view_part(view, index);

	for (guint i = 0; i < view->topic->mails->len; i++) {
		const struct kd_digest_mail *other = kd_view_mail(view, i);

		if (i == index || other->date < mail->date ||
		    other->kind != KD_KIND_REPLY || !is_current(view, other) ||
		    !is_by_poster(view, other))
			continue;
		if (kd_view_leads_to(view, index, i) ||
		    (part >= 0 && other->posting == mail->posting &&
			kd_view_part(view, i) == part))
			return TRUE;
	}
	return FALSE;
}

/* Whoever gives a trailer with a question does not wait for an answer. */
static gboolean
is_settled(const struct kd_view *view, guint question)
{
	guint mail = kd_view_fact(view, question)->mail;
	guint i = question;

	if (kd_view_fact(view, question)->kind != KD_FACT_QUESTION)
		return FALSE;
	/* The facts of a mail stand together. */
	while (i > 0 && kd_view_fact(view, i - 1)->mail == mail)
		i--;
	for (; i < view->topic->facts->len; i++) {
		const struct kd_digest_fact *fact = kd_view_fact(view, i);

		if (fact->mail != mail)
			break;
		if (fact->kind == KD_FACT_REVIEWED_BY ||
		    fact->kind == KD_FACT_ACKED_BY ||
		    fact->kind == KD_FACT_TESTED_BY)
			return TRUE;
	}
	return FALSE;
}

/*
 * Whether what a mail says is said to the sender of its posting: it answers
 * the sender, or a robot, or what the writer had said to them before.
 */
static gboolean
is_to_sender(const struct kd_view *view, const struct kd_digest_mail *mail)
{
	const struct kd_digest_mail *above = mail;
	int writer = kd_view_writer(view, mail);

	for (guint steps = 0; steps < view->topic->mails->len; steps++) {
		if (above->parent < 0)
			return TRUE;
		above = kd_view_mail(view, (guint)above->parent);
		if (!is_person(above) || above->posting != mail->posting ||
		    is_by_poster(view, above))
			return TRUE;
		if (kd_view_writer(view, above) != writer)
			return FALSE;
	}
	return TRUE;
}

/* "Bo, is this what you want?" asks Bo, if there is one and who is not it. */
static gboolean
names_another(const struct kd_view *view, const struct kd_digest_fact *fact)
{
	const struct kd_digest_mail *said = kd_view_mail(view, fact->mail);
	const char *comma = strchr(fact->value, ',');
	gsize length = comma ? (gsize)(comma - fact->value) : 0;

	if (!length || memchr(fact->value, ' ', length))
		return FALSE;
	for (guint i = 0; i < view->topic->mails->len; i++) {
		const struct kd_digest_mail *mail = kd_view_mail(view, i);

		if (mail->name && mail->name[0] &&
		    !strncmp(mail->name, fact->value, length) &&
		    mail->name[length] == ' ' && said->posting >= 0 &&
		    kd_view_writer(view, mail) !=
			kd_view_sender(
			    view, view->topic->postings->pdata[said->posting]))
			return TRUE;
	}
	return FALSE;
}

/* The last answer with a fact of one of two kinds that has no answer. */
static gboolean
find_open(struct kd_view *view, enum kd_fact_kind kind, enum kd_fact_kind other,
    gint64 *since)
{
	guint last = G_MAXUINT, found = 0;

	*since = G_MAXINT64;
	for (guint i = 0; i < view->topic->facts->len; i++) {
		const struct kd_digest_fact *fact = kd_view_fact(view, i);
		const struct kd_digest_mail *mail =
		    kd_view_mail(view, fact->mail);

		if ((fact->kind != kind && fact->kind != other) ||
		    fact->mail == last || !is_review(view, mail) ||
		    (fact->kind != KD_FACT_NACKED_BY &&
			(!is_to_sender(view, mail) ||
			    names_another(view, fact))) ||
		    is_settled(view, i) || is_answered(view, fact->mail))
			continue;
		last = fact->mail;
		*since = MIN(*since, mail->date);
		if (++found <= PROOFS_MAX)
			kd_view_prove(view, mail);
	}
	return found > 0;
}

/* What the author says of a patch of several is not said of the others. */
static gboolean
is_withdrawn(struct kd_view *view)
{
	const struct kd_posting *posting =
	    view->topic->postings->pdata[view->newest];

	for (guint i = 0; i < view->topic->facts->len; i++) {
		const struct kd_digest_fact *fact = kd_view_fact(view, i);
		const struct kd_digest_mail *mail =
		    kd_view_mail(view, fact->mail);

		if (fact->kind != KD_FACT_WITHDRAWN ||
		    !is_current(view, mail) ||
		    kd_view_writer(view, mail) != view->author ||
		    (posting->total != 1 && kd_view_part(view, fact->mail) > 0))
			continue;
		g_string_assign(view->state, "被拒（作者撤回）");
		kd_view_prove(view, mail);
		return TRUE;
	}
	return FALSE;
}

gboolean
kd_state_is_rejected(struct kd_view *view)
{
	gint64 since;

	if (view->newest < 0)
		return FALSE;
	if (is_withdrawn(view))
		return TRUE;
	if (!find_open(view, KD_FACT_NACKED_BY, KD_FACT_NACKED_BY, &since))
		return FALSE;
	g_string_assign(view->state, "被拒");
	return TRUE;
}

void
kd_view_wait_for(
    struct kd_view *view, enum kd_role role, const char *name, gint64 since)
{
	view->waiting->role = role;
	view->waiting->name = g_strdup(name);
	view->waiting->since = since;
	view->waiting->days =
	    (guint)MAX(0, (view->until - since) / ((gint64)24 * 60 * 60));
}

gboolean
kd_state_is_left_to_author(struct kd_view *view)
{
	const struct kd_posting *posting;
	gint64 since;

	if (view->newest < 0 ||
	    !find_open(view, KD_FACT_QUESTION, KD_FACT_OBJECTION, &since))
		return FALSE;
	posting = view->topic->postings->pdata[view->newest];
	g_string_assign(view->state, "等作者");
	kd_view_wait_for(view, KD_ROLE_AUTHOR,
	    *posting->name ? posting->name : posting->address, since);
	return TRUE;
}

static int
compare_dates(gconstpointer a, gconstpointer b)
{
	const struct kd_digest_mail *x = *(struct kd_digest_mail *const *)a;
	const struct kd_digest_mail *y = *(struct kd_digest_mail *const *)b;

	return (x->date > y->date) - (x->date < y->date);
}

/*
 * The first mails with which others have acknowledged each patch of the newest
 * posting, by date; only the first one of all, if that is of all.  NULL as long
 * as patches are missing.
 */
static GPtrArray *
find_acknowledged(const struct kd_view *view, guint total)
{
	g_autoptr(GHashTable) parts = g_hash_table_new(NULL, NULL);
	g_autoptr(GPtrArray) acks = g_ptr_array_new();
	const struct kd_digest_mail *whole = NULL;
	gpointer first;
	GHashTableIter at;

	for (guint i = 0; i < view->topic->facts->len; i++) {
		const struct kd_digest_fact *fact = kd_view_fact(view, i);
		const struct kd_digest_mail *mail =
		    kd_view_mail(view, fact->mail);
		int part = kd_view_is_for_all(view, i)
			       ? 0
			       : kd_view_part(view, fact->mail);

		if ((fact->kind != KD_FACT_REVIEWED_BY &&
			fact->kind != KD_FACT_ACKED_BY) ||
		    mail->posting != view->newest || !is_review(view, mail))
			continue;
		if ((part == 0 || total == 1) &&
		    (!whole || mail->date < whole->date))
			whole = mail;
		first = g_hash_table_lookup(parts, GINT_TO_POINTER(part));
		if (part > 0 &&
		    (!first ||
			mail->date < ((struct kd_digest_mail *)first)->date))
			g_hash_table_insert(
			    parts, GINT_TO_POINTER(part), (gpointer)mail);
	}
	g_hash_table_iter_init(&at, parts);
	while (g_hash_table_iter_next(&at, NULL, &first))
		g_ptr_array_add(acks, first);
	g_ptr_array_sort(acks, compare_dates);
	if (acks->len >= total && acks->len &&
	    (!whole ||
		((struct kd_digest_mail *)acks->pdata[acks->len - 1])->date <
		    whole->date))
		return g_steal_pointer(&acks);
	if (!whole)
		return NULL;
	g_ptr_array_set_size(acks, 0);
	g_ptr_array_add(acks, (gpointer)whole);
	return g_steal_pointer(&acks);
}

gboolean
kd_state_is_left_to_maintainer(struct kd_view *view)
{
	const struct kd_posting *posting;
	g_autoptr(GPtrArray) acks = NULL;
	const struct kd_digest_mail *last;

	if (view->newest < 0)
		return FALSE;
	posting = view->topic->postings->pdata[view->newest];
	if (posting->total && posting->complete && !posting->rfc)
		acks = find_acknowledged(view, posting->total);
	if (!acks)
		return FALSE;
	/* The one that was still missing proves it above all. */
	last = acks->pdata[acks->len - 1];
	for (guint i = 0; i + 1 < MIN(acks->len, PROOFS_MAX); i++)
		kd_view_prove(view, acks->pdata[i]);
	kd_view_prove(view, last);
	view->since = last->date;
	g_string_assign(view->state, "等维护者");
	kd_view_wait_for(view, KD_ROLE_MAINTAINER, "", last->date);
	return TRUE;
}
