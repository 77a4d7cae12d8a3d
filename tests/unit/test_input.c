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
	bool skips; /* skip records are wanted */
};

/* Reads the text as standard input; dead letters, and skip records behind them, go to standard
 * error; its exit status is the number of sound records, plus 100 when the input's status is not
 * EX_OK. */
static void read_records(const void *arg)
{
	const struct given *given = arg;
	struct reject reject;
	struct input in;
	struct out out;
	int ends[2], sound = 0;

	msg_init("tool");
	if (pipe(ends) < 0 || write(ends[1], given->text.ptr, given->text.len) < 0)
		_exit(99);
	close(ends[1]);
	dup2(ends[0], STDIN_FILENO);
	reject_open(&reject, NULL);
	input_init(&in, given->takes, 64, &reject);
	out_init(&out, STDERR_FILENO, "stderr");
	out.first = &reject.out;
	in.skips = given->skips ? &out : NULL;
	while (input_next(&in) == INPUT_RECORD)
		sound++;
	if (in.records != in.rejected + (uint64_t)sound || reject.count != in.rejected)
		_exit(98);
	out_flush(&out);
	buf_free(&out.buf);
	reject_close(&reject);
	input_free(&in);
	_exit(sound + (in.status ? 100 : 0));
}

static int records(const char *text, unsigned takes)
{
	struct given given = {slice_of(text), takes, false};

	run_child(&child, read_records, &given);
	return child.status;
}

/* The skip records for a line that is refused, which follow its dead letter. */
static const char *skips(const char *line, unsigned takes)
{
	struct given given = {slice_of(line), takes, true};
	const char *end;

	run_child(&child, read_records, &given);
	assert_int_equal(child.status, 0);
	assert_memory_equal(child.text, "x1\t", 3);
	end = strchr(child.text, '\n');
	assert_non_null(end);
	return end + 1;
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
	assert_int_equal(records("r2\ta\n", INPUT_READINGS), EX_DATAERR);
	assert_string_equal(child.text,
	                    "tool: stdin:1: a record of a later version where a reading record "
	                    "(r1) is wanted: use a newer version of this tool\n");
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
	assert_int_equal(records("m1\ta\nm2\tb\n", INPUT_MESSAGES), 1);
	assert_non_null(
	    strstr(child.text, "\ttool\twrong-kind\tline 2: a record of a later version "));
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

#define AT      "2026-01-01T00:00:00.000000Z"
#define OVER_64 "0123456789012345678901234567890123456789012345678901234567890123"

static void refused_records_are_skipped_where_they_tell_their_number(void **state)
{
	(void)state;
	assert_string_equal(skips("m1\t7\t" AT "\ttopic " OVER_64 "\n", INPUT_MESSAGES),
	                    "s1\t7\t" AT "\ttoo-long\n");
	assert_string_equal(skips("r1\t7\t" AT "\t" OVER_64 "\n", INPUT_READINGS),
	                    "s1\t7\t" AT "\ttoo-long\n");
	assert_string_equal(skips("s1\t0\t2026-01-01T00:00:00Z\t" OVER_64 "\n", INPUT_READINGS),
	                    "s1\t0\t" AT "\ttoo-long\n");
	/* What is wrong may be of any kind, behind the number. */
	assert_string_equal(
	    skips("m1\t18446744073709551615\t" AT "\t\xff\x01\\q" OVER_64 "\n", INPUT_MESSAGES),
	    "s1\t18446744073709551615\t" AT "\ttoo-long\n");
}

static void refused_records_that_do_not_are_not(void **state)
{
	static const char *const lines[] = {
	    "m1\t7\t2026-01-01\t" OVER_64 "\n",
	    "m1\t7+\t" AT "\t" OVER_64 "\n",
	    "m1\t18446744073709551616\t" AT "\t" OVER_64 "\n",
	    "m1\t\\x37\t" AT "\t" OVER_64 "\n",
	    "m1\t7\t" OVER_64 "\n",
	    "m1\t" OVER_64 "\n",
	    "{\"tst\":\"" AT "\"" OVER_64 "\n",
	    OVER_64 "01\n",
	    /* With a crc, at the least: the number may be as wrong as the rest. */
	    "m1\t7\t" AT "\tt\tq0\t\t\t\t00000000" OVER_64 "\n",
	    /* A record of another kind is another stage's. */
	    "r1\t7\t" AT "\t" OVER_64 "\n",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(lines) / sizeof(*lines); i++)
		assert_string_equal(skips(lines[i], INPUT_MESSAGES), "");
	/* More of its message is to come. */
	assert_string_equal(skips("r1\t7+\t" AT "\t" OVER_64 "\n", INPUT_READINGS), "");
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
	    cmocka_unit_test(refused_records_are_skipped_where_they_tell_their_number),
	    cmocka_unit_test(refused_records_that_do_not_are_not),
	    cmocka_unit_test(letters_keep_the_record_for_cut),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
