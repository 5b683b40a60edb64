#include "config.h"

#include <string.h>

#include "subject.h"
#include "wording.h"

/* What opens a bug report's title, and what says so anywhere in it. */
static const char *const bug_openings[] = {"bug:", "bug ",
    "warning:", "kasan:", "kcsan:", "kmsan:", "ubsan:", "info: task",
    "info: rcu", "oops", "panic", "general protection fault"};
static const char *const bug_phrases[] = {"regression", "kernel panic",
    "panic in ", "panic on ", "kernel bug at", "oops:", "oops in ",
    "internal error", "warning at ", "warning in ", "segmentation fault",
    "segfault", "soft lockup", "hard lockup", "possible deadlock",
    "use-after-free in ", "null pointer dereference", "unable to handle kernel",
    "fatal error:", "error:", "warning:", "undefined reference",
    "build failure", "build regression", "build error", "call trace"};
static const char *const announcements[] = {"call for papers",
    "call for proposals", "call for participation", "call for topics"};

static gboolean
has_phrase(const char *text, const char *const *phrases, gsize n)
{
	for (gsize i = 0; i < n; i++) {
		const char *p = strstr(text, phrases[i]);

		if (p && (p == text || !g_ascii_isalnum(p[-1])))
			return TRUE;
	}
	return FALSE;
}

guint
kd_wording_read(const char *title)
{
	g_autofree char *lower = g_ascii_strdown(title, -1);

	if (strstr(lower, "-stable tree") &&
	    (g_str_has_prefix(lower, "patch \"") ||
		g_str_has_prefix(lower, "failed: patch \"")))
		return KD_SUBJECT_STABLE;
	if (has_phrase(lower, announcements, G_N_ELEMENTS(announcements)))
		return KD_SUBJECT_ANNOUNCE;
	if (strstr(lower, "fix"))
		return 0;
	for (gsize i = 0; i < G_N_ELEMENTS(bug_openings); i++)
		if (g_str_has_prefix(lower, bug_openings[i]))
			return KD_SUBJECT_BUG;
	return has_phrase(lower, bug_phrases, G_N_ELEMENTS(bug_phrases))
		   ? KD_SUBJECT_BUG
		   : 0;
}
