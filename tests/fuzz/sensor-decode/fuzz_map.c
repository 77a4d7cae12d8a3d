/* The text of a map: what is taken can be applied to a payload. */
#include "../../../cmd/sensor-decode/map/mapper.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct mapper *mapper;
static struct readings readings;
static struct buf scratch, error;

static const struct slice payload = SLICE("{\"a\":1,\"b\":{\"c\":\"ON\",\"t\":1795363421.5},\"l\":["
                                          "{\"id\":\"x\",\"v\":2},{\"v\":null}]}");

static void apply(const struct map *map, const struct map_rule *rule)
{
	static const struct decode_options options = {.json = {.unit = TIME_MS, .max_depth = 8}};
	struct fault fault;
	struct payload p = {.bytes = payload,
	                    .type = {.format = FORMAT_JSON},
	                    .options = &options,
	                    .metric = SLICE("m"),
	                    .readings = &readings,
	                    .scratch = &scratch,
	                    .fault = &fault};

	readings_clear(&readings);
	if (mapper_decode(mapper, map, rule, &p) < 0 && fault.code == FAULT_BAD_JSON)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct map *map;

	if (!mapper)
		mapper = mapper_new();
	buf_clear(&error);
	map = map_read((struct slice){(const char *)data, size}, &error);
	if (!map == (error.len == 0))
		abort();
	for (size_t i = 0; map && i < map->rule_count; i++)
		apply(map, &map->rules[i]);
	map_free(map);
	return 0;
}
