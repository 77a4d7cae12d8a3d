#include "../unit.h"

#include "../../../cmd/sensor-decode/decode.h"
#include "../../../cmd/sensor-decode/influx/influx_write.h"

#include "text/json.h"

#define AT "2026-11-22T16:03:41.836186Z"

static struct influx_writer writer;
static struct buf points;

/* The points, or "code: detail". */
static const char *write_points(const char *records)
{
	struct fault fault;

	buf_clear(&points);
	buf_append_string(&points, "before\n");
	if (influx_write(&writer, slice_of(records), &points, &fault) < 0) {
		assert_slice(buf_slice(&points), "before\n");
		buf_clear(&points);
		buf_printf(&points, "%s: %s", fault_name(fault.code), fault.detail);
		return buf_string(&points);
	}
	return buf_string(&points) + 7;
}
#define R1 "r1\t0\t" AT "\t2026-01-01T00:00:00.000001Z\t"
#define NS " 1767225600000001000\n"

static void test_values(void **state)
{
	static const struct {
		const char *record, *point;
	} cases[] = {
	    {R1 "t\ts\t1\ta=24\tb=24.50\tc=-1e5\td=true\te=false\n",
	     "t,sensor=s a=24,b=24.50,c=-1e5,d=true,e=false" NS},
	    {R1 "t\ts\t\ta=\"\"\tb=\"x \\\\\"y\\\\\" \\\\\\\\ , =\"\tc=\"\\\\u00e9\\\\n\"\n",
	     "t,sensor=s a=\"\",b=\"x \\\"y\\\" \\\\ , =\",c=\"\xc3\xa9\n\"" NS},
	    {R1 "t\ts\t\ta=1;1;Cel\tb=2;3\tc=3;9;V\n",
	     "t,sensor=s a=1,b=2,b.quality=3i,c=3,c.quality=9i" NS},
	    {"r1\t7+\t" AT "\t" AT "\tt\ta\t\tx=1\nr1\t7\t" AT "\t" AT "\tt\tb\t\tx=2\n",
	     "t,sensor=a x=1 1795363421836186000\nt,sensor=b x=2 1795363421836186000\n"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(write_points(cases[i].record), cases[i].point);
}

static void test_integers(void **state)
{
	static const char record[] = R1
	    "t\ts\t\ta=24\tb=-24\tc=24.0\td=2e1\te=9223372036854775807\t"
	    "f=9223372036854775808\tg=\"1\"\th=true\n";

	(void)state;
	writer.integers = true;
	assert_string_equal(write_points(record),
	                    "t,sensor=s a=24i,b=-24i,c=24.0,d=2e1,e=9223372036854775807i,"
	                    "f=9223372036854775808,g=\"1\",h=true" NS);
	writer.integers = false;
}

static void test_names(void **state)
{
	static const struct {
		const char *record, *point;
	} cases[] = {
	    {R1 "a b,c=d\te f,g=h\t\ti j,k=1\n", "a\\ b\\,c=d,sensor=e\\ f\\,g\\=h i\\ j\\,k=1" NS},
	    {R1 "a\\\\b\t\\\\,\t\t\\\\ x=1\n", "a\\b,sensor=\\\\, \\\\ x=1" NS},
	    {R1 "\"q\"\t#s\t\t#m=1\n", "\"q\",sensor=#s #m=1" NS},
	    {R1 "#t\ts\t\ta=1\n",
	     "bad-name: the type '#t' starts with '#', which is a comment in a point"},
	    {R1 "t\\\\\ts\t\ta=1\n",
	     "bad-name: the type 't\\' ends in a backslash, which no point can have"},
	    {R1 "t\ts\\\\\t\ta=1\n",
	     "bad-name: the sensor 's\\' ends in a backslash, which no point can have"},
	    {R1 "t\ts\t\ta=1\n" R1 "t\ts\t\ta\\\\=1\n",
	     "bad-name: the metric 'a\\' ends in a backslash, which no point can have"},
	    {R1 "t\ts\t\ta=1;3\ta.quality=1\n",
	     "duplicate-name: 'a.quality' is a metric and the quality of one"},
	    {R1 "t\ts\t\ta=1\ta.quality=1\n", "t,sensor=s a=1,a.quality=1" NS},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		assert_string_equal(write_points(cases[i].record), cases[i].point);
}

static void test_times(void **state)
{
	(void)state;
	assert_string_equal(
	    write_points("r1\t0\t" AT "\t1677-09-21T00:12:43.145225Z\tt\ts\t\ta=1\n"),
	    "t,sensor=s a=1 -9223372036854775000\n");
	assert_string_equal(
	    write_points("r1\t0\t" AT "\t2262-04-11T23:47:16.854775Z\tt\ts\t\ta=1\n"),
	    "t,sensor=s a=1 9223372036854775000\n");
	assert_memory_equal(
	    write_points("r1\t0\t" AT "\t2262-04-11T23:47:16.854776Z\tt\ts\t\ta=1\n"),
	    "bad-time: ", 10);
}

/* ---- what is written is read as it was ---- */

static uint64_t seed = 1;

static uint64_t random_below(uint64_t n)
{
	seed = seed * UINT64_C(6364136223846793005) + UINT64_C(1442695040888963407);
	return (seed >> 33) % n;
}

/* Up to eight of the pieces one behind the other; at least one. */
static struct slice random_text(const char *const pieces[], size_t count, struct buf *text)
{
	buf_clear(text);
	for (uint64_t left = 1 + random_below(8); left > 0; left--)
		buf_append_string(text, pieces[random_below(count)]);
	return buf_slice(text);
}

/* What can be written: no backslash at the end; no '#' in front. */
static struct slice random_name(struct buf *text, bool metric)
{
	static const char *const pieces[] = {"\\", ",", " ", "\"", "a",        "i", "0",
	                                     "'",  "-", ".", "/",  "\xc3\xa9", "#", "="};
	size_t count = sizeof(pieces) / sizeof(pieces[0]) - metric;

	random_text(pieces, count, text);
	if (*text->ptr == '#')
		*text->ptr = 'b';
	if (text->ptr[text->len - 1] == '\\')
		text->ptr[text->len - 1] = 'b';
	return buf_slice(text);
}

static void append_random_metric(struct buf *record, int number)
{
	static const char *const values[] = {"24",       "-0",   "0.50",  "1e5",
	                                     "-1.25E-7", "true", "false", "18446744073709551616"};
	static const char *const pieces[] = {"\\", "\"", "\n", "\t", ",", "=",           " ",
	                                     "n",  "#",  "\r", "x",  "1", "\xe2\x82\xac"};
	static struct buf name, text, json;
	struct slice value;

	random_name(&name, true);
	buf_printf(&name, "%d", number); /* no two are the same */
	buf_clear(&json);
	if (random_below(2)) {
		json_append_string(&json,
		                   random_text(pieces, sizeof(pieces) / sizeof(pieces[0]), &text));
		value = buf_slice(&json);
	} else {
		value = slice_of(values[random_below(sizeof(values) / sizeof(values[0]))]);
	}
	reading_append_metric(record, buf_slice(&name), value, QUALITY_GOOD, SLICE(""));
}

/* The records of one message: each has a time of its own, and so is a reading of its own. */
static void random_records(struct buf *records)
{
	static struct buf type, sensor;
	struct reading_head head = {.seq = 3, .received = 1795363421836186};
	uint64_t readings = 1 + random_below(4);

	buf_clear(records);
	for (uint64_t i = 0; i < readings; i++) {
		head.more = i + 1 < readings;
		head.time = (int64_t)(random_below(1000) * 1000 + i) * 1000003;
		head.type = random_name(&type, false);
		head.sensor = random_name(&sensor, false);
		reading_begin(records, &head);
		for (int k = 0; k <= (int)random_below(4); k++)
			append_random_metric(records, k);
		buf_putc(records, '\n');
	}
}

static void test_round_trip(void **state)
{
	enum { ROUNDS = 2000 };
	static const struct decode_options options = {.influx.precision = TIME_NS};
	struct decoder *decoder = decoder_new(&options);
	struct message m = {.seq = 3,
	                    .received = 1795363421836186,
	                    .topic = SLICE("x"),
	                    .content_type = SLICE("text/x-influx-line-protocol")};
	struct buf records = {0}, again = {0};
	struct fault fault;

	(void)state;
	for (int i = 0; i < ROUNDS; i++) {
		random_records(&records);
		m.payload = slice_of(write_points(buf_string(&records)));
		buf_clear(&again);
		if (decode_message(decoder, &m, &again, &fault) < 0)
			fail_msg("%s: %s in %s", fault_name(fault.code), fault.detail,
			         m.payload.ptr);
		assert_string_equal(buf_string(&again), buf_string(&records));
	}
	decoder_free(decoder);
	buf_free(&records);
	buf_free(&again);
}

static int free_all(void **state)
{
	(void)state;
	influx_writer_free(&writer);
	buf_free(&points);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_values),     cmocka_unit_test(test_integers),
	    cmocka_unit_test(test_names),      cmocka_unit_test(test_times),
	    cmocka_unit_test(test_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, free_all);
}
