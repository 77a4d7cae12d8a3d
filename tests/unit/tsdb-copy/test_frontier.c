/* Up to which message everything is stored, checked against what a simple account says. */
#include "../unit.h"

#include "../../../cmd/tsdb-copy/frontier.h"

#include <stdlib.h>

static struct frontier f;

static void nothing_is_known_at_first(void **state)
{
	(void)state;
	frontier_init(&f, 2);
	assert_int_equal(frontier_seq(&f), 0);
	frontier_complete(&f, 0);
	assert_int_equal(frontier_seq(&f), 0);
}

static void messages_without_readings_are_settled_at_once(void **state)
{
	(void)state;
	frontier_init(&f, 3);
	frontier_complete(&f, 7);
	assert_int_equal(frontier_seq(&f), 7);
	frontier_complete(&f, 9);
	assert_int_equal(frontier_seq(&f), 9);
}

static void a_message_waits_for_the_writer_that_has_it(void **state)
{
	(void)state;
	frontier_init(&f, 2);
	frontier_begin(&f, 0);
	frontier_complete(&f, 1);
	assert_int_equal(frontier_seq(&f), 0);
	frontier_begin(&f, 1);
	frontier_complete(&f, 2);
	frontier_end(&f, 0); /* message 1 is stored; the cut was made before 2 came */
	assert_int_equal(frontier_seq(&f), 1);
	assert_int_equal(frontier_seq(&f), 1);
	frontier_end(&f, 1);
	assert_int_equal(frontier_seq(&f), 2);
}

static void never_goes_back(void **state)
{
	(void)state;
	frontier_init(&f, 1);
	frontier_complete(&f, 5);
	frontier_complete(&f, 3);
	assert_int_equal(frontier_seq(&f), 5);
}

/*
 * Writers at random: each message goes to a writer's open batch; batches end in
 * order. The frontier may be behind, but must never be ahead of a message whose
 * batch is not done, and reaches the last message once all are.
 */
static void random_streams(void **state)
{
	enum { WRITERS = 4, MESSAGES = 400 };

	(void)state;
	srand(1);
	for (int round = 0; round < 200; round++) {
		uint64_t batch_of[MESSAGES + 1], begun[WRITERS] = {0}, done[WRITERS] = {0};
		int writer_of[MESSAGES + 1];
		bool open[WRITERS] = {false};
		uint64_t seq = 0, last = 0;

		frontier_init(&f, WRITERS);
		while (seq < MESSAGES) {
			int w = rand() % WRITERS;

			if (rand() % 3) {
				if (!open[w]) {
					open[w] = true;
					begun[w]++;
					frontier_begin(&f, (size_t)w);
				}
				seq++;
				writer_of[seq] = w;
				batch_of[seq] = begun[w];
				frontier_complete(&f, seq);
			} else if (done[w] < begun[w]) {
				if (++done[w] == begun[w])
					open[w] = false;
				frontier_end(&f, (size_t)w);
			}
			assert_true(frontier_seq(&f) >= last);
			last = frontier_seq(&f);
			for (uint64_t i = 1; i <= last; i++)
				assert_true(done[writer_of[i]] >= batch_of[i]);
		}
		for (int w = 0; w < WRITERS; w++)
			for (; done[w] < begun[w]; done[w]++)
				frontier_end(&f, (size_t)w);
		assert_int_equal(frontier_seq(&f), MESSAGES);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(nothing_is_known_at_first),
	    cmocka_unit_test(messages_without_readings_are_settled_at_once),
	    cmocka_unit_test(a_message_waits_for_the_writer_that_has_it),
	    cmocka_unit_test(never_goes_back),
	    cmocka_unit_test(random_streams),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
