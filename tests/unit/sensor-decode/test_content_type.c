#include "../unit.h"

#include "../../../cmd/sensor-decode/content_type.h"

static void test_formats(void **state)
{
	static const struct {
		const char *type;
		enum format format;
	} cases[] = {
	    {"application/json", FORMAT_JSON},
	    {"Application/JSON", FORMAT_JSON},
	    {"text/json", FORMAT_JSON},
	    {"application/vnd.acme.sensor+json", FORMAT_JSON},
	    {"model/anything+JSON", FORMAT_JSON},
	    {"application/json; charset=utf-8", FORMAT_JSON},
	    {"application/json;charset=\"UTF-8\";v=1", FORMAT_JSON},
	    {" application/json ; a=\"x;\\\"y\" ; ", FORMAT_JSON},
	    {"application/json;", FORMAT_JSON},
	    {"application/json; charset=US-ASCII", FORMAT_JSON},
	    {"text/plain", FORMAT_TEXT},
	    {"Text/Plain; charset=utf-8; format=flowed", FORMAT_TEXT},
	    {"application/protobuf", FORMAT_PROTOBUF},
	    {"application/x-protobuf", FORMAT_PROTOBUF},
	    {"application/X-Protobuffer; proto=sensorpipe.SensorMessage", FORMAT_PROTOBUF},
	    {"application/senml+json", FORMAT_SENML_JSON},
	    {"application/SENSML+JSON", FORMAT_SENSML_JSON},
	    {"application/cbor", FORMAT_CBOR},
	    {"application/vnd.acme+cbor", FORMAT_CBOR},
	    {"application/senml+cbor", FORMAT_SENML_CBOR},
	    {"application/sensml+cbor; a=b", FORMAT_SENSML_CBOR},
	    {"text/x-influx-line-protocol", FORMAT_INFLUX},
	    {"application/X-Influx-Line-Protocol", FORMAT_INFLUX},
	    {"application/vnd.influx", FORMAT_INFLUX},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct content_type type;

		assert_null(content_type_read(slice_of(cases[i].type), &type));
		assert_int_equal(type.format, cases[i].format);
		assert_int_equal(type.coding, CODING_IDENTITY);
	}
}

static void test_codings(void **state)
{
	static const struct {
		const char *type;
		enum format format;
		enum coding coding;
	} cases[] = {
	    {"application/json+gzip", FORMAT_JSON, CODING_GZIP},
	    {"application/vnd.acme+json+GZIP", FORMAT_JSON, CODING_GZIP},
	    {"application/senml+json+ZSTD; charset=utf-8", FORMAT_SENML_JSON, CODING_ZSTD},
	    {"text/plain+deflate", FORMAT_TEXT, CODING_DEFLATE},
	    {"application/x-sparkplug-b+gzip", FORMAT_SPARKPLUG, CODING_GZIP},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct content_type type;

		assert_null(content_type_read(slice_of(cases[i].type), &type));
		assert_int_equal(type.format, cases[i].format);
		assert_int_equal(type.coding, cases[i].coding);
	}
}

static void test_refused(void **state)
{
	static const char *const cases[] = {
	    "",
	    "json",
	    "/json",
	    "application/",
	    "application/json/x",
	    "application/jsonp",
	    "application/json x",
	    "application /json",
	    "text/csv",
	    "application/plain",
	    "text/plain; charset=iso-8859-15",
	    "text/protobuf",
	    "application/octet-stream",
	    "application/+json",
	    "application/protobuf+json",
	    "text/senml+xml",
	    "application/json; charset=iso-8859-1",
	    "application/json; CharSet=\"utf-16\"",
	    "application/json; charset",
	    "application/json; charset=",
	    "application/json; charset=\"utf-8",
	    "application/json\n",
	    "application/json+identity",
	    "application/json+br",
	    "application/json+gzip+gzip",
	    "application/gzip",
	    "application/+gzip",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct content_type type;

		if (!content_type_read(slice_of(cases[i]), &type))
			fail_msg("taken: '%s'", cases[i]);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_formats),
	    cmocka_unit_test(test_codings),
	    cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
