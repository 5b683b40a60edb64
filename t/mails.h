/*
 * Mails for unit tests, one row each, as records in threads.
 */
#ifndef KD_MAILS_H
#define KD_MAILS_H

#include <string.h>

#include "refs.h"
#include "series.h"

#define UNIT_DAY   86400
#define UNIT_EPOCH 1600000000 /* the day that dates are counted from */

struct unit_mail {
	const char *id;	 /* NULL ends a table */
	gint64 date;	 /* seconds since UNIT_EPOCH */
	const char *who; /* "ann" is ann@example.org, "ann Ek"; "" nobody */
	const char *subject;
	const char *refs;    /* "<a> <b>", the last one the parent, or NULL */
	const char *change;  /* change-id, or NULL */
	const char *earlier; /* URL of an earlier posting, or NULL */
	const char *link;    /* that of a Link trailer, or NULL */
	const char *cited;   /* another URL, or NULL */
	const char *to;	     /* address, or NULL */
	const char *commit;  /* that it is a copy of, or its URL, or NULL */
};

/* A mail that begins something, one below others, one with more to it. */
#define ROOT(i, d, w, s)                                                       \
	{                                                                      \
		.id = i, .date = d, .who = w, .subject = s                     \
	}
#define BELOW(i, d, w, s, r)                                                   \
	{                                                                      \
		.id = i, .date = d, .who = w, .subject = s, .refs = r          \
	}
#define WITH(i, d, w, s, ...)                                                  \
	{                                                                      \
		.id = i, .date = d, .who = w, .subject = s, __VA_ARGS__        \
	}

static inline void
unit_add_fact(kd_record *record, enum kd_fact_kind kind, const char *value)
{
	if (!value)
		return;
	record->facts =
	    g_renew(struct kd_fact, record->facts, record->n_facts + 1);
	record->facts[record->n_facts++] = (struct kd_fact){kind, 1, value, ""};
}

static inline kd_record *
unit_record(const struct unit_mail *mail, guint64 number)
{
	kd_record *record = g_new0(kd_record, 1);
	g_autoptr(GPtrArray) refs = g_ptr_array_new();

	record->number = number;
	record->id = mail->id;
	record->arrival = record->date = UNIT_EPOCH + mail->date;
	record->subject = mail->subject;
	record->name = *mail->who ? g_strdup_printf("%.*s Ek",
					(int)strcspn(mail->who, "@"), mail->who)
				  : g_strdup("");
	record->address = strchr(mail->who, '@') || !*mail->who
			      ? g_strdup(mail->who)
			      : g_strdup_printf("%s@example.org", mail->who);
	if (!strcmp(mail->who, "robot"))
		record->flags |= KD_MAIL_ROBOT;
	if (mail->refs)
		kd_refs_parse(refs, mail->refs, strlen(mail->refs));
	record->n_refs = refs->len;
	record->refs = (const char **)g_ptr_array_steal(refs, NULL);
	record->parent = record->n_refs ? record->refs[record->n_refs - 1] : "";
	unit_add_fact(record, KD_FACT_CHANGE_ID, mail->change);
	unit_add_fact(record, KD_FACT_PREVIOUS_VERSION, mail->earlier);
	unit_add_fact(record, KD_FACT_LINK, mail->link);
	unit_add_fact(record, KD_FACT_CITED, mail->cited);
	unit_add_fact(record, KD_FACT_UPSTREAM, mail->commit);
	if (mail->to) {
		record->copies = g_new(const char *, 1);
		record->copies[record->n_copies++] = mail->to;
	}
	return record;
}

static inline void
unit_record_free(gpointer data)
{
	kd_record *record = data;

	for (guint i = 0; i < record->n_refs; i++)
		g_free((char *)record->refs[i]);
	g_free(record->refs);
	g_free(record->facts);
	g_free(record->copies);
	g_free((char *)record->name);
	g_free((char *)record->address);
	g_free(record);
}

/* Give each record the lowest number of those it is connected with. */
static inline void
unit_thread(GPtrArray *records)
{
	g_autoptr(GHashTable) nodes = g_hash_table_new(g_str_hash, g_str_equal);
	gboolean again = TRUE;

	for (guint i = 0; i < records->len; i++)
		((kd_record *)records->pdata[i])->thread =
		    ((kd_record *)records->pdata[i])->number;
	while (again) {
		again = FALSE;
		for (guint i = 0; i < records->len; i++) {
			kd_record *r = records->pdata[i];

			for (guint j = 0; j <= r->n_refs; j++) {
				const char *id =
				    j < r->n_refs ? r->refs[j] : r->id;
				guint64 *known = g_hash_table_lookup(nodes, id);

				if (!known) {
					g_hash_table_insert(
					    nodes, (gpointer)id, &r->thread);
				} else if (*known != r->thread) {
					*known = r->thread =
					    MIN(*known, r->thread);
					again = TRUE;
				}
			}
		}
	}
}

/*
 * The records of a table: as they stand there, backwards, or, for any other
 * order, begun in its middle.  Numbers follow the order.
 */
static inline GPtrArray *
unit_records(const struct unit_mail *mails, int order)
{
	GPtrArray *records = g_ptr_array_new_with_free_func(unit_record_free);
	guint n = 0;

	while (mails[n].id)
		n++;
	for (guint i = 0; i < n; i++) {
		guint at = order == 0	? i
			   : order == 1 ? n - 1 - i
					: (i + n / 2) % n;

		g_ptr_array_add(records, unit_record(&mails[at], i + 1));
	}
	unit_thread(records);
	return records;
}

#define UNIT_ORDERS 3

#endif
