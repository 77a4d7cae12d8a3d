/*
 * Names and topics of firmware updates: what is one, and what might reach a path or a wildcard.
 */
#include "unit.h"

#include "firmware/name.h"

static void test_names(void **state)
{
	(void)state;
	assert_null(firmware_name_fault(SLICE("a")));
	assert_null(firmware_name_fault(SLICE("0")));
	assert_null(firmware_name_fault(SLICE("1.4.0-rc1_b")));
	assert_null(firmware_name_fault(SLICE("get")));
}

static void test_not_names(void **state)
{
	static const struct slice wrong[] = {
	    {"", 0},         {".", 1},    {"..", 2},  {".hidden", 7}, {"-rf", 3},  {"_a", 2},
	    {"a/b", 3},      {"a\0b", 3}, {"a b", 3}, {"a+", 2},      {"a#", 2},   {"a\n", 2},
	    {"\xc3\xa4", 2}, {"a\"", 2},  {"a\\", 2}, {"$SYS", 4},    {"a%2f", 4}, {"a\x7f", 2},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
		assert_non_null(firmware_name_fault(wrong[i]));
}

static void test_length(void **state)
{
	char text[FIRMWARE_NAME_MAX + 1];

	(void)state;
	memset(text, 'x', sizeof(text));
	assert_null(firmware_name_fault((struct slice){text, FIRMWARE_NAME_MAX}));
	assert_non_null(firmware_name_fault((struct slice){text, FIRMWARE_NAME_MAX + 1}));
}

static void test_models(void **state)
{
	(void)state;
	assert_null(firmware_model_fault(SLICE("thermo")));
	assert_null(firmware_model_fault(SLICE("getter")));
	assert_null(firmware_model_fault(SLICE("manifest")));
	assert_non_null(firmware_model_fault(SLICE("get")));
	assert_non_null(firmware_model_fault(SLICE("rx")));
	assert_non_null(firmware_model_fault(SLICE("state")));
	assert_non_null(firmware_model_fault(SLICE("a/b")));
}

static void test_topics(void **state)
{
	struct slice name, group;

	(void)state;
	assert_int_equal(firmware_topic_parse(SLICE("fw/get/d1"), &name, &group), FIRMWARE_GET);
	assert_slice(name, "d1");
	assert_int_equal(firmware_topic_parse(SLICE("fw/rx/d1"), &name, NULL), FIRMWARE_RX);
	assert_int_equal(firmware_topic_parse(SLICE("fw/state/d1"), &name, NULL), FIRMWARE_STATE);
	assert_int_equal(firmware_topic_parse(SLICE("fw/thermo/manifest"), &name, &group),
	                 FIRMWARE_MANIFEST);
	assert_slice(name, "thermo");
	assert_int_equal(group.len, 0);
	assert_int_equal(firmware_topic_parse(SLICE("fw/thermo/manifest/canary"), &name, &group),
	                 FIRMWARE_MANIFEST);
	assert_slice(name, "thermo");
	assert_slice(group, "canary");
}

/* A device may be called manifest: its topics stay those of a device. */
static void test_device_manifest(void **state)
{
	struct slice name;

	(void)state;
	assert_int_equal(firmware_topic_parse(SLICE("fw/get/manifest"), &name, NULL), FIRMWARE_GET);
	assert_slice(name, "manifest");
}

static void test_no_topics(void **state)
{
	static const char *const wrong[] = {
	    "",
	    "fw",
	    "fw/",
	    "fw/get",
	    "fw/get/",
	    "fw/get/a/b",
	    "fw/get/+",
	    "fw/get/..",
	    "fw//manifest",
	    "fw/thermo",
	    "fw/thermo/",
	    "fw/thermo/manifests",
	    "fw/thermo/manifest/",
	    "fw/thermo/manifest/a/b",
	    "fw/thermo/manifest/#",
	    "fw/../manifest",
	    "FW/get/a",
	    "xfw/get/a",
	};
	struct slice name;

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++) {
		struct slice topic = exact_copy(slice_of(wrong[i]));

		assert_int_equal(firmware_topic_parse(topic, &name, NULL), FIRMWARE_NO_TOPIC);
		exact_free(topic);
	}
}

static void test_append(void **state)
{
	struct buf b = {0};

	(void)state;
	firmware_topic_append(&b, FIRMWARE_RX, SLICE("d1"), (struct slice){0});
	buf_putc(&b, ' ');
	firmware_topic_append(&b, FIRMWARE_MANIFEST, SLICE("thermo"), (struct slice){0});
	buf_putc(&b, ' ');
	firmware_topic_append(&b, FIRMWARE_MANIFEST, SLICE("thermo"), SLICE("canary"));
	assert_slice(buf_slice(&b), "fw/rx/d1 fw/thermo/manifest fw/thermo/manifest/canary");
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_names),     cmocka_unit_test(test_not_names),
	    cmocka_unit_test(test_length),    cmocka_unit_test(test_models),
	    cmocka_unit_test(test_topics),    cmocka_unit_test(test_device_manifest),
	    cmocka_unit_test(test_no_topics), cmocka_unit_test(test_append),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
