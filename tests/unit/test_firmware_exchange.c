/*
 * Requests and replies: written and read again, and everything that is none.
 */
#include "unit.h"

#include "base/clock.h"
#include "firmware/reply.h"
#include "firmware/request.h"

#include <string.h>

static struct buf line, parsed, scratch;

static int free_buffers(void **state)
{
	(void)state;
	buf_free(&line);
	buf_free(&parsed);
	buf_free(&scratch);
	return 0;
}

/* The message of a record, which is `text` with its line end. */
static struct message message_of(struct slice text)
{
	struct record_error error;
	struct message m;

	assert_true(text.len > 0 && text.ptr[text.len - 1] == '\n');
	text.len--;
	assert_int_equal(message_parse(text, &parsed, &m, &error), 0);
	return m;
}

/* ---- requests ---- */

#define REQUEST_PROPERTIES                                                      \
	"mqtt.response-topic=fw%2Frx%2Fd1&mqtt.correlation-data=%00%FFid&mqtt." \
	"message-expiry-interval=20"
#define REQUEST_PAYLOAD \
	"{\"model\":\"thermo\",\"version\":\"1.4.0\",\"offset\":16384,\"length\":4096}"

static const struct message sample = {
    .qos = 1,
    .topic = {"fw/get/d1", 9},
    .content_type = {"application/json", 16},
    .properties = {REQUEST_PROPERTIES, sizeof(REQUEST_PROPERTIES) - 1},
    .payload = {REQUEST_PAYLOAD, sizeof(REQUEST_PAYLOAD) - 1},
};

static void test_request(void **state)
{
	struct firmware_request r;
	const char *fault = "";

	(void)state;
	assert_int_equal(request_parse(&sample, &scratch, &r, &fault), REQUEST_GOOD);
	assert_slice(r.device, "d1");
	assert_slice(r.correlation, "\0\xffid");
	assert_int_equal(r.expiry, 20);
	assert_slice(r.model, "thermo");
	assert_slice(r.version, "1.4.0");
	assert_int_equal(r.offset, 16384);
	assert_int_equal(r.length, 4096);
}

static void test_request_round_trip(void **state)
{
	const struct firmware_request r = {
	    .device = SLICE("d1"),
	    .correlation = SLICE("\0\xffid"),
	    .expiry = 20,
	    .model = SLICE("thermo"),
	    .version = SLICE("1.4.0"),
	    .offset = 16384,
	    .length = 4096,
	};

	(void)state;
	buf_clear(&line);
	request_append(&line, &scratch, &r, 0);
	assert_slice(buf_slice(&line),
	             "m1\t0\t1970-01-01T00:00:00.000000Z\tfw/get/d1\tq1\tapplication/"
	             "json\t" REQUEST_PROPERTIES "\t" REQUEST_PAYLOAD "\n");
}

/* What must not be answered. */
static void test_alien(void **state)
{
	static const struct {
		const char *topic, *properties;
	} cases[] = {
	    {"fw/get", REQUEST_PROPERTIES},
	    {"fw/get/d2", REQUEST_PROPERTIES}, /* the replies would go to d1 */
	    {"fw/rx/d1", REQUEST_PROPERTIES},
	    {"fw/get/d1/x", REQUEST_PROPERTIES},
	    {"fw/get/d1", ""},
	    {"fw/get/d1", "mqtt.correlation-data=a&mqtt.message-expiry-interval=1"},
	    {"fw/get/d1", "mqtt.response-topic=fw%2Frx%2Fd1&mqtt.message-expiry-interval=1"},
	    {"fw/get/d1", "mqtt.response-topic=fw%2Frx%2Fd1&mqtt.correlation-data="
	                  "&mqtt.message-expiry-interval=1"},
	    {"fw/get/d1", "mqtt.response-topic=fw%2Frx%2Fd1&mqtt.correlation-data=a"},
	    {"fw/get/d1", "mqtt.response-topic=fw%2Frx%2Fd1&mqtt.correlation-data=a"
	                  "&mqtt.message-expiry-interval=4294967296"},
	    {"fw/get/d1", "response-topic=fw%2Frx%2Fd1&mqtt.correlation-data=a"
	                  "&mqtt.message-expiry-interval=1"},
	    {"fw/get/d1", "mqtt.response-topic=fw%2Frx%2F%23&mqtt.correlation-data=a"
	                  "&mqtt.message-expiry-interval=1"},
	    {"fw/get/d1", REQUEST_PROPERTIES "&mqtt.response-topic=fw%2Frx%2Fd1"},
	    {"fw/get/d1", REQUEST_PROPERTIES "&%"},
	};
	struct firmware_request r;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct message m = sample;
		const char *fault = NULL;

		m.topic = slice_of(cases[i].topic);
		m.properties = slice_of(cases[i].properties);
		assert_int_equal(request_parse(&m, &scratch, &r, &fault), REQUEST_ALIEN);
		assert_non_null(fault);
	}
}

static void test_retained(void **state)
{
	struct message m = sample;
	struct firmware_request r;
	const char *fault;

	(void)state;
	m.retained = true;
	assert_int_equal(request_parse(&m, &scratch, &r, &fault), REQUEST_ALIEN);
}

static void test_long_correlation(void **state)
{
	struct message m = sample;
	struct firmware_request r;
	struct buf properties = {0};
	const char *fault;

	(void)state;
	buf_append_string(&properties, "mqtt.response-topic=fw%2Frx%2Fd1"
	                               "&mqtt.message-expiry-interval=1&mqtt.correlation-data=");
	for (int i = 0; i < REQUEST_CORRELATION_MAX; i++)
		buf_append_string(&properties, "%20");
	m.properties = buf_slice(&properties);
	assert_int_equal(request_parse(&m, &scratch, &r, &fault), REQUEST_GOOD);
	buf_putc(&properties, 'x');
	m.properties = buf_slice(&properties);
	assert_int_equal(request_parse(&m, &scratch, &r, &fault), REQUEST_ALIEN);
	buf_free(&properties);
}

/* What is answered with bad-request. */
static void test_bad(void **state)
{
	static const char *const payloads[] = {
	    "",
	    "[]",
	    "{}",
	    "{\"model\":\"thermo\",\"version\":\"1\",\"offset\":0}",
	    "{\"model\":\"thermo\",\"version\":\"1\",\"offset\":0,\"length\":1,\"x\":1}",
	    "{\"model\":\"thermo\",\"version\":\"1\",\"offset\":0,\"length\":1,\"length\":1}",
	    "{\"model\":\"../etc\",\"version\":\"1\",\"offset\":0,\"length\":1}",
	    "{\"model\":\"thermo\",\"version\":\"..\",\"offset\":0,\"length\":1}",
	    "{\"model\":\"thermo\",\"version\":\"1\",\"offset\":-1,\"length\":1}",
	    "{\"model\":\"thermo\",\"version\":\"1\",\"offset\":0.5,\"length\":1}",
	    "{\"model\":\"thermo\",\"version\":\"1\",\"offset\":\"0\",\"length\":1}",
	    "{\"model\":\"thermo\",\"version\":\"1\",\"offset\":0,\"length\":[[[1]]]}",
	    "{\"model\":\"thermo\",\"version\":\"1\",\"offset\":0,\"length\":1}x",
	};
	struct firmware_request r;
	const char *fault;

	(void)state;
	for (size_t i = 0; i < sizeof(payloads) / sizeof(payloads[0]); i++) {
		struct message m = sample;

		m.payload = slice_of(payloads[i]);
		fault = NULL;
		assert_int_equal(request_parse(&m, &scratch, &r, &fault), REQUEST_BAD);
		assert_non_null(fault);
		assert_slice(r.device, "d1");
		assert_int_equal(r.expiry, 20);
	}
}

static void test_bad_content_type(void **state)
{
	struct message m = sample;
	struct firmware_request r;
	const char *fault;

	(void)state;
	m.content_type = SLICE("text/plain");
	assert_int_equal(request_parse(&m, &scratch, &r, &fault), REQUEST_BAD);
}

/* ---- replies ---- */

static struct firmware_reply piece(struct slice bytes)
{
	return (struct firmware_reply){
	    .device = SLICE("d1"),
	    .correlation = SLICE("\0\xffid"),
	    .expiry = 7,
	    .qos = 1,
	    .version = SLICE("1.4.0"),
	    .offset = 4096,
	    .bytes = bytes,
	};
}

static void test_piece(void **state)
{
	const struct firmware_reply r = piece(SLICE("123456789"));
	struct firmware_reply back;
	const char *fault = "";
	struct message m;

	(void)state;
	buf_clear(&line);
	reply_append(&line, &scratch, &r, 0);
	assert_slice(buf_slice(&line),
	             "m1\t0\t1970-01-01T00:00:00.000000Z\tfw/rx/d1\tq1\tapplication/octet-stream\t"
	             "mqtt.correlation-data=%00%FFid&mqtt.message-expiry-interval=7&version=1.4.0"
	             "&offset=4096&crc32c=e3069283\t123456789\n");
	m = message_of(buf_slice(&line));
	assert_int_equal(reply_parse(&m, &scratch, &back, &fault), 0);
	assert_slice(back.device, "d1");
	assert_slice(back.correlation, "\0\xffid");
	assert_slice(back.version, "1.4.0");
	assert_slice(back.bytes, "123456789");
	assert_int_equal(back.offset, 4096);
	assert_int_equal(back.expiry, 7);
	assert_int_equal(back.qos, 1);
	assert_int_equal(back.error, REPLY_NO_ERROR);
	assert_true(back.sound);

	m.payload = SLICE("123456780");
	assert_int_equal(reply_parse(&m, &scratch, &back, &fault), 0);
	assert_false(back.sound);
}

/* All bytes, in a record and back. */
static void test_binary(void **state)
{
	unsigned char bytes[256];
	struct firmware_reply r, back;
	const char *fault = "";
	struct message m;

	(void)state;
	for (int i = 0; i < 256; i++)
		bytes[i] = (unsigned char)i;
	r = piece((struct slice){(char *)bytes, sizeof(bytes)});
	buf_clear(&line);
	reply_append(&line, &scratch, &r, 0);
	m = message_of(buf_slice(&line));
	assert_int_equal(reply_parse(&m, &scratch, &back, &fault), 0);
	assert_true(back.sound);
	assert_int_equal(back.bytes.len, sizeof(bytes));
	assert_memory_equal(back.bytes.ptr, bytes, sizeof(bytes));
}

static void test_refusals(void **state)
{
	struct firmware_reply r = piece((struct slice){0}), back;
	const char *fault = "";
	struct message m;

	(void)state;
	r.detail = SLICE("no \"x\"");
	for (int error = REPLY_BAD_REQUEST; error < REPLY_ERRORS; error++) {
		r.error = (enum reply_error)error;
		buf_clear(&line);
		reply_append(&line, &scratch, &r, 0);
		m = message_of(buf_slice(&line));
		assert_slice(m.content_type, "application/json");
		assert_int_equal(reply_parse(&m, &scratch, &back, &fault), 0);
		assert_int_equal(back.error, r.error);
		assert_slice(back.correlation, "\0\xffid");
	}
	assert_slice(m.payload, "{\"error\":\"busy\",\"detail\":\"no \\\"x\\\"\"}");
}

static void test_no_replies(void **state)
{
	static const struct {
		const char *topic, *type, *properties;
	} cases[] = {
	    {"fw/get/d1", "application/octet-stream",
	     "mqtt.correlation-data=a&version=1&offset=0&crc32c=00000000"},
	    {"fw/rx/d1", "application/json",
	     "mqtt.correlation-data=a&version=1&offset=0&crc32c=00000000"},
	    {"fw/rx/d1", "application/octet-stream", "version=1&offset=0&crc32c=00000000"},
	    {"fw/rx/d1", "application/octet-stream",
	     "mqtt.correlation-data=a&version=..&offset=0&crc32c=00000000"},
	    {"fw/rx/d1", "application/octet-stream",
	     "mqtt.correlation-data=a&version=1&offset=-0&crc32c=00000000"},
	    {"fw/rx/d1", "application/octet-stream",
	     "mqtt.correlation-data=a&version=1&offset=18446744073709551616&crc32c=00000000"},
	    {"fw/rx/d1", "application/octet-stream",
	     "mqtt.correlation-data=a&version=1&offset=0&crc32c=0000000"},
	    {"fw/rx/d1", "application/octet-stream",
	     "mqtt.correlation-data=a&version=1&offset=0&crc32c=0000000g"},
	    {"fw/rx/d1", "application/octet-stream",
	     "mqtt.correlation-data=a&version=1&offset=0&crc32c=00000000&offset=0"},
	    {"fw/rx/d1", "application/json", "mqtt.correlation-data=a&error=other"},
	    {"fw/rx/d1", "application/json", "mqtt.correlation-data=a&error="},
	};
	struct firmware_reply r;
	const char *fault;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct message m = {
		    .topic = slice_of(cases[i].topic),
		    .content_type = slice_of(cases[i].type),
		    .properties = slice_of(cases[i].properties),
		};

		fault = NULL;
		assert_int_equal(reply_parse(&m, &scratch, &r, &fault), -1);
		assert_non_null(fault);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_request),
	    cmocka_unit_test(test_request_round_trip),
	    cmocka_unit_test(test_alien),
	    cmocka_unit_test(test_retained),
	    cmocka_unit_test(test_long_correlation),
	    cmocka_unit_test(test_bad),
	    cmocka_unit_test(test_bad_content_type),
	    cmocka_unit_test(test_piece),
	    cmocka_unit_test(test_binary),
	    cmocka_unit_test(test_refusals),
	    cmocka_unit_test(test_no_replies),
	};

	return cmocka_run_group_tests(tests, NULL, free_buffers);
}
