/*
 * pace: when the next message is to be sent.
 *
 * Either evenly, at a rate; or as the messages were received, by the distances
 * of their times, faster or slower. A sender that fell behind catches up by at
 * most PACE_CATCH_UP, so a stall does not turn into a burst.
 */
#ifndef MQTT_PUB5_PACE_H
#define MQTT_PUB5_PACE_H

#include <stdbool.h>
#include <stdint.h>

#define PACE_CATCH_UP INT64_C(1000000) /* microseconds */

struct pace {
	double rate;  /* messages a second; 0: not by rate */
	double speed; /* times as fast as received; 0: not by time */

	/* Private. */
	bool begun;
	double next;    /* microseconds, clock_monotonic() */
	int64_t origin; /* time of the first message */
};

/* The instant (clock_monotonic()) at which the message received at `received` is due; asked once a
 * message. `now` is clock_monotonic(). */
int64_t pace_due(struct pace *p, int64_t received, int64_t now);

#endif
