/*
 * What every unit test begins with: GLib's test runner printing TAP, in the
 * locale that the programs run in.
 */
#ifndef KD_UNIT_H
#define KD_UNIT_H

#include <glib.h>
#include <locale.h>

static inline void
unit_init(int argc, char **argv)
{
	g_autofree char **args = g_new0(char *, argc + 2);
	char **tap = args;
	int n = argc + 1;

	for (int i = 0; i < argc; i++)
		args[i] = argv[i];
	args[argc] = (char *)"--tap";
	setlocale(LC_CTYPE, "C.UTF-8");
	g_test_init(&n, &tap, NULL);
}

#endif
