/*
 * fleet: sensors that take turns, and the clock they live by.
 *
 * The sensors' types are those of the list in turn; a type that is listed
 * twice gets twice as many. In a mixed fleet half the sensors of each type
 * send JSON, the others Protobuf.
 *
 * With a simulated clock the sensors' messages are spread evenly over the
 * interval: message k of n sensors is made at start + k * interval / n. With
 * the real clock a message is made now. Two messages of one sensor never have
 * the same time: where the clock stood still or went back, the sensor's next
 * microsecond is taken.
 */
#ifndef SENSOR_SIM_FLEET_H
#define SENSOR_SIM_FLEET_H

#include "draft.h"
#include "sensor.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FLEET_SENSORS_MAX = 1000000,
	FLEET_TYPES_MAX = 64, /* entries of the list of types */
};

enum fleet_format { FLEET_JSON, FLEET_PROTOBUF, FLEET_MIXED };

struct fleet_plan {
	size_t sensors;
	unsigned char types[FLEET_TYPES_MAX]; /* enum sensor_type */
	size_t type_count;
	enum fleet_format format;
	uint64_t seed;
	unsigned qos;
	bool simulated;   /* else the real clock, and start and interval mean nothing */
	int64_t start;    /* microseconds since the epoch */
	int64_t interval; /* microseconds, at least 1 */
};

struct fleet {
	struct fleet_plan plan;
	struct sensor *sensors;
	size_t turn;   /* the sensor that is next */
	int64_t round; /* start of the current interval of the simulated clock */
	char id[16];   /* of the draft given last */
};

void fleet_init(struct fleet *f, const struct fleet_plan *plan);

/* The next message, sound; the draft is valid until the next call. False at the end of all time
 * (CLOCK_MAX). */
bool fleet_next(struct fleet *f, struct draft *d);

void fleet_free(struct fleet *f);

#endif
