/* table: alignment, by code points, written at once and in pieces. */
#include "unit.h"

#include "text/table.h"

static void put(struct table *t, const char *text)
{
	buf_append_string(table_cell(t), text);
	table_cell_end(t);
}

static void columns_are_aligned(void **state)
{
	struct buf out = {0};
	struct table t;

	(void)state;
	table_init(&t, 3);
	t.right[1] = true;
	put(&t, "name"), put(&t, "value"), put(&t, "unit");
	put(&t, "temperature"), put(&t, "-1"), put(&t, "°C");
	put(&t, ""), put(&t, "123456"), put(&t, "");
	assert_int_equal(t.rows, 3);
	table_write(&t, &out);
	assert_string_equal(buf_string(&out), "  name          value  unit\n"
	                                      "  temperature      -1  °C\n"
	                                      "               123456  \n");
	assert_int_equal(t.rows, 0);
	table_free(&t);
	buf_free(&out);
}

static void width_is_that_of_code_points(void **state)
{
	struct buf out = {0};
	struct table t;

	(void)state;
	table_init(&t, 2);
	put(&t, "äöü"), put(&t, "x");
	put(&t, "abcd"), put(&t, "y");
	table_write(&t, &out);
	assert_string_equal(buf_string(&out), "  äöü   x\n  abcd  y\n");
	table_free(&t);
	buf_free(&out);
}

static void later_pieces_keep_the_widths(void **state)
{
	struct buf out = {0};
	struct table t;

	(void)state;
	table_init(&t, 2);
	put(&t, "abcd"), put(&t, "x");
	table_write(&t, &out);
	put(&t, "a"), put(&t, "y");
	put(&t, "abcdef"), put(&t, "z");
	table_write(&t, &out);
	table_write(&t, &out);
	assert_string_equal(buf_string(&out), "  abcd  x\n  a       y\n  abcdef  z\n");
	table_free(&t);
	buf_free(&out);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(columns_are_aligned),
	    cmocka_unit_test(width_is_that_of_code_points),
	    cmocka_unit_test(later_pieces_keep_the_widths),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
