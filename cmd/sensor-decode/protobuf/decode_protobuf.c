#include "protobuf/decode_protobuf.h"

#include "base/clock.h"
#include "payload/sensor.pb-c.h"
#include "protobuf/decode_described.h"
#include "protobuf/protobuf_wire.h"
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
		json_append_string(b, slice_of(m->text));
		return 0;
	default:
		return fault_set(fault, FAULT_BAD_PROTOBUF, "'%s' has no value", m->name);
	}
}

static int take_reading(struct payload *p, const Sensorpipe__Reading *from)
{
	struct readings *readings = p->readings;

	if (readings_begin(readings, p->fault) < 0)
		return -1;
	if (from->has_time_us) {
		if (from->time_us < CLOCK_MIN || from->time_us > CLOCK_MAX)
			return fault_set(p->fault, FAULT_BAD_TIME,
			                 "time_us %" PRId64 " is not of the years 0001 to 9999",
			                 from->time_us);
		readings_set_time(readings, from->time_us);
	}
	for (size_t i = 0; i < from->n_metrics; i++) {
		const Sensorpipe__Metric *m = from->metrics[i];
		struct slice name = slice_of(m->name);

		buf_clear(p->scratch);
		if (readings_name(readings, name, p->fault) < 0 ||
		    append_value(p->scratch, m, p->fault) < 0 ||
		    readings_add(readings, name, buf_slice(p->scratch), p->fault) < 0)
			return -1;
	}
	return readings_end(readings, p->fault);
}

int decode_protobuf(struct payload *p)
{
	struct slice bytes = p->bytes;
	Sensorpipe__SensorMessage *m;

	if (p->type.message.len && !slice_is(p->type.message, "sensorpipe.SensorMessage"))
		return decode_described(p);
	if (protobuf_wire_check(bytes, &sensorpipe__sensor_message__descriptor,
	                        PROTOBUF_UNKNOWN_REFUSED, p->fault) < 0)
		return -1;
	arena_reset(p->arena, memory_for(bytes));
	m = sensorpipe__sensor_message__unpack(&p->arena->allocator, bytes.len,
	                                       (const uint8_t *)bytes.ptr);
	if (!m)
		return fault_set(p->fault, FAULT_TOO_LARGE,
		                 "unpacking the %zu bytes needs more memory than %zu bytes",
		                 bytes.len, memory_for(bytes));
	if (m->type)
		p->readings->type = slice_of(m->type);
	if (m->sensor)
		p->readings->sensor = slice_of(m->sensor);
	if (m->schema)
		p->readings->schema = slice_of(m->schema);
	if (m->n_readings == 0)
		return fault_set(p->fault, FAULT_NO_METRICS, "there is no reading in it");
	for (size_t i = 0; i < m->n_readings; i++)
		if (take_reading(p, m->readings[i]) < 0)
			return -1;
	return 0;
}
