/*
 * The chain of filters: programs that read a brief on standard input and write
 * one on standard output, described in kvdigest-filters(7).
 */
#ifndef KD_FILTER_H
#define KD_FILTER_H

#include <glib.h>
#include <jansson.h>

#define KD_FILTER_FACTS "summarise-facts" /* the one that asks no model */
#define KD_FILTER_LLM	"summarise-llm"	  /* and the one that does */

/* Files of the directory that filters share: kvdigest-filters(7). */
#define KD_FILTER_SPENT "spent" /* what each request has cost, by lines */
#define KD_FILTER_PART	".part" /* ending of answers to parts of a topic */

struct kd_filters {
	const char *const
	    *chain;	       /* as kd_child_find() takes them; NULL-ended */
	guint deadline;	       /* seconds for all of them together */
	const char *config;    /* the configuration they read, or NULL */
	const char *directory; /* for what filters share in a run, or NULL */
	const char *profile;   /* that a model is asked by, or NULL */
	gboolean plan;	  /* they ask no service, but say what they would */
	const char *dump; /* absolute, for what they would send; or NULL */
};

/*
 * Run a brief through the programs of a chain, with the environment that
 * kvdigest-filters(7) lists.  *answer is what the last one wrote, the brief
 * itself when the chain is empty; the caller owns it.
 *
 * FALSE sets error: a program that is not there (KD_ERROR_CONFIG), one that
 * failed, took too long or wrote too much (as kd_child_run() says), or wrote
 * what is no brief: JSON in UTF-8 without duplicate keys, an object of this
 * format, at most KD_BRIEF_MAX bytes (KD_ERROR_SERVICE).
 */
gboolean kd_filter_run(const struct kd_filters *filters, const json_t *brief,
    json_t **answer, GError **error);

#endif
