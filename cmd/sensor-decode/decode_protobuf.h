/*
 * decode_protobuf: readings from a SensorMessage (lib/payload/sensor.proto).
 */
#ifndef SENSOR_DECODE_DECODE_PROTOBUF_H
#define SENSOR_DECODE_DECODE_PROTOBUF_H

#include "arena.h"
#include "base/slice.h"
#include "fault.h"
#include "readings.h"

/*
 * Memory to unpack a payload: at most DECODE_PROTOBUF_PER_BYTE for each of its
 * bytes, which is what the smallest metrics need, and DECODE_PROTOBUF_MEMORY_MAX
 * in all.
 */
enum {
	DECODE_PROTOBUF_PER_BYTE = 40,
	DECODE_PROTOBUF_MEMORY_MAX = 8 << 20,
};

/*
 * `scratch` is cleared and used. What the readings say of the message (type,
 * sensor, schema) stays in the arena until it is reset. Returns 0, or -1 with
 * the fault set.
 */
int decode_protobuf(struct slice payload, struct arena *arena, struct buf *scratch,
                    struct readings *readings, struct fault *fault);

#endif
