/*
 * LD_PRELOAD: the N-th allocation of main fails (KD_FAIL_MALLOC=N), and all
 * after it if KD_FAIL_ON says something; any file system is NFS (KD_NFS).
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <linux/magic.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>

/* What glibc calls its own. */
extern void *__libc_malloc(size_t size);
extern void *__libc_calloc(size_t n, size_t size);
extern void *__libc_realloc(void *old, size_t size);

typedef int main_func(int, char **, char **);

static main_func *real_main;
static long left; /* allocations until one fails; 0: none will */
static int on;

/* What comes before main is the loader's and GLib's, not the program's. */
static int
begin(int argc, char **argv, char **environment)
{
	const char *n = getenv("KD_FAIL_MALLOC");
	const char *all = getenv("KD_FAIL_ON");

	on = all && *all;
	left = n ? atol(n) : 0;
	return real_main(argc, argv, environment);
}

int
__libc_start_main(main_func *program, int argc, char **argv, void (*init)(void),
    void (*fini)(void), void (*rtld_fini)(void), void *stack_end)
{
	int (*real)(main_func *, int, char **, void (*)(void), void (*)(void),
	    void (*)(void), void *);

	real_main = program;
	*(void **)&real = dlsym(RTLD_NEXT, "__libc_start_main");
	return real(begin, argc, argv, init, fini, rtld_fini, stack_end);
}

static int
fails(void)
{
	if (!left || --left)
		return 0;
	left = on;
	errno = ENOMEM;
	return 1;
}

void *
malloc(size_t size)
{
	return fails() ? NULL : __libc_malloc(size);
}

void *
calloc(size_t n, size_t size)
{
	return fails() ? NULL : __libc_calloc(n, size);
}

void *
realloc(void *old, size_t size)
{
	return fails() ? NULL : __libc_realloc(old, size);
}

int
statfs(const char *path, struct statfs *fs)
{
	int (*real)(const char *, struct statfs *);
	int rc;

	*(void **)&real = dlsym(RTLD_NEXT, "statfs");
	rc = real(path, fs);
	if (getenv("KD_NFS"))
		fs->f_type = NFS_SUPER_MAGIC;
	return rc;
}
