/*
 * fuzz_payload: what the fuzz targets of payload formats share: the memory of a decoder, and the
 * check that what was decoded is readings that parse.
 */
#ifndef FUZZ_PAYLOAD_H
#define FUZZ_PAYLOAD_H

#include "../../../cmd/sensor-decode/payload.h"

#include "record/record.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena arena;
static struct readings readings;
static struct buf scratch;

/* A payload in this memory; the rest is the target's. */
static inline struct payload fuzz_payload(const uint8_t *data, size_t size, struct fault *fault)
{
	static const struct message message = {.received = 1795363421836186};

	readings_clear(&readings);
	return (struct payload){.bytes = {(const char *)data, size},
	                        .message = &message,
	                        .readings = &readings,
	                        .arena = &arena,
	                        .scratch = &scratch,
	                        .fault = fault};
}

/* The i-th of the readings, whose metrics start at `from`; returns where they end. */
static inline size_t check_reading(size_t i, size_t from)
{
	static struct reading reading;
	static struct buf line;
	const struct reading_head head = {
	    .type = SLICE("t"), .sensor = SLICE("s"), .schema = SLICE("1")};
	struct record_error error;

	buf_clear(&line);
	reading_begin(&line, &head);
	buf_append(&line, readings.metrics.ptr + from, readings.each[i].end - from);
	if (reading_parse(buf_slice(&line), &scratch, &reading, &error) < 0)
		abort();
	return readings.each[i].end;
}

static inline void check_readings(void)
{
	size_t from = 0;

	for (size_t i = 0; i < readings.count; i++)
		from = check_reading(i, from);
}

#endif
