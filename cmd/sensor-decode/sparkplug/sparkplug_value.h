/*
 * sparkplug_value: the value of a Sparkplug metric as a JSON scalar, by its datatype.
 *
 *   Int8..Int64, UInt8..UInt64   the number; the sign of those in unsigned fields is restored
 *   Float, Double                the shortest decimal that reads back the same
 *   Boolean                      true, false
 *   String, Text, UUID           a string
 *   DateTime                     a string, RFC 3339, UTC
 *
 * By the Sparkplug specification, version 3.0.0, section 6.4.16.
 */
#ifndef SENSOR_DECODE_SPARKPLUG_VALUE_H
#define SENSOR_DECODE_SPARKPLUG_VALUE_H

#include "base/buf.h"
#include "fault.h"
#include "payload/sparkplug.pb-c.h"

#include <stddef.h>

/* Datatypes of the specification that are read by number. */
enum {
	SPARKPLUG_INT8 = 1,
	SPARKPLUG_INT16,
	SPARKPLUG_INT32,
	SPARKPLUG_INT64,
	SPARKPLUG_UINT8,
	SPARKPLUG_UINT16,
	SPARKPLUG_UINT32,
	SPARKPLUG_UINT64,
	SPARKPLUG_FLOAT,
	SPARKPLUG_DOUBLE,
	SPARKPLUG_BOOLEAN,
	SPARKPLUG_STRING,
	SPARKPLUG_DATETIME,
	SPARKPLUG_TEXT,
	SPARKPLUG_UUID,
};

/* What becomes of a metric. */
enum sparkplug_fate {
	SPARKPLUG_TAKEN,
	SPARKPLUG_NULL, /* it has no value */
	/* Left out, though it has one: */
	SPARKPLUG_TRANSIENT,   /* it is not to be stored */
	SPARKPLUG_UNSUPPORTED, /* not one of the datatypes above */
	SPARKPLUG_RANGE,       /* no finite number; a time not of the years 0001 to 9999 */
	SPARKPLUG_TOO_LONG,    /* a string over the limit */
	SPARKPLUG_BAD_NAME,    /* no name for a record */
	SPARKPLUG_FATES,
};

/* Appends the value where the metric is taken. `max_string` is in bytes. Returns the fate, or -1
 * with the fault set when the value is not of the datatype. */
int sparkplug_value(const Sparkplug__Metric *m, uint32_t datatype, size_t max_string, struct buf *b,
                    struct fault *fault);

#endif
