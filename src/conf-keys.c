#include "config.h"

#include <stddef.h>
#include <string.h>

#include "conf-private.h"

#define KIB ((guint64)1 << 10)
#define MIB ((guint64)1 << 20)
#define TIB ((guint64)1 << 40)

#define MAILBOX "\"user@example.org\" or \"Name <user@example.org>\""

#define NEAR_MAX 32 /* bytes of a word worth comparing */

/* clang-format off */
static const struct kd_conf_key keys[] = {
    {
	.path = "store.path",
	.expected = "the absolute path of a directory",
	.type = KD_CONF_STRING,
	.offset = offsetof(kd_conf, store_path),
	.required = TRUE,
	.check = kd_conf_is_path,
    },
    {
	.path = "store.max_size",
	.expected = "bytes, 1M to 64T, with K, M, G or T if wanted",
	.type = KD_CONF_SIZE,
	.offset = offsetof(kd_conf, store_max),
	.fallback = "64G",
	.min = MIB,
	.max = 64 * TIB,
    },
    {
	.path = "store.max_mail",
	.expected = "bytes, 64K to 64M, with K or M if wanted",
	.type = KD_CONF_SIZE,
	.offset = offsetof(kd_conf, store_max_mail),
	.fallback = "64M",
	.min = 64 * KIB,
	.max = 64 * MIB,
    },
    {
	.path = "list.id",
	.expected = "what stands within <> in List-Id, or 1 to 100 of these",
	.type = KD_CONF_LIST,
	.offset = offsetof(kd_conf, list_ids),
	.required = TRUE,
	.min = 1,
	.max = 100,
	.check = kd_conf_is_list_id,
    },
    {
	.path = "list.name",
	.expected = "the list's name for people, at most 100 characters",
	.type = KD_CONF_STRING,
	.offset = offsetof(kd_conf, list_name),
	.required = TRUE,
	.check = kd_conf_is_name,
    },
    {
	.path = "list.archive",
	.expected = "an https:// or http:// URL without user, \"?\" and \"#\"",
	.type = KD_CONF_STRING,
	.offset = offsetof(kd_conf, list_archive),
	.check = kd_conf_is_archive,
    },
    {
	.path = "list.recipient",
	.expected = "an address, \"user+secret@example.org\"",
	.type = KD_CONF_STRING,
	.offset = offsetof(kd_conf, list_recipient),
	.check = kd_conf_is_address,
    },
    {
	.path = "list.sender_hosts",
	.expected = "1 to 100 host names",
	.type = KD_CONF_LIST,
	.offset = offsetof(kd_conf, list_sender_hosts),
	.min = 1,
	.max = 100,
	.check = kd_conf_is_host,
    },
    {
	.path = "list.authserv_id",
	.expected = "a host name, as Authentication-Results begins with it",
	.type = KD_CONF_STRING,
	.offset = offsetof(kd_conf, list_authserv_id),
	.check = kd_conf_is_host,
    },
    {
	.path = "report.timezone",
	.expected = "a time zone that this system knows, like Asia/Shanghai",
	.type = KD_CONF_STRING,
	.offset = offsetof(kd_conf, timezone),
	.fallback = "Asia/Shanghai",
	.check = kd_conf_is_zone,
    },
    {
	.path = "report.mailmap",
	.expected = "the absolute path of a file",
	.type = KD_CONF_STRING,
	.offset = offsetof(kd_conf, report_mailmap),
	.check = kd_conf_is_path,
    },
    {
	.path = "team.addresses",
	.expected = "1 to 100 addresses, \"user@example.org\"",
	.type = KD_CONF_LIST,
	.offset = offsetof(kd_conf, team_addresses),
	.min = 1,
	.max = 100,
	.check = kd_conf_is_address,
    },
    {
	.path = "team.names",
	.expected = "1 to 100 names of people, each at most 100 characters",
	.type = KD_CONF_LIST,
	.offset = offsetof(kd_conf, team_names),
	.min = 1,
	.max = 100,
	.check = kd_conf_is_name,
    },
    {
	.path = "team.paths",
	.expected = "1 to 100 paths within a source tree, with * and ? if wanted",
	.type = KD_CONF_LIST,
	.offset = offsetof(kd_conf, team_paths),
	.min = 1,
	.max = 100,
	.check = kd_conf_is_tree_path,
    },
    {
	.path = "team.keywords",
	.expected = "1 to 100 words, each at most 100 characters",
	.type = KD_CONF_LIST,
	.offset = offsetof(kd_conf, team_keywords),
	.min = 1,
	.max = 100,
	.check = kd_conf_is_name,
    },
    {
	.path = "filters.chain",
	.expected = "1 to 32 filters, each a name or an absolute path",
	.type = KD_CONF_LIST,
	.offset = offsetof(kd_conf, filter_chain),
	.fallback = "summarise-facts",
	.min = 1,
	.max = 32,
	.check = kd_conf_is_filter,
    },
    {
	.path = "filters.fallback",
	.expected = "1 to 32 filters, each a name or an absolute path",
	.type = KD_CONF_LIST,
	.offset = offsetof(kd_conf, filter_fallback),
	.fallback = "summarise-facts",
	.min = 1,
	.max = 32,
	.check = kd_conf_is_filter,
    },
    {
	.path = "filters.jobs",
	.expected = "topics at once, 1 to 64",
	.type = KD_CONF_NUMBER,
	.offset = offsetof(kd_conf, filter_jobs),
	.fallback = "4",
	.min = 1,
	.max = 64,
    },
    {
	.path = "filters.deadline",
	.expected = "seconds, 1 to 3600",
	.type = KD_CONF_NUMBER,
	.offset = offsetof(kd_conf, filter_deadline),
	.fallback = "60",
	.min = 1,
	.max = 3600,
    },
    {
	.path = "llm.use",
	.expected = "1 to 8 names of llm.profiles",
	.type = KD_CONF_LIST,
	.offset = offsetof(kd_conf, llm_use),
	.min = 1,
	.max = 8,
	.check = kd_conf_is_label,
    },
    {
	.path = "llm.max_cost",
	.expected = "an amount like 0.5, in the currency of the profiles",
	.type = KD_CONF_STRING,
	.offset = offsetof(kd_conf, llm_max_cost),
	.check = kd_conf_is_decimal,
    },
    {
	.path = "llm.max_wait",
	.expected = "seconds, 0 to 600",
	.type = KD_CONF_NUMBER,
	.offset = offsetof(kd_conf, llm_max_wait),
	.fallback = "300",
	.min = 0,
	.max = 600,
    },
    {
	.path = "llm.deadline",
	.expected = "seconds, 1 to 3600",
	.type = KD_CONF_NUMBER,
	.offset = offsetof(kd_conf, llm_deadline),
	.fallback = "600",
	.min = 1,
	.max = 3600,
    },
    {
	.path = "llm.profiles.*.base_url",
	.expected = "an https:// URL, or http:// on this machine",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, base_url),
	.required = TRUE,
	.check = kd_conf_is_base_url,
    },
    {
	.path = "llm.profiles.*.model",
	.expected = "a model's name, as the server has it",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, model),
	.required = TRUE,
	.check = kd_conf_is_model,
    },
    {
	.path = "llm.profiles.*.api_key_file",
	.expected = "the absolute path of a file",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, api_key_file),
	.check = kd_conf_is_path,
    },
    {
	.path = "llm.profiles.*.dialect",
	.expected = "auto, openai, deepseek, dashscope, kimi, glm, gemini, "
	    "claude, vllm, llama-cpp, ollama, lm-studio or plain",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, dialect),
	.fallback = "auto",
	.check = kd_conf_is_dialect,
    },
    {
	.path = "llm.profiles.*.max_tokens_param",
	.expected = "auto, max_tokens, max_completion_tokens or none",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, max_tokens_param),
	.fallback = "auto",
	.check = kd_conf_is_token_param,
    },
    {
	.path = "llm.profiles.*.temperature",
	.expected = "a number like 0.3",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, temperature),
	.check = kd_conf_is_decimal,
    },
    {
	.path = "llm.profiles.*.thinking",
	.expected = "auto, off or on",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, thinking),
	.fallback = "auto",
	.check = kd_conf_is_thinking,
    },
    {
	.path = "llm.profiles.*.output",
	.expected = "auto, json_schema, json_object or text",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, output),
	.fallback = "auto",
	.check = kd_conf_is_output,
    },
    {
	.path = "llm.profiles.*.stream",
	.expected = "auto, yes or no",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, stream),
	.fallback = "auto",
	.check = kd_conf_is_stream,
    },
    {
	.path = "llm.profiles.*.extra_body",
	.expected = "an object as JSON, in single quotes",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, extra_body),
	.check = kd_conf_is_object,
    },
    {
	.path = "llm.profiles.*.headers",
	.expected = "up to 20 fields \"Name: value\"",
	.type = KD_CONF_LIST,
	.offset = offsetof(struct kd_conf_profile, headers),
	.min = 1,
	.max = 20,
	.check = kd_conf_is_header,
    },
    {
	.path = "llm.profiles.*.context",
	.expected = "tokens, 2000 to 10000000",
	.type = KD_CONF_NUMBER,
	.offset = offsetof(struct kd_conf_profile, context),
	.min = 2000,
	.max = 10000000,
    },
    {
	.path = "llm.profiles.*.max_output",
	.expected = "tokens, 200 to 100000",
	.type = KD_CONF_NUMBER,
	.offset = offsetof(struct kd_conf_profile, max_output),
	.fallback = "2000",
	.min = 200,
	.max = 100000,
    },
    {
	.path = "llm.profiles.*.concurrency",
	.expected = "requests, 1 to 64",
	.type = KD_CONF_NUMBER,
	.offset = offsetof(struct kd_conf_profile, concurrency),
	.fallback = "2",
	.min = 1,
	.max = 64,
    },
    {
	.path = "llm.profiles.*.rpm",
	.expected = "requests in a minute, 0 to 100000",
	.type = KD_CONF_NUMBER,
	.offset = offsetof(struct kd_conf_profile, rpm),
	.min = 0,
	.max = 100000,
    },
    {
	.path = "llm.profiles.*.deadline",
	.expected = "seconds, 1 to 3600",
	.type = KD_CONF_NUMBER,
	.offset = offsetof(struct kd_conf_profile, deadline),
	.fallback = "120",
	.min = 1,
	.max = 3600,
    },
    {
	.path = "llm.profiles.*.price.input",
	.expected = "an amount for a million tokens, like 0.28",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, price_input),
	.check = kd_conf_is_decimal,
    },
    {
	.path = "llm.profiles.*.price.cached_input",
	.expected = "an amount for a million tokens, like 0.28",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, price_cached),
	.check = kd_conf_is_decimal,
    },
    {
	.path = "llm.profiles.*.price.output",
	.expected = "an amount for a million tokens, like 0.28",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, price_output),
	.check = kd_conf_is_decimal,
    },
    {
	.path = "llm.profiles.*.price.currency",
	.expected = "letters, like CNY",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, price_currency),
	.check = kd_conf_is_word,
    },
    {
	.path = "llm.profiles.*.proxy",
	.expected = "an http://, https:// or socks5h:// URL",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, proxy),
	.check = kd_conf_is_proxy,
    },
    {
	.path = "llm.profiles.*.ca_file",
	.expected = "the absolute path of a file",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, ca_file),
	.check = kd_conf_is_path,
    },
    {
	.path = "llm.profiles.*.allow_plaintext",
	.expected = "yes or no",
	.type = KD_CONF_STRING,
	.offset = offsetof(struct kd_conf_profile, allow_plaintext),
	.fallback = "no",
	.check = kd_conf_is_yes_or_no,
    },
    {
	.path = "mail.sendmail",
	.expected = "a program's absolute path, or a sequence of it and its "
	    "arguments",
	.type = KD_CONF_COMMAND,
	.offset = offsetof(kd_conf, mail_sendmail),
	.fallback = KD_SENDMAIL,
	.min = 1,
	.max = 64,
	.check = kd_conf_is_program,
    },
    {
	.path = "mail.from",
	.expected = MAILBOX,
	.type = KD_CONF_STRING,
	.offset = offsetof(kd_conf, mail_from),
	.check = kd_conf_is_mailbox,
    },
    {
	.path = "mail.to",
	.expected = MAILBOX ", or up to 100 of these",
	.type = KD_CONF_LIST,
	.offset = offsetof(kd_conf, mail_to),
	.max = 100,
	.check = kd_conf_is_mailbox,
    },
    {
	.path = "mail.envelope_sender",
	.expected = "an address, \"user@example.org\"",
	.type = KD_CONF_STRING,
	.offset = offsetof(kd_conf, mail_sender),
	.check = kd_conf_is_address,
    },
    {
	.path = "mail.deadline",
	.expected = "seconds, 1 to 3600",
	.type = KD_CONF_NUMBER,
	.offset = offsetof(kd_conf, mail_deadline),
	.fallback = "300",
	.min = 1,
	.max = 3600,
    },
};
/* clang-format on */

const struct kd_conf_key *
kd_conf_keys(gsize *n)
{
	*n = G_N_ELEMENTS(keys);
	return keys;
}

gboolean
kd_conf_key_is_named(const struct kd_conf_key *key)
{
	return strchr(key->path, '*') != NULL;
}

/*
 * What is left of a key's path after the names of a section, "" or ".name"
 * and so on; NULL when the key is not in it.
 */
static const char *
find_rest(const char *path, const char *section)
{
	for (;;) {
		gsize n = strcspn(path, "."), m = strcspn(section, ".");

		if ((n != 1 || *path != '*') &&
		    (n != m || memcmp(path, section, n)))
			return NULL;
		if (!section[m])
			return path + n;
		if (!path[n])
			return NULL;
		path += n + 1;
		section += m + 1;
	}
}

const struct kd_conf_key *
kd_conf_key_find(const char *path)
{
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *rest = find_rest(keys[i].path, path);

		if (rest && !*rest)
			return &keys[i];
	}
	return NULL;
}

gboolean
kd_conf_key_is_list(const struct kd_conf_key *key)
{
	return key->type == KD_CONF_LIST || key->type == KD_CONF_COMMAND;
}

gboolean
kd_conf_key_accepts(
    const struct kd_conf_key *key, guint index, const char *value)
{
	guint64 number;

	switch (key->type) {
	case KD_CONF_STRING:
	case KD_CONF_LIST:
		return key->check(value);
	case KD_CONF_COMMAND:
		return index == 0 ? key->check(value) : *value != '\0';
	case KD_CONF_NUMBER:
		return g_ascii_string_to_unsigned(
		    value, 10, key->min, key->max, &number, NULL);
	case KD_CONF_SIZE:
		return kd_conf_parse_size(value, key->min, key->max, &number);
	}
	g_return_val_if_reached(FALSE);
}

void
kd_conf_key_store(
    const struct kd_conf_key *key, void *object, const char *const *values)
{
	void *member = G_STRUCT_MEMBER_P(object, key->offset);
	guint64 number = 0;

	kd_conf_key_clear(key, object);
	switch (key->type) {
	case KD_CONF_STRING:
		*(char **)member = g_strdup(values[0]);
		break;
	case KD_CONF_LIST:
	case KD_CONF_COMMAND:
		*(GStrv *)member = g_strdupv((GStrv)values);
		break;
	case KD_CONF_NUMBER:
		g_ascii_string_to_unsigned(
		    values[0], 10, key->min, key->max, &number, NULL);
		*(guint *)member = (guint)number;
		break;
	case KD_CONF_SIZE:
		kd_conf_parse_size(
		    values[0], key->min, key->max, (guint64 *)member);
		break;
	}
}

void
kd_conf_key_clear(const struct kd_conf_key *key, void *object)
{
	void *member = G_STRUCT_MEMBER_P(object, key->offset);

	if (key->type == KD_CONF_STRING)
		g_clear_pointer((char **)member, g_free);
	else if (kd_conf_key_is_list(key))
		g_clear_pointer((GStrv *)member, g_strfreev);
}

void
kd_conf_set_defaults(void *object, gboolean named)
{
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *const values[] = {keys[i].fallback, NULL};

		if (kd_conf_key_is_named(&keys[i]) == named &&
		    (keys[i].fallback || kd_conf_key_is_list(&keys[i])))
			kd_conf_key_store(&keys[i], object, values);
	}
}

GStrv
kd_conf_names(const char *section)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);

	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *name = keys[i].path;
		char *copy;

		if (*section) {
			name = find_rest(name, section);
			if (!name || !*name)
				continue;
			name++;
		}
		copy = g_strndup(name, strcspn(name, "."));
		if (names->len > 0 &&
		    !strcmp(names->pdata[names->len - 1], copy))
			g_free(copy);
		else
			g_ptr_array_add(names, copy);
	}
	if (names->len == 0)
		return NULL;
	g_ptr_array_add(names, NULL);
	return (GStrv)g_ptr_array_free(g_steal_pointer(&names), FALSE);
}

/*
 * Edits that make b of a: a character inserted, removed, replaced, or swapped
 * with its neighbour; the case of letters is none.  Both are at most NEAR_MAX
 * bytes long.
 */
static guint
distance(const char *a, const char *b)
{
	guint rows[3][NEAR_MAX + 1];
	guint *before = rows[0], *above = rows[1], *row = rows[2];
	gsize n = strlen(b);

	for (guint j = 0; j <= n; j++)
		above[j] = j;
	for (guint i = 1; a[i - 1]; i++) {
		guint *spare = before;

		row[0] = i;
		for (guint j = 1; j <= n; j++) {
			char x = g_ascii_tolower(a[i - 1]);
			char y = g_ascii_tolower(b[j - 1]);
			guint least = above[j - 1] + (x != y);

			least = MIN(least, MIN(above[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && x != y &&
			    x == g_ascii_tolower(b[j - 2]) &&
			    y == g_ascii_tolower(a[i - 2]))
				least = MIN(least, before[j - 2] + 1);
			row[j] = least;
		}
		before = above;
		above = row;
		row = spare;
	}
	return above[n];
}

const char *
kd_conf_nearest(const char *const *names, const char *unknown)
{
	const char *nearest = NULL;
	/* A third of the word may be wrong, and one letter always. */
	guint least = MAX((guint)strlen(unknown) / 3, 1) + 1;

	if (strlen(unknown) > NEAR_MAX)
		return NULL;
	for (; *names; names++) {
		guint edits = distance(unknown, *names);

		if (edits < least) {
			nearest = *names;
			least = edits;
		}
	}
	return nearest;
}
