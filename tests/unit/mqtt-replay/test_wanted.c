/* wanted: by number, time and topic. */
#include "../unit.h"

#include "../../../cmd/mqtt-replay/wanted.h"

static struct message message(uint64_t seq, int64_t received, const char *topic)
{
	return (struct message){.seq = seq, .received = received, .topic = slice_of(topic)};
}

static bool takes(const struct wanted *w, uint64_t seq, int64_t received, const char *topic)
{
	struct message m = message(seq, received, topic);

	return wanted_takes(w, &m);
}

static void all_is_taken_without_a_wish(void **state)
{
	const struct wanted w = {.from = INT64_MIN, .to = INT64_MAX};

	(void)state;
	assert_true(takes(&w, 0, 0, "a"));
	assert_true(takes(&w, UINT64_MAX, -1, "$SYS/x"));
}

static void numbers_after_and_none_without(void **state)
{
	const struct wanted w = {.after = 5, .from = INT64_MIN, .to = INT64_MAX};

	(void)state;
	assert_false(takes(&w, 5, 0, "a"));
	assert_true(takes(&w, 6, 0, "a"));
	assert_false(takes(&w, 0, 0, "a"));
}

static void the_window_has_its_start_and_not_its_end(void **state)
{
	const struct wanted w = {.from = 100, .to = 200};

	(void)state;
	assert_false(takes(&w, 1, 99, "a"));
	assert_true(takes(&w, 1, 100, "a"));
	assert_true(takes(&w, 1, 199, "a"));
	assert_false(takes(&w, 1, 200, "a"));
}

static void one_of_the_topics_has_to_match(void **state)
{
	const struct wanted w = {.from = INT64_MIN,
	                         .to = INT64_MAX,
	                         .topics = {SLICE("a/+"), SLICE("b/#")},
	                         .topic_count = 2};

	(void)state;
	assert_true(takes(&w, 1, 0, "a/x"));
	assert_true(takes(&w, 1, 0, "b"));
	assert_false(takes(&w, 1, 0, "a/x/y"));
	assert_false(takes(&w, 1, 0, "c"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(all_is_taken_without_a_wish),
	    cmocka_unit_test(numbers_after_and_none_without),
	    cmocka_unit_test(the_window_has_its_start_and_not_its_end),
	    cmocka_unit_test(one_of_the_topics_has_to_match),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
