/* Any line as a reading against the shipped schemas and one that has every keyword: it holds or
 * fails with a code and a detail, and a second look says the same. What holds goes through stream
 * checks, again and again as time goes on, which never make a quality better. */
#include "../../../cmd/sensor-validate/check.h"
#include "../../../cmd/sensor-validate/compile.h"
#include "../../../cmd/sensor-validate/schema_set.h"
#include "../../../cmd/sensor-validate/stream.h"

#include "base/clock.h"

#include <stdlib.h>

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const char every_keyword[] =
    "{\"properties\":{\"n\":{\"type\":[\"number\",\"string\"],\"minimum\":-5.5,\"maximum\":1e3,"
    "\"exclusiveMinimum\":-5.75,\"exclusiveMaximum\":1001,\"multipleOf\":0.0001},"
    "\"s\":{\"type\":[\"string\",\"integer\"],\"minLength\":1,\"maxLength\":5000,"
    "\"pattern\":\"^(\\\\w+\\\\s?)*[a-z\\u00e9.]$\"},\"c\":{\"const\":9007199254740992},"
    "\"e\":{\"enum\":[1,\"\\u00e9\",true,0.1]},\"never\":false},\"required\":[\"n\"],"
    "\"dependentRequired\":{\"s\":[\"c\"]},\"additionalProperties\":{\"type\":\"boolean\"},"
    "\"minProperties\":1,\"maxProperties\":5,\"x-max-age\":60,\"x-max-future\":60}";

static const char stream_keywords[] =
    "{\"additionalProperties\":{\"x-gross-range\":{\"suspect\":[-1,1],\"fail\":[-1e9,1e9]},"
    "\"x-spike\":{\"suspect\":1,\"fail\":100},\"x-rate-of-change\":{\"suspect\":1,\"fail\":100},"
    "\"x-flat-line\":{\"tolerance\":0.1,\"suspect\":2,\"fail\":3}},\"x-time-gap\":5,"
    "\"x-duplicates\":\"reject\",\"x-out-of-order\":\"suspect\","
    "\"x-max-age\":{\"suspect\":10},\"x-max-future\":{\"suspect\":10,\"fail\":1e9}}";

static struct stream stream;
static struct schema *streamed;
static struct schema_set *shipped;
static struct schema *all;
static struct check check;
static struct buf scratch;
static struct reading reading;

int LLVMFuzzerInitialize(int *argc, char ***argv)
{
	const char *dir = getenv("SENSORPIPE_SCHEMAS");
	struct faults faults = {.file = "all"};

	(void)argc;
	(void)argv;
	shipped = schema_set_load(dir ? dir : "pipelines/schemas", &faults);
	all = schema_compile(SLICE(every_keyword), SCHEMA_OF_READINGS, &faults);
	streamed = schema_compile(slice_of(stream_keywords), SCHEMA_OF_READINGS, &faults);
	stream_init(&stream, SERIES_MAX_LEAST);
	if (!shipped || !all || !streamed)
		abort();
	faults_free(&faults);
	return 0;
}

static void check_twice(struct schema *s)
{
	bool holds = check_reading(&check, s, &reading);
	enum failure_code code = check.failure.code;

	if (!holds && (code >= FAILURE_CODES || check.failure.detail.len == 0))
		abort();
	if (check_reading(&check, s, &reading) != holds || (!holds && check.failure.code != code))
		abort();
}

static void take_again_and_again(void)
{
	for (int64_t step = 0; step < 5 && check_reading(&check, streamed, &reading); step++) {
		enum quality before = reading.metrics[0].quality;
		enum stream_verdict verdict = stream_take(&stream, streamed, &reading, &check);

		if (reading.metrics[0].quality < before)
			abort();
		if (verdict == STREAM_FAIL && check.failure.detail.len == 0)
			abort();
		if (reading.time < CLOCK_MAX - step * CLOCK_SECOND)
			reading.time += step * CLOCK_SECOND;
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct record_error error;
	struct schema *s;
	bool known;

	if (reading_parse((struct slice){(const char *)data, size}, &scratch, &reading, &error) < 0)
		return 0;
	s = schema_set_find(shipped, reading.type, reading.schema, &known);
	if (s && !known)
		abort();
	if (s)
		check_twice(s);
	check_twice(all);
	take_again_and_again();
	return 0;
}
