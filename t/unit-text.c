#include "config.h"

#include <string.h>

#include "text.h"
#include "unit.h"

static void
test_clean(void)
{
	static const struct {
		const char *text, *clean;
	} cases[] = {
	    {"", ""},
	    {"KVM: arm64", "KVM: arm64"},
	    {"  folded\r\n\tsubject \n", "folded subject"},
	    {"a\x01\x1b[31mb\x7f", "a[31mb"},
	    {"C1 \xc2\x9b"
	     "31m \xc2\x85 NEL",
		"C1 31m NEL"},
	    {"a\xe2\x80\xaetxt.exe\xe2\x80\xac", "atxt.exe"},
	    {"\xe2\x81\xa6x\xe2\x81\xa9\xe2\x80\x8f", "x"},
	    {"ro\xe2\x80\x8bot\xef\xbb\xbf\xe2\x81\xa0\xc2\xad", "root"},
	    {"tag\xf3\xa0\x81\x81\xf3\xa0\x81\xbf", "tag"},
	    {"fill\xe3\x85\xa4\xe1\x85\xa0\xef\xbf\xb0", "fill"},
	    {"vs\xef\xb8\x8f", "vs"},
	    {"line\xe2\x80\xa8para\xe2\x80\xa9", "line para"},
	    {"wide\xe3\x80\x80\xc2\xa0space", "wide space"},
	    {"bad \xff\xc3", "bad \xef\xbf\xbd\xef\xbf\xbd"},
	    {"private \xee\x80\x80", "private \xef\xbf\xbd"},
	    {"e\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81z",
		"e\xcc\x81\xcc\x81\xcc\x81\xcc\x81z"},
	    {"王小明（虚拟机）", "王小明（虚拟机）"},
	};
	g_autofree char *nothing = kd_text_clean(NULL);

	g_assert_cmpstr(nothing, ==, "");
	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *clean = kd_text_clean(cases[i].text);
		g_autofree char *again = kd_text_clean(clean);

		g_assert_cmpstr(clean, ==, cases[i].clean);
		g_assert_cmpstr(again, ==, clean);
	}
}

static void
test_width(void)
{
	g_assert_cmpuint(kd_text_width(""), ==, 0);
	g_assert_cmpuint(kd_text_width("arm64"), ==, 5);
	g_assert_cmpuint(kd_text_width("内核，KVM"), ==, 9);
	g_assert_cmpuint(kd_text_width("e\xcc\x81"), ==, 1);
}

static void
test_clip(void)
{
	static const struct {
		const char *text;
		guint columns;
		const char *clipped;
	} cases[] = {
	    {"arm64", 5, "arm64"},
	    {"arm64", 4, "arm…"},
	    {"arm64", 1, "…"},
	    {"虚拟机", 6, "虚拟机"},
	    {"虚拟机", 5, "虚拟…"},
	    {"虚拟机", 4, "虚…"},
	    {"虚拟机", 2, "…"},
	    {"e\xcc\x81xy", 2, "e\xcc\x81…"},
	    {"", 3, ""},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autofree char *clipped =
		    kd_text_clip(cases[i].text, cases[i].columns);

		g_assert_cmpstr(clipped, ==, cases[i].clipped);
	}
}

static void
test_wrap(void)
{
	static const struct {
		const char *text;
		guint columns;
		const char *wrapped;
	} cases[] = {
	    {"", 10, ""},
	    {"   ", 10, ""},
	    {"one two three", 10, "- one two\n  three\n"},
	    {"虚拟机监控器", 8, "- 虚拟机\n  监控器\n"},
	    /* The comma keeps the character before it with it. */
	    {"虚拟机，监控器", 8, "- 虚拟\n  机，监\n  控器\n"},
	    {"虚拟机 ，监控器", 8, "- 虚拟\n  机 ，\n  监控器\n"},
	    {"虚拟（机）监控", 8,
		"- 虚拟\n"
		"  （机）\n  监控\n"},
	    /* Neither a word nor a URL is broken. */
	    {"用 __kvm_hyp_init__，好", 10,
		"- 用\n  __kvm_hyp_init__，\n  好\n"},
	    {"见https://example.org/a/b。完", 10,
		"- 见\n  https://example.org/a/b。\n  完\n"},
	    {"e\xcc\x81"
	     "e\xcc\x81 e\xcc\x81",
		6,
		"- e\xcc\x81"
		"e\xcc\x81 e\xcc\x81\n"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GString) out = g_string_new(NULL);

		kd_text_wrap(out, cases[i].text, cases[i].columns, "- ", "  ");
		g_assert_cmpstr(out->str, ==, cases[i].wrapped);
	}
}

/* Every line fits, and nothing but white space at its ends is lost. */
static void
test_wrap_all_widths(void)
{
	static const char text[] =
	    "KVM（内核虚拟机）的 arm64 部分：补丁“重构”了 FGT，见 v4 27/43；"
	    "参与者认为 a.b 没有问题！";

	for (guint columns = 12; columns < 100; columns++) {
		g_autoptr(GString) out = g_string_new(NULL);
		g_autoptr(GString) expected = g_string_new(text);
		g_auto(GStrv) lines = NULL;

		kd_text_wrap(out, text, columns, "", "");
		lines = g_strsplit(out->str, "\n", -1);
		for (char **line = lines; *line; line++)
			g_assert_cmpuint(kd_text_width(*line), <=, columns);
		g_string_replace(out, "\n", "", 0);
		g_string_replace(out, " ", "", 0);
		g_string_replace(expected, " ", "", 0);
		g_assert_cmpstr(out->str, ==, expected->str);
	}
}

/* A megabyte of each kind: it ends soon, whatever there is to find. */
static void
test_long(void)
{
	static const char *const units[] = {
	    "a", "内", "，", "（", "e\xcc\x81", " a", "\xe2\x80\xae", "\xff"};

	for (gsize i = 0; i < G_N_ELEMENTS(units); i++) {
		g_autoptr(GString) text = g_string_new(NULL);
		g_autoptr(GString) out = g_string_new(NULL);
		g_autofree char *clean = NULL;
		g_autofree char *clipped = NULL;

		while (text->len < 1000000)
			g_string_append(text, units[i]);
		clean = kd_text_clean(text->str);
		clipped = kd_text_clip(clean, 40);
		kd_text_wrap(out, clean, 76, "", "");
		g_assert_cmpuint(kd_text_width(clipped), <=, 40);
		g_assert_cmpuint(out->len, >=, strlen(clean));
	}
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/text/clean", test_clean);
	g_test_add_func("/text/width", test_width);
	g_test_add_func("/text/clip", test_clip);
	g_test_add_func("/text/wrap", test_wrap);
	g_test_add_func("/text/wrap-all-widths", test_wrap_all_widths);
	g_test_add_func("/text/long", test_long);
	return g_test_run();
}
