#include "config.h"

#include <gmime/gmime.h>
#include <string.h>

#include "address-list.h"
#include "author.h"
#include "auto.h"
#include "encoded-word.h"
#include "person.h"
#include "text.h"

/* An entry that is a mailbox, or the first member of one that is a group. */
static InternetAddress *
mailbox_of(InternetAddress *entry)
{
	InternetAddressList *members;

	if (!INTERNET_ADDRESS_IS_GROUP(entry))
		return entry;
	members =
	    internet_address_group_get_members(INTERNET_ADDRESS_GROUP(entry));
	return internet_address_list_length(members)
		   ? internet_address_list_get_address(members, 0)
		   : NULL;
}

/*
 * Find the first mailbox of an address list, or the first with this name if
 * one is given.
 */
static gboolean
find_mailbox(struct kd_author *author, const char *value, const char *wanted)
{
	g_autofree char *mended = NULL;
	g_autofree char *plain = NULL;
	g_autoptr(InternetAddressList) list = NULL;
	int n;

	if (!wanted && kd_mailbox_read(value, &plain, &author->address)) {
		author->name = kd_text_clean(plain);
		return TRUE;
	}
	mended = kd_encoded_word_mend(value, &author->wrong_charset);
	list = internet_address_list_parse(NULL, mended);
	n = list ? internet_address_list_length(list) : 0;
	for (int i = 0; i < n; i++) {
		InternetAddress *entry =
		    mailbox_of(internet_address_list_get_address(list, i));
		g_autofree char *name = NULL;
		g_autofree char *address = NULL;

		if (!entry || !INTERNET_ADDRESS_IS_MAILBOX(entry))
			continue;
		address = kd_text_clean(internet_address_mailbox_get_addr(
		    INTERNET_ADDRESS_MAILBOX(entry)));
		name = kd_text_clean(internet_address_get_name(entry));
		/* "a: b;" is a group of one who has no domain. */
		if (!strchr(address, '@') ||
		    (wanted && g_strcmp0(name, wanted)))
			continue;
		author->address = g_ascii_strdown(address, -1);
		author->name = g_steal_pointer(&name);
		return TRUE;
	}
	return FALSE;
}

/* Put the person in the place of a list or relay. */
static void
resolve(struct kd_author *author, const struct kd_author_fields *fields)
{
	const struct {
		const char *value;
		const char *name;
	} places[] = {{fields->original_from, NULL}, {fields->reply_to, NULL},
	    {fields->copies, author->name}};

	for (gsize i = 0; i < G_N_ELEMENTS(places); i++) {
		g_auto(kd_author) real = {0};

		if (!places[i].value ||
		    !find_mailbox(&real, places[i].value, places[i].name) ||
		    !g_strcmp0(real.address, author->address))
			continue;
		g_free(author->address);
		author->address = g_steal_pointer(&real.address);
		if (*real.name) {
			g_free(author->name);
			author->name = kd_person_clean_name(real.name);
		}
		return;
	}
}

gboolean
kd_author_read(struct kd_author *author, const struct kd_author_fields *fields)
{
	const char *from = fields->from ? fields->from : "";
	g_autofree char *whole = NULL;
	gboolean munged;

	*author = (struct kd_author){0};
	if (!find_mailbox(author, from, NULL)) {
		g_autofree char *mended =
		    kd_encoded_word_mend(from, &author->wrong_charset);

		whole = g_mime_utils_header_decode_text(NULL, mended);
		author->name = kd_text_clean(whole);
		author->address = g_strdup("");
		return FALSE;
	}
	munged = kd_person_is_munged(author->name, author->address);
	whole = g_steal_pointer(&author->name);
	author->name = kd_person_clean_name(whole);
	if (munged)
		resolve(author, fields);
	return TRUE;
}

void
kd_author_clear(struct kd_author *author)
{
	g_clear_pointer(&author->name, g_free);
	g_clear_pointer(&author->address, g_free);
}
