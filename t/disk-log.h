/*
 * What shim-disk writes and run-power-cut reads.
 */
#ifndef KD_DISK_LOG_H
#define KD_DISK_LOG_H

#include <stdint.h>

enum disk_kind {
	DISK_WRITE = 1,	    /* may be lost, or half written, until a barrier */
	DISK_WRITE_DURABLE, /* is on disk when it returns (O_DSYNC) */
	DISK_TRUNCATE,	    /* to offset */
	DISK_BARRIER,	    /* all before it is on disk */
	DISK_ACCEPTED	    /* by the driver: mail number offset, exit 0 */
};

struct disk_entry {
	uint64_t kind;
	uint64_t offset;
	uint64_t length; /* of the bytes that follow */
};

#endif
