/*
 * Token buckets, and the table of devices: what passes, and that names cannot make it grow.
 */
#include "../unit.h"

#include "../../../cmd/fw-serve/throttle.h"

#include "base/clock.h"

#include <stdio.h>

static void test_bucket(void **state)
{
	struct bucket b = {.tokens = 2, .at = 0};

	(void)state;
	assert_true(bucket_take(&b, 2, 2, 1, 0));
	assert_true(bucket_take(&b, 2, 2, 1, 0));
	assert_false(bucket_take(&b, 2, 2, 1, 0));
	assert_false(bucket_take(&b, 2, 2, 1, CLOCK_SECOND / 2 - 1));
	assert_true(bucket_take(&b, 2, 2, 1, CLOCK_SECOND / 2));

	/* However long nobody asked, no more than the burst is there. */
	assert_true(bucket_take(&b, 2, 2, 2, 1000 * CLOCK_SECOND));
	assert_false(bucket_take(&b, 2, 2, 1, 1000 * CLOCK_SECOND));
	/* A clock that stands still or goes back gives nothing. */
	assert_false(bucket_take(&b, 2, 2, 1, 0));
}

static void test_devices(void **state)
{
	struct throttle t;

	(void)state;
	throttle_init(&t, 3, 0, 0);
	for (int i = 0; i < 3; i++)
		assert_true(throttle_request(&t, SLICE("a"), 1));
	assert_false(throttle_request(&t, SLICE("a"), 1));
	assert_true(throttle_request(&t, SLICE("b"), 1));
	assert_true(throttle_request(&t, SLICE("a"), CLOCK_SECOND));
	throttle_free(&t);
}

/* Less than one request a second still lets one through, then waits. */
static void test_slow_rate(void **state)
{
	struct throttle t;

	(void)state;
	throttle_init(&t, 0.5, 0, 0);
	assert_true(throttle_request(&t, SLICE("a"), 1));
	assert_false(throttle_request(&t, SLICE("a"), CLOCK_SECOND));
	assert_true(throttle_request(&t, SLICE("a"), 2 * CLOCK_SECOND + 1));
	throttle_free(&t);
}

static bool sends(struct throttle *t, uint64_t bytes, int64_t now)
{
	if (!throttle_may_send(t, now))
		return false;
	throttle_sent(t, bytes);
	return true;
}

static void test_bandwidth(void **state)
{
	struct throttle t;

	(void)state;
	throttle_init(&t, 1, 4096, 0); /* a whole chunk passes even so */
	assert_true(sends(&t, 32768, 1));
	assert_false(sends(&t, 1, 1));
	assert_false(sends(&t, 4096, CLOCK_SECOND - 1));
	assert_true(throttle_may_send(&t, CLOCK_SECOND + 1)); /* what is not sent costs nothing */
	assert_true(sends(&t, 4096, CLOCK_SECOND + 1));
	assert_false(throttle_may_send(&t, CLOCK_SECOND + 1));
	throttle_free(&t);

	throttle_init(&t, 1, 0, 0);
	for (int i = 0; i < 1000; i++)
		assert_true(sends(&t, 32768, 1));
	throttle_free(&t);
}

/* More is asked for than may be sent, in small and in large pieces as it comes: both get through,
 * and both together stay within the bound. */
static void test_small_pieces_do_not_keep_large_ones_out(void **state)
{
	enum { SECONDS = 1000, BANDWIDTH = 8192, SMALL = 4096, LARGE = 32768 };
	uint64_t sent[2] = {0};
	struct throttle t;

	(void)state;
	throttle_init(&t, 1, BANDWIDTH, 0);
	for (unsigned i = 0; i < 10 * SECONDS; i++) {
		bool large = i * UINT32_C(2654435761) >> 31; /* half of the times */

		if (sends(&t, large ? LARGE : SMALL, 1 + i * CLOCK_SECOND / 10))
			sent[large] += large ? LARGE : SMALL;
	}
	assert_in_range(sent[0], 10 * SMALL, SECONDS * BANDWIDTH);
	assert_in_range(sent[1], 10 * LARGE, SECONDS * BANDWIDTH);
	assert_in_range(sent[0] + sent[1], (SECONDS - 10) * BANDWIDTH, (SECONDS + 10) * BANDWIDTH);
	throttle_free(&t);
}

/* A device in use keeps its bucket, however many names come by: it is never the one used least
 * recently. */
static void test_many_names(void **state)
{
	struct throttle t;
	char name[FIRMWARE_NAME_MAX];

	(void)state;
	throttle_init(&t, 1, 0, 0);
	assert_true(throttle_request(&t, SLICE("victim"), 1));
	for (int i = 0; i < 100000; i++) {
		int len = snprintf(name, sizeof(name), "n%d", i);

		assert_true(throttle_request(&t, (struct slice){name, (size_t)len}, 2 + i));
		assert_false(throttle_request(&t, SLICE("victim"), 2 + i));
	}
	throttle_free(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_bucket),
	    cmocka_unit_test(test_devices),
	    cmocka_unit_test(test_slow_rate),
	    cmocka_unit_test(test_bandwidth),
	    cmocka_unit_test(test_small_pieces_do_not_keep_large_ones_out),
	    cmocka_unit_test(test_many_names),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
