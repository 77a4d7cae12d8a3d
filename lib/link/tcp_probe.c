#include "link/tcp_probe.h"

#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* 0 or an errno. */
static int try_address(const struct addrinfo *a)
{
	int fd = socket(a->ai_family, a->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, 0), error = 0;
	struct pollfd pfd = {.fd = fd, .events = POLLOUT};
	socklen_t len = sizeof(error);

	if (fd < 0)
		return errno;
	if (connect(fd, a->ai_addr, a->ai_addrlen) < 0)
		error = errno;
	if (error == EINPROGRESS) {
		error = ETIMEDOUT;
		if (poll(&pfd, 1, TCP_PROBE_WAIT) == 1 &&
		    getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &len) < 0)
			error = errno;
	}
	close(fd);
	return error;
}

void tcp_probe(const char *host, unsigned port, char *why, size_t size)
{
	const struct addrinfo wanted = {.ai_socktype = SOCK_STREAM, .ai_flags = AI_NUMERICSERV};
	struct addrinfo *found, *a;
	char service[8];
	int error;

	snprintf(service, sizeof(service), "%u", port);
	error = getaddrinfo(host, service, &wanted, &found);
	if (error) {
		snprintf(why, size, "%s",
		         error == EAI_SYSTEM ? strerror(errno) : gai_strerror(error));
		return;
	}
	error = ETIMEDOUT;
	for (a = found; a && error; a = a->ai_next)
		error = try_address(a);
	freeaddrinfo(found);
	snprintf(why, size, "%s", error ? strerror(error) : "");
}
