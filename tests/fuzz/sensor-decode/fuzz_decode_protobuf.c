/* A Protobuf payload: what passes the check of the wire is unpacked, within the memory it may have.
 */
#include "../../../cmd/sensor-decode/decode_protobuf.h"

#include "record/record.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct arena arena;
static struct readings readings;
static struct reading reading;
static struct buf scratch, line;

/* The i-th of the readings is a record that parses. */
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
	struct fault fault;
	struct payload p = {.bytes = {(const char *)data, size},
	                    .readings = &readings,
	                    .arena = &arena,
	                    .scratch = &scratch,
	                    .fault = &fault};
	size_t from = 0;

	readings_clear(&readings);
	if (decode_protobuf(&p) < 0) {
		if (fault.code == FAULT_TOO_LARGE && size < 100000)
			abort();
		return 0;
	}
	for (size_t i = 0; i < readings.count; i++)
		from = check_reading(i, from);
	return 0;
}
