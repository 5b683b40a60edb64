#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <jansson.h>

#include "auto.h"
#include "error.h"
#include "llm-conf.h"
#include "llm-request.h"

#define KEY_MAX 1024 /* bytes of a key */

void
kd_llm_profile_free(kd_llm_profile *profile)
{
	if (!profile)
		return;
	if (profile->key)
		explicit_bzero(profile->key, strlen(profile->key));
	g_free(profile->key);
	json_decref(profile->extra);
	g_free(profile);
}

/* A key is one line of printable ASCII; one line feed may end it. */
static char *
read_key(const char *file, const char *bytes, gsize length, GError **error)
{
	if (length > 0 && bytes[length - 1] == '\n')
		length--;
	for (gsize i = 0; i < length; i++)
		if (!g_ascii_isgraph(bytes[i])) {
			g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
			    "%s: byte %zu: expected one line with the key "
			    "alone, in ASCII",
			    file, i + 1);
			return NULL;
		}
	if (length == 0 || length > KEY_MAX) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: %s: expected one line with the key alone", file,
		    length ? "too long" : "empty");
		return NULL;
	}
	return g_strndup(bytes, length);
}

/*
 * A credential's file may show a group's right to read: systemd gives the
 * service its own by an access list, whose mask that is.
 */
static gboolean
check_mode(const char *file, const struct stat *st, gboolean credential,
    GError **error)
{
	mode_t refused = credential ? S_IWGRP | S_IRWXO : S_IRWXG | S_IRWXO;

	if (!kd_conf_check_owner(file, st, error))
		return FALSE;
	if (st->st_mode & refused) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: mode %04o: expected 0600, a key is nobody else's; "
		    "use chmod 600",
		    file, (guint)(st->st_mode & 07777));
		return FALSE;
	}
	return TRUE;
}

static char *
load_key(const char *file, gboolean credential, GError **error)
{
	g_auto(kd_fd) fd =
	    open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	char bytes[KEY_MAX + 2];
	struct stat st;
	gsize filled = 0;
	ssize_t n;
	char *key;

	if (fd < 0 || fstat(fd, &st) < 0) {
		kd_error_errno(error, KD_ERROR_CONFIG, errno, file);
		return NULL;
	}
	if (!check_mode(file, &st, credential, error))
		return NULL;
	while (filled < sizeof(bytes) &&
	       (n = read(fd, bytes + filled, sizeof(bytes) - filled)) > 0)
		filled += (gsize)n;
	key = read_key(file, bytes, filled, error);
	explicit_bzero(bytes, sizeof(bytes));
	return key;
}

/* A file of this name, if the directory has it. */
static char *
find(const char *directory, const char *name)
{
	g_autofree char *file = g_build_filename(directory, name, NULL);

	if (!g_file_test(file, G_FILE_TEST_EXISTS))
		return NULL;
	return g_steal_pointer(&file);
}

/* The credential of a profile's name, or the one for all. */
static char *
find_credential(const struct kd_conf_profile *conf, gboolean several)
{
	const char *directory = g_getenv("CREDENTIALS_DIRECTORY");
	g_autofree char *name = g_strconcat("llm-api-key-", conf->name, NULL);
	char *own;

	if (!directory || !g_path_is_absolute(directory))
		return NULL;
	own = find(directory, name);
	return own || several ? own : find(directory, "llm-api-key");
}

/* What is for one profile must not reach the server of another. */
static gboolean
load_profile_key(kd_llm_profile *profile, const kd_conf *conf, GError **error)
{
	gboolean several = conf->llm_use[1] != NULL;
	g_autofree char *file = g_strdup(profile->conf->api_key_file);
	gboolean credential = FALSE;

	if (!file) {
		file = find_credential(profile->conf, several);
		credential = file != NULL;
	}
	if (!file && !several) {
		g_autofree char *directory = g_path_get_dirname(conf->file);

		file = find(directory, "llm.key");
	}
	if (!file)
		return TRUE;
	profile->key = load_key(file, credential, error);
	return profile->key != NULL;
}

static kd_llm_profile *
profile_load(const kd_conf *conf, const char *name, GError **error)
{
	g_autoptr(kd_llm_profile) profile = g_new0(kd_llm_profile, 1);

	profile->conf = kd_conf_profile_find(conf, name);
	profile->dialect = kd_llm_dialect_find(profile->conf);
	kd_llm_shape_init(&profile->shape, profile->conf, profile->dialect);
	profile->extra = kd_llm_read_extra(profile->conf->extra_body, error);
	if (!profile->extra) {
		g_prefix_error(error, "llm.profiles.%s.", name);
		return NULL;
	}
	if (!load_profile_key(profile, conf, error)) {
		g_prefix_error(error, "llm.profiles.%s: ", name);
		return NULL;
	}
	return g_steal_pointer(&profile);
}

GPtrArray *
kd_llm_profiles_load(const kd_conf *conf, GError **error)
{
	g_autoptr(GPtrArray) profiles =
	    g_ptr_array_new_with_free_func((GDestroyNotify)kd_llm_profile_free);

	if (!conf->llm_use[0]) {
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: llm.use: missing: expected the profiles to use",
		    conf->file);
		return NULL;
	}
	for (gsize i = 0; conf->llm_use[i]; i++) {
		kd_llm_profile *profile =
		    profile_load(conf, conf->llm_use[i], error);

		if (!profile)
			return NULL;
		g_ptr_array_add(profiles, profile);
	}
	return g_steal_pointer(&profiles);
}

static double
price(const char *decimal)
{
	return decimal ? g_ascii_strtod(decimal, NULL) : -1;
}

gint64
kd_llm_cost(const struct kd_conf_profile *conf, gint64 prompt, gint64 cached,
    gint64 completion)
{
	double input = price(conf->price_input);
	double output = price(conf->price_output);
	double known = price(conf->price_cached);
	gint64 hits = CLAMP(cached, 0, MAX(prompt, 0));

	if (input < 0 || output < 0 || prompt < 0 || completion < 0)
		return -1;
	if (known < 0)
		known = input;
	/* Per million tokens, in millionths: the factors cancel out. */
	return (gint64)((double)(prompt - hits) * input + (double)hits * known +
			(double)completion * output + 0.999999);
}
