/* A SenML pack in JSON: what is decoded is readings that parse again. */
#include "../../../cmd/sensor-decode/decode_senml_json.h"

#include "record/record.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena arena;
static struct readings readings;
static struct reading reading;
static struct buf scratch, line;

/* The i-th of the readings, whose metrics start at `from`; returns where they end. */
static size_t check_reading(size_t i, size_t from)
{
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

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct decode_options options = {.json = {.unit = TIME_S, .max_depth = 8}};
	const struct message message = {.received = 1795363421836186};
	struct fault fault;
	struct payload p = {.bytes = {(const char *)data, size},
	                    .type.format = size % 2 ? FORMAT_SENML_JSON : FORMAT_SENSML_JSON,
	                    .message = &message,
	                    .options = &options,
	                    .readings = &readings,
	                    .arena = &arena,
	                    .scratch = &scratch,
	                    .fault = &fault};
	size_t from = 0;

	readings_clear(&readings);
	if (decode_senml_json(&p) < 0)
		return fault_name(fault.code) ? 0 : -1;
	if (readings.count == 0)
		abort();
	for (size_t i = 0; i < readings.count; i++)
		from = check_reading(i, from);
	return 0;
}
