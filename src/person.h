/*
 * Who wrote a mail.  Pure.  Names and addresses are decoded UTF-8, never NULL,
 * "" where a mail has none; letter case does not count.
 */
#ifndef KD_PERSON_H
#define KD_PERSON_H

#include <glib.h>

/*
 * Whether a From was rewritten by a mailing list for DMARC, "Ann via kvmarm
 * <kvmarm@lists...>", or by a relay, "Ann via B4 Relay <devnull+ann...>".
 * Then the person is in X-Original-From, Reply-To or Cc.
 */
gboolean kd_person_is_munged(const char *name, const char *address);

/* The display name without "via LIST" and surrounding quotes; caller frees. */
char *kd_person_clean_name(const char *name);

/*
 * The same for comparing persons, case folded; "" if it is just one word, which
 * many people share.  The caller frees it.
 */
char *kd_person_full_name(const char *name);

/*
 * What identifies a person across mails: the lower-case address without what
 * follows a "+".  Where there is none, the folded name.  The caller frees it.
 */
char *kd_person_key(const char *name, const char *address);

/*
 * Whether two addresses are of one mailbox: the same but for letter case and
 * what follows a "+"; "" is of none.
 */
gboolean kd_person_same_address(const char *address, const char *other);

/* Whether two names are one, of more than one word. */
gboolean kd_person_same_name(const char *name, const char *other);

/*
 * Whether two names with addresses are one person's, who may use several
 * addresses: the same mailbox, or the same full name.
 */
gboolean kd_person_is_same(const char *name, const char *address,
    const char *other_name, const char *other_address);

/*
 * The name and the address in "Name <address>", either of which may be "": the
 * caller frees both.  What has no angle brackets is an address if it has an
 * "@", else a name.
 */
void kd_person_split(const char *person, char **name, char **address);

#endif
