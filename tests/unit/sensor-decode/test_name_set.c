#include "../unit.h"

#include "../../../cmd/sensor-decode/name_set.h"

#include <stdio.h>
#include <string.h>

static struct name_set set;

static enum name_added add(unsigned number)
{
	char name[32];
	int len = snprintf(name, sizeof(name), "metric_%u", number);

	return name_set_add(&set, (struct slice){name, (size_t)len});
}

static void test_each_name_once(void **state)
{
	(void)state;
	name_set_clear(&set);
	for (unsigned i = 0; i < NAME_SET_MAX; i++)
		assert_int_equal(add(i), NAME_NEW);
	for (unsigned i = 0; i < NAME_SET_MAX; i++)
		assert_int_equal(add(i), NAME_TWICE);
	assert_int_equal(add(NAME_SET_MAX), NAME_FULL);
}

static void test_clear_forgets(void **state)
{
	(void)state;
	for (unsigned round = 0; round < 100; round++) {
		name_set_clear(&set);
		for (unsigned i = 0; i < 5; i++)
			assert_int_equal(add(i), NAME_NEW);
		assert_int_equal(add(3), NAME_TWICE);
	}
}

/* After 2^32 messages the count of generations starts again. */
static void test_generations_wrap(void **state)
{
	(void)state;
	memset(set.slots, 0, sizeof(set.slots));
	set.generation = 0;
	name_set_clear(&set);
	assert_int_equal(add(1), NAME_NEW);
	set.generation = UINT32_MAX;
	name_set_clear(&set);
	assert_int_equal(add(1), NAME_NEW);
	assert_int_equal(add(1), NAME_TWICE);
}

static void test_prefixes_and_lengths(void **state)
{
	static const char text[] = "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa";

	(void)state;
	name_set_clear(&set);
	for (size_t len = 0; len < sizeof(text); len++)
		assert_int_equal(name_set_add(&set, (struct slice){text, len}), NAME_NEW);
	for (size_t len = 0; len < sizeof(text); len++)
		assert_int_equal(name_set_add(&set, (struct slice){text, len}), NAME_TWICE);
}

static int free_set(void **state)
{
	(void)state;
	name_set_free(&set);
	return 0;
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_each_name_once),
	    cmocka_unit_test(test_clear_forgets),
	    cmocka_unit_test(test_generations_wrap),
	    cmocka_unit_test(test_prefixes_and_lengths),
	};

	return cmocka_run_group_tests(tests, NULL, free_set);
}
