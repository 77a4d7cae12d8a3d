#include "decoded.h"

#include "../../../cmd/sensor-decode/decode.h"
#include "../../../cmd/sensor-decode/influx/decode_influx.h"

static struct decoded d = {.decoder = decode_influx, .options.influx.precision = TIME_NS};

struct sample {
	const char *payload, *result;
};

static void check(const struct sample *samples, size_t count)
{
	for (size_t i = 0; i < count; i++)
		assert_string_equal(decoded(&d, slice_of(samples[i].payload)), samples[i].result);
}
#define CHECK(samples) check(samples, sizeof(samples) / sizeof((samples)[0]))

static void test_points(void **state)
{
	static const struct sample samples[] = {
	    {"weather,host=roof temp=82 1465839830100400200",
	     "roof 2016-06-13T17:43:50.100400Z temp=82\n"},
	    {"  m a=1  ", "- a=1\n"},
	    {"m a=1\r", "- a=1\n"},
	    {"\n \r\n#, =\"\t\n  # more\nm   a=1\r\n\n#end", "- a=1\n"},
	    {"m,host=a a=1\nm,host=b a=2\n", "a - a=1\nb - a=2\n"},
	    {"m a=1 1000\nm a=2 2000", "1970-01-01T00:00:00.000001Z a=1\n"
	                               "1970-01-01T00:00:00.000002Z a=2\n"},
	    {"m a=1 -1", "1970-01-01T00:00:00.000000Z a=1\n"},
	    {"m a=1 -1500000", "1969-12-31T23:59:59.998500Z a=1\n"},
	    {"m a=1 9223372036854775807", "2262-04-11T23:47:16.854775Z a=1\n"},
	    {"m a=1 -9223372036854775808", "1677-09-21T00:12:43.145225Z a=1\n"},
	    {"m a=1 0000000000000000000000007000", "1970-01-01T00:00:00.000007Z a=1\n"},
	};

	(void)state;
	CHECK(samples);
}

static void test_values(void **state)
{
	static const struct sample samples[] = {
	    {"m a=1,b=1.50,c=-0,d=1e5,e=1.E+05,f=.5,g=-.5e-3,h=1.,i=007.5,j=00",
	     "- a=1 b=1.50 c=-0 d=1e5 e=1E+05 f=0.5 g=-0.5e-3 h=1 i=7.5 j=0\n"},
	    {"m a=12345678901234567890123.4567890123456789",
	     "- a=12345678901234567890123.4567890123456789\n"},
	    {"m a=42i,b=-42i,c=-0i,d=007i,e=9223372036854775807i,f=-9223372036854775808i",
	     "- a=42 b=-42 c=0 d=7 e=9223372036854775807 f=-9223372036854775808\n"},
	    {"m a=0u,b=18446744073709551615u,c=00u", "- a=0 b=18446744073709551615 c=0\n"},
	    {"m a=t,b=T,c=true,d=True,e=TRUE,f=f,g=F,h=false,i=False,j=FALSE",
	     "- a=true b=true c=true d=true e=true f=false g=false h=false i=false j=false\n"},
	    {"m a=\"\",b=\"x y,z=1\",c=\"\\\"\\\\\"",
	     "- a=\"\" b=\"x y,z=1\" c=\"\\\\\"\\\\\\\\\"\n"},
	    /* before anything else a backslash is one */
	    {"m a=\"C:\\new\\,\"", "- a=\"C:\\\\\\\\new\\\\\\\\,\"\n"},
	    {"m a=\"two\nlines\t\xc3\xa9\",b=1", "- a=\"two\\\\nlines\\\\t\xc3\xa9\" b=1\n"},
	    {"m a=\"1\"\nm b=\"# no comment\n\"", "- a=\"1\" b=\"# no comment\\\\n\"\n"},
	};

	(void)state;
	CHECK(samples);
}

static void test_names(void **state)
{
	static const struct sample samples[] = {
	    {"m \\,\\ \\\"x=1", "- , \\\\\"x=1\n"},
	    {"m a\\b=1,\\\\c=2,d\\\\,=3", "- a\\\\b=1 \\\\\\\\c=2 d\\\\,=3\n"},
	    {"m 0=1,#=2,\"q\"=3", "- 0=1 #=2 \"q\"=3\n"},
	    {"m,host=a\\ b\\,c\\=d\\e f=1", "a b,c=d\\e - f=1\n"},
	};

	(void)state;
	CHECK(samples);
	decoded(&d, SLICE("a\\ b\\,c\\=\\d=\"#\" x=1"));
	assert_slice(readings_type(&d.readings, 0), "a b,c\\=\\d=\"#\"");
}

/* What is put behind the sensor's name. */
static const char *suffix(const char *point)
{
	static struct buf text;
	struct slice s;

	decoded(&d, slice_of(point));
	s = readings_suffix(&d.readings, 0);
	buf_clear(&text);
	buf_append_slice(&text, s);
	buf_append_slice(&text, SLICE(" of "));
	s = readings_sensor(&d.readings, 0);
	buf_append_slice(&text, s.ptr ? s : SLICE("-"));
	buf_putc(&text, '\0');
	return text.ptr;
}

static void test_tags(void **state)
{
	(void)state;
	assert_string_equal(suffix("m x=1"), " of -");
	assert_string_equal(suffix("m,b=2,a=1,aa=3,B=4 x=1"), ",B=4,a=1,aa=3,b=2 of -");
	assert_string_equal(suffix("m,room=2,host=h x=1"), ",room=2 of h");
	assert_string_equal(suffix("m,host=h,device=d x=1"), ",host=h of d");
	assert_string_equal(suffix("m,host=h,sensor=s,device=d x=1"), ",device=d,host=h of s");
	assert_string_equal(suffix("m,a\\,b=c\\=d,e\\ f=g\\h x=1"), ",a\\,b=c\\=d,e f=g\\h of -");
	d.options.influx.sensor_tags[0] = SLICE("node");
	d.options.influx.sensor_tags[1] = SLICE("host");
	d.options.influx.sensor_tag_count = 2;
	assert_string_equal(suffix("m,host=h,sensor=s x=1"), ",sensor=s of h");
	assert_string_equal(suffix("m,host=h,node=n x=1"), ",host=h of n");
	d.options.influx.sensor_tag_count = 0;
}

static void test_precision(void **state)
{
	(void)state;
	d.options.influx.precision = TIME_S;
	assert_string_equal(decoded(&d, SLICE("m a=1 1465839830")),
	                    "2016-06-13T17:43:50.000000Z a=1\n");
	assert_memory_equal(decoded(&d, SLICE("m a=1 9223372037")), "bad-time: ", 10);
	d.options.influx.precision = TIME_MS;
	assert_string_equal(decoded(&d, SLICE("m a=1 1465839830123")),
	                    "2016-06-13T17:43:50.123000Z a=1\n");
	d.options.influx.precision = TIME_US;
	assert_string_equal(decoded(&d, SLICE("m a=1 1465839830123456")),
	                    "2016-06-13T17:43:50.123456Z a=1\n");
	d.options.influx.precision = TIME_NS;
}

/* Points of one series and time are one reading. */
static void test_merge(void **state)
{
	static const struct sample samples[] = {
	    {"m a=1\nm b=2\n", "- a=1 b=2\n"},
	    {"m,host=h,x=1 a=1 5000\nn,host=h a=1 5000\nm,x=1,host=h b=2 5999\nm,host=h,x=1 c=3 "
	     "6000",
	     "h 1970-01-01T00:00:00.000005Z a=1 b=2\nh 1970-01-01T00:00:00.000005Z a=1\n"
	     "h 1970-01-01T00:00:00.000006Z c=3\n"},
	    {"m a=1 1795363421836186999\nm b=2", "2026-11-22T16:03:41.836186Z a=1 b=2\n"},
	    {"m a=1 5000\nm a=2 5999",
	     "duplicate-name: 'a' is in two points of the same sensor and microsecond"},
	    {"m a=1\nm b=2\nm a=1",
	     "duplicate-name: 'a' is in two points of the same sensor and microsecond"},
	    {"m a=1,a=2", "duplicate-name: 'a' is there twice"},
	    {"m a\\ b=1,a\\ b=2", "duplicate-name: 'a b' is there twice"},
	    {"m,x=1,y=2,x=3 a=1", "duplicate-name: the tag 'x' is there twice"},
	};

	(void)state;
	CHECK(samples);
}

static void test_refused(void **state)
{
	static const struct sample samples[] = {
	    {"", "no-metrics: there is no point"},
	    {"# a=1\n\n", "no-metrics: there is no point"},
	    {",a=1 b=1", "bad-influx: offset 0: a measurement is missing"},
	    {"\tm a=1", "bad-influx: offset 0: a measurement is missing"},
	    {"m", "bad-influx: offset 1: a point without fields"},
	    {"m\n", "bad-influx: offset 1: a point without fields"},
	    {"m ", "bad-influx: offset 2: the key of a field is missing"},
	    {"m,a=1", "bad-influx: offset 5: a point without fields"},
	    {"m\ta=1",
	     "bad-influx: offset 1: ',' or a blank is missing behind a measurement or a tag"},
	    {"m, a=1", "bad-influx: offset 2: the key of a tag is missing"},
	    {"m,=1 a=1", "bad-influx: offset 2: the key of a tag is missing"},
	    {"m,a a=1", "bad-influx: offset 3: '=' is missing behind the key of a tag"},
	    {"m,a= a=1", "bad-influx: offset 4: the value of a tag is missing"},
	    {"m,a=1=2 a=1",
	     "bad-influx: offset 5: ',' or a blank is missing behind a measurement or a tag"},
	    {"m,a=\\", "bad-influx: offset 5: a point without fields"},
	    {"m =1", "bad-influx: offset 2: the key of a field is missing"},
	    {"m a", "bad-influx: offset 3: '=' is missing behind the key of a field"},
	    {"m a=", "bad-influx: offset 4: the value of a field is missing"},
	    {"m a=,b=1", "bad-influx: offset 4: the value of a field is missing"},
	    {"m a=1,", "bad-influx: offset 6: the key of a field is missing"},
	    {"m a=1, b=2", "bad-influx: offset 6: the key of a field is missing"},
	    {"m a=\"x", "bad-influx: offset 4: a string without its closing quote"},
	    {"m a=\"x\\\"", "bad-influx: offset 4: a string without its closing quote"},
	    {"m a=\"x\\", "bad-influx: offset 4: a string without its closing quote"},
	    {"m a=\"x\"y", "bad-influx: offset 7: something follows the value of a field"},
	    {"m a=1\tb", "bad-influx: offset 5: something follows the value of a field"},
	    {"m a=1\rb", "bad-influx: offset 5: something follows the value of a field"},
	    {"m a=1 1 1", "bad-influx: offset 8: something follows the time"},
	    {"m a=1 b=2", "bad-influx: offset 6: not a time"},
	    {"m a=1 -", "bad-influx: offset 6: not a time"},
	    {"m a=1 +1", "bad-influx: offset 6: not a time"},
	    {"m a=1 1.5", "bad-influx: offset 6: not a time"},
	    {"m a=1 1e9", "bad-influx: offset 6: not a time"},
	    {"m a=1 9223372036854775808",
	     "bad-time: the time '9223372036854775808' is beyond 64 bits of nanoseconds"},
	    {"#\x01\nm a=1", "bad-influx: offset 1: a control character in a comment"},
	    {"m a=1\n\xff", "bad-influx: offset 6: not UTF-8"},
	    {"m a\\=b=1", "bad-name: the metric name 'a=b' has a '=' in it"},
	    {"m a=9223372036854775808i",
	     "number-range: 'a' is beyond the range of a signed integer of 64 bits"},
	    {"m a=-9223372036854775809i",
	     "number-range: 'a' is beyond the range of a signed integer of 64 bits"},
	    {"m a=18446744073709551616u",
	     "number-range: 'a' is beyond the range of an unsigned integer of 64 bits"},
	    {"m a=1e999", "number-range: 'a' is beyond the range of a double"},
	};
	static const char *const no_values[] = {
	    "abc", "+1",  "1x",    "1e",       "1e+", ".",   "-.",    ".e5",
	    "-",   "--1", "1.2.3", "0x1F",     "NaN", "nan", "+Inf",  "inf",
	    "tr",  "yes", "tRUE",  "Infinity", "'a'", "t\"", "1_000", "1\xc2\xa0"};
	static const char *const no_integers[] = {"i",    "u",   "-i",   "-1u",
	                                          "1.5i", "+1i", "1e3i", "1iu"};
	struct buf point = {0};

	(void)state;
	CHECK(samples);
	for (size_t i = 0; i < sizeof(no_values) / sizeof(no_values[0]); i++) {
		buf_clear(&point);
		buf_printf(&point, "m a=%s", no_values[i]);
		assert_string_equal(decoded(&d, buf_slice(&point)),
		                    "bad-influx: offset 4: no number, truth value or \"string\"");
	}
	for (size_t i = 0; i < sizeof(no_integers) / sizeof(no_integers[0]); i++) {
		buf_clear(&point);
		buf_printf(&point, "m a=%s", no_integers[i]);
		assert_string_equal(decoded(&d, buf_slice(&point)),
		                    "bad-influx: offset 4: not an integer");
	}
	buf_free(&point);
	assert_string_equal(decoded(&d, SLICE("m a=\"\0\"")),
	                    "nul: 'a' is a string with a NUL in it");
	assert_string_equal(decoded(&d, SLICE("m a=1\0")),
	                    "bad-influx: offset 5: something follows the value of a field");
}

static void test_limits(void **state)
{
	struct buf text = {0};

	(void)state;
	for (int i = 0; i <= INFLUX_POINTS_MAX; i++)
		buf_printf(&text, "m f%d=1\n", i % 2);
	assert_string_equal(decoded(&d, buf_slice(&text)),
	                    "too-many-readings: more than 4096 points");
	buf_clear(&text);
	for (int i = 0; i < READINGS_MAX; i++)
		buf_printf(&text, "m a=1 %d000\nm b=1 %d000\n", i, i);
	decoded(&d, buf_slice(&text));
	assert_int_equal(d.readings.count, READINGS_MAX);
	buf_printf(&text, "m a=1 %d000\n", READINGS_MAX);
	assert_string_equal(decoded(&d, buf_slice(&text)),
	                    "too-many-readings: more than 1000 readings");
	buf_clear(&text);
	buf_putc(&text, 'm');
	for (int i = 0; i <= INFLUX_TAGS_MAX; i++)
		buf_printf(&text, ",%d=1", i);
	buf_append_string(&text, " a=1");
	assert_string_equal(decoded(&d, buf_slice(&text)),
	                    "bad-name: more than 64 tags do not fit in a sensor's name");
	buf_clear(&text);
	for (int i = 0; i <= RECORD_NAME_MAX; i++)
		buf_putc(&text, 'm');
	buf_append_string(&text, " a=1");
	assert_memory_equal(decoded(&d, buf_slice(&text)), "bad-name: the type 'mm", 22);
	buf_free(&text);
}

/* ---- as part of a message ---- */

static const char *message(const char *topic, const char *properties, const char *payload)
{
	static struct decode_options options = {
	    .influx.precision = TIME_NS,
	    .templates = {{.levels = SLICE("sensors/{type}/{sensor}")}},
	    .template_count = 1,
	};
	const struct message m = {.received = DECODED_RECEIVED,
	                          .topic = slice_of(topic),
	                          .content_type = SLICE("text/x-influx-line-protocol"),
	                          .properties = slice_of(properties),
	                          .payload = slice_of(payload)};
	struct decoder *decoder = decoder_new(&options);
	struct fault fault;

	buf_clear(&d.text);
	if (decode_message(decoder, &m, &d.text, &fault) < 0)
		buf_printf(&d.text, "%s: %s", fault_name(fault.code), fault.detail);
	decoder_free(decoder);
	return buf_string(&d.text);
}
#define RECEIVED "2026-11-22T16:03:41.836186Z"

static void test_identity(void **state)
{
	(void)state;
	assert_string_equal(message("sensors/t/s", "", "m a=1"),
	                    "r1\t0\t" RECEIVED "\t" RECEIVED "\tm\ts\t\ta=1\n");
	assert_string_equal(message("sensors/t/s", "", "m,room=2 a=1\nn,room=1 a=2"),
	                    "r1\t0+\t" RECEIVED "\t" RECEIVED "\tm\ts,room=2\t\ta=1\n"
	                    "r1\t0\t" RECEIVED "\t" RECEIVED "\tn\ts,room=1\t\ta=2\n");
	assert_string_equal(message("x", "", "m,host=h,room=2 a=1"),
	                    "r1\t0\t" RECEIVED "\t" RECEIVED "\tm\th,room=2\t\ta=1\n");
	assert_memory_equal(message("x", "", "m,room=2 a=1"), "no-identity: no sensor", 22);
	assert_string_equal(message("x", "sensor=S&type=T", "m,host=h a=1"),
	                    "r1\t0\t" RECEIVED "\t" RECEIVED "\tT\tS,host=h\t\ta=1\n");
	assert_string_equal(message("x", "sensor=S&type=T", "m a=1\nn b=1"),
	                    "r1\t0\t" RECEIVED "\t" RECEIVED "\tT\tS\t\ta=1\tb=1\n");
	assert_memory_equal(message("x", "sensor=S&type=T", "m a=1\nn a=1"),
	                    "duplicate-name: ", 16);
	assert_memory_equal(message("x", "sensor=", "m,room=2 a=1"), "bad-name: ", 10);
}

static void test_time(void **state)
{
	const char *property = "time=2026-01-01T00:00:00Z";

	(void)state;
	assert_string_equal(message("sensors/t/s", property, "m a=1 7000"),
	                    "r1\t0\t" RECEIVED "\t2026-01-01T00:00:00.000000Z\tm\ts\t\ta=1\n");
	assert_string_equal(message("sensors/t/s", property, "m,x=1 a=1\nm,x=2 a=2"),
	                    "r1\t0+\t" RECEIVED "\t2026-01-01T00:00:00.000000Z\tm\ts,x=1\t\ta=1\n"
	                    "r1\t0\t" RECEIVED "\t2026-01-01T00:00:00.000000Z\tm\ts,x=2\t\ta=2\n");
	assert_string_equal(message("sensors/t/s", property, "m a=1 7000\nm a=2 8000"),
	                    "bad-time: the user property 'time' cannot hold for 2 readings");
}

static int free_all(void **state)
{
	(void)state;
	decoded_free(&d);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_points),    cmocka_unit_test(test_values),
	    cmocka_unit_test(test_names),     cmocka_unit_test(test_tags),
	    cmocka_unit_test(test_precision), cmocka_unit_test(test_merge),
	    cmocka_unit_test(test_refused),   cmocka_unit_test(test_limits),
	    cmocka_unit_test(test_identity),  cmocka_unit_test(test_time),
	};

	return cmocka_run_group_tests(tests, NULL, free_all);
}
