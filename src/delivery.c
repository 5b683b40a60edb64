#include "config.h"

#include <errno.h>
#include <string.h>
#include <syslog.h>
#include <unistd.h>

#include "delivery.h"
#include "error.h"
#include "mta.h"
#include "parcel.h"
#include "sha256.h"
#include "store.h"

#define CHUNK	    ((gsize)64 << 10) /* bytes of standard input at once */
#define LOG_SECONDS 5		      /* that a stuck log may take */

/* What standard input held; of a mail over the limit the first bytes. */
struct input {
	char *bytes;
	gsize kept, room;
	guint64 length;
	struct sha256_ctx sum; /* of all of it, once it is over the limit */
	gboolean over, no_memory;
};

static void
input_clear(struct input *input)
{
	g_free(input->bytes);
}
typedef struct input input_auto;
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(input_auto, input_clear)

/* Room for more, up to max bytes in all; how much there is. */
static gsize
make_room(struct input *input, gsize max)
{
	/* Grown when it is full: most mails fit into the first chunk, and
	 * what is copied is touched, which costs more than to read it. */
	if (input->kept == input->room && input->room < max) {
		gsize room = MIN(MAX(2 * input->room, CHUNK), max);
		char *bytes = g_try_realloc(input->bytes, room);

		input->no_memory |= !bytes;
		if (bytes) {
			input->bytes = bytes;
			input->room = room;
		}
	}
	return input->no_memory ? 0 : input->room - input->kept;
}

/* Take in n bytes; those over the limit are in spare and counted only. */
static void
take(struct input *input, const char *spare, gsize n)
{
	if (spare && !input->over) {
		input->over = TRUE;
		sha256_init(&input->sum);
		sha256_update(
		    &input->sum, input->kept, (const guint8 *)input->bytes);
	}
	if (spare)
		sha256_update(&input->sum, n, (const guint8 *)spare);
	else
		input->kept += n;
	input->length += n;
}

static gboolean
read_to_end(struct input *input, gsize max, GError **error)
{
	static char spare[CHUNK]; /* for what is not kept */

	for (;;) {
		gsize room = make_room(input, max);
		char *to = room ? input->bytes + input->kept : spare;
		ssize_t n = read(STDIN_FILENO, to, room ? room : CHUNK);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return kd_error_errno(error, KD_ERROR_TEMP, errno,
			    "standard input: read");
		if (!n)
			break;
		take(input, room ? NULL : spare, (gsize)n);
	}
	if (input->no_memory)
		return kd_error_errno(
		    error, KD_ERROR_TEMP, ENOMEM, "standard input");
	if (input->length)
		return TRUE;
	g_set_error_literal(error, KD_ERROR, KD_ERROR_DATA,
	    "standard input: no mail: it is empty");
	return FALSE;
}

/*
 * SENDER and RECIPIENT are what Postfix, Exim, OpenSMTPD and qmail give to a
 * command that they deliver to; an option says it where a hook has to.
 */
static struct kd_envelope
find_envelope(const struct kd_envelope *options)
{
	struct kd_envelope envelope = *options;

	if (!envelope.sender)
		envelope.sender = g_getenv("SENDER");
	if (!envelope.recipients[0])
		envelope.recipients[0] = g_getenv("RECIPIENT");
	if (!envelope.recipients[1])
		envelope.recipients[1] = g_getenv("ORIGINAL_RECIPIENT");
	return envelope;
}

struct work {
	const kd_parcel *parcel;
	enum kd_stored stored;
};

static gboolean
add_mail(kd_txn *txn, gpointer data, GError **error)
{
	struct work *work = data;

	return kd_store_add_mail(txn, work->parcel, &work->stored, error);
}

static kd_parcel *
make_parcel(const kd_conf *conf, const struct kd_delivery *delivery,
    struct input *input, GError **error)
{
	const struct kd_envelope envelope = find_envelope(&delivery->envelope);
	g_autoptr(kd_codec) codec = kd_codec_new();
	g_autoptr(GBytes) mail =
	    g_bytes_new_take(g_steal_pointer(&input->bytes), input->kept);
	const struct kd_envelope *trusted =
	    delivery->archived ? NULL : &envelope;
	const guint32 flags = delivery->archived ? KD_MAIL_BACKFILL : 0;
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;
	guint8 sha256[SHA256_DIGEST_SIZE];

	if (!input->over)
		return kd_parcel_new(
		    conf, codec, mail, trusted, now, flags, error);
	sha256_digest(&input->sum, sizeof(sha256), sha256);
	return kd_parcel_new_clipped(conf, codec, mail, input->length, sha256,
	    trusted, now, flags, error);
}

static void
log_mail(const kd_conf *conf, const kd_parcel *parcel, const char *action,
    const GError *problem)
{
	g_autofree char *id = g_strndup(parcel ? parcel->id : "", 200);
	g_autofree char *why = g_strndup(problem ? problem->message : "", 200);
	gboolean list = parcel && parcel->flags & KD_MAIL_LIST;

	g_strcanon(id,
	    "!\"#$%&'()*+,-./0123456789:;=?@ABCDEFGHIJKLMNOPQRSTUVW"
	    "XYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~",
	    '?');
	for (char *p = why; *p; p++)
		if (!g_ascii_isprint(*p))
			*p = '?';
	syslog(problem ? LOG_ERR : LOG_INFO,
	    "msgid=<%s> list=%s size=%" G_GUINT64_FORMAT " action=%s%s%s", id,
	    list ? conf->list_name : "-", parcel ? parcel->length : 0, action,
	    problem ? ": " : "", why);
}

static gboolean
store_mail(const kd_conf *conf, const kd_parcel *parcel, GError **error)
{
	static const char *const actions[] = {[KD_STORED_NEW] = "stored",
	    [KD_STORED_KNOWN] = "known",
	    [KD_STORED_VARIANT] = "variant"};
	struct work work = {.parcel = parcel};
	kd_store *store =
	    kd_store_open(conf->store_path, conf->store_max, error);

	if (!store || !kd_store_write(store, add_mail, &work, error))
		return FALSE;
	kd_mta_accept(LOG_SECONDS);
	log_mail(conf, parcel, actions[work.stored], NULL);
	return TRUE;
}

gboolean
kd_delivery_run(
    const struct kd_delivery *delivery, GError *problem, GError **error)
{
	g_autoptr(GError) trouble = problem;
	g_autoptr(kd_conf) conf = NULL;
	g_autoptr(kd_parcel) parcel = NULL;
	g_auto(input_auto) input = {0};

	openlog(g_get_prgname(), 0, LOG_MAIL);
	if (!trouble)
		conf = kd_conf_load(delivery->config, &trouble);
	if (read_to_end(&input, conf ? (gsize)conf->store_max_mail : 0,
		trouble ? NULL : &trouble) &&
	    !trouble)
		parcel = make_parcel(conf, delivery, &input, &trouble);
	if (parcel && store_mail(conf, parcel, &trouble))
		return TRUE;
	log_mail(conf, parcel, "deferred", trouble);
	g_propagate_error(error, g_steal_pointer(&trouble));
	return FALSE;
}
