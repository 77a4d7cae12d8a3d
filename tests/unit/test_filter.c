/* filter: the options that filters share, their streams and their exit status. */
#include "child.h"

#include "base/msg.h"
#include "record/filter.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static struct child child;

static void takes_its_options(void **state)
{
	struct filter_options o = {.max_line = 4096};

	(void)state;
	assert_true(filter_option(&o, FILTER_REJECT, "letters"));
	assert_true(filter_option(&o, FILTER_METRICS, "counters"));
	assert_true(filter_option(&o, FILTER_MAX_LINE, "2K"));
	assert_false(o.strict);
	assert_true(filter_option(&o, FILTER_STRICT, NULL));
	assert_string_equal(o.reject, "letters");
	assert_string_equal(o.metrics, "counters");
	assert_int_equal(o.max_line, 2048);
	assert_true(o.strict);
}

static void leaves_the_others(void **state)
{
	struct filter_options o = {.max_line = 4096};

	(void)state;
	assert_false(filter_option(&o, 'h', NULL));
	assert_false(filter_option(&o, 256, "x"));
	assert_false(filter_option(&o, OPT_HELP, NULL));
	assert_int_equal(o.max_line, 4096);
}

static void be_quiet(const void *arg)
{
	struct filter_options o = {0};

	(void)arg;
	msg_info("before");
	filter_option(&o, FILTER_QUIET, NULL);
	msg_info("behind");
}

static void quiet_is_quiet(void **state)
{
	(void)state;
	run_child(&child, be_quiet, NULL);
	assert_non_null(strstr(child.text, "before"));
	assert_null(strstr(child.text, "behind"));
}

/* A line that is no record, then the output: both to standard error. The status is the filter's. */
static void filter_one(const void *arg)
{
	const struct filter_options *o = arg;
	struct reject reject;
	struct input in;
	struct out out;
	int ends[2];

	msg_init("tool");
	if (pipe(ends) < 0 || write(ends[1], "hello\n", 6) != 6)
		_exit(99);
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	filter_open(o, INPUT_READINGS, &in, &out, &reject);
	buf_append(&out.buf, "written first\n", 14);
	while (input_next(&in) == INPUT_RECORD)
		;
	filter_close(&in, &out, &reject);
	_exit(filter_status(o, &in, &reject));
}

static void dead_letters_go_before_the_output(void **state)
{
	struct filter_options o = {.max_line = 64};
	const char *letter, *output;

	(void)state;
	run_child(&child, filter_one, &o);
	assert_int_equal(child.status, EX_OK);
	letter = strstr(child.text, "\tnot-a-record\t");
	output = strstr(child.text, "written first\n");
	assert_non_null(letter);
	assert_non_null(output);
	assert_true(letter < output);
}

static void strict_tells_of_dead_letters(void **state)
{
	struct filter_options o = {.max_line = 64, .strict = true};

	(void)state;
	run_child(&child, filter_one, &o);
	assert_int_equal(child.status, EX_DATAERR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(takes_its_options),
	    cmocka_unit_test(leaves_the_others),
	    cmocka_unit_test(quiet_is_quiet),
	    cmocka_unit_test(dead_letters_go_before_the_output),
	    cmocka_unit_test(strict_tells_of_dead_letters),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
