/* A brief says what the topic has; a summary enters only verified. */
#include "config.h"

#include <string.h>

#include "brief.h"
#include "error.h"
#include "topics.h"
#include "unit.h"

static struct kd_topic *
make_topic(void)
{
	struct kd_topic *topic = kd_topic_new();

	topic->id = 42;
	topic->category = KD_CATEGORY_PATCH;
	topic->title = g_strdup("KVM: a \"title\"");
	topic->state = g_strdup("评审中");
	topic->state_since = 1615208400;
	unit_posting(topic, "2", "ann", 1, 1615208400);
	unit_mail(topic, "v2@x", KD_KIND_PATCH, "ann", -1, 1615208400);
	unit_mail(topic, "two@x", KD_KIND_REPLY, "bo", 0, 1615212000);
	unit_fact(topic, KD_FACT_ACKED_BY, "bo Ek <bo@example.org>");
	unit_mail(topic, "three@x", KD_KIND_ROBOT, "robot", 0, 1615215600);
	unit_mail_at(topic, 0)->part = 1;
	unit_mail_at(topic, 0)->in_window = FALSE;
	g_ptr_array_add(topic->state_evidence, g_strdup("two@x"));
	return topic;
}

static kd_digest *
make_digest(struct kd_topic *topic)
{
	kd_digest *digest = unit_digest(topic);

	digest->window.zone = g_time_zone_new_utc();
	digest->window.since = 1615161600;
	digest->window.until = 1615766400;
	g_strlcpy(digest->window.week, "2021-W10", 16);
	digest->timezone = g_strdup("UTC");
	return digest;
}

/* A string by a path of keys and indexes, "mails.1.author.name". */
static const char *
look_up(const json_t *json, const char *path)
{
	g_auto(GStrv) keys = g_strsplit(path, ".", -1);

	for (guint i = 0; keys[i]; i++)
		json = json_is_array(json)
			   ? json_array_get(json,
				 (gsize)g_ascii_strtoull(keys[i], NULL, 10))
			   : json_object_get(json, keys[i]);
	g_assert_nonnull(json);
	if (json_is_string(json))
		return json_string_value(json);
	return json_is_true(json)    ? "true"
	       : json_is_false(json) ? "false"
	       : json_is_null(json)  ? "null"
				     : "other";
}

static void
test_brief(void)
{
	struct kd_topic *topic = make_topic();
	g_autoptr(kd_digest) digest = make_digest(topic);
	json_t *brief = kd_brief_new(topic, digest, NULL);
	static const struct {
		const char *path, *want;
	} cases[] = {
	    {"topic.id", "topic:42"},
	    {"topic.title", "KVM: a \"title\""},
	    {"topic.category", "PATCH"},
	    {"topic.tree", ""},
	    {"topic.state.name", "评审中"},
	    {"topic.state.evidence.0", "m2"},
	    {"topic.delta", ""},
	    {"window.week", "2021-W10"},
	    {"window.since", "2021-03-08T00:00:00+00:00"},
	    {"postings.0.version", "2"},
	    {"postings.0.mail", "m1"},
	    {"postings.0.author.address", "ann@example.org"},
	    {"facts.0.kind", "acked-by"},
	    {"facts.0.value", "bo Ek <bo@example.org>"},
	    {"facts.0.mail", "m2"},
	    {"mails.0.label", "m1"},
	    {"mails.0.id", "v2@x"},
	    {"mails.0.reply_to", "null"},
	    {"mails.0.in_window", "false"},
	    {"mails.0.kind", "patch"},
	    {"mails.1.reply_to", "m1"},
	    {"mails.1.date", "2021-03-08T14:00:00+00:00"},
	    {"mails.1.author.name", "bo Ek"},
	    {"mails.1.author.robot", "false"},
	    {"mails.2.author.robot", "true"},
	    {"mails.2.in_window", "true"},
	};

	g_assert_nonnull(brief);
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++)
		g_assert_cmpstr(
		    look_up(brief, cases[i].path), ==, cases[i].want);
	g_assert_cmpint(json_integer_value(json_object_get(brief, "format")),
	    ==, KD_BRIEF_FORMAT);
	g_assert_true(json_is_array(json_object_get(brief, "terms")));
	json_decref(brief);
}

static void
set_text(struct kd_topic *topic, int mail, char *text)
{
	struct kd_digest_mail *at = unit_mail_at(topic, mail);

	g_free(at->text);
	at->text = text;
}

/* Long texts are cut where a line or character ends, and it is said. */
static void
test_limits(void)
{
	struct kd_topic *topic = make_topic();
	g_autoptr(kd_digest) digest = make_digest(topic);
	GString *chinese = g_string_new(NULL);
	json_t *brief, *mail;

	for (int i = 0; i < 40000; i++)
		g_string_append(chinese, "行");
	set_text(topic, 0, g_string_free(chinese, FALSE));
	set_text(topic, 1, g_strnfill(KD_BRIEF_TEXT_MAX, 'b'));
	set_text(
	    topic, 2, g_strconcat("one\ntwo\n", topic->title, "\xff", NULL));
	brief = kd_brief_new(topic, digest, NULL);
	mail = json_array_get(json_object_get(brief, "mails"), 0);
	g_assert_cmpuint(json_string_length(json_object_get(mail, "text")), ==,
	    KD_BRIEF_TEXT_MAX - 1);
	g_assert_cmpint(json_integer_value(json_object_get(mail, "cut")), ==,
	    120000 - (KD_BRIEF_TEXT_MAX - 1));
	mail = json_array_get(json_object_get(brief, "mails"), 1);
	g_assert_cmpuint(json_string_length(json_object_get(mail, "text")), ==,
	    KD_BRIEF_TEXT_MAX);
	g_assert_null(json_object_get(mail, "cut"));
	mail = json_array_get(json_object_get(brief, "mails"), 2);
	g_assert_true(g_str_has_suffix(
	    json_string_value(json_object_get(mail, "text")), "\xef\xbf\xbd"));
	json_decref(brief);
}

static void
test_total_limit(void)
{
	struct kd_topic *topic = make_topic();
	g_autoptr(kd_digest) digest = make_digest(topic);
	json_t *brief;
	gsize total = 0, length;
	char *dump;

	for (int i = 0; i < 500; i++) {
		int mail = unit_mail(
		    topic, "more@x", KD_KIND_REPLY, "bo", 0, 1615212000 + i);

		/* Line feeds are two bytes in JSON. */
		set_text(topic, mail, g_strnfill(30000, '\n'));
	}
	brief = kd_brief_new(topic, digest, NULL);
	for (gsize i = 0; i < topic->mails->len; i++)
		total += json_string_length(json_object_get(
		    json_array_get(json_object_get(brief, "mails"), i),
		    "text"));
	g_assert_cmpuint(total, >, KD_BRIEF_TEXTS - 30000);
	g_assert_cmpuint(total, <=, KD_BRIEF_TEXTS);
	dump = json_dumps(brief, JSON_COMPACT);
	length = strlen(dump);
	g_assert_cmpuint(length, <, KD_BRIEF_MAX);
	free(dump);
	json_decref(brief);
}

static json_t *
make_answer(const char *sentences)
{
	g_autofree char *text =
	    g_strdup_printf("{\"format\":1,\"summary\":{\"sentences\":%s,"
			    "\"source\":{\"filter\":\"summarise-facts\"}}}",
		sentences);
	json_t *answer = json_loads(text, 0, NULL);

	g_assert_nonnull(answer);
	return answer;
}

static void
test_summary(void)
{
	struct kd_topic *topic = make_topic();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = make_digest(topic);
	json_t *answer = make_answer(
	    "[{\"field\":\"open\",\"text\":\"丙\",\"cites\":[\"m2\"]},"
	    "{\"field\":\"week\",\"text\":\"甲\",\"cites\":[\"m2\",\"m3\"]},"
	    "{\"field\":\"week\",\"text\":\"bad\",\"cites\":[\"m2\"]},"
	    "{\"field\":\"week\",\"text\":\"乙\",\"cites\":[\"m3\"]},7]");
	g_autoptr(GString) texts = g_string_new(NULL);

	g_assert_true(kd_brief_read_summary(topic, answer, NULL));
	json_decref(answer);
	for (guint i = 0; i < topic->sentences->len; i++) {
		const struct kd_sentence *sentence = topic->sentences->pdata[i];

		g_string_append(texts, sentence->text);
		g_assert_cmpuint(sentence->cites->len, >, 0);
	}
	g_assert_cmpstr(texts->str, ==, "甲乙丙");
	g_assert_cmpuint(topic->refused, ==, 2);
	g_assert_cmpstr(topic->source, ==, "summarise-facts");
}

static void
test_no_summary(void)
{
	static const char *const answers[] = {"{\"format\":1}",
	    "{\"summary\":[]}", "{\"summary\":{\"sentences\":{}}}",
	    "{\"summary\":{\"sentences\":\"x\"}}"};
	struct kd_topic *topic = make_topic();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = make_digest(topic);

	for (gsize i = 0; i < G_N_ELEMENTS(answers); i++) {
		json_t *answer = json_loads(answers[i], 0, NULL);
		g_autoptr(GError) error = NULL;

		g_assert_false(kd_brief_read_summary(topic, answer, &error));
		g_assert_error(error, KD_ERROR, KD_ERROR_DATA);
		g_assert_null(topic->source);
		json_decref(answer);
	}
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/brief/keys", test_brief);
	g_test_add_func("/brief/limits", test_limits);
	g_test_add_func("/brief/total-limit", test_total_limit);
	g_test_add_func("/brief/summary", test_summary);
	g_test_add_func("/brief/no-summary", test_no_summary);
	return g_test_run();
}
