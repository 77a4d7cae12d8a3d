/*
 * sensor: one synthetic sensor, its character and its state.
 *
 * A sensor's character (phase of its day, offset, size) comes from the seed
 * and its number alone. What it measures is a daily curve of the time, which
 * two runs of one seed therefore share, with noise and a slow drift on top;
 * its counters (energy, door openings) are functions of the time too, so they
 * only grow, from run to run as well. State is of constant size.
 */
#ifndef SENSOR_SIM_SENSOR_H
#define SENSOR_SIM_SENSOR_H

#include "base/slice.h"
#include "random.h"
#include "sample.h"

#include <stdint.h>

enum sensor_type {
	SENSOR_CLIMATE,
	SENSOR_POWER,
	SENSOR_VIBRATION,
	SENSOR_LEVEL,
	SENSOR_DOOR,
	SENSOR_GPS,
	SENSOR_TYPES
};

/* By enum sensor_type, ended by NULL. */
extern const char *const sensor_type_names[SENSOR_TYPES + 1];

struct sensor {
	enum sensor_type type;
	uint32_t number; /* in the fleet, from 0 */
	struct random random;
	int64_t last; /* time of the last sample, microseconds; INT64_MIN: none yet */
	double phase; /* of the day, 0 to 1 */
	double size;  /* 0 to 1: what makes it a small or a large one of its type */
	double drift; /* slow, about within -1 to 1 */
	/* gps: place in degrees, heading in radians, speed in m/s */
	double latitude, longitude, heading, speed;
};

void sensor_init(struct sensor *s, enum sensor_type type, uint32_t number, uint64_t seed);

/* Measures at `time`, which must be after s->last. */
void sensor_measure(struct sensor *s, int64_t time, struct sample *sample);

#endif
