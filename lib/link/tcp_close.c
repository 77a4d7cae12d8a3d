#include "link/tcp_close.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { FD_MOST = 256 }; /* the tools open few files, and the lowest numbers are taken first */

static bool leads_to(int fd, unsigned port)
{
	struct sockaddr_storage peer = {0};
	socklen_t len = sizeof(peer);

	if (getpeername(fd, (struct sockaddr *)&peer, &len) < 0)
		return false;
	if (peer.ss_family == AF_INET)
		return ntohs(((struct sockaddr_in *)&peer)->sin_port) == port;
	return peer.ss_family == AF_INET6 &&
	       ntohs(((struct sockaddr_in6 *)&peer)->sin6_port) == port;
}

static void drain(int fd, int64_t deadline)
{
	struct pollfd pfd = {.fd = fd, .events = POLLIN};
	char bytes[16384];
	int64_t left;

	while ((left = deadline - clock_monotonic()) > 0) {
		if (poll(&pfd, 1, (int)(left / 1000) + 1) > 0 &&
		    recv(fd, bytes, sizeof(bytes), MSG_DONTWAIT) <= 0)
			return;
	}
}

static bool close_sending(int fd, unsigned port)
{
	return leads_to(fd, port) && shutdown(fd, SHUT_WR) == 0;
}

bool tcp_close_sending(unsigned port)
{
	bool any = false;

	for (int fd = STDERR_FILENO + 1; fd < FD_MOST; fd++)
		any |= close_sending(fd, port);
	return any;
}

int64_t tcp_silence(unsigned port)
{
	int64_t least = INT64_MAX;

	for (int fd = STDERR_FILENO + 1; fd < FD_MOST; fd++) {
		struct tcp_info info;
		socklen_t len = sizeof(info);
		int64_t since;

		if (!leads_to(fd, port) || getsockopt(fd, IPPROTO_TCP, TCP_INFO, &info, &len) < 0)
			continue;
		since = (int64_t)info.tcpi_last_data_recv * 1000;
		least = since < least ? since : least;
	}
	return least;
}

void tcp_close_gently(unsigned port, int64_t wait)
{
	int64_t deadline = clock_monotonic() + wait;

	for (int fd = STDERR_FILENO + 1; fd < FD_MOST; fd++) {
		if (close_sending(fd, port))
			drain(fd, deadline);
	}
}
