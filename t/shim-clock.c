/*
 * LD_PRELOAD: a program that sleeps finds the time gone by at once.  The
 * milliseconds of each sleep are a line in the file that KD_SLEEPS names.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static _Atomic long long slept; /* nanoseconds */

static int
pass(const struct timespec *time, struct timespec *left)
{
	const char *path = getenv("KD_SLEEPS");
	FILE *file = path ? fopen(path, "ae") : NULL;

	slept += time->tv_sec * 1000000000LL + time->tv_nsec;
	if (file) {
		fprintf(file, "%lld\n",
		    time->tv_sec * 1000LL + time->tv_nsec / 1000000);
		fclose(file);
	}
	if (left)
		*left = (struct timespec){0};
	return 0;
}

int
nanosleep(const struct timespec *time, struct timespec *left)
{
	return pass(time, left);
}

int
clock_nanosleep(clockid_t clock, int flags, const struct timespec *time,
    struct timespec *left)
{
	(void)clock;
	return flags ? 0 : pass(time, left);
}

int
clock_gettime(clockid_t clock, struct timespec *time)
{
	static int (*real)(clockid_t, struct timespec *);
	long long sum;

	if (!real)
		*(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
	if (real(clock, time) < 0)
		return -1;
	sum = time->tv_nsec + slept;
	time->tv_sec += (time_t)(sum / 1000000000);
	time->tv_nsec = (long)(sum % 1000000000);
	return 0;
}
