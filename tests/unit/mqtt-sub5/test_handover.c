/* handover: order, the bound, the wake-up, the last line, and closing. */
#include "../../../cmd/mqtt-sub5/handover.h"
#include "../unit.h"

#include <poll.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

static bool readable(const struct handover *h)
{
	struct pollfd pfd = {.fd = handover_fd(h), .events = POLLIN};

	return poll(&pfd, 1, 0) == 1;
}

static bool put(struct handover *h, const char *line)
{
	struct buf *b = handover_begin(h);

	assert_non_null(b);
	buf_append_string(b, line);
	return handover_end(h, strlen(line) - 1);
}

static void hands_over_in_order(void **state)
{
	struct handover h;
	struct buf got = {0};

	(void)state;
	handover_init(&h, UINT64_MAX);
	assert_false(readable(&h));
	assert_false(handover_take(&h, &got));
	assert_false(put(&h, "one\n"));
	assert_false(put(&h, "two\n"));
	assert_true(readable(&h));
	assert_true(handover_take(&h, &got));
	assert_slice(buf_slice(&got), "one\ntwo\n");
	assert_false(readable(&h));
	assert_false(put(&h, "three\n"));
	assert_true(readable(&h));
	buf_clear(&got);
	assert_true(handover_take(&h, &got));
	assert_slice(buf_slice(&got), "three\n");
	assert_int_equal(handover_counts(&h).lines, 3);
	assert_int_equal(handover_counts(&h).payload, 11);
	buf_free(&got);
	handover_free(&h);
}

static void closes_after_the_last(void **state)
{
	struct handover h;
	struct buf got = {0};

	(void)state;
	handover_init(&h, 2);
	assert_false(put(&h, "one\n"));
	assert_true(put(&h, "two\n"));
	assert_null(handover_begin(&h));
	assert_true(handover_take(&h, &got));
	assert_slice(buf_slice(&got), "one\ntwo\n");
	assert_null(handover_begin(&h));
	assert_int_equal(handover_counts(&h).lines, 2);
	buf_free(&got);
	handover_free(&h);
}

static void closed_takes_nothing(void **state)
{
	struct handover h;

	(void)state;
	handover_init(&h, UINT64_MAX);
	handover_close(&h);
	assert_null(handover_begin(&h));
	handover_free(&h);
}

enum { LINES = 200000 };

/* More than fits at once: it has to wait for the reader again and again. */
static void *produce(void *context)
{
	struct handover *h = context;

	for (int i = 0; i < LINES; i++) {
		struct buf *b = handover_begin(h);

		if (!b)
			return NULL;
		buf_printf(b, "%099d\n", i);
		handover_end(h, 99);
	}
	return h;
}

static void is_bounded_and_loses_nothing(void **state)
{
	struct handover h;
	struct buf got = {0};
	pthread_t producer;
	long next = 0;
	void *result;

	(void)state;
	handover_init(&h, UINT64_MAX);
	assert_int_equal(pthread_create(&producer, NULL, produce, &h), 0);
	while (next < LINES) {
		struct pollfd pfd = {.fd = handover_fd(&h), .events = POLLIN};

		assert_int_equal(poll(&pfd, 1, 10000), 1);
		assert_true(handover_take(&h, &got));
		/* The line that reaches the bound is finished. */
		assert_in_range(got.len, 100, HANDOVER_MAX + 99);
		for (size_t at = 0; at < got.len; at += 100)
			assert_int_equal(strtol(got.ptr + at, NULL, 10), next++);
		buf_clear(&got);
	}
	assert_int_equal(pthread_join(producer, &result), 0);
	assert_ptr_equal(result, &h);
	assert_int_equal(handover_counts(&h).lines, LINES);
	buf_free(&got);
	handover_free(&h);
}

/* Closing releases a producer that waits for room, and its line is not taken. */
static void closing_releases_the_producer(void **state)
{
	struct handover h;
	struct buf got = {0};
	pthread_t producer;
	void *result;

	(void)state;
	handover_init(&h, UINT64_MAX);
	assert_int_equal(pthread_create(&producer, NULL, produce, &h), 0);
	while (handover_counts(&h).lines * 100 < HANDOVER_MAX)
		poll(NULL, 0, 1);
	handover_close(&h);
	assert_int_equal(pthread_join(producer, &result), 0);
	assert_null(result);
	assert_true(handover_take(&h, &got));
	assert_int_equal(got.len, handover_counts(&h).lines * 100);
	buf_free(&got);
	handover_free(&h);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(hands_over_in_order),
	    cmocka_unit_test(closes_after_the_last),
	    cmocka_unit_test(closed_takes_nothing),
	    cmocka_unit_test(is_bounded_and_loses_nothing),
	    cmocka_unit_test(closing_releases_the_producer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
