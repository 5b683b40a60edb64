#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include <jansson.h>

#include "auto.h"
#include "filter.h"
#include "llm-run.h"

#define MINUTE (60 * (gint64)G_USEC_PER_SEC)
#define LOOK   (20 * (gint64)1000) /* between looks for a free slot */

struct kd_llm_run {
	char *directory; /* or NULL */
	const struct kd_llm_clock *clock;
	GKeyFile *alone; /* the state, when there is no directory */
	kd_fd slot;
	char *entered; /* the profile of the slot */
};

static gint64
real_now(gpointer data)
{
	(void)data;
	/* The same for all processes of a machine. */
	return g_get_monotonic_time();
}

static void
real_sleep(gpointer data, gint64 microseconds)
{
	(void)data;
	g_usleep((gulong)MAX(microseconds, 0));
}

static double
real_chance(gpointer data)
{
	(void)data;
	return g_random_double();
}

const struct kd_llm_clock *
kd_llm_clock_real(void)
{
	static const struct kd_llm_clock clock = {
	    real_now, real_sleep, real_chance, NULL};

	return &clock;
}

kd_llm_run *
kd_llm_run_new(const char *directory, const struct kd_llm_clock *clock)
{
	kd_llm_run *run = g_new0(kd_llm_run, 1);

	run->directory = g_strdup(directory);
	run->clock = clock;
	run->alone = g_key_file_new();
	run->slot = -1;
	return run;
}

void
kd_llm_run_free(kd_llm_run *run)
{
	if (!run)
		return;
	kd_fd_clear(&run->slot);
	g_key_file_free(run->alone);
	g_free(run->entered);
	g_free(run->directory);
	g_free(run);
}

/* A file of the directory, locked if lock is one of flock's; -1. */
static int
open_locked(const kd_llm_run *run, const char *name, int lock)
{
	g_autofree char *path = g_build_filename(run->directory, name, NULL);
	g_auto(kd_fd) fd = open(
	    path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	int taken = fd;

	while (fd >= 0 && flock(fd, lock) < 0)
		if (errno != EINTR)
			return -1;
	fd = -1;
	return taken;
}

/* The state while it is ours alone. */
struct state {
	kd_llm_run *run;
	kd_fd lock;
	char *path;
	GKeyFile *file; /* owned if there is a directory */
};

static void
state_open(kd_llm_run *run, struct state *state)
{
	*state = (struct state){.run = run, .lock = -1, .file = run->alone};
	if (!run->directory)
		return;
	state->lock = open_locked(run, "lock", LOCK_EX);
	state->path = g_build_filename(run->directory, "state", NULL);
	state->file = g_key_file_new();
	g_key_file_load_from_file(
	    state->file, state->path, G_KEY_FILE_NONE, NULL);
}

static void
state_close(struct state *state, gboolean changed)
{
	if (!state->run->directory)
		return;
	if (changed)
		g_key_file_save_to_file(state->file, state->path, NULL);
	g_key_file_free(state->file);
	g_free(state->path);
	kd_fd_clear(&state->lock);
}

static gint64
get(const struct state *state, const char *group, const char *key)
{
	return g_key_file_get_int64(state->file, group, key, NULL);
}

static void
set(const struct state *state, const char *group, const char *key, gint64 value)
{
	g_key_file_set_int64(state->file, group, key, value);
}

/* A free slot of a profile, or -1. */
static int
take_slot(kd_llm_run *run, const struct kd_conf_profile *profile)
{
	struct state state;
	gboolean warm;
	guint slots;

	state_open(run, &state);
	warm = get(&state, profile->name, "answered") > 0;
	state_close(&state, FALSE);
	slots = warm ? profile->concurrency : 1;
	for (guint i = 0; i < slots; i++) {
		g_autofree char *name =
		    g_strdup_printf("%s.slot.%u", profile->name, i);
		int fd = open_locked(run, name, LOCK_EX | LOCK_NB);

		if (fd >= 0)
			return fd;
	}
	return -1;
}

/* When this request may begin, by those that began before. */
static gint64
book(kd_llm_run *run, const struct kd_conf_profile *profile, gint64 now)
{
	struct state state;
	gint64 start;

	if (profile->rpm == 0)
		return now;
	state_open(run, &state);
	start = MAX(now, get(&state, profile->name, "next"));
	set(&state, profile->name, "next", start + MINUTE / profile->rpm);
	state_close(&state, TRUE);
	return start;
}

gboolean
kd_llm_run_enter(
    kd_llm_run *run, const struct kd_conf_profile *profile, gint64 end)
{
	const struct kd_llm_clock *clock = run->clock;
	gint64 now = clock->now(clock->data), start;

	while (run->directory && run->slot < 0) {
		run->slot = take_slot(run, profile);
		now = clock->now(clock->data);
		if (run->slot < 0) {
			if (now + LOOK >= end)
				return FALSE;
			clock->sleep(clock->data, LOOK);
		}
	}
	start = book(run, profile, now);
	if (start >= end) {
		kd_fd_clear(&run->slot);
		return FALSE;
	}
	if (start > now)
		clock->sleep(clock->data, start - now);
	run->entered = g_strdup(profile->name);
	return TRUE;
}

void
kd_llm_run_leave(kd_llm_run *run, gboolean answered)
{
	struct state state;

	if (answered && run->entered) {
		state_open(run, &state);
		set(&state, run->entered, "answered", 1);
		state_close(&state, TRUE);
	}
	g_clear_pointer(&run->entered, g_free);
	kd_fd_clear(&run->slot);
}

guint
kd_llm_run_failures(kd_llm_run *run, const char *profile)
{
	struct state state;
	guint failures;

	state_open(run, &state);
	failures = (guint)get(&state, profile, "failures");
	state_close(&state, FALSE);
	return failures;
}

void
kd_llm_run_count(kd_llm_run *run, const char *profile, gboolean failed)
{
	struct state state;

	state_open(run, &state);
	set(&state, profile, "failures",
	    failed ? get(&state, profile, "failures") + 1 : 0);
	state_close(&state, TRUE);
}

char *
kd_llm_run_recall(kd_llm_run *run, const char *profile)
{
	struct state state;
	char *line;

	state_open(run, &state);
	line = g_key_file_get_string(state.file, profile, "shape", NULL);
	state_close(&state, FALSE);
	return line;
}

void
kd_llm_run_remember(kd_llm_run *run, const char *profile, const char *line)
{
	struct state state;

	state_open(run, &state);
	g_key_file_set_string(state.file, profile, "shape", line);
	state_close(&state, TRUE);
}

static void
set_known(json_t *object, const char *name, gint64 number)
{
	if (number >= 0)
		json_object_set_new(object, name, json_integer(number));
}

/* One write, so that lines of several processes do not mix. */
static void
append_line(const kd_llm_run *run, const char *name, const json_t *object)
{
	g_autofree char *path = g_build_filename(run->directory, name, NULL);
	g_auto(kd_fd) fd = open(
	    path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
	char *dumped = json_dumps(object, JSON_COMPACT);
	g_autofree char *line = g_strconcat(dumped ? dumped : "{}", "\n", NULL);

	free(dumped);
	if (fd >= 0 && write(fd, line, strlen(line)) < 0)
		g_debug("%s: %s", path, g_strerror(errno));
}

void
kd_llm_run_account(kd_llm_run *run, const struct kd_llm_entry *entry)
{
	g_autoptr(json_t) line = json_pack("{s:i}", "requests", 1);

	if (!run->directory)
		return;
	set_known(line, "prompt", entry->prompt);
	set_known(line, "completion", entry->completion);
	set_known(line, "cached", entry->cached);
	set_known(line, "micro", entry->micro);
	if (entry->currency)
		json_object_set_new(
		    line, "currency", json_string(entry->currency));
	append_line(run, KD_FILTER_SPENT, line);
}

static char *
part_path(const kd_llm_run *run, const char *key)
{
	g_autofree char *name = g_strconcat(key, KD_FILTER_PART, NULL);

	return g_build_filename(run->directory, name, NULL);
}

json_t *
kd_llm_run_find(kd_llm_run *run, const char *key)
{
	g_autofree char *path = run->directory ? part_path(run, key) : NULL;
	g_autoptr(json_t) answer =
	    path ? json_load_file(path, JSON_REJECT_DUPLICATES, NULL) : NULL;
	json_t *sentences = json_object_get(answer, "sentences");

	return json_is_array(sentences) ? json_incref(sentences) : NULL;
}

void
kd_llm_run_keep(kd_llm_run *run, const char *key, const json_t *answer)
{
	g_autofree char *path = run->directory ? part_path(run, key) : NULL;
	char *text = path ? json_dumps(answer, JSON_COMPACT) : NULL;

	if (text)
		g_file_set_contents(path, text, -1, NULL);
	free(text);
}

gint64
kd_llm_run_spend(kd_llm_run *run, gint64 amount)
{
	struct state state;
	gint64 spent;

	state_open(run, &state);
	/* A profile's name has no blank. */
	spent = get(&state, "of all", "spent") + MAX(amount, 0);
	if (amount > 0)
		set(&state, "of all", "spent", spent);
	state_close(&state, amount > 0);
	return spent;
}
