/*
 * bench-floor MAILDIR: what it takes at least to have a mail on disk for good:
 * tmp, write, fsync, rename to new, fsync of the directory.
 */
#include <fcntl.h>
#include <stdio.h>
#include <sys/time.h>
#include <unistd.h>

int
main(int argc, char **argv)
{
	static char buffer[1 << 16];
	char name[64], from[80], to[80];
	struct timeval now;
	ssize_t n;
	int fd, dir;

	if (argc != 2 || chdir(argv[1]) || gettimeofday(&now, NULL))
		return 75;
	snprintf(name, sizeof(name), "%ld.M%ldP%d", (long)now.tv_sec,
	    (long)now.tv_usec, (int)getpid());
	snprintf(from, sizeof(from), "tmp/%s", name);
	snprintf(to, sizeof(to), "new/%s", name);
	fd = open(from, O_WRONLY | O_CREAT | O_EXCL, 0600);
	while (fd >= 0 && (n = read(STDIN_FILENO, buffer, sizeof(buffer))) > 0)
		if (write(fd, buffer, (size_t)n) != n)
			return 75;
	if (fd < 0 || fsync(fd) || close(fd) || rename(from, to))
		return 75;
	dir = open("new", O_RDONLY | O_DIRECTORY);
	return dir < 0 || fsync(dir) || close(dir) ? 75 : 0;
}
