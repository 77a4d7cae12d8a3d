/* Files of the Prometheus text format as one: grouped, labelled, and refused as a whole. */
#include "../../../cmd/metrics-serve/exposition.h"
#include "../unit.h"

static void check(const struct exposition *e, const char *expected)
{
	struct buf text = {0};

	exposition_write(e, &text);
	assert_string_equal(buf_string(&text), expected);
	buf_free(&text);
}

static int add(struct exposition *e, const char *worker, struct slice text)
{
	struct slice copy = exact_copy(text);
	int result = exposition_add(e, slice_of(worker), copy);

	exact_free(copy);
	return result;
}

static void samples_of_a_metric_stand_together(void **state)
{
	struct exposition e = {0};

	(void)state;
	assert_int_equal(add(&e, "w1",
	                     SLICE("# HELP a First.\n# TYPE a counter\na 1\na{x=\"y\"} 2\n"
	                           "# HELP h Times.\n# TYPE h histogram\n"
	                           "h_bucket{le=\"+Inf\"} 3\nh_sum 0.5\nh_count 3\n")),
	                 0);
	assert_int_equal(add(&e, "w2",
	                     SLICE("# comment\n\n# HELP a Other.\n# TYPE a gauge\n"
	                           "a{x=\"}\\\"\\\\ \",} +Inf\nb NaN\nh_sum 1e3\n")),
	                 0);
	check(&e, "# HELP a First.\n# TYPE a counter\n"
	          "a{worker=\"w1\"} 1\na{worker=\"w1\",x=\"y\"} 2\n"
	          "a{worker=\"w2\",x=\"}\\\"\\\\ \"} +Inf\n"
	          "# HELP h Times.\n# TYPE h histogram\n"
	          "h_bucket{worker=\"w1\",le=\"+Inf\"} 3\n"
	          "h_sum{worker=\"w1\"} 0.5\nh_count{worker=\"w1\"} 3\n"
	          "b{worker=\"w2\"} NaN\nh_sum{worker=\"w2\"} 1e3\n");
	exposition_free(&e);
}

static void a_faulty_file_adds_nothing(void **state)
{
	static const char *const faults[] = {
	    "a 1\nb",
	    "a 1\na\n",
	    "a 1\na x\n",
	    "a 1\n1a 1\n",
	    "a 1\na{ 1\n",
	    "a 1\na{x} 1\n",
	    "a 1\na{x=y} 1\n",
	    "a 1\na{x=\"y} 1\n",
	    "a 1\na{x=\"\\z\"} 1\n",
	    "a 1\na{x=\"\\",
	    "a 1\na{=\"y\"} 1\n",
	    "a 1\na{x=\"y\"z=\"\"} 1\n",
	    "a 1\na{,} 1\n",
	    "a 1\na{x=\"y\"}1\n",
	    "a 1\na 1 1700000000\n",
	    "a 1\na  1\n",
	    "a 1\na 1 \n",
	    "a 1\na 0x10\n",
	    "a 1\na 1\r\n",
	    "a 1\na \n",
	    "a 1\n# HELP \n",
	    "a 1\n# TYPE 1\n",
	    "a 1\n# HELP a-b c\n",
	    "a 1\n# caf\xe9\n",
	    "a 1\na 11111111111111111111111111111111111111111111111111111111111111111\n",
	};
	struct exposition e = {0};

	(void)state;
	for (size_t i = 0; i < sizeof(faults) / sizeof(faults[0]); i++) {
		if (add(&e, "w", slice_of(faults[i])) == 0)
			fail_msg("taken: %s", faults[i]);
	}
	assert_int_equal(add(&e, "w", SLICE("a 1\na \0\n")), -1);
	check(&e, "");
	assert_int_equal(add(&e, "w", SLICE("")), 0);
	check(&e, "");
	exposition_free(&e);
}

static void names_are_bounded(void **state)
{
	struct exposition e = {0};
	struct buf text = {0};

	(void)state;
	for (int i = 0; i < EXPOSITION_METRICS_MAX; i++)
		buf_printf(&text, "m%d 1\n", i);
	assert_int_equal(add(&e, "w", buf_slice(&text)), 0);
	assert_int_equal(e.count, EXPOSITION_METRICS_MAX);
	assert_int_equal(add(&e, "w", SLICE("one_more 1\n")), -1);
	exposition_free(&e);
	buf_append_string(&text, "one_more 1\n");
	assert_int_equal(add(&e, "w", buf_slice(&text)), -1);
	buf_free(&text);
	exposition_free(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(samples_of_a_metric_stand_together),
	    cmocka_unit_test(a_faulty_file_adds_nothing),
	    cmocka_unit_test(names_are_bounded),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
