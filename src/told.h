/*
 * What a digest told its readers of each topic, and what has changed since.
 * Pure.
 */
#ifndef KD_TOLD_H
#define KD_TOLD_H

#include <glib.h>

#include "digest.h"

/* The GVariant type of what the store keeps of a digest: kvdigest-db(5). */
#define KD_TOLD_TYPE "(xa(tssssuuuyxsa(ysas)))"

/* What is kept of a digest; a floating GVariant of KD_TOLD_TYPE. */
GVariant *kd_told_pack(const kd_digest *digest);

/*
 * The same as an array of struct kd_told, to be told of with the name of its
 * week; the caller owns it.  A variant out of the store is in normal form; what
 * else may be wrong with it is mended.
 */
GPtrArray *kd_told_unpack(GVariant *variant, const char *week);

/*
 * What is different in the topic from what topic->told has, in one line of
 * Chinese, "v2 → v3，评审中 → 已应用到 next，Reviewed-by 1 → 2 人"; "" when
 * nothing is or nothing was told.  Not escaped; the caller frees it.
 */
char *kd_told_compare(const struct kd_topic *topic);

/* Whose turn it was: "作者 Ann Example", "维护者"; the caller frees it. */
char *kd_told_waiting(const struct kd_told *told);

#endif
