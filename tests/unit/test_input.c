/* input and reject: the sound records pass, the rest become dead letters. */
#include "child.h"

#include "base/msg.h"
#include "record/input.h"

#include <stdio.h>
#include <stdlib.h>

static struct child child;

struct given {
	struct slice text;
	unsigned takes;
};

/* Reads the text as standard input; dead letters go to standard error; its exit status is the
 * number of sound records, plus 100 when the input's status is not EX_OK. */
static void read_records(const void *arg)
{
	const struct given *given = arg;
	struct reject reject;
	struct input in;
	int ends[2], sound = 0;

	msg_init("tool");
	if (pipe(ends) < 0 || write(ends[1], given->text.ptr, given->text.len) < 0)
		_exit(99);
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	reject_open(&reject, NULL);
	input_init(&in, given->takes, 64, &reject);
	while (input_next(&in) == INPUT_RECORD)
		sound++;
	if (in.records != in.rejected + (uint64_t)sound || reject.count != in.rejected)
		_exit(98);
	reject_close(&reject);
	input_free(&in);
	_exit(sound + (in.status ? 100 : 0));
}

static int records(const char *text, unsigned takes)
{
	struct given given = {slice_of(text), takes};

	run_child(&child, read_records, &given);
	return child.status;
}

static void passes_what_the_tool_takes(void **state)
{
	(void)state;
	assert_int_equal(records("m1\ta\n{\"x\":1}\nm1\tb\n", INPUT_MESSAGES), 3);
	assert_string_equal(child.text, "");
	assert_int_equal(records("r1\ta\ns1\tb\n", INPUT_READINGS), 2);
	assert_string_equal(child.text, "");
	assert_int_equal(records("", INPUT_READINGS), 0);
}

static void a_wrong_chain_ends_at_its_first_line(void **state)
{
	(void)state;
	assert_int_equal(records("m1\ta\nr1\tb\n", INPUT_READINGS), EX_DATAERR);
	assert_string_equal(child.text,
	                    "tool: stdin:1: a message record (m1) where a reading record "
	                    "(r1) is wanted: put sensor-decode before this tool\n");
	assert_int_equal(records("x1\ta\n", INPUT_MESSAGES), EX_DATAERR);
	assert_non_null(strstr(child.text, "cut -f6-"));
}

static void stray_lines_become_dead_letters(void **state)
{
	(void)state;
	assert_int_equal(records("r1\ta\nm1\tb\\n\ngarbage\r\xff\n\nr1\tc\n", INPUT_READINGS), 2);
	assert_non_null(strstr(child.text, "\ttool\twrong-kind\tline 2: "));
	assert_non_null(strstr(child.text, "\tm1\tb\\n\n"));
	assert_non_null(strstr(child.text, "\ttool\tnot-a-record\tline 3: "));
	assert_non_null(strstr(child.text, "\tgarbage\\x0d\\xff\n"));
	assert_non_null(strstr(child.text, "\ttool\tnot-a-record\tline 4: "));
}

static void long_and_unfinished_lines_become_dead_letters(void **state)
{
	(void)state;
	assert_int_equal(
	    records("r1\t0123456789012345678901234567890123456789012345678901234567890123"
	            "456789\nr1\tc\nr1\tunfin",
	            INPUT_READINGS),
	    101);
	assert_non_null(
	    strstr(child.text, "\ttoo-long\tline 1: 73 bytes are over the bound of 64"));
	assert_non_null(strstr(child.text, "\ttruncated\tline 3: the input ended after 8 bytes"));
	assert_non_null(strstr(child.text, "\tr1\tunfin\n"));
}

static void letters_keep_the_record_for_cut(void **state)
{
	struct reject reject;
	struct buf *b = &reject.out.buf;
	const char *p;

	(void)state;
	msg_init("tool");
	reject_open(&reject, NULL);
	reject_line(&reject, SLICE("r1\t1\ta\\tb\tc=\"d\""), "maximum", "temperature\t%d is\n over",
	            99);
	p = buf_string(b);
	assert_memory_equal(p, "x1\t20", 5);
	assert_string_equal(
	    p + 30, "\ttool\tmaximum\ttemperature\\t99 is\\n over\tr1\t1\ta\\tb\tc=\"d\"\n");
	assert_int_equal(reject.count, 1);
	buf_free(b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(passes_what_the_tool_takes),
	    cmocka_unit_test(a_wrong_chain_ends_at_its_first_line),
	    cmocka_unit_test(stray_lines_become_dead_letters),
	    cmocka_unit_test(long_and_unfinished_lines_become_dead_letters),
	    cmocka_unit_test(letters_keep_the_record_for_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
