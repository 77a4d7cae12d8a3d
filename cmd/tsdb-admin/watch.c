#include "watch.h"

#include "base/clock.h"
#include "base/msg.h"
#include "base/stop.h"

#include <errno.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>

/* Until the next look is due; false: asked to stop. */
static bool wait_until(int64_t due)
{
	struct pollfd pfd = {.fd = stop_fd(), .events = POLLIN};
	int64_t left;

	while (!stop_requested() && (left = due - clock_monotonic()) > 0)
		if (poll(&pfd, 1, left > CLOCK_SECOND ? 1000 : (int)(left / 1000) + 1) < 0 &&
		    errno != EINTR)
			msg_die(EX_OSERR, "poll: %s", strerror(errno));
	return !stop_requested();
}

void watch_run(int64_t every, void (*look)(void *arg), void *arg)
{
	int64_t due;

	stop_init();
	do {
		due = clock_monotonic() + every;
		look(arg);
	} while (wait_until(due));
}
