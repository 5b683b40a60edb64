/*
 * SHA-256 (FIPS 180-4) of what every mail takes: by nettle, which uses the
 * processor's instructions for it.  GChecksum has none of them, and took a
 * third of an import.
 */
#ifndef KD_SHA256_H
#define KD_SHA256_H

#include <glib.h>
#include <nettle/sha2.h>

/* The hash of some bytes. */
void kd_sha256(guint8 sum[SHA256_DIGEST_SIZE], const void *bytes, gsize length);

#endif
