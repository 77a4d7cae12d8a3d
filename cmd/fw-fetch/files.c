#include "files.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <unistd.h>

/* close(2) that keeps errno. */
static void close_quietly(int fd)
{
	int error = errno;

	close(fd);
	errno = error;
}

int file_read(int directory, const char *name, size_t most, struct buf *content)
{
	int fd = openat(directory, name, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
	size_t before = content->len;
	ssize_t n;

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	do {
		buf_reserve(content, 4096);
		n = read(fd, content->ptr + content->len, content->cap - content->len);
		if (n > 0)
			content->len += (size_t)n;
	} while ((n > 0 && content->len - before <= most) || (n < 0 && errno == EINTR));
	close_quietly(fd);
	if (n < 0)
		return -1;
	if (content->len - before > most) {
		errno = EFBIG;
		return -1;
	}
	return 1;
}

int file_write_at(int fd, uint64_t offset, struct slice bytes)
{
	while (bytes.len > 0) {
		ssize_t n = pwrite(fd, bytes.ptr, bytes.len, (off_t)offset);

		if (n < 0 && errno != EINTR)
			return -1;
		if (n > 0) {
			bytes.ptr += n;
			bytes.len -= (size_t)n;
			offset += (uint64_t)n;
		}
	}
	return 0;
}

static int write_whole(int directory, const char *name, struct slice content)
{
	int fd = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_NOFOLLOW | O_CLOEXEC,
	                0644);
	bool ok;

	if (fd < 0)
		return -1;
	ok = file_write_at(fd, 0, content) == 0 && fsync(fd) == 0;
	close_quietly(fd);
	return ok ? 0 : -1;
}

int file_replace(int directory, const char *name, struct slice content)
{
	char temporary[NAME_MAX + 1];

	if ((size_t)snprintf(temporary, sizeof(temporary), "%s.tmp", name) >= sizeof(temporary)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (write_whole(directory, temporary, content) < 0 ||
	    renameat(directory, temporary, directory, name) < 0)
		return -1;
	return fsync(directory);
}

int file_remove(int directory, const char *name)
{
	return unlinkat(directory, name, 0) == 0 || errno == ENOENT ? 0 : -1;
}
