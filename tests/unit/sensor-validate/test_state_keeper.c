/* The state is written while readings go on, and what comes of that is told. */
#include "../unit.h"

#include "../../../cmd/sensor-validate/remembered.h"

#include "durable/state_keeper.h"

#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

static char directory[] = "/tmp/state.XXXXXX";
static char path[sizeof(directory) + 2];

static int make_directory(void **state)
{
	(void)state;
	if (!mkdtemp(directory))
		return -1;
	snprintf(path, sizeof(path), "%s/s", directory);
	return 0;
}

static int remove_directory(void **state)
{
	(void)state;
	unlink(path);
	rmdir(directory);
	return 0;
}

static void add(struct series_table *t, const char *name)
{
	remembered(remembered_add(t, series_name(t, slice_of(name))))->time = 1;
}

/* How many series the file has. */
static double kept(void)
{
	struct series_table t;
	double count;

	series_init(&t, SERIES_MAX_LEAST, sizeof(struct history));
	assert_int_equal(state_file_read(path, &t, &remembered_form), STATE_READ);
	count = t.count;
	series_free(&t);
	return count;
}

static bool becomes_kept(double count)
{
	for (int tries = 0; tries < 1000 && kept() != count; tries++)
		nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
	return kept() == count;
}

static void is_written_in_between(void **state)
{
	struct state_keeper k;
	struct series_table t;

	(void)state;
	series_init(&t, SERIES_MAX_LEAST, sizeof(struct history));
	state_open(&k, path, &t, &remembered_form);
	assert_true(kept() == 0);
	add(&t, "a");
	assert_false(state_is_due(&k));
	state_tick(&k); /* it is not due */
	assert_int_equal(k.writer, 0);
	k.due = 0;
	assert_true(state_is_due(&k));
	state_tick(&k);
	assert_true(k.due > 0);
	add(&t, "b"); /* after the fork */
	assert_true(becomes_kept(1));
	assert_int_equal(state_close(&k), 0);
	assert_true(kept() == 2);
	series_free(&t);
}

static void a_failure_is_told(void **state)
{
	struct state_keeper k;
	struct series_table t;

	(void)state;
	series_init(&t, SERIES_MAX_LEAST, sizeof(struct history));
	state_open(&k, path, &t, &remembered_form);
	unlink(path);
	rmdir(directory);
	for (int tries = 0; tries < 1000 && !k.warned; tries++) {
		k.due = 0;
		state_tick(&k);
		nanosleep(&(struct timespec){.tv_nsec = 10 * 1000 * 1000}, NULL);
	}
	assert_true(k.warned);
	assert_int_equal(state_close(&k), -1);
	assert_int_equal(mkdir(directory, 0700), 0);
	state_open(&k, path, &t, &remembered_form);
	k.due = 0;
	state_tick(&k);
	assert_int_equal(state_close(&k), 0);
	assert_false(k.warned);
	series_free(&t);
}

static void nothing_without_a_file(void **state)
{
	struct state_keeper k;

	(void)state;
	state_open(&k, NULL, NULL, &remembered_form);
	assert_true(k.due == INT64_MAX);
	assert_false(state_is_due(&k));
	state_tick(&k);
	assert_int_equal(state_close(&k), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(is_written_in_between),
	    cmocka_unit_test(a_failure_is_told),
	    cmocka_unit_test(nothing_without_a_file),
	};

	return cmocka_run_group_tests(tests, make_directory, remove_directory);
}
