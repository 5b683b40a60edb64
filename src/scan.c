#include "config.h"

#include <string.h>

#include "refs.h"
#include "scan.h"

static const char *
line_end(const char *at, const char *end)
{
	const char *lf = memchr(at, '\n', (gsize)(end - at));

	return lf ? lf + 1 : end;
}

static gboolean
is_empty_line(const char *at, const char *end)
{
	return at < end &&
	       (*at == '\n' || (*at == '\r' && at + 1 < end && at[1] == '\n'));
}

static gboolean
begins(const char *at, const char *end, const char *prefix)
{
	gsize length = strlen(prefix);

	return (gsize)(end - at) >= length && !memcmp(at, prefix, length);
}

void
kd_scan_begin(struct kd_scan *scan, const char *mail, gsize length)
{
	const char *end = mail + length;

	*scan = (struct kd_scan){.at = mail, .end = end};
	while (is_empty_line(scan->at, end)) {
		scan->at = line_end(scan->at, end);
		scan->malformed = TRUE;
	}
	if (begins(scan->at, end, "From ") || begins(scan->at, end, ">From "))
		scan->at = line_end(scan->at, end);
	scan->limit =
	    scan->at + MIN(KD_SCAN_HEADER_MAX, (gsize)(end - scan->at));
}

/*
 * The colon behind a field name at the start of a line, and the name's length;
 * NULL when there is none.
 */
static const char *
field_colon(const char *at, const char *end, gsize *length)
{
	const char *p = at;

	while (p<end && * p> ' ' && *p < 127 && *p != ':')
		p++;
	*length = (gsize)(p - at);
	/* Obsolete syntax (RFC 5322, 4.5.3) has white space here. */
	while (p < end && (*p == ' ' || *p == '\t'))
		p++;
	return *length && p < end && *p == ':' ? p : NULL;
}

/* Over a limit: pass over the rest of the header. */
static void
skip_to_body(struct kd_scan *scan)
{
	scan->clipped = TRUE;
	while (scan->at < scan->end && !is_empty_line(scan->at, scan->end))
		scan->at = line_end(scan->at, scan->end);
	if (scan->at < scan->end)
		scan->at = line_end(scan->at, scan->end);
}

gboolean
kd_scan_next(struct kd_scan *scan, struct kd_field *field)
{
	const char *colon, *next, *value;
	gsize name;

	if (scan->at == scan->end)
		return FALSE;
	if (is_empty_line(scan->at, scan->end)) {
		scan->at = line_end(scan->at, scan->end);
		return FALSE;
	}
	colon = field_colon(scan->at, scan->end, &name);
	if (!colon) {
		scan->malformed = TRUE;
		return FALSE;
	}
	next = line_end(colon, scan->end);
	while (next < scan->end && (*next == ' ' || *next == '\t'))
		next = line_end(next, scan->end);
	if (next > scan->limit || ++scan->fields > KD_SCAN_FIELDS_MAX) {
		skip_to_body(scan);
		return FALSE;
	}
	value = colon + 1;
	*field = (struct kd_field){.name = scan->at,
	    .name_length = name,
	    .value = value,
	    .value_length = (gsize)(next - value)};
	while (
	    field->value_length && (value[field->value_length - 1] == '\n' ||
				       value[field->value_length - 1] == '\r'))
		field->value_length--;
	scan->at = next;
	return TRUE;
}

/* The first field of a name; FALSE when there is none. */
static gboolean
find_field(
    const char *mail, gsize length, const char *name, struct kd_field *field)
{
	struct kd_scan scan;

	kd_scan_begin(&scan, mail, length);
	while (kd_scan_next(&scan, field))
		if (kd_field_is(field, name))
			return TRUE;
	return FALSE;
}

const char *
kd_scan_header(const char *mail, gsize length)
{
	struct kd_scan scan;

	kd_scan_begin(&scan, mail, length);
	return scan.at;
}

char *
kd_scan_identity(const char *mail, gsize length, gboolean *synthetic)
{
	struct kd_field field;
	const char *header = kd_scan_header(mail, length);
	g_autofree char *sum = NULL;
	char *id = NULL;

	if (find_field(mail, length, "Message-ID", &field))
		id = kd_refs_identity(field.value, field.value_length);
	*synthetic = !id;
	if (id)
		return id;
	sum = g_compute_checksum_for_data(G_CHECKSUM_SHA256,
	    (const guchar *)header, (gsize)(mail + length - header));
	return g_strdup_printf("%.32s@no-message-id.kvdigest.invalid", sum);
}

/* The identifier of a List-Id value: what its last <> hold, else all of it. */
static gboolean
value_is_list(const struct kd_field *field, const char *list_id)
{
	const char *begin = field->value;
	const char *end = begin + field->value_length;
	const char *open = memrchr(begin, '<', field->value_length);

	if (open) {
		const char *close = memchr(open, '>', (gsize)(end - open));

		begin = open + 1;
		end = close ? close : end;
	}
	while (begin < end && g_ascii_isspace(*begin))
		begin++;
	while (end > begin && g_ascii_isspace(end[-1]))
		end--;
	return strlen(list_id) == (gsize)(end - begin) &&
	       !g_ascii_strncasecmp(begin, list_id, (gsize)(end - begin));
}

gboolean
kd_scan_is_list(const char *mail, gsize length, const char *const *list_ids)
{
	struct kd_scan scan;
	struct kd_field field;

	kd_scan_begin(&scan, mail, length);
	while (kd_scan_next(&scan, &field)) {
		if (!kd_field_is(&field, "List-Id"))
			continue;
		for (gsize i = 0; list_ids[i]; i++)
			if (value_is_list(&field, list_ids[i]))
				return TRUE;
	}
	return FALSE;
}
