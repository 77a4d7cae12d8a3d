/* The parts of the detector, each against what can be worked out by hand. */
#include "../unit.h"

#include "../../../cmd/sensor-anomaly/blend.h"
#include "../../../cmd/sensor-anomaly/channel.h"
#include "../../../cmd/sensor-anomaly/cusum.h"
#include "../../../cmd/sensor-anomaly/episode.h"
#include "../../../cmd/sensor-anomaly/flat.h"
#include "../../../cmd/sensor-anomaly/profile.h"
#include "../../../cmd/sensor-anomaly/robust.h"
#include "../../../cmd/sensor-anomaly/tail.h"
#include "../../../cmd/sensor-anomaly/unrest.h"

#include <math.h>

static void near(double got, double expected, double off)
{
	if (!(fabs(got - expected) <= off))
		fail_msg("got %.9g, expected %.9g", got, expected);
}

/* Uniform in (0, 1): SplitMix64. */
static double chance(void)
{
	static uint64_t seed = 1;
	uint64_t x = seed += UINT64_C(0x9e3779b97f4a7c15);

	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return ((double)((x ^ (x >> 31)) >> 11) + 0.5) * 0x1p-53;
}

/* ---- tail ---- */

static void places(void **state)
{
	(void)state;
	near(tail_place(0), 0, 0);
	near(tail_place(1), 4, 1e-6);
	near(tail_place(3), 8, 1e-6);
	near(tail_place(1023), 40, 1e-5);
	assert_true(tail_place(4094) < TAIL_BINS && tail_place(1e300) < TAIL_BINS);
	assert_true(tail_place(1e300) > 47);
}

/* Of a Pareto tail P(1 + size > x) = x^-a the rarity is a * log10(x), within and beyond what was
 * seen. */
static void a_power_law_is_found_and_continued(void **state)
{
	const double exponents[] = {0.7, 1, 2};
	enum { VALUES = 100000 };

	(void)state;
	for (size_t i = 0; i < sizeof(exponents) / sizeof(exponents[0]); i++) {
		struct tail t = {0};
		double a = exponents[i];

		for (int n = 0; n < VALUES; n++)
			tail_add(&t, tail_place(pow(chance(), -1 / a) - 1), 1);
		for (double x = 1.5; x < 2000 && pow(x, -a) > 1e-3; x *= 1.5)
			near(tail_rarity(&t, tail_place(x - 1), VALUES, 1), a * log10(x), 0.1);
		if (a >= 2) /* up to the last bin a lighter tail is beyond what was seen */
			near(tail_rarity(&t, tail_place(999), VALUES, 1), a * 3, 0.7);
	}
}

/* Rarer is what is larger, everywhere, also between bins and past the last count. */
static void rarity_grows_with_the_size(void **state)
{
	struct tail t = {0};
	double before = 0;

	(void)state;
	for (int n = 0; n < 5000; n++)
		tail_add(&t, tail_place(-log(chance())), 1);
	for (double place = 0; place < TAIL_BINS - 1; place += 0.05) {
		double rarity = tail_rarity(&t, place, 5000, 1);

		/* But for a step down of half a bin, where reading off ends. */
		assert_true(rarity >= before - 0.3 && isfinite(rarity));
		before = greater(before, rarity);
	}
}

static void a_tail_without_values_has_a_rarity(void **state)
{
	struct tail t = {0};

	(void)state;
	near(tail_rarity(&t, 0, 1000, 1), 3, 1e-6);
	/* The prior: a mean excess of two bins. */
	near(tail_rarity(&t, 10, 1000, 1), 3 + 5 / M_LN10, 1e-6);
}

static void weights_scale(void **state)
{
	struct tail t = {0};
	double rarity;

	(void)state;
	for (int n = 0; n < 1000; n++)
		tail_add(&t, tail_place(-log(chance())), 1);
	rarity = tail_rarity(&t, 9.5, 1000, 1);
	tail_scale(&t, 0.125);
	near(tail_rarity(&t, 9.5, 125, 0.125), rarity, 1e-5);
}

/* ---- channel ---- */

static void sides_are_apart_and_clusters_count_once(void **state)
{
	struct channel c = {0};
	struct memory m = {.unit = 1};
	double first, twelfth = 0;

	(void)state;
	for (int n = 0; n < 2000; n++) {
		channel_take(&c, &m, 1, true);
		memory_age(&m, &c, 1);
	}
	near(channel_take(&c, &m, 1, false), 0, 1e-5);
	assert_true(channel_take(&c, &m, -1, false) > 3);
	first = channel_take(&c, &m, 50, true);
	for (int n = 0; n < 11; n++)
		twelfth = channel_take(&c, &m, 50, true);
	assert_true(first > 3);
	assert_true(twelfth > 2);     /* as if there had been about two */
	for (int n = 0; n < 300; n++) /* but what goes on becomes the rule */
		channel_take(&c, &m, 50, true);
	assert_true(channel_take(&c, &m, 50, false) < 2);
}

/* A sum of weights that decay by 1 / 20000: as geometric series have it. */
static void memory_fades(void **state)
{
	struct channel c = {0};
	struct memory m = {.unit = 1};

	(void)state;
	for (int n = 0; n < 100000; n++) {
		channel_take(&c, &m, 1, true);
		memory_age(&m, &c, 1);
		assert_true(m.unit >= 1 && m.unit < 2);
	}
	near(m.total / m.unit, 20000 * (1 - exp(-5)), 20);
	near((double)c.over.above[4] / m.total, 1, 0.001);
}

/* ---- forecasts ---- */

static void the_better_guess_counts(void **state)
{
	struct blend b = {{0}};
	const double guesses[] = {1, 2, 5};

	(void)state;
	near(blend_predict(&b, guesses), 8.0 / 3, 1e-12); /* nothing is known */
	for (int n = 1; n < 1000; n++)
		blend_learn(&b, guesses, 1.5, robust_gain(n, 100));
	near(b.error[0], 0.5, 1e-9);
	near(b.error[2], 3.5, 1e-9);
	near(blend_predict(&b, guesses), 1.5, 1e-4); /* (1/7)^6 is left of the third */
}

static void days_and_weeks_are_learned(void **state)
{
	const int64_t hour = 3600 * CLOCK_SECOND;
	struct week_profile w = {0};
	struct day_profile d = {0};
	struct profile week = profile_of_week(&w), day = profile_of_day(&d);

	(void)state;
	near(profile_at(&week, 0, 42), 42, 0);
	for (int64_t i = -500; i < 500; i++) { /* also before 1970 */
		profile_learn(&week, i * hour / 2, (double)((i + 336 * 9) / 2 % 168));
		profile_learn(&day, i * hour / 2, (double)((i + 48 * 99) % 48));
	}
	near(profile_at(&week, 50 * hour + hour / 2, 0), 50, 1e-9);
	near(profile_at(&week, 51 * hour, 0), 50.5, 1e-9); /* between the middles of hours */
	near(profile_at(&day, 13 * hour + hour / 4, 0), 26, 1e-9);
	near(profile_at(&day, -11 * hour + hour / 4, 0), 26, 1e-9);
}

/* The visit that is under way is not in the mean; the last ones count most. */
static void visits_count_when_they_end(void **state)
{
	const int64_t day = 86400 * CLOCK_SECOND;
	struct day_profile d = {0};
	struct profile p = profile_of_day(&d);

	(void)state;
	profile_learn(&p, 1, 10);
	profile_learn(&p, 2, 20);
	near(profile_at(&p, 1, 7), 7, 0);
	profile_learn(&p, day / 2, 0);
	near(d.means[0], 15, 0);
	profile_learn(&p, day, 25);
	profile_learn(&p, day + day / 2, 0);
	near(d.means[0], 20, 0);
	for (int i = 2; i < 400; i++) {
		profile_learn(&p, i * day, 100);
		profile_learn(&p, i * day + day / 2, 0);
	}
	near(d.means[0], 100, 1e-9);
	assert_int_equal(d.visits[0], 255);
}

/* ---- the others ---- */

static void cusum_adds_up(void **state)
{
	struct cusum c = {0};
	struct cusum_state s = {0};

	(void)state;
	for (int i = 0; i < 1000; i++) /* within the slack */
		s = cusum_take(&c, i, 0.5);
	near(s.sum, 0, 0);
	for (int i = 0; i < 2000; i++)
		s = cusum_take(&c, 5000 + i, -2);
	near(s.sum, -1.5 * 60, 1e-9); /* where the leak takes what comes */
	assert_int_equal(s.since, 5000);
	near(s.count, 2000, 0);
	cusum_take(&c, 9000, 1e300); /* one value does not turn it */
	s = cusum_take(&c, 9001, 0);
	assert_true(s.sum < -80);
}

static void unrest_has_two_sides(void **state)
{
	struct unrest u = {0};
	double calm, lively;

	(void)state;
	for (int i = 1; i <= 5000; i++)
		unrest_take(&u, i, chance() - 0.5, i);
	for (int i = 5001; i <= 5020; i++)
		lively = unrest_take(&u, i, 10 * (chance() - 0.5), i);
	assert_true(lively > 3);
	assert_true(u.since >= 4900 && u.since <= 5005);
	for (int i = 5021; i <= 5100; i++)
		calm = unrest_take(&u, i, 0, i);
	assert_true(calm < -3);
}

static void runs_are_counted(void **state)
{
	struct flat f = {.last = 1, .since = 1};

	(void)state;
	near(flat_take(&f, 2, 1), 1, 0);
	near(flat_take(&f, 3, 2), 0, 0);
	near(flat_take(&f, 4, 2), 1, 0);
	near(flat_take(&f, 5, 2), 2, 0);
	assert_int_equal(f.since, 3);
}

static void an_episode_is_told_once(void **state)
{
	struct episode e = {0};
	int told = 0;

	(void)state;
	near(episode_take(&e, 5), 5, 0);
	near(episode_take(&e, 5.9), 2, 0);
	near(episode_take(&e, 1), 0.5, 0);
	near(episode_take(&e, 6.1), 6.1, 0); /* ten times rarer */
	for (int i = 0; i < 1000; i++)
		told += episode_take(&e, 6) >= 4;
	assert_in_range(told, 10, 40);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(places),
	    cmocka_unit_test(a_power_law_is_found_and_continued),
	    cmocka_unit_test(rarity_grows_with_the_size),
	    cmocka_unit_test(a_tail_without_values_has_a_rarity),
	    cmocka_unit_test(weights_scale),
	    cmocka_unit_test(sides_are_apart_and_clusters_count_once),
	    cmocka_unit_test(memory_fades),
	    cmocka_unit_test(the_better_guess_counts),
	    cmocka_unit_test(days_and_weeks_are_learned),
	    cmocka_unit_test(visits_count_when_they_end),
	    cmocka_unit_test(cusum_adds_up),
	    cmocka_unit_test(unrest_has_two_sides),
	    cmocka_unit_test(runs_are_counted),
	    cmocka_unit_test(an_episode_is_told_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
