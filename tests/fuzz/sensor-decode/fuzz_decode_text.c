/* A payload in plain text: what is decoded is a reading that parses. */
#include "../../../cmd/sensor-decode/decode_text.h"

#include "record/record.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct readings readings;
static struct reading reading;
static struct buf scratch, line;

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct decode_options options;
	const struct reading_head head = {
	    .type = SLICE("t"), .sensor = SLICE("s"), .schema = SLICE("1")};
	struct record_error error;
	struct fault fault;
	struct payload p = {.bytes = {(const char *)data, size},
	                    .options = &options,
	                    .metric = SLICE("m"),
	                    .readings = &readings,
	                    .scratch = &scratch,
	                    .fault = &fault};

	readings_clear(&readings);
	if (decode_text(&p) < 0)
		return 0;
	buf_clear(&line);
	reading_begin(&line, &head);
	buf_append_slice(&line, buf_slice(&readings.metrics));
	if (reading_parse(buf_slice(&line), &scratch, &reading, &error) < 0 || reading.count != 1)
		abort();
	return 0;
}
