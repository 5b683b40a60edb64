/*
 * Read raw mails, write what they say: the only program that parses MIME.
 * It works in a cage, and may die of a mail without harm.
 * See parse-mail(1).
 */
#include "config.h"

#include <errno.h>
#include <gmime/gmime.h>
#include <jansson.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sysexits.h>
#include <unistd.h>

#include "auto.h"
#include "cage.h"
#include "cli.h"
#include "data.h"
#include "error.h"
#include "message.h"
#include "parser.h"
#include "record.h"

#define MEMORY_MAX ((rlim_t)512 << 20)
#define CPU_MAX	   5	  /* seconds for one mail */
#define ARMED_FOR  200000 /* microseconds that a limit serves, below one of it */

#define CHUNK	      (1 << 16)		    /* bytes moved at once */
#define HELD_BACK_MAX (G_USEC_PER_SEC / 10) /* for an answer */

struct options {
	gboolean batch;
	gboolean text;
};

/* Standard input: what of it is read and not yet used. */
struct input {
	GByteArray *bytes;
	gsize at;
	gint64 flushed; /* monotonic time when all answers were out */
};

static gboolean
set_cut_short(GError **error)
{
	g_set_error_literal(error, KD_ERROR, KD_ERROR_DATA,
	    "standard input: ends inside a frame");
	return FALSE;
}

static gboolean
flush(struct input *in, GError **error)
{
	in->flushed = g_get_monotonic_time();
	if (!fflush(stdout) && !ferror(stdout))
		return TRUE;
	g_set_error_literal(
	    error, KD_ERROR, KD_ERROR_IO, "standard output: write failed");
	return FALSE;
}

/*
 * Have so many bytes at hand, less only at the end of the input.  No answer is
 * held back while more input is waited for.
 */
static gboolean
fill(struct input *in, gsize wanted, GError **error)
{
	ssize_t n = 1;

	if (in->bytes->len - in->at >= wanted)
		return TRUE;
	g_byte_array_remove_range(in->bytes, 0, (guint)in->at);
	in->at = 0;
	if (!flush(in, error))
		return FALSE;
	while (in->bytes->len < wanted && n) {
		guint length = in->bytes->len;
		guint room = (guint)MAX(CHUNK, wanted - length);

		g_byte_array_set_size(in->bytes, length + room);
		n = read(STDIN_FILENO, in->bytes->data + length, room);
		g_byte_array_set_size(in->bytes, length + (guint)MAX(n, 0));
		if (n < 0 && errno != EINTR)
			return kd_error_errno(
			    error, KD_ERROR_IO, errno, "standard input");
	}
	return TRUE;
}

/*
 * The next frame and its mail, which is NULL at the end of the input and stays
 * until the next call.
 */
static gboolean
read_frame(
    struct input *in, struct kd_frame *frame, const char **mail, GError **error)
{
	*mail = NULL;
	if (!fill(in, sizeof(*frame), error))
		return FALSE;
	if (in->at == in->bytes->len)
		return TRUE;
	if (in->bytes->len - in->at < sizeof(*frame))
		return set_cut_short(error);
	memcpy(frame, in->bytes->data + in->at, sizeof(*frame));
	in->at += sizeof(*frame);
	frame->length = GUINT32_FROM_BE(frame->length);
	frame->flags = GUINT32_FROM_BE(frame->flags);
	frame->arrival = GINT64_FROM_BE(frame->arrival);
	if (frame->length > KD_FRAME_MAX) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_DATA,
		    "standard input: a frame is too long");
		return FALSE;
	}
	if (!fill(in, frame->length, error))
		return FALSE;
	if (in->bytes->len - in->at < frame->length)
		return set_cut_short(error);
	*mail = (const char *)in->bytes->data + in->at;
	in->at += frame->length;
	return TRUE;
}

/*
 * Give the next mail its own share of the processor.  It is counted in seconds,
 * so what mails before it took of ARMED_FOR does not matter.
 */
static void
limit_cpu(void)
{
	static gint64 armed;
	gint64 now = g_get_monotonic_time();
	struct rusage used;
	struct rlimit limit;

	if (armed && now - armed < ARMED_FOR)
		return;
	armed = now;
	getrusage(RUSAGE_SELF, &used);
	getrlimit(RLIMIT_CPU, &limit);
	limit.rlim_cur = (rlim_t)used.ru_utime.tv_sec +
			 (rlim_t)used.ru_stime.tv_sec + CPU_MAX + 1;
	setrlimit(RLIMIT_CPU, &limit);
}

/* No file grows, unless the operator gave one as standard output. */
static void
limit_process(void)
{
	const struct rlimit memory = {MEMORY_MAX, MEMORY_MAX};
	const struct rlimit nothing = {0, 0};
	struct stat out;

	setrlimit(RLIMIT_AS, &memory);
	if (fstat(STDOUT_FILENO, &out) || !S_ISREG(out.st_mode))
		setrlimit(RLIMIT_FSIZE, &nothing);
}

/* Answers go out together, but no later than the client's patience ends. */
static gboolean
write_frame(struct input *in, GBytes *packed, GError **error)
{
	gsize length;
	const void *bytes = g_bytes_get_data(packed, &length);
	guint32 size = GUINT32_TO_BE((guint32)length);

	/* What failed here fails there as well. */
	fwrite(&size, 1, sizeof(size), stdout);
	fwrite(bytes, 1, length, stdout);
	if (ferror(stdout) ||
	    g_get_monotonic_time() - in->flushed > HELD_BACK_MAX)
		return flush(in, error);
	return TRUE;
}

static gboolean
parse_batch(
    const struct options *options, const kd_robots *robots, GError **error)
{
	static char buffer[CHUNK];
	g_autoptr(GByteArray) bytes = g_byte_array_new();
	struct input in = {.bytes = bytes, .flushed = g_get_monotonic_time()};

	setvbuf(stdout, buffer, _IOFBF, sizeof(buffer));
	while (TRUE) {
		struct kd_frame frame;
		const char *mail;
		g_autoptr(kd_message) message = NULL;
		g_autoptr(GBytes) packed = NULL;

		limit_cpu();
		if (!read_frame(&in, &frame, &mail, error))
			return FALSE;
		if (!mail)
			return TRUE;
		message = kd_message_parse(
		    robots, mail, frame.length, frame.arrival, frame.flags);
		packed =
		    kd_record_pack(kd_message_record(message), options->text);
		if (!write_frame(&in, packed, error))
			return FALSE;
	}
}

static json_t *
strings_to_json(const char *const *strings, guint n)
{
	json_t *list = json_array();

	for (guint i = 0; i < n; i++)
		json_array_append_new(list, json_string(strings[i]));
	return list;
}

static json_t *
facts_to_json(const kd_record *record)
{
	json_t *list = json_array();

	for (guint i = 0; i < record->n_facts; i++) {
		const struct kd_fact *fact = &record->facts[i];

		json_array_append_new(
		    list, json_pack("{s:s, s:s, s:s, s:i}", "kind",
			      kd_fact_name(fact->kind), "value", fact->value,
			      "person", fact->person, "line", (int)fact->line));
	}
	return list;
}

static json_t *
flags_to_json(guint32 flags)
{
	json_t *list = json_array();

	for (guint bit = 0; bit < 32; bit++)
		if (flags & (1u << bit))
			json_array_append_new(
			    list, json_string(kd_mail_flag_name(1u << bit)));
	return list;
}

static json_t *
record_to_json(const kd_record *record)
{
	json_t *object = json_pack(
	    "{s:i, s:s, s:s, s:s, s:{s:s, s:s}, s:I, s:I, s:i, s:i}", "format",
	    1, "id", record->id, "parent", record->parent, "subject",
	    record->subject, "author", "name", record->name, "address",
	    record->address, "arrival", (json_int_t)record->arrival, "date",
	    (json_int_t)record->date, "insertions", (int)record->insertions,
	    "deletions", (int)record->deletions);

	json_object_set_new(object, "flags", flags_to_json(record->flags));
	json_object_set_new(object, "aliases",
	    strings_to_json(record->aliases, record->n_aliases));
	json_object_set_new(
	    object, "refs", strings_to_json(record->refs, record->n_refs));
	json_object_set_new(
	    object, "bare", strings_to_json(record->bare, record->n_bare));
	json_object_set_new(object, "copies",
	    strings_to_json(record->copies, record->n_copies));
	json_object_set_new(
	    object, "paths", strings_to_json(record->paths, record->n_paths));
	json_object_set_new(object, "facts", facts_to_json(record));
	json_object_set_new(object, "text", json_string(record->text));
	return object;
}

static gboolean
parse_one(const kd_robots *robots, GError **error)
{
	g_autoptr(GByteArray) mail = g_byte_array_new();
	g_autoptr(kd_message) message = NULL;
	g_autoptr(json_t) object = NULL;
	static guint8 buffer[1 << 16];
	gsize n;

	limit_cpu();
	while ((n = fread(buffer, 1, sizeof(buffer), stdin)))
		g_byte_array_append(mail, buffer, (guint)n);
	if (ferror(stdin) || !mail->len) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_DATA,
		    "standard input: no mail: it is empty");
		return FALSE;
	}
	message = kd_message_parse(robots, (const char *)mail->data, mail->len,
	    g_get_real_time() / G_USEC_PER_SEC, KD_MAIL_BACKFILL);
	object = record_to_json(kd_message_record(message));
	if (json_dumpf(object, stdout, JSON_INDENT(2)) || putchar('\n') < 0) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_IO,
		    "standard output: write failed");
		return FALSE;
	}
	return TRUE;
}

int
main(int argc, char **argv)
{
	struct options options = {0};
	const GOptionEntry entries[] = {
	    {"batch", 'b', 0, G_OPTION_ARG_NONE, &options.batch,
		"Frames of mails in, frames of packed records out", NULL},
	    {"text", 't', 0, G_OPTION_ARG_NONE, &options.text,
		"With --batch: records hold the decoded text, too", NULL},
	    {0}};
	g_autofree char *file = kd_data_file("robots");
	g_autoptr(kd_robots) robots = NULL;
	g_autoptr(GError) error = NULL;

	kd_cli_start("parse-mail");
	kd_cli_locale();
	if (kd_cli_parse(&argc, &argv, entries, "< MAIL",
		"Write what a mail says as JSON.", &error))
		robots = kd_robots_load(file, &error);
	if (robots) {
		limit_process();
		g_mime_init();
		kd_cage_load_charsets();
		/* It seeds its tables from a file, once. */
		json_object_seed(0);
		kd_cage_shut();
		if (options.batch ? parse_batch(&options, robots, &error)
				  : parse_one(robots, &error))
			kd_cli_close_stdout(&error);
	}
	if (error)
		kd_cli_error(error);
	return kd_exit_status(error);
}
