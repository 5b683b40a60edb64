#include "config.h"

#include <string.h>

#include "date.h"

#define YEAR_MIN  1970
#define YEAR_MAX  2199
#define HOURS_MAX 14	 /* of a time zone */
#define EPOCH	  719163 /* the Julian day of 1 January 1970, as GDate counts */

static const char *
skip_blanks(const char *p)
{
	while (*p == ' ')
		p++;
	return p;
}

/* The number of three letters among several, from 1; 0 for another. */
static guint
read_name(const char *p, const char *names)
{
	for (guint i = 0; names[i]; i += 3)
		if (!strncmp(p, names + i, 3))
			return i / 3 + 1;
	return 0;
}

/* A number of that many digits. */
static gboolean
read_number(const char **p, guint digits, guint *number)
{
	const char *at = *p;

	for (*number = 0; digits--; at++) {
		if (!g_ascii_isdigit(*at))
			return FALSE;
		*number = *number * 10 + (guint)(*at - '0');
	}
	*p = at;
	return TRUE;
}

static gboolean
skip(const char **p, char byte)
{
	if (**p != byte)
		return FALSE;
	++*p;
	return TRUE;
}

/* "Mon, 1 Mar 2021 ", as its Julian day. */
static gboolean
read_day(const char **p, guint32 *julian)
{
	guint day, month, year;
	GDate date;

	*p = skip_blanks(*p);
	if (read_name(*p, "MonTueWedThuFriSatSun")) {
		if ((*p)[3] != ',')
			return FALSE;
		*p = skip_blanks(*p + 4);
	}
	if ((!read_number(p, 2, &day) && !read_number(p, 1, &day)) ||
	    !skip(p, ' '))
		return FALSE;
	month = read_name(*p, "JanFebMarAprMayJunJulAugSepOctNovDec");
	if (!month || (*p)[3] != ' ')
		return FALSE;
	*p += 4;
	if (!read_number(p, 4, &year) || !skip(p, ' ') || year < YEAR_MIN ||
	    year > YEAR_MAX ||
	    !g_date_valid_dmy(
		(GDateDay)day, (GDateMonth)month, (GDateYear)year))
		return FALSE;
	g_date_clear(&date, 1);
	g_date_set_dmy(
	    &date, (GDateDay)day, (GDateMonth)month, (GDateYear)year);
	*julian = g_date_get_julian(&date);
	return TRUE;
}

/* "10:11:12 ", as seconds of the day. */
static gboolean
read_time(const char **p, gint64 *seconds)
{
	guint hour, minute, second;

	if (!read_number(p, 2, &hour) || !skip(p, ':') ||
	    !read_number(p, 2, &minute) || !skip(p, ':') ||
	    !read_number(p, 2, &second) || !skip(p, ' ') || hour > 23 ||
	    minute > 59 || second > 59)
		return FALSE;
	*seconds = (hour * 60 + minute) * 60 + second;
	return TRUE;
}

/* "+0100" or "+0100 (CET)", which is the last thing, as seconds. */
static gboolean
read_zone(const char *p, gint64 *offset)
{
	gboolean west = *p == '-';
	guint number;

	if ((!skip(&p, '+') && !skip(&p, '-')) ||
	    !read_number(&p, 4, &number) || number / 100 > HOURS_MAX ||
	    number % 100 > 59)
		return FALSE;
	if (*p && !skip(&p, ' '))
		return FALSE;
	p = skip_blanks(p);
	if (*p == '(') {
		while (g_ascii_isalpha(*++p))
			continue;
		if (!skip(&p, ')'))
			return FALSE;
	}
	if (*skip_blanks(p))
		return FALSE;
	*offset = (number / 100 * 60 + number % 100) * 60;
	*offset = west ? -*offset : *offset;
	return TRUE;
}

gboolean
kd_date_read(const char *value, gint64 *seconds)
{
	const char *p = value;
	guint32 julian;
	gint64 time, offset;

	if (!read_day(&p, &julian) || !read_time(&p, &time) ||
	    !read_zone(p, &offset))
		return FALSE;
	*seconds = ((gint64)julian - EPOCH) * 24 * 60 * 60 + time - offset;
	return TRUE;
}
