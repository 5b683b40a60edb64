#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "auto.h"
#include "error.h"
#include "mailbox.h"

#define BUFFER ((size_t)256 << 10) /* bytes read at once */

struct mbox_reader {
	const char *name; /* for messages */
	FILE *file;
	char *line; /* getline's */
	size_t size;
	ssize_t length;
	guint64 number; /* of the line */

	GByteArray *mail;
	gint64 posted;
	guint64 begins;
	gboolean header_ended;
};

static void
mbox_clear(struct mbox_reader *mbox)
{
	free(mbox->line);
	if (mbox->mail)
		g_byte_array_unref(mbox->mail);
	if (mbox->file && mbox->file != stdin)
		fclose(mbox->file);
}
typedef struct mbox_reader mbox_reader;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(mbox_reader, mbox_clear)

static gboolean
next_line(struct mbox_reader *mbox, GError **error)
{
	mbox->length = getline(&mbox->line, &mbox->size, mbox->file);
	mbox->number++;
	if (mbox->length >= 0)
		return TRUE;
	if (ferror(mbox->file))
		kd_error_errno(error, KD_ERROR_TEMP, errno, mbox->name);
	return FALSE;
}

static gboolean
is_separator(const struct mbox_reader *mbox)
{
	return mbox->length >= 5 && !memcmp(mbox->line, "From ", 5);
}

/* "From SENDER Wed Apr 23 10:45:56 2025": the date is asctime(3)'s, UTC. */
static gint64
posted(const char *line)
{
	const char *date = strchr(line + 5, ' ');
	struct tm tm = {0};

	if (!date || !strptime(date, " %a %b %d %H:%M:%S %Y", &tm))
		return 0;
	return timegm(&tm);
}

/* Take one level of ">" off a quoted From_ line and keep the line. */
static void
append_line(struct mbox_reader *mbox)
{
	const char *line = mbox->line;
	gsize length = (gsize)mbox->length;
	gsize quotes = *line == '>' ? strspn(line, ">") : 0;

	if (quotes && length >= quotes + 5 &&
	    !memcmp(line + quotes, "From ", 5)) {
		line++;
		length--;
	}
	if (length <= 2 && (!strcmp(line, "\n") || !strcmp(line, "\r\n")))
		mbox->header_ended = TRUE;
	g_byte_array_append(mbox->mail, (const guint8 *)line, (guint)length);
}

/* Hand on the mail read so far, without the empty line that closes it. */
static gboolean
hand_on(struct mbox_reader *mbox, kd_mailbox_func func, gpointer data,
    GError **error)
{
	const char *bytes = (const char *)mbox->mail->data;
	gsize length = mbox->mail->len;
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

static gboolean
read_mail(struct mbox_reader *mbox, gboolean *last, GError **error)
{
	g_autoptr(GError) problem = NULL;

	g_byte_array_set_size(mbox->mail, 0);
	mbox->posted = posted(mbox->line);
	mbox->begins = mbox->number;
	mbox->header_ended = FALSE;
	*last = FALSE;
	while (next_line(mbox, &problem)) {
		if (is_separator(mbox))
			return TRUE;
		append_line(mbox);
	}
	*last = TRUE;
	if (problem) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return FALSE;
	}
	if (mbox->mail->len && mbox->header_ended &&
	    mbox->mail->data[mbox->mail->len - 1] == '\n')
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
	g_auto(mbox_reader) mbox = {.name = standard ? "standard input" : path};
	g_autoptr(GError) problem = NULL;
	gboolean last = FALSE;

	mbox.file = standard ? stdin : fopen(path, "re");
	if (!mbox.file)
		return kd_error_errno(error, KD_ERROR_CONFIG, errno, path);
	setvbuf(mbox.file, NULL, _IOFBF, BUFFER);
	mbox.mail = g_byte_array_new();
	if (!next_line(&mbox, &problem)) {
		if (problem)
			g_propagate_error(error, g_steal_pointer(&problem));
		return !ferror(mbox.file);
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
