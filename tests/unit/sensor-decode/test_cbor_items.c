#include "../unit.h"

#include "../../../cmd/sensor-decode/cbor/cbor_items.h"
#include "../../../cmd/sensor-decode/cbor/cbor_number.h"

static struct buf text;

static void append_item(struct items *i, enum item item)
{
	struct fault fault;

	if (i->key)
		buf_putc(&text, '.');
	switch (item) {
	case ITEM_INTEGER:
	case ITEM_FLOAT:
		if (cbor_number_append(i, item, &text, &fault) < 0)
			buf_append_string(&text, fault_name(fault.code));
		break;
	case ITEM_TEXT:
		buf_printf(&text, "\"%.*s\"", SLICE_ARG(i->text));
		break;
	case ITEM_BYTES:
		buf_putc(&text, 'h');
		for (size_t at = 0; at < i->text.len; at++)
			buf_printf(&text, "%02x", (unsigned char)i->text.ptr[at]);
		break;
	case ITEM_TAG:
		buf_printf(&text, "#%llu", (unsigned long long)i->integer);
		break;
	default:
		buf_append_string(&text, items_shape(item));
	}
}

/* The items, blanks between them, or "OFFSET: ERROR". Keys have a dot before them. */
static const char *items(struct slice bytes)
{
	struct slice copy = exact_copy(bytes);
	char *joined = test_malloc(bytes.len + 1);
	struct items i;
	enum item item;

	buf_clear(&text);
	items_init(&i, copy, 4, joined);
	while ((item = items_next(&i)) != ITEM_END && item != ITEM_ERROR) {
		if (text.len)
			buf_putc(&text, ' ');
		if (item == ITEM_CLOSE)
			buf_putc(&text, ')');
		else if (item == ITEM_MAP || item == ITEM_ARRAY)
			buf_append_string(&text, item == ITEM_MAP ? "map(" : "array(");
		else
			append_item(&i, item);
	}
	if (item == ITEM_ERROR) {
		assert_int_equal(items_next(&i), ITEM_ERROR);
		buf_clear(&text);
		buf_printf(&text, "%zu: %s", i.error_at, i.error);
	}
	test_free(joined);
	exact_free(copy);
	return buf_string(&text);
}

/* A case whose bytes are those of a string literal. */
#define CASE(bytes, result) assert_string_equal(items(SLICE(bytes)), result)

/* Values of RFC 8949, appendix A. */
static void test_scalars(void **state)
{
	(void)state;
	CASE("\x00", "0");
	CASE("\x17", "23");
	CASE("\x18\x64", "100");
	CASE("\x19\x03\xe8", "1000");
	CASE("\x1a\x00\x0f\x42\x40", "1000000");
	CASE("\x1b\xff\xff\xff\xff\xff\xff\xff\xff", "18446744073709551615");
	CASE("\x20", "-1");
	CASE("\x39\x03\xe7", "-1000");
	CASE("\x3b\x7f\xff\xff\xff\xff\xff\xff\xff", "-9223372036854775808");
	CASE("\x3b\xff\xff\xff\xff\xff\xff\xff\xff", "-18446744073709551616");
	CASE("\xf9\x00\x00", "0");
	CASE("\xf9\x80\x00", "-0");
	CASE("\xf9\x3e\x00", "1.5");
	CASE("\xf9\x7b\xff", "65504");
	CASE("\xf9\x00\x01", "5.9604644775390625e-08");
	CASE("\xfa\x47\xc3\x50\x00", "100000");
	CASE("\xfa\x7f\x7f\xff\xff", "3.4028234663852886e+38");
	CASE("\xfb\x3f\xf1\x99\x99\x99\x99\x99\x9a", "1.1");
	CASE("\xfb\xc0\x10\x66\x66\x66\x66\x66\x66", "-4.1");
	CASE("\xf9\x7c\x00", "number-range");
	CASE("\xfa\xff\x80\x00\x00", "number-range");
	CASE("\xfb\x7f\xf8\x00\x00\x00\x00\x00\x00", "number-range");
	CASE("\xf4", "a truth value");
	CASE("\xf6", "null");
	CASE("\xf7", "undefined");
	CASE("\xf0", "a simple value without a meaning");
	CASE("\xf8\xff", "a simple value without a meaning");
	CASE("\x40", "h");
	CASE("\x44\x01\x02\x03\x04", "h01020304");
	CASE("\x60", "\"\"");
	CASE("\x62\xc3\xbc", "\"\xc3\xbc\"");
	CASE("\xc1\x1a\x51\x4b\x67\xb0", "#1 1363896240");
	CASE("\xd9\xd9\xf7\x00", "#55799 0");
}

static void test_containers(void **state)
{
	(void)state;
	CASE("\x80", "array( )");
	CASE("\x83\x01\x82\x02\x03\x04", "array( 1 array( 2 3 ) 4 )");
	CASE("\xa0", "map( )");
	CASE("\xa2\x61"
	     "a\x01\x61"
	     "b\x82\x02\x03",
	     "map( .\"a\" 1 .\"b\" array( 2 3 ) )");
	CASE("\x9f\xff", "array( )");
	CASE("\x9f\x01\x82\x02\x03\x9f\x04\xff\xff", "array( 1 array( 2 3 ) array( 4 ) )");
	CASE("\xbf\x61"
	     "a\x01\xc4\x02\x9f\xff\xff",
	     "map( .\"a\" 1 .#4 .2 array( ) )");
	CASE("\xa1\xa1\x01\x02\x03", "map( map( .1 2 ) 3 )");
	CASE("\x7f\x62"
	     "ab\x60\x61"
	     "c\xff",
	     "\"abc\"");
	CASE("\x82\x5f\x42\x01\x02\x41\x03\xff\x7f\xff", "array( h010203 \"\" )");
}

static void test_not_well_formed(void **state)
{
	(void)state;
	CASE("", "0: the payload ends where an item should be");
	CASE("\x18", "0: the payload ends inside an item");
	CASE("\xfb\x00\x00", "0: the payload ends inside an item");
	CASE("\x62"
	     "a",
	     "0: the payload ends inside an item");
	CASE("\x5b\xff\xff\xff\xff\xff\xff\xff\xff", "0: the payload ends inside an item");
	CASE("\x81", "1: the payload ends inside a map or an array");
	CASE("\x9b\xff\xff\xff\xff\xff\xff\xff\xff",
	     "9: the payload ends inside a map or an array");
	CASE("\xbb\x80\x00\x00\x00\x00\x00\x00\x01\x01\x02",
	     "9: the payload ends inside a map or an array");
	CASE("\xa1\x01", "1: the payload ends inside a map or an array");
	CASE("\x82\x82\x01\x02", "4: the payload ends where an item should be");
	CASE("\x9f\x01", "2: the payload ends where an item should be");
	CASE("\xc1", "1: the payload ends where an item should be");
	CASE("\x7f\x61"
	     "a",
	     "3: the payload ends where an item should be");
	CASE("\x00\x00", "1: something follows the item");
	CASE("\xff", "0: an end of nothing");
	CASE("\x81\xff", "1: an end of nothing");
	CASE("\x9f\xc1\xff", "2: an end of nothing");
	CASE("\xbf\x01\xff", "2: a key without a value");
	CASE("\x1c", "0: not an item of CBOR");
	CASE("\x1f", "0: not an item of CBOR");
	CASE("\x3f", "0: not an item of CBOR");
	CASE("\xdf\x00", "0: not an item of CBOR");
	CASE("\xfc", "0: not an item of CBOR");
	CASE("\xf8\x14", "0: not an item of CBOR");
	CASE("\xf8", "0: not an item of CBOR");
	CASE("\x7f\x41"
	     "a\xff",
	     "1: a string with something else than its pieces in it");
	CASE("\x7f\x7f\xff\xff", "1: a string with something else than its pieces in it");
	CASE("\x5f\xc1\x40\xff", "1: a string with something else than its pieces in it");
	CASE("\x62\xc3\x28", "0: text that is not UTF-8");
	CASE("\x7f\x61\xc3\x61\xbc\xff", "1: text that is not UTF-8");
	CASE("\x81\x81\x81\x81\x81\x00", "5: nested too deeply");
}

static void test_skip(void **state)
{
	struct slice bytes = SLICE("\x83\xc1\x82\x01\xa1\x02\x03\xc2\xc3\x40\x05");
	char joined[16];
	struct items i;

	(void)state;
	items_init(&i, bytes, 4, joined);
	assert_int_equal(items_next(&i), ITEM_ARRAY);
	assert_int_equal(items_skip(&i, items_next(&i)), 0); /* a tagged array */
	assert_int_equal(items_skip(&i, items_next(&i)), 0); /* bytes with two tags */
	assert_int_equal(items_next(&i), ITEM_INTEGER);
	assert_int_equal(i.integer, 5);
	assert_int_equal(items_skip(&i, ITEM_INTEGER), 0);
	assert_int_equal(items_next(&i), ITEM_CLOSE);
	bytes.len--;
	items_init(&i, bytes, 4, joined);
	assert_int_equal(items_skip(&i, items_next(&i)), -1);
}

/* Decimal fractions, tag 4. */
static const char *decimal(struct slice bytes)
{
	struct fault fault;
	char joined[64];
	struct items i;

	buf_clear(&text);
	items_init(&i, bytes, 4, joined);
	if (cbor_number_append(&i, items_next(&i), &text, &fault) < 0) {
		buf_clear(&text);
		buf_append_string(&text, fault_name(fault.code));
	}
	return buf_string(&text);
}

static void test_decimals(void **state)
{
	(void)state;
	assert_string_equal(decimal(SLICE("\xc4\x82\x21\x19\x6a\xb3")), "273.15");
	assert_string_equal(decimal(SLICE("\xc4\x82\x21\x39\x6a\xb2")), "-273.15");
	assert_string_equal(decimal(SLICE("\xc4\x82\x20\x05")), "0.5");
	assert_string_equal(decimal(SLICE("\xc4\x82\x31\x05")), "0.000000000000000005");
	assert_string_equal(decimal(SLICE("\xc4\x82\x32\x05")), "5e-19");
	assert_string_equal(decimal(SLICE("\xc4\x82\x00\x05")), "5");
	assert_string_equal(decimal(SLICE("\xc4\x82\x03\x24")), "-5e3");
	assert_string_equal(decimal(SLICE("\xc4\x9f\x21\x05\xff")), "0.05");
	assert_string_equal(decimal(SLICE("\xc4\x82\x31\x3b\xff\xff\xff\xff\xff\xff\xff\xff")),
	                    "-18.446744073709551616");
	assert_string_equal(decimal(SLICE("\xc4\x82\x19\x27\x10\x05")), "number-range");
	assert_string_equal(decimal(SLICE("\xc4\x82\x3b\xff\xff\xff\xff\xff\xff\xff\xff\x05")),
	                    "number-range");
	assert_string_equal(decimal(SLICE("\xc4\x81\x01")), "unsupported-shape");
	assert_string_equal(decimal(SLICE("\xc4\x83\x01\x02\x03")), "unsupported-shape");
	assert_string_equal(decimal(SLICE("\xc4\x82\x01\xc2\x41\x05")), "unsupported-shape");
	assert_string_equal(decimal(SLICE("\xc4\x82\xf9\x3c\x00\x05")), "unsupported-shape");
	assert_string_equal(decimal(SLICE("\xc4\xa1\x01\x02")), "unsupported-shape");
	assert_string_equal(decimal(SLICE("\xc4\x05")), "unsupported-shape");
	assert_string_equal(decimal(SLICE("\xc4\x82\x01")), "bad-cbor");
}

static int free_all(void **state)
{
	(void)state;
	buf_free(&text);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_scalars),         cmocka_unit_test(test_containers),
	    cmocka_unit_test(test_not_well_formed), cmocka_unit_test(test_skip),
	    cmocka_unit_test(test_decimals),
	};

	return cmocka_run_group_tests(tests, NULL, free_all);
}
