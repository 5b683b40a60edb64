#include "config.h"

#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sysexits.h>
#include <unistd.h>

#include "mta.h"

#define STACK (64 << 10) /* bytes; a handler needs its registers saved */

/* Handlers take no argument of ours. */
static struct {
	const char *program;
	volatile sig_atomic_t accepted;
	int output; /* what was standard error */
} mta = {.output = STDERR_FILENO};

/* Async-signal-safe. */
static void
say(const char *text)
{
	if (write(mta.output, text, strlen(text)) < 0)
		_exit(EX_TEMPFAIL);
}

static void
end(int signal_number)
{
	char number[] = "00\n";

	if (mta.accepted)
		_exit(EX_OK);
	say("4.3.0 ");
	say(mta.program);
	if (signal_number == SIGALRM) {
		say(": deadline passed\n");
		_exit(EX_TEMPFAIL);
	}
	number[0] = (char)('0' + signal_number / 10);
	number[1] = (char)('0' + signal_number % 10);
	say(": ended by signal ");
	say(number + (number[0] == '0'));
	_exit(EX_TEMPFAIL);
}

/* All signals that end a program; a stopped one is to go on. */
static void
catch_signals(void)
{
	static const int others[] = {SIGKILL, SIGSTOP, SIGTSTP, SIGTTIN,
	    SIGTTOU, SIGCONT, SIGCHLD, SIGURG, SIGWINCH, SIGPIPE, SIGXFSZ};
	static char spare[STACK];
	const stack_t stack = {.ss_sp = spare, .ss_size = sizeof(spare)};
	struct sigaction action = {.sa_handler = end, .sa_flags = SA_ONSTACK};
	sigset_t set;

	/* GLib recurses until the stack is full when there is no memory to
	 * say that there is none. */
	sigaltstack(&stack, NULL);

	sigfillset(&action.sa_mask);
	sigfillset(&set);
	for (gsize i = 0; i < G_N_ELEMENTS(others); i++)
		sigdelset(&set, others[i]);
	for (int i = 1; i <= SIGRTMAX; i++)
		if (sigismember(&set, i) == 1)
			sigaction(i, &action, NULL);
	/* A mask is inherited; the deadline must not be held back. */
	sigemptyset(&set);
	sigprocmask(SIG_SETMASK, &set, NULL);
}

/* What GLib would print before it aborts; the signal says the rest. */
static void
say_nothing(G_GNUC_UNUSED const char *domain,
    G_GNUC_UNUSED GLogLevelFlags level, G_GNUC_UNUSED const char *message,
    G_GNUC_UNUSED gpointer data)
{
}

void
kd_mta_begin(const char *program)
{
	mta.program = program;
	g_log_set_default_handler(say_nothing, NULL);
	catch_signals();
}

void
kd_mta_deliver(guint seconds)
{
	int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
	int output = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	if (null >= 0 && output >= 0) {
		mta.output = output;
		dup2(null, STDOUT_FILENO);
		dup2(null, STDERR_FILENO);
	}
	if (null > STDERR_FILENO)
		close(null);
	alarm(seconds);
}

void
kd_mta_accept(guint seconds)
{
	mta.accepted = 1;
	alarm(seconds);
}

void
kd_mta_error(const GError *error)
{
	char line[199];

	g_snprintf(line, sizeof(line) - 1, "4.3.0 %s: %s", mta.program,
	    error->message);
	for (char *p = line; *p; p++)
		if (!g_ascii_isprint(*p))
			*p = '?';
	g_strlcat(line, "\n", sizeof(line));
	say(line);
}
