#include "decoded.h"

#include "../../../cmd/sensor-decode/senml/decode_senml_cbor.h"

static struct decoded d = {.decoder = decode_senml_cbor, .options.json.max_depth = 8};

#define NOW "2026-11-22T16:03:41.836186Z"

static const char *senml(enum format format, struct slice bytes)
{
	d.payload.type.format = format;
	return decoded(&d, bytes);
}

/* A case whose bytes are those of a string literal. */
#define CASE(bytes, result) assert_string_equal(senml(FORMAT_SENML_CBOR, SLICE(bytes)), result)

/* A pack of one record that has the name "a" (label 0) and one pair more. */
#define RECORD(bytes, result) CASE("\x81\xa2\x00\x61\x61" bytes, result)

/* The example of RFC 8428, section 6. */
static void test_example(void **state)
{
	(void)state;
	CASE("\x87\xa7\x21\x78\x1burn:dev:ow:10e2073a0108006:\x22\xfb\x41\xd3\x03\xa1\x5b\x00\x10"
	     "\x62\x23\x61"
	     "A\x20\x05\x00\x67voltage\x01\x61V\x02\xfb\x40\x5e\x06\x66\x66\x66\x66\x66"
	     "\xa3\x00\x67"
	     "current\x06\x24\x02\xfb\x3f\xf3\x33\x33\x33\x33\x33\x33"
	     "\xa3\x00\x67"
	     "current\x06\x23\x02\xfb\x3f\xf4\xcc\xcc\xcc\xcc\xcc\xcd"
	     "\xa3\x00\x67"
	     "current\x06\x22\x02\xfb\x3f\xf6\x66\x66\x66\x66\x66\x66"
	     "\xa3\x00\x67"
	     "current\x06\x21\x02\xf9\x3e\x00"
	     "\xa3\x00\x67"
	     "current\x06\x20\x02\xfb\x3f\xf9\x99\x99\x99\x99\x99\x9a"
	     "\xa3\x00\x67"
	     "current\x06\x00\x02\xfb\x3f\xfb\x33\x33\x33\x33\x33\x33",
	     "urn:dev:ow:10e2073a0108006 2010-06-08T18:01:16.001000Z voltage=120.1;1;V\n"
	     "urn:dev:ow:10e2073a0108006 2010-06-08T18:01:11.001000Z current=1.2;1;A\n"
	     "urn:dev:ow:10e2073a0108006 2010-06-08T18:01:12.001000Z current=1.3;1;A\n"
	     "urn:dev:ow:10e2073a0108006 2010-06-08T18:01:13.001000Z current=1.4;1;A\n"
	     "urn:dev:ow:10e2073a0108006 2010-06-08T18:01:14.001000Z current=1.5;1;A\n"
	     "urn:dev:ow:10e2073a0108006 2010-06-08T18:01:15.001000Z current=1.6;1;A\n"
	     "urn:dev:ow:10e2073a0108006 2010-06-08T18:01:16.001000Z current=1.7;1;A\n");
}

static void test_fields(void **state)
{
	(void)state;
	RECORD("\x02\x18\x2a", NOW " a=42\n");
	RECORD("\x02\xc4\x82\x21\x19\x6a\xb3", NOW " a=273.15\n");
	RECORD("\x03\x62xy", NOW " a=\"xy\"\n");
	RECORD("\x04\xf4", NOW " a=false\n");
	RECORD("\x05\x07", NOW " a.sum=7\n");
	RECORD("\x08\x43\xfb\xff\x01", NOW " a=\"-_8B\"\n");
	CASE("\x81\xa4\x24\xf9\x3e\x00\x00\x61\x61\x02\xfb\x3f\xb9\x99\x99\x99\x99\x99\x9a\x25\x01",
	     NOW " a=1.6 a.sum=1\n"); /* bv 1.5 and v 0.1, bs 1 */
	CASE("\x81\xbf\x00\x7f\x61\x61\x61\x62\xff\x02\x01\xff", NOW " ab=1\n");
	CASE("\xd9\xd9\xf7\x81\xa2\x00\x61\x61\x02\x01", NOW " a=1\n");
	/* base fields are those of the first record still when the second has been read */
	CASE("\x82\xa4\x22\x1a\x4e\xae\xa1\x88\x24\x01\x00\x61\x61\x02\x02\xa3\x00\x61\x62\x06\x0a"
	     "\x02\x03",
	     "2011-10-31T13:24:24.000000Z a=3\n2011-10-31T13:24:34.000000Z b=4\n");
}

static void test_refused(void **state)
{
	(void)state;
	RECORD("\x02\x61\x31", "bad-senml: record 1: 'v' is not a number");
	RECORD("\x02\xc2\x41\x01", "bad-senml: record 1: 'v' is not a number");
	RECORD("\x02\xf9\x7e\x00", "number-range: offset 6: not a finite number");
	RECORD("\x03\x41x", "bad-senml: record 1: 'vs' is not a string");
	RECORD("\x08\x61x", "bad-senml: record 1: 'vd' is not data");
	RECORD("\x04\x01", "bad-senml: record 1: 'vb' is neither true nor false");
	RECORD("\x03\x7f\x61x\xff", "bad-senml: record 1: 'vs' is a string of indefinite length");
	RECORD("\x08\x5f\x41x\xff", "bad-senml: record 1: 'vd' is a string of indefinite length");
	RECORD("\x00\x61"
	       "b",
	       "duplicate-name: record 1: 'n' is there twice");
	RECORD("\x20\x0b", "bad-senml: record 1: 'bver' is not a version from 1 to 10");
	RECORD("\x20\xf9\x45\x00", "bad-senml: record 1: 'bver' is not a number");
	RECORD("\xf5\x01", "bad-senml: record 1: a label that is neither an integer nor a text");
	RECORD("\x61v\x01", "bad-senml: record 1: in CBOR the label of 'v' is 2");
	RECORD("\x62x_\x01",
	       "unknown-field: record 1: the field 'x_' is not known and must not be ignored");
	CASE("\x80", "no-metrics: there is no value in the pack");
	CASE("\xa1\x02\x01", "bad-senml: the payload is a map, not an array of records");
	CASE("\x81\x80", "bad-senml: record 1 is an array, not a map");
	CASE("\x81\xa2\x00\x61\x61\x02",
	     "bad-cbor: offset 6: the payload ends where an item should be");
	CASE("\x81\x80\x00", "bad-cbor: offset 2: something follows the item");
}

static void test_unknown_fields(void **state)
{
	(void)state;
	CASE("\x81\xa5\x00\x61\x61\x02\x01\x61x\xa1\x01\xc1\x02\x18\x64\x80\x3b\xff\xff\xff\xff\xff"
	     "\xff"
	     "\xff\xff\x00",
	     NOW " a=1\n");
}

static void test_stream(void **state)
{
	(void)state;
	assert_string_equal(senml(FORMAT_SENSML_CBOR, SLICE("\x9f\xa2\x00\x61\x61\x02\x01\xff")),
	                    NOW " a=1\n");
	assert_string_equal(senml(FORMAT_SENSML_CBOR, SLICE("\x9f\xa2\x00\x61\x61\x02\x01")),
	                    NOW " a=1\n");
	assert_string_equal(senml(FORMAT_SENSML_CBOR, SLICE("\x81\xa2\x00\x61\x61\x02\x01")),
	                    NOW " a=1\n");
	assert_string_equal(senml(FORMAT_SENSML_CBOR, SLICE("\x9f\xa2\x00\x61\x61\x02")),
	                    "bad-cbor: offset 6: the payload ends where an item should be");
	assert_string_equal(senml(FORMAT_SENSML_CBOR, SLICE("\x82\xa2\x00\x61\x61\x02\x01")),
	                    "bad-cbor: offset 7: the payload ends where an item should be");
	CASE("\x9f\xa2\x00\x61\x61\x02\x01\xff",
	     "bad-senml: an array of indefinite length is SensML, not SenML");
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
	    cmocka_unit_test(test_example), cmocka_unit_test(test_fields),
	    cmocka_unit_test(test_refused), cmocka_unit_test(test_unknown_fields),
	    cmocka_unit_test(test_stream),
	};

	return cmocka_run_group_tests(tests, NULL, free_all);
}
