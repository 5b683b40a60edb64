#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "error.h"
#include "store-private.h"

#define SIZE_START  ((gsize)64 << 20)
#define READERS_MAX 126

static kd_store *
store_new(const char *path, guint64 max_size, GError **error)
{
	kd_store *store = g_new0(kd_store, 1);
	int rc = mdb_env_create(&store->env);

	store->path = g_strdup(path);
	store->max_size = max_size;
	if (!rc)
		rc = mdb_env_set_maxdbs(store->env, TABLES);
	if (!rc)
		rc = mdb_env_set_maxreaders(store->env, READERS_MAX);
	if (!rc)
		return store;
	kd_store_error(path, rc, "open", error);
	kd_store_close(store);
	return NULL;
}

void
kd_store_close(kd_store *store)
{
	if (!store)
		return;
	if (store->env)
		mdb_env_close(store->env);
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

gboolean
kd_store_init(const char *path, GError **error)
{
	g_autofree char *data = g_build_filename(path, "data.mdb", NULL);
	g_autofree char *parent = g_path_get_dirname(path);
	g_autoptr(kd_store) store = NULL;
	int rc;

	if (mkdir(path, 0700) && errno != EEXIST)
		return kd_error_errno(error, KD_ERROR_CONFIG, errno, path);
	if (!access(data, F_OK)) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: there is a store already", path);
		return FALSE;
	}
	store = store_new(path, SIZE_START, error);
	if (!store)
		return FALSE;
	rc = mdb_env_set_mapsize(store->env, SIZE_START);
	if (!rc)
		rc = mdb_env_open(store->env, path, 0, 0600);
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
	int fd;

	/* In this order: the file grows before its last page counts. */
	mdb_env_info(store->env, &info);
	mdb_env_stat(store->env, &pages);
	if (mdb_env_get_fd(store->env, &fd) || fstat(fd, &st))
		return kd_error_errno(error, KD_ERROR_TEMP, errno, store->path);
	if (((guint64)info.me_last_pgno + 1) * pages.ms_psize <=
	    (guint64)st.st_size)
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
	store = store_new(path, max_size, error);
	if (!store)
		return NULL;
	rc = mdb_env_open(store->env, path, 0, 0600);
	if (rc) {
		kd_store_error(path, rc, "open", error);
		return NULL;
	}
	return check_whole(store, error) ? g_steal_pointer(&store) : NULL;
}
