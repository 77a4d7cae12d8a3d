/* Finding, adding and making room, and the table in a file, whole and damaged. */
#include "../unit.h"

#include "../../../cmd/sensor-validate/remembered.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static struct siphash name(const struct series_table *t, unsigned i)
{
	char text[16];

	snprintf(text, sizeof(text), "s%u", i);
	return series_name(t, slice_of(text));
}

static struct series *use(struct series_table *t, unsigned i)
{
	struct series *s = series_find(t, name(t, i));

	if (s)
		return s;
	s = remembered_add(t, name(t, i));
	remembered(s)->time = i;
	return s;
}

/* Against the plain truth: of all that were used, those used last are there. */
static void the_least_recently_used_makes_room(void **state)
{
	enum { MAX = 1500, NAMES = 4000, USES = 20000 };
	static unsigned last_use[NAMES];
	struct series_table t;
	unsigned random = 1, there = 0;

	(void)state;
	series_init(&t, MAX, sizeof(struct history));
	for (unsigned turn = 1; turn <= USES; turn++) {
		random = random * 1103515245 + 12345;
		last_use[(random >> 8) % NAMES] = turn;
		assert_int_equal(remembered(use(&t, (random >> 8) % NAMES))->time,
		                 (random >> 8) % NAMES);
	}
	for (unsigned i = 0; i < NAMES; i++) {
		unsigned later = 0;

		for (unsigned other = 0; other < NAMES; other++)
			later += last_use[other] > last_use[i];
		/* Finding changes the order, not what is there. */
		assert_int_equal(series_find(&t, name(&t, i)) != NULL, last_use[i] && later < MAX);
		there += last_use[i] && later < MAX;
	}
	assert_int_equal(there, MAX);
	assert_int_equal(t.count, MAX);
	assert_true(t.evicted > 0);
	series_free(&t);
}

static void order_of_use(void **state)
{
	struct series_table t;
	struct series *s = NULL;
	const int64_t order[] = {2, 3, 1};

	(void)state;
	series_init(&t, SERIES_MAX_LEAST, sizeof(struct history));
	assert_null(series_next(&t, NULL));
	use(&t, 1);
	use(&t, 2);
	use(&t, 3);
	use(&t, 1);
	for (size_t i = 0; i < 3; i++) {
		s = series_next(&t, s);
		assert_int_equal(remembered(s)->time, order[i]);
	}
	assert_null(series_next(&t, s));
	series_free(&t);
}

/* ---- the file ---- */

static char path[] = "/tmp/series.XXXXXX";

static int make_path(void **state)
{
	int fd = mkstemp(path);

	(void)state;
	return fd < 0 ? -1 : close(fd);
}

static int remove_path(void **state)
{
	(void)state;
	return unlink(path);
}

static void write_some(unsigned count)
{
	struct series_table t;

	series_init(&t, SERIES_MAX_LEAST, sizeof(struct history));
	for (unsigned i = 0; i < count; i++)
		*remembered(use(&t, i)) = (struct history){
		    .time = i,
		    .last = 0.1 * i,
		    .before = -1e308,
		    .flat_since = -(int64_t)i,
		    .low = -0.5,
		    .high = 5e-324,
		    .values = (uint8_t)(i % 3),
		    .failed = (uint8_t)(i % QARTOD_FAILS_MAX)};
	assert_int_equal(state_file_write(path, &t, &remembered_form), 0);
	series_free(&t);
}

static void comes_back(void **state)
{
	struct series_table t;
	struct series *s = NULL;
	struct stat st;

	(void)state;
	write_some(1000);
	assert_int_equal(stat(path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0600);
	series_init(&t, SERIES_MAX_LEAST, sizeof(struct history));
	assert_int_equal(state_file_read(path, &t, &remembered_form), STATE_READ);
	assert_int_equal(t.count, 1000);
	for (unsigned i = 0; i < 1000; i++) {
		s = series_next(&t, s);
		assert_int_equal(remembered(s)->time, i);
		assert_int_equal(remembered(s)->flat_since, -(int64_t)i);
		assert_true(remembered(s)->last == 0.1 * i && remembered(s)->before == -1e308);
		assert_true(remembered(s)->low == -0.5 && remembered(s)->high == 5e-324);
		assert_int_equal(remembered(s)->values, i % 3);
		assert_int_equal(remembered(s)->failed, i % QARTOD_FAILS_MAX);
		assert_int_equal(s->name.low, name(&t, i).low); /* under the key of the file */
	}
	series_free(&t);
}

static enum state_status read_status(void)
{
	struct series_table t;
	enum state_status status;

	series_init(&t, SERIES_MAX_LEAST, sizeof(struct history));
	status = state_file_read(path, &t, &remembered_form);
	series_free(&t);
	return status;
}

/* No byte may be another one, none may be missing, and none may be left over. */
static void any_damage_is_seen(void **state)
{
	struct stat st;
	FILE *file;
	int c;

	(void)state;
	write_some(3);
	assert_int_equal(read_status(), STATE_READ);
	assert_int_equal(stat(path, &st), 0);
	file = fopen(path, "r+");
	assert_non_null(file);
	for (long i = 0; i < st.st_size; i++) {
		fseek(file, i, SEEK_SET);
		c = getc(file);
		fseek(file, i, SEEK_SET);
		putc(c ^ 1, file);
		fflush(file);
		if (read_status() != STATE_DAMAGED)
			fail_msg("byte %ld may be anything", i);
		fseek(file, i, SEEK_SET);
		putc(c, file);
		fflush(file);
	}
	fseek(file, 0, SEEK_END);
	putc('\n', file);
	fclose(file);
	assert_int_equal(read_status(), STATE_DAMAGED);
	for (long size = st.st_size - 1; size >= 0; size--) {
		assert_int_equal(truncate(path, size), 0);
		assert_int_equal(read_status(), STATE_DAMAGED);
	}
}

static void absent_and_unreadable(void **state)
{
	struct series_table t;

	(void)state;
	series_init(&t, SERIES_MAX_LEAST, sizeof(struct history));
	assert_int_equal(state_file_read("/nonexistent/state", &t, &remembered_form), STATE_ABSENT);
	assert_int_equal(state_file_read("/", &t, &remembered_form), STATE_UNREADABLE);
	assert_int_equal(state_file_write("/nonexistent/state", &t, &remembered_form), -1);
	assert_int_equal(errno, ENOENT);
	series_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_least_recently_used_makes_room),
	    cmocka_unit_test(order_of_use),
	    cmocka_unit_test(comes_back),
	    cmocka_unit_test(any_damage_is_seen),
	    cmocka_unit_test(absent_and_unreadable),
	};

	return cmocka_run_group_tests(tests, make_path, remove_path);
}
