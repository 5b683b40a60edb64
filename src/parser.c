#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/uio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "auto.h"
#include "child.h"
#include "data.h"
#include "error.h"
#include "parser.h"
#include "refs.h"
#include "robots.h"
#include "scan.h"

#define DEADLINE   10		     /* seconds without an answer */
#define ANSWER_MAX ((gsize)16 << 20) /* bytes of one record */
#define PIPE_BYTES (1 << 18)	     /* on their way, so that few turns do */
#define CHUNK	   (1 << 16)	     /* bytes moved at once */
#define FRAMES_MAX 32		     /* mails of them */

struct kd_parser {
	char *program;
	gboolean with_text;
	GPid pid; /* 0: not running */
	int to, from;

	gsize framed;	 /* mails of this run that it is given so far */
	gsize sent;	 /* of these, written to the end */
	gsize written;	 /* bytes of the next one and its frame */
	gsize alone;	 /* those before this one go one at a time */
	GByteArray *in;	 /* of its answers, not yet a whole one */
	gsize answered;	 /* mails of this run that have their record */
	gint64 progress; /* monotonic time of the last answer */
	gboolean proven; /* its last mail was answered: the program works */
};

kd_parser *
kd_parser_new(gboolean with_text, GError **error)
{
	g_autofree char *file = kd_data_file("robots");
	/* The program needs it, too, and has nobody to tell. */
	g_autoptr(kd_robots) robots = kd_robots_load(file, error);
	char *program = robots ? kd_child_find("parse-mail", error) : NULL;
	kd_parser *parser;

	if (!program)
		return NULL;
	parser = g_new0(kd_parser, 1);
	parser->program = program;
	parser->with_text = with_text;
	parser->to = parser->from = -1;
	parser->in = g_byte_array_new();
	return parser;
}

static void
stop(kd_parser *parser)
{
	if (!parser->pid)
		return;
	close(parser->to);
	close(parser->from);
	kill(parser->pid, SIGKILL);
	while (waitpid(parser->pid, NULL, 0) < 0 && errno == EINTR)
		;
	g_spawn_close_pid(parser->pid);
	parser->pid = 0;
	parser->to = parser->from = -1;
	g_byte_array_set_size(parser->in, 0);
	parser->written = 0;
	parser->framed = parser->sent = parser->answered;
}

void
kd_parser_free(kd_parser *parser)
{
	if (!parser)
		return;
	stop(parser);
	g_byte_array_unref(parser->in);
	g_free(parser->program);
	g_free(parser);
}

static gboolean
start(kd_parser *parser, GError **error)
{
	char *argv[] = {parser->program, (char *)"--batch",
	    parser->with_text ? (char *)"--text" : NULL, NULL};
	const char *data = g_getenv("KVDIGEST_DATA_PATH");
	g_autofree char *variable =
	    g_strconcat("KVDIGEST_DATA_PATH=", data ? data : "", NULL);
	char *envp[] = {(char *)"LC_ALL=C.UTF-8", variable, NULL};
	g_autoptr(GError) problem = NULL;

	if (parser->pid)
		return TRUE;
	if (!g_spawn_async_with_pipes("/", argv, envp,
		G_SPAWN_DO_NOT_REAP_CHILD | G_SPAWN_STDERR_TO_DEV_NULL, NULL,
		NULL, &parser->pid, &parser->to, &parser->from, NULL,
		&problem)) {
		g_set_error(error, KD_ERROR, KD_ERROR_TEMP, "%s: start: %s",
		    parser->program, problem->message);
		return FALSE;
	}
	fcntl(parser->to, F_SETFL, O_NONBLOCK);
	fcntl(parser->from, F_SETFL, O_NONBLOCK);
	/* Without it things only take more turns. */
	fcntl(parser->to, F_SETPIPE_SZ, PIPE_BYTES);
	parser->progress = g_get_monotonic_time();
	return TRUE;
}

/* What is known of a mail that could not be parsed. */
static kd_record *
scan_record(const struct kd_parse *parse)
{
	gsize length;
	const char *mail = g_bytes_get_data(parse->mail, &length);
	gboolean synthetic;
	g_autofree char *id = kd_scan_identity(mail, length, &synthetic);
	g_autoptr(GPtrArray) refs = g_ptr_array_new_with_free_func(g_free);
	g_autoptr(GBytes) packed = NULL;
	kd_record record = {.flags = parse->flags | KD_MAIL_UNPARSED |
				     KD_MAIL_NO_DATE |
				     (synthetic ? KD_MAIL_NO_ID : 0),
	    .arrival = parse->arrival,
	    .date = parse->arrival,
	    .id = id,
	    .parent = "",
	    .subject = "",
	    .name = "",
	    .address = "",
	    .text = ""};
	struct kd_field field;
	struct kd_scan scan;

	kd_scan_begin(&scan, mail, length);
	while (kd_scan_next(&scan, &field))
		if (kd_field_is(&field, "References") ||
		    kd_field_is(&field, "In-Reply-To"))
			kd_refs_parse(refs, field.value, field.value_length);
	record.refs = (const char **)refs->pdata;
	record.n_refs = refs->len;
	if (refs->len)
		record.parent = g_ptr_array_index(refs, refs->len - 1);
	packed = kd_record_pack(&record, FALSE);
	return kd_record_unpack(
	    g_bytes_get_data(packed, NULL), g_bytes_get_size(packed), NULL);
}

/*
 * A record is believed when it is of the mail that was asked about: a parser
 * that a mail has taken over must not speak for others.
 */
static gboolean
is_answer(const kd_record *record, const struct kd_parse *parse)
{
	const guint32 ours =
	    KD_MAIL_KEPT_FLAGS & ~(guint32)(KD_MAIL_CLIPPED | KD_MAIL_NO_ID);
	gsize length;
	const char *mail = g_bytes_get_data(parse->mail, &length);
	gboolean synthetic;
	g_autofree char *id = kd_scan_identity(mail, length, &synthetic);

	return !strcmp(record->id, id) &&
	       (record->flags & ours) == (parse->flags & ours) &&
	       (record->flags & KD_MAIL_BACKFILL ||
		   record->arrival == parse->arrival);
}

/*
 * The parser has failed.  It answers several mails at once: which one it was
 * shows when they go there one at a time.
 */
static void
give_up(kd_parser *parser, struct kd_parse *mails)
{
	struct kd_parse *parse = &mails[parser->answered];

	if (parser->framed > parser->answered + 1) {
		parser->alone = parser->framed;
		stop(parser);
		return;
	}
	parse->record = scan_record(parse);
	parser->answered++;
	parser->proven = FALSE;
	stop(parser);
}

/*
 * Take the whole answers out of what has come; FALSE at a bad one, as one is to
 * a mail that has not been sent to its end.
 */
static gboolean
take_answers(kd_parser *parser, struct kd_parse *mails)
{
	gsize at = 0;

	while (parser->in->len - at >= sizeof(guint32)) {
		struct kd_parse *parse;
		guint32 size;

		memcpy(&size, parser->in->data + at, sizeof(size));
		size = GUINT32_FROM_BE(size);
		if (size > ANSWER_MAX || parser->answered == parser->sent)
			return FALSE;
		if (parser->in->len - at - sizeof(size) < size)
			break;
		parse = &mails[parser->answered];
		parse->record = kd_record_unpack(
		    parser->in->data + at + sizeof(size), size, NULL);
		if (parse->record && !is_answer(parse->record, parse))
			g_clear_pointer(&parse->record, kd_record_free);
		if (!parse->record)
			return FALSE;
		at += sizeof(size) + size;
		parser->answered++;
		parser->proven = TRUE;
		parser->progress = g_get_monotonic_time();
	}
	g_byte_array_remove_range(parser->in, 0, (guint)at);
	return TRUE;
}

/* Give it the next mails when it has all before them. */
static void
frame_next(kd_parser *parser, const struct kd_parse *mails, gsize n)
{
	gsize end = MIN(n, parser->sent + FRAMES_MAX);

	if (parser->sent < parser->framed)
		return;
	if (parser->framed >= parser->alone)
		for (gsize bytes = 0; parser->framed < end && bytes < CHUNK;)
			bytes += g_bytes_get_size(mails[parser->framed++].mail);
	else if (parser->framed == parser->answered)
		parser->framed++;
}

/* A frame and its mail, where they lie. */
static void
set_parts(
    struct iovec parts[2], struct kd_frame *frame, const struct kd_parse *parse)
{
	gsize length;
	const char *bytes = g_bytes_get_data(parse->mail, &length);

	*frame = (struct kd_frame){.length = GUINT32_TO_BE((guint32)length),
	    .flags = GUINT32_TO_BE(parse->flags),
	    .arrival = GINT64_TO_BE(parse->arrival)};
	parts[0] = (struct iovec){frame, sizeof(*frame)};
	parts[1] = (struct iovec){(char *)bytes, length};
}

/* What was written of it before; *bytes is what is left of that. */
static void
skip_bytes(struct iovec *part, gsize *bytes)
{
	gsize n = MIN(*bytes, part->iov_len);

	part->iov_base = (char *)part->iov_base + n;
	part->iov_len -= n;
	*bytes -= n;
}

static gboolean
write_some(kd_parser *parser, const struct kd_parse *mails)
{
	struct kd_frame frames[FRAMES_MAX];
	struct iovec parts[2 * FRAMES_MAX];
	gsize n = parser->framed - parser->sent;
	gsize before = parser->written;
	ssize_t written;

	for (gsize i = 0; i < n; i++)
		set_parts(&parts[2 * i], &frames[i], &mails[parser->sent + i]);
	skip_bytes(&parts[0], &before);
	skip_bytes(&parts[1], &before);
	written = writev(parser->to, parts, (int)(2 * n));
	if (written < 0)
		return errno == EAGAIN || errno == EINTR;
	parser->written += (gsize)written;
	while (parser->sent < parser->framed) {
		gsize length = sizeof(struct kd_frame) +
			       g_bytes_get_size(mails[parser->sent].mail);

		if (parser->written < length)
			break;
		parser->written -= length;
		parser->sent++;
	}
	return TRUE;
}

static gboolean
read_some(kd_parser *parser)
{
	guint length = parser->in->len;
	ssize_t n;

	g_byte_array_set_size(parser->in, length + CHUNK);
	n = read(parser->from, parser->in->data + length, CHUNK);
	g_byte_array_set_size(parser->in, length + (guint)MAX(n, 0));
	if (n < 0)
		return errno == EAGAIN || errno == EINTR;
	return n > 0;
}

/* One turn of the exchange; FALSE when the parser is of no more use. */
static gboolean
exchange(kd_parser *parser, struct kd_parse *mails, gsize n)
{
	struct pollfd fds[2] = {
	    {.fd = parser->from, .events = POLLIN}, {.fd = -1}};
	gint64 left;

	frame_next(parser, mails, n);
	if (parser->sent < parser->framed)
		fds[1] = (struct pollfd){.fd = parser->to, .events = POLLOUT};
	left = parser->progress + DEADLINE * G_USEC_PER_SEC -
	       g_get_monotonic_time();
	if (left <= 0)
		return FALSE;
	if (poll(fds, 2, (int)(left / 1000) + 1) < 0)
		return errno == EINTR;
	if (fds[0].revents &&
	    (!read_some(parser) || !take_answers(parser, mails)))
		return FALSE;
	return !fds[1].revents || write_some(parser, mails);
}

static gboolean
run(kd_parser *parser, struct kd_parse *mails, gsize n, GError **error)
{
	parser->framed = parser->sent = parser->answered = parser->alone = 0;
	parser->progress = g_get_monotonic_time();
	while (parser->answered < n) {
		if (!start(parser, error))
			return FALSE;
		if (exchange(parser, mails, n))
			continue;
		/* What follows the last answer is of no mail. */
		if (parser->answered < n)
			give_up(parser, mails);
		else
			stop(parser);
	}
	return TRUE;
}

/*
 * A program that cannot run at all would mark every mail as unparsed, so it
 * has to answer a harmless one first.
 */
gboolean
kd_parser_prove(kd_parser *parser, GError **error)
{
	static const char probe[] =
	    "Message-ID: <probe@kvdigest.invalid>\n\nprobe\n";
	g_autoptr(GBytes) mail = g_bytes_new_static(probe, sizeof(probe) - 1);
	struct kd_parse parse = {.mail = mail};

	if (parser->proven)
		return TRUE;
	if (!run(parser, &parse, 1, error))
		return FALSE;
	kd_record_free(parse.record);
	if (parser->proven)
		return TRUE;
	g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
	    "%s: does not answer; run it by hand on a mail to see why",
	    parser->program);
	return FALSE;
}

gboolean
kd_parser_run(
    kd_parser *parser, struct kd_parse *mails, gsize n, GError **error)
{
	/* What ends in failures may be the program's fault, not the mails'. */
	return !n || (kd_parser_prove(parser, error) &&
			 run(parser, mails, n, error) &&
			 kd_parser_prove(parser, error));
}
