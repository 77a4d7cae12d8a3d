/*
 * decoded: what a decoder of payloads makes of one, as text.
 */
#ifndef SENSORPIPE_DECODED_H
#define SENSORPIPE_DECODED_H

#include "../../../cmd/sensor-decode/payload.h"
#include "../unit.h"

#include "base/clock.h"

#define DECODED_RECEIVED INT64_C(1795363421836186) /* 2026-11-22T16:03:41.836186Z */

/* To be set up by a test; options, metric and type of the payload may be changed. */
struct decoded {
	payload_decoder *decoder;
	struct decode_options options;
	struct payload payload;
	struct readings readings;
	struct arena arena;
	struct buf scratch, text;
};

static inline void decoded_free(struct decoded *d)
{
	readings_free(&d->readings);
	arena_free(&d->arena);
	buf_free(&d->scratch);
	buf_free(&d->text);
}

/* "SENSOR TIME METRIC=VALUE ...", the time without its date where that is the day of arrival. */
static inline void decoded_append(struct decoded *d, size_t reading, size_t from)
{
	const struct reading_part *part = &d->readings.each[reading];
	struct slice sensor = readings_sensor(&d->readings, reading);
	char time[CLOCK_TEXT_LEN];

	if (sensor.len)
		buf_printf(&d->text, "%.*s ", SLICE_ARG(sensor));
	if (part->timed) {
		clock_format(part->time, time);
		buf_printf(&d->text, "%.*s", CLOCK_TEXT_LEN, time);
	} else {
		buf_append_string(&d->text, "-");
	}
	for (; from < part->end; from++)
		buf_putc(&d->text, d->readings.metrics.ptr[from] == '\t'
		                       ? ' '
		                       : d->readings.metrics.ptr[from]);
	buf_putc(&d->text, '\n');
}

/* "CODE: DETAIL", or a line a reading. */
static inline const char *decoded(struct decoded *d, struct slice bytes)
{
	const struct message message = {.received = DECODED_RECEIVED};
	struct slice copy = exact_copy(bytes);
	struct fault fault;
	int result;

	d->payload.bytes = copy;
	d->payload.message = &message;
	d->payload.options = &d->options;
	d->payload.readings = &d->readings;
	d->payload.arena = &d->arena;
	d->payload.scratch = &d->scratch;
	d->payload.fault = &fault;
	readings_clear(&d->readings);
	buf_clear(&d->text);
	result = d->decoder(&d->payload);
	if (result < 0)
		buf_printf(&d->text, "%s: %s", fault_name(fault.code), fault.detail);
	else
		for (size_t i = 0; i < d->readings.count; i++)
			decoded_append(d, i, i ? d->readings.each[i - 1].end : 0);
	exact_free(copy);
	return buf_string(&d->text);
}

#endif
