#include "decoded.h"

#include "../../../cmd/sensor-decode/cbor/decode_cbor.h"

static struct decoded d = {.decoder = decode_cbor,
                           .options.json = {.unit = TIME_MS, .max_depth = 4}};

/* A case whose bytes are those of a string literal. */
#define CASE(bytes, result) assert_string_equal(decoded(&d, SLICE(bytes)), result)

/* The one value of a map, under the name "a". */
#define VALUE(bytes, result) CASE("\xa1\x61\x61" bytes, result)

/* Comes first: nothing has been allocated yet. */
static void test_empty(void **state)
{
	(void)state;
	CASE("", "bad-cbor: offset 0: the payload ends where an item should be");
}

static void test_values(void **state)
{
	(void)state;
	VALUE("\x01", "- a=1\n");
	VALUE("\xfb\x40\x37\x19\x99\x99\x99\x99\x9a", "- a=23.1\n");
	VALUE("\xfa\x41\xb8\xcc\xcd", "- a=23.100000381469727\n");
	VALUE("\xc4\x82\x21\x19\x6a\xb3", "- a=273.15\n");
	VALUE("\xf5", "- a=true\n");
	VALUE("\xf4", "- a=false\n");
	VALUE("\x63\x62\x22\x0a", "- a=\"b\\\\\"\\\\n\"\n");
	VALUE("\x7f\x61\x62\x61\x63\xff", "- a=\"bc\"\n");
	VALUE("\x43\xfb\xff\x01", "- a=\"-_8B\"\n");
	VALUE("\xd5\x41\xfb", "- a=\"-w\"\n");
	VALUE("\xc0\x61\x78", "- a=\"x\"\n");
	VALUE("\xc1\x05", "- a=5\n");
	CASE("\xa3\x61\x61\xf6\x61\x62\xf7\x61\x63\x00", "- c=0\n");
	CASE("\xd9\xd9\xf7\xa1\x61\x61\x01", "- a=1\n");
}

static void test_shapes(void **state)
{
	(void)state;
	CASE("\xa2\x61\x61\xa1\x61\x62\xa1\x61\x63\x01\x61\x64\x02", "- a.b.c=1 d=2\n");
	CASE("\xbf\x61\x61\xbf\x61\x62\x01\xff\x61\x63\x02\xff", "- a.b=1 c=2\n");
	CASE("\x01", "unsupported-shape: the payload is a number, not a map");
	CASE("\xc1\x01", "unsupported-shape: the payload is tagged, not a map");
	CASE("\xa1\x01\x02", "unsupported-shape: offset 1: a key that is not a text");
	CASE("\xa1\xc0\x61\x61\x02", "unsupported-shape: offset 1: a key that is not a text");
	VALUE("\x82\x01\x02", "unsupported-shape: 'a' is an array; '--arrays index' takes it");
	d.options.json.index_arrays = true;
	VALUE("\x83\x01\xa1\x61\x62\x02\x81\xf6", "- a.0=1 a.1.b=2\n");
	VALUE("\x9f\x01\x9f\x02\xff\xff", "- a.0=1 a.1.0=2\n");
	d.options.json.index_arrays = false;
	VALUE("\xc2\x41\x01", "unsupported-shape: 'a' is bytes with the tag 2");
	VALUE("\xc0\x01", "unsupported-shape: 'a' is a number with the tag 0");
	VALUE("\xc1\x61\x31", "unsupported-shape: 'a' is a text with the tag 1");
	VALUE("\xd5\xd5\x41\xfb", "unsupported-shape: 'a' is tagged with the tag 21");
	VALUE("\xd5\xa0", "unsupported-shape: 'a' is a map with the tag 21");
	VALUE("\xf0", "unsupported-shape: 'a' is a simple value without a meaning");
	CASE("\xa0", "no-metrics: reading 1 has no metric with a value");
	VALUE("\xf6", "no-metrics: reading 1 has no metric with a value");
}

static void test_names(void **state)
{
	struct buf map = {0};

	(void)state;
	CASE("\xa2\x61\x61\x01\x61\x61\x02", "duplicate-name: 'a' is there twice");
	CASE("\xa2\x63\x61.b\x01\x61\x61\xa1\x61\x62\x02", "duplicate-name: 'a.b' is there twice");
	CASE("\xa2\x61\x61\xf6\x61\x61\x02", "duplicate-name: 'a' is there twice");
	CASE("\xa1\x60\x01", "bad-name: offset 1: an empty name");
	CASE("\xa1\x62\x61\x00\x01", "nul: offset 1: a name with a NUL in it");
	CASE("\xa1\x62\x61=\x01", "bad-name: the metric name 'a=' has a '=' in it");
	CASE("\xa1\x7f\x61\x61\x61\x62\xff\x01", "- ab=1\n");
	VALUE("\x62\x61\x00", "nul: 'a' is a text with a NUL in it");
	buf_append(&map, "\xa1\x61\x61\xa1\x79\x01\x00", 7);
	for (int i = 0; i < 256; i++)
		buf_putc(&map, 'n');
	buf_putc(&map, 1);
	assert_memory_equal(decoded(&d, buf_slice(&map)), "bad-name: the metric name 'nnn", 30);
	map.ptr[5] = 0;
	map.ptr[6] = (char)253;
	map.len = 7 + 253;
	buf_putc(&map, 1);
	assert_memory_equal(decoded(&d, buf_slice(&map)), "- a.nnn", 7);
	map.ptr[6] = (char)254;
	map.len = 7 + 253;
	buf_append(&map, "n\x01", 2);
	assert_memory_equal(decoded(&d, buf_slice(&map)), "bad-name: the metric name 'a.nnn", 32);
	buf_free(&map);
}

static void test_times(void **state)
{
	(void)state;
	CASE("\xa2\x62ts\x19\x03\xe9\x61\x61\x01", "1970-01-01T00:00:01.001000Z a=1\n");
	CASE("\xa2\x64time\xc1\x1a\x51\x4b\x67\xb0\x61\x61\x01",
	     "2013-03-21T20:04:00.000000Z a=1\n");
	CASE("\xa2\x64time\xc1\xfb\x41\xd4\x52\xd9\xec\x20\x00\x00\x61\x61\x01",
	     "2013-03-21T20:04:00.500000Z a=1\n");
	CASE("\xa2\x64time\xc1\xc4\x82\x22\x19\x03\xe9\x61\x61\x01",
	     "1970-01-01T00:00:01.001000Z a=1\n");
	CASE("\xa2\x69timestamp\xc0\x74"
	     "2013-03-21T20:04:00Z\x61\x61\x01",
	     "2013-03-21T20:04:00.000000Z a=1\n");
	CASE("\xa2\x62ts\x74"
	     "2013-03-21T20:04:00Z\x61\x61\x01",
	     "2013-03-21T20:04:00.000000Z a=1\n");
	CASE("\xa3\x62ts\xf6\x64time\x01\x61\x61\x01", "1970-01-01T00:00:00.001000Z a=1\n");
	CASE("\xa1\x61\x61\xa1\x62ts\x01", "- a.ts=1\n");
	CASE("\xa3\x62ts\x01\x64time\x01\x61\x61\x01",
	     "duplicate-time: 'time' is a second time beside the first");
	CASE("\xa2\x62ts\x61x\x61\x61\x01", "bad-time: 'ts' is no time of the years 0001 to 9999");
	CASE("\xa2\x62ts\xf5\x61\x61\x01", "bad-time: 'ts' is no time of the years 0001 to 9999");
	CASE("\xa2\x62ts\x1b\xff\xff\xff\xff\xff\xff\xff\xff\x61\x61\x01",
	     "bad-time: 'ts' is no time of the years 0001 to 9999");
	CASE("\xa2\x62ts\xc1\xf9\x7c\x00\x61\x61\x01",
	     "number-range: offset 5: not a finite number");
}

/* What is not CBOR is told, whatever else is wrong before. */
static void test_not_well_formed(void **state)
{
	(void)state;
	VALUE("", "bad-cbor: offset 3: the payload ends where an item should be");
	VALUE("\x01\x00", "bad-cbor: offset 4: something follows the item");
	CASE("\xa2\x61\x61\x01\x61\x61\x1c", "bad-cbor: offset 6: not an item of CBOR");
	CASE("\x82\x01", "bad-cbor: offset 1: the payload ends inside a map or an array");
	VALUE("\x62\xc3\x28", "bad-cbor: offset 3: text that is not UTF-8");
	VALUE("\xa1\x61\x61\xa1\x61\x61\xa1\x61\x61\xa1\x61\x61\x01",
	      "too-deep: offset 13: nested too deeply");
	VALUE("\xa1\x61\x61\xa1\x61\x61\xa1\x61\x61\xa1\x61\x61\x1c",
	      "bad-cbor: offset 15: not an item of CBOR");
}

static void test_numbers(void **state)
{
	(void)state;
	VALUE("\xf9\x7e\x00", "number-range: offset 3: not a finite number");
	VALUE("\xc4\x82\x19\x03\xe8\x01", "number-range: 'a' is beyond the range of a double");
	VALUE("\xc4\x81\x01",
	      "unsupported-shape: offset 6: a decimal fraction that is not two integers");
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
	    cmocka_unit_test(test_empty),   cmocka_unit_test(test_values),
	    cmocka_unit_test(test_shapes),  cmocka_unit_test(test_names),
	    cmocka_unit_test(test_times),   cmocka_unit_test(test_not_well_formed),
	    cmocka_unit_test(test_numbers),
	};

	return cmocka_run_group_tests(tests, NULL, free_all);
}
