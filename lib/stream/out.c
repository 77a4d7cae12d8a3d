#include "stream/out.h"

#include "base/msg.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <unistd.h>

void out_init(struct out *o, int fd, const char *name)
{
	*o = (struct out){.fd = fd, .name = name};
}

void out_open_append(struct out *o, const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0640);

	if (fd < 0)
		msg_die(EX_CANTCREAT, "cannot open '%s': %s", path, strerror(errno));
	out_init(o, fd, path);
}

static void write_all(struct out *o)
{
	const char *p = o->buf.ptr;
	size_t left = o->buf.len;

	while (left > 0) {
		ssize_t n = write(o->fd, p, left);

		if (n >= 0) {
			p += n;
			left -= (size_t)n;
		} else if (errno == EAGAIN) {
			/* A descriptor that somebody else made non-blocking. */
			struct pollfd pfd = {.fd = o->fd, .events = POLLOUT};

			poll(&pfd, 1, -1);
		} else if (errno != EINTR) {
			msg_die(EX_IOERR, "%s: %s", o->name, strerror(errno));
		}
	}
	buf_clear(&o->buf);
}

void out_die_broken(const struct out *o)
{
	msg_die(EX_IOERR, "%s: %s", o->name, strerror(EPIPE));
}

static void flush_one(struct out *o)
{
	bool any = o->buf.len > 0;

	write_all(o);
	/* A pipe or a terminal takes no sync. */
	if (any && o->sync && fdatasync(o->fd) < 0 && errno != EINVAL && errno != EROFS)
		msg_die(EX_IOERR, "%s: %s", o->name, strerror(errno));
}

void out_flush(struct out *o)
{
	if (o->first)
		out_flush(o->first);
	flush_one(o);
}

void out_close(struct out *o)
{
	out_flush(o);
	/* Some errors of a file (quota, network file systems) show only here. */
	if (o->fd != STDERR_FILENO && close(o->fd) < 0 && errno != EINTR)
		msg_die(EX_IOERR, "%s: %s", o->name, strerror(errno));
	buf_free(&o->buf);
}
