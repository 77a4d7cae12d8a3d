#include "durable/mark.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { TEXT_MAX = 22 }; /* 20 digits, the line end, and one byte more to see what is too long */

/* The decimal number and line end that `len` bytes of text are; false: they are none. */
static bool parse(const char *text, size_t len, uint64_t *seq)
{
	if (len < 2 || text[len - 1] != '\n')
		return false;
	*seq = 0;
	for (size_t i = 0; i < len - 1; i++) {
		unsigned digit = (unsigned)(text[i] - '0');

		if (digit > 9 || *seq > (UINT64_MAX - digit) / 10)
			return false;
		*seq = *seq * 10 + digit;
	}
	return true;
}

int mark_read(int directory, const char *name, uint64_t *seq)
{
	int fd = openat(directory, name, O_RDONLY | O_CLOEXEC), error;
	char text[TEXT_MAX];
	ssize_t len;

	if (fd < 0)
		return errno == ENOENT ? 0 : -1;
	len = pread(fd, text, sizeof(text), 0);
	error = errno;
	close(fd);
	if (len < 0) {
		errno = error;
		return -1;
	}
	if (!parse(text, (size_t)len, seq)) {
		errno = EINVAL;
		return -1;
	}
	return 1;
}

static int write_temporary(int directory, const char *name, uint64_t seq)
{
	int fd = openat(directory, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644), error;
	bool ok;

	if (fd < 0)
		return -1;
	ok = dprintf(fd, "%" PRIu64 "\n", seq) > 0 && fsync(fd) == 0;
	error = errno;
	ok = close(fd) == 0 && ok;
	errno = error;
	return ok ? 0 : -1;
}

int mark_write(int directory, const char *name, uint64_t seq)
{
	char temporary[NAME_MAX + 1];

	if ((size_t)snprintf(temporary, sizeof(temporary), "%s.tmp", name) >= sizeof(temporary)) {
		errno = ENAMETOOLONG;
		return -1;
	}
	if (write_temporary(directory, temporary, seq) < 0 ||
	    renameat(directory, temporary, directory, name) < 0)
		return -1;
	return fsync(directory);
}
