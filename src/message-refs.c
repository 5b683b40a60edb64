#include "config.h"

#include <string.h>

#include "message-private.h"
#include "refs.h"
#include "scan.h"

static gboolean
contains(const GPtrArray *strings, const char *string)
{
	for (guint i = 0; i < strings->len; i++)
		if (!strcmp(g_ptr_array_index(strings, i), string))
			return TRUE;
	return FALSE;
}

/* "Your message of Monday <ann@example.org>": an address is no id. */
static gboolean
is_address(const struct kd_message *message, const char *id)
{
	for (guint i = 0; i < message->copies->len; i++) {
		const char *address = g_ptr_array_index(message->copies, i);

		/* Most differ in the first byte, whatever its letter case. */
		if ((*address | 0x20) == (*id | 0x20) &&
		    !g_ascii_strcasecmp(address, id))
			return TRUE;
	}
	return !g_ascii_strcasecmp(id, message->record.address);
}

/*
 * Append what may count as a reference, each id once.  Of more than max in all
 * the first and the last are kept: what began it, and what is answered.
 */
static void
filter_refs(
    struct kd_message *message, GPtrArray *to, const GPtrArray *from, guint max)
{
	g_autoptr(GHashTable) seen = NULL;

	if (!from->len)
		return;
	seen = g_hash_table_new(g_str_hash, g_str_equal);
	for (guint i = 0; i < to->len; i++)
		g_hash_table_add(seen, g_ptr_array_index(to, i));
	for (guint i = 0; i < from->len; i++) {
		char *id = g_ptr_array_index(from, i);

		if (!strcmp(id, message->record.id) ||
		    contains(message->aliases, id) || is_address(message, id) ||
		    g_hash_table_contains(seen, id))
			continue;
		id = (char *)kd_message_keep(message, id);
		if (to->len == max) {
			message->record.flags |= KD_MAIL_CLIPPED;
			g_ptr_array_set_size(to, (int)max - 1);
		}
		g_ptr_array_add(to, id);
		g_hash_table_add(seen, id);
	}
}

void
kd_message_read_identity(
    struct kd_message *message, const char *mail, gsize length)
{
	GPtrArray *aliases = g_ptr_array_new();
	const char *first = message->aliases->len
				? g_ptr_array_index(message->aliases, 0)
				: NULL;
	gboolean synthetic = FALSE;
	/* What it finds has been read, unless it finds nothing. */
	g_autofree char *id = first
				  ? g_strdup(first)
				  : kd_scan_identity(mail, length, &synthetic);

	message->record.id = kd_message_keep(message, id);
	if (synthetic)
		message->record.flags |= KD_MAIL_NO_ID;
	for (guint i = 0; i < message->aliases->len; i++) {
		const char *alias = g_ptr_array_index(message->aliases, i);

		if (alias && strcmp(alias, id) && !contains(aliases, alias))
			g_ptr_array_add(
			    aliases, (gpointer)kd_message_keep(message, alias));
	}
	g_ptr_array_unref(message->aliases);
	message->aliases = aliases;
}

/*
 * The parent for display is In-Reply-To if it is exactly one id, else the
 * last of References, else the first of In-Reply-To.
 */
void
kd_message_read_refs(struct kd_message *message)
{
	GPtrArray *refs = g_ptr_array_new();
	GPtrArray *bare = g_ptr_array_new();
	g_autoptr(GPtrArray) answers = g_ptr_array_new();

	filter_refs(message, refs, message->refs, KD_REFS_MAX - 1);
	filter_refs(message, bare, message->bare, KD_REFS_MAX);
	filter_refs(message, answers, message->in_reply_to, KD_REFS_MAX);
	if (answers->len == 1 || (answers->len && !refs->len))
		message->record.parent = g_ptr_array_index(answers, 0);
	else if (refs->len)
		message->record.parent = g_ptr_array_index(refs, refs->len - 1);
	else if (bare->len)
		message->record.parent = g_ptr_array_index(bare, bare->len - 1);
	filter_refs(message, refs, message->in_reply_to, KD_REFS_MAX);
	g_ptr_array_unref(message->refs);
	g_ptr_array_unref(message->bare);
	message->refs = refs;
	message->bare = bare;
}
