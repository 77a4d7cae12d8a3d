/* tally: what --verify tells of a segment or file. */
#include "../unit.h"

#include "../../../cmd/mqtt-replay/tally.h"

static void gaps_are_counted_before_and_between(void **state)
{
	static const uint64_t numbers[] = {10, 11, 15, 15, 3, 0, 0};
	struct tally t = {0};
	uint64_t before = 7;

	(void)state;
	for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++) {
		struct message m = {.seq = numbers[i], .received = (int64_t)i};

		tally_add(&t, &m, &before);
	}
	assert_int_equal(t.records, 7);
	assert_int_equal(t.first, 10);
	assert_int_equal(t.last, 0);
	assert_int_equal(t.from, 0);
	assert_int_equal(t.to, 6);
	assert_int_equal(t.gap, 2 + 3);
	assert_int_equal(before, 0);
}

static void a_line_has_the_columns_of_the_head(void **state)
{
	struct tally t = {0};
	struct message m = {.seq = 7};
	struct buf b = {0};
	uint64_t before = 0;

	(void)state;
	tally_append_head(&b);
	tally_append(&b, &t, "empty", 0);
	tally_add(&t, &m, &before);
	t.damaged = 2;
	tally_append(&b, &t, "a\tb", 99);
	assert_string_equal(buf_string(&b),
	                    "name\trecords\tfirst\tlast\tfrom\tto\tbytes\tgap\tdamaged\n"
	                    "empty\t0\t-\t-\t-\t-\t0\t0\t0\n"
	                    "a\\tb\t1\t7\t7\t1970-01-01T00:00:00.000000Z\t"
	                    "1970-01-01T00:00:00.000000Z\t99\t0\t2\n");
	buf_free(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gaps_are_counted_before_and_between),
	    cmocka_unit_test(a_line_has_the_columns_of_the_head),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
