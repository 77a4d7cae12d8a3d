#include "decode_protobuf.h"

#include "base/clock.h"
#include "payload/sensor.pb-c.h"
#include "protobuf_wire.h"
#include "text/json.h"
#include "text/number.h"

#include <inttypes.h>
#include <math.h>

/* The message itself and the first of protobuf-c's tables. */
enum { MEMORY_MIN = 4096 };

static size_t memory_for(struct slice payload)
{
	size_t most = DECODE_PROTOBUF_MEMORY_MAX;

	if (payload.len >= (most - MEMORY_MIN) / DECODE_PROTOBUF_PER_BYTE)
		return most;
	return MEMORY_MIN + payload.len * DECODE_PROTOBUF_PER_BYTE;
}

/* Appends the metric's value as JSON. */
static int append_value(struct buf *b, const Sensorpipe__Metric *m, struct fault *fault)
{
	switch (m->value_case) {
	case SENSORPIPE__METRIC__VALUE_NUMBER:
		if (!isfinite(m->number))
			return fault_set(fault, FAULT_NUMBER_RANGE, "'%s' is not a finite number",
			                 m->name);
		number_append(b, m->number);
		return 0;
	case SENSORPIPE__METRIC__VALUE_INTEGER:
		buf_printf(b, "%" PRId64, m->integer);
		return 0;
	case SENSORPIPE__METRIC__VALUE_FLAG:
		buf_append_string(b, m->flag ? "true" : "false");
		return 0;
	case SENSORPIPE__METRIC__VALUE_TEXT:
		if (strlen(m->text) > READINGS_STRING_MAX)
			return fault_set(fault, FAULT_STRING_TOO_LONG,
			                 "'%s' is a string of %zu bytes, more than %d", m->name,
			                 strlen(m->text), READINGS_STRING_MAX);
		json_append_string(b, slice_of(m->text));
		return 0;
	default:
		return fault_set(fault, FAULT_BAD_PROTOBUF, "'%s' has no value", m->name);
	}
}

static int take_reading(const Sensorpipe__Reading *from, struct buf *scratch,
                        struct readings *readings, struct fault *fault)
{
	if (readings_begin(readings, fault) < 0)
		return -1;
	if (from->has_time_us) {
		if (from->time_us < CLOCK_MIN || from->time_us > CLOCK_MAX)
			return fault_set(fault, FAULT_BAD_TIME,
			                 "time_us %" PRId64 " is not of the years 0001 to 9999",
			                 from->time_us);
		readings_set_time(readings, from->time_us);
	}
	for (size_t i = 0; i < from->n_metrics; i++) {
		const Sensorpipe__Metric *m = from->metrics[i];

		buf_clear(scratch);
		if (readings_name(readings, slice_of(m->name), fault) < 0 ||
		    append_value(scratch, m, fault) < 0 ||
		    readings_add(readings, slice_of(m->name), buf_slice(scratch), fault) < 0)
			return -1;
	}
	return readings_end(readings, fault);
}

int decode_protobuf(struct slice payload, struct arena *arena, struct buf *scratch,
                    struct readings *readings, struct fault *fault)
{
	Sensorpipe__SensorMessage *m;

	if (protobuf_wire_check(payload, &sensorpipe__sensor_message__descriptor, fault) < 0)
		return -1;
	arena_reset(arena, memory_for(payload));
	m = sensorpipe__sensor_message__unpack(&arena->allocator, payload.len,
	                                       (const uint8_t *)payload.ptr);
	if (!m)
		return fault_set(fault, FAULT_TOO_LARGE,
		                 "unpacking the %zu bytes needs more memory than %zu bytes",
		                 payload.len, memory_for(payload));
	readings_clear(readings);
	if (m->type)
		readings->type = slice_of(m->type);
	if (m->sensor)
		readings->sensor = slice_of(m->sensor);
	if (m->schema)
		readings->schema = slice_of(m->schema);
	if (m->n_readings == 0)
		return fault_set(fault, FAULT_NO_METRICS, "there is no reading in it");
	for (size_t i = 0; i < m->n_readings; i++)
		if (take_reading(m->readings[i], scratch, readings, fault) < 0)
			return -1;
	return 0;
}
