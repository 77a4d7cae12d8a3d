/* A payload by the rules of a map, which the first byte chooses: the readings are records that
 * parse, and bad-json is said of what is no JSON and of nothing else. */
#include "../../../cmd/sensor-decode/map/mapper.h"

#include "record/record.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct slice rules = SLICE(
    "{\"rules\":["
    "{\"topic\":\"a\",\"sensor\":\"/id\",\"schema\":\"/v\",\"time\":{\"pointer\":\"/"
    "t\",\"unit\":\"s\","
    "\"offset\":\"Z\",\"nanos\":\"/n\"},\"members\":\"\",\"metrics\":[{\"name\":\"m\",\"pointer\":"
    "[\"/a/0\",\"/b/c\"],\"unit\":\"V\",\"words\":{\"ON\":true,\"x\":null}}]},"
    "{\"topic\":\"b\",\"time\":{\"pointer\":\"/t\",\"unit\":\"ms\"},\"each\":{\"array\":\"/l\","
    "\"sensor\":\"/id\",\"type\":\"/k\",\"quality\":{\"pointer\":\"/q\",\"words\":{\"GOOD\":1,"
    "\"BAD\":4}},\"metrics\":[{\"name\":\"m\",\"pointer\":\"/v\",\"required\":true}]}},"
    "{\"topic\":\"c\",\"may-be-empty\":true,\"each\":{\"array\":\"\",\"members\":\"/v\"}},"
    "{\"topic\":\"{metric}\",\"metrics\":[{\"pointer\":\"\"}]}]}");

static struct map *map;
static struct mapper *mapper;
static struct readings readings;
static struct reading reading;
static struct buf scratch, line, error;

static void check_readings(void)
{
	const struct reading_head head = {
	    .type = SLICE("t"), .sensor = SLICE("s"), .schema = SLICE("1")};
	struct record_error wrong;
	size_t from = 0;

	for (size_t i = 0; i < readings.count; i++) {
		buf_clear(&line);
		reading_begin(&line, &head);
		buf_append(&line, readings.metrics.ptr + from, readings.each[i].end - from);
		if (reading_parse(buf_slice(&line), &scratch, &reading, &wrong) < 0)
			abort();
		from = readings.each[i].end;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static const struct decode_options options = {
	    .json = {.unit = TIME_MS, .max_depth = 8, .index_arrays = true}};
	struct fault fault;
	struct payload p = {.options = &options,
	                    .metric = SLICE("m"),
	                    .readings = &readings,
	                    .scratch = &scratch,
	                    .fault = &fault};
	struct json json;

	if (!map) {
		map = map_read(rules, &error);
		mapper = mapper_new();
	}
	if (!map || size == 0)
		return 0;
	p.bytes = (struct slice){(const char *)data + 1, size - 1};
	p.type.format = data[0] & 8 ? FORMAT_TEXT : FORMAT_JSON;
	readings_clear(&readings);
	if (mapper_decode(mapper, map, &map->rules[data[0] % map->rule_count], &p) == 0)
		check_readings();
	else if (p.type.format == FORMAT_JSON &&
	         (fault.code == FAULT_BAD_JSON) != (json_check(&json, p.bytes, &line) < 0))
		abort();
	return 0;
}
