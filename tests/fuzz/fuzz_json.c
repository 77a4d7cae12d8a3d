/* Any text into the JSON parser. What it accepts: tokens lie inside the text, strings unescape to
 * valid UTF-8, and a string written again reads the same. */
#include "text/json.h"
#include "text/number.h"
#include "text/utf8.h"

#include <stdint.h>
#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static struct buf plain, written, again;

static void expect(bool holds)
{
	if (!holds)
		abort();
}

static void check_string(struct slice raw)
{
	struct json j;

	buf_clear(&plain);
	buf_clear(&written);
	buf_clear(&again);
	buf_reserve(&plain, 1);
	buf_reserve(&again, 1);
	json_unescape(raw, &plain);
	expect(utf8_valid(buf_slice(&plain)) && plain.len <= raw.len);
	json_append_string(&written, buf_slice(&plain));
	json_init(&j, buf_slice(&written), 1);
	expect(json_next(&j) == JSON_STRING);
	json_unescape(j.text, &again);
	expect(json_next(&j) == JSON_END && slice_equal(buf_slice(&again), buf_slice(&plain)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct slice text = {(const char *)data, size};
	enum json_token token;
	struct json j;
	double value;

	json_init(&j, text, 64);
	do {
		token = json_next(&j);
		expect(j.depth <= 64 && json_offset(&j) <= size);
		if (token == JSON_STRING || token == JSON_NAME)
			check_string(j.text);
		if (token == JSON_NUMBER)
			number_parse(j.text, &value);
	} while (token != JSON_END && token != JSON_ERROR);
	if (token == JSON_ERROR)
		expect(j.error && j.error_at <= size);
	return 0;
}
