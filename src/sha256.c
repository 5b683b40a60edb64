#include "config.h"

#include "sha256.h"

void
kd_sha256(guint8 sum[SHA256_DIGEST_SIZE], const void *bytes, gsize length)
{
	struct sha256_ctx context;

	sha256_init(&context);
	sha256_update(&context, length, bytes);
	sha256_digest(&context, SHA256_DIGEST_SIZE, sum);
}
