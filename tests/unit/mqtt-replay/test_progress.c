/* progress: what is drawn, in any width. */
#include "../child.h"

#include "../../../cmd/mqtt-replay/progress.h"
#include "base/clock.h"
#include "base/msg.h"

#include <stdio.h>

static const struct progress_view half = {
    .done = 50, .total = 100, .messages = 1234, .rate = 180000.4, .left = 75 * CLOCK_SECOND};

static void check(const struct progress_view *view, unsigned width, const char *expected)
{
	struct buf b = {0};

	progress_render(&b, view, width);
	assert_string_equal(buf_string(&b), expected);
	assert_true(b.len <= width);
	buf_free(&b);
}

static void a_bar_takes_the_room_there_is(void **state)
{
	(void)state;
	check(&half, 79,
	      " 50% [==================>                  ] 1234 messages, 180000/s, 1:15 left");
	check(&half, 53, " 50% [=====>     ] 1234 messages, 180000/s, 1:15 left");
	/* No room for one of ten columns. */
	check(&half, 47, " 50% 1234 messages, 180000/s, 1:15 left");
	check(&half, 20, " 50% 1234 messages, ");
	check(&half, 0, "");
}

static void a_wide_terminal_does_not_get_a_bar_without_end(void **state)
{
	struct buf b = {0};

	(void)state;
	progress_render(&b, &half, 500);
	assert_true(b.len < 100);
	buf_free(&b);
}

static void without_a_total_there_is_no_share(void **state)
{
	const struct progress_view view = {.done = 7, .messages = 3, .rate = 0.4, .left = -1};

	(void)state;
	check(&view, 79, "3 messages, 0/s");
}

static void beyond_the_total_is_the_end(void **state)
{
	const struct progress_view view = {.done = 120, .total = 100, .messages = 1, .left = -1};

	(void)state;
	check(&view, 40, "100% [=================] 1 messages, 0/s");
}

static void spans_of_all_sizes(void **state)
{
	static const struct {
		int64_t seconds;
		const char *text;
	} cases[] = {
	    {0, "0/s, 0:00 left"},
	    {3599, "0/s, 59:59 left"},
	    {3600, "0/s, 1:00:00 left"},
	    {86399, "0/s, 23:59:59 left"},
	    {86400 * 3 + 7200, "0/s, 3 d 2 h left"},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const struct progress_view view = {.left = cases[i].seconds * CLOCK_SECOND};
		char expected[64];

		snprintf(expected, sizeof(expected), "0 messages, %s", cases[i].text);
		check(&view, 79, expected);
	}
}

static void what_is_left_is_told_by_what_was(void **state)
{
	(void)state;
	assert_int_equal(progress_left(25, 100, CLOCK_SECOND), 3 * CLOCK_SECOND);
	assert_int_equal(progress_left(100, 100, CLOCK_SECOND), 0);
	assert_int_equal(progress_left(0, 100, CLOCK_SECOND), -1);
	assert_int_equal(progress_left(5, 0, CLOCK_SECOND), -1);
	assert_int_equal(progress_left(101, 100, CLOCK_SECOND), -1);
	assert_int_equal(progress_left(1, UINT64_MAX, CLOCK_SECOND), -1);
}

static struct child child;

static void show(const void *wish)
{
	struct progress p;

	msg_init("tool");
	progress_open(&p, *(const enum progress_wish *)wish, true);
	if (progress_due(&p) != INT64_MAX)
		progress_show(&p, 50, 100, 1);
	progress_close(&p);
}

/* Standard error is a pipe. */
static void without_a_terminal_it_is_a_line_and_only_when_asked_for(void **state)
{
	enum progress_wish wish = PROGRESS_YES;

	(void)state;
	run_child(&child, show, &wish);
	assert_non_null(strstr(child.text, "tool: 50%, 1 messages, "));
	assert_null(strchr(child.text, '\x1b'));
	wish = PROGRESS_WHERE_SEEN;
	run_child(&child, show, &wish);
	assert_string_equal(child.text, "");
	wish = PROGRESS_NO;
	run_child(&child, show, &wish);
	assert_string_equal(child.text, "");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(a_bar_takes_the_room_there_is),
	    cmocka_unit_test(a_wide_terminal_does_not_get_a_bar_without_end),
	    cmocka_unit_test(without_a_total_there_is_no_share),
	    cmocka_unit_test(beyond_the_total_is_the_end),
	    cmocka_unit_test(spans_of_all_sizes),
	    cmocka_unit_test(what_is_left_is_told_by_what_was),
	    cmocka_unit_test(without_a_terminal_it_is_a_line_and_only_when_asked_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
