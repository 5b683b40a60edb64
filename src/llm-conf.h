/*
 * Profiles made ready for use: dialect, shape, key.
 */
#ifndef KD_LLM_CONF_H
#define KD_LLM_CONF_H

#include <glib.h>
#include <jansson.h>

#include "conf.h"
#include "llm-dialect.h"

typedef struct kd_llm_profile kd_llm_profile;

struct kd_llm_profile {
	const struct kd_conf_profile *conf; /* borrowed */
	const struct kd_llm_dialect *dialect;
	struct kd_llm_shape shape;
	json_t *extra; /* extra_body */
	char *key;     /* or NULL; wiped when freed */
};

/*
 * The profiles of llm.use in their order, with their keys; conf must outlive
 * them.  NULL sets KD_ERROR_CONFIG: nothing to use, extra_body that is no
 * JSON, a key file that cannot be read, that others may read (mode 0600 is
 * expected), or that holds anything but one line of printable ASCII.
 */
GPtrArray *kd_llm_profiles_load(const kd_conf *conf, GError **error);

void kd_llm_profile_free(kd_llm_profile *profile);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_llm_profile, kd_llm_profile_free)

/* What tokens cost by a profile's prices, in millionths; -1 not known. */
gint64 kd_llm_cost(const struct kd_conf_profile *conf, gint64 prompt,
    gint64 cached, gint64 completion);

#endif
