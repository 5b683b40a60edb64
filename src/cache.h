/*
 * What filters that ask a model have answered before: the same question is not
 * paid for twice.
 *
 * A question is a brief and all that decides the answer: the programs of the
 * chain, byte by byte; for summarise-llm its prompt and the profiles it uses;
 * for other programs the whole configuration.
 */
#ifndef KD_CACHE_H
#define KD_CACHE_H

#include <glib.h>
#include <jansson.h>

#include "answer.h"
#include "conf.h"
#include "digest.h"
#include "store.h"

#define KD_CACHE_WEEKS	  26	 /* that an answer is kept */
#define KD_CACHE_PART_MAX 262144 /* bytes of a part's answer */

typedef struct kd_cache kd_cache;

/*
 * For a chain of filters and a digest, all borrowed.  NULL when there is nothing
 * to keep: the chain asks no model, or a program of it cannot be read, which
 * running it will tell of.
 */
kd_cache *kd_cache_new(kd_store *store, const kd_conf *conf,
    const char *const *chain, const kd_digest *digest);

void kd_cache_free(kd_cache *cache);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_cache, kd_cache_free)

/*
 * The answer to a brief, an object with the member "summary", or NULL; key gets
 * what kd_cache_keep() wants.  Any thread may call these two.
 */
json_t *kd_cache_find(
    kd_cache *cache, const json_t *brief, guint8 key[KD_ANSWER_KEY]);

/* Keep an answer, durably; what fails is noticed. */
void kd_cache_keep(kd_cache *cache, const guint8 key[KD_ANSWER_KEY],
    guint64 topic, const json_t *answer);

/*
 * Answers to parts of topics, which filters keep as files of the directory that
 * they share: put those of earlier runs there, and take into the store what has
 * been added, see kvdigest-filters(7).  What fails is noticed.
 */
void kd_cache_hand_out(kd_cache *cache, const char *directory);
void kd_cache_collect(kd_cache *cache, const char *directory);

/* Forget answers of either kind that are older than KD_CACHE_WEEKS. */
void kd_cache_forget(kd_cache *cache);

#endif
