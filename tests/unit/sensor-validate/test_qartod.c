/* Sequences of values and the flags of each, worked out by hand. */
#include "../unit.h"

#include "../../../cmd/sensor-validate/qartod.h"

#include <float.h>

#define S INT64_C(1000000) /* a second */

enum { G = QUALITY_GOOD, N = QUALITY_NOT_EVALUATED, U = QUALITY_SUSPECT, F = QUALITY_FAIL };

struct step {
	double at, value; /* seconds */
	int flag;
};

/* Values one after the other; those that fail are refused. */
static void run(const struct qartod_rules *rules, double gap, const struct step *steps,
                size_t count)
{
	int64_t limit = gap > 0 ? (int64_t)(gap * 1e6) : INT64_MAX;
	struct history h = {.time = HISTORY_NEVER};

	for (size_t i = 0; i < count; i++) {
		int64_t time = (int64_t)(steps[i].at * 1e6);
		struct qartod_verdict verdict;
		int flag = 0;

		qartod_judge(rules, &h, limit, time, steps[i].value, &verdict);
		for (int check = 0; check < QARTOD_CHECKS; check++)
			flag += (int)verdict.flags[check]; /* there is one */
		if (flag != steps[i].flag)
			fail_msg("step %zu: %g at %g: got %d, expected %d", i, steps[i].value,
			         steps[i].at, flag, steps[i].flag);
		if (flag == F)
			history_fail(&h, verdict.check);
		else
			history_add(&h, rules, limit, time, steps[i].value);
	}
}

#define RUN(rules, gap, steps) run(&(rules), gap, steps, sizeof(steps) / sizeof((steps)[0]))

static struct qartod_rules rules_of(enum qartod_check check)
{
	struct qartod_rules rules = qartod_none;

	rules.checks = 1u << check;
	return rules;
}

static void gross_range(void **state)
{
	static const struct step steps[] = {
	    {0, 0, G},     {1, 30, G}, {2, -10, G},  {3, 30.1, U},
	    {4, -10.1, U}, {5, 50, U}, {6, -20, U},  {7, 50.1, F},
	    {8, -20.1, F}, {9, 20, G}, {9, 50.1, F}, {5, 50.1, F}, /* whatever the order */
	};
	struct qartod_rules rules = rules_of(QARTOD_GROSS_RANGE);

	(void)state;
	rules.suspect_range = (struct qartod_range){-10, 30};
	rules.fail_range = (struct qartod_range){-20, 50};
	RUN(rules, 0, steps);
}

static void spike_is_flagged_alone(void **state)
{
	static const struct step steps[] = {
	    {0, 10, N},    {1, 11, N},  {2, 10, G},  {3, 16, G}, /* 5 over the range 10 to 11 */
	    {4, 10, G},    {5, 10, G},  {6, 10, G},  {7, 15.5, U},
	    {8, 10, G},    {9, 10, G},  {10, 10, G}, /* up and back: once */
	    {11, 4.5, U},  {12, 10, G},              /* and down */
	    {13, 30, U},                             /* 20 off is not over fail 20 */
	    {14, 30.1, G}, {15, 30, G},              /* a step: its first value only */
	};
	static const struct step failing[] = {
	    {0, 10, N}, {1, 10, N}, {2, 30.5, F}, {3, 10, G}, {4, -10.5, F}, {5, 10, G},
	};
	struct qartod_rules rules = rules_of(QARTOD_SPIKE);

	(void)state;
	rules.spike = (struct qartod_limits){5, 20};
	RUN(rules, 0, steps);
	RUN(rules, 0, failing);
}

/* Else all values after a step would be refused for good. */
static void failing_on_and_on_is_a_step(void **state)
{
	static const struct step steps[] = {
	    {0, 10, N}, {1, 10, N}, {2, 50, F}, {3, 50, F}, {4, 10, G}, /* it came back */
	    {5, 50, F}, {6, 51, F}, {7, 50, F}, {8, 50, N}, {9, 50, N}, {10, 51, G},
	};
	static const struct step jump[] = {
	    {0, 10, N}, {1, 90, F}, {2, 90, F}, {3, 90, F}, {4, 90, N}, {5, 91, G},
	};
	struct qartod_rules spike = rules_of(QARTOD_SPIKE), rate = rules_of(QARTOD_RATE_OF_CHANGE);

	(void)state;
	spike.spike.fail = 5;
	RUN(spike, 0, steps);
	rate.rate.fail = 2;
	RUN(rate, 0, jump);
}

static void rate_of_change(void **state)
{
	static const struct step steps[] = {
	    {0, 10, N},       {10, 15, G},                  /* 0.5 a second */
	    {20, 10, G},                                    /* down */
	    {30, 15.5, U},    {40, 15.5, G}, {42, 19.5, U}, /* 2 a second is not over fail 2 */
	    {44, 23.75, F},                                 /* 2.125 */
	    {52.5, 23.75, G}, /* 4.25 in 10.5 s since the value before */
	    {52.5, 0, N},     /* the same time, */
	    {50, 0, N},       /* one before, */
	    {53.5, 23.75, G}, /* neither counts */
	};
	/* Decimals that are no doubles: 20.1 - 20 is over 0.1. */
	static const struct step decimals[] = {
	    {0, 20, N}, {1, 20.1, G}, {2, 20.2, G}, {3, 20.3001, U}};
	struct qartod_rules rules = rules_of(QARTOD_RATE_OF_CHANGE);

	(void)state;
	rules.rate = (struct qartod_limits){0.5, 2};
	RUN(rules, 0, steps);
	rules.rate = (struct qartod_limits){0.1, 2};
	RUN(rules, 0, decimals);
}

static void flat_line(void **state)
{
	static const struct step steps[] = {
	    {0, 10, N},       {100, 10.1, G},   {200, 9.9, G},
	    {299, 10, G},     {300, 10, U}, /* 300 s within 0.2 */
	    {599, 10, U},     {600, 10, F},     {700, 10, F},
	    {701, 10.15, G},                    /* 9.9 to 10.15: the run ends, */
	    {1000, 10.15, G}, {1001, 10.15, U}, /* and this one began with it */
	};
	/* It is told later than could be: flat from 100 on, but the first run ended at 200. */
	static const struct step drifting[] = {
	    {0, 10, N},     {100, 10.2, G}, {200, 10.3, G},
	    {400, 10.3, G}, {499, 10.3, G}, {500, 10.3, U},
	};
	static const struct step exact[] = {{0, 1, N}, {299, 1, G}, {300, 1, U}, {301, 1.0001, G}};
	struct qartod_rules rules = rules_of(QARTOD_FLAT_LINE);

	(void)state;
	rules.tolerance = 0.2;
	rules.flat = (struct qartod_spans){300 * S, 600 * S};
	RUN(rules, 0, steps);
	RUN(rules, 0, drifting);
	rules.tolerance = 0;
	RUN(rules, 0, exact);
}

static void after_a_gap_all_begins_anew(void **state)
{
	static const struct step spikes[] = {
	    {0, 10, N}, {60, 10, N}, {120, 10, G}, {180.000001, 99, N}, {190, 99, N}, {200, 10, U},
	};
	static const struct step flat[] = {
	    {0, 10, N}, {60, 10, G}, {120, 10, U}, {200, 10, N}, {260, 10, G},
	};
	struct qartod_rules spike = rules_of(QARTOD_SPIKE), line = rules_of(QARTOD_FLAT_LINE);

	(void)state;
	spike.spike.suspect = 5;
	RUN(spike, 60, spikes);
	line.flat.suspect = 100 * S;
	RUN(line, 60, flat);
}

static void extremes(void **state)
{
	static const struct step steps[] = {{0, -DBL_MAX, N}, {1e-6, DBL_MAX, F}, {2, -DBL_MAX, G}};
	static const struct step spikes[] = {{0, -DBL_MAX, N}, {1, -DBL_MAX, N}, {2, DBL_MAX, F}};
	struct qartod_rules rate = rules_of(QARTOD_RATE_OF_CHANGE), spike = rules_of(QARTOD_SPIKE);

	(void)state;
	rate.rate.fail = spike.spike.fail = 1e300;
	RUN(rate, 0, steps);
	RUN(spike, 0, spikes);
}

/* The first that fails is told; those after it are not made. */
static void several_checks(void **state)
{
	struct qartod_rules rules = qartod_none;
	struct history h = {.time = HISTORY_NEVER};
	struct qartod_verdict verdict;

	(void)state;
	rules.checks = 1u << QARTOD_GROSS_RANGE | 1u << QARTOD_RATE_OF_CHANGE |
	               1u << QARTOD_FLAT_LINE;
	rules.suspect_range.high = 5;
	rules.rate.fail = 1;
	history_add(&h, &rules, INT64_MAX, 0, 1);
	qartod_judge(&rules, &h, INT64_MAX, S, 6, &verdict);
	assert_int_equal(verdict.worst, QUALITY_FAIL);
	assert_int_equal(verdict.check, QARTOD_RATE_OF_CHANGE);
	assert_float_equal(verdict.measured, 5, 1e-9);
	assert_int_equal(verdict.flags[QARTOD_GROSS_RANGE], QUALITY_SUSPECT);
	assert_int_equal(verdict.flags[QARTOD_FLAT_LINE], 0);
	qartod_judge(&rules, &h, INT64_MAX, 6 * S, 5.5, &verdict);
	assert_int_equal(verdict.worst, QUALITY_SUSPECT);
	assert_int_equal(verdict.flags[QARTOD_SPIKE], 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(gross_range),
	    cmocka_unit_test(spike_is_flagged_alone),
	    cmocka_unit_test(failing_on_and_on_is_a_step),
	    cmocka_unit_test(rate_of_change),
	    cmocka_unit_test(flat_line),
	    cmocka_unit_test(after_a_gap_all_begins_anew),
	    cmocka_unit_test(extremes),
	    cmocka_unit_test(several_checks),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
