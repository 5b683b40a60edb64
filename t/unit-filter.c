/* A chain of programs answers with a brief, or with an error in time. */
#include "config.h"

#include <signal.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "error.h"
#include "filter.h"
#include "unit.h"

static const char *const scripts[][2] = {
    {"same", "exec cat"},
    {"tag", "exec sed 's/}$/,\"tag\":1}/'"},
    {"empty", "cat >/dev/null"},
    {"garbage", "cat >/dev/null; echo no json"},
    {"array", "echo '[]'"},
    {"other-format", "echo '{\"format\":2}'"},
    {"no-format", "echo '{}'"},
    {"twice", "echo '{\"format\":1,\"a\":1,\"a\":2}'"},
    {"two", "echo '{\"format\":1} {\"format\":1}'"},
    {"bad-utf8", "printf '{\"format\":1,\"a\":\"\\377\"}'"},
    {"deaf", "echo '{\"format\":1}'"},
    {"failing", "cat; exit 75"},
    {"flood", "cat /dev/zero"},
    {"hanging", "exec sleep 60"},
};

static char *directory;

static gboolean
run(const char *first, const char *second, json_t **answer, GError **error)
{
	const char *const chain[] = {first, second, NULL};
	const struct kd_filters filters = {.chain = chain,
	    .deadline = strcmp(first, "hanging") ? 20 : 1,
	    .config = "/etc/a=b",
	    .directory = "/run/x"};
	json_t *brief = json_pack("{s:i}", "format", 1);
	gboolean done = kd_filter_run(&filters, brief, answer, error);

	json_decref(brief);
	return done;
}

static void
test_chain(void)
{
	json_t *answer = NULL;
	g_autoptr(GError) error = NULL;
	char *text;

	g_assert_true(run("tag", "same", &answer, &error));
	text = json_dumps(answer, JSON_COMPACT);
	g_assert_cmpstr(text, ==, "{\"format\":1,\"tag\":1}");
	free(text);
	json_decref(answer);
	g_assert_true(run("deaf", NULL, &answer, &error));
	json_decref(answer);
}

static void
test_no_filters(void)
{
	const char *const chain[] = {NULL};
	const struct kd_filters filters = {.chain = chain, .deadline = 1};
	json_t *brief = json_pack("{s:i}", "format", 1);
	json_t *answer = NULL;

	g_assert_true(kd_filter_run(&filters, brief, &answer, NULL));
	g_assert_true(answer == brief);
	json_decref(answer);
	json_decref(brief);
}

static void
test_failures(void)
{
	static const struct {
		const char *first, *second;
		int code;
	} cases[] = {
	    {"empty", NULL, KD_ERROR_SERVICE},
	    {"garbage", NULL, KD_ERROR_SERVICE},
	    {"array", NULL, KD_ERROR_SERVICE},
	    {"other-format", NULL, KD_ERROR_SERVICE},
	    {"no-format", NULL, KD_ERROR_SERVICE},
	    {"twice", NULL, KD_ERROR_SERVICE},
	    {"two", NULL, KD_ERROR_SERVICE},
	    {"bad-utf8", NULL, KD_ERROR_SERVICE},
	    {"failing", NULL, KD_ERROR_SERVICE},
	    {"flood", NULL, KD_ERROR_SERVICE},
	    {"hanging", NULL, KD_ERROR_TEMP},
	    {"absent", NULL, KD_ERROR_CONFIG},
	    {"same", "garbage", KD_ERROR_SERVICE},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(cases); i++) {
		g_autoptr(GError) error = NULL;
		json_t *answer = NULL;

		g_assert_false(
		    run(cases[i].first, cases[i].second, &answer, &error));
		g_assert_error(error, KD_ERROR, cases[i].code);
		g_assert_null(answer);
		/* What a filter wrote is not repeated. */
		g_assert_null(strstr(error->message, "no json"));
	}
}

static void
make_scripts(void)
{
	directory = g_dir_make_tmp(NULL, NULL);
	g_setenv("KVDIGEST_EXEC_PATH", directory, TRUE);
	for (gsize i = 0; i < G_N_ELEMENTS(scripts); i++) {
		g_autofree char *path =
		    g_build_filename(directory, scripts[i][0], NULL);
		g_autofree char *text =
		    g_strdup_printf("#!/bin/sh\n%s\n", scripts[i][1]);

		g_file_set_contents(path, text, -1, NULL);
		chmod(path, 0755);
	}
}

static void
remove_scripts(void)
{
	for (gsize i = 0; i < G_N_ELEMENTS(scripts); i++) {
		g_autofree char *path =
		    g_build_filename(directory, scripts[i][0], NULL);

		unlink(path);
	}
	rmdir(directory);
	g_free(directory);
}

int
main(int argc, char **argv)
{
	int failed;

	unit_init(argc, argv);
	signal(SIGPIPE, SIG_IGN);
	make_scripts();
	g_test_add_func("/filter/chain", test_chain);
	g_test_add_func("/filter/no-filters", test_no_filters);
	g_test_add_func("/filter/failures", test_failures);
	failed = g_test_run();
	remove_scripts();
	return failed;
}
