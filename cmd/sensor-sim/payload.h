/*
 * payload: samples as the bytes a device would send.
 *
 * JSON: one object, `ts` in milliseconds (with a fraction where the time has
 * one) and the metrics by name. Protobuf: a SensorMessage of
 * lib/payload/sensor.proto with one reading, time_us and the metrics; a number
 * without decimals is an integer there.
 *
 * With `want` bytes wanted, a payload that is shorter gets a text metric `pad`
 * that makes it about that long (a few bytes more or less); 0: none.
 */
#ifndef SENSOR_SIM_PAYLOAD_H
#define SENSOR_SIM_PAYLOAD_H

#include "base/buf.h"
#include "sample.h"

enum payload_format { PAYLOAD_JSON, PAYLOAD_PROTOBUF };

/* Appends the payload. Nothing is allocated once the buffer has grown. */
void payload_append_json(struct buf *b, const struct sample *s, size_t want);
void payload_append_protobuf(struct buf *b, const struct sample *s, size_t want);

enum { PAYLOAD_WANT_MAX = 4096 }; /* bytes; the limit sensor-decode sets a text value */

#endif
