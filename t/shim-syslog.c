/*
 * LD_PRELOAD: what a program says to syslog(3) is appended to the file that
 * KD_SYSLOG names, a line each.
 */
#define _GNU_SOURCE
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <syslog.h>

static void
say(const char *format, va_list args)
{
	const char *path = getenv("KD_SYSLOG");
	FILE *file = path ? fopen(path, "ae") : NULL;

	if (!file)
		return;
	vfprintf(file, format, args);
	fputc('\n', file);
	fclose(file);
}

void
syslog(int priority, const char *format, ...)
{
	va_list args;

	(void)priority;
	va_start(args, format);
	say(format, args);
	va_end(args);
}

/* The same as _FORTIFY_SOURCE calls it. */
void __syslog_chk(int priority, int flag, const char *format, ...);

void
__syslog_chk(int priority, int flag, const char *format, ...)
{
	va_list args;

	(void)priority;
	(void)flag;
	va_start(args, format);
	say(format, args);
	va_end(args);
}
