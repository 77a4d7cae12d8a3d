#include "../unit.h"

#include "../../../cmd/sensor-decode/decode.h"
#include "../../../cmd/sensor-decode/sparkplug/decode_sparkplug.h"
#include "sparkplug_messages.h"

#include <math.h>
#include <stdio.h>

#define RECEIVED  INT64_C(1795363421836186) /* 2026-11-22T16:03:41.836186Z */
#define AT        INT64_C(1795363400000)    /* milliseconds: 16:03:20 */
#define AT_TEXT   "2026-11-22T16:03:20.000000Z "
#define NEXT_TEXT "2026-11-22T16:03:21.000000Z "

static struct decode_options options;
static struct decoder *decoder;
static struct buf out, result;
static int64_t received = RECEIVED;

/* The records without their first three fields, blanks for TABs; or "code: detail". */
static const char *take(const char *topic, const char *content_type, const char *properties,
                        struct slice payload)
{
	struct slice copy = exact_copy(payload);
	const struct message m = {.seq = 7,
	                          .received = received,
	                          .topic = slice_of(topic),
	                          .content_type = slice_of(content_type),
	                          .properties = slice_of(properties),
	                          .payload = copy};
	struct fault fault;
	int field = 0;

	buf_clear(&out);
	buf_clear(&result);
	if (decode_message(decoder, &m, &out, &fault) < 0)
		buf_printf(&result, "%s: %s", fault_name(fault.code), fault.detail);
	for (size_t i = 0; i < out.len; i++) {
		field = out.ptr[i] == '\t' ? field + 1 : out.ptr[i] == '\n' ? 0 : field;
		if (field >= 3 && !(field == 3 && out.ptr[i] == '\t'))
			buf_putc(&result, out.ptr[i] == '\t' ? ' ' : out.ptr[i]);
		if (out.ptr[i] == '\n')
			buf_putc(&result, '\n');
	}
	exact_free(copy);
	return buf_string(&result);
}

static const char *send(const char *topic)
{
	return take(topic, "", "", built_slice());
}

/* How many births were asked for since the last call. */
static size_t asked(void)
{
	struct buf *requests = &decoder_sparkplug(decoder)->requests;
	size_t count = 0;

	for (size_t i = 0; i < requests->len; i++)
		count += requests->ptr[i] == '\n';
	buf_clear(requests);
	return count;
}

static const struct sparkplug_counts *counts(void)
{
	return &decoder_sparkplug(decoder)->counts;
}

static void birth(int seq)
{
	build(seq, AT);
	add_long("bdSeq", NONE, SPARKPLUG_UINT64, 3);
	add_double("t", 1, SPARKPLUG_DOUBLE, 20.5);
	add_int("on", 2, SPARKPLUG_INT32, 1);
}

static int set_up(void **state)
{
	(void)state;
	options = (struct decode_options){0};
	decoder = decoder_new(&options);
	received = RECEIVED;
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	decoder_free(decoder);
	buf_free(&out);
	buf_free(&result);
	buf_free(&built_bytes);
	return 0;
}

static void births_name_what_data_give_by_alias(void **state)
{
	(void)state;
	birth(0);
	assert_string_equal(send("spBv1.0/g/NBIRTH/n"),
	                    AT_TEXT "g n  bdSeq=3 t=20.5 on=1 online=true\n");
	build(1, AT + 1000);
	add_double(NULL, 1, NONE, 21.25);
	add_int("on", NONE, NONE, 0);
	assert_string_equal(send("spBv1.0/g/NDATA/n"), NEXT_TEXT "g n  t=21.25 on=0\n");
	build(2, AT);
	add_int("x", 1, SPARKPLUG_INT8, 0xff);
	assert_string_equal(send("spBv1.0/g/DBIRTH/n/d"), AT_TEXT "g n/d  x=-1 online=true\n");
	build(3, AT);
	add_int(NULL, 1, NONE, 0x80);
	assert_string_equal(send("spBv1.0/g/DDATA/n/d"), AT_TEXT "g n/d  x=-128\n");
	build(4, AT);
	add_int(NULL, 2, NONE, 0);
	assert_string_equal(send("spBv1.0/g/DDATA/n/d"),
	                    "no-birth: no birth gives the name of alias 2");
	assert_int_equal(counts()->births, 2);
	assert_int_equal(counts()->gaps, 0);
	assert_int_equal(asked(), 1);
}

static void data_before_a_birth(void **state)
{
	(void)state;
	build(9, AT);
	add_double(NULL, 1, NONE, 1);
	assert_string_equal(send("spBv1.0/g/NDATA/n"),
	                    "no-birth: no birth gives the name of alias 1");
	assert_int_equal(asked(), 1);
	build(10, AT);
	add_double("t", NONE, NONE, 1);
	assert_string_equal(send("spBv1.0/g/DDATA/n/d"),
	                    "no-birth: no birth gives the datatype of 't'");
	build(11, AT);
	add_double("t", NONE, SPARKPLUG_FLOAT, 1);
	assert_string_equal(send("spBv1.0/g/NDATA/n"), AT_TEXT "g n  t=1\n");
	assert_int_equal(asked(), 0); /* not again so soon */
	received += SPARKPLUG_ASK_INTERVAL;
	send("spBv1.0/g/NDATA/n");
	assert_int_equal(asked(), 1);
	build(11, AT);
	add_double(NULL, NONE, SPARKPLUG_FLOAT, 1);
	assert_string_equal(send("spBv1.0/g/NDATA/n"),
	                    "bad-sparkplug: NDATA: a metric has neither a name nor an alias");
}

static void requests_are_commands(void **state)
{
	struct record_error error;
	struct buf scratch = {0};
	struct message m;
	struct buf *requests = &decoder_sparkplug(decoder)->requests;

	(void)state;
	build(0, AT);
	send("spBv1.0/a b/NDATA/n\xc3\xa9");
	assert_int_equal(
	    message_parse((struct slice){requests->ptr, requests->len - 1}, &scratch, &m, &error),
	    0);
	assert_slice(m.topic, "spBv1.0/a b/NCMD/n\xc3\xa9");
	build(NONE, RECEIVED / 1000);
	add_metric("Node Control/Rebirth", NONE, SPARKPLUG_BOOLEAN)
	    ->value_case = SPARKPLUG__METRIC__VALUE_BOOLEAN_VALUE;
	built[0].boolean_value = 1;
	built[0].has_timestamp = 1;
	built[0].timestamp = RECEIVED / 1000;
	assert_true(slice_equal(m.payload, built_slice()));
	buf_free(&scratch);
}

static void numbers_tell_what_is_missing(void **state)
{
	(void)state;
	birth(254);
	send("spBv1.0/g/NBIRTH/n");
	build(255, AT);
	add_double(NULL, 1, NONE, 1);
	assert_string_equal(send("spBv1.0/g/NDATA/n"), AT_TEXT "g n  t=1\n");
	build(0, AT);
	add_double(NULL, 1, NONE, 2);
	assert_string_equal(send("spBv1.0/g/NDATA/n"), AT_TEXT "g n  t=2\n");
	assert_string_equal(send("spBv1.0/g/NDATA/n"), AT_TEXT "g n  t=2\n"); /* again */
	assert_int_equal(asked(), 0);
	build(2, AT);
	add_double(NULL, 1, NONE, 3);
	add_int("on", NONE, SPARKPLUG_INT32, 4);
	assert_string_equal(send("spBv1.0/g/NDATA/n"), AT_TEXT "g n  t=3;3 on=4\n");
	assert_int_equal(counts()->gaps, 1);
	assert_int_equal(asked(), 1);
	birth(0);
	send("spBv1.0/g/NBIRTH/n");
	build(1, AT);
	add_double(NULL, 1, NONE, 5);
	assert_string_equal(send("spBv1.0/g/NDATA/n"), AT_TEXT "g n  t=5\n");
	build(256, AT);
	assert_string_equal(send("spBv1.0/g/NDATA/n"),
	                    "bad-sparkplug: NDATA: it has no sequence number of 0 to 255");
	build(NONE, AT);
	assert_string_equal(send("spBv1.0/g/DDEATH/n/d"),
	                    "bad-sparkplug: DDEATH: it has no sequence number of 0 to 255");
}

static void deaths(void **state)
{
	(void)state;
	birth(0);
	send("spBv1.0/g/NBIRTH/n");
	build(1, AT);
	add_int("x", 7, SPARKPLUG_INT8, 1);
	send("spBv1.0/g/DBIRTH/n/d");
	build(2, AT);
	assert_string_equal(send("spBv1.0/g/DDEATH/n/d"), AT_TEXT "g n/d  online=false\n");
	build(3, AT);
	add_int(NULL, 7, NONE, 1);
	assert_memory_equal(send("spBv1.0/g/DDATA/n/d"), "no-birth: ", 10);
	build(NONE, AT);
	add_long("bdSeq", NONE, SPARKPLUG_INT64, 2);
	assert_string_equal(send("spBv1.0/g/NDEATH/n"), "no-data: NDEATH: nothing to store");
	assert_int_equal(counts()->stale, 1);
	build(NONE, AT);
	add_int("bdSeq", NONE, SPARKPLUG_INT64, 3);
	/* at its arrival: it was written when the node connected */
	assert_string_equal(send("spBv1.0/g/NDEATH/n"),
	                    "2026-11-22T16:03:41.836186Z g n  online=false\n");
	build(4, AT);
	add_double(NULL, 1, NONE, 1);
	assert_memory_equal(send("spBv1.0/g/NDATA/n"), "no-birth: ", 10);
	assert_int_equal(counts()->deaths, 2);
}

static void a_metric_of_the_source_comes_before_online(void **state)
{
	(void)state;
	build(0, AT);
	add_int("online", NONE, SPARKPLUG_UINT8, 2);
	assert_string_equal(send("spBv1.0/g/NBIRTH/n"), AT_TEXT "g n  online=2\n");
	build(NONE, NONE);
	assert_string_equal(send("spBv1.0/g/NDEATH/n"), "no-data: NDEATH: nothing to store");
}

static void the_birth_of_a_node_ends_its_devices(void **state)
{
	(void)state;
	birth(0);
	send("spBv1.0/g/NBIRTH/n");
	build(1, AT);
	add_int("x", 7, SPARKPLUG_INT8, 1);
	send("spBv1.0/g/DBIRTH/n/d");
	birth(0);
	send("spBv1.0/g/NBIRTH/n");
	build(1, AT);
	add_int(NULL, 7, NONE, 1);
	assert_memory_equal(send("spBv1.0/g/DDATA/n/d"), "no-birth: ", 10);
}

static void a_refused_birth_ends_the_one_before(void **state)
{
	(void)state;
	birth(0);
	send("spBv1.0/g/NBIRTH/n");
	birth(0);
	add_int("u", 1, SPARKPLUG_INT8, 1);
	assert_string_equal(send("spBv1.0/g/NBIRTH/n"),
	                    "bad-sparkplug: two metrics have the alias 1");
	assert_int_equal(asked(), 1);
	build(1, AT);
	add_double(NULL, 1, NONE, 1);
	assert_memory_equal(send("spBv1.0/g/NDATA/n"), "no-birth: ", 10);
	birth(0);
	add_int("t", 3, SPARKPLUG_INT8, 1);
	assert_string_equal(send("spBv1.0/g/NBIRTH/n"), "duplicate-name: 't' is there twice");
	build(0, AT);
	add_int("t", 3, NONE, 1);
	assert_string_equal(send("spBv1.0/g/NBIRTH/n"),
	                    "bad-sparkplug: NBIRTH: a metric without its name or its datatype");
	build(0, AT);
	add_int("", 3, SPARKPLUG_INT8, 1);
	assert_string_equal(send("spBv1.0/g/NBIRTH/n"),
	                    "bad-sparkplug: NBIRTH: a metric without its name or its datatype");
	birth(0);
	send("spBv1.0/g/NBIRTH/n");
	assert_memory_equal(take("spBv1.0/g/NBIRTH/n", "", "", SLICE("\x12")),
	                    "bad-protobuf: ", 14);
	build(1, AT);
	add_double(NULL, 1, NONE, 1);
	assert_memory_equal(send("spBv1.0/g/NDATA/n"), "no-birth: ", 10);
}

static void times_make_readings(void **state)
{
	(void)state;
	build(0, AT);
	add_int("a", NONE, SPARKPLUG_INT8, 1)->has_timestamp = 1;
	built[0].timestamp = AT + 1000;
	add_int("b", NONE, SPARKPLUG_INT8, 2);
	add_int("c", NONE, SPARKPLUG_INT8, 3)->has_timestamp = 1;
	built[2].timestamp = AT + 1000;
	built[2].has_is_historical = built[2].is_historical = 1;
	assert_string_equal(send("spBv1.0/g/NBIRTH/n"),
	                    AT_TEXT "g n  b=2 online=true\n" NEXT_TEXT "g n  a=1 c=3\n");
	assert_non_null(strstr(buf_string(&out), "r1\t7+\t"));
	/* the same metric at two times */
	built[0].name = (char *)"b";
	built_payload.n_metrics = 2;
	built_payload.seq = 1;
	assert_string_equal(send("spBv1.0/g/NDATA/n"), AT_TEXT "g n  b=2\n" NEXT_TEXT "g n  b=1\n");
	built[0].has_timestamp = 0;
	built_payload.seq = 2;
	assert_string_equal(send("spBv1.0/g/NDATA/n"), "duplicate-name: 'b' is there twice");
	build(3, NONE);
	add_int("b", NONE, NONE, 1);
	assert_string_equal(send("spBv1.0/g/NDATA/n"), "2026-11-22T16:03:41.836186Z g n  b=1\n");
	build(4, INT64_MAX);
	assert_string_equal(
	    send("spBv1.0/g/NDATA/n"),
	    "bad-time: timestamp 9223372036854775807 is not of the years 0001 to 9999");
}

static void some_metrics_are_left_out(void **state)
{
	char text[READINGS_STRING_DEFAULT + 2];

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	text[sizeof(text) - 1] = '\0';
	build(0, AT);
	add_metric("null", 1, SPARKPLUG_INT8);
	add_int("null too", 2, SPARKPLUG_INT8, 1)->has_is_null = 1;
	built[1].is_null = 1;
	add_int("transient", 3, SPARKPLUG_INT8, 1)->has_is_transient = 1;
	built[2].is_transient = 1;
	add_metric("template", 4, 19)->value_case = SPARKPLUG__METRIC__VALUE_TEMPLATE_VALUE;
	add_metric("bytes", 5, 17)->value_case = SPARKPLUG__METRIC__VALUE_BYTES_VALUE;
	add_int("unknown", 6, 0, 1);
	add_int("later", 7, 35, 1);
	add_double("nan", 8, SPARKPLUG_DOUBLE, NAN);
	add_long("time", 9, SPARKPLUG_DATETIME, UINT64_MAX);
	add_text("long", 10, SPARKPLUG_TEXT, text);
	add_int("a=b", 11, SPARKPLUG_INT8, 1);
	add_int("good", 12, SPARKPLUG_INT8, 1);
	assert_string_equal(send("spBv1.0/g/NBIRTH/n"), AT_TEXT "g n  good=1 online=true\n");
	assert_int_equal(counts()->fates[SPARKPLUG_NULL], 2);
	assert_int_equal(counts()->fates[SPARKPLUG_TRANSIENT], 1);
	assert_int_equal(counts()->fates[SPARKPLUG_UNSUPPORTED], 4);
	assert_int_equal(counts()->fates[SPARKPLUG_RANGE], 2);
	assert_int_equal(counts()->fates[SPARKPLUG_TOO_LONG], 1);
	assert_int_equal(counts()->fates[SPARKPLUG_BAD_NAME], 1);
	/* what was left out is known all the same */
	build(1, AT);
	add_int(NULL, 1, NONE, 5);
	add_double(NULL, 8, NONE, 1);
	assert_string_equal(send("spBv1.0/g/NDATA/n"), AT_TEXT "g n  null=5 nan=1\n");
	build(2, AT);
	add_metric(NULL, 1, NONE);
	assert_string_equal(send("spBv1.0/g/NDATA/n"), "no-data: NDATA: nothing to store");
	text[READINGS_STRING_DEFAULT] = '\0';
	build(3, AT);
	add_text(NULL, 10, NONE, text);
	assert_memory_equal(send("spBv1.0/g/NDATA/n"), AT_TEXT "g n  long=\"xxx", 42);
}

static void quality_is_a_property(void **state)
{
	static const struct {
		uint32_t code;
		const char *result;
	} cases[] = {{192, "x=1\n"}, {0, "x=1;4\n"}, {500, "x=1;3\n"}, {7, "x=1;3\n"}};
	Sparkplug__PropertySet set = SPARKPLUG__PROPERTY_SET__INIT;
	Sparkplug__PropertyValue unit = SPARKPLUG__PROPERTY_VALUE__INIT, quality = unit;
	Sparkplug__PropertyValue *values[] = {&unit, &quality};
	char *keys[] = {(char *)"engUnit", (char *)"Quality"};

	(void)state;
	unit.value_case = SPARKPLUG__PROPERTY_VALUE__VALUE_STRING_VALUE;
	unit.string_value = (char *)"V";
	quality.value_case = SPARKPLUG__PROPERTY_VALUE__VALUE_INT_VALUE;
	set.keys = keys;
	set.values = values;
	set.n_keys = set.n_values = 2;
	for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
		build((int)i, AT);
		add_int("x", NONE, SPARKPLUG_INT8, 1)->properties = &set;
		quality.int_value = cases[i].code;
		assert_string_equal(send("spBv1.0/g/NDATA/n") + strlen(AT_TEXT "g n  "),
		                    cases[i].result);
	}
	set.n_values = 1;
	assert_string_equal(send("spBv1.0/g/NDATA/n"), AT_TEXT "g n  x=1\n");
}

static void identity(void **state)
{
	(void)state;
	birth(0);
	assert_memory_equal(take("spBv1.0/g/NBIRTH/n", "application/x-sparkplug-b",
	                         "type=press&schema=2", built_slice()),
	                    AT_TEXT "press n 2 bdSeq", 43);
	assert_null(
	    topic_template_read(SLICE("spBv1.0/+/+/{sensor...} type=pump"), &options.templates[0]));
	options.template_count = 1;
	assert_memory_equal(send("spBv1.0/g/NBIRTH/n"), AT_TEXT "pump n  bdSeq", 41);
}

static void the_operator_may_say_another_format(void **state)
{
	(void)state;
	options.defaults[0].filter = SLICE("spBv1.0/json/#");
	options.defaults[0].type.format = FORMAT_JSON;
	options.default_count = 1;
	assert_memory_equal(take("spBv1.0/json/NDATA/n", "", "type=t&sensor=s", SLICE("{\"a\":1}")),
	                    "2026-11-22T16:03:41.836186Z t s  a=1\n", 37);
}

static void topics(void **state)
{
	static const char *const without_data[] = {"spBv1.0/g/NCMD/n", "spBv1.0/g/DCMD/n/d",
	                                           "spBv1.0/STATE/host"};
	static const char *const bad[] = {
	    "spBv1.0/",           "spBv1.0/g",          "spBv1.0/g/NDATA",
	    "spBv1.0/g/NDATA/",   "spBv1.0//NDATA/n",   "spBv1.0/g/NDATA/n/d",
	    "spBv1.0/g/DDATA/n",  "spBv1.0/g/DDATA/n/", "spBv1.0/g/DDATA/n/d/e",
	    "spBv1.0/g/NDATA/n/", "spBv1.0/g/ndata/n",  "spBv1.0/g/XDATA/n",
	    "spBv1.0/g/DDATA//d"};

	(void)state;
	for (size_t i = 0; i < sizeof(without_data) / sizeof(*without_data); i++)
		assert_memory_equal(take(without_data[i], "", "", SLICE("{}")), "no-data: ", 9);
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++)
		assert_memory_equal(take(bad[i], "", "", SLICE("")), "bad-sparkplug: the topic",
		                    24);
	assert_memory_equal(take("sensors/t/s", "application/x-sparkplug-b", "", SLICE("")),
	                    "bad-sparkplug: the topic", 24);
}

static void payloads(void **state)
{
	(void)state;
	build(0, AT);
	built_payload.uuid = (char *)"SPBV1.0_COMPRESSED";
	assert_string_equal(send("spBv1.0/g/NDATA/n"), "unsupported-shape: a compressed payload");
	/* extensions are skipped, groups are not */
	assert_string_equal(take("spBv1.0/g/NDATA/n", "", "",
	                         SLICE("\x18\x01\x30\x01\x3a\x02xy\x41"
	                               "12345678\x4d"
	                               "1234\x12\x0a\x0a\x01"
	                               "a\x20\x01\x50\x05\xa2\x01\x00")),
	                    "2026-11-22T16:03:41.836186Z g n  a=5\n");
	assert_string_equal(take("spBv1.0/g/NDATA/n", "", "", SLICE("\x18\x01\x33\x34")),
	                    "bad-protobuf: offset 3: a group, or no wire type");
	assert_memory_equal(take("spBv1.0/g/NDATA/n", "", "", SLICE("\x18\x01\x32\x05x")),
	                    "bad-protobuf: ", 14);
	assert_memory_equal(take("spBv1.0/g/NDATA/n", "", "", SLICE("\x12\x03\x0a\x01\xff")),
	                    "bad-protobuf: ", 14);
}

static void many_metrics_go_on_in_another_reading(void **state)
{
	static char names[BUILD_METRICS_MAX][8];
	size_t lines = 0;

	(void)state;
	build(0, AT);
	for (int i = 0; i < 2001; i++) {
		snprintf(names[i], sizeof(names[i]), "m%d", i);
		add_int(names[i], i, SPARKPLUG_INT16, (uint32_t)i);
	}
	send("spBv1.0/g/NBIRTH/n");
	for (size_t i = 0; i < out.len; i++)
		lines += out.ptr[i] == '\n';
	assert_int_equal(lines, 3);
	build(1, AT);
	add_int(NULL, 2000, NONE, 5);
	assert_string_equal(send("spBv1.0/g/NDATA/n"), AT_TEXT "g n  m2000=5\n");
}

/* The smallest metrics and fields a payload can be made of fit the memory it may have. */
static void memory(void **state)
{
	static const struct slice smallest[] = {SLICE("\x12\x00"), SLICE("\x30\x01"),
	                                        SLICE("\x12\x02\x4a\x00")};
	struct buf payload = {0};

	(void)state;
	for (size_t i = 0; i < 3; i++) {
		buf_clear(&payload);
		buf_append(&payload, "\x18\x00", 2);
		for (int n = 0; n < 50000; n++)
			buf_append_slice(&payload, smallest[i]);
		assert_string_equal(
		    take("spBv1.0/g/NBIRTH/n", "", "", buf_slice(&payload)),
		    i == 1 ? "2026-11-22T16:03:41.836186Z g n  online=true\n"
			   : "bad-sparkplug: NBIRTH: a metric without its name or its datatype");
	}
	buf_free(&payload);
}

static void what_was_known_is_known_again(void **state)
{
	struct buf births = {0}, known = {0}, scratch = {0};
	struct record_error error;
	struct message m = {.seq = 7, .received = RECEIVED, .topic = SLICE("spBv1.0/g/NBIRTH/n")};

	(void)state;
	birth(0);
	send("spBv1.0/g/NBIRTH/n");
	assert_true(decoder_sparkplug(decoder)->remember);
	m.payload = built_slice();
	message_append(&births, &m);
	build(1, AT);
	send("spBv1.0/g/NDATA/n");
	assert_false(decoder_sparkplug(decoder)->remember);
	sparkplug_append_state(decoder_sparkplug(decoder), 8, RECEIVED, &known);

	for (int orderly = 0; orderly < 2; orderly++) {
		decoder_free(decoder);
		decoder = decoder_new(&options);
		message_parse((struct slice){births.ptr, births.len - 1}, &scratch, &m, &error);
		decoder_restore(decoder, &m);
		if (orderly) {
			message_parse((struct slice){known.ptr, known.len - 1}, &scratch, &m,
			              &error);
			decoder_restore(decoder, &m);
		}
		build(2, AT);
		add_double(NULL, 1, NONE, 1);
		assert_string_equal(send("spBv1.0/g/NDATA/n"), AT_TEXT "g n  t=1\n");
		assert_int_equal(asked(), !orderly); /* whether a message is missing is not known */
		assert_int_equal(counts()->gaps, 0);
		assert_int_equal(counts()->births, 0);
	}
	/* what is doubtful stays so */
	build(4, AT);
	send("spBv1.0/g/NDATA/n");
	buf_clear(&known);
	sparkplug_append_state(decoder_sparkplug(decoder), 8, RECEIVED, &known);
	message_parse((struct slice){known.ptr, known.len - 1}, &scratch, &m, &error);
	decoder_restore(decoder, &m);
	build(5, AT);
	add_double(NULL, 1, NONE, 1);
	assert_string_equal(send("spBv1.0/g/NDATA/n"), AT_TEXT "g n  t=1;3\n");
	buf_free(&births);
	buf_free(&known);
	buf_free(&scratch);
}

/* Nodes without a birth make room, others do not. */
static void nodes_are_bounded(void **state)
{
	char topic[64];

	(void)state;
	for (int i = 0; i <= SPARKPLUG_NODES_MAX; i++) {
		snprintf(topic, sizeof(topic), "spBv1.0/g/NDATA/n%d", i);
		build(0, AT);
		assert_memory_equal(send(topic), "no-data: ", 9);
		asked();
	}
	assert_int_equal(decoder_sparkplug(decoder)->table.node_count, SPARKPLUG_NODES_MAX);
	for (int i = 0; i < SPARKPLUG_NODES_MAX; i++) {
		snprintf(topic, sizeof(topic), "spBv1.0/g/NBIRTH/b%d", i);
		build(0, AT);
		assert_memory_equal(send(topic), AT_TEXT, strlen(AT_TEXT));
	}
	build(0, AT);
	assert_string_equal(send("spBv1.0/g/NBIRTH/more"), "too-many-nodes: more than 10000 nodes");
	assert_memory_equal(send("spBv1.0/g/NBIRTH/b0"), AT_TEXT, strlen(AT_TEXT));
}

#define test(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
	    test(births_name_what_data_give_by_alias),
	    test(data_before_a_birth),
	    test(requests_are_commands),
	    test(numbers_tell_what_is_missing),
	    test(deaths),
	    test(a_metric_of_the_source_comes_before_online),
	    test(the_birth_of_a_node_ends_its_devices),
	    test(a_refused_birth_ends_the_one_before),
	    test(times_make_readings),
	    test(some_metrics_are_left_out),
	    test(quality_is_a_property),
	    test(identity),
	    test(the_operator_may_say_another_format),
	    test(topics),
	    test(payloads),
	    test(many_metrics_go_on_in_another_reading),
	    test(memory),
	    test(what_was_known_is_known_again),
	    test(nodes_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
