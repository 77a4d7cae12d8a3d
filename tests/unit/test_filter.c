/* filter: the options that filters share, their streams and their exit status. */
#include "child.h"

#include "base/msg.h"
#include "record/filter.h"

#include <fcntl.h>
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

/* ---- streams ---- */

#define SKIP "s1\t7\t2026-01-01T00:00:00.000000Z\tno-fields"

struct given {
	struct filter_options options;
	const char *text; /* on standard input */
	bool goes_on; /* the input stays open, and the process ends where it would wait for more */
};

/* Passes on what is no dead letter. Standard output leads to standard error. */
static void pass_on(const void *arg)
{
	const struct given *given = arg;
	size_t len = strlen(given->text);
	enum input_status status;
	struct reject reject;
	struct input in;
	struct out out;
	int ends[2];

	msg_init("tool");
	if (pipe(ends) < 0 || write(ends[1], given->text, len) != (ssize_t)len)
		_exit(99);
	if (!given->goes_on)
		close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	dup2(STDERR_FILENO, STDOUT_FILENO);
	filter_open(&given->options, INPUT_READINGS, &in, &out, &reject);
	in.lines.deadline = 0; /* no waiting */
	while ((status = input_next(&in)) == INPUT_RECORD) {
		buf_append_slice(&out.buf, in.line);
		buf_putc(&out.buf, '\n');
		out_line(&out);
	}
	if (status == INPUT_WAKE)
		_exit(EX_OK);
	filter_close(&in, &out, &reject);
	if (given->options.reject && fcntl(reject.out.fd, F_GETFD) >= 0)
		_exit(98);
	_exit(filter_status(&given->options, &in, &reject));
}

static int status_of(const char *text, bool strict)
{
	struct given given = {{.max_line = LINE_MAX_LEAST, .strict = strict}, text, false};

	run_child(&child, pass_on, &given);
	return child.status;
}

static void assert_letter_before_record(void)
{
	const char *letter = strstr(child.text, "\tnot-a-record\t");
	const char *record = strstr(child.text, SKIP "\n");

	assert_non_null(letter);
	assert_non_null(record);
	assert_true(letter < record);
}

static void dead_letters_go_before_records(void **state)
{
	(void)state;
	assert_int_equal(status_of(SKIP "\nhello\n", false), EX_OK);
	assert_letter_before_record();
}

static void both_go_before_waiting(void **state)
{
	struct given given = {{.max_line = LINE_MAX_LEAST}, SKIP "\nhello\n", true};

	(void)state;
	run_child(&child, pass_on, &given);
	assert_int_equal(child.status, EX_OK);
	assert_letter_before_record();
}

static void dead_letters_go_to_their_file(void **state)
{
	char path[] = "/tmp/test_filter.XXXXXX", text[256] = "";
	struct given given = {
	    {.reject = path, .max_line = LINE_MAX_LEAST}, SKIP "\nhello\n", false};
	int fd = mkstemp(path);

	(void)state;
	assert_true(fd >= 0);
	run_child(&child, pass_on, &given);
	assert_true(read(fd, text, sizeof(text) - 1) > 0);
	close(fd);
	unlink(path);
	assert_int_equal(child.status, EX_OK);
	assert_non_null(strstr(text, "\tnot-a-record\t"));
	assert_string_equal(child.text, SKIP "\n");
}

static void lines_are_bounded(void **state)
{
	static const char start[] = "s1\t7\t2026-01-01T00:00:00.000000Z\t";
	char text[LINE_MAX_LEAST + 3] = "";

	(void)state;
	memset(text, 'x', LINE_MAX_LEAST + 1);
	memcpy(text, start, sizeof(start) - 1);
	text[LINE_MAX_LEAST] = '\n';
	assert_int_equal(status_of(text, true), EX_OK);
	text[LINE_MAX_LEAST] = 'x';
	text[LINE_MAX_LEAST + 1] = '\n';
	assert_int_equal(status_of(text, true), EX_DATAERR);
	assert_non_null(strstr(child.text, "\ttoo-long\t"));
}

static void strict_tells_of_dead_letters(void **state)
{
	(void)state;
	assert_int_equal(status_of(SKIP "\nhello\n", true), EX_DATAERR);
	assert_int_equal(status_of(SKIP "\n", true), EX_OK);
}

static void a_torn_end_is_told_in_any_case(void **state)
{
	(void)state;
	assert_int_equal(status_of(SKIP, false), EX_DATAERR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(takes_its_options),
	    cmocka_unit_test(leaves_the_others),
	    cmocka_unit_test(quiet_is_quiet),
	    cmocka_unit_test(dead_letters_go_before_records),
	    cmocka_unit_test(both_go_before_waiting),
	    cmocka_unit_test(dead_letters_go_to_their_file),
	    cmocka_unit_test(lines_are_bounded),
	    cmocka_unit_test(strict_tells_of_dead_letters),
	    cmocka_unit_test(a_torn_end_is_told_in_any_case),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
