/*
 * run-power-cut STORE LOG BEFORE MAILS STATES SEED
 *
 * STORE is a store whose data.mdb was as in the file BEFORE when LOG (see
 * shim-disk) began; MAILS is a directory with the mails 1, 2, ... whose
 * acceptance LOG notes.  Make that many states that the disk can be in after
 * the power went out, and look into each with the library itself: it must
 * open, and have every byte of the mails accepted before the cut.
 *
 * A state is a cut at a random entry.  What came before the last barrier is
 * on disk; of the later writes each sector of 512 bytes is or is not.  Prints
 * how many states lost mail and how many would not open; exits 0 if none did.
 */
#include "config.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "auto.h"
#include "disk-log.h"
#include "store.h"

#define SECTOR 512

enum outcome {
	OUTCOME_GOOD,
	OUTCOME_LOST,
	OUTCOME_UNOPENED
};

struct rig {
	const char *store;
	char *data; /* path of its data.mdb */
	const char *mails;
	char *log;
	gsize log_length;
	GArray *offsets; /* gsize: where entries begin */
	char *before;
	gsize before_length;
	GRand *random;
};

static const struct disk_entry *
entry_at(const struct rig *rig, guint i)
{
	return (
	    const struct disk_entry *)(const void *)(rig->log +
						     g_array_index(rig->offsets,
							 gsize, i));
}

static void
index_log(struct rig *rig)
{
	for (gsize at = 0; at < rig->log_length;) {
		struct disk_entry entry;

		g_assert_cmpuint(at + sizeof(entry), <=, rig->log_length);
		memcpy(&entry, rig->log + at, sizeof(entry));
		g_array_append_val(rig->offsets, at);
		at += sizeof(entry) + entry.length;
	}
}

/* The image of the disk, as long as any write made it. */
static void
put(GByteArray *disk, gsize offset, const char *bytes, gsize length)
{
	if (disk->len < offset + length) {
		guint from = disk->len;

		g_byte_array_set_size(disk, (guint)(offset + length));
		memset(disk->data + from, 0, disk->len - from);
	}
	memcpy(disk->data + offset, bytes, length);
}

/* A write that nothing made durable: sector by sector, by chance. */
static void
put_torn(struct rig *rig, GByteArray *disk, const struct disk_entry *entry)
{
	const char *bytes = (const char *)(entry + 1);

	for (gsize at = 0; at < entry->length; at += SECTOR)
		if (g_rand_boolean(rig->random))
			put(disk, entry->offset + at, bytes + at,
			    MIN(SECTOR, entry->length - at));
}

static void
apply(struct rig *rig, GByteArray *disk, guint cut)
{
	guint barrier = 0;

	for (guint i = 0; i < cut; i++)
		if (entry_at(rig, i)->kind == DISK_BARRIER)
			barrier = i;
	for (guint i = 0; i < cut; i++) {
		struct disk_entry head;
		const struct disk_entry *entry = entry_at(rig, i);

		memcpy(&head, entry, sizeof(head));
		if (head.kind == DISK_TRUNCATE)
			g_byte_array_set_size(disk, (guint)head.offset);
		else if (head.kind == DISK_WRITE_DURABLE ||
			 (head.kind == DISK_WRITE && i < barrier))
			put(disk, head.offset, (const char *)(entry + 1),
			    head.length);
		else if (head.kind == DISK_WRITE)
			put_torn(rig, disk, entry);
	}
}

/* The numbers of the mails that were accepted before the cut. */
static guint
accepted(const struct rig *rig, guint cut)
{
	guint n = 0;

	for (guint i = 0; i < cut; i++)
		n += entry_at(rig, i)->kind == DISK_ACCEPTED;
	return n;
}

struct look {
	const struct rig *rig;
	guint mails;
	gboolean all;
};

static gboolean
look_for_mails(kd_txn *txn, gpointer data, GError **error)
{
	struct look *look = data;

	look->all = TRUE;
	for (guint i = 1; i <= look->mails; i++) {
		g_autofree char *path =
		    g_strdup_printf("%s/%u", look->rig->mails, i);
		g_autofree char *id = g_strdup_printf("%u@example.org", i);
		g_autofree char *bytes = NULL;
		g_autoptr(GArray) numbers = kd_store_find_mail(txn, id, error);
		g_autoptr(GBytes) raw = NULL;
		gsize length;

		g_assert_true(g_file_get_contents(path, &bytes, &length, NULL));
		if (numbers && numbers->len == 1)
			raw = kd_store_get_raw(
			    txn, g_array_index(numbers, guint64, 0), NULL);
		if (!raw || g_bytes_get_size(raw) != length ||
		    memcmp(g_bytes_get_data(raw, NULL), bytes, length))
			look->all = FALSE;
	}
	return TRUE;
}

/* In a process of its own: a torn store may be the end of it. */
static enum outcome
look_into(const struct rig *rig, guint mails)
{
	static const struct rlimit no_core = {0, 0};
	int status;
	pid_t pid = fork();

	g_assert_cmpint(pid, >=, 0);
	if (!pid) {
		kd_store *store = kd_store_open(rig->store, 1 << 30, NULL);
		struct look look = {.rig = rig, .mails = mails};

		setrlimit(RLIMIT_CORE, &no_core);
		if (!store ||
		    !kd_store_read(store, look_for_mails, &look, NULL))
			_exit(OUTCOME_UNOPENED);
		_exit(look.all ? OUTCOME_GOOD : OUTCOME_LOST);
	}
	g_assert_cmpint(waitpid(pid, &status, 0), ==, pid);
	return WIFEXITED(status) ? (enum outcome)WEXITSTATUS(status)
				 : OUTCOME_UNOPENED;
}

static enum outcome
try_state(struct rig *rig)
{
	guint cut = (guint)g_rand_int_range(
	    rig->random, 1, (gint32)rig->offsets->len + 1);
	g_autoptr(GByteArray) disk = g_byte_array_new();
	g_auto(kd_fd) fd = open(rig->data, O_WRONLY | O_TRUNC);

	g_byte_array_append(
	    disk, (const guint8 *)rig->before, (guint)rig->before_length);
	apply(rig, disk, cut);
	g_assert_cmpint(write(fd, disk->data, disk->len), ==, disk->len);
	return look_into(rig, accepted(rig, cut));
}

int
main(int argc, char **argv)
{
	struct rig rig = {.offsets = g_array_new(FALSE, FALSE, sizeof(gsize))};
	guint outcomes[3] = {0};
	guint states;

	if (argc != 7)
		return 64;
	rig.store = argv[1];
	rig.data = g_build_filename(argv[1], "data.mdb", NULL);
	rig.mails = argv[4];
	states = (guint)atoi(argv[5]);
	rig.random = g_rand_new_with_seed((guint32)atoi(argv[6]));
	if (!g_file_get_contents(argv[2], &rig.log, &rig.log_length, NULL) ||
	    !g_file_get_contents(
		argv[3], &rig.before, &rig.before_length, NULL))
		return 66;
	index_log(&rig);
	for (guint i = 0; i < states; i++)
		outcomes[try_state(&rig)]++;
	printf("%u states of %u entries with %u mails: %u good, %u lost mail, "
	       "%u did not open\n",
	    states, rig.offsets->len, accepted(&rig, rig.offsets->len),
	    outcomes[OUTCOME_GOOD], outcomes[OUTCOME_LOST],
	    outcomes[OUTCOME_UNOPENED]);
	return outcomes[OUTCOME_GOOD] == states ? 0 : 1;
}
