#include "unit.h"

#include "record/properties.h"

static struct buf field, scratch;

static int free_buffers(void **state)
{
	(void)state;
	buf_free(&field);
	buf_free(&scratch);
	return 0;
}

static int clear_field(void **state)
{
	(void)state;
	buf_clear(&field);
	return 0;
}

static void keeps_order_and_kind(void **state)
{
	struct properties_walk walk;
	struct property p;

	(void)state;
	properties_append_user(&field, SLICE("a b"), SLICE("1&2=3+%"));
	properties_append_mqtt(&field, "response-topic", SLICE("r/t"));
	properties_append_user(&field, SLICE("a b"), SLICE(""));
	assert_slice(buf_slice(&field), "a+b=1%262%3D3%2B%25&mqtt.response-topic=r%2Ft&a+b=");

	properties_walk(&walk, buf_slice(&field), &scratch);
	assert_int_equal(properties_next(&walk, &p), 1);
	assert_false(p.mqtt);
	assert_slice(p.name, "a b");
	assert_slice(p.value, "1&2=3+%");
	assert_int_equal(properties_next(&walk, &p), 1);
	assert_true(p.mqtt);
	assert_slice(p.name, "response-topic");
	assert_slice(p.value, "r/t");
	assert_int_equal(properties_next(&walk, &p), 1);
	assert_slice(p.value, "");
	assert_int_equal(properties_next(&walk, &p), 0);
}

/* A sensor cannot pass a user property off as one of MQTT's own. */
static void tells_users_names_from_own(void **state)
{
	static const char *const names[] = {"mqtt.x", ".mqtt.x", "..mqtt.x", "mqtt.",
	                                    "mqtt",   ".x",      ""};
	struct properties_walk walk;
	struct property p;

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++)
		properties_append_user(&field, slice_of(names[i]), SLICE("v"));
	properties_walk(&walk, buf_slice(&field), &scratch);
	for (size_t i = 0; i < sizeof(names) / sizeof(*names); i++) {
		assert_int_equal(properties_next(&walk, &p), 1);
		assert_false(p.mqtt);
		assert_true(slice_is(p.name, names[i]));
	}
	assert_int_equal(properties_next(&walk, &p), 0);
}

static void round_trips_every_byte(void **state)
{
	struct properties_walk walk;
	struct property p;
	char all[256];

	(void)state;
	for (int i = 0; i < 256; i++)
		all[i] = (char)i;
	properties_append_user(&field, (struct slice){all, 256}, (struct slice){all, 256});
	properties_walk(&walk, buf_slice(&field), &scratch);
	assert_int_equal(properties_next(&walk, &p), 1);
	assert_true(slice_equal(p.name, (struct slice){all, 256}));
	assert_true(slice_equal(p.value, (struct slice){all, 256}));
}

static void refuses_malformed_pairs(void **state)
{
	static const char *const wrong[] = {"a", "&a=1", "a=1&&b=2", "a=%", "a=%4", "a=%g0", "%=1"};

	(void)state;
	for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++) {
		struct slice text = exact_copy(slice_of(wrong[i]));
		struct properties_walk walk;
		struct property p;
		int result;

		properties_walk(&walk, text, &scratch);
		do
			result = properties_next(&walk, &p);
		while (result == 1);
		if (result == 0)
			fail_msg("'%s' was taken", wrong[i]);
		exact_free(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test_setup(keeps_order_and_kind, clear_field),
	    cmocka_unit_test_setup(tells_users_names_from_own, clear_field),
	    cmocka_unit_test_setup(round_trips_every_byte, clear_field),
	    cmocka_unit_test(refuses_malformed_pairs),
	};

	return cmocka_run_group_tests(tests, NULL, free_buffers);
}
