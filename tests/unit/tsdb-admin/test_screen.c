/* A page that is drawn again and again on a terminal. */
#include "../../../cmd/tsdb-admin/screen.h"
#include "../unit.h"

static void check(const char *page, unsigned rows, const char *expected)
{
	struct buf out = {0};

	screen_append(&out, slice_of(page), rows);
	assert_string_equal(buf_string(&out), expected);
	buf_free(&out);
}

#define BEGIN "\x1b[H\x1b[?7l"
#define END   "\x1b[J\x1b[?7h"
#define EOL   "\x1b[K\n"

static void lines(void **state)
{
	(void)state;
	check("", 24, BEGIN END);
	check("one\n\ntwo\n", 24, BEGIN "one" EOL EOL "two" EOL END);
	check("one\n\ntwo\n", 0, BEGIN "one" EOL EOL "two" EOL END);
}

static void longer_than_the_terminal(void **state)
{
	(void)state;
	check("1\n2\n3\n", 4, BEGIN "1" EOL "2" EOL "3" EOL END);
	check("1\n2\n3\n4\n", 4, BEGIN "1" EOL "2" EOL "... 2 more lines" EOL END);
	check("1\n2\n", 2, BEGIN "... 2 more lines" EOL END);
	check("1\n2\n", 1, BEGIN "... 2 more lines" EOL END);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(lines),
	    cmocka_unit_test(longer_than_the_terminal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
