#include "unit.h"

#include "text/utf8.h"

static bool valid(const char *bytes, size_t len)
{
	struct slice text = exact_copy((struct slice){bytes, len});
	bool is = utf8_valid(text);

	exact_free(text);
	return is;
}

/* Every code point encodes to a sequence that is valid, and to the length the standard gives. */
static void takes_every_code_point(void **state)
{
	(void)state;
	for (uint32_t c = 0; c <= 0x10ffff; c++) {
		char bytes[4];
		unsigned n;

		if (c >= 0xd800 && c <= 0xdfff)
			continue;
		n = utf8_encode(c, bytes);
		assert_int_equal(n, c < 0x80 ? 1 : c < 0x800 ? 2 : c < 0x10000 ? 3 : 4);
		assert_int_equal(utf8_sequence(bytes, bytes + n), n);
		assert_int_equal(utf8_sequence(bytes, bytes + n - 1), 0);
	}
}

static void refuses_ill_formed_bytes(void **state)
{
	(void)state;
	assert_false(valid("\x80", 1));
	assert_false(valid("\xc0\x80", 2));
	assert_false(valid("\xc1\xbf", 2));
	assert_false(valid("\xe0\x9f\xbf", 3));
	assert_false(valid("\xed\xa0\x80", 3)); /* a surrogate */
	assert_false(valid("\xf0\x8f\xbf\xbf", 4));
	assert_false(valid("\xf4\x90\x80\x80", 4)); /* over U+10FFFF */
	assert_false(valid("\xf5\x80\x80\x80", 4));
	assert_false(valid("\xff", 1));
	assert_false(valid("12345678\xc3", 9));
	assert_false(valid("\xe2\x82", 2));
	assert_false(valid("\xc3(", 2));
}

static void takes_well_formed_text(void **state)
{
	(void)state;
	assert_true(valid("", 0));
	assert_true(valid("plain text, longer than a word", 30));
	assert_true(valid("gr\xc3\xbc\xc3\x9f", 7));
	assert_true(valid("1234567\xe2\x82\xac", 10));
	assert_true(valid("a\0b", 3));
	assert_int_equal(utf8_length(SLICE("a\xc3\xbc\xe2\x82\xac\xf0\x9f\x8c\xa1")), 4);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(takes_every_code_point),
	    cmocka_unit_test(refuses_ill_formed_bytes),
	    cmocka_unit_test(takes_well_formed_text),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
