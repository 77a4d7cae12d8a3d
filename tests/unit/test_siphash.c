/* The vectors of SipHash's reference implementation: key 00 01 .. 0f, inputs 00 01 02 ... */
#include "unit.h"

#include "base/siphash.h"

static const struct siphash key = {UINT64_C(0x0706050403020100), UINT64_C(0x0f0e0d0c0b0a0908)};

static void vectors(void **state)
{
	static const struct {
		size_t len;
		struct siphash hash;
	} cases[] = {
	    {0, {UINT64_C(0xe6a825ba047f81a3), UINT64_C(0x930255c71472f66d)}},
	    {1, {UINT64_C(0x44af996bd8c187da), UINT64_C(0x45fc229b11597634)}},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct slice input = exact_copy((struct slice){"\0", cases[i].len});
		struct siphash hash = siphash(key, input);

		assert_int_equal(hash.low, cases[i].hash.low);
		assert_int_equal(hash.high, cases[i].hash.high);
		exact_free(input);
	}
}

/* Every byte and the length count, wherever a word ends. */
static void all_differ(void **state)
{
	char bytes[40] = {0};
	struct siphash seen[sizeof(bytes)];

	(void)state;
	for (size_t len = 0; len < sizeof(bytes); len++) {
		struct slice input = exact_copy((struct slice){bytes, len});

		seen[len] = siphash(key, input);
		for (size_t other = 0; other < len; other++)
			assert_true(seen[other].low != seen[len].low &&
			            seen[other].high != seen[len].high);
		for (size_t i = 0; i < len; i++) {
			((char *)input.ptr)[i] = 1;
			assert_true(siphash(key, input).low != seen[len].low);
			((char *)input.ptr)[i] = 0;
		}
		exact_free(input);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(vectors),
	    cmocka_unit_test(all_differ),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
