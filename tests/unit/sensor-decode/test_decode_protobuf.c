#include "../unit.h"

#include "../../../cmd/sensor-decode/protobuf/decode_protobuf.h"

#include "payload/sensor.pb-c.h"

#include <math.h>

static struct arena arena;
static struct readings readings;
static struct buf scratch, result, packed;

/* "code: detail", or one reading a line, blanks for TABs, with " @TIME" when there is one. */
static const char *decode(struct slice payload)
{
	struct slice copy = exact_copy(payload);
	struct fault fault;
	struct payload p = {.bytes = copy,
	                    .readings = &readings,
	                    .arena = &arena,
	                    .scratch = &scratch,
	                    .fault = &fault};
	size_t from = 0;

	buf_clear(&result);
	readings_clear(&readings);
	if (decode_protobuf(&p) < 0) {
		buf_printf(&result, "%s: %s", fault_name(fault.code), fault.detail);
		exact_free(copy);
		return buf_string(&result);
	}
	exact_free(copy);
	for (size_t i = 0; i < readings.count; i++) {
		for (; from < readings.each[i].end; from++)
			buf_putc(&result, readings.metrics.ptr[from] == '\t'
			                      ? ' '
			                      : readings.metrics.ptr[from]);
		if (readings.each[i].timed)
			buf_printf(&result, " @%lld", (long long)readings.each[i].time);
		buf_putc(&result, '\n');
	}
	return buf_string(&result);
}

static const char *pack(const Sensorpipe__SensorMessage *m)
{
	size_t len = sensorpipe__sensor_message__get_packed_size(m);

	buf_clear(&packed);
	buf_reserve(&packed, len);
	packed.len = sensorpipe__sensor_message__pack(m, (uint8_t *)packed.ptr);
	return decode(buf_slice(&packed));
}

static Sensorpipe__Metric number(const char *name, double value)
{
	Sensorpipe__Metric m = SENSORPIPE__METRIC__INIT;

	m.name = (char *)name; /* protobuf-c has no const */
	m.value_case = SENSORPIPE__METRIC__VALUE_NUMBER;
	m.number = value;
	return m;
}

/* One reading of one metric. */
static const char *pack_metric(Sensorpipe__Metric m)
{
	Sensorpipe__Metric *metrics[] = {&m};
	Sensorpipe__Reading reading = SENSORPIPE__READING__INIT, *all[] = {&reading};
	Sensorpipe__SensorMessage message = SENSORPIPE__SENSOR_MESSAGE__INIT;

	reading.metrics = metrics;
	reading.n_metrics = 1;
	message.readings = all;
	message.n_readings = 1;
	return pack(&message);
}

static void test_values(void **state)
{
	Sensorpipe__Metric m = number("a", 0);

	(void)state;
	assert_string_equal(pack_metric(number("t", 24.5)), " t=24.5\n");
	assert_string_equal(pack_metric(number("t", 0.1)), " t=0.1\n");
	assert_string_equal(pack_metric(number("t", 1e300)), " t=1e+300\n");
	m.value_case = SENSORPIPE__METRIC__VALUE_INTEGER;
	m.integer = INT64_MIN;
	assert_string_equal(pack_metric(m), " a=-9223372036854775808\n");
	m.integer = INT64_MAX;
	assert_string_equal(pack_metric(m), " a=9223372036854775807\n");
	m.value_case = SENSORPIPE__METRIC__VALUE_FLAG;
	m.flag = 1;
	assert_string_equal(pack_metric(m), " a=true\n");
	m.value_case = SENSORPIPE__METRIC__VALUE_TEXT;
	m.text = (char *)"a\"b\\\té";
	assert_string_equal(pack_metric(m), " a=\"a\\\\\"b\\\\\\\\\\\\té\"\n");
}

static void test_refused_values(void **state)
{
	Sensorpipe__Metric m = number("a", 0);
	char text[READINGS_STRING_DEFAULT + 2], name[257];

	(void)state;
	assert_string_equal(pack_metric(number("t", NAN)),
	                    "number-range: 't' is not a finite number");
	assert_string_equal(pack_metric(number("t", -INFINITY)),
	                    "number-range: 't' is not a finite number");
	assert_string_equal(pack_metric(number("", 1)), "bad-name: the metric name '' is empty");
	assert_string_equal(pack_metric(number("a=b", 1)),
	                    "bad-name: the metric name 'a=b' has a '=' in it");
	memset(name, 'n', 256);
	name[256] = '\0';
	assert_memory_equal(pack_metric(number(name, 1)), "bad-name: ", 10);
	m.value_case = SENSORPIPE__METRIC__VALUE__NOT_SET;
	assert_string_equal(pack_metric(m), "bad-protobuf: 'a' has no value");
	m.value_case = SENSORPIPE__METRIC__VALUE_TEXT;
	memset(text, 'x', sizeof(text));
	text[sizeof(text) - 1] = '\0';
	m.text = text;
	assert_string_equal(pack_metric(m),
	                    "string-too-long: 'a' is a string of 4097 bytes, more than 4096");
	m.text[READINGS_STRING_DEFAULT] = '\0';
	assert_memory_equal(pack_metric(m), " a=\"xxx", 7);
}

static void test_message(void **state)
{
	Sensorpipe__Metric one = number("a", 1), two = number("b", 2), *both[] = {&one, &two};
	Sensorpipe__Reading first = SENSORPIPE__READING__INIT, second = SENSORPIPE__READING__INIT;
	Sensorpipe__Reading *all[] = {&first, &second};
	Sensorpipe__SensorMessage m = SENSORPIPE__SENSOR_MESSAGE__INIT;

	(void)state;
	assert_string_equal(pack(&m), "no-metrics: there is no reading in it");
	m.type = (char *)"climate";
	m.sensor = (char *)"kitchen";
	m.schema = (char *)"2";
	m.readings = all;
	m.n_readings = 2;
	first.metrics = second.metrics = both;
	first.n_metrics = 2;
	first.has_time_us = second.has_time_us = 1;
	first.time_us = 1795363421836186;
	second.time_us = -1;
	assert_string_equal(pack(&m), "no-metrics: reading 2 has no metric with a value");
	second.n_metrics = 1; /* the same name as in the first is no duplicate */
	assert_string_equal(pack(&m), " a=1 b=2 @1795363421836186\n a=1 @-1\n");
	assert_true(slice_is(readings.type, "climate"));
	assert_true(slice_is(readings.sensor, "kitchen"));
	assert_true(slice_is(readings.schema, "2"));
	two.name = one.name;
	assert_string_equal(pack(&m), "duplicate-name: 'a' is there twice");
	first.time_us = INT64_MAX;
	assert_string_equal(
	    pack(&m), "bad-time: time_us 9223372036854775807 is not of the years 0001 to 9999");
}

/* Bytes that are no SensorMessage of a careful sender. In them: 0x22 readings, 0x12 metrics, 0x0a
 * name. */
static void test_wire(void **state)
{
	static const struct {
		struct slice bytes;
		const char *result;
	} cases[] = {
	    {SLICE("\x22\x07\x12\x05\x0a\x01"
	           "a\x20\x01"),
	     " a=true\n"},
	    {SLICE("\x22\x06\x12\x05\x0a\x01"
	           "a\x20\x01"),
	     "bad-protobuf: offset 4: a field that is longer than what is left"},
	    {SLICE("\x22\x08\x12\x05\x0a\x01"
	           "a\x20\x01"),
	     "bad-protobuf: offset 2: a field that is longer than what is left"},
	    {SLICE("\x22"), "bad-protobuf: offset 1: the message ends inside a number"},
	    {SLICE("\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
	     "bad-protobuf: offset 10: a number over 64 bits"},
	    {SLICE("\x22\xff\xff\xff\xff\xff\xff\xff\xff\xff\x02"),
	     "bad-protobuf: offset 11: a number over 64 bits"},
	    {SLICE("\xa2\x80\x80\x80\x80\x00"),
	     "bad-protobuf: offset 6: a number of a field over 29 bits"},
	    {SLICE("\xa0\x80\x80\x80\x10"),
	     "bad-protobuf: offset 5: a number of a field over 29 bits"},
	    {SLICE("\x22\xff\xff\xff\xff\xff\xff\xff\xff\xff\x01"),
	     "bad-protobuf: offset 11: a field that is longer than what is left"},
	    {SLICE("\x28\x01"), "unknown-field: offset 1: a SensorMessage has no field 5"},
	    {SLICE("\x00\x01"), "unknown-field: offset 1: a SensorMessage has no field 0"},
	    {SLICE("\x22\x02\x18\x01"), "unknown-field: offset 3: a Reading has no field 3"},
	    {SLICE("\x22\x04\x12\x02\x30\x01"), "unknown-field: offset 5: a Metric has no field 6"},
	    {SLICE("\x20\x01"), "bad-protobuf: offset 1: 'readings' has wire type 0, not 2"},
	    {SLICE("\x23\x24"), "bad-protobuf: offset 1: 'readings' has wire type 3, not 2"},
	    {SLICE("\x22\x02\x12\x00"), "bad-protobuf: offset 4: a Metric without 'name'"},
	    {SLICE("\x22\x05\x12\x03\x0a\x01"
	           "a"),
	     "bad-protobuf: 'a' has no value"},
	    {SLICE("\x22\x09\x12\x07\x0a\x01"
	           "a\x20\x01\x20\x00"),
	     "bad-protobuf: offset 10: 'flag' is given twice, or beside another value"},
	    {SLICE("\x22\x09\x12\x07\x0a\x01"
	           "a\x20\x01\x18\x02"),
	     "bad-protobuf: offset 10: 'integer' is given twice, or beside another value"},
	    {SLICE("\x0a\x01"
	           "a\x0a\x01"
	           "b"),
	     "bad-protobuf: offset 4: 'type' is given twice, or beside another value"},
	    {SLICE("\x22\x09\x12\x07\x0a\x03"
	           "a\0b\x20\x01"),
	     "nul: offset 9: 'name' has a NUL in it"},
	    {SLICE("\x0a\x02"
	           "a\0"),
	     "nul: offset 4: 'type' has a NUL in it"},
	    {SLICE("\x22\x07\x12\x05\x0a\x01\xff\x20\x01"),
	     "bad-protobuf: offset 7: 'name' is not UTF-8"},
	    {SLICE("\x22\x0b\x12\x09\x0a\x01"
	           "a\x2a\x04"
	           "ab\xc3\x28"),
	     "bad-protobuf: offset 13: 'text' is not UTF-8"},
	    {SLICE("\x22\x08\x12\x06\x0a\x01"
	           "a\x11\x00\x00"),
	     "bad-protobuf: offset 8: a field that is longer than what is left"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(decode(cases[i].bytes), cases[i].result);
}

/* The smallest metrics and readings a payload can be made of still fit the memory. */
static void test_memory(void **state)
{
	struct buf payload = {0};

	(void)state;
	for (int i = 0; i < READINGS_MAX; i++)
		buf_append(&payload,
		           "\x22\x07\x12\x05\x0a\x01"
		           "a\x20\x01",
		           9);
	decode(buf_slice(&payload));
	assert_int_equal(readings.count, READINGS_MAX);
	buf_append(&payload,
	           "\x22\x07\x12\x05\x0a\x01"
	           "a\x20\x01",
	           9);
	assert_string_equal(decode(buf_slice(&payload)),
	                    "too-many-readings: more than 1000 readings");

	/* 300,000 metrics of one reading: refused for memory, not for their number */
	buf_clear(&payload);
	buf_append(&payload, "\x22\xe0\xa7\x80\x01", 5);
	for (int i = 0; i < 300000; i++)
		buf_append(&payload,
		           "\x12\x05\x0a\x01"
		           "a\x20\x01",
		           7);
	payload.ptr[1] = (char)(0x80 | (2100000 & 0x7f));
	payload.ptr[2] = (char)(0x80 | (2100000 >> 7 & 0x7f));
	payload.ptr[3] = (char)(0x80 | (2100000 >> 14 & 0x7f));
	payload.ptr[4] = 2100000 >> 21;
	assert_memory_equal(decode(buf_slice(&payload)), "too-large: ", 11);
	buf_free(&payload);
}

static int free_all(void **state)
{
	(void)state;
	arena_free(&arena);
	readings_free(&readings);
	buf_free(&scratch);
	buf_free(&result);
	buf_free(&packed);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_values),  cmocka_unit_test(test_refused_values),
	    cmocka_unit_test(test_message), cmocka_unit_test(test_wire),
	    cmocka_unit_test(test_memory),
	};

	return cmocka_run_group_tests(tests, NULL, free_all);
}
