/* A whole line of input, m1 or JSON: every record written for it parses. */
#include "../../../cmd/sensor-decode/decode.h"

#include "record/mosquitto_json.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct decode_options options = {
    .json = {.unit = TIME_MS, .max_depth = DECODE_JSON_DEPTH_DEFAULT},
    .templates = {{.levels = {"sensors/{type}/{sensor}", 23}},
                  {.levels = {"{type}/+/x-{sensor...}", 22}}},
    .template_count = 2,
    .defaults = {{{"a/+/#", 5}, {.format = FORMAT_JSON}}, {{"#", 1}, {.format = FORMAT_PROTOBUF}}},
    .default_count = 2,
};
static struct decoder *decoder;
static struct reading reading;
static struct buf scratch, out;

/* The records in `out` are `count` readings. */
static void check_records(int count)
{
	const char *p = out.ptr, *end = out.ptr + out.len;
	struct record_error error;

	for (int i = 0; i < count; i++) {
		const char *lf = memchr(p, '\n', (size_t)(end - p));

		if (!lf || reading_parse((struct slice){p, (size_t)(lf - p)}, &scratch, &reading,
		                         &error) < 0)
			abort();
		if (reading.more != (i + 1 < count))
			abort();
		p = lf + 1;
	}
	if (p != end)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice line = {(const char *)data, size};
	struct record_error error;
	struct fault fault;
	struct message m;
	int parsed, count;

	if (!decoder)
		decoder = decoder_new(&options);
	parsed = record_kind(line) == RECORD_JSON ? mosquitto_json_parse(line, &scratch, &m, &error)
	                                          : message_parse(line, &scratch, &m, &error);
	if (parsed < 0)
		return 0;
	buf_clear(&out);
	count = decode_message(decoder, &m, &out, &fault);
	if (count < 0 ? out.len > 0 : count == 0)
		abort();
	if (count > 0)
		check_records(count);
	return 0;
}
