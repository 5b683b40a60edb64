#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "auto.h"
#include "conf-private.h"
#include "error.h"

#define FILE_MAX_BYTES 65536

#define USER_FILE   "kvdigest/kvdigest.yaml"
#define SYSTEM_FILE KD_SYSCONFDIR "/" USER_FILE

/*
 * The user's file, or NULL without a home.  GLib's g_get_user_config_dir()
 * then asks the passwd database, for which libc loads modules: not for
 * kvdigest-ingest, which has no loader.
 */
static char *
user_file(void)
{
	const char *config = g_getenv("XDG_CONFIG_HOME");
	const char *home = g_getenv("HOME");

	if (config && *config)
		return g_build_filename(config, USER_FILE, NULL);
	if (home && *home)
		return g_build_filename(home, ".config", USER_FILE, NULL);
	return NULL;
}

/* The file to read; NULL sets error.  The caller frees it. */
static char *
find_file(const char *file, GError **error)
{
	const char *named = g_getenv("KVDIGEST_CONFIG");
	g_autofree char *user = NULL;

	if (file)
		return g_strdup(file);
	if (named && *named)
		return g_strdup(named);
	user = user_file();
	if (user && g_file_test(user, G_FILE_TEST_EXISTS))
		return g_steal_pointer(&user);
	if (g_file_test(SYSTEM_FILE, G_FILE_TEST_EXISTS))
		return g_strdup(SYSTEM_FILE);
	g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
	    "no configuration: expected %s%s%s", user ? user : "",
	    user ? " or " : "", SYSTEM_FILE);
	return NULL;
}

gboolean
kd_conf_check_owner(const char *file, const struct stat *st, GError **error)
{
	if (!S_ISREG(st->st_mode)) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: no regular file: expected one", file);
		return FALSE;
	}
	if (st->st_uid != 0 && st->st_uid != geteuid()) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: owned by user %u: expected root or the user who "
		    "runs this program; use chown",
		    file, (guint)st->st_uid);
		return FALSE;
	}
	return TRUE;
}

/*
 * The configuration names programs to run: who can write it can be whoever
 * runs us.
 */
static gboolean
check_mode(const char *file, const struct stat *st, GError **error)
{
	if (!kd_conf_check_owner(file, st, error))
		return FALSE;
	if (st->st_mode & (S_IWGRP | S_IWOTH)) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: writable by group or others: expected mode 0644 or "
		    "less; use chmod go-w",
		    file);
		return FALSE;
	}
	return TRUE;
}

/* The file's bytes, at most FILE_MAX_BYTES.  The caller frees them. */
static char *
read_file(const char *file, gsize *length, GError **error)
{
	g_auto(kd_fd) fd = -1;
	g_autofree char *text = g_malloc(FILE_MAX_BYTES + 1);
	struct stat st;
	gsize filled = 0;
	ssize_t n;

	/* A pipe without a writer must not stop the mail. */
	fd = open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0 || fstat(fd, &st) < 0) {
		kd_error_errno(error, KD_ERROR_CONFIG, errno, file);
		return NULL;
	}
	if (!check_mode(file, &st, error))
		return NULL;
	do {
		n = read(fd, text + filled, FILE_MAX_BYTES + 1 - filled);
		if (n < 0 && errno != EINTR) {
			kd_error_errno(error, KD_ERROR_CONFIG, errno, file);
			return NULL;
		}
		if (n > 0)
			filled += (gsize)n;
	} while (n != 0 && filled <= FILE_MAX_BYTES);
	if (filled > FILE_MAX_BYTES) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: too large: expected at most %d bytes", file,
		    FILE_MAX_BYTES);
		return NULL;
	}
	*length = filled;
	return g_steal_pointer(&text);
}

kd_conf *
kd_conf_load(const char *file, GError **error)
{
	g_autoptr(kd_conf) conf = g_new0(kd_conf, 1);
	g_autofree char *text = NULL;
	char *archive;
	gsize length;

	conf->file = find_file(file, error);
	if (!conf->file)
		return NULL;
	text = read_file(conf->file, &length, error);
	if (!text)
		return NULL;
	conf->llm_profiles = g_ptr_array_new_with_free_func(
	    (GDestroyNotify)kd_conf_profile_free);
	kd_conf_set_defaults(conf, FALSE);
	if (!kd_conf_read(conf, text, length, error))
		return NULL;

	/* Otherwise no mail at all would count. */
	if (conf->list_authserv_id && !*conf->list_sender_hosts) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: list.authserv_id: whose mail is to pass is not said: "
		    "expected list.sender_hosts beside it",
		    conf->file);
		return NULL;
	}
	if (!kd_conf_check_profiles(conf, error))
		return NULL;
	archive = conf->list_archive;
	if (archive && !g_str_has_suffix(archive, "/")) {
		conf->list_archive = g_strconcat(archive, "/", NULL);
		g_free(archive);
	}
	return g_steal_pointer(&conf);
}

void
kd_conf_free(kd_conf *conf)
{
	gsize n;
	const struct kd_conf_key *keys = kd_conf_keys(&n);

	if (!conf)
		return;
	for (gsize i = 0; i < n; i++)
		if (!kd_conf_key_is_named(&keys[i]))
			kd_conf_key_clear(&keys[i], conf);
	g_clear_pointer(&conf->llm_profiles, g_ptr_array_unref);
	g_free(conf->file);
	g_free(conf);
}

char *
kd_conf_archive_url(const kd_conf *conf, const char *message_id)
{
	g_autofree char *escaped = NULL;

	if (!conf->list_archive)
		return NULL;
	escaped = g_uri_escape_string(message_id, "@", FALSE);
	return g_strconcat(conf->list_archive, escaped, "/", NULL);
}
