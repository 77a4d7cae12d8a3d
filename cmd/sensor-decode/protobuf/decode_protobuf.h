/*
 * decode_protobuf: readings from a SensorMessage (lib/payload/sensor.proto), or from a message of
 * the type that the payload's content type names (decode_described.h).
 */
#ifndef SENSOR_DECODE_DECODE_PROTOBUF_H
#define SENSOR_DECODE_DECODE_PROTOBUF_H

#include "payload.h"

/*
 * Memory to unpack a payload: at most DECODE_PROTOBUF_PER_BYTE for each of its
 * bytes, which is what the smallest metrics need, and DECODE_PROTOBUF_MEMORY_MAX
 * in all.
 */
enum {
	DECODE_PROTOBUF_PER_BYTE = 40,
	DECODE_PROTOBUF_MEMORY_MAX = 8 << 20,
};

payload_decoder decode_protobuf;

#endif
