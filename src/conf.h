/*
 * The configuration: one YAML file, read by libyaml, described in
 * kvdigest.yaml(5).
 *
 * A configuration is a snapshot: a program reads it once and keeps it.
 * All strings belong to it.
 */
#ifndef KD_CONF_H
#define KD_CONF_H

#include <sys/stat.h>

#include <glib.h>

typedef struct kd_conf kd_conf;

/* One of llm.profiles: a model and the server that it is asked at. */
struct kd_conf_profile {
	char *name;		/* llm.profiles.NAME */
	char *base_url;		/* with its version segment */
	char *model;		/* as the server calls it */
	char *api_key_file;	/* or NULL */
	char *dialect;		/* one of kd_llm_dialect_names() */
	char *max_tokens_param; /* auto, max_tokens, ..., none */
	char *temperature;	/* a decimal, or NULL: not sent */
	char *thinking;		/* auto, off, on */
	char *output;		/* auto, json_schema, json_object, text */
	char *stream;		/* auto, yes, no */
	char *extra_body;	/* an object as JSON, or NULL */
	GStrv headers;		/* "Name: value"; may be empty */
	guint context;		/* tokens of input and output; 0: ask */
	guint max_output;	/* tokens */
	guint concurrency;	/* requests at once */
	guint rpm;		/* requests in a minute; 0: no limit */
	guint deadline;		/* seconds for one request */
	char *price_input;	/* decimals, for a million tokens; or NULL */
	char *price_cached;
	char *price_output;
	char *price_currency;  /* letters for people */
	char *proxy;	       /* URL, or NULL: none */
	char *ca_file;	       /* or NULL: the system's */
	char *allow_plaintext; /* yes, no */
};

struct kd_conf {
	char *file; /* where it was read from */

	char *store_path;  /* store.path: directory of the LMDB environment */
	guint64 store_max; /* store.max_size: bytes the map may grow to */
	guint64 store_max_mail; /* store.max_mail: bytes kept of one mail */

	GStrv list_ids;	      /* list.id: one or more, as within List-Id's <> */
	char *list_name;      /* list.name: for people, "KVMARM" */
	char *list_archive;   /* list.archive: URL ending in "/", or NULL */
	char *list_recipient; /* list.recipient: address the list alone knows */
	GStrv list_sender_hosts; /* list.sender_hosts: may be empty */
	char *list_authserv_id;	 /* list.authserv_id: our own name, or NULL */

	char *report_mailmap; /* report.mailmap: file, or NULL */
	char *timezone; /* report.timezone: IANA name, default Asia/Shanghai */

	GStrv team_addresses; /* team.*: whom the digest is for; all may */
	GStrv team_names;     /* be empty */
	GStrv team_paths;     /* files, directories, patterns with * and ? */
	GStrv team_keywords;

	GStrv filter_chain;    /* filters.chain: names or absolute paths */
	GStrv filter_fallback; /* filters.fallback: the chain after a failure */
	guint filter_jobs;     /* filters.jobs: topics at once */
	guint filter_deadline; /* filters.deadline: seconds per topic */

	GStrv llm_use;	    /* llm.use: names of profiles; may be empty */
	char *llm_max_cost; /* llm.max_cost: a decimal per run, or NULL */
	guint llm_max_wait; /* llm.max_wait: seconds a server may ask for */
	guint llm_deadline; /* llm.deadline: seconds for one topic */
	GPtrArray *llm_profiles; /* of struct kd_conf_profile */

	GStrv mail_sendmail; /* mail.sendmail: program and leading arguments */
	char *mail_from;     /* mail.from: mailbox for From:, or NULL */
	GStrv mail_to;	     /* mail.to: recipients' mailboxes; may be empty */
	char *mail_sender;   /* mail.envelope_sender: address for -f, or NULL */
	guint mail_deadline; /* mail.deadline: seconds for sendmail; 0: 300 */
};

/*
 * Read the configuration: file if not NULL, else $KVDIGEST_CONFIG, else
 * $XDG_CONFIG_HOME/kvdigest/kvdigest.yaml, else SYSCONFDIR/kvdigest/
 * kvdigest.yaml; the first that is named or exists counts, nothing is merged.
 *
 * Errors are KD_ERROR_CONFIG, their message "FILE:LINE:COLUMN: key: reason:
 * expected ...", with "did you mean" where a known key is near.  Refused are
 * a file that others than root and the caller's user can write, unknown and
 * duplicate keys, wrong types, values out of range, missing keys that must be
 * there (store.path, list.id, list.name), aliases, anchors, tags, more than
 * one document, more than 64 KB, nesting that no key asks for, bytes that are
 * not UTF-8, tabs, carriage returns and other control characters.
 */
kd_conf *kd_conf_load(const char *file, GError **error);

void kd_conf_free(kd_conf *conf);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(kd_conf, kd_conf_free)

/* The profile of a name, or NULL. */
const struct kd_conf_profile *kd_conf_profile_find(
    const kd_conf *conf, const char *name);

/* Add all of a profile that decides what its model answers. */
void kd_conf_profile_identify(
    const struct kd_conf_profile *profile, GChecksum *sum);

/*
 * The link to a mail in the list's archive: list.archive, the Message-ID
 * percent-escaped (RFC 3986, "@" stays), "/".  NULL without list.archive.
 * The caller frees it.
 */
char *kd_conf_archive_url(const kd_conf *conf, const char *message_id);

/*
 * Whether a file that programs or keys are read from is a regular one that
 * belongs to root or to us.  FALSE sets KD_ERROR_CONFIG and says what to do.
 */
gboolean kd_conf_check_owner(
    const char *file, const struct stat *st, GError **error);

#endif
