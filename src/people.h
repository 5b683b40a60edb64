/*
 * Persons over many mails.  Pure.
 *
 * Those with the same address are one (kd_person_key), and so are those with
 * the same display name of two words or more: many write from two addresses.
 */
#ifndef KD_PEOPLE_H
#define KD_PEOPLE_H

#include <glib.h>

typedef struct kd_people kd_people;

kd_people *kd_people_new(void);

void kd_people_free(kd_people *people);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_people, kd_people_free)

/*
 * The index, from 0, of the person who wrote a mail; somebody new gets the
 * next.  Where a later mail shows that two were one, the lower index serves
 * for both.
 */
guint kd_people_add(kd_people *people, const char *name, const char *address);

/* How many different persons were added. */
guint kd_people_count(const kd_people *people);

#endif
