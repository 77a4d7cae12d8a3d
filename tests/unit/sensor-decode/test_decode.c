#include "../unit.h"

#include "../../../cmd/sensor-decode/decode.h"

#include "payload/sensor.pb-c.h"

static struct decode_options options = {
    .json = {.unit = TIME_MS, .max_depth = DECODE_JSON_DEPTH_DEFAULT},
    .templates = {{.levels = SLICE("sensors/{type}/{sensor}")}, {.levels = SLICE("z/{sensor}")}},
    .template_count = 2,
    .defaults = {{SLICE("plain/#"), {.format = FORMAT_JSON}},
                 {SLICE("plain/p"), {.format = FORMAT_PROTOBUF}}},
    .default_count = 1,
};
static struct decoder *decoder;
static struct buf out;

#define RECEIVED "2026-11-22T16:03:41.836186Z"

/* The records, or "code: detail". */
static const char *decode(const char *topic, const char *content_type, const char *properties,
                          struct slice payload)
{
	const struct message m = {.seq = 7,
	                          .received = 1795363421836186,
	                          .topic = slice_of(topic),
	                          .content_type = slice_of(content_type),
	                          .properties = slice_of(properties),
	                          .payload = payload};
	struct fault fault;

	buf_clear(&out);
	if (decode_message(decoder, &m, &out, &fault) < 0) {
		assert_int_equal(out.len, 0);
		buf_printf(&out, "%s: %s", fault_name(fault.code), fault.detail);
	}
	return buf_string(&out);
}

static const char *decode_json_message(const char *topic, const char *properties,
                                       const char *payload)
{
	return decode(topic, "application/json", properties, slice_of(payload));
}

static void test_format(void **state)
{
	(void)state;
	assert_string_equal(decode("sensors/t/s", "text/json", "", SLICE("{\"a\":1}")),
	                    "r1\t7\t" RECEIVED "\t" RECEIVED "\tt\ts\t\ta=1\n");
	assert_string_equal(decode("sensors/t/s", "text/csv", "", SLICE("a,1")),
	                    "content-type: content type 'text/csv': it is no format that is known");
	assert_string_equal(
	    decode("sensors/t/s", "", "", SLICE("{\"a\":1}")),
	    "no-content-type: no content type, and no --default-type for topic 'sensors/t/s'");
	assert_string_equal(decode("plain/p", "", "type=t&sensor=s", SLICE("{\"a\":1}")),
	                    "r1\t7\t" RECEIVED "\t" RECEIVED "\tt\ts\t\ta=1\n");
	assert_memory_equal(decode("plain/p", "application/protobuf", "", SLICE("{\"a\":1}")),
	                    "unknown-field: ", 15);
}

static void test_identity(void **state)
{
	(void)state;
	assert_string_equal(decode_json_message("sensors/t/s",
	                                        "type=T&schema=3&source=x&other=y&other=z",
	                                        "{\"a\":1}"),
	                    "r1\t7\t" RECEIVED "\t" RECEIVED "\tT\ts\t3\ta=1\n");
	assert_string_equal(decode_json_message("z/lamp", "type=light&mqtt.type=no", "{\"a\":1}"),
	                    "r1\t7\t" RECEIVED "\t" RECEIVED "\tlight\tlamp\t\ta=1\n");
	assert_string_equal(
	    decode_json_message("sensors/t/a\tb", "sensor=caf%C3%A9+1", "{\"a\":1}"),
	    "r1\t7\t" RECEIVED "\t" RECEIVED "\tt\tcafé 1\t\ta=1\n");
	assert_string_equal(decode_json_message("z/lamp", "", "{\"a\":1}"),
	                    "no-identity: no type: the topic matches no template that has it, and "
	                    "neither a user property nor the payload names it");
	assert_string_equal(
	    decode_json_message("elsewhere", "type=t", "{\"a\":1}"),
	    "no-identity: no sensor: the topic matches no template that has it, and "
	    "neither a user property nor the payload names it");
	assert_string_equal(decode_json_message("sensors/t/a\tb", "", "{\"a\":1}"),
	                    "bad-name: the sensor 'a\tb' has a control character");
	assert_string_equal(decode_json_message("sensors/t/s", "type=", "{\"a\":1}"),
	                    "bad-name: the type '' is empty");
	assert_memory_equal(decode_json_message("sensors/t/s", "type=%FF", "{\"a\":1}"),
	                    "bad-name: ", 10);
}

static void test_properties(void **state)
{
	static const char *const versions[] = {"", "0", "01", "1.0", "-1", "v1", "1234567890"};
	static const char *const twice[] = {"type", "sensor", "schema", "time", "source"};
	struct buf properties = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(versions) / sizeof(versions[0]); i++) {
		buf_clear(&properties);
		buf_printf(&properties, "schema=%s", versions[i]);
		assert_memory_equal(
		    decode_json_message("sensors/t/s", buf_string(&properties), "{\"a\":1}"),
		    "bad-schema: ", 12);
	}
	for (size_t i = 0; i < sizeof(twice) / sizeof(twice[0]); i++) {
		buf_clear(&properties);
		buf_printf(&properties, "%s=2026-11-22T16:00:00Z&%s=2026-11-22T16:00:00Z", twice[i],
		           twice[i]);
		assert_memory_equal(
		    decode_json_message("sensors/t/s", buf_string(&properties), "{\"a\":1}"),
		    "duplicate-property: ", 20);
	}
	buf_free(&properties);
	assert_memory_equal(decode_json_message("sensors/t/s", "type=%4", "{\"a\":1}"),
	                    "bad-properties: ", 16);
	assert_memory_equal(decode_json_message("sensors/t/s", "a&b", "{\"a\":1}"),
	                    "bad-properties: ", 16);
}

static void test_time(void **state)
{
	(void)state;
	assert_string_equal(decode_json_message("sensors/t/s", "", "{\"a\":1,\"ts\":1000}"),
	                    "r1\t7\t" RECEIVED "\t1970-01-01T00:00:01.000000Z\tt\ts\t\ta=1\n");
	assert_string_equal(decode_json_message("sensors/t/s", "time=2026-01-02T03:04:05%2B01:00",
	                                        "{\"a\":1,\"ts\":1000}"),
	                    "r1\t7\t" RECEIVED "\t2026-01-02T02:04:05.000000Z\tt\ts\t\ta=1\n");
	assert_string_equal(decode_json_message("sensors/t/s", "time=now", "{\"a\":1,\"ts\":1000}"),
	                    "bad-time: the user property 'time' is no RFC 3339 time: 'now'");
	/* a wrong time in the payload is not made good by one in the properties */
	assert_memory_equal(decode_json_message("sensors/t/s", "time=2026-01-02T03:04:05Z",
	                                        "{\"a\":1,\"ts\":\"now\"}"),
	                    "bad-time: 'ts'", 14);
}

/* Several readings of one message: all or none, told apart by their times. */
static void test_readings(void **state)
{
	Sensorpipe__Metric metric = SENSORPIPE__METRIC__INIT, *metrics[] = {&metric};
	Sensorpipe__Reading one = SENSORPIPE__READING__INIT, two = SENSORPIPE__READING__INIT;
	Sensorpipe__Reading *all[] = {&one, &two};
	Sensorpipe__SensorMessage m = SENSORPIPE__SENSOR_MESSAGE__INIT;
	char packed[256], name[] = "a", type[] = "T";
	struct slice payload = {packed, 0};

	(void)state;
	metric.name = name;
	metric.value_case = SENSORPIPE__METRIC__VALUE_INTEGER;
	metric.integer = 1;
	one.metrics = two.metrics = metrics;
	one.n_metrics = two.n_metrics = 1;
	one.has_time_us = two.has_time_us = 1;
	one.time_us = 1000000;
	two.time_us = 2000000;
	m.type = type;
	m.readings = all;
	m.n_readings = 2;
	payload.len = sensorpipe__sensor_message__pack(&m, (uint8_t *)packed);
	assert_string_equal(decode("sensors/t/s", "application/protobuf", "schema=1", payload),
	                    "r1\t7+\t" RECEIVED "\t1970-01-01T00:00:01.000000Z\tT\ts\t1\ta=1\n"
	                    "r1\t7\t" RECEIVED "\t1970-01-01T00:00:02.000000Z\tT\ts\t1\ta=1\n");
	assert_string_equal(
	    decode("sensors/t/s", "application/protobuf", "time=2026-01-02T03:04:05Z", payload),
	    "bad-time: the user property 'time' cannot hold for 2 readings");
	two.has_time_us = 0;
	payload.len = sensorpipe__sensor_message__pack(&m, (uint8_t *)packed);
	assert_string_equal(decode("sensors/t/s", "application/protobuf", "", payload),
	                    "bad-time: reading 2 of 2 has no time of its own");
	m.n_readings = 1;
	one.has_time_us = 0;
	payload.len = sensorpipe__sensor_message__pack(&m, (uint8_t *)packed);
	assert_string_equal(decode("sensors/t/s", "application/protobuf", "type=P", payload),
	                    "r1\t7\t" RECEIVED "\t" RECEIVED "\tP\ts\t\ta=1\n");
}

static int begin(void **state)
{
	(void)state;
	decoder = decoder_new(&options);
	return 0;
}

static int end(void **state)
{
	(void)state;
	decoder_free(decoder);
	buf_free(&out);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_format),     cmocka_unit_test(test_identity),
	    cmocka_unit_test(test_properties), cmocka_unit_test(test_time),
	    cmocka_unit_test(test_readings),
	};

	return cmocka_run_group_tests(tests, begin, end);
}
