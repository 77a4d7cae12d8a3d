/* The detector as a whole: bounds of scores, and its state bit for bit. */
#include "../unit.h"

#include "../../../cmd/sensor-anomaly/detector_state.h"

#include <endian.h>
#include <float.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#define STEP (300 * CLOCK_SECOND)

static double value_at(int i)
{
	return 20 + 5 * sin(i / 40.0) + (i * 7919 % 1000) / 500.0 + (i == 1500 ? 80 : 0);
}

static double take(struct detector *d, int i, double value)
{
	struct verdict v;

	detector_take(d, i * STEP, value, &v);
	if (!(v.score >= 0 && v.score < 1) || !isfinite(v.expected) || v.onset > i * STEP ||
	    v.kind >= KIND_COUNT || !detector_kind_name(v.kind))
		fail_msg("value %d: score %g, expected %g", i, v.score, v.expected);
	return v.score;
}

/* Whatever comes, what is known stays finite, and can be written and read. */
static void hostile_values(void **state)
{
	const double odd[] = {0,  -0.0, DBL_MAX, -DBL_MAX, DBL_MIN, 5e-324, 1e-300,    1e300,
	                      -1, 1,    0x1p63,  1e100,    -1e100,  4e18,   1e15 + 0.3};
	enum { ODD = sizeof(odd) / sizeof(odd[0]) };
	uint64_t words[STATE_WORDS_MAX] = {0};
	struct detector d, again = {0};
	unsigned random = 1;

	(void)state;
	detector_init(&d);
	for (int i = 0; i < 60000; i++) {
		random = random * 1103515245 + 12345;
		/* Long stretches of few of them, and all at once. */
		take(&d, i,
		     odd[(i / 5000 % 2 ? random >> 8 : (random >> 8) % 2 + i / 10000) % ODD]);
	}
	detector_form.encode(&d, words);
	assert_true(detector_form.decode(words, &again));
	assert_memory_equal(d.channels, again.channels, sizeof(d.channels));
}

static void times_may_be_anything(void **state)
{
	const int64_t times[] = {CLOCK_MIN, CLOCK_MAX, 0, -1, 1, CLOCK_MIN, CLOCK_MAX - 1};
	struct detector d;
	struct verdict v;

	(void)state;
	detector_init(&d);
	for (int i = 0; i < 7000; i++) {
		detector_take(&d, times[i % 7], value_at(i), &v);
		assert_true(v.score >= 0 && v.score < 1);
	}
}

static void warms_up(void **state)
{
	struct detector d;

	(void)state;
	detector_init(&d);
	for (int i = 0; i < DETECTOR_WARM_UP; i++)
		assert_true(take(&d, i, i == 150 ? 1e6 : value_at(i)) == 0);
	assert_true(take(&d, DETECTOR_WARM_UP, 1e9) > 0);
}

/* Scores are of what the value is among others, not of its unit. */
static void units_do_not_matter(void **state)
{
	struct detector celsius, fahrenheit;

	(void)state;
	detector_init(&celsius);
	detector_init(&fahrenheit);
	for (int i = 0; i < 3000; i++) {
		double a = take(&celsius, i, value_at(i));
		double b = take(&fahrenheit, i, value_at(i) * 1.8 + 32);

		if (fabs(a - b) > 1e-3)
			fail_msg("value %d: %.9g and %.9g", i, a, b);
	}
}

/* ---- the state ---- */

static void goes_on_where_it_was(void **state)
{
	uint64_t words[STATE_WORDS_MAX] = {7, 8};
	struct detector whole, part, next;

	(void)state;
	detector_init(&whole);
	detector_init(&part);
	for (int i = 0; i < 3000; i++) {
		assert_true(take(&whole, i, value_at(i)) == take(&part, i, value_at(i)));
		if (i % 97 != 0)
			continue;
		memset(words + 2, 0xee, sizeof(words) - 16);
		detector_form.encode(&part, words);
		memset(&next, 0, sizeof(next));
		assert_true(detector_form.decode(words, &next));
		part = next;
	}
}

/* Also with a right checksum no word may be what is no such field. */
static void what_cannot_be_is_refused(void **state)
{
	const uint64_t not_a_number = UINT64_C(0x7ff8000000000000);
	uint64_t words[STATE_WORDS_MAX] = {0}, bad[STATE_WORDS_MAX];
	size_t last = detector_form.words - 1, refused = 0;
	struct detector d;

	(void)state;
	detector_init(&d);
	for (int i = 0; i < 500; i++)
		take(&d, i, value_at(i));
	detector_form.encode(&d, words);
	for (size_t i = 2; i < last; i++) {
		memcpy(bad, words, sizeof(bad));
		bad[i] ^= htole64(1);
		assert_false(detector_form.decode(bad, &d)); /* the checksum */
		memcpy(bad, words, sizeof(bad));
		bad[i] = htole64(not_a_number | not_a_number >> 32);
		bad[last] = htole64(state_crc(bad, last));
		refused += !detector_form.decode(bad, &d);
	}
	/* All but the counts of visits and of clusters. */
	assert_int_equal(refused,
	                 last - 2 - (PROFILE_DAY_BINS + PROFILE_WEEK_BINS) / 8 - CHANNEL_COUNT);
}

static void the_file_comes_back(void **state)
{
	char path[] = "/tmp/anomaly.XXXXXX";
	int fd = mkstemp(path);
	struct series_table t, again;
	struct detector *d;

	(void)state;
	assert_true(fd >= 0 && close(fd) == 0);
	series_init(&t, SERIES_MAX_LEAST, sizeof(struct detector));
	series_init(&again, SERIES_MAX_LEAST, sizeof(struct detector));
	d = detector_of(detector_add(&t, series_name(&t, SLICE("a"))));
	detector_add(&t, series_name(&t, SLICE("b"))); /* without a value */
	for (int i = 0; i < 300; i++)
		take(d, i, value_at(i));
	assert_int_equal(state_file_write(path, &t, &detector_form), 0);
	assert_int_equal(state_file_read(path, &again, &detector_form), STATE_READ);
	assert_int_equal(again.count, 2);
	assert_true(detector_of(series_find(&again, series_name(&again, SLICE("a"))))->count ==
	            300);
	series_free(&t);
	series_free(&again);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hostile_values),
	    cmocka_unit_test(times_may_be_anything),
	    cmocka_unit_test(warms_up),
	    cmocka_unit_test(units_do_not_matter),
	    cmocka_unit_test(goes_on_where_it_was),
	    cmocka_unit_test(what_cannot_be_is_refused),
	    cmocka_unit_test(the_file_comes_back),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
