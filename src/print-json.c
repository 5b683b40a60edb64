#include "config.h"

#include <stdio.h>

#include "print-private.h"

json_t *
kd_print_time_json(gint64 time, const struct kd_window *window)
{
	g_autofree char *text =
	    kd_time_format(time, window->zone, KD_TIME_RFC3339);

	return json_string(text);
}

void
kd_print_json(json_t *json)
{
	/* main looks for errors when it closes standard output. */
	json_dumpf(json, stdout, JSON_INDENT(2));
	putchar('\n');
	json_decref(json);
}
