/* A set of definitions and a payload of one of its types: both may be anything; what is decoded is
 * a reading that parses. The length of the set, in two bytes, comes first. */
#include "../../../cmd/sensor-decode/protobuf/decode_described.h"

#include "record/record.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct readings readings;
static struct reading reading;
static struct buf scratch, line, error;

static void decode(const struct proto_schema *schema, struct slice bytes, unsigned choice)
{
	const struct decode_options options = {
	    .json = {.unit = TIME_S, .max_depth = 16, .index_arrays = choice & 1},
	    .protobuf = {.schema = schema, .skip_unknown = choice & 2, .zeros = choice & 4}};
	const struct reading_head head = {.type = SLICE("t"), .sensor = SLICE("s")};
	struct record_error wrong;
	struct fault fault;
	struct payload p = {.bytes = bytes,
	                    .type.message = SLICE("plant.Status"),
	                    .options = &options,
	                    .readings = &readings,
	                    .scratch = &scratch,
	                    .fault = &fault};

	readings_clear(&readings);
	if (decode_described(&p) < 0) {
		if (!fault_name(fault.code))
			abort();
		return;
	}
	buf_clear(&line);
	reading_begin(&line, &head);
	buf_append_slice(&line, buf_slice(&readings.metrics));
	if (reading_parse(buf_slice(&line), &scratch, &reading, &wrong) < 0 ||
	    reading.count != readings.metric_count)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct proto_schema *schema;
	size_t len;

	if (size < 2)
		return 0;
	len = (size_t)data[0] << 8 | data[1];
	if (len > size - 2)
		len = size - 2;
	buf_clear(&error);
	schema = proto_schema_read((struct slice){(const char *)data + 2, len}, &error);
	if (!schema)
		return error.len > 0 ? 0 : -1;
	for (unsigned choice = 0; choice < 8; choice++)
		decode(schema, (struct slice){(const char *)data + 2 + len, size - 2 - len},
		       choice);
	proto_schema_free(schema);
	return 0;
}
