/*
 * What a configuration may say: its keys as a table, the checks of their
 * values, and where they go in a struct kd_conf.  Only conf-yaml.c knows YAML;
 * kvdigest.yaml(5) describes it all.
 */
#ifndef KD_CONF_PRIVATE_H
#define KD_CONF_PRIVATE_H

#include <glib.h>

#include "conf.h"

enum kd_conf_type {
	KD_CONF_STRING,	 /* char * */
	KD_CONF_LIST,	 /* GStrv; a lone value is a list of one */
	KD_CONF_COMMAND, /* GStrv likewise: a program, then its arguments */
	KD_CONF_NUMBER,	 /* guint */
	KD_CONF_SIZE	 /* guint64, bytes; "64G" */
};

struct kd_conf_key {
	const char *path;     /* "store.path"; "*" stands for any name */
	const char *expected; /* what it takes, for messages: "expected ..." */
	enum kd_conf_type type;
	gsize
	    offset; /* of its member in struct kd_conf, or in what "*" names */
	gboolean required;
	const char *fallback; /* its one value, or NULL */
	guint64 min, max;     /* of a number; items of a list */
	gboolean (*check)(const char *string); /* of a string, of each item */
};

/* All keys, the sections together and in the order of the manual. */
const struct kd_conf_key *kd_conf_keys(gsize *n);

/*
 * Whether the key is one of what has a name of its own: its path has "*", its
 * member is in a struct kd_conf_profile.
 */
gboolean kd_conf_key_is_named(const struct kd_conf_key *key);

/* The key of a path, in which names stand for "*", or NULL. */
const struct kd_conf_key *kd_conf_key_find(const char *path);

/* The key takes more than one value. */
gboolean kd_conf_key_is_list(const struct kd_conf_key *key);

/* Whether value may be the index-th value of the key (0: first or only). */
gboolean kd_conf_key_accepts(
    const struct kd_conf_key *key, guint index, const char *value);

/*
 * Store values, each of them accepted and their number within the key's
 * limits, in the key's member of object, which is the kd_conf or the struct
 * kd_conf_profile that the key is one of; what was there is freed.
 */
void kd_conf_key_store(
    const struct kd_conf_key *key, void *object, const char *const *values);

/* Free what the key's member owns. */
void kd_conf_key_clear(const struct kd_conf_key *key, void *object);

/* Give the members of an object, named or not, their fallbacks. */
void kd_conf_set_defaults(void *object, gboolean named);

/*
 * What the key of a path is a member of: conf itself, or the profile that the
 * path names, made with its defaults when it is new.
 */
void *kd_conf_object(
    kd_conf *conf, const struct kd_conf_key *key, const char *path);

void kd_conf_profile_free(struct kd_conf_profile *profile);

/* What may name a profile: letters, digits, "-" and "_", at most 40. */
gboolean kd_conf_is_label(const char *string);

/*
 * The names that may stand in a section ("" is the whole file), in the order
 * of the table, "*" for any; NULL when there is no such section.  The caller frees the
 * array with its strings.
 */
GStrv kd_conf_names(const char *section);

/* The one of names that unknown is a slip of the pen for, or NULL. */
const char *kd_conf_nearest(const char *const *names, const char *unknown);

/*
 * Read the text of a configuration into conf, whose file is set for messages.
 * Keys that it does not hold keep their members.  FALSE sets KD_ERROR_CONFIG,
 * the message as kd_conf_load() says; conf may hold some of the values then.
 */
gboolean kd_conf_read(
    kd_conf *conf, const char *text, gsize length, GError **error);

/*
 * What is wrong with a character of the file, for a message; NULL for text.
 * c may be what g_utf8_get_char_validated() returns for no character.  Tabs
 * and carriage returns are legal YAML, but editors do not show them.
 */
const char *kd_conf_find_fault(gunichar c);

/* conf-check.c: pure but for the zone, which the system must know. */
gboolean kd_conf_is_control(gunichar c);
gboolean kd_conf_is_address(const char *string);
gboolean kd_conf_is_archive(const char *string);
gboolean kd_conf_is_host(const char *string);
gboolean kd_conf_is_filter(const char *string);
gboolean kd_conf_is_list_id(const char *string);
gboolean kd_conf_is_mailbox(const char *string);
gboolean kd_conf_is_name(const char *string);
gboolean kd_conf_is_tree_path(const char *string);
gboolean kd_conf_is_path(const char *string);
gboolean kd_conf_is_program(const char *string);
gboolean kd_conf_is_zone(const char *string);

/* conf-profile.c: what profiles may say; pure. */
gboolean kd_conf_is_base_url(const char *string);
gboolean kd_conf_is_decimal(const char *string);
gboolean kd_conf_is_dialect(const char *string);
gboolean kd_conf_is_header(const char *string);
gboolean kd_conf_is_model(const char *string);
gboolean kd_conf_is_object(const char *string);
gboolean kd_conf_is_output(const char *string);
gboolean kd_conf_is_proxy(const char *string);
gboolean kd_conf_is_stream(const char *string);
gboolean kd_conf_is_thinking(const char *string);
gboolean kd_conf_is_token_param(const char *string);
gboolean kd_conf_is_word(const char *string);
gboolean kd_conf_is_yes_or_no(const char *string);

/*
 * What one key alone does not show: profiles that llm.use names and that are
 * not there, plain HTTP to another machine.  FALSE sets KD_ERROR_CONFIG.
 */
gboolean kd_conf_check_profiles(const kd_conf *conf, GError **error);

/*
 * Read a number of bytes, digits and at most one of K, M, G and T (powers of
 * 1024), into *size.  FALSE when it is none or not within min and max.
 */
gboolean kd_conf_parse_size(
    const char *string, guint64 min, guint64 max, guint64 *size);

#endif
