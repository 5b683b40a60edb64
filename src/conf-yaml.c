#include "config.h"

#include <errno.h>
#include <stdarg.h>
#include <string.h>
#include <yaml.h>

#include "auto.h"
#include "conf-private.h"
#include "error.h"

#define SHOWN_MAX_BYTES 60 /* of a value in a message */

struct reader {
	yaml_parser_t *parser;
	kd_conf *conf;
	GHashTable *seen; /* path -> yaml_mark_t * of its key */
	yaml_mark_t end;  /* of the document */
};

static gboolean refuse(GError **error, const char *file,
    const yaml_mark_t *mark, const char *format, ...) G_GNUC_PRINTF(4, 5);

/* Always FALSE, so that a caller can return it.  Marks count from 0. */
static gboolean
refuse(GError **error, const char *file, const yaml_mark_t *mark,
    const char *format, ...)
{
	g_autofree char *reason = NULL;
	va_list args;

	va_start(args, format);
	reason = g_strdup_vprintf(format, args);
	va_end(args);
	g_set_error(error, KD_ERROR, KD_ERROR_CONFIG, "%s:%zu:%zu: %s", file,
	    mark->line + 1, mark->column + 1, reason);
	return FALSE;
}

/* What a message shows of a value.  The caller frees it. */
static char *
cut(const char *value)
{
	gsize length = strlen(value);

	if (length <= SHOWN_MAX_BYTES)
		return g_strdup(value);
	length = SHOWN_MAX_BYTES;
	while ((value[length] & 0xc0) == 0x80)
		length--;
	return g_strdup_printf("%.*s...", (int)length, value);
}

static gboolean
check_text(const char *file, const char *text, gsize length, GError **error)
{
	const char *end = text + length;
	yaml_mark_t at = {0};

	for (; text < end; text = g_utf8_next_char(text)) {
		gunichar c = g_utf8_get_char_validated(text, end - text);
		const char *fault = kd_conf_find_fault(c);

		if (fault)
			return refuse(error, file, &at, "%s", fault);
		at.line += c == '\n';
		at.column = c == '\n' ? 0 : at.column + 1;
	}
	return TRUE;
}

/* libyaml's own complaint; it has none when memory was short. */
static gboolean
refuse_syntax(const struct reader *reader, GError **error)
{
	const yaml_parser_t *parser = reader->parser;
	const char *context = parser->context;

	if (!parser->problem)
		return kd_error_errno(
		    error, KD_ERROR_CONFIG, ENOMEM, reader->conf->file);
	return refuse(error, reader->conf->file, &parser->problem_mark,
	    "not YAML: %s%s%s: expected the form of kvdigest.yaml(5)",
	    parser->problem, context ? " " : "", context ? context : "");
}

/* The next event, none of them using what no key here needs. */
static gboolean
next_event(const struct reader *reader, yaml_event_t *event, GError **error)
{
	const char *file = reader->conf->file;
	const yaml_char_t *anchor = NULL, *tag = NULL;
	const char *value;

	if (!yaml_parser_parse(reader->parser, event))
		return refuse_syntax(reader, error);
	if (event->type == YAML_MAPPING_START_EVENT) {
		anchor = event->data.mapping_start.anchor;
		tag = event->data.mapping_start.tag;
	} else if (event->type == YAML_SEQUENCE_START_EVENT) {
		anchor = event->data.sequence_start.anchor;
		tag = event->data.sequence_start.tag;
	} else if (event->type == YAML_SCALAR_EVENT) {
		anchor = event->data.scalar.anchor;
		tag = event->data.scalar.tag;
	}
	if (anchor || event->type == YAML_ALIAS_EVENT)
		return refuse(error, file, &event->start_mark,
		    "anchor or alias: expected the value itself");
	if (tag)
		return refuse(error, file, &event->start_mark,
		    "tag: expected a value without one");
	if (event->type != YAML_SCALAR_EVENT)
		return TRUE;

	value = (const char *)event->data.scalar.value;
	if (strlen(value) != event->data.scalar.length)
		return refuse(error, file, &event->start_mark,
		    "NUL character: expected text on one line");
	for (; *value; value = g_utf8_next_char(value))
		if (kd_conf_is_control(g_utf8_get_char(value)))
			return refuse(error, file, &event->start_mark,
			    "line break or control character in a value: "
			    "expected text on one line");
	return TRUE;
}

static gboolean
is_empty(const yaml_event_t *event)
{
	return event->type == YAML_SCALAR_EVENT &&
	       event->data.scalar.style == YAML_PLAIN_SCALAR_STYLE &&
	       event->data.scalar.length == 0;
}

/* Read a key's value: a scalar, or as many as the key takes. */
static gboolean
read_values(const struct reader *reader, const struct kd_conf_key *key,
    const char *path, GError **error)
{
	const char *file = reader->conf->file;
	g_autoptr(GPtrArray) values = g_ptr_array_new_with_free_func(g_free);
	gboolean sequence = FALSE;

	do {
		g_auto(yaml_event_t) event = {0};
		g_autofree char *given = NULL;
		const char *value;

		if (!next_event(reader, &event, error))
			return FALSE;
		if (event.type == YAML_SEQUENCE_START_EVENT && !sequence &&
		    kd_conf_key_is_list(key)) {
			sequence = TRUE;
			continue;
		}
		if (event.type == YAML_SEQUENCE_END_EVENT) {
			if (values->len >= key->min)
				break;
			return refuse(error, file, &event.start_mark,
			    "%s: empty: expected %s", path, key->expected);
		}
		if (event.type != YAML_SCALAR_EVENT)
			return refuse(error, file, &event.start_mark,
			    "%s: a %s: expected %s", path,
			    event.type == YAML_MAPPING_START_EVENT ? "mapping"
								   : "sequence",
			    key->expected);
		value = (const char *)event.data.scalar.value;
		given = cut(value);
		if (!kd_conf_key_accepts(key, values->len, value))
			return refuse(error, file, &event.start_mark,
			    "%s: \"%s\": expected %s", path, given,
			    key->expected);
		if (sequence && values->len == key->max)
			return refuse(error, file, &event.start_mark,
			    "%s: too many: expected %s", path, key->expected);
		g_ptr_array_add(values, g_strdup(value));
	} while (sequence);

	g_ptr_array_add(values, NULL);
	kd_conf_key_store(key, kd_conf_object(reader->conf, key, path),
	    (const char *const *)values->pdata);
	return TRUE;
}

static gboolean
refuse_unknown(const struct reader *reader, const yaml_mark_t *mark,
    const char *section, const char *name, const char *const *names,
    GError **error)
{
	g_autofree char *known = g_strjoinv(", ", (GStrv)names);
	g_autofree char *given = cut(name);
	const char *nearest = kd_conf_nearest(names, name);
	const char *dot = *section ? "." : "";
	const char *what = *section ? "key" : "section";

	if (nearest)
		return refuse(error, reader->conf->file, mark,
		    "%s%s%s: unknown %s (did you mean \"%s\"?)", section, dot,
		    given, what, nearest);
	return refuse(error, reader->conf->file, mark,
	    "%s%s%s: unknown %s: expected one of %s", section, dot, given, what,
	    known);
}

/*
 * The path of a key in a section ("" is the file), which must be one that may
 * stand there and did not yet.  The caller frees it.
 */
static char *
take_key(const struct reader *reader, const char *section,
    const yaml_event_t *event, GError **error)
{
	const char *file = reader->conf->file;
	const yaml_mark_t *mark = &event->start_mark;
	g_auto(GStrv) names = kd_conf_names(section);
	g_autofree char *path = NULL;
	const yaml_mark_t *first;
	const char *name;

	if (event->type != YAML_SCALAR_EVENT) {
		refuse(error, file, mark, "%s: expected a key",
		    *section ? section : "a mapping or sequence");
		return NULL;
	}
	name = (const char *)event->data.scalar.value;
	if (!strcmp(names[0], "*") && !kd_conf_is_label(name)) {
		g_autofree char *given = cut(name);

		refuse(error, file, mark,
		    "%s: \"%s\": expected a name of letters, digits, \"-\" "
		    "and \"_\"",
		    section, given);
		return NULL;
	}
	if (strcmp(names[0], "*") &&
	    !g_strv_contains((const char *const *)names, name)) {
		refuse_unknown(reader, mark, section, name,
		    (const char *const *)names, error);
		return NULL;
	}
	path = g_strconcat(section, *section ? "." : "", name, NULL);
	first = g_hash_table_lookup(reader->seen, path);
	if (first) {
		refuse(error, file, mark,
		    "%s: duplicate key: expected it once, line %zu has it",
		    path, first->line + 1);
		return NULL;
	}
	g_hash_table_insert(
	    reader->seen, g_strdup(path), g_memdup2(mark, sizeof(*mark)));
	return g_steal_pointer(&path);
}

/*
 * Enter the section of a path: *inside says whether its keys follow, since a
 * section whose keys are all commented out is empty and no mapping.
 */
static gboolean
enter_section(const struct reader *reader, const char *path, gboolean *inside,
    GError **error)
{
	g_auto(yaml_event_t) event = {0};

	if (!next_event(reader, &event, error))
		return FALSE;
	*inside = event.type == YAML_MAPPING_START_EVENT;
	if (!*inside && !is_empty(&event)) {
		g_auto(GStrv) names = kd_conf_names(path);
		g_autofree char *known = g_strjoinv(", ", names);

		return refuse(error, reader->conf->file, &event.start_mark,
		    "%s%sno mapping: expected %s: %s", path, *path ? ": " : "",
		    *path ? "keys" : "sections", known);
	}
	return TRUE;
}

/* Nesting is as deep as the table's paths: there is no recursion. */
static gboolean
read_document(const struct reader *reader, GError **error)
{
	g_autoptr(GString) section = g_string_new(NULL);
	gboolean inside = FALSE;

	if (!enter_section(reader, "", &inside, error))
		return FALSE;
	while (inside) {
		g_auto(yaml_event_t) event = {0};
		g_autofree char *path = NULL;
		const struct kd_conf_key *key;
		gboolean entered = FALSE;

		if (!next_event(reader, &event, error))
			return FALSE;
		if (event.type == YAML_MAPPING_END_EVENT) {
			const char *dot = strrchr(section->str, '.');

			inside = section->len > 0;
			g_string_truncate(
			    section, dot ? (gsize)(dot - section->str) : 0);
			continue;
		}
		path = take_key(reader, section->str, &event, error);
		if (!path)
			return FALSE;
		key = kd_conf_key_find(path);
		if (key && !read_values(reader, key, path, error))
			return FALSE;
		if (!key && !enter_section(reader, path, &entered, error))
			return FALSE;
		if (entered)
			g_string_assign(section, path);
	}
	return TRUE;
}

static gboolean
read_stream(struct reader *reader, GError **error)
{
	const char *file = reader->conf->file;
	guint documents = 0;

	for (;;) {
		g_auto(yaml_event_t) event = {0};

		if (!next_event(reader, &event, error))
			return FALSE;
		reader->end = event.start_mark;
		if (event.type == YAML_STREAM_END_EVENT)
			return TRUE;
		if (event.type != YAML_DOCUMENT_START_EVENT)
			continue;
		if (documents++ > 0)
			return refuse(error, file, &event.start_mark,
			    "second document: expected one");
		if (event.data.document_start.tag_directives.start !=
		    event.data.document_start.tag_directives.end)
			return refuse(error, file, &event.start_mark,
			    "%%TAG: expected a document without tags");
		if (!read_document(reader, error))
			return FALSE;
	}
}

/* A missing key is looked for where its section begins. */
static gboolean
check_required(const struct reader *reader, GError **error)
{
	gsize n;
	const struct kd_conf_key *keys = kd_conf_keys(&n);

	for (gsize i = 0; i < n; i++) {
		const char *path = keys[i].path;
		g_autofree char *section =
		    g_strndup(path, (gsize)(strrchr(path, '.') - path));
		const yaml_mark_t *mark =
		    g_hash_table_lookup(reader->seen, section);

		if (keys[i].required && !kd_conf_key_is_named(&keys[i]) &&
		    !g_hash_table_contains(reader->seen, path))
			return refuse(error, reader->conf->file,
			    mark ? mark : &reader->end,
			    "%s: missing: expected %s", path, keys[i].expected);
	}
	return TRUE;
}

/* The same for what profiles must have; each begins with its name. */
static gboolean
check_profiles(const struct reader *reader, GError **error)
{
	gsize n;
	const struct kd_conf_key *keys = kd_conf_keys(&n);
	GHashTableIter iter;
	gpointer path, mark;

	g_hash_table_iter_init(&iter, reader->seen);
	while (g_hash_table_iter_next(&iter, &path, &mark)) {
		if (!g_str_has_prefix(path, "llm.profiles.") ||
		    strchr((char *)path + strlen("llm.profiles."), '.'))
			continue;
		for (gsize i = 0; i < n; i++) {
			const char *name = strrchr(keys[i].path, '.');
			g_autofree char *key = g_strconcat(path, name, NULL);

			if (!keys[i].required ||
			    !kd_conf_key_is_named(&keys[i]) ||
			    g_hash_table_contains(reader->seen, key))
				continue;
			return refuse(error, reader->conf->file, mark,
			    "%s: missing: expected %s", key, keys[i].expected);
		}
	}
	return TRUE;
}

gboolean
kd_conf_read(kd_conf *conf, const char *text, gsize length, GError **error)
{
	g_auto(yaml_parser_t) parser = {0};
	g_autoptr(GHashTable) seen =
	    g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
	struct reader reader = {.parser = &parser, .conf = conf, .seen = seen};

	if (!check_text(conf->file, text, length, error))
		return FALSE;
	if (!yaml_parser_initialize(&parser))
		return kd_error_errno(
		    error, KD_ERROR_CONFIG, ENOMEM, conf->file);
	yaml_parser_set_encoding(&parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(
	    &parser, (const unsigned char *)text, length);
	return read_stream(&reader, error) && check_required(&reader, error) &&
	       check_profiles(&reader, error);
}
