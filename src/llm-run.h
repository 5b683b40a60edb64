/*
 * What the processes of one run share, in a directory that kvdigest-report
 * makes for it: how many requests are on their way, what has been spent, what
 * was learnt of a server.  Without a directory a process is alone.
 *
 * All of it is advice: a process that dies leaves no lock behind, and a file
 * that cannot be read counts as empty.
 */
#ifndef KD_LLM_RUN_H
#define KD_LLM_RUN_H

#include <glib.h>
#include <jansson.h>

#include "conf.h"

/* Time and chance, so that tests need not wait.  Microseconds. */
struct kd_llm_clock {
	gint64 (*now)(gpointer data);
	void (*sleep)(gpointer data, gint64 microseconds);
	double (*chance)(gpointer data); /* from 0 to 1 */
	gpointer data;
};

/* The clock of this machine. */
const struct kd_llm_clock *kd_llm_clock_real(void);

typedef struct kd_llm_run kd_llm_run;

/* directory may be NULL; it and clock must outlive the run. */
kd_llm_run *kd_llm_run_new(
    const char *directory, const struct kd_llm_clock *clock);
void kd_llm_run_free(kd_llm_run *run);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_llm_run, kd_llm_run_free)

/*
 * Wait until a request to the profile's server may begin: not more than
 * concurrency of them at once, and only one before the first has been
 * answered, so that the others find its beginning in the server's cache; not
 * more than rpm in a minute.  FALSE: end came first.  One at a time.
 */
gboolean kd_llm_run_enter(
    kd_llm_run *run, const struct kd_conf_profile *profile, gint64 end);

/* The request that was entered has ended; answered: a server gave one. */
void kd_llm_run_leave(kd_llm_run *run, gboolean answered);

/* Refusals for good in a row, of all processes; 0 after a success. */
guint kd_llm_run_failures(kd_llm_run *run, const char *profile);
void kd_llm_run_count(kd_llm_run *run, const char *profile, gboolean failed);

/* A line about a profile that another process left; the caller frees it. */
char *kd_llm_run_recall(kd_llm_run *run, const char *profile);
void kd_llm_run_remember(
    kd_llm_run *run, const char *profile, const char *line);

/* What one request has cost; -1 where that is not known. */
struct kd_llm_entry {
	gint64 prompt, completion, cached; /* tokens */
	gint64 micro;			   /* millionths of the currency */
	const char *currency;		   /* or NULL */
};

/*
 * Write it down at once in the ledger that the run's report reads; see
 * kvdigest-filters(7).
 */
void kd_llm_run_account(kd_llm_run *run, const struct kd_llm_entry *entry);

/*
 * The sentences that were kept under a key of 64 hexadecimal digits, to be
 * trusted no more than what was kept; NULL for none.  The caller owns them.
 */
json_t *kd_llm_run_find(kd_llm_run *run, const char *key);

/* Keep an answer, an object as kvdigest-filters(7) has it. */
void kd_llm_run_keep(kd_llm_run *run, const char *key, const json_t *answer);

/* Add millionths of the currency to what was spent; what that is now. */
gint64 kd_llm_run_spend(kd_llm_run *run, gint64 amount);

#endif
