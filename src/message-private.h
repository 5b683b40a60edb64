/*
 * A mail while it is parsed; what message*.c share.
 */
#ifndef KD_MESSAGE_PRIVATE_H
#define KD_MESSAGE_PRIVATE_H

#include <glib.h>

#include "message.h"

/* Fields that are read; of those before SINGLES the first of the name is kept. */
enum field {
	FIELD_FROM,
	FIELD_ORIGINAL_FROM,
	FIELD_REPLY_TO,
	FIELD_CC,
	FIELD_SUBJECT,
	FIELD_DATE,
	FIELD_RECEIVED,
	SINGLES,
	FIELD_TO = SINGLES,
	FIELD_REFERENCES,
	FIELD_IN_REPLY_TO,
	FIELD_MESSAGE_ID,
	FIELD_CONTENT_TYPE,
	FIELD_CONTENT_ENCODING,
	FIELD_CONTENT_DISPOSITION,
	FIELD_OTHER
};

struct kd_message {
	kd_record record;
	GStringChunk *chunk; /* holds the record's strings */
	GPtrArray *aliases, *refs, *bare, *copies, *paths;
	GArray *facts;
	char *text;

	const kd_robots *robots;
	char *fields[SINGLES];	/* unfolded, or NULL */
	GPtrArray *in_reply_to; /* ids */
	GByteArray *content;	/* fields, each in lines of its own */
};

/* Keep a string as long as the message. */
const char *kd_message_keep(struct kd_message *message, const char *string);

/* The mail's id and its aliases, from the Message-ID fields read. */
void kd_message_read_identity(
    struct kd_message *message, const char *mail, gsize length);

/* What it refers to and answers; after identity, author and copies. */
void kd_message_read_refs(struct kd_message *message);

/*
 * Date and arrival, after the fields.  Arrival decides the week.  A mail that
 * was delivered to us carries our clock, given; a mail of an archive, in this
 * order, the time of its top Received field, its From_ line, its Date, the
 * clock at import.
 */
void kd_message_read_times(struct kd_message *message, gint64 given);

#endif
