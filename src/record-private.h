/*
 * Records as bytes: what record-pack.c writes and record-unpack.c reads.
 * Numbers are LEB128, signed ones zigzag; a string is its length, its bytes
 * and a NUL, so that an unpacked one can be used where it lies.  The order is
 * that of kvdigest-db(5).
 */
#ifndef KD_RECORD_PRIVATE_H
#define KD_RECORD_PRIVATE_H

#include "record.h"

#define KD_RECORD_FORMAT 1

/* Of the lists of a record, which come first. */
struct kd_counts {
	guint aliases, refs, bare, copies, paths, facts;
};

#endif
