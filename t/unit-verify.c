/* Only plain Chinese sentences that cite mails of their topic are shown. */
#include "config.h"

#include <string.h>

#include "topics.h"
#include "unit.h"
#include "verify.h"

static void
test_good_texts(void)
{
	static const char *const texts[] = {
	    "补丁。",
	    "Marc Zyngier 已应用到 kvm-arm64/next，共 3 个补丁。",
	    "Bo Li 指出 __kvm_hyp_init 与 vgic_get_irq() 的 a < b、*p、&x。",
	    "改用 <linux/kvm_host.h> 与 arch/arm64/kvm/arm.c/sys_regs。",
	    "char **argv 与 `make check` 一致；100%；#3。",
	    "名字：José Ñandú、李波、Étienne、Łukasz。",
	    "合入 torvalds/linux.git，见 drivers/irqchip/irq-gic-v3.c。",
	    "行：R&D；A&&B；x &y。",
	};

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		if (!kd_verify_text(texts[i], strlen(texts[i])))
			g_error("refused: %s", texts[i]);
}

static void
test_bad_texts(void)
{
	static const char *const texts[] = {
	    "",
	    "no Chinese at all",
	    "行\n行",
	    "行\t行",
	    "行\r行",
	    "行  行",
	    " 行",
	    "行 ",
	    "行\x01",
	    "行\x7f",
	    "行\xc2\x85行",	  /* next line, C1 */
	    "行\xff",		  /* invalid */
	    "行\xed\xa0\x80",	  /* surrogate */
	    "行\xe2\x80\xae行",	  /* right-to-left override */
	    "行\xe2\x81\xa6行",	  /* isolate */
	    "行\xe2\x80\x8b行",	  /* zero-width space */
	    "行\xe2\x80\x8d行",	  /* zero-width joiner */
	    "行\xef\xbb\xbf",	  /* byte order mark */
	    "行\xc2\xad行",	  /* soft hyphen */
	    "行\xc2\xa0行",	  /* no-break space */
	    "行\xe3\x80\x80行",	  /* ideographic space */
	    "行\xe2\x80\xa8行",	  /* line separator */
	    "行\xf3\xa0\x81\xa1", /* tag character */
	    "行\xef\xb8\x8f",	  /* variation selector */
	    "行\xe3\x85\xa4行",	  /* Hangul filler */
	    "行\xee\x80\x80",	  /* private use */
	    "行\xcd\xb8",	  /* unassigned */
	    "行a\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81",
	    "见 https://example.org/",
	    "见 www.example.org",
	    "见 example.org/login 的说明",
	    "见 a.example.org/x",
	    "写信给 mallory@example.org",
	    "mailto:行",
	    "<b>行</b>",
	    "行<script>",
	    "行</p>",
	    "行<!-- x -->",
	    "行<br/>",
	    "行<a.h onclick=x>",
	    "行&lt;b&gt;",
	    "行&#60;",
	    "[行](x)",
	    "![行][x]",
	    "```行",
	    "~~~行",
	    "**行**",
	    "# 行",
	    "- 行",
	    "> 行",
	    "| 行",
	    "行<|im_start|>system",
	    "行<｜User｜>",
	    "[INST]行[/INST]",
	    "<<SYS>>行",
	    "<think>行",
	    "行</s>",
	};
	g_autofree char *longest = g_strnfill(KD_SENTENCE_MAX - 3, 'a');
	g_autofree char *fits = g_strconcat(longest, "行", NULL);
	g_autofree char *over = g_strconcat(longest, "a行", NULL);

	for (gsize i = 0; i < G_N_ELEMENTS(texts); i++)
		if (kd_verify_text(texts[i], strlen(texts[i])))
			g_error("shown: %s", texts[i]);
	g_assert_true(kd_verify_text(fits, strlen(fits)));
	g_assert_false(kd_verify_text(over, strlen(over)));
	g_assert_false(kd_verify_text("行\0行", 7));
}

/* m1 is old, m2 and m3 are of the window. */
static struct kd_topic *
make_topic(void)
{
	struct kd_topic *topic = kd_topic_new();

	unit_posting(topic, "1", "ann", 1, 100);
	unit_mail(topic, "one@x", KD_KIND_PATCH, "ann", -1, 100);
	unit_mail(topic, "two@x", KD_KIND_REPLY, "bo", 0, 110);
	unit_mail(topic, "three@x", KD_KIND_REPLY, "cy", 0, 120);
	unit_mail_at(topic, 0)->in_window = FALSE;
	return topic;
}

/* The cites of the sentence, or NULL when it is refused. */
static char *
verify(const struct kd_topic *topic, const char *text)
{
	json_t *json = json_loads(text, JSON_ALLOW_NUL, NULL);
	struct kd_sentence *sentence;
	char *cites;

	g_assert_nonnull(json);
	sentence = kd_verify_sentence(topic, json);
	json_decref(json);
	if (!sentence)
		return NULL;
	g_ptr_array_add(sentence->cites, NULL);
	cites = g_strjoinv(" ", (char **)sentence->cites->pdata);
	g_ptr_array_unref(sentence->cites);
	g_free(sentence->text);
	g_free(sentence);
	return cites;
}

static void
test_sentences(void)
{
	struct kd_topic *topic = make_topic();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);
	static const struct {
		const char *json, *cites;
	} cases[] = {
	    {"{\"field\":\"week\",\"text\":\"行\",\"cites\":[\"m2\"]}",
		"two@x"},
	    {"{\"field\":\"open\",\"text\":\"行\",\"x\":1,"
	     "\"cites\":[\"m3\",\"m1\",\"m3\"]}",
		"three@x one@x"},
	    {"{\"field\":\"earlier\",\"text\":\"行\",\"cites\":[\"m1\"]}",
		"one@x"},
	    /* No history that no old mail tells, no week without its mail. */
	    {"{\"field\":\"earlier\",\"text\":\"行\",\"cites\":[\"m2\"]}",
		NULL},
	    {"{\"field\":\"week\",\"text\":\"行\",\"cites\":[\"m1\"]}", NULL},
	    {"{\"field\":\"week\",\"text\":\"行\",\"cites\":[]}", NULL},
	    {"{\"field\":\"week\",\"text\":\"行\"}", NULL},
	    {"{\"field\":\"week\",\"text\":\"行\",\"cites\":\"m2\"}", NULL},
	    {"{\"field\":\"week\",\"text\":\"行\",\"cites\":[2]}", NULL},
	    {"{\"field\":\"week\",\"text\":\"行\",\"cites\":[\"m2\",\"m4\"]}",
		NULL},
	    {"{\"field\":\"week\",\"text\":\"行\",\"cites\":[\"m0\"]}", NULL},
	    {"{\"field\":\"week\",\"text\":\"行\",\"cites\":[\"m02\"]}", NULL},
	    {"{\"field\":\"week\",\"text\":\"行\",\"cites\":[\"m2x\"]}", NULL},
	    {"{\"field\":\"week\",\"text\":\"行\",\"cites\":[\"M2\"]}", NULL},
	    {"{\"field\":\"week\",\"text\":\"行\","
	     "\"cites\":[\"m99999999999999999999\"]}",
		NULL},
	    {"{\"field\":\"week\",\"text\":\"行\","
	     "\"cites\":[\"m2\\u0000x\"]}",
		NULL},
	    {"{\"field\":\"week\",\"text\":\"行\\u0000行\","
	     "\"cites\":[\"m2\"]}",
		NULL},
	    {"{\"field\":\"summary\",\"text\":\"行\",\"cites\":[\"m2\"]}",
		NULL},
	    {"{\"text\":\"行\",\"cites\":[\"m2\"]}", NULL},
	    {"{\"field\":\"week\",\"cites\":[\"m2\"]}", NULL},
	    {"{\"field\":\"week\",\"text\":[\"行\"],\"cites\":[\"m2\"]}", NULL},
	    {"[\"week\"]", NULL},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *cites = verify(topic, cases[i].json);

		if (g_strcmp0(cites, cases[i].cites))
			g_error("%s: %s", cases[i].json, cites);
	}
}

static void
test_many_cites(void)
{
	struct kd_topic *topic = make_topic();
	g_autoptr(kd_digest) owner G_GNUC_UNUSED = unit_digest(topic);
	json_t *sentence = json_pack(
	    "{s:s, s:s, s:[]}", "field", "week", "text", "行", "cites");
	json_t *cites = json_object_get(sentence, "cites");

	for (int i = 0; i <= KD_CITES_MAX; i++)
		json_array_append_new(cites, json_string("m2"));
	g_assert_null(kd_verify_sentence(topic, sentence));
	json_decref(sentence);
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/verify/good-texts", test_good_texts);
	g_test_add_func("/verify/bad-texts", test_bad_texts);
	g_test_add_func("/verify/sentences", test_sentences);
	g_test_add_func("/verify/many-cites", test_many_cites);
	return g_test_run();
}
