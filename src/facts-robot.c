/*
 * What robots report: builds that fail, bugs, patches that went into a stable
 * tree.
 */
#include "config.h"

#include <string.h>

#include "facts-private.h"

/* 'Patch "KVM: x" has been added to the 5.4-stable tree', as scripts write. */
static void
read_stable(struct kd_reading *scan)
{
	static const char begin[] = "Patch \"";
	static const char middle[] = "\" has been added to the ";
	static const char end[] = "-stable tree";
	const char *title = scan->subject->title;
	const char *tree = strstr(title, middle);
	const char *stop = tree ? strstr(tree, end) : NULL;

	if (!g_str_has_prefix(title, begin) || !stop || stop[strlen(end)])
		return;
	title += strlen(begin);
	kd_scan_add(scan, KD_FACT_APPLIED, tree + strlen(middle),
	    (gsize)(stop - tree) - strlen(middle) + strlen("-stable"));
	kd_scan_add(scan, KD_FACT_APPLIED_PATCH, title, (gsize)(tree - title));
}

/* "syzbot+HASH@...": by what it knows the bug. */
static void
add_syzbot_id(struct kd_reading *scan)
{
	const char *plus = strchr(scan->address, '+');
	gsize length = plus ? strcspn(plus + 1, "@") : 0;

	if (length)
		kd_scan_add(scan, KD_FACT_SYZBOT_ID, plus + 1, length);
}

void
kd_scan_robot_subject(struct kd_reading *scan)
{
	const char *title = scan->subject->title;

	scan->line.number = 1;
	if (strstr(scan->address, "syzbot")) {
		kd_scan_add(scan, KD_FACT_SYZBOT, title, strlen(title));
		add_syzbot_id(scan);
	} else {
		read_stable(scan);
	}
}

static gboolean
has(const struct kd_line *line, const char *word)
{
	return memmem(line->text, line->length, word, strlen(word)) != NULL;
}

/* "All warnings (new ones prefixed by >>):", "cocci warnings: (new ones ..." */
static gboolean
begins_warnings(const struct kd_line *line)
{
	return has(line, "warnings") && has(line, "new ones prefixed by >>");
}

/* "config: arm64-defconfig (attached as .config)": which build it was. */
static void
add_config(struct kd_reading *scan, enum kd_fact_kind kind)
{
	const struct kd_line line = scan->line;
	const char *name = scan->config.text;
	gsize length = scan->config.length;
	const char *remark;

	if (!name)
		return;
	name += strlen("config: ");
	length -= strlen("config: ");
	remark = memmem(name, length, " (attached", strlen(" (attached"));
	if (remark)
		length = (gsize)(remark - name);
	scan->line = scan->config;
	kd_scan_add(scan, kind, name, length);
	scan->line = line;
}

/* What a report of syzbot says of how to get there again. */
static void
read_reproducer(struct kd_reading *scan)
{
	static const struct {
		const char *begins, *value;
	} says[] = {
	    {"C reproducer:", "C"},
	    {"syz repro:", "syz"},
	    {"Unfortunately, I don't have any reproducer", "no"},
	};

	for (gsize i = 0; i < G_N_ELEMENTS(says); i++)
		if (kd_line_begins(&scan->line, says[i].begins, FALSE))
			kd_scan_add(scan, KD_FACT_REPRODUCER, says[i].value,
			    strlen(says[i].value));
}

static gboolean
is_error(struct kd_reading *scan)
{
	static const char *const words[] = {
	    "error:", "undefined reference", "undefined symbol", "undefined!"};
	const char *lower = kd_scan_lower(scan);

	for (gsize i = 0; i < G_N_ELEMENTS(words); i++)
		if (strstr(lower, words[i]))
			return TRUE;
	return FALSE;
}

/* The list of a build robot: what is new in it is marked ">>". */
void
kd_scan_robot(struct kd_reading *scan)
{
	const struct kd_line *line = &scan->line;
	const char *text, *message;
	gboolean marked;

	if (strstr(scan->address, "syzbot"))
		read_reproducer(scan);
	if (scan->failed || line->length > KD_LINE_MAX)
		return;
	if (kd_line_begins(line, "config: ", FALSE))
		scan->config = *line;
	if (kd_line_begins(line, "All error", FALSE)) {
		scan->all_errors = TRUE;
		return;
	}
	if (!scan->all_errors && begins_warnings(line)) {
		scan->all_warnings = TRUE;
		return;
	}
	if (!scan->all_errors && !scan->all_warnings)
		return;
	text = kd_scan_text(scan);
	marked = g_str_has_prefix(text, ">>");
	message = marked ? text + strspn(text, "> ") : text;
	if (scan->all_errors ? !is_error(scan) : !marked)
		return;
	kd_scan_add(scan,
	    scan->all_errors ? KD_FACT_BUILD_FAILED : KD_FACT_BUILD_WARNED,
	    message, strlen(message));
	add_config(scan, KD_FACT_BUILD_CONFIG);
	scan->failed = TRUE;
}

/* A list of errors without one that is read as such: which build it was. */
void
kd_scan_robot_end(struct kd_reading *scan)
{
	if (scan->all_errors && !scan->failed)
		add_config(scan, KD_FACT_BUILD_FAILED);
}
