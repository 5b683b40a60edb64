/*
 * The outbox: a mail is recorded before it is sent, and no week is sent
 * twice.  The store and sendmail are stand-ins that fail on demand and log
 * what they are asked: "queued W10", "deliver MAIL", "sent W10".
 */
#include "config.h"

#include <errno.h>
#include <string.h>

#include "deliver.h"
#include "error.h"
#include "outbox.h"
#include "told.h"
#include "unit.h"

struct kd_store {
	GTree *records; /* week -> GBytes */
	GString *log;
	int puts;	     /* that succeed before one fails; -1: all */
	const char *refused; /* the mail that sendmail does not take */
};

static kd_store store; /* kd_deliver() has no argument to reach it by */

GBytes *
kd_store_report_get(kd_store *s, const char *week, GError **error)
{
	GBytes *record = g_tree_lookup(s->records, week);

	(void)error;
	return record ? g_bytes_ref(record) : NULL;
}

gboolean
kd_store_report_put(
    kd_store *s, const char *week, GBytes *record, GError **error)
{
	g_autoptr(kd_outbox) outbox = kd_outbox_unpack(record, NULL);

	if (!s->puts)
		return kd_error_errno(error, KD_ERROR_TEMP, ENOSPC, "store");
	s->puts -= s->puts > 0;
	g_string_append_printf(s->log, "%s %s\n",
	    outbox->state == KD_OUTBOX_SENT ? "sent" : "queued", week);
	g_tree_replace(s->records, g_strdup(week), g_bytes_ref(record));
	return TRUE;
}

GStrv
kd_store_report_weeks(kd_store *s, GError **error)
{
	g_autoptr(GStrvBuilder) weeks = g_strv_builder_new();
	GTreeNode *node = g_tree_node_first(s->records);

	(void)error;
	for (; node; node = g_tree_node_next(node))
		g_strv_builder_add(weeks, g_tree_node_key(node));
	return g_strv_builder_end(weeks);
}

gboolean
kd_deliver(const kd_conf *conf, GBytes *message, GError **error)
{
	const char *text = g_bytes_get_data(message, NULL);

	(void)conf;
	if (!g_strcmp0(text, store.refused)) {
		g_set_error_literal(error, KD_ERROR, KD_ERROR_SERVICE,
		    "sendmail: exit status 67");
		return FALSE;
	}
	g_string_append_printf(store.log, "deliver %s\n", text);
	return TRUE;
}

static int
compare(gconstpointer a, gconstpointer b, gpointer data)
{
	(void)data;
	return strcmp(a, b);
}

static void
begin(void)
{
	if (store.log) {
		g_tree_unref(store.records);
		g_string_free(store.log, TRUE);
	}
	store = (kd_store){
	    .records = g_tree_new_full(
		compare, NULL, g_free, (GDestroyNotify)g_bytes_unref),
	    .log = g_string_new(NULL),
	    .puts = -1,
	};
}

static GVariant *
told_nothing(void)
{
	return g_variant_ref_sink(
	    g_variant_new_parsed("@" KD_TOLD_TYPE " (0, [])"));
}

/* Send text as the mail of a week; the log, this call's alone, must be so. */
static gboolean
send_mail(const char *week, const char *text, const char *log, GError **error)
{
	static const kd_conf conf;
	g_autoptr(GBytes) mail = g_bytes_new(text, strlen(text) + 1);
	g_autoptr(GVariant) told = told_nothing();
	const kd_outbox fresh = {
	    .message_id = (char *)text, .message = mail, .told = told};
	gboolean sent = 2;
	gboolean ok;

	g_string_truncate(store.log, 0);
	ok = kd_outbox_send(&store, &conf, week, &fresh, FALSE, &sent, error);
	g_assert_cmpstr(store.log->str, ==, log);
	g_assert_cmpint(sent, ==, strstr(log, "deliver") != NULL);
	return ok;
}

static void
check_state(const char *week, enum kd_outbox_state state, const char *text)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(kd_outbox) outbox = kd_outbox_lookup(&store, week, &error);
	gint64 now = g_get_real_time() / G_USEC_PER_SEC;

	g_assert_no_error(error);
	g_assert_cmpint(outbox->state, ==, state);
	g_assert_cmpstr(outbox->message_id, ==, text);
	if (state == KD_OUTBOX_NONE) {
		g_assert_null(outbox->message);
		return;
	}
	g_assert_cmpmem(g_bytes_get_data(outbox->message, NULL),
	    g_bytes_get_size(outbox->message), text, strlen(text) + 1);
	g_assert_cmpint(outbox->since, <=, now);
	g_assert_cmpint(outbox->since, >, now - 60);
}

static void
test_once(void)
{
	g_autoptr(GError) error = NULL;

	begin();
	check_state("W10", KD_OUTBOX_NONE, NULL);
	g_assert_true(send_mail(
	    "W10", "one", "queued W10\ndeliver one\nsent W10\n", &error));
	check_state("W10", KD_OUTBOX_SENT, "one");
	g_assert_true(send_mail("W10", "two", "", &error));
	g_assert_no_error(error);
	check_state("W10", KD_OUTBOX_SENT, "one");
}

/* What sendmail did not take goes out next time, not what is new then. */
static void
test_refused(void)
{
	g_autoptr(GError) error = NULL;

	begin();
	store.refused = "one";
	g_assert_false(send_mail("W10", "one", "queued W10\n", &error));
	g_assert_error(error, KD_ERROR, KD_ERROR_SERVICE);
	g_assert_cmpstr(error->message, ==,
	    "report W10: kept, not sent: sendmail: exit status 67");
	check_state("W10", KD_OUTBOX_QUEUED, "one");
	store.refused = NULL;
	g_assert_true(send_mail("W10", "two", "deliver one\nsent W10\n", NULL));
	check_state("W10", KD_OUTBOX_SENT, "one");
}

/* A store that fails before sendmail means no mail, after it one too many. */
static void
test_store_fails(void)
{
	g_autoptr(GError) before = NULL;
	g_autoptr(GError) after = NULL;

	begin();
	store.puts = 0;
	g_assert_false(send_mail("W10", "one", "", &before));
	g_assert_error(before, KD_ERROR, KD_ERROR_TEMP);
	check_state("W10", KD_OUTBOX_NONE, NULL);
	store.puts = 1;
	g_assert_false(
	    send_mail("W10", "one", "queued W10\ndeliver one\n", &after));
	g_assert_error(after, KD_ERROR, KD_ERROR_TEMP);
	g_assert_true(
	    g_str_has_prefix(after->message, "report W10: sent, but not "));
	check_state("W10", KD_OUTBOX_QUEUED, "one");
}

static void
flush(const char *log, guint n, const char *failure)
{
	static const kd_conf conf;
	g_autoptr(GError) error = NULL;
	guint sent = G_MAXUINT;
	gboolean ok;

	g_string_truncate(store.log, 0);
	ok = kd_outbox_flush(&store, &conf, &sent, &error);
	g_assert_cmpint(ok, ==, !failure);
	g_assert_cmpstr(error ? error->message : NULL, ==, failure);
	g_assert_cmpstr(store.log->str, ==, log);
	g_assert_cmpuint(sent, ==, n);
}

/* Weeks left over go out in order; one that never will stops no other. */
static void
test_flush(void)
{
	begin();
	flush("", 0, NULL);
	send_mail("W12", "done", "queued W12\ndeliver done\nsent W12\n", NULL);
	for (int week = 11; week >= 9; week--) {
		g_autofree char *key = g_strdup_printf("W%02d", week);
		g_autofree char *log = g_strdup_printf("queued %s\n", key);

		store.refused = key;
		send_mail(key, key, log, NULL);
	}
	store.refused = "W10";
	flush("deliver W09\nsent W09\ndeliver W11\nsent W11\n", 2,
	    "report W10: kept, not sent: sendmail: exit status 67");
	store.refused = NULL;
	flush("deliver W10\nsent W10\n", 1, NULL);
	flush("", 0, NULL);
}

static GBytes *
sample(void)
{
	g_autoptr(GBytes) message = g_bytes_new_static("From: x\n\n\0y", 11);
	g_autoptr(GVariant) told = g_variant_ref_sink(g_variant_new_parsed(
	    "@" KD_TOLD_TYPE
	    " (1615766400, [(7, 'T', 'i', '2', 'S', 1, 2, 3, 1, 1615766400, "
	    "'Ann', [(2, 'text', ['a@b', 'c@d'])])])"));
	kd_outbox outbox = {
	    KD_OUTBOX_QUEUED, 1615766400, (char *)"a@b", message, told};

	return kd_outbox_pack(&outbox);
}

static void
test_pack(void)
{
	g_autoptr(GBytes) record = sample();
	g_autoptr(kd_outbox) outbox = kd_outbox_unpack(record, NULL);

	g_assert_nonnull(outbox);
	g_assert_cmpint(outbox->state, ==, KD_OUTBOX_QUEUED);
	g_assert_cmpint(outbox->since, ==, 1615766400);
	g_assert_cmpstr(outbox->message_id, ==, "a@b");
	g_assert_cmpmem(g_bytes_get_data(outbox->message, NULL),
	    g_bytes_get_size(outbox->message), "From: x\n\n\0y", 11);
	g_assert_cmpuint(g_variant_n_children(outbox->told), ==, 2);
}

static void
refuse(const guint8 *bytes, gsize length)
{
	g_autofree guint8 *copy = g_memdup2(bytes, length);
	g_autoptr(GBytes) record = g_bytes_new_static(copy, length);
	g_autoptr(GError) error = NULL;

	g_assert_null(kd_outbox_unpack(record, &error));
	g_assert_error(error, KD_ERROR, KD_ERROR_DATA);
}

/* Every truncation, another version, a state that is none, dirty padding. */
static void
test_damaged(void)
{
	g_autoptr(GBytes) record = sample();
	gsize length;
	const guint8 *bytes = g_bytes_get_data(record, &length);
	g_autofree guint8 *copy = g_memdup2(bytes, length);

	for (gsize i = 0; i < length; i++)
		refuse(bytes, i);
	for (guint first = 0; first <= G_MAXUINT8; first++) {
		*copy = first;
		if (first != *bytes)
			refuse(copy, length);
	}
	*copy = *bytes;
	copy[1] = KD_OUTBOX_NONE;
	refuse(copy, length);
	copy[1] = KD_OUTBOX_SENT + 1;
	refuse(copy, length);
	copy[1] = bytes[1];
	copy[2] = 1;
	refuse(copy, length);
}

static void
test_damaged_week(void)
{
	g_autoptr(GError) error = NULL;

	begin();
	g_tree_replace(
	    store.records, g_strdup("W10"), g_bytes_new_static("?", 1));
	g_assert_false(send_mail("W10", "one", "", &error));
	g_assert_error(error, KD_ERROR, KD_ERROR_DATA);
	g_assert_true(g_str_has_prefix(error->message, "report W10: "));
}

int
main(int argc, char **argv)
{
	int status;

	unit_init(argc, argv);
	g_test_add_func("/outbox/once", test_once);
	g_test_add_func("/outbox/refused", test_refused);
	g_test_add_func("/outbox/store-fails", test_store_fails);
	g_test_add_func("/outbox/flush", test_flush);
	g_test_add_func("/outbox/pack", test_pack);
	g_test_add_func("/outbox/damaged", test_damaged);
	g_test_add_func("/outbox/damaged-week", test_damaged_week);
	status = g_test_run();
	g_tree_unref(store.records);
	g_string_free(store.log, TRUE);
	return status;
}
