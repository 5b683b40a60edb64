/*
 * LD_PRELOAD: write down what a program does to data.mdb, in order, so that
 * run-power-cut can say what a disk may hold after the power went out.
 *
 * KD_DISK_LOG names the log.  An entry is struct disk_entry and, for a write,
 * its bytes.  With KD_NOSYNC set, LMDB environments are opened with
 * MDB_NOSYNC: a promise that must be seen to break.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <lmdb.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/uio.h>
#include <unistd.h>

#include "disk-log.h"

/* Whether a descriptor is of a file that is called data.mdb. */
static int
is_data(int fd)
{
	char link[32], path[4096];
	ssize_t n;

	if (!getenv("KD_DISK_LOG"))
		return 0;
	link[0] = '\0';
	strcat(link, "/proc/self/fd/");
	n = (ssize_t)strlen(link);
	if (fd > 99)
		link[n++] = (char)('0' + fd / 100);
	if (fd > 9)
		link[n++] = (char)('0' + fd / 10 % 10);
	link[n++] = (char)('0' + fd % 10);
	link[n] = '\0';
	n = readlink(link, path, sizeof(path) - 1);
	if (n < 9)
		return 0;
	path[n] = '\0';
	return !strcmp(path + n - 9, "/data.mdb");
}

static void
note(enum disk_kind kind, off_t offset, const void *bytes, size_t length)
{
	struct disk_entry entry = {
	    .kind = kind, .offset = (uint64_t)offset, .length = length};
	struct iovec parts[] = {
	    {&entry, sizeof(entry)}, {(void *)bytes, length}};
	int fd = open(getenv("KD_DISK_LOG"),
	    O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	ssize_t (*real)(int, const struct iovec *, int);

	*(void **)&real = dlsym(RTLD_NEXT, "writev");
	if (fd < 0 || real(fd, parts, 2) != (ssize_t)(sizeof(entry) + length))
		abort();
	close(fd);
}

/* LMDB writes its meta pages through a descriptor of their own. */
static void
note_write(int fd, off_t offset, const void *bytes, size_t length)
{
	int durable = fcntl(fd, F_GETFL) & O_DSYNC;

	note(durable ? DISK_WRITE_DURABLE : DISK_WRITE, offset, bytes, length);
}

ssize_t
pwrite64(int fd, const void *bytes, size_t length, off64_t offset)
{
	ssize_t (*real)(int, const void *, size_t, off64_t);
	ssize_t n;

	*(void **)&real = dlsym(RTLD_NEXT, "pwrite64");
	n = real(fd, bytes, length, offset);
	if (n > 0 && is_data(fd))
		note_write(fd, offset, bytes, (size_t)n);
	return n;
}

ssize_t
pwrite(int fd, const void *bytes, size_t length, off_t offset)
{
	return pwrite64(fd, bytes, length, offset);
}

ssize_t
write(int fd, const void *bytes, size_t length)
{
	ssize_t (*real)(int, const void *, size_t);
	ssize_t n;

	*(void **)&real = dlsym(RTLD_NEXT, "write");
	n = real(fd, bytes, length);
	if (n > 0 && is_data(fd))
		note_write(fd, lseek(fd, 0, SEEK_CUR) - n, bytes, (size_t)n);
	return n;
}

static void
note_parts(
    int fd, off_t offset, const struct iovec *parts, int count, ssize_t written)
{
	for (int i = 0; i < count && written > 0; i++) {
		size_t n = parts[i].iov_len;

		if (n > (size_t)written)
			n = (size_t)written;
		note_write(fd, offset, parts[i].iov_base, n);
		offset += (off_t)n;
		written -= (ssize_t)n;
	}
}

ssize_t
pwritev64(int fd, const struct iovec *parts, int count, off64_t offset)
{
	ssize_t (*real)(int, const struct iovec *, int, off64_t);
	ssize_t n;

	*(void **)&real = dlsym(RTLD_NEXT, "pwritev64");
	n = real(fd, parts, count, offset);
	if (n > 0 && is_data(fd))
		note_parts(fd, offset, parts, count, n);
	return n;
}

ssize_t
pwritev(int fd, const struct iovec *parts, int count, off_t offset)
{
	return pwritev64(fd, parts, count, offset);
}

ssize_t
writev(int fd, const struct iovec *parts, int count)
{
	ssize_t (*real)(int, const struct iovec *, int);
	ssize_t n;

	*(void **)&real = dlsym(RTLD_NEXT, "writev");
	n = real(fd, parts, count);
	if (n > 0 && is_data(fd))
		note_parts(fd, lseek(fd, 0, SEEK_CUR) - n, parts, count, n);
	return n;
}

int
ftruncate64(int fd, off64_t length)
{
	int (*real)(int, off64_t);
	int rc;

	*(void **)&real = dlsym(RTLD_NEXT, "ftruncate64");
	rc = real(fd, length);
	if (!rc && is_data(fd))
		note(DISK_TRUNCATE, length, "", 0);
	return rc;
}

int
ftruncate(int fd, off_t length)
{
	return ftruncate64(fd, length);
}

/* A barrier counts from when it has returned. */
static int
sync_by(const char *name, int fd)
{
	int (*real)(int);
	int rc;

	*(void **)&real = dlsym(RTLD_NEXT, name);
	rc = real(fd);
	if (!rc && is_data(fd))
		note(DISK_BARRIER, 0, "", 0);
	return rc;
}

int
fsync(int fd)
{
	return sync_by("fsync", fd);
}

int
fdatasync(int fd)
{
	return sync_by("fdatasync", fd);
}

int
mdb_env_open(
    MDB_env *env, const char *path, unsigned int flags, mdb_mode_t mode)
{
	int (*real)(MDB_env *, const char *, unsigned int, mdb_mode_t);

	*(void **)&real = dlsym(RTLD_NEXT, "mdb_env_open");
	if (getenv("KD_NOSYNC"))
		flags |= MDB_NOSYNC;
	return real(env, path, flags, mode);
}
