#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "auto.h"
#include "error.h"
#include "mailbox.h"

#define BUFFER ((gsize)256 << 10) /* bytes read at once */

/*
 * The mail that is being read lies whole in the buffer, as its lines come:
 *
 *	begin    kept    line   next             filled
 *	| the mail |      | line | not looked at |
 */
struct mbox_reader {
	const char *name; /* for messages */
	int fd;
	char *buffer;
	gsize size;
	gsize filled;
	gboolean ended; /* there is no more than what is in the buffer */

	gsize line, next;
	guint64 number; /* of the line */

	gsize begin, kept;
	gint64 posted;
	guint64 begins;
	gboolean header_ended;
};

static void
mbox_clear(struct mbox_reader *mbox)
{
	g_free(mbox->buffer);
	if (mbox->fd > STDIN_FILENO)
		close(mbox->fd);
}
typedef struct mbox_reader mbox_reader;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(mbox_reader, mbox_clear)

/* Have room behind what is in the buffer. */
static gboolean
make_room(struct mbox_reader *mbox, GError **error)
{
	gsize size = mbox->size ? mbox->size * 2 : BUFFER;
	char *buffer;

	if (mbox->filled < mbox->size)
		return TRUE;
	buffer = g_try_realloc(mbox->buffer, size);
	if (!buffer)
		return kd_error_errno(error, KD_ERROR_TEMP, ENOMEM, mbox->name);
	mbox->buffer = buffer;
	mbox->size = size;
	return TRUE;
}

/* Read on, having moved the mail to where the buffer begins. */
static gboolean
fill(struct mbox_reader *mbox, GError **error)
{
	gsize begin = mbox->begin;
	ssize_t got;

	if (begin)
		memmove(
		    mbox->buffer, mbox->buffer + begin, mbox->filled - begin);
	mbox->begin = 0;
	mbox->kept -= begin;
	mbox->line -= begin;
	mbox->next -= begin;
	mbox->filled -= begin;
	if (!make_room(mbox, error))
		return FALSE;
	do
		got = read(mbox->fd, mbox->buffer + mbox->filled,
		    mbox->size - mbox->filled);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return kd_error_errno(error, KD_ERROR_TEMP, errno, mbox->name);
	mbox->filled += (gsize)got;
	mbox->ended = !got;
	return TRUE;
}

/* FALSE without error: there is none. */
static gboolean
next_line(struct mbox_reader *mbox, GError **error)
{
	gsize looked = 0; /* bytes of the line that have no end */

	mbox->line = mbox->next;
	mbox->number++;
	for (;;) {
		gsize left = mbox->filled - mbox->line;
		const char *from = mbox->buffer + mbox->line + looked;
		const char *end =
		    left > looked ? memchr(from, '\n', left - looked) : NULL;

		if (end || mbox->ended) {
			mbox->next = end ? (gsize)(end + 1 - mbox->buffer)
					 : mbox->filled;
			return mbox->next > mbox->line;
		}
		looked = left;
		if (!fill(mbox, error))
			return FALSE;
	}
}

static gboolean
is_separator(const struct mbox_reader *mbox)
{
	return mbox->next - mbox->line >= 5 &&
	       !memcmp(mbox->buffer + mbox->line, "From ", 5);
}

/* "From SENDER Wed Apr 23 10:45:56 2025": the date is asctime(3)'s, UTC. */
static gint64
posted(const struct mbox_reader *mbox)
{
	g_autofree char *line =
	    g_strndup(mbox->buffer + mbox->line, mbox->next - mbox->line);
	const char *date = strchr(line + 5, ' ');
	struct tm tm = {0};

	if (!date || !strptime(date, " %a %b %d %H:%M:%S %Y", &tm))
		return 0;
	return timegm(&tm);
}

/* Whether "From " follows one ">" or more. */
static gboolean
is_quoted(const char *line, gsize length)
{
	gsize n = 0;

	while (n < length && line[n] == '>')
		n++;
	return n && length - n >= 5 && !memcmp(line + n, "From ", 5);
}

/* Take one level of ">" off a quoted From_ line and keep the line. */
static void
keep_line(struct mbox_reader *mbox)
{
	char *line = mbox->buffer + mbox->line;
	gsize length = mbox->next - mbox->line;

	if (is_quoted(line, length)) {
		line++;
		length--;
	}
	if (!mbox->header_ended)
		mbox->header_ended =
		    *line == '\n' || (length == 2 && !memcmp(line, "\r\n", 2));
	if (line != mbox->buffer + mbox->kept)
		memmove(mbox->buffer + mbox->kept, line, length);
	mbox->kept += length;
}

/* Hand on the mail read so far, without the empty line that closes it. */
static gboolean
hand_on(struct mbox_reader *mbox, kd_mailbox_func func, gpointer data,
    GError **error)
{
	const char *bytes = mbox->buffer + mbox->begin;
	gsize length = mbox->kept - mbox->begin;
	struct kd_letter letter = {.bytes = bytes,
	    .length = length,
	    .posted = mbox->posted,
	    .line = mbox->begins};

	if (length >= 2 && !memcmp(bytes + length - 2, "\n\n", 2))
		letter.length -= 1;
	else if (length >= 4 && !memcmp(bytes + length - 4, "\r\n\r\n", 4))
		letter.length -= 2;
	return func(&letter, data, error);
}

/* The mail after a separator, up to the next one or, *last, the end. */
static gboolean
read_mail(struct mbox_reader *mbox, gboolean *last, GError **error)
{
	g_autoptr(GError) problem = NULL;

	mbox->posted = posted(mbox);
	mbox->begins = mbox->number;
	mbox->begin = mbox->kept = mbox->next;
	mbox->header_ended = FALSE;
	*last = FALSE;
	while (next_line(mbox, &problem)) {
		if (is_separator(mbox))
			return TRUE;
		keep_line(mbox);
	}
	*last = TRUE;
	if (problem) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return FALSE;
	}
	if (mbox->kept > mbox->begin && mbox->header_ended &&
	    mbox->buffer[mbox->kept - 1] == '\n')
		return TRUE;
	g_set_error(error, KD_ERROR, KD_ERROR_DATA,
	    "%s: line %" G_GUINT64_FORMAT ": the file ends inside this mail; "
	    "import the file again when it is whole",
	    mbox->name, mbox->begins);
	return FALSE;
}

gboolean
kd_mailbox_read_mbox(
    const char *path, kd_mailbox_func func, gpointer data, GError **error)
{
	gboolean standard = !strcmp(path, "-");
	g_auto(mbox_reader) mbox = {.name = standard ? "standard input" : path,
	    .fd = standard ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC)};
	g_autoptr(GError) problem = NULL;
	gboolean last = FALSE;

	if (mbox.fd < 0)
		return kd_error_errno(error, KD_ERROR_CONFIG, errno, path);
	if (!next_line(&mbox, &problem)) {
		if (!problem)
			return TRUE;
		g_propagate_error(error, g_steal_pointer(&problem));
		return FALSE;
	}
	if (!is_separator(&mbox)) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: line 1: no mbox: it does not begin with \"From \"",
		    mbox.name);
		return FALSE;
	}
	while (!last)
		if (!read_mail(&mbox, &last, error) ||
		    !hand_on(&mbox, func, data, error))
			return FALSE;
	return TRUE;
}

static int
compare_paths(gconstpointer a, gconstpointer b)
{
	g_autofree char *x = g_path_get_basename(*(char *const *)a);
	g_autofree char *y = g_path_get_basename(*(char *const *)b);

	return strcmp(x, y);
}

static gboolean
list_files(
    GPtrArray *paths, const char *directory, const char *name, GError **error)
{
	g_autofree char *path = g_build_filename(directory, name, NULL);
	g_autoptr(GDir) dir = g_dir_open(path, 0, NULL);
	const char *file;

	if (!dir) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: no Maildir: cannot read %s in it", directory, name);
		return FALSE;
	}
	while ((file = g_dir_read_name(dir)))
		if (*file != '.')
			g_ptr_array_add(
			    paths, g_build_filename(path, file, NULL));
	return TRUE;
}

gboolean
kd_mailbox_read_maildir(
    const char *directory, kd_mailbox_func func, gpointer data, GError **error)
{
	g_autoptr(GPtrArray) paths = g_ptr_array_new_with_free_func(g_free);
	g_autofree char *fresh = g_build_filename(directory, "new", NULL);

	if (!list_files(paths, directory, "cur", error))
		return FALSE;
	/* Some that copy a Maildir leave an empty new/ behind. */
	if (g_file_test(fresh, G_FILE_TEST_EXISTS) &&
	    !list_files(paths, directory, "new", error))
		return FALSE;
	g_ptr_array_sort(paths, compare_paths);
	for (guint i = 0; i < paths->len; i++) {
		g_autofree char *bytes = NULL;
		struct kd_letter letter = {0};

		if (!g_file_get_contents(g_ptr_array_index(paths, i), &bytes,
			&letter.length, error))
			return FALSE;
		letter.bytes = bytes;
		if (!func(&letter, data, error))
			return FALSE;
	}
	return TRUE;
}
