#include "../unit.h"

#include "../../../cmd/sensor-validate/pattern.h"

#include <stdbool.h>

static enum pattern_result search(const char *regex, struct slice text)
{
	char why[256] = "";
	struct pattern *p = pattern_compile(slice_of(regex), why, sizeof(why));
	enum pattern_result result;
	struct slice copy = exact_copy(text);

	if (!p)
		fail_msg("'%s': %s", regex, why);
	result = pattern_search(p, copy);
	pattern_free(p);
	exact_free(copy);
	return result;
}

static void the_dialect(void **state)
{
	static const struct {
		const char *regex, *text;
		bool found;
	} cases[] = {
	    {"b", "abc", true}, /* anywhere */
	    {"^b", "abc", false},
	    {"^a*$", "", true},
	    {"^abc$", "abc\n", false}, /* '$' is the very end */
	    {"a.c", "a\nc", false},    /* '.' is not at a line end */
	    {"a.c", "a\rc", false},
	    {"^.$", "\xc3\xa9", true}, /* one code point */
	    {"^.$", "\xf0\x9f\x90\xb2", true},
	    {"^\\d$", "\xd9\xa3", false}, /* digits are ASCII */
	    {"^\\w$", "\xc3\xa9", false},
	    {"^\\u00e9$", "\xc3\xa9", true},
	    {"^\\u{1F432}$", "\xf0\x9f\x90\xb2", true},
	    {"^[^]$", "x", true},
	    {"[]", "x", false},
	    {"^\\s+$", " \t\v\xc2\xa0\xe2\x80\xa8\xef\xbb\xbf",
	     true}, /* white space is Unicode's */
	    {"^\\S+$", "a\xc3\xa9", true},
	    {"\\S", "\xc2\xa0\xe2\x80\x89", false},
	    {"^[\\s,]+$", "\xc2\xa0, ", true},
	    {"^[^\\s]+$", "a\xc2\xa0", false},
	    {"^[\\S ]+$", "a b", true},
	    {"^[\\S]+$", "a b", false},
	    {"^\\p{Letter}+\\P{gc=Letter}$", "\xc3\xa9t1", true},
	    {"^[\\p{Decimal_Number}x]+$", "\xd9\xa3x", true},
	    {"^\\p{General_Category=Lu}$", "A", true},
	    {"^\\p{digit}$", "A", false},
	    {"^[[:a]+$", "[:a", true}, /* no class of POSIX */
	    {"^\\[s\\]\\\\s$", "[s]\\s", true},
	    {"^\\p{L}+$", "\xc3\xa9t\xc3\xa9", true},
	    {"^(\\1x)$", "x", true}, /* a group that is not set matches nothing */
	    {"^(a|b)+$", "abab", true},
	    {"(a)(b)(c)(d)", "abcd", true}, /* more groups than are kept */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++)
		if ((search(cases[i].regex, slice_of(cases[i].text)) == PATTERN_FOUND) !=
		    cases[i].found)
			fail_msg("case %zu: %s", i, cases[i].regex);
}

static void broken_patterns(void **state)
{
	static const char *const broken[] = {"(",   "a{2,1}",        "[z-a]", "*",
	                                     "\\C", "(?<n>a)\\k<m>", "\\p{L", "\\"};

	(void)state;
	for (size_t i = 0; i < sizeof(broken) / sizeof(broken[0]); i++) {
		char why[256] = "";

		assert_null(pattern_compile(slice_of(broken[i]), why, sizeof(why)));
		assert_non_null(strstr(why, "at offset"));
	}
}

static void bounds(void **state)
{
	static char text[PATTERN_TEXT_MAX + 1];

	(void)state;
	memset(text, 'a', sizeof(text));
	assert_int_equal(search("^a+$", (struct slice){text, PATTERN_TEXT_MAX}), PATTERN_FOUND);
	assert_int_equal(search("^a+$", (struct slice){text, sizeof(text)}), PATTERN_LIMIT);
	/* Exponential, whether a match may start in one place or in many. */
	assert_int_equal(search("^(a+)+[bc]$", (struct slice){text, 1000}), PATTERN_LIMIT);
	assert_int_equal(search("(a+)+[bc]$", (struct slice){text, 1000}), PATTERN_LIMIT);
	/* A short text has many steps to itself. */
	assert_int_equal(search("^(a|aa)+$", (struct slice){text, 20}), PATTERN_FOUND);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(the_dialect),
	    cmocka_unit_test(broken_patterns),
	    cmocka_unit_test(bounds),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
