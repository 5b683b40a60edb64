#include "config.h"

#include <string.h>

#include "alike.h"

/* A stretch of each text. */
struct pair {
	guint a, a_end;
	guint b, b_end;
};

/* The longest common stretch within a pair, the first of those in a. */
static struct pair
find_longest(const char *a, const char *b, const struct pair *in)
{
	guint lengths[KD_ALIKE_MAX + 1] = {0};
	struct pair best = {in->a, in->a, in->b, in->b};

	for (guint i = in->a; i < in->a_end; i++) {
		guint diagonal = 0;

		/* lengths[j + 1]: of the stretch that ends at i - 1 and j. */
		for (guint j = in->b; j < in->b_end; j++) {
			guint above = lengths[j + 1];
			guint length = a[i] == b[j] ? diagonal + 1 : 0;

			diagonal = above;
			lengths[j + 1] = length;
			if (length > best.a_end - best.a)
				best = (struct pair){i + 1 - length, i + 1,
				    j + 1 - length, j + 1};
		}
	}
	return best;
}

guint
kd_alike(const char *a, const char *b)
{
	/* Each pair on the stack holds a byte that no other one holds. */
	struct pair stack[KD_ALIKE_MAX + 1];
	guint m = (guint)MIN(strlen(a), KD_ALIKE_MAX);
	guint n = (guint)MIN(strlen(b), KD_ALIKE_MAX);
	guint depth = 0, common = 0;

	if (m + n == 0)
		return 100;
	stack[depth++] = (struct pair){0, m, 0, n};
	while (depth > 0) {
		const struct pair in = stack[--depth];
		const struct pair best = find_longest(a, b, &in);

		if (best.a == best.a_end)
			continue;
		common += best.a_end - best.a;
		if (in.a < best.a && in.b < best.b)
			stack[depth++] =
			    (struct pair){in.a, best.a, in.b, best.b};
		if (best.a_end < in.a_end && best.b_end < in.b_end)
			stack[depth++] = (struct pair){
			    best.a_end, in.a_end, best.b_end, in.b_end};
	}
	return 200 * common / (m + n);
}
