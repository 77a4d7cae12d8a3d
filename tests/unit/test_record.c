#include "unit.h"

#include "base/clock.h"
#include "record/record.h"

#include <stdio.h>

static struct buf scratch;
static struct record_error error;
static struct message message;
static struct reading reading;
static struct skip skip_record;

#define HEAD "2026-11-22T10:00:00.000001Z"

static int free_scratch(void **state)
{
	(void)state;
	buf_free(&scratch);
	return 0;
}

static void tells_kinds_apart(void **state)
{
	(void)state;
	assert_int_equal(record_kind(SLICE("m1\t")), RECORD_MESSAGE);
	assert_int_equal(record_kind(SLICE("r1\t0")), RECORD_READING);
	assert_int_equal(record_kind(SLICE("s1\t0")), RECORD_SKIP);
	assert_int_equal(record_kind(SLICE("x1\t0")), RECORD_REJECT);
	assert_int_equal(record_kind(SLICE("{\"tst\"")), RECORD_JSON);
	assert_int_equal(record_kind(SLICE("m2\t0")), RECORD_LATER);
	assert_int_equal(record_kind(SLICE("m1")), RECORD_UNKNOWN);
	assert_int_equal(record_kind(SLICE("m10\t")), RECORD_LATER);
	assert_int_equal(record_kind(SLICE("x9999\t")), RECORD_LATER);
	assert_int_equal(record_kind(SLICE("r10000\t")), RECORD_UNKNOWN);
	assert_int_equal(record_kind(SLICE("s0\t")), RECORD_UNKNOWN);
	assert_int_equal(record_kind(SLICE("m01\t")), RECORD_UNKNOWN);
	assert_int_equal(record_kind(SLICE("m22")), RECORD_UNKNOWN);
	assert_int_equal(record_kind(SLICE("m\t0")), RECORD_UNKNOWN);
	assert_int_equal(record_kind(SLICE("q2\t0")), RECORD_UNKNOWN);
	assert_int_equal(record_kind(SLICE("")), RECORD_UNKNOWN);
}

static void reads_a_message(void **state)
{
	(void)state;
	assert_int_equal(message_parse(SLICE("m1\t18446744073709551615\t" HEAD
	                                     "\tsensors/a\\tb/1\tq1rd\tapplication/json\t"
	                                     "type=climate\t{\"t\":21}\\n\\x00"),
	                               &scratch, &message, &error),
	                 0);
	assert_true(message.seq == UINT64_MAX);
	assert_int_equal(message.received, INT64_C(1795341600000001));
	assert_slice(message.topic, "sensors/a\tb/1");
	assert_int_equal(message.qos, 1);
	assert_true(message.retained);
	assert_true(message.duplicate);
	assert_slice(message.content_type, "application/json");
	assert_slice(message.properties, "type=climate");
	assert_slice(message.payload, "{\"t\":21}\n\0");
}

/* Each byte value in each text field comes back, with the crc and without. */
static void messages_round_trip(void **state)
{
	char all[256];
	struct buf line = {0};

	(void)state;
	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	for (unsigned i = 0; i < 12; i++) {
		struct slice bytes = {all, sizeof(all)};
		struct message m = {
		    .seq = i,
		    .received = CLOCK_SECOND * i,
		    .qos = i % 3,
		    .retained = i & 1,
		    .duplicate = i & 2,
		    .topic = bytes,
		    .content_type = bytes,
		    .properties = bytes,
		    .payload = bytes,
		};

		buf_clear(&line);
		if (i & 4)
			message_append_crc(&line, &m);
		else
			message_append(&line, &m);
		assert_int_equal(line.ptr[line.len - 1], '\n');
		line.len--;
		assert_int_equal(message_parse(buf_slice(&line), &scratch, &message, &error), 0);
		assert_int_equal(message.seq, m.seq);
		assert_int_equal(message.received, m.received);
		assert_int_equal(message.qos, m.qos);
		assert_int_equal(message.retained, m.retained);
		assert_int_equal(message.duplicate, m.duplicate);
		assert_true(slice_equal(message.topic, bytes));
		assert_true(slice_equal(message.content_type, bytes));
		assert_true(slice_equal(message.properties, bytes));
		assert_true(slice_equal(message.payload, bytes));
	}
	buf_free(&line);
}

/* A flipped bit anywhere in a line with a crc is found, or the line no longer counts as checked
 * (its last TAB became another byte, so the crc reads as payload). */
static void the_crc_finds_damage(void **state)
{
	struct buf line = {0};
	struct message m = {.topic = SLICE("t"), .payload = SLICE("21.5")};

	(void)state;
	message_append_crc(&line, &m);
	line.len--;
	for (size_t bit = 0; bit < line.len * 8; bit++) {
		line.ptr[bit / 8] ^= (char)(1 << bit % 8);
		if (message_parse(buf_slice(&line), &scratch, &message, &error) == 0)
			assert_false(message.checked);
		line.ptr[bit / 8] ^= (char)(1 << bit % 8);
	}
	assert_int_equal(message_parse(buf_slice(&line), &scratch, &message, &error), 0);
	assert_true(message.checked);
	buf_free(&line);
}

struct fault {
	const char *line;
	size_t column;
	const char *what;
};

static void names_every_fault_of_a_message(void **state)
{
	static const struct fault faults[] = {
	    {"m1\t", 4, "not a sequence number"},
	    {"m1\tx", 4, "not a sequence number"},
	    {"m1\t1+", 5, "not a sequence number"},
	    {"m1\t18446744073709551616", 4, "a sequence number over 64 bits"},
	    {"m1\t1", 5, "the time of arrival is missing"},
	    {"m1\t1\tnow", 6, "not a time of arrival (RFC 3339)"},
	    {"m1\t1\t" HEAD, 33, "the topic is missing"},
	    {"m1\t1\t" HEAD "\t\tq0\t\t\t", 34, "a topic that is empty or over 65535 bytes"},
	    {"m1\t1\t" HEAD "\tt\\q\tq0\t\t\t", 35,
	     "a backslash that is not \\\\, \\t, \\n, \\r or \\xHH"},
	    {"m1\t1\t" HEAD "\tt", 35, "the flags are missing"},
	    {"m1\t1\t" HEAD "\tt\tq3\t\t\t", 36, "flags that do not start with q0, q1 or q2"},
	    {"m1\t1\t" HEAD "\tt\tq0dr\t\t\t", 39, "unknown flags (r retained, then d duplicate)"},
	    {"m1\t1\t" HEAD "\tt\tq0", 38, "the content type is missing"},
	    {"m1\t1\t" HEAD "\tt\tq0\t", 39, "the properties are missing"},
	    {"m1\t1\t" HEAD "\tt\tq0\t\t", 40, "the payload is missing"},
	    {"m1\t1\t" HEAD "\tt\tq0\t\t\tp\tabc", 43, "a crc that is not 8 hex digits"},
	    {"m1\t1\t" HEAD "\tt\tq0\t\t\tp\t0000000g", 50, "a crc that is not 8 hex digits"},
	    {"m1\t1\t" HEAD "\tt\tq0\t\t\tp\t00000000", 43,
	     "a crc that does not match: the line is damaged"},
	    {"m1\t1\t" HEAD "\tt\tq0\t\t\tp\t00000000\tx", 52, "a field too many"},
	    {"m1\t1\t" HEAD "\tt\tq0\t\t\tp\rq", 42,
	     "a control character or invalid UTF-8, which must be escaped"},
	    {"m1\t1\t" HEAD "\tt\tq0\t\t\tp\xff", 42,
	     "a control character or invalid UTF-8, which must be escaped"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		struct slice line = exact_copy(slice_of(faults[i].line));

		assert_int_equal(message_parse(line, &scratch, &message, &error), -1);
		assert_string_equal(error.what, faults[i].what);
		assert_int_equal(error.column, faults[i].column);
		exact_free(line);
	}
}

#define READING "r1\t7\t" HEAD "\t" HEAD "\tclimate\tc-1\t1"

static void reads_a_reading(void **state)
{
	(void)state;
	assert_int_equal(
	    reading_parse(SLICE("r1\t7+\t" HEAD "\t1970-01-01T00:00:00Z\tclimate\tc=1\t"
	                        "\ttemperature=21.50;3\topen=true\tshut=false"
	                        "\tstatus=\"a;=\\\\\"b\"\tpad=\"\";9"),
	                  &scratch, &reading, &error),
	    0);
	assert_int_equal(reading.seq, 7);
	assert_true(reading.more);
	assert_int_equal(reading.time, 0);
	assert_slice(reading.type, "climate");
	assert_slice(reading.sensor, "c=1");
	assert_slice(reading.schema, "");
	assert_int_equal(reading.count, 5);
	assert_slice(reading.metrics[0].name, "temperature");
	assert_slice(reading.metrics[0].text, "21.50");
	assert_true(reading.metrics[0].number == 21.5);
	assert_int_equal(reading.metrics[0].quality, QUALITY_SUSPECT);
	assert_int_equal(reading.metrics[1].kind, VALUE_TRUE);
	assert_true(reading.metrics[1].number == 1);
	assert_int_equal(reading.metrics[1].quality, QUALITY_GOOD);
	assert_int_equal(reading.metrics[2].kind, VALUE_FALSE);
	assert_int_equal(reading.metrics[3].kind, VALUE_STRING);
	assert_slice(reading.metrics[3].text, "\"a;=\\\"b\"");
	assert_int_equal(reading.metrics[4].quality, QUALITY_MISSING);
}

static void names_every_fault_of_a_reading(void **state)
{
	static const struct fault faults[] = {
	    {"r1\t7\t" HEAD, 33, "the time is missing"},
	    {"r1\t7\t" HEAD "\tx", 34, "not a time (RFC 3339)"},
	    {"r1\t7\t" HEAD "\t" HEAD, 61, "the type is missing"},
	    {"r1\t7\t" HEAD "\t" HEAD "\t\ts\t1\ta=1", 62, "an empty type"},
	    {"r1\t7\t" HEAD "\t" HEAD "\tt", 63, "the sensor is missing"},
	    {"r1\t7\t" HEAD "\t" HEAD "\tt\t\t1\ta=1", 64, "an empty sensor name"},
	    {"r1\t7\t" HEAD "\t" HEAD "\tt\ts", 65, "the schema version is missing"},
	    {READING, 75, "a metric is missing"},
	    {READING "\t", 76, "a metric without '='"},
	    {READING "\ta", 76, "a metric without '='"},
	    {READING "\t=1", 76, "a metric without a name"},
	    {READING "\ta=", 78, "a metric without a value"},
	    {READING "\ta=x", 78, "a value that is no number, true, false or \"string\""},
	    {READING "\ta=null", 78, "a value that is no number, true, false or \"string\""},
	    {READING "\ta=\"x", 78, "a string value without its closing quote"},
	    {READING "\ta=\"x\\\\\"", 78, "a string value without its closing quote"},
	    {READING "\ta=\"\\\\q\"", 78, "unknown escape"},
	    {READING "\ta=1e999", 78, "a number beyond the range of a double"},
	    {READING "\ta=1;", 78, "a value followed by something else than ;1 ;2 ;3 ;4 or ;9"},
	    {READING "\ta=1;5", 78, "a value followed by something else than ;1 ;2 ;3 ;4 or ;9"},
	    {READING "\ta=1;1;", 78, "a unit that is empty or over 63 bytes"},
	    {READING "\ta=1;12", 78, "a value followed by something else than ;1 ;2 ;3 ;4 or ;9"},
	    {READING "\ta=01", 78, "a value followed by something else than ;1 ;2 ;3 ;4 or ;9"},
	    {READING "\ta=truex", 78, "a value followed by something else than ;1 ;2 ;3 ;4 or ;9"},
	    {READING "\ta=1\tb=2\ta=3", 76, "a metric that is named twice"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(*faults); i++) {
		struct slice line = exact_copy(slice_of(faults[i].line));

		assert_int_equal(reading_parse(line, &scratch, &reading, &error), -1);
		assert_string_equal(error.what, faults[i].what);
		assert_int_equal(error.column, faults[i].column);
		exact_free(line);
	}
}

static void assert_same_reading(const struct reading *a, const struct reading *b)
{
	assert_int_equal(a->count, b->count);
	for (size_t i = 0; i < a->count; i++) {
		const struct metric *m = &a->metrics[i], *n = &b->metrics[i];

		assert_true(slice_equal(m->name, n->name));
		assert_true(slice_equal(m->text, n->text));
		assert_true(slice_equal(m->unit, n->unit));
		assert_int_equal(m->kind, n->kind);
		assert_int_equal(m->quality, n->quality);
	}
}

/* The line "<head>SENSOR<schema>METRICS" for two sensors whose names are as long, one of them with
 * an escape, which has every metric read the long way: nothing else differs. */
static void assert_plain_like_others(const char *metric, const char *behind)
{
	static const char *const sensors[] = {"c-1", "\\\\1"};
	static struct reading r[2];
	struct record_error e[2] = {0};
	struct slice lines[2];
	int result[2];

	for (int way = 0; way < 2; way++) {
		char line[256];

		snprintf(line, sizeof(line), "r1\t7\t" HEAD "\t" HEAD "\tclimate\t%s\t1\t%s%s",
		         sensors[way], metric, behind);
		lines[way] = exact_copy(slice_of(line));
		result[way] = reading_parse(lines[way], &scratch, &r[way], &e[way]);
	}
	assert_int_equal(result[0], result[1]);
	if (result[0] == 0) {
		assert_same_reading(&r[0], &r[1]);
	} else {
		assert_string_equal(e[0].what, e[1].what);
		assert_int_equal(e[0].column, e[1].column);
	}
	exact_free(lines[0]);
	exact_free(lines[1]);
}

static void reads_plain_metrics_like_others(void **state)
{
	static const char *const metrics[] = {"a=1",
	                                      "n=-0.25",
	                                      "eightchr=20.50",
	                                      "a_name_of_nineteen=12345.67",
	                                      "a=1;3",
	                                      "a=12.5;4;C",
	                                      "a=1e3",
	                                      "a=123456789012345678901",
	                                      "a=true",
	                                      "a=\"s\"",
	                                      "a=1=2",
	                                      "a==1",
	                                      "a",
	                                      "=1",
	                                      "",
	                                      "a=1;",
	                                      "a=1e999",
	                                      "a=0.1.2",
	                                      "a=-",
	                                      "a=\xc2\xb5",
	                                      "\xc2\xb5=1",
	                                      "a=00",
	                                      "nineteen_characters",
	                                      "a= 1"};
	static const char *const behind[] = {"",    "\t", "\tz=1", "\tz=9999999.99\ty=0.1",
	                                     "\t=", "\tz"};

	(void)state;
	for (size_t i = 0; i < sizeof(metrics) / sizeof(*metrics); i++)
		for (size_t k = 0; k < sizeof(behind) / sizeof(*behind); k++)
			assert_plain_like_others(metrics[i], behind[k]);
}

static void bounds_metrics_and_names(void **state)
{
	struct buf line = {0};

	(void)state;
	buf_append_string(&line, READING);
	for (int i = 0; i < RECORD_METRICS_MAX; i++)
		buf_printf(&line, "\tm%d=%d", i, i);
	assert_int_equal(reading_parse(buf_slice(&line), &scratch, &reading, &error), 0);
	assert_int_equal(reading.count, RECORD_METRICS_MAX);
	buf_append_string(&line, "\tone_more=1");
	assert_int_equal(reading_parse(buf_slice(&line), &scratch, &reading, &error), -1);
	assert_string_equal(error.what, "more than 1000 metrics");

	/* Named twice among many: the hashed way. */
	buf_clear(&line);
	buf_append_string(&line, READING);
	for (int i = 0; i < 500; i++)
		buf_printf(&line, "\tm%d=%d", i, i);
	buf_append_string(&line, "\tm17=0");
	assert_int_equal(reading_parse(buf_slice(&line), &scratch, &reading, &error), -1);
	assert_string_equal(error.what, "a metric that is named twice");

	buf_clear(&line);
	buf_append_string(&line, READING "\t");
	for (int i = 0; i < RECORD_NAME_MAX; i++)
		buf_putc(&line, 'n');
	buf_append_string(&line, "=1");
	assert_int_equal(reading_parse(buf_slice(&line), &scratch, &reading, &error), 0);
	line.len -= 2;
	buf_append_string(&line, "n=1");
	assert_int_equal(reading_parse(buf_slice(&line), &scratch, &reading, &error), -1);
	assert_string_equal(error.what, "a name over 255 bytes");
	buf_free(&line);
}

static void readings_round_trip(void **state)
{
	struct buf line = {0}, again = {0};
	struct reading_head head = {.seq = 9,
	                            .more = true,
	                            .received = 1,
	                            .time = 2,
	                            .type = SLICE("a\tb"),
	                            .sensor = SLICE("\\"),
	                            .schema = SLICE("2")};

	(void)state;
	reading_begin(&line, &head);
	reading_append_metric(&line, SLICE("x\\y"), SLICE("-1.50e3"), QUALITY_FAIL,
	                      SLICE("m/s;\t"));
	reading_append_metric(&line, SLICE("s"), SLICE("\"\\u00e4\\n\""), QUALITY_GOOD,
	                      (struct slice){0});
	assert_int_equal(reading_parse(buf_slice(&line), &scratch, &reading, &error), 0);
	assert_int_equal(reading.seq, 9);
	assert_true(reading.more);
	assert_int_equal(reading.received, 1);
	assert_int_equal(reading.time, 2);
	assert_slice(reading.type, "a\tb");
	assert_slice(reading.sensor, "\\");
	assert_slice(reading.metrics[0].name, "x\\y");
	assert_slice(reading.metrics[0].text, "-1.50e3");
	assert_int_equal(reading.metrics[0].quality, QUALITY_FAIL);
	assert_slice(reading.metrics[0].unit, "m/s;\t");
	assert_int_equal(reading.metrics[1].unit.len, 0);
	assert_slice(reading.metrics[1].text, "\"\\u00e4\\n\"");
	head = reading_head_of(&reading);
	reading_begin(&again, &head);
	assert_memory_equal(again.ptr, line.ptr, again.len);
	assert_int_equal(line.ptr[again.len], '\t');
	buf_free(&again);
	buf_free(&line);
}

static void skips_round_trip(void **state)
{
	struct buf line = {0};
	struct skip s = {.seq = 3, .received = CLOCK_SECOND, .reason = SLICE("bad-json\n")};

	(void)state;
	skip_append(&line, &s);
	assert_string_equal(buf_string(&line), "s1\t3\t1970-01-01T00:00:01.000000Z\tbad-json\\n\n");
	line.len--;
	assert_int_equal(skip_parse(buf_slice(&line), &scratch, &skip_record, &error), 0);
	assert_int_equal(skip_record.seq, 3);
	assert_slice(skip_record.reason, "bad-json\n");
	buf_append_string(&line, "\tmore");
	assert_int_equal(skip_parse(buf_slice(&line), &scratch, &skip_record, &error), -1);
	assert_string_equal(error.what, "a field too many");
	assert_int_equal(skip_parse(SLICE("s1\t3\t" HEAD), &scratch, &skip_record, &error), -1);
	assert_string_equal(error.what, "the reason is missing");
	buf_free(&line);
}

static void checks_names(void **state)
{
	(void)state;
	assert_null(record_name_fault(SLICE("temperature.out-side/1"), true));
	assert_null(record_name_fault(SLICE("gr\xc3\xbc\xc3\x9f e"), true));
	assert_null(record_name_fault(SLICE("a=b"), false));
	assert_non_null(record_name_fault(SLICE("a=b"), true));
	assert_non_null(record_name_fault(SLICE(""), false));
	assert_non_null(record_name_fault(SLICE("a\tb"), false));
	assert_non_null(record_name_fault(SLICE("a\0b"), false));
	assert_non_null(record_name_fault(SLICE("\xff"), false));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(tells_kinds_apart),
	    cmocka_unit_test(reads_a_message),
	    cmocka_unit_test(messages_round_trip),
	    cmocka_unit_test(the_crc_finds_damage),
	    cmocka_unit_test(names_every_fault_of_a_message),
	    cmocka_unit_test(reads_a_reading),
	    cmocka_unit_test(names_every_fault_of_a_reading),
	    cmocka_unit_test(reads_plain_metrics_like_others),
	    cmocka_unit_test(bounds_metrics_and_names),
	    cmocka_unit_test(readings_round_trip),
	    cmocka_unit_test(skips_round_trip),
	    cmocka_unit_test(checks_names),
	};

	return cmocka_run_group_tests(tests, NULL, free_scratch);
}
