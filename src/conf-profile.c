#include "config.h"

#include <arpa/inet.h>
#include <string.h>

#include "conf-private.h"
#include "error.h"

#define LABEL_MAX   40
#define MODEL_MAX   200
#define VALUE_MAX   1000
#define DECIMAL_MAX 20

void
kd_conf_profile_free(struct kd_conf_profile *profile)
{
	gsize n;
	const struct kd_conf_key *keys = kd_conf_keys(&n);

	for (gsize i = 0; i < n; i++)
		if (kd_conf_key_is_named(&keys[i]))
			kd_conf_key_clear(&keys[i], profile);
	g_free(profile->name);
	g_free(profile);
}

const struct kd_conf_profile *
kd_conf_profile_find(const kd_conf *conf, const char *name)
{
	for (guint i = 0; i < conf->llm_profiles->len; i++) {
		struct kd_conf_profile *profile = conf->llm_profiles->pdata[i];

		if (!strcmp(profile->name, name))
			return profile;
	}
	return NULL;
}

void
kd_conf_profile_identify(const struct kd_conf_profile *profile, GChecksum *sum)
{
	g_autofree char *numbers =
	    g_strdup_printf("%u %u", profile->context, profile->max_output);
	const char *const texts[] = {profile->name, profile->base_url,
	    profile->model, profile->dialect, profile->max_tokens_param,
	    profile->temperature, profile->thinking, profile->output,
	    profile->extra_body, numbers};

	/* With their NULs, so that "a", "b" is not "ab". */
	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++) {
		const char *text = texts[i] ? texts[i] : "";

		g_checksum_update(
		    sum, (const guchar *)text, (gssize)strlen(text) + 1);
	}
}

void *
kd_conf_object(kd_conf *conf, const struct kd_conf_key *key, const char *path)
{
	gsize length = (gsize)(strchrnul(key->path, '*') - key->path);
	struct kd_conf_profile *profile;
	g_autofree char *name = NULL;

	if (!kd_conf_key_is_named(key))
		return conf;
	name = g_strndup(path + length, strcspn(path + length, "."));
	profile = (struct kd_conf_profile *)kd_conf_profile_find(conf, name);
	if (profile)
		return profile;
	profile = g_new0(struct kd_conf_profile, 1);
	profile->name = g_steal_pointer(&name);
	kd_conf_set_defaults(profile, TRUE);
	g_ptr_array_add(conf->llm_profiles, profile);
	return profile;
}

gboolean
kd_conf_is_label(const char *string)
{
	gsize length = strlen(string);

	for (const char *p = string; *p; p++)
		if (!g_ascii_isalnum(*p) && *p != '-' && *p != '_')
			return FALSE;
	return length > 0 && length <= LABEL_MAX && *string != '-';
}

static gboolean
is_one_of(const char *string, const char *const *words)
{
	return g_strv_contains(words, string);
}

gboolean
kd_conf_is_dialect(const char *string)
{
	static const char *const words[] = {"auto", "openai", "deepseek",
	    "dashscope", "kimi", "glm", "gemini", "claude", "vllm", "llama-cpp",
	    "ollama", "lm-studio", "plain", NULL};

	return is_one_of(string, words);
}

gboolean
kd_conf_is_token_param(const char *string)
{
	static const char *const words[] = {
	    "auto", "max_tokens", "max_completion_tokens", "none", NULL};

	return is_one_of(string, words);
}

gboolean
kd_conf_is_thinking(const char *string)
{
	static const char *const words[] = {"auto", "off", "on", NULL};

	return is_one_of(string, words);
}

gboolean
kd_conf_is_output(const char *string)
{
	static const char *const words[] = {
	    "auto", "json_schema", "json_object", "text", NULL};

	return is_one_of(string, words);
}

gboolean
kd_conf_is_stream(const char *string)
{
	static const char *const words[] = {"auto", "yes", "no", NULL};

	return is_one_of(string, words);
}

gboolean
kd_conf_is_yes_or_no(const char *string)
{
	static const char *const words[] = {"yes", "no", "true", "false", NULL};

	return is_one_of(string, words);
}

/* "0.28": digits, with at most one point between them. */
gboolean
kd_conf_is_decimal(const char *string)
{
	gsize whole = strspn(string, "0123456789");
	gsize parts =
	    string[whole] == '.' ? strspn(string + whole + 1, "0123456789") : 0;

	if (whole == 0 || strlen(string) > DECIMAL_MAX)
		return FALSE;
	return string[whole] == '.' ? parts > 0 && !string[whole + 1 + parts]
				    : !string[whole];
}

gboolean
kd_conf_is_word(const char *string)
{
	return *string && strlen(string) <= LABEL_MAX &&
	       strspn(string, "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
			      "abcdefghijklmnopqrstuvwxyz") == strlen(string);
}

/* Printable ASCII: what goes into a request's line or body as it is. */
static gboolean
is_printable(const char *string, gsize max)
{
	for (const char *p = string; *p; p++)
		if (!g_ascii_isgraph(*p) && *p != ' ')
			return FALSE;
	return *string && strlen(string) <= max;
}

gboolean
kd_conf_is_model(const char *string)
{
	return is_printable(string, MODEL_MAX) && !strchr(string, ' ');
}

/* The whole of it is read as JSON by llm-conf.c. */
gboolean
kd_conf_is_object(const char *string)
{
	return g_str_has_prefix(string, "{") && g_str_has_suffix(string, "}");
}

/*
 * A field that a request may have beside ours.  A key has a file of its own,
 * and what frames the request is not the configuration's.
 */
gboolean
kd_conf_is_header(const char *string)
{
	static const char *const refused[] = {"authorization",
	    "proxy-authorization", "x-api-key", "api-key", "content-length",
	    "transfer-encoding", "host", "connection", "cookie", "expect",
	    NULL};
	const char *colon = strchr(string, ':');
	g_autofree char *name = NULL;

	if (!colon || colon == string || !is_printable(string, VALUE_MAX))
		return FALSE;
	name = g_ascii_strdown(string, colon - string);
	for (const char *p = name; *p; p++)
		if (!g_ascii_isalnum(*p) && *p != '-' && *p != '_')
			return FALSE;
	return !is_one_of(name, refused);
}

static gboolean
is_url(const char *string, const char *const *schemes, gboolean with_path)
{
	g_autoptr(GUri) uri =
	    is_printable(string, VALUE_MAX) && !strchr(string, ' ')
		? g_uri_parse(string, G_URI_FLAGS_NONE, NULL)
		: NULL;

	if (!uri || !is_one_of(g_uri_get_scheme(uri), schemes))
		return FALSE;
	return g_uri_get_host(uri) && *g_uri_get_host(uri) &&
	       !g_uri_get_userinfo(uri) && !g_uri_get_query(uri) &&
	       !g_uri_get_fragment(uri) &&
	       (with_path || strlen(g_uri_get_path(uri)) <= 1);
}

gboolean
kd_conf_is_base_url(const char *string)
{
	static const char *const schemes[] = {"https", "http", NULL};

	return is_url(string, schemes, TRUE);
}

gboolean
kd_conf_is_proxy(const char *string)
{
	static const char *const schemes[] = {
	    "http", "https", "socks5h", "socks5", NULL};

	return is_url(string, schemes, FALSE);
}

/* Whether an address of this host cannot leave the machine. */
static gboolean
is_loopback(const char *host)
{
	struct in6_addr six;
	struct in_addr four;

	if (inet_pton(AF_INET, host, &four) == 1)
		return ntohl(four.s_addr) >> 24 == 127;
	if (inet_pton(AF_INET6, host, &six) == 1)
		return IN6_IS_ADDR_LOOPBACK(&six);
	return !g_ascii_strcasecmp(host, "localhost");
}

static gboolean
check_profile(
    const kd_conf *conf, const struct kd_conf_profile *profile, GError **error)
{
	g_autoptr(GUri) uri =
	    g_uri_parse(profile->base_url, G_URI_FLAGS_NONE, NULL);
	gboolean allowed = *profile->allow_plaintext == 'y' ||
			   *profile->allow_plaintext == 't';

	if (allowed || !uri || strcmp(g_uri_get_scheme(uri), "http") ||
	    is_loopback(g_uri_get_host(uri)))
		return TRUE;
	g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
	    "%s: llm.profiles.%s.base_url: plain http to another machine: "
	    "expected https, or allow_plaintext: yes beside it",
	    conf->file, profile->name);
	return FALSE;
}

gboolean
kd_conf_check_profiles(const kd_conf *conf, GError **error)
{
	for (guint i = 0; i < conf->llm_profiles->len; i++)
		if (!check_profile(conf, conf->llm_profiles->pdata[i], error))
			return FALSE;
	for (gsize i = 0; conf->llm_use && conf->llm_use[i]; i++) {
		if (kd_conf_profile_find(conf, conf->llm_use[i]))
			continue;
		g_set_error(error, KD_ERROR, KD_ERROR_CONFIG,
		    "%s: llm.use: \"%s\": no such profile: expected a name "
		    "that llm.profiles has",
		    conf->file, conf->llm_use[i]);
		return FALSE;
	}
	return TRUE;
}
