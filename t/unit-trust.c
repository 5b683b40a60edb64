/*
 * Which mails came through the list, by each of the rules that can be
 * configured.  A sender writes all of a mail but what stands above the topmost
 * Received, and none of the envelope but its sender.
 */
#include "config.h"

#include <string.h>

#include "trust.h"
#include "unit.h"

#define LIST "List-Id: Arm KVM <kvmarm.lists.example.org>\n"
#define RECEIVED                                                               \
	"Received: from x by mx.example.org; Tue, 09 Mar 2021 1:00:00\n"
#define SECRET	"kvdigest+q7@example.org"
#define BOUNCES "kvmarm+bounces-12@lists.example.org"
#define AUTH	"Authentication-Results: mx.example.org"

enum rule {
	RULE_ID,
	RULE_HOSTS,
	RULE_AUTH,
	RULE_RECIPIENT
};

static const struct {
	const char *what;
	enum rule rule;
	const char *sender;
	const char *recipient;
	const char *header;
	gboolean list;
} rows[] = {
    {"the id", RULE_ID, "", "", LIST, TRUE},
    {"no id", RULE_ID, BOUNCES, SECRET, "Subject: x\n", FALSE},
    {"another id", RULE_ID, "", "", "List-Id: <netdev.example.org>\n", FALSE},

    {"the list's host", RULE_HOSTS, BOUNCES, "", LIST, TRUE},
    {"letter case", RULE_HOSTS, "x@LISTS.example.org", "", LIST, TRUE},
    {"a copied List-Id", RULE_HOSTS, "eve@example.net", "", LIST, FALSE},
    {"the host, but no id", RULE_HOSTS, BOUNCES, "", "Subject: x\n", FALSE},
    {"a host below it", RULE_HOSTS, "x@evil.lists.example.org", "", LIST,
	FALSE},
    {"a host that ends so", RULE_HOSTS, "x@evillists.example.org", "", LIST,
	FALSE},
    {"the host as user", RULE_HOSTS, "lists.example.org@example.net", "", LIST,
	FALSE},
    {"the null sender", RULE_HOSTS, "", "", LIST, FALSE},
    {"Return-Path of ours", RULE_HOSTS, NULL, "",
	"Return-Path: <" BOUNCES ">\n" RECEIVED LIST, TRUE},
    {"Return-Path of the sender's", RULE_HOSTS, NULL, "",
	RECEIVED "Return-Path: <" BOUNCES ">\n" LIST, FALSE},
    {"the first Return-Path", RULE_HOSTS, NULL, "",
	"Return-Path: <eve@example.net>\nReturn-Path: <" BOUNCES
	">\n" RECEIVED LIST,
	FALSE},
    {"what the envelope says goes before it", RULE_HOSTS, "eve@example.net", "",
	"Return-Path: <" BOUNCES ">\n" RECEIVED LIST, FALSE},

    {"SPF", RULE_AUTH, "", "",
	AUTH "; spf=pass smtp.mailfrom=" BOUNCES "\n" RECEIVED LIST, TRUE},
    {"SPF of a host", RULE_AUTH, "", "",
	AUTH
	";\n\tspf=pass (ok) smtp.mailfrom=lists.example.org\n" RECEIVED LIST,
	TRUE},
    {"DKIM, a version, a second result", RULE_AUTH, "", "",
	AUTH
	" 1; spf=fail smtp.mailfrom=" BOUNCES
	";\n dkim=pass header.i=@x header.d=lists.example.org\n" RECEIVED LIST,
	TRUE},
    {"SPF of another", RULE_AUTH, BOUNCES, "",
	AUTH "; spf=pass smtp.mailfrom=eve@example.net\n" RECEIVED LIST, FALSE},
    {"SPF failed", RULE_AUTH, BOUNCES, "",
	AUTH "; spf=softfail smtp.mailfrom=" BOUNCES "\n" RECEIVED LIST, FALSE},
    {"pass of one method, host of another", RULE_AUTH, BOUNCES, "",
	AUTH "; dkim=pass header.d=example.net; spf=fail smtp.mailfrom=" BOUNCES
	     "\n" RECEIVED LIST,
	FALSE},
    {"another server's word", RULE_AUTH, BOUNCES, "",
	"Authentication-Results: mx.example.net; spf=pass "
	"smtp.mailfrom=" BOUNCES "\n" RECEIVED LIST,
	FALSE},
    {"below our Received", RULE_AUTH, BOUNCES, "",
	RECEIVED AUTH "; spf=pass smtp.mailfrom=" BOUNCES "\n" LIST, FALSE},
    {"in a comment", RULE_AUTH, BOUNCES, "",
	AUTH "; spf=none (spf=pass smtp.mailfrom=" BOUNCES ")\n" RECEIVED LIST,
	FALSE},
    {"in a nested comment", RULE_AUTH, BOUNCES, "",
	AUTH "; spf=none (a (b) ; spf=pass smtp.mailfrom=" BOUNCES
	     ")\n" RECEIVED LIST,
	FALSE},
    {"in a quoted local part", RULE_AUTH, BOUNCES, "",
	AUTH
	"; spf=pass smtp.mailfrom=\"; dkim=pass header.d=lists.example.org "
	"\"@example.net\n" RECEIVED LIST,
	FALSE},
    {"no id", RULE_AUTH, BOUNCES, "",
	AUTH "; spf=pass smtp.mailfrom=" BOUNCES "\n" RECEIVED "Subject: x\n",
	FALSE},
    {"only ours", RULE_AUTH, "", "", AUTH "\n" RECEIVED LIST, FALSE},
    {"empty", RULE_AUTH, "", "", "Authentication-Results:\n" RECEIVED LIST,
	FALSE},

    {"the secret address", RULE_RECIPIENT, "", SECRET, "Subject: x\n", TRUE},
    {"no other", RULE_RECIPIENT, BOUNCES, "kvdigest@example.org",
	AUTH "; spf=pass smtp.mailfrom=" BOUNCES "\n" RECEIVED LIST, FALSE},
    {"X-Original-To of ours", RULE_RECIPIENT, "", "kvdigest@example.org",
	"X-Original-To: " SECRET "\n" RECEIVED, TRUE},
    {"Delivered-To of ours", RULE_RECIPIENT, NULL, NULL,
	"Delivered-To: <" SECRET ">\n" RECEIVED, TRUE},
    {"Delivered-To of the sender's", RULE_RECIPIENT, NULL, NULL,
	RECEIVED "Delivered-To: " SECRET "\n" LIST, FALSE},
    {"To, which all can see", RULE_RECIPIENT, NULL, NULL,
	"To: " SECRET "\n" RECEIVED LIST, FALSE},
};

static void
configure(kd_conf *conf, enum rule rule)
{
	static char *ids[] = {(char *)"kvmarm.lists.example.org", NULL};
	static char *hosts[] = {
	    (char *)"lists.example.com", (char *)"lists.example.org", NULL};
	static char *none[] = {NULL};

	*conf = (kd_conf){.list_ids = ids,
	    .list_sender_hosts = rule >= RULE_HOSTS ? hosts : none,
	    .list_authserv_id =
		rule >= RULE_AUTH ? (char *)"mx.example.org" : NULL,
	    .list_recipient = rule == RULE_RECIPIENT ? (char *)SECRET : NULL};
}

static void
test_rules(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(rows); i++) {
		const struct kd_envelope envelope = {.sender = rows[i].sender,
		    .recipients = {rows[i].recipient}};
		g_autofree char *mail =
		    g_strconcat(rows[i].header, "\nbody\n", NULL);
		kd_conf conf;

		g_test_message("%s", rows[i].what);
		configure(&conf, rows[i].rule);
		g_assert_cmpint(
		    kd_trust_is_list(&conf, mail, strlen(mail), &envelope), ==,
		    rows[i].list);
	}
}

/* For the mail of an archive List-Id decides, whatever is configured. */
static void
test_archive(void)
{
	static const char mail[] = LIST "\nbody\n";
	static const char other[] = "Subject: x\n\nbody\n";
	kd_conf conf;

	for (int rule = RULE_ID; rule <= RULE_RECIPIENT; rule++) {
		configure(&conf, (enum rule)rule);
		g_assert_true(
		    kd_trust_is_list(&conf, mail, strlen(mail), NULL));
		g_assert_false(
		    kd_trust_is_list(&conf, other, strlen(other), NULL));
	}
}

/* Any bytes: no read beyond them, no endless loop. */
static void
test_cut(void)
{
	static const char mail[] =
	    AUTH "; spf=pass (a (b \\) c) smtp.mailfrom=\"x\\\"y\"@z\n" RECEIVED
		LIST;
	kd_conf conf;
	const struct kd_envelope envelope = {0};

	configure(&conf, RULE_AUTH);
	for (gsize n = 0; n < sizeof(mail); n++) {
		g_autofree char *cut = g_memdup2(mail, n);

		g_assert_false(kd_trust_is_list(&conf, cut, n, &envelope));
	}
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/trust/rules", test_rules);
	g_test_add_func("/trust/archive", test_archive);
	g_test_add_func("/trust/cut", test_cut);
	return g_test_run();
}
