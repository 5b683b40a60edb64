#include "config.h"

#include <string.h>

#include "correct.h"
#include "docket.h"
#include "error.h"

/* What follows "topic:" or "thread:"; FALSE if it is neither. */
static gboolean
read_number(const char *id, guint64 *number)
{
	static const char *const kinds[] = {"topic:", "thread:"};

	for (gsize i = 0; i < G_N_ELEMENTS(kinds); i++)
		if (g_str_has_prefix(id, kinds[i]))
			return g_ascii_string_to_unsigned(id + strlen(kinds[i]),
			    10, 1, G_MAXUINT64, number, NULL);
	return FALSE;
}

gboolean
kd_correct_find(kd_txn *txn, const char *id, guint64 *number, GError **error)
{
	gsize length = strlen(id);
	gboolean bracketed =
	    length > 2 && id[0] == '<' && id[length - 1] == '>';
	g_autofree char *plain =
	    bracketed ? g_strndup(id + 1, length - 2) : g_strdup(id);
	struct kd_mail_info mail;
	guint64 last;

	if (!kd_store_last_record(txn, &last, error))
		return FALSE;
	if (!read_number(plain, number)) {
		if (!kd_docket_mail(txn, plain, number, error))
			return FALSE;
	} else if (*number > last) {
		*number = 0;
	} else {
		if (!kd_store_get_mail(txn, *number, &mail, error))
			return FALSE;
		if (!(mail.flags & KD_MAIL_LIST))
			*number = 0;
	}
	if (*number)
		return TRUE;
	g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
	    "%s: no such topic, thread or mail of the list; --list shows what "
	    "there is",
	    id);
	return FALSE;
}

/* Rulings name mails, which outlive the numbers of a store. */
static kd_record *
find_record(kd_txn *txn, const char *id, GError **error)
{
	guint64 number;

	if (!kd_correct_find(txn, id, &number, error))
		return NULL;
	return kd_store_get_record(txn, number, error);
}

static gboolean
rule(kd_txn *txn, struct kd_correction *correction, enum kd_ruling_kind kind,
    const kd_record *a, const kd_record *b, GError **error)
{
	struct kd_ruling *ruling =
	    kd_ruling_new(kind, correction->now, a->id, b ? b->id : "");

	g_clear_pointer(&correction->done, kd_ruling_free);
	correction->done = ruling;
	return kd_store_add_ruling(txn, ruling, error) &&
	       kd_store_add_todo(txn, a->number, error) &&
	       (!b || kd_store_add_todo(txn, b->number, error));
}

gboolean
kd_correct_join(kd_txn *txn, gpointer data, GError **error)
{
	struct kd_correction *correction = data;
	g_autoptr(kd_record) a = find_record(txn, correction->a, error);
	g_autoptr(kd_record) b = NULL;

	if (!a)
		return FALSE;
	b = find_record(txn, correction->b, error);
	if (!b)
		return FALSE;
	if (a->topic != b->topic)
		return rule(txn, correction, KD_RULING_JOIN, a, b, error);
	g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
	    "%s: is of one topic with %s already: topic:%" G_GUINT64_FORMAT,
	    correction->a, correction->b, a->topic);
	return FALSE;
}

gboolean
kd_correct_split(kd_txn *txn, gpointer data, GError **error)
{
	struct kd_correction *correction = data;
	g_autoptr(kd_record) a = find_record(txn, correction->a, error);

	return a && rule(txn, correction, KD_RULING_SPLIT, a, NULL, error);
}

/* Where the mails of a ruling are there, their topics may change. */
static gboolean
touch(kd_txn *txn, const char *id, GError **error)
{
	guint64 number;

	return kd_docket_mail(txn, id, &number, error) &&
	       (!number || kd_store_add_todo(txn, number, error));
}

gboolean
kd_correct_again(kd_txn *txn, G_GNUC_UNUSED gpointer unused, GError **error)
{
	g_autoptr(GPtrArray) rulings = kd_store_list_rulings(txn, error);

	for (guint i = 0; rulings && i < rulings->len; i++) {
		const struct kd_ruling *ruling = g_ptr_array_index(rulings, i);

		if (!touch(txn, ruling->a, error) ||
		    !touch(txn, ruling->b, error))
			return FALSE;
	}
	return rulings != NULL;
}

gboolean
kd_correct_undo(kd_txn *txn, gpointer data, GError **error)
{
	struct kd_correction *correction = data;
	g_autoptr(GPtrArray) rulings = kd_store_list_rulings(txn, error);
	const struct kd_ruling *ruling = NULL;

	for (guint i = 0; rulings && i < rulings->len; i++) {
		const struct kd_ruling *one = g_ptr_array_index(rulings, i);

		if (!correction->number || one->number == correction->number)
			ruling = one;
	}
	if (!rulings)
		return FALSE;
	if (!ruling && !correction->number) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_USAGE,
		    "--undo: there is no ruling to take back");
		return FALSE;
	}
	if (!ruling) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "--undo: %" G_GUINT64_FORMAT ": no such ruling; --rulings "
		    "lists them",
		    correction->number);
		return FALSE;
	}
	g_clear_pointer(&correction->done, kd_ruling_free);
	correction->done =
	    kd_ruling_new(ruling->kind, ruling->time, ruling->a, ruling->b);
	correction->done->number = ruling->number;
	return kd_store_drop_ruling(txn, ruling->number, error) &&
	       touch(txn, ruling->a, error) && touch(txn, ruling->b, error);
}
