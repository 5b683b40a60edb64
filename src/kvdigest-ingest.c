/*
 * Store a mail that the MTA hands us on standard input.
 *
 * Exit 0 says that the mail is on disk and survives a power cut; everything
 * else is 75, since any other status makes some MTA bounce a list's mail.
 * See kvdigest-ingest(1).
 */
#include "config.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "cli.h"
#include "conf.h"
#include "error.h"
#include "mailbox.h"
#include "scan.h"
#include "store.h"

#define MAIL_MAX    ((gsize)64 << 20)
#define DEADLINE    60 /* seconds for one delivery, waiting included */
#define BATCH_MAILS 1000
#define BATCH_BYTES ((gsize)16 << 20)

struct options {
	char *config;
	gboolean init;
	gboolean archived;
	char *mbox;
	char *maildir;
};

struct letter {
	GBytes *bytes;
	char *id;
	gint64 arrival;
	guint32 flags;
};

/* Mails to store in one transaction, and what became of them. */
struct batch {
	kd_store *store;
	const kd_conf *conf;
	GPtrArray *letters;
	gsize bytes;
	guint known; /* of the transaction that is running */
	guint64 total_new, total_known, total_refused;
};

static void
letter_free(gpointer data)
{
	struct letter *letter = data;

	g_bytes_unref(letter->bytes);
	g_free(letter->id);
	g_free(letter);
}

static struct letter *
letter_new(const kd_conf *conf, GBytes *mail, gint64 arrival, guint32 flags)
{
	struct letter *letter = g_new0(struct letter, 1);
	gsize length;
	const char *bytes = g_bytes_get_data(mail, &length);
	gboolean synthetic;

	letter->bytes = g_bytes_ref(mail);
	letter->id = kd_scan_identity(bytes, length, &synthetic);
	letter->arrival = arrival;
	letter->flags = flags | (synthetic ? KD_MAIL_NO_ID : 0);
	if (kd_scan_is_list(bytes, length, (const char *const *)conf->list_ids))
		letter->flags |= KD_MAIL_LIST;
	return letter;
}

static gboolean
store_letters(kd_txn *txn, gpointer data, GError **error)
{
	struct batch *batch = data;

	batch->known = 0;
	for (guint i = 0; i < batch->letters->len; i++) {
		const struct letter *letter =
		    g_ptr_array_index(batch->letters, i);
		gsize length;
		const char *bytes = g_bytes_get_data(letter->bytes, &length);
		gboolean known;

		if (!kd_store_add_mail(txn, letter->id, bytes, length,
			letter->arrival, letter->flags, &known, error))
			return FALSE;
		batch->known += known;
	}
	return TRUE;
}

static gboolean
flush_batch(struct batch *batch, GError **error)
{
	if (!kd_store_write(batch->store, store_letters, batch, error))
		return FALSE;
	batch->total_known += batch->known;
	batch->total_new += batch->letters->len - batch->known;
	g_ptr_array_set_size(batch->letters, 0);
	batch->bytes = 0;
	kd_cli_progress(
	    "mails stored", batch->total_new + batch->total_known, 0);
	return TRUE;
}

static gboolean
take_letter(const struct kd_letter *from, gpointer data, GError **error)
{
	struct batch *batch = data;
	g_autoptr(GBytes) bytes = NULL;
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	gboolean posted = from->posted > 0 && from->posted <= now;

	if (!from->length || from->length > MAIL_MAX) {
		kd_cli_notice("line %" G_GUINT64_FORMAT
			      ": refused: a mail that is empty or over 64 MB",
		    from->line);
		batch->total_refused++;
		return TRUE;
	}
	bytes = g_bytes_new(from->bytes, from->length);
	g_ptr_array_add(batch->letters,
	    letter_new(batch->conf, bytes, posted ? from->posted : now,
		KD_MAIL_BACKFILL | (posted ? KD_MAIL_POSTED : 0)));
	batch->bytes += from->length;
	if (batch->letters->len < BATCH_MAILS && batch->bytes < BATCH_BYTES)
		return TRUE;
	return flush_batch(batch, error);
}

static gboolean
backfill(const struct options *options, struct batch *batch, GError **error)
{
	g_autoptr(GError) problem = NULL;
	gboolean whole;

	if (options->mbox)
		whole = kd_mailbox_read_mbox(
		    options->mbox, take_letter, batch, &problem);
	else
		whole = kd_mailbox_read_maildir(
		    options->maildir, take_letter, batch, &problem);
	/* What was read before the mailbox turned out bad is kept. */
	if (!flush_batch(batch, error))
		return FALSE;
	kd_cli_progress_done();
	batch->total_refused +=
	    g_error_matches(problem, KD_ERROR, KD_ERROR_DATA);
	if (g_error_matches(problem, KD_ERROR, KD_ERROR_CONFIG)) {
		g_propagate_error(error, g_steal_pointer(&problem));
		return FALSE;
	}
	printf("%" G_GUINT64_FORMAT " new, %" G_GUINT64_FORMAT
	       " known, %" G_GUINT64_FORMAT " refused\n",
	    batch->total_new, batch->total_known, batch->total_refused);
	if (!kd_cli_close_stdout(error))
		return FALSE;
	if (!whole)
		g_propagate_error(error, g_steal_pointer(&problem));
	return whole;
}

/*
 * Standard input to its end, whatever happens: an MTA may count a mail as
 * delivered, or as failed for good, when we stop reading.  NULL sets error.
 */
static GBytes *
read_stdin(gboolean *clipped, GError **error)
{
	g_autoptr(GByteArray) mail = g_byte_array_new();
	static char buffer[1 << 16];

	*clipped = FALSE;
	for (;;) {
		ssize_t n = read(STDIN_FILENO, buffer, sizeof(buffer));

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0) {
			kd_error_errno(error, KD_ERROR_TEMP, errno,
			    "standard input: read");
			return NULL;
		}
		if (!n)
			break;
		if (mail->len + (gsize)n > MAIL_MAX) {
			*clipped = TRUE;
			n = (ssize_t)(MAIL_MAX - mail->len);
		}
		g_byte_array_append(mail, (const guint8 *)buffer, (guint)n);
	}
	return g_byte_array_free_to_bytes(g_steal_pointer(&mail));
}

static gboolean
deliver(struct batch *batch, GBytes *mail, guint32 flags, GError **error)
{
	if (!g_bytes_get_size(mail)) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_DATA,
		    "standard input: no mail: it is empty");
		return FALSE;
	}
	g_ptr_array_add(
	    batch->letters, letter_new(batch->conf, mail,
				g_get_real_time() / G_USEC_PER_SEC, flags));
	return flush_batch(batch, error);
}

static gboolean
run(const struct options *options, GBytes *mail, gboolean clipped,
    GError **error)
{
	g_autoptr(kd_conf) conf = kd_conf_load(options->config, error);
	g_autoptr(GPtrArray) letters =
	    g_ptr_array_new_with_free_func(letter_free);
	struct batch batch = {.conf = conf, .letters = letters};

	if (!conf)
		return FALSE;
	if (options->init)
		return kd_store_init(conf->store_path, error);
	/*
	 * Never closed: LMDB 0.9.26 to 0.9.31 destroy the lock that other
	 * processes wait for (ITS#9278).
	 */
	batch.store = kd_store_open(conf->store_path, conf->store_max, error);
	if (!batch.store)
		return FALSE;
	if (options->mbox || options->maildir)
		return backfill(options, &batch, error);
	return deliver(&batch, mail,
	    (clipped ? KD_MAIL_CLIPPED : 0) |
		(options->archived ? KD_MAIL_BACKFILL : 0),
	    error);
}

static gboolean
parse_options(int *argc, char ***argv, struct options *options, GError **error)
{
	const GOptionEntry entries[] = {
	    {"config", 'c', 0, G_OPTION_ARG_FILENAME, &options->config,
		"Read this configuration", "FILE"},
	    {"init", 'i', 0, G_OPTION_ARG_NONE, &options->init,
		"Make an empty store and exit", NULL},
	    {"archived", 'a', 0, G_OPTION_ARG_NONE, &options->archived,
		"The mail is an archive's: it says itself when it arrived",
		NULL},
	    {"mbox", 'b', 0, G_OPTION_ARG_FILENAME, &options->mbox,
		"Store all mails of an mbox (mboxrd); - is standard input",
		"FILE"},
	    {"maildir", 'd', 0, G_OPTION_ARG_FILENAME, &options->maildir,
		"Store all mails of a Maildir", "DIR"},
	    {0}};

	if (!kd_cli_parse(argc, argv, entries, "< MAIL",
		"Store one mail of a mailing list from standard input, or "
		"with --mbox or\n--maildir many.  Exit status is 0 when all "
		"is on disk, else 75.",
		error))
		return FALSE;
	if (*argc > 1) {
		g_set_error(error, KD_ERROR, KD_ERROR_USAGE,
		    "%s: unexpected operand; see --help", (*argv)[1]);
		return FALSE;
	}
	if (options->init + options->archived + !!options->mbox +
		!!options->maildir <=
	    1)
		return TRUE;
	g_set_error_literal(error, KD_ERROR, KD_ERROR_USAGE,
	    "--archived, --init, --mbox and --maildir exclude each other");
	return FALSE;
}

int
main(int argc, char **argv)
{
	struct options options = {0};
	g_autoptr(GError) error = NULL;
	g_autoptr(GBytes) mail = NULL;
	gboolean clipped = FALSE;
	gboolean usable, delivery;

	kd_cli_start("kvdigest-ingest");
	usable = parse_options(&argc, &argv, &options, &error);
	delivery = !options.init && !options.mbox && !options.maildir;
	if (delivery) {
		kd_cli_deadline(DEADLINE);
		mail = read_stdin(&clipped, usable ? &error : NULL);
	}
	if (usable && (mail || !delivery) &&
	    run(&options, mail, clipped, &error))
		_exit(EX_OK);
	if (delivery)
		kd_cli_error_to_mta(error);
	else
		kd_cli_error(error);
	_exit(EX_TEMPFAIL);
}
