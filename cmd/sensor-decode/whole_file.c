#include "whole_file.h"

#include "base/msg.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

void whole_file_read(const char *what, const char *path, size_t max, struct buf *text)
{
	enum { STEP = 4096 };
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd;

	while (n >= 0 && text->len <= max) {
		buf_reserve(text, STEP);
		n = read(fd, text->ptr + text->len, STEP);
		if (n <= 0)
			break;
		text->len += (size_t)n;
	}
	if (n < 0)
		msg_die(EX_NOINPUT, "%s '%s': %s", what, path, strerror(errno));
	close(fd);
	if (text->len > max)
		msg_die(EX_CONFIG, "%s '%s': more than %zu bytes", what, path, max);
}
