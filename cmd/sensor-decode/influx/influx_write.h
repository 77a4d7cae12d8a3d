/*
 * influx_write: readings as points of InfluxDB's line protocol (influx_line.h says of its escapes).
 *
 *   type,sensor=NAME metric=value[,metric=value ...] nanoseconds
 *
 * A number is a float, however it is written, so that a series of 24 and 24.5
 * is of one type; or, on request, one without point and exponent an integer. A
 * quality other than good is a field NAME.quality. Units and schema versions
 * have no place in a point.
 *
 * Not every name can be written: a backslash at its end would make the next
 * byte an ordinary one, and a measurement that starts with '#' is a comment.
 */
#ifndef SENSOR_DECODE_INFLUX_WRITE_H
#define SENSOR_DECODE_INFLUX_WRITE_H

#include "base/buf.h"
#include "base/slice.h"
#include "fault.h"
#include "record/record.h"

#include <stdbool.h>

/* Zeroed but for what is to be set by the owner. Large. */
struct influx_writer {
	bool integers; /* set by the owner */

	struct reading reading;
	struct buf scratch; /* of the reading */
	struct buf string;
};

/* Appends the points of r1 records. Returns 0, or -1 with the fault set and *out as it was. */
int influx_write(struct influx_writer *w, struct slice records, struct buf *out,
                 struct fault *fault);

void influx_writer_free(struct influx_writer *w);

#endif
