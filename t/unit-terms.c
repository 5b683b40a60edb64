#include "config.h"

#include <string.h>

#include "error.h"
#include "terms.h"
#include "unit.h"

static const char base[] = "# comment\n"
			   "\n"
			   "stage 2\t第二阶段\t-\tA\n"
			   "stage\t阶段\t-\tA\n"
			   "ITS\tITS（中断翻译服务）\tInterrupt Translation "
			   "Service\tGIC\n"
			   "vcpu\tvCPU\tvirtual CPU\tB\n"
			   "huge page\t大页\t-\tC\n";

/* What a text has, with "|" between. */
static char *
find(const char *text, guint max)
{
	g_autoptr(GError) error = NULL;
	g_autoptr(kd_terms) terms =
	    kd_terms_parse("base", base, strlen(base), &error);
	g_autoptr(GPtrArray) found = NULL;
	GString *names = g_string_new(NULL);

	g_assert_no_error(error);
	found = kd_terms_find(terms, text, max);
	for (guint i = 0; i < found->len; i++) {
		const struct kd_term *term = found->pdata[i];

		g_string_append_printf(
		    names, "%s%s", i ? "|" : "", term->english);
	}
	return g_string_free(names, FALSE);
}

static void
expect(const char *text, const char *names)
{
	g_autofree char *found = find(text, 100);

	g_assert_cmpstr(found, ==, names);
}

static void
test_find(void)
{
	g_autofree char *first = find("vcpu, ITS, stage", 2);

	expect("", "");
	expect("Map stage 2 tables at a later stage", "stage 2|stage");
	expect("the ITS keeps its tables; the ITS", "ITS");
	expect("vCPUs and VCPU and huge pages", "vcpu|huge page");
	expect("两个vcpu，ITS。", "vcpu|ITS");
	expect("its kvm_vcpu_run, vcpu2, ITSx, xITS, stage_2", "");
	expect("stage 22", "stage");
	expect("vcpu", "vcpu");
	g_assert_cmpstr(first, ==, "vcpu|ITS");
}

static void
test_fields(void)
{
	g_autoptr(kd_terms) terms =
	    kd_terms_parse("base", base, strlen(base), NULL);

	g_assert_cmpuint(kd_terms_count(terms), ==, 5);
	g_assert_cmpstr(kd_terms_get(terms, 0)->expansion, ==, "");
	g_assert_cmpstr(kd_terms_get(terms, 2)->expansion, ==,
	    "Interrupt Translation Service");
	g_assert_cmpstr(kd_terms_get(terms, 2)->source, ==, "GIC");
}

static void
test_refused(void)
{
	static const struct {
		const char *data, *message;
	} cases[] = {
	    {"a\tb\tc\n", "base:1: term base: not four fields with a tab "
			  "between"},
	    {"#\na\tb\tc\td\te\n", "base:2: term base: not four fields with "
				   "a tab between"},
	    {"a\t\tc\td\n", "base:1: term base: an empty field"},
	    {"a\tb\tc\td\na\tb\tc\td\n",
		"base:2: term base: the term is there already"},
	    {"a\tb\xff\tc\td\n", "base:1: term base: not UTF-8"},
	    {"a\tb\033\tc\td\n", "base:1: term base: a control character"},
	    {"(a\tb\tc\td\n",
		"base:1: term base: a term begins with a letter or digit"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		g_autoptr(kd_terms) terms = kd_terms_parse(
		    "base", cases[i].data, strlen(cases[i].data), &error);

		g_assert_null(terms);
		g_assert_error(error, KD_ERROR, KD_ERROR_CONFIG);
		g_assert_cmpstr(error->message, ==, cases[i].message);
	}
}

static void
test_bytes(void)
{
	g_autoptr(GError) error = NULL;
	g_autofree char *large = g_strnfill(KD_TERMS_FILE_MAX + 1, '\n');

	g_assert_null(kd_terms_parse("base", "#\0", 2, &error));
	g_assert_error(error, KD_ERROR, KD_ERROR_CONFIG);
	g_clear_error(&error);
	g_assert_null(
	    kd_terms_parse("base", large, KD_TERMS_FILE_MAX + 1, &error));
	g_assert_error(error, KD_ERROR, KD_ERROR_CONFIG);
	g_clear_error(&error);
	g_assert_null(kd_terms_load("/nonexistent/terms", &error));
	g_assert_error(error, KD_ERROR, KD_ERROR_CONFIG);
}

/* The one that is installed: its form, its size, and what it must not say. */
static void
test_installed(void)
{
	static const struct {
		const char *english, *expansion;
	} checked[] = {
	    {"RIPAS", "Realm IPA State"},
	    {"SPE", "Statistical Profiling Extension"},
	    {"FWB", "Forced Write-Back"},
	    {"DIC", ""},
	    {"np-guest", "non-protected guest"},
	    {"SMCCC", "SMC Calling Convention"},
	    {"workaround", ""},
	};
	const char *srcdir = g_getenv("srcdir");
	g_autofree char *file =
	    g_build_filename(srcdir ? srcdir : ".", "conf", "terms", NULL);
	g_autoptr(GError) error = NULL;
	g_autoptr(kd_terms) terms = kd_terms_load(file, &error);

	g_assert_no_error(error);
	g_assert_cmpuint(kd_terms_count(terms), >=, 120);
	for (guint i = 0; i < kd_terms_count(terms); i++) {
		const struct kd_term *term = kd_terms_get(terms, i);

		g_assert_null(strstr(term->chinese, "工作区"));
		g_assert_cmpstr(term->source, !=, "-");
		for (gsize k = 0; k < G_N_ELEMENTS(checked); k++)
			if (!strcmp(term->english, checked[k].english))
				g_assert_cmpstr(
				    term->expansion, ==, checked[k].expansion);
	}
	for (gsize k = 0; k < G_N_ELEMENTS(checked); k++) {
		g_autoptr(GPtrArray) found =
		    kd_terms_find(terms, checked[k].english, 5);

		g_assert_cmpuint(found->len, ==, 1);
	}
}

int
main(int argc, char **argv)
{
	unit_init(argc, argv);
	g_test_add_func("/terms/find", test_find);
	g_test_add_func("/terms/fields", test_fields);
	g_test_add_func("/terms/refused", test_refused);
	g_test_add_func("/terms/bytes", test_bytes);
	g_test_add_func("/terms/installed", test_installed);
	return g_test_run();
}
