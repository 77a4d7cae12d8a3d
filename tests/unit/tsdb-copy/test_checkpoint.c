/* The checkpoint file: content, replacement, and a directory that goes away. */
#include "../child.h"

#include "../../../cmd/tsdb-copy/checkpoint.h"
#include "base/clock.h"
#include "base/msg.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static char directory[] = "/tmp/test_checkpoint.XXXXXX";
static char path[sizeof(directory) + 16];

static const char *content(void)
{
	static char text[64];
	FILE *f = fopen(path, "r");
	size_t len;

	if (!f)
		return "(none)";
	len = fread(text, 1, sizeof(text) - 1, f);
	fclose(f);
	text[len] = '\0';
	return text;
}

static void is_written_when_due_and_at_the_end(void **state)
{
	struct checkpoint c;

	(void)state;
	checkpoint_open(&c, path);
	assert_true(checkpoint_due(&c) == INT64_MAX);
	checkpoint_tick(&c);
	assert_string_equal(content(), "(none)");

	checkpoint_advance(&c, 17);
	assert_true(checkpoint_due(&c) <= clock_monotonic());
	checkpoint_tick(&c);
	assert_string_equal(content(), "17\n");

	checkpoint_advance(&c, 5); /* never back */
	assert_true(checkpoint_due(&c) == INT64_MAX);
	checkpoint_advance(&c, 9223372036854775807U);
	assert_true(checkpoint_due(&c) != INT64_MAX);
	checkpoint_close(&c);
	assert_string_equal(content(), "9223372036854775807\n");
}

static void null_means_none(void **state)
{
	struct checkpoint c;

	(void)state;
	checkpoint_open(&c, NULL);
	checkpoint_advance(&c, 1);
	assert_true(checkpoint_due(&c) == INT64_MAX);
	checkpoint_tick(&c);
	checkpoint_close(&c);
}

static void open_nowhere(const void *arg)
{
	struct checkpoint c;

	checkpoint_open(&c, arg);
}

static void a_wrong_directory_is_refused_at_once(void **state)
{
	static struct child child;

	(void)state;
	run_child(&child, open_nowhere, "/nowhere/at/all");
	assert_int_equal(child.status, EX_CANTCREAT);
	assert_string_equal(child.text, "test: --checkpoint: cannot open '/nowhere/at': "
	                                "No such file or directory\n");
}

static void write_where_a_directory_is(const void *arg)
{
	struct checkpoint c;

	checkpoint_open(&c, arg);
	checkpoint_advance(&c, 1);
	checkpoint_tick(&c);
	checkpoint_close(&c);
}

static void a_failure_warns_once_and_goes_on(void **state)
{
	static struct child child;
	char name[sizeof(directory) + 16], expected[256];

	(void)state;
	snprintf(name, sizeof(name), "%s/dir", directory);
	assert_int_equal(mkdir(name, 0700), 0);
	run_child(&child, write_where_a_directory_is, name);
	rmdir(name);
	snprintf(expected, sizeof(expected),
	         "test: cannot write the checkpoint '%s': Is a directory\n", name);
	assert_int_equal(child.status, 0);
	assert_string_equal(child.text, expected);
}

static int remove_all(void **state)
{
	char temporary[sizeof(path) + 8];

	(void)state;
	unlink(path);
	snprintf(temporary, sizeof(temporary), "%s/dir.tmp", directory);
	unlink(temporary);
	return rmdir(directory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(is_written_when_due_and_at_the_end),
	    cmocka_unit_test(null_means_none),
	    cmocka_unit_test(a_wrong_directory_is_refused_at_once),
	    cmocka_unit_test(a_failure_warns_once_and_goes_on),
	};

	msg_init("test");
	if (!mkdtemp(directory))
		return EX_OSERR;
	snprintf(path, sizeof(path), "%s/position", directory);
	return cmocka_run_group_tests(tests, NULL, remove_all);
}
