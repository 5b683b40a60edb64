#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "error.h"
#include "store-private.h"

#define SIZE_START  ((gsize)64 << 20)
#define READERS_MAX 126

int
kd_store_open_env(kd_store *store, gsize size)
{
	int rc;

	g_clear_pointer(&store->env, mdb_env_close);
	rc = mdb_env_create(&store->env);
	if (!rc)
		rc = mdb_env_set_maxdbs(store->env, TABLES);
	if (!rc)
		rc = mdb_env_set_maxreaders(store->env, READERS_MAX);
	if (!rc && size)
		rc = mdb_env_set_mapsize(store->env, size);
	/* Reading ahead reads megabytes around each page that is wanted. */
	return rc ? rc
		  : mdb_env_open(store->env, store->path, MDB_NORDAHEAD, 0600);
}

static kd_store *
store_new(const char *path, guint64 max_size)
{
	kd_store *store = g_new0(kd_store, 1);

	store->path = g_strdup(path);
	store->max_size = max_size;
	store->codec = kd_codec_new();
	return store;
}

void
kd_store_close(kd_store *store)
{
	if (!store)
		return;
	if (store->env)
		mdb_env_close(store->env);
	kd_codec_free(store->codec);
	g_free(store->path);
	g_free(store);
}

static gboolean
sync_path(const char *path, GError **error)
{
	g_auto(kd_fd) fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0 || fsync(fd))
		return kd_error_errno(error, KD_ERROR_TEMP, errno, path);
	return TRUE;
}

/*
 * LMDB's locks and maps need the disk to be this machine's: elsewhere two
 * writers would not see each other (lmdb.h, "Caveats").
 */
static gboolean
check_file_system(const char *path, GError **error)
{
	static const guint32 remote[] = {NFS_SUPER_MAGIC, SMB_SUPER_MAGIC,
	    0xff534d42 /* CIFS */, 0xfe534d42 /* SMB 2 */, AFS_SUPER_MAGIC,
	    CODA_SUPER_MAGIC, V9FS_MAGIC, 0x00c36400 /* Ceph */};
	struct statfs fs;

	if (statfs(path, &fs))
		return kd_error_errno(error, KD_ERROR_TEMP, errno, path);
	for (gsize i = 0; i < G_N_ELEMENTS(remote); i++)
		if ((guint32)fs.f_type == remote[i]) {
			g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
			    "%s: is on a network file system; set store.path "
			    "to a directory on a local disk",
			    path);
			return FALSE;
		}
	return TRUE;
}

/*
 * A file that root made would shut the list's user out, and where others may
 * write or put another directory in its place, the mail is theirs.
 */
static gboolean
check_directory(const char *path, GError **error)
{
	struct stat st;

	if (lstat(path, &st)) {
		if (errno != ENOENT)
			return kd_error_errno(
			    error, KD_ERROR_CONFIG, errno, path);
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: no store there; make one with kvdigest-ingest --init",
		    path);
		return FALSE;
	}
	if (S_ISDIR(st.st_mode) && st.st_uid == geteuid() &&
	    !(st.st_mode & (S_IWGRP | S_IWOTH)))
		return check_file_system(path, error);
	g_set_error(error, KD_ERROR, KD_ERROR_CONFIG, "%s: %s", path,
	    !S_ISDIR(st.st_mode) ? "is no directory; a symbolic link will not "
				   "do"
	    : st.st_uid != geteuid()
		? "belongs to another user; it must belong to the user that "
		  "runs this program"
		: "others may write there; use chmod 700");
	return FALSE;
}

gboolean
kd_store_init(const char *path, GError **error)
{
	g_autofree char *data = g_build_filename(path, "data.mdb", NULL);
	g_autofree char *parent = g_path_get_dirname(path);
	g_autoptr(kd_store) store = NULL;
	int rc;

	if (mkdir(path, 0700) && errno != EEXIST)
		return kd_error_errno(error, KD_ERROR_CONFIG, errno, path);
	if (!check_directory(path, error))
		return FALSE;
	if (!access(data, F_OK)) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: there is a store already", path);
		return FALSE;
	}
	store = store_new(path, SIZE_START);
	rc = kd_store_open_env(store, SIZE_START);
	if (rc)
		kd_store_error(path, rc, "create", error);
	else if (kd_store_create_tables(store, error))
		return sync_path(path, error) && sync_path(parent, error);
	/* Half a store would be in the way of the next attempt. */
	unlink(data);
	return FALSE;
}

/*
 * LMDB takes an empty file for a new store and a truncated one for whole
 * until the page is touched that is not there (SIGBUS).
 */
static gboolean
check_file(const char *path, GError **error)
{
	g_autofree char *data = g_build_filename(path, "data.mdb", NULL);
	struct stat st;

	if (!check_directory(path, error))
		return FALSE;
	if (stat(data, &st) && errno == ENOENT) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: no store there; make one with kvdigest-ingest --init",
		    path);
		return FALSE;
	}
	if (access(data, R_OK | W_OK))
		return kd_error_errno(error, KD_ERROR_CONFIG, errno, data);
	if (!st.st_size) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: is empty; restore it from a backup", data);
		return FALSE;
	}
	return TRUE;
}

static gboolean
check_whole(kd_store *store, GError **error)
{
	MDB_envinfo info;
	MDB_stat pages;
	struct stat st;
	guint64 whole;
	int fd;

	/* In this order: the file grows before its last page counts. */
	mdb_env_info(store->env, &info);
	mdb_env_stat(store->env, &pages);
	if (mdb_env_get_fd(store->env, &fd) || fstat(fd, &st))
		return kd_error_errno(error, KD_ERROR_TEMP, errno, store->path);
	/* Pages at the end may have been freed before they were written. */
	whole = ((guint64)info.me_last_pgno + 1) * pages.ms_psize;
	if (whole - whole / 4 <= (guint64)st.st_size)
		return TRUE;
	g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
	    "%s: is truncated; restore it from a backup", store->path);
	return FALSE;
}

kd_store *
kd_store_open(const char *path, guint64 max_size, GError **error)
{
	g_autoptr(kd_store) store = NULL;
	int rc;

	if (!check_file(path, error))
		return NULL;
	store = store_new(path, max_size);
	rc = kd_store_open_env(store, 0);
	if (rc) {
		kd_store_error(path, rc, "open", error);
		return NULL;
	}
	return check_whole(store, error) ? g_steal_pointer(&store) : NULL;
}
