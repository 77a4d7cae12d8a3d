/*
 * decode_influx: points of InfluxDB's line protocol (influx_line.h) to readings.
 *
 * In InfluxDB a series is a measurement and a set of tags; so that no two become one, all of
 * them are kept:
 *
 *   type     the measurement
 *   sensor   the value of the first tag there is of options->influx.sensor_tags, by default
 *            sensor, sensor_id, device, device_id and host, else as for other payloads;
 *            and behind it the other tags, sorted by their keys: "h1,cpu=cpu0,room=2"
 *   metric   the key of a field
 *
 * In tags that are put behind a name, a backslash stands before ',' and '='. Where a user property
 * names the sensor, all tags stand behind that name.
 *
 * Points of one type, sensor and time are one reading, wherever they stand in the message; none of
 * their fields may come twice. A point without a time has that of the message. Series crafted to
 * collide in the hash table that finds them cost at most INFLUX_POINTS_MAX steps each.
 */
#ifndef SENSOR_DECODE_DECODE_INFLUX_H
#define SENSOR_DECODE_DECODE_INFLUX_H

#include "payload.h"

enum {
	INFLUX_POINTS_MAX = 4096, /* in a message */
	INFLUX_TAGS_MAX = 64,     /* of a point; more do not fit in a name */
};

int decode_influx(struct payload *p);

#endif
