/*
 * When a mail was written, and when it came.
 */
#include "config.h"

#include <gmime/gmime.h>
#include <string.h>

#include "message-private.h"

#define YEAR_1995 G_GINT64_CONSTANT(788918400)
#define DAY	  G_GINT64_CONSTANT(86400)

/* GMime takes the last two digits of a year such as 0001. */
static gboolean
has_ancient_year(const char *value)
{
	const char *year = strstr(value, " 0");

	for (; year; year = strstr(year + 1, " 0"))
		if (strspn(year + 1, "0123456789") == 4)
			return TRUE;
	return FALSE;
}

/* Unix seconds of an RFC 5322 date; 0 if it is none. */
static gint64
read_date(const char *value)
{
	g_autoptr(GDateTime) date = value && !has_ancient_year(value)
					? g_mime_utils_header_decode_date(value)
					: NULL;

	return date ? g_date_time_to_unix(date) : 0;
}

static gboolean
is_plausible(gint64 time, gint64 latest)
{
	return time >= YEAR_1995 && time <= latest;
}

void
kd_message_read_times(struct kd_message *message, gint64 given)
{
	kd_record *record = &message->record;
	const char *received = message->fields[FIELD_RECEIVED];
	const char *stamp = received ? strrchr(received, ';') : NULL;
	gint64 now = MAX(given, g_get_real_time() / G_USEC_PER_SEC);
	gint64 date = read_date(message->fields[FIELD_DATE]);
	gint64 trace = stamp ? read_date(stamp + 1) : 0;

	record->arrival = given;
	if (record->flags & KD_MAIL_BACKFILL) {
		if (is_plausible(trace, now))
			record->arrival = trace;
		else if (!(record->flags & KD_MAIL_POSTED) &&
			 is_plausible(date, now))
			record->arrival = date;
	}
	record->date = date;
	if (!is_plausible(date, record->arrival + DAY)) {
		record->flags |= KD_MAIL_NO_DATE;
		record->date = record->arrival;
	}
}
