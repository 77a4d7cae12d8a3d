#include "observe/notify.h"

#include "base/clock.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>

enum { STATUS_MAX = 255, PARTS = 4 }; /* of a watchdog's time between two signs of life */

static struct {
	struct sockaddr_un address;
	socklen_t length;
	int fd; /* only with a length */
	bool ready, stopping;
	int64_t interval, due; /* microseconds; 0: no watchdog */
} notify;

/* Microseconds, 0 for none. */
static int64_t watchdog_time(void)
{
	const char *text = getenv("WATCHDOG_USEC");
	char *end;
	long long value;

	if (!text || *text < '0' || *text > '9')
		return 0;
	value = strtoll(text, &end, 10);
	return *end == '\0' ? value : 0;
}

void notify_init(void)
{
	const char *name = getenv("NOTIFY_SOCKET");
	size_t len = name ? strlen(name) : 0;

	if (len < 2 || len >= sizeof(notify.address.sun_path) || !strchr("/@", name[0]))
		return;
	notify.fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (notify.fd < 0)
		return;
	notify.address.sun_family = AF_UNIX;
	memcpy(notify.address.sun_path, name, len);
	if (name[0] == '@')
		notify.address.sun_path[0] = '\0';
	notify.length = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + len);
	notify.interval = watchdog_time() / PARTS;
}

static void tell(const char *state)
{
	if (notify.length > 0)
		sendto(notify.fd, state, strlen(state), MSG_NOSIGNAL,
		       (const struct sockaddr *)&notify.address, notify.length);
}

void notify_ready(void)
{
	if (!notify.ready)
		tell("READY=1");
	notify.ready = true;
}

void notify_stopping(void)
{
	if (!notify.stopping)
		tell("STOPPING=1");
	notify.stopping = true;
}

void notify_status(const char *format, ...)
{
	char state[sizeof("STATUS=") + STATUS_MAX] = "STATUS=";
	va_list args;

	va_start(args, format);
	vsnprintf(state + strlen(state), STATUS_MAX + 1, format, args);
	va_end(args);
	tell(state);
}

void notify_alive(void)
{
	int64_t now;

	if (notify.interval == 0)
		return;
	now = clock_monotonic();
	if (now < notify.due)
		return;
	notify.due = now + notify.interval;
	tell("WATCHDOG=1");
}

int64_t notify_due(void)
{
	return notify.interval ? notify.due : INT64_MAX;
}
