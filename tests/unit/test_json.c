#include "unit.h"

#include "text/json.h"

#include <stdio.h>
#include <stdlib.h>

/* Reads the text to its end; JSON_END or JSON_ERROR. */
static enum json_token read_all(struct slice text, unsigned depth, struct json *j)
{
	enum json_token token;

	json_init(j, text, depth);
	do
		token = json_next(j);
	while (token != JSON_END && token != JSON_ERROR);
	return token;
}

static bool accepts(const char *bytes, size_t len)
{
	struct slice text = exact_copy((struct slice){bytes, len});
	struct json j;
	enum json_token token = read_all(text, JSON_DEPTH_MAX, &j);

	exact_free(text);
	return token == JSON_END;
}

#define ACCEPT(text)                          \
	if (!accepts(text, sizeof(text) - 1)) \
	fail_msg("refused: %s", text)
#define REFUSE(text)                         \
	if (accepts(text, sizeof(text) - 1)) \
	fail_msg("accepted: %s", text)

static void accepts_the_grammar(void **state)
{
	(void)state;
	ACCEPT("null");
	ACCEPT(" true ");
	ACCEPT("\t\r\n false");
	ACCEPT("[]");
	ACCEPT("[ ]");
	ACCEPT("{}");
	ACCEPT("{ }");
	ACCEPT("\"\"");
	ACCEPT("[1,2 , 3]");
	ACCEPT("[[],[[]],{}]");
	ACCEPT("{\"a\":{\"b\":[null,true,false]}}");
	ACCEPT("{\"\":0}");
	ACCEPT("{\"a\":1,\"a\":2}"); /* duplicates are the caller's to find */
	ACCEPT("-0");
	ACCEPT("-0.0e-0");
	ACCEPT("1E22");
	ACCEPT("123456789012345678901234567890");
	ACCEPT("\"\\\"\\\\\\/\\b\\f\\n\\r\\t\"");
	ACCEPT("\"\\u0000\\uFFFF\\u00e4\"");
	ACCEPT("\"\\ud83c\\udf21\"");
	ACCEPT("\"\x7f\"");
	ACCEPT("\"gr\xc3\xbc\xc3\x9f \xf0\x9f\x8c\xa1\"");
	ACCEPT("\"\xf4\x8f\xbf\xbf\"");
	ACCEPT("\"\xe2\x80\xa8\"");
}

static void refuses_everything_else(void **state)
{
	(void)state;
	REFUSE("");
	REFUSE(" ");
	REFUSE("\xef\xbb\xbf{}"); /* byte order mark */
	REFUSE("nul");
	REFUSE("nulll");
	REFUSE("True");
	REFUSE("NaN");
	REFUSE("Infinity");
	REFUSE("-Infinity");
	REFUSE("'a'");
	REFUSE("a");
	REFUSE("[");
	REFUSE("]");
	REFUSE("[1");
	REFUSE("[1,");
	REFUSE("[1,]");
	REFUSE("[,1]");
	REFUSE("[1,,2]");
	REFUSE("[1 2]");
	REFUSE("[1}");
	REFUSE("[1:2]");
	REFUSE("{");
	REFUSE("}");
	REFUSE("{]");
	REFUSE("{\"a\"");
	REFUSE("{\"a\":");
	REFUSE("{\"a\":}");
	REFUSE("{\"a\":1");
	REFUSE("{\"a\":1,}");
	REFUSE("{,\"a\":1}");
	REFUSE("{\"a\" 1}");
	REFUSE("{\"a\",1}");
	REFUSE("{a:1}");
	REFUSE("{1:1}");
	REFUSE("{\"a\":1 \"b\":2}");
	REFUSE("{\"a\":1}}");
	REFUSE("{}{}");
	REFUSE("1 2");
	REFUSE("[]x");
	REFUSE("01");
	REFUSE("-");
	REFUSE("+1");
	REFUSE(".5");
	REFUSE("-.5");
	REFUSE("2.");
	REFUSE("2.e3");
	REFUSE("1e");
	REFUSE("1e+");
	REFUSE("0x10");
	REFUSE("1_000");
	REFUSE("\"");
	REFUSE("\"a");
	REFUSE("\"\\\"");
	REFUSE("\"\\");
	REFUSE("\"\\a\"");
	REFUSE("\"\\x41\"");
	REFUSE("\"\\\0\"");
	REFUSE("\"\\u\"");
	REFUSE("\"\\u00\"");
	REFUSE("\"\\u00g0\"");
	REFUSE("\"\\ud800\"");
	REFUSE("\"\\udc00\"");
	REFUSE("\"\\ud800\\u0041\"");
	REFUSE("\"\\ud800\\ud800\"");
	REFUSE("\"\\ud83c\\udf2\"");
	REFUSE("\"a\tb\"");
	REFUSE("\"a\nb\"");
	REFUSE("\"a\0b\"");
	REFUSE("\"\x1f\"");
	REFUSE("\"\xff\"");
	REFUSE("\"\xc0\xaf\"");
	REFUSE("\"\xed\xa0\x80\"");
	REFUSE("\"\xe2\x82\"");
	REFUSE("[1]\0");
	REFUSE("\0");
	REFUSE("[\x0b]");
	REFUSE("[\x0c]");
	REFUSE("[\xc2\xa0]");
	REFUSE("/* */1");
	REFUSE("1//");
}

/* A string of every length and a special byte at every place in it, over the word-wise scan. */
static void finds_specials_at_every_offset(void **state)
{
	(void)state;
	for (size_t len = 1; len < 40; len++) {
		for (size_t at = 0; at < len; at++) {
			char text[64];

			memset(text, 'x', sizeof(text));
			text[0] = text[len + 1] = '"';
			assert_true(accepts(text, len + 2));
			text[1 + at] = '\x01';
			assert_false(accepts(text, len + 2));
			text[1 + at] = '\xff';
			assert_false(accepts(text, len + 2));
			text[1 + at] = '"';
			assert_false(accepts(text, len + 2));
		}
	}
}

static void bounds_depth(void **state)
{
	struct json j;

	(void)state;
	assert_int_equal(read_all(SLICE("[[[]]]"), 3, &j), JSON_END);
	assert_int_equal(read_all(SLICE("[[[]]]"), 2, &j), JSON_ERROR);
	assert_string_equal(j.error, "nested too deeply");
	assert_int_equal(j.error_at, 2);
	assert_int_equal(read_all(SLICE("{\"a\":{}}"), 1, &j), JSON_ERROR);
}

static void gives_tokens_in_order(void **state)
{
	struct json j;

	(void)state;
	json_init(&j, SLICE(" {\"a\" : [1.50, \"x\\ny\"], \"b\":null}"), 8);
	assert_int_equal(json_next(&j), JSON_OBJECT);
	assert_int_equal(j.depth, 1);
	assert_int_equal(json_next(&j), JSON_NAME);
	assert_slice(j.text, "a");
	assert_int_equal(json_next(&j), JSON_ARRAY);
	assert_int_equal(json_next(&j), JSON_NUMBER);
	assert_slice(j.text, "1.50");
	assert_int_equal(json_next(&j), JSON_STRING);
	assert_slice(j.text, "x\\ny");
	assert_true(j.escaped);
	assert_int_equal(json_next(&j), JSON_ARRAY_END);
	assert_int_equal(json_next(&j), JSON_NAME);
	assert_false(j.escaped);
	assert_int_equal(json_next(&j), JSON_NULL);
	assert_int_equal(json_next(&j), JSON_OBJECT_END);
	assert_int_equal(json_next(&j), JSON_END);
	assert_int_equal(json_next(&j), JSON_END);
}

static void skips_whole_values(void **state)
{
	struct json j;

	(void)state;
	json_init(&j, SLICE("[{\"a\":[1,{}]},2]"), 8);
	assert_int_equal(json_next(&j), JSON_ARRAY);
	assert_int_equal(json_skip(&j, json_next(&j)), 0);
	assert_int_equal(json_next(&j), JSON_NUMBER);
	assert_slice(j.text, "2");
	json_init(&j, SLICE("[{\"a\":[1,}]"), 8);
	assert_int_equal(json_skip(&j, json_next(&j)), -1);
	assert_int_equal(json_next(&j), JSON_ERROR);
}

static void unescapes(void **state)
{
	struct buf b = {0};

	(void)state;
	json_unescape(SLICE("a\\\"\\\\\\/\\b\\f\\n\\r\\t\\u0041\\u00fc\\u20ac\\ud83c\\udf21z"), &b);
	assert_slice(buf_slice(&b), "a\"\\/\b\f\n\r\tA\xc3\xbc\xe2\x82\xac\xf0\x9f\x8c\xa1z");
	buf_clear(&b);
	json_unescape(SLICE("\\u0000"), &b);
	assert_slice(buf_slice(&b), "\0");
	buf_free(&b);
}

/* Every byte below 0x80, and text beyond, survives being written as a JSON string. */
static void strings_round_trip(void **state)
{
	struct buf written = {0}, back = {0};
	char bytes[0x80 + 4];
	struct json j;

	(void)state;
	for (int i = 0; i < 0x80; i++)
		bytes[i] = (char)i;
	memcpy(bytes + 0x80, "\xf0\x9f\x8c\xa1", 4);
	json_append_string(&written, (struct slice){bytes, sizeof(bytes)});
	json_init(&j, buf_slice(&written), 1);
	assert_int_equal(json_next(&j), JSON_STRING);
	json_unescape(j.text, &back);
	assert_int_equal(json_next(&j), JSON_END);
	assert_int_equal(back.len, sizeof(bytes));
	assert_memory_equal(back.ptr, bytes, sizeof(bytes));
	buf_free(&written);
	buf_free(&back);
}

/* Arrays and objects in turn, `count` of them, with `inner` in the innermost. */
static void nest(struct buf *text, int count, const char *inner)
{
	buf_clear(text);
	for (int i = 0; i < count; i++)
		buf_append_string(text, i % 3 ? "[" : "{\"a\":");
	buf_append_string(text, inner);
	for (int i = count; i-- > 0;)
		buf_append_string(text, i % 3 ? "]" : "}");
}

static void test_check_at_any_depth(void **state)
{
	static const int depths[] = {1, 255, 256, 511, 512, 513, 767, 768, 769, 1024, 100000};
	struct buf text = {0}, stack = {0};
	struct json json;

	(void)state;
	for (size_t i = 0; i < sizeof(depths) / sizeof(depths[0]); i++) {
		nest(&text, depths[i], "1");
		assert_int_equal(json_check(&json, buf_slice(&text), &stack), 0);
		text.len--;
		assert_int_equal(json_check(&json, buf_slice(&text), &stack), -1);
		assert_string_equal(json.error, "object without an end");
		assert_int_equal(json.error_at, text.len);
		buf_append_string(&text, "]");
		assert_int_equal(json_check(&json, buf_slice(&text), &stack), -1);
		assert_int_equal(json.error_at, text.len - 1);
		nest(&text, depths[i], "01");
		assert_int_equal(json_check(&json, buf_slice(&text), &stack), -1);
	}
	assert_int_equal(json_check(&json, SLICE(""), &stack), -1);
	assert_int_equal(json_check(&json, SLICE("[1] [2]"), &stack), -1);
	buf_free(&text);
	buf_free(&stack);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_check_at_any_depth),
	    cmocka_unit_test(accepts_the_grammar),
	    cmocka_unit_test(refuses_everything_else),
	    cmocka_unit_test(finds_specials_at_every_offset),
	    cmocka_unit_test(bounds_depth),
	    cmocka_unit_test(gives_tokens_in_order),
	    cmocka_unit_test(skips_whole_values),
	    cmocka_unit_test(unescapes),
	    cmocka_unit_test(strings_round_trip),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
