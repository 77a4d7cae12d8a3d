/*
 * pace: when the next message is to be passed on.
 *
 * Either evenly, at a rate; or as the messages were received, by the distances
 * of their times, faster or slower. Where a time is before the one of the
 * message before (a clock that was set back), the distance counts as none. A
 * sender that fell behind catches up by at most PACE_CATCH_UP, so a stall does
 * not turn into a burst.
 */
#ifndef SENSORPIPE_PACE_H
#define SENSORPIPE_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define PACE_CATCH_UP INT64_C(1000000) /* microseconds */

struct pace {
	double rate;  /* messages a second; 0: not by rate */
	double speed; /* times as fast as received; 0: not by time */

	/* Private. */
	bool begun;
	double next;      /* microseconds, clock_monotonic() */
	int64_t received; /* time of the message before */
};

/* The instant (clock_monotonic()) at which the message received at `received` is due; asked once a
 * message. `now` is clock_monotonic(). INT64_MAX: never. */
int64_t pace_due(struct pace *p, int64_t received, int64_t now);

#endif
