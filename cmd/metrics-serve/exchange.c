#include "exchange.h"

#include "base/clock.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#define LINGER_TIME CLOCK_SECOND /* that a client gets to finish what will not be read */
enum { LINGER_MAX = 4 << 20 };   /* bytes of it */

static void make_nonblocking(int fd)
{
	struct stat st;

	if (fstat(fd, &st) == 0 && S_ISSOCK(st.st_mode))
		fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK);
}

void exchange_begin(struct exchange *x, int in, int out, int64_t timeout)
{
	*x = (struct exchange){in, out, timeout};
	make_nonblocking(in);
	make_nonblocking(out);
}

/* Waits until the descriptor is ready; false at the deadline. */
static bool ready(int fd, short events, int64_t deadline)
{
	struct pollfd poll_fd = {.fd = fd, .events = events};
	int64_t left;
	int n;

	do {
		left = deadline - clock_monotonic();
		if (left <= 0)
			return false;
		n = poll(&poll_fd, 1, (int)(left / 1000) + 1);
	} while (n == 0 || (n < 0 && errno == EINTR));
	return n > 0;
}

static bool try_again(ssize_t n)
{
	return n < 0 && (errno == EINTR || errno == EAGAIN);
}

enum http_status exchange_read_head(struct exchange *x, struct buf *bytes)
{
	int64_t deadline = clock_monotonic() + x->timeout;
	ssize_t n;

	buf_reserve(bytes, HTTP_HEAD_MAX);
	for (;;) {
		if (!ready(x->in, POLLIN, deadline))
			return HTTP_REQUEST_TIMEOUT;
		n = read(x->in, bytes->ptr + bytes->len, HTTP_HEAD_MAX - bytes->len);
		if (try_again(n))
			continue;
		if (n < 0 || (n == 0 && bytes->len == 0))
			return 0;
		if (n == 0)
			return HTTP_BAD_REQUEST;
		bytes->len += (size_t)n;
		if (http_head_is_hopeless(buf_slice(bytes)))
			return HTTP_BAD_REQUEST;
		if (http_head_length(buf_slice(bytes)) > 0)
			return HTTP_OK;
		if (bytes->len == HTTP_HEAD_MAX)
			return HTTP_HEAD_TOO_LARGE;
	}
}

bool exchange_write(struct exchange *x, struct slice bytes)
{
	int64_t deadline = clock_monotonic() + x->timeout;

	while (bytes.len > 0) {
		ssize_t n;

		if (!ready(x->out, POLLOUT, deadline))
			return false;
		n = write(x->out, bytes.ptr, bytes.len);
		if (try_again(n))
			continue;
		if (n < 0)
			return false;
		bytes.ptr += n;
		bytes.len -= (size_t)n;
	}
	return true;
}

void exchange_end(struct exchange *x)
{
	int64_t deadline = clock_monotonic() + LINGER_TIME;
	size_t seen = 0;
	char bytes[4096];
	ssize_t n;

	if (shutdown(x->out, SHUT_WR) < 0)
		return; /* no socket, or the client is gone */
	while (seen < LINGER_MAX && ready(x->in, POLLIN, deadline)) {
		n = read(x->in, bytes, sizeof(bytes));
		if (try_again(n))
			continue;
		if (n <= 0)
			return;
		seen += (size_t)n;
	}
}
