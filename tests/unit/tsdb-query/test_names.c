/* name_list, near: wildcards, what SQL and arrays take for special, and names that are near. */
#include "../unit.h"

#include "../../../cmd/tsdb-query/name_list.h"
#include "../../../cmd/tsdb-query/near.h"

static struct buf text;

static const char *like(const char *name)
{
	buf_clear(&text);
	name_append_like(&text, name);
	return buf_string(&text);
}

static const char *plain(const char *name)
{
	buf_clear(&text);
	name_append_plain(&text, name);
	return buf_string(&text);
}

static void wildcards_become_those_of_like(void **state)
{
	(void)state;
	assert_string_equal(like("s-*"), "s-%");
	assert_string_equal(like("?a*b?"), "_a%b_");
	assert_string_equal(like("50%_\\\\"), "50\\%\\_\\\\");
	assert_string_equal(like("a\\*b\\?c"), "a*b?c");
	assert_string_equal(like("x\\"), "x\\\\");
	assert_string_equal(like("'; DROP TABLE sensors; --"), "'; DROP TABLE sensors; --");
	assert_string_equal(like("ü*\n"), "ü%\n");
}

static void escapes_are_taken_away(void **state)
{
	(void)state;
	assert_string_equal(plain("a\\*b\\?\\\\c"), "a*b?\\c");
	assert_string_equal(plain("100%_'\""), "100%_'\"");
	assert_string_equal(plain("x\\"), "x\\");
}

static void what_is_a_pattern(void **state)
{
	(void)state;
	assert_true(name_is_pattern("*"));
	assert_true(name_is_pattern("a?"));
	assert_true(name_is_pattern("a\\\\*"));
	assert_false(name_is_pattern("a\\*"));
	assert_false(name_is_pattern("a%_"));
	assert_false(name_is_pattern("\\?"));
	assert_false(name_is_pattern("\\"));
}

static void arrays_quote_every_element(void **state)
{
	static const char *const names[] = {"a,b",  "{x}", "say \"hi\"", "back\\\\slash",
	                                    "NULL", "s-*", "%?"};
	struct name_list list = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		assert_null(name_list_add(&list, names[i]));
	buf_clear(&text);
	assert_int_equal(name_list_append_array(&text, &list, NAMES_PLAIN), 5);
	assert_string_equal(buf_string(&text),
	                    "{\"a,b\",\"{x}\",\"say \\\"hi\\\"\",\"back\\\\slash\",\"NULL\"}");
	buf_clear(&text);
	assert_int_equal(name_list_append_array(&text, &list, NAMES_PATTERNS), 2);
	assert_string_equal(buf_string(&text), "{\"s-%\",\"\\\\%_\"}");
	buf_clear(&text);
	assert_int_equal(name_list_append_array(&text, &list, NAMES_ALL), 7);
	assert_string_equal(buf_string(&text),
	                    "{\"a,b\",\"{x}\",\"say \\\"hi\\\"\",\"back\\\\\\\\slash\",\"NULL\","
	                    "\"s-%\",\"\\\\%_\"}");
}

static void names_that_are_none(void **state)
{
	static struct name_list list;

	(void)state;
	assert_non_null(name_list_add(&list, ""));
	assert_non_null(name_list_add(&list, "\xff"));
	assert_int_equal(list.count, 0);
	for (size_t i = 0; i < NAME_LIST_MAX; i++)
		assert_null(name_list_add(&list, "x"));
	assert_non_null(name_list_add(&list, "x"));
	assert_int_equal(list.count, NAME_LIST_MAX);
}

static void distances(void **state)
{
	(void)state;
	assert_int_equal(near_distance(SLICE("kitten"), SLICE("sitting")), 3);
	assert_int_equal(near_distance(SLICE(""), SLICE("abc")), 3);
	assert_int_equal(near_distance(SLICE("abc"), SLICE("")), 3);
	assert_int_equal(near_distance(SLICE("North"), SLICE("north")), 0);
	assert_int_equal(near_distance(SLICE("temprature"), SLICE("temperature")), 1);
}

static void the_nearest_three_are_kept(void **state)
{
	static const char *const names[] = {"s-9", "s-101", "s-10", "other", "s-11", "s-1"};
	struct near near;

	(void)state;
	near_init(&near, SLICE("s-12"));
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		near_offer(&near, slice_of(names[i]));
	assert_int_equal(near.count, 3);
	assert_slice(near.best[0].name, "s-10");
	assert_slice(near.best[1].name, "s-11");
	assert_slice(near.best[2].name, "s-1");
	near_init(&near, SLICE("pressure"));
	near_offer(&near, SLICE("temperature"));
	assert_int_equal(near.count, 0);
}

static void long_names_are_compared_in_part(void **state)
{
	char a[1000], b[1000];

	(void)state;
	memset(a, 'x', sizeof(a));
	memset(b, 'x', sizeof(b));
	assert_int_equal(near_distance((struct slice){a, 1000}, (struct slice){b, 600}), 0);
	buf_free(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(wildcards_become_those_of_like),
	    cmocka_unit_test(escapes_are_taken_away),
	    cmocka_unit_test(what_is_a_pattern),
	    cmocka_unit_test(arrays_quote_every_element),
	    cmocka_unit_test(names_that_are_none),
	    cmocka_unit_test(distances),
	    cmocka_unit_test(the_nearest_three_are_kept),
	    cmocka_unit_test(long_names_are_compared_in_part),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
