/*
 * Trying all that a digest needs, before Monday morning does.
 */
#ifndef KD_CHECK_H
#define KD_CHECK_H

#include <glib.h>

#include "conf.h"

/*
 * Try the store, the parser, the term base, each filter of the chain and of
 * the fallback, each profile of llm.use with one small request that is paid
 * for, and whether sendmail and the addresses can be used; nothing is sent and
 * nothing changed.  A line for each is printed on standard output; why one is
 * wrong may be said by its program on standard error.  FALSE sets error, with
 * the code of the first.
 */
gboolean kd_check(const kd_conf *conf, GError **error);

#endif
