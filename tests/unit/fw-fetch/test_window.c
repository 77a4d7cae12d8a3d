/* window: which chunks are asked for, in what order, when again; late and repeated answers. */
#include "../unit.h"

#include "../../../cmd/fw-fetch/window.h"

enum { CHUNK = 1000, TIMEOUT = 5000000 };

static struct window begin(uint64_t size, uint64_t base, unsigned slots)
{
	struct window w;

	window_begin(&w, size, CHUNK, base, slots, 1);
	return w;
}

/* Answers the request for this chunk. */
static void take(struct window *w, uint64_t chunk, int64_t now)
{
	for (unsigned i = 0; i < WINDOW_SLOTS; i++) {
		if (w->slot[i].state != WINDOW_FREE && w->slot[i].chunk == chunk) {
			window_take(w, &w->slot[i], now);
			return;
		}
	}
	fail();
}

static void chunks_are_counted(void **state)
{
	struct window w = begin(2001, 0, 1);

	(void)state;
	assert_int_equal(w.count, 3);
	assert_int_equal(window_length(&w, 1), 1000);
	assert_int_equal(window_length(&w, 2), 1);
	w = begin(2000, 2, 1);
	assert_int_equal(w.count, 2);
	assert_int_equal(window_length(&w, 1), 1000);
	assert_true(window_complete(&w));
	assert_int_equal(window_offset(&w), 2000);
}

static void no_more_than_the_slots_are_in_flight(void **state)
{
	(void)state;
	for (unsigned slots = 1; slots <= WINDOW_SLOTS; slots++) {
		struct window w = begin(100 * CHUNK, 7, slots);

		for (unsigned i = 0; i < slots; i++)
			assert_int_equal(window_send(&w, 0, TIMEOUT)->chunk, 7 + i);
		assert_null(window_send(&w, 0, TIMEOUT));
		take(&w, 7, 0);
		assert_int_equal(window_send(&w, 0, TIMEOUT)->chunk, 7 + slots);
		assert_null(window_send(&w, 0, TIMEOUT));
	}
}

static void answers_in_any_order_complete_the_image(void **state)
{
	struct window w = begin(5 * CHUNK - 1, 0, 4);

	(void)state;
	for (int i = 0; i < 4; i++)
		assert_non_null(window_send(&w, 0, TIMEOUT));
	take(&w, 3, 0);
	take(&w, 1, 0);
	assert_int_equal(w.base, 0);
	take(&w, 0, 0);
	assert_int_equal(w.base, 2);
	assert_int_equal(window_offset(&w), 2 * CHUNK);
	assert_int_equal(window_send(&w, 0, TIMEOUT)->chunk, 4);
	assert_null(window_send(&w, 0, TIMEOUT));
	take(&w, 4, 0);
	assert_false(window_complete(&w));
	take(&w, 2, 0);
	assert_true(window_complete(&w));
	assert_null(window_send(&w, 0, TIMEOUT));
	assert_int_equal(window_offset(&w), 5 * CHUNK - 1);
}

/* One chunk never comes: the others are had as far ahead as there is room to remember them. */
static void a_lost_chunk_does_not_hold_up_the_next(void **state)
{
	struct window w = begin(1000 * CHUNK, 0, 2);
	const struct window_slot *slot;
	uint64_t last = 0;

	(void)state;
	assert_int_equal(window_send(&w, 0, TIMEOUT)->chunk, 0);
	while ((slot = window_send(&w, 0, TIMEOUT)) != NULL) {
		last = slot->chunk;
		take(&w, last, 0);
	}
	assert_int_equal(last, WINDOW_AHEAD - 1);
	assert_int_equal(w.base, 0);
	take(&w, 0, 0);
	assert_int_equal(w.base, WINDOW_AHEAD);
	assert_int_equal(window_send(&w, 0, TIMEOUT)->chunk, WINDOW_AHEAD);
}

static void what_times_out_is_sent_again_with_the_same_correlation(void **state)
{
	struct window w = begin(CHUNK, 0, 1);
	char correlation[WINDOW_CORRELATION_MAX];
	struct window_slot *slot = window_send(&w, 0, TIMEOUT);

	(void)state;
	memcpy(correlation, slot->correlation, sizeof(correlation));
	assert_int_equal(window_due(&w), TIMEOUT);
	assert_int_equal(window_time_out(&w, TIMEOUT - 1), 0);
	assert_int_equal(window_time_out(&w, TIMEOUT), 1);
	assert_null(window_send(&w, TIMEOUT, TIMEOUT));
	assert_in_range(window_due(&w), TIMEOUT + WINDOW_WAIT_MIN, TIMEOUT + WINDOW_WAIT_BASE);
	assert_ptr_equal(window_find(&w, slice_of(correlation)), slot); /* late is not too late */
	assert_ptr_equal(window_send(&w, window_due(&w), TIMEOUT), slot);
	assert_string_equal(slot->correlation, correlation);
	window_take(&w, slot, 0);
	assert_null(window_find(&w, slice_of(correlation))); /* twice is once */
}

/* The bound of the waits doubles, to a minute; the waits are spread below it. */
static void waits_grow_and_are_spread(void **state)
{
	struct window w = begin(CHUNK, 0, 1);
	struct window_slot *slot = window_send(&w, 0, TIMEOUT);
	int64_t most = WINDOW_WAIT_BASE, longest = 0;
	int below_half = 0;

	(void)state;
	for (int i = 0; i < 1000; i++) {
		window_retry(&w, slot, 0);
		assert_in_range(slot->due, WINDOW_WAIT_MIN, most);
		below_half += slot->due < most / 2;
		longest = slot->due > longest ? slot->due : longest;
		most = most * 2 < WINDOW_WAIT_MAX ? most * 2 : WINDOW_WAIT_MAX;
	}
	assert_in_range(below_half, 400, 600);
	assert_in_range(longest, WINDOW_WAIT_MAX * 9 / 10, WINDOW_WAIT_MAX);
}

static void the_same_seed_makes_the_same_choices(void **state)
{
	struct window a = begin(CHUNK, 0, 1), b = begin(CHUNK, 0, 1), c;
	struct window_slot *x = window_send(&a, 0, TIMEOUT), *y = window_send(&b, 0, TIMEOUT), *z;

	(void)state;
	window_begin(&c, CHUNK, CHUNK, 0, 1, 2);
	z = window_send(&c, 0, TIMEOUT);
	assert_string_equal(x->correlation, y->correlation);
	assert_string_not_equal(x->correlation, z->correlation);
	window_retry(&a, x, 0);
	window_retry(&b, y, 0);
	window_retry(&c, z, 0);
	assert_int_equal(x->due, y->due);
	assert_int_not_equal(x->due, z->due);
}

static void a_chunk_wakes_what_timed_out_but_not_what_was_refused(void **state)
{
	struct window w = begin(10 * CHUNK, 0, 3);
	struct window_slot *late, *refused, *good;

	(void)state;
	late = window_send(&w, 0, TIMEOUT);
	refused = window_send(&w, 0, TIMEOUT);
	good = window_send(&w, 0, TIMEOUT);
	window_retry(&w, late, 0);
	refused->refused = true;
	window_retry(&w, refused, 0);
	window_take(&w, good, 50);
	assert_int_equal(late->due, 50);
	assert_true(refused->due >= WINDOW_WAIT_MIN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(chunks_are_counted),
	    cmocka_unit_test(no_more_than_the_slots_are_in_flight),
	    cmocka_unit_test(answers_in_any_order_complete_the_image),
	    cmocka_unit_test(a_lost_chunk_does_not_hold_up_the_next),
	    cmocka_unit_test(what_times_out_is_sent_again_with_the_same_correlation),
	    cmocka_unit_test(waits_grow_and_are_spread),
	    cmocka_unit_test(the_same_seed_makes_the_same_choices),
	    cmocka_unit_test(a_chunk_wakes_what_timed_out_but_not_what_was_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
