#include "config.h"

#include <errno.h>
#include <stdio.h>

#include "brief.h"
#include "error.h"

#define CHUNK 65536 /* bytes read at once */

json_t *
kd_brief_read_stdin(GError **error)
{
	g_autoptr(GByteArray) input = g_byte_array_new();
	guint8 buffer[CHUNK];
	json_error_t fault;
	json_t *brief;
	size_t n;

	while ((n = fread(buffer, 1, sizeof(buffer), stdin)) > 0) {
		g_byte_array_append(input, buffer, (guint)n);
		if (input->len > KD_BRIEF_MAX) {
			g_set_error(error, KD_ERROR, KD_ERROR_DATA,
			    "standard input: more than %d bytes", KD_BRIEF_MAX);
			return NULL;
		}
	}
	if (ferror(stdin)) {
		kd_error_errno(
		    error, KD_ERROR_TEMP, errno, "standard input: read");
		return NULL;
	}
	brief = json_loadb((const char *)input->data, input->len,
	    JSON_REJECT_DUPLICATES, &fault);
	/* The text of a fault quotes the input: give its place only. */
	if (!brief)
		g_set_error(error, KD_ERROR, KD_ERROR_DATA,
		    "standard input: no JSON: line %d, column %d", fault.line,
		    fault.column);
	return brief;
}
