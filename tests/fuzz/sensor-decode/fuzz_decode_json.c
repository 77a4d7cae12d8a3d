/* A JSON payload: what is decoded are readings that parse again, and bad-json is said of what is no
 * JSON and of nothing else. */
#include "../../../cmd/sensor-decode/json/decode_json.h"

#include "record/record.h"
#include "text/json.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct readings readings;
static struct reading reading;
static struct buf scratch, line;

static void check_readings(void)
{
	const struct reading_head head = {
	    .type = SLICE("t"), .sensor = SLICE("s"), .schema = SLICE("1")};
	struct record_error error;
	size_t from = 0;

	for (size_t i = 0; i < readings.count; i++) {
		buf_clear(&line);
		reading_begin(&line, &head);
		buf_append(&line, readings.metrics.ptr + from, readings.each[i].end - from);
		if (reading_parse(buf_slice(&line), &scratch, &reading, &error) < 0)
			abort();
		from = readings.each[i].end;
	}
	if (from != readings.metrics.len || reading.count != readings.metric_count)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	const struct decode_options options = {.json = {.unit = (enum time_unit)(size % 4),
	                                                .max_depth = 8,
	                                                .index_arrays = size % 3 > 0}};
	struct fault fault;
	struct payload p = {.bytes = {(const char *)data, size},
	                    .options = &options,
	                    .metric = SLICE("m"),
	                    .readings = &readings,
	                    .scratch = &scratch,
	                    .fault = &fault};
	struct json json;

	readings_clear(&readings);
	if (decode_json(&p) == 0)
		check_readings();
	else if ((fault.code == FAULT_BAD_JSON) != (json_check(&json, p.bytes, &line) < 0))
		abort();
	return 0;
}
