/* Heads of requests: what is taken, and what everything else is answered. */
#include "../../../cmd/metrics-serve/http_request.h"
#include "../unit.h"

static enum http_status parse(struct slice head, struct http_request *r)
{
	struct slice copy = exact_copy(head);
	enum http_status status = http_request_parse(copy, r);

	exact_free(copy);
	return status;
}

#define assert_status(text, status)                                  \
	do {                                                         \
		struct http_request r_ = {0};                        \
		assert_int_equal(parse(SLICE(text), &r_), (status)); \
	} while (0)

static void what_is_taken(void **state)
{
	static const char get[] =
	    "GET /metrics?a=b HTTP/1.1\r\nhost:x\r\nAccept: a,\tb\xc3\xa4\r\n\r\n";
	struct http_request r = {0};

	(void)state;
	assert_int_equal(http_request_parse(slice_of(get), &r), HTTP_OK);
	assert_false(r.head_only);
	assert_slice(r.path, "/metrics");
	assert_int_equal(http_request_parse(SLICE("HEAD / HTTP/1.0\r\n\r\n"), &r), HTTP_OK);
	assert_true(r.head_only);
	assert_slice(r.path, "/");
	assert_status("GET / HTTP/1.0\r\nHost: a\r\n\r\n", HTTP_OK);
	assert_status("GET / HTTP/1.1\r\nHost:\r\nEmpty:\r\n\r\n", HTTP_OK);
}

static void request_lines(void **state)
{
	(void)state;
	assert_status("\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET /\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET  / HTTP/1.0\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET /  HTTP/1.0\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status(" GET / HTTP/1.0\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET / HTTP/1.0 \r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET metrics HTTP/1.0\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET http://x/metrics HTTP/1.0\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET * HTTP/1.0\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET /\x01 HTTP/1.0\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET /\xc3\xa4 HTTP/1.0\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET /\0 HTTP/1.0\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("G\0T / HTTP/1.0\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("G(T / HTTP/1.0\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET / http/1.0\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET / HTTP/1\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET / HTTP/1,0\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET / HTTP/2.0\r\n\r\n", HTTP_VERSION_NOT_SUPPORTED);
	assert_status("GET / HTTP/1.2\r\n\r\n", HTTP_VERSION_NOT_SUPPORTED);
	assert_status("POST /metrics HTTP/1.0\r\n\r\n", HTTP_METHOD_NOT_ALLOWED);
	assert_status("get /metrics HTTP/1.0\r\n\r\n", HTTP_METHOD_NOT_ALLOWED);
}

static void fields(void **state)
{
	(void)state;
	assert_status("GET / HTTP/1.1\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET / HTTP/1.1\r\nHost: a\r\nHOST: b\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET / HTTP/1.0\r\nno colon\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET / HTTP/1.0\r\nblank : a\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET / HTTP/1.0\r\n: a\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET / HTTP/1.0\r\na: b\r\n folded\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET / HTTP/1.0\r\na: \x01\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET / HTTP/1.0\r\na: \0\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET / HTTP/1.0\r\na: b\rc\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET / HTTP/1.0\r\ncontent-length: 0\r\n\r\n", HTTP_BAD_REQUEST);
	assert_status("GET / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", HTTP_BAD_REQUEST);
	/* A fault in a field counts for more than the method. */
	assert_status("POST / HTTP/1.1\r\n\r\n", HTTP_BAD_REQUEST);
}

static void where_the_head_ends(void **state)
{
	(void)state;
	assert_int_equal(http_head_length((struct slice){NULL, 0}), 0);
	assert_int_equal(http_head_length(SLICE("GET / HTTP/1.0\r\n\r")), 0);
	assert_int_equal(http_head_length(SLICE("a\r\n\r\nb")), 5);
	assert_false(http_head_is_hopeless(SLICE("a\r\n\r\n")));
	assert_true(http_head_is_hopeless(SLICE("a\n")));
	assert_true(http_head_is_hopeless(SLICE("\n")));
	assert_true(http_head_is_hopeless(SLICE("a\r\n\n")));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(what_is_taken),
	    cmocka_unit_test(request_lines),
	    cmocka_unit_test(fields),
	    cmocka_unit_test(where_the_head_ends),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
