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
	.path = "filters.deadline",
	.expected = "seconds, 1 to 3600",
	.type = KD_CONF_NUMBER,
	.offset = offsetof(kd_conf, filter_deadline),
	.fallback = "60",
	.min = 1,
	.max = 3600,
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

const struct kd_conf_key *
kd_conf_key_find(const char *path)
{
	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++)
		if (!strcmp(keys[i].path, path))
			return &keys[i];
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
    const struct kd_conf_key *key, kd_conf *conf, const char *const *values)
{
	void *member = G_STRUCT_MEMBER_P(conf, key->offset);
	guint64 number = 0;

	kd_conf_key_clear(key, conf);
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
kd_conf_key_clear(const struct kd_conf_key *key, kd_conf *conf)
{
	void *member = G_STRUCT_MEMBER_P(conf, key->offset);

	if (key->type == KD_CONF_STRING)
		g_clear_pointer((char **)member, g_free);
	else if (kd_conf_key_is_list(key))
		g_clear_pointer((GStrv *)member, g_strfreev);
}

GStrv
kd_conf_names(const char *section)
{
	g_autoptr(GPtrArray) names = g_ptr_array_new_with_free_func(g_free);
	gsize length = strlen(section);

	for (gsize i = 0; i < G_N_ELEMENTS(keys); i++) {
		const char *name = keys[i].path;
		char *copy;

		if (length > 0) {
			if (strncmp(name, section, length) ||
			    name[length] != '.')
				continue;
			name += length + 1;
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
