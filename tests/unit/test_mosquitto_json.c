/* The lines are what mosquitto_sub 2.0.11 printed, but for those that are meant to be refused. */
#include "unit.h"

#include "record/mosquitto_json.h"

#include <stdio.h>

#define TST  "\"tst\":\"2026-11-22T16:03:41.836186Z+0000\""
#define BASE "{" TST ",\"topic\":\"a/1\",\"qos\":1,\"retain\":0,"

static struct buf scratch;

static void parse(const char *line, struct message *m)
{
	struct record_error error;

	if (mosquitto_json_parse(slice_of(line), &scratch, m, &error) < 0)
		fail_msg("%s at column %zu of %s", error.what, error.column, line);
}

static void assert_text(struct slice got, const char *expected)
{
	assert_int_equal(got.len, strlen(expected));
	assert_memory_equal(got.ptr, expected, got.len);
}

static void test_message(void **state)
{
	struct message m;

	(void)state;
	parse("{" TST
	      ",\"topic\":\"a/\\\"q\\\\/é\",\"qos\":2,\"retain\":1,\"payloadlen\":20,\"mid\":7,"
	      "\"payload\":{\"t\":24.5,\"u\":\"°\"}}",
	      &m);
	assert_int_equal(m.seq, 0);
	assert_int_equal(m.received, 1795363421836186);
	assert_text(m.topic, "a/\"q\\/é");
	assert_int_equal(m.qos, 2);
	assert_true(m.retained);
	assert_false(m.duplicate);
	assert_int_equal(m.content_type.len, 0);
	assert_int_equal(m.properties.len, 0);
	assert_text(m.payload, "{\"t\":24.5,\"u\":\"°\"}");
}

static void test_properties_keep_their_order(void **state)
{
	struct message m;

	(void)state;
	parse(BASE
	      "\"payloadlen\":1,\"mid\":1,\"properties\":{\"user-properties\":{\"type\":\"temp\","
	      "\"sensor\":\"kä \\\"x\\\"\",\"type\":\"again\",\"mqtt.x\":\"\"},"
	      "\"content-type\":\"application/json\",\"topic-alias\":3,\"response-topic\":\"r/t\","
	      "\"correlation-data\":\"a\\\"b\",\"payload-format-indicator\":1,"
	      "\"message-expiry-interval\":300,\"subscription-identifier\":7,"
	      "\"subscription-identifier\":8},\"payload\":1}",
	      &m);
	assert_text(m.content_type, "application/json");
	assert_text(
	    m.properties,
	    "type=temp&sensor=k%C3%A4+%22x%22&type=again&.mqtt.x=&mqtt.response-topic=r%2Ft&"
	    "mqtt.correlation-data=a%22b&mqtt.payload-format-indicator=1&"
	    "mqtt.message-expiry-interval=300&mqtt.subscription-identifier=7&"
	    "mqtt.subscription-identifier=8");
}

/* Which of %j and %J wrote a payload is told by its length. */
static void test_payload(void **state)
{
	static const struct {
		const char *printed, *payload;
	} cases[] = {
	    {"\"payloadlen\":20,\"payload\":\"{\\\"t\\\":24.50,\\\"u\\\":\\\"°\\\"}\"",
	     "{\"t\":24.50,\"u\":\"°\"}"},
	    {"\"payloadlen\":8,\"payload\":\"not json\"", "not json"},
	    {"\"payloadlen\":9,\"payload\":\"a\\tb\\nc/d\\\"\\\\\"", "a\tb\nc/d\"\\"},
	    {"\"payloadlen\":5,\"payload\":\"\\\"str\\\"\"", "\"str\""},
	    {"\"payloadlen\":5,\"payload\":\"str\"", "\"str\""},
	    {"\"payloadlen\":3,\"payload\":\"str\"", "str"},
	    {"\"payloadlen\":0,\"payload\":null", ""},
	    {"\"payloadlen\":4,\"payload\":null", "null"},
	    {"\"payloadlen\":4,\"payload\":true", "true"},
	    {"\"payloadlen\":8,\"payload\":[1,2.5]", "[1,2.5]"},
	    {"\"payload\":\"no length\"", "no length"},
	};
	char line[512];
	struct message m;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		snprintf(line, sizeof(line), BASE "%s}", cases[i].printed);
		parse(line, &m);
		assert_text(m.payload, cases[i].payload);
	}
}

static void test_time_stamps(void **state)
{
	static const char *const same[] = {
	    "2026-11-22T16:03:41.836186Z+0000", "2026-11-22T21:33:41.836186Z+0530",
	    "2026-11-22T12:03:41.836186Z-0400", "2026-11-22T17:03:41.836186+0100",
	    "2026-11-22T16:03:41.836186Z",      "2026-11-22T17:03:41.836186+01:00",
	};
	char line[256];
	struct message m;

	(void)state;
	for (size_t i = 0; i < sizeof(same) / sizeof(same[0]); i++) {
		snprintf(line, sizeof(line), "{\"tst\":\"%s\",\"topic\":\"a\",\"payload\":1}",
		         same[i]);
		parse(line, &m);
		assert_int_equal(m.received, 1795363421836186);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *line;
		size_t column;
		const char *what;
	} cases[] = {
	    {"{", 2, "a name in quotes is missing"},
	    {"{}", 3, "\"tst\" is missing"},
	    {"{" TST ",\"payload\":1}", 55, "\"topic\" is missing"},
	    {"{" TST ",\"topic\":\"a\"}", 55, "\"payload\" is missing"},
	    {"{\"topic\":\"a\",\"topic\":\"b\"}", 15, "a key that is given twice"},
	    {"{\"topic\":7}", 10, "\"topic\" is not a string"},
	    {"{\"tst\":1795363421}", 8, "\"tst\" is no time stamp of mosquitto_sub"},
	    {"{\"tst\":\"yesterday\"}", 9, "\"tst\" is no time stamp of mosquitto_sub"},
	    {"{\"tst\":\"2026-11-22T16:03:41Z+00:0\"}", 9,
	     "\"tst\" is no time stamp of mosquitto_sub"},
	    {"{\"qos\":3}", 8, "\"qos\" is not 0, 1 or 2"},
	    {"{\"qos\":1.0}", 8, "\"qos\" is not 0, 1 or 2"},
	    {"{\"qos\":18446744073709551617}", 8, "\"qos\" is not 0, 1 or 2"},
	    {"{\"retain\":true}", 11, "\"retain\" is not 0 or 1"},
	    {"{\"payloadlen\":-1}", 15, "\"payloadlen\" is not a number of bytes"},
	    {"{\"properties\":[]}", 15, "\"properties\" is not an object"},
	    {"{\"properties\":{\"colour\":1}}", 17, "a property that no MQTT message has"},
	    {"{\"properties\":{\"user-properties\":{\"a\":1}}}", 39,
	     "a user property that is not a string"},
	    {"{\"properties\":{\"response-topic\":\"a\",\"response-topic\":\"a\"}}", 38,
	     "a property that is given twice"},
	    {"{\"properties\":{\"message-expiry-interval\":4294967296}}", 42,
	     "a property that is not a number of 32 bits"},
	    {BASE "\"payload\":1}x", 88, "something follows the value"},
	    {BASE "\"payload\":{\"a\":01}}", 92, "a ',' or '}' is missing"},
	    {"{" TST ",\"topic\":\"\",\"payload\":1}", 52,
	     "a topic that is empty or over 65535 bytes"},
	    /* %j cut a binary payload at its first NUL */
	    {BASE "\"payloadlen\":7,\"payload\":\"ab\"}", 102,
	     "a payload that does not have \"payloadlen\" bytes"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct record_error error = {0};
		struct message m;

		assert_int_equal(
		    mosquitto_json_parse(slice_of(cases[i].line), &scratch, &m, &error), -1);
		assert_string_equal(error.what, cases[i].what);
		assert_int_equal(error.column, cases[i].column);
	}
}

static void assert_appended(const struct message *m, const char *expected)
{
	struct buf b = {0};

	mosquitto_json_append(&b, m);
	assert_string_equal(buf_string(&b), expected);
	buf_free(&b);
}

static void test_append(void **state)
{
	struct message m = {.received = 1795363421836186,
	                    .topic = SLICE("a/\"q\\/é"),
	                    .qos = 1,
	                    .retained = true,
	                    .payload = SLICE("")};

	(void)state;
	assert_appended(&m, "{" TST
	                    ",\"topic\":\"a/\\\"q\\\\/é\",\"qos\":1,\"retain\":1,\"payloadlen\":0,"
	                    "\"payload\":null}\n");
	m.content_type = SLICE("application/json");
	m.properties = SLICE("type=temp&mqtt.message-expiry-interval=300&sensor=k%C3%A4+%22x%22&"
	                     "mqtt.correlation-data=a%22b&type=again");
	assert_appended(&m, "{" TST
	                    ",\"topic\":\"a/\\\"q\\\\/é\",\"qos\":1,\"retain\":1,\"payloadlen\":0,"
	                    "\"properties\":{\"content-type\":\"application/json\","
	                    "\"user-properties\":{\"type\":\"temp\",\"sensor\":\"kä \\\"x\\\"\","
	                    "\"type\":\"again\"},\"message-expiry-interval\":300,"
	                    "\"correlation-data\":\"a\\\"b\"},\"payload\":null}\n");
}

/* Payload by payload what mosquitto_sub -F %J prints; and where it would lose something, better. */
static void test_append_payload(void **state)
{
	static const struct {
		const char *payload, *printed;
	} cases[] = {
	    {" { \"v\" : 1 } ", "{\"v\":1}"},
	    {"{\"t\":24.50,\"u\":\"°\"}", "{\"t\":24.5,\"u\":\"°\"}"},
	    {"{\"a\" : [ ] , \"b\":{ } , \"c\":[{}, []], \"d\":\"\\b\\f\\n\\r\\t\\u001f\\/\"}",
	     "{\"a\":[],\"b\":{},\"c\":[{},[]],\"d\":\"\\b\\f\\n\\r\\t\\u001f/\"}"},
	    {"[2147483648,4294967296.0,1e15,-0,0.0,1e5,1e-7,true,false,null]",
	     "[2147483648,4294967296,1e+15,-0,0,100000,1e-07,true,false,null]"},
	    {"{\"d\":1,\"d\":2}", "{\"d\":1,\"d\":2}"},
	    {"\"s\\u00e9\\ud83d\\ude00\"", "\"sé😀\""},
	    {"not \"json\"", "\"not \\\"json\\\"\""},
	    {"{\"v\":", "\"{\\\"v\\\":\""},
	    /* numbers that it rounds, overflows to null, and text that it cuts */
	    {"[3.0000000000000004,12345678901234567890,1e999]",
	     "[3.0000000000000004,12345678901234567890,1e999]"},
	    {"\"a\\u0000b\"", "\"a\\u0000b\""},
	    {"a\xff"
	     "b",
	     "\"a\xef\xbf\xbd"
	     "b\""},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct message m = {.received = 1795363421836186,
		                    .topic = SLICE("t"),
		                    .payload = slice_of(cases[i].payload)};
		char expected[512];

		snprintf(expected, sizeof(expected),
		         "{" TST ",\"topic\":\"t\",\"qos\":0,\"retain\":0,\"payloadlen\":%zu,"
		         "\"payload\":%s}\n",
		         m.payload.len, cases[i].printed);
		assert_appended(&m, expected);
	}
}

static int free_scratch(void **state)
{
	(void)state;
	buf_free(&scratch);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_message),
	    cmocka_unit_test(test_properties_keep_their_order),
	    cmocka_unit_test(test_payload),
	    cmocka_unit_test(test_time_stamps),
	    cmocka_unit_test(test_refused),
	    cmocka_unit_test(test_append),
	    cmocka_unit_test(test_append_payload),
	};

	return cmocka_run_group_tests(tests, NULL, free_scratch);
}
