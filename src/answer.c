#include "config.h"

#include "answer.h"

#define RECORD_VERSION 2
/* version, part, made, topic, week, summary */
#define RECORD_TYPE "(yyxtss)"
#define RECORD_MIN  26 /* bytes of the first four, ends of strings */

void
kd_answer_free(kd_answer *answer)
{
	if (!answer)
		return;
	g_free(answer->week);
	g_free(answer->summary);
	g_free(answer);
}

GBytes *
kd_answer_pack(const kd_answer *answer)
{
	g_autoptr(GVariant) record = g_variant_ref_sink(
	    g_variant_new(RECORD_TYPE, RECORD_VERSION, (guchar)answer->part,
		answer->made, answer->topic, answer->week, answer->summary));

	return g_variant_get_data_as_bytes(record);
}

kd_answer *
kd_answer_unpack(GBytes *record)
{
	g_autoptr(GVariant) variant = NULL;
	kd_answer *answer;
	guchar part;
	gsize length;
	const guint8 *bytes = g_bytes_get_data(record, &length);

	if (length < RECORD_MIN || *bytes != RECORD_VERSION)
		return NULL;
	variant = g_variant_ref_sink(g_variant_new_from_bytes(
	    G_VARIANT_TYPE(RECORD_TYPE), record, FALSE));
	if (!g_variant_is_normal_form(variant))
		return NULL;
	answer = g_new0(kd_answer, 1);
	g_variant_get(variant, RECORD_TYPE, NULL, &part, &answer->made,
	    &answer->topic, &answer->week, &answer->summary);
	answer->part = part != 0;
	return answer;
}
