#include "axis.h"

#include "base/clock.h"

#include <float.h>
#include <math.h>

/* The least of 1, 2, 5 times a power of ten that is not below `least`. */
static double round_step(double least)
{
	double power = pow(10, floor(log10(least)));
	double times = least / power;

	if (times <= 1)
		return power;
	if (times <= 2)
		return 2 * power;
	return times <= 5 ? 5 * power : 10 * power;
}

void axis_values(struct axis_values *a, double low, double high, size_t most)
{
	/* The span itself may be beyond the range of a double. */
	double least = high / (double)(most - 1) - low / (double)(most - 1);

	a->step = round_step(least > DBL_MIN ? least : DBL_MIN);
	a->first = ceil(low / a->step) * a->step;
	a->count = 0;
	while (a->count < most && axis_value(a, a->count) <= high + a->step * 1e-9)
		a->count++;
	a->decimals = a->step < 1 ? (int)ceil(-log10(a->step) - 1e-9) : 0;
}

double axis_value(const struct axis_values *a, size_t i)
{
	double value = a->first + (double)i * a->step;

	/* What rounding left of 0 is 0. */
	return fabs(value) < a->step * 1e-6 ? 0 : value;
}

void axis_append_value(struct buf *b, const struct axis_values *a, size_t i)
{
	double value = axis_value(a, i), largest = fabs(axis_value(a, a->count - 1));

	if (largest < fabs(a->first))
		largest = fabs(a->first);
	if (largest >= 1e9 || a->decimals > 9)
		buf_printf(b, "%.6g", value);
	else
		buf_printf(b, "%.*f", a->decimals, value);
}

/* ---- times ---- */

static int64_t round_span(int64_t least)
{
	/* seconds */
	static const int64_t spans[] = {1,   2,   5,    10,   15,   30,    60,    120,   300,
	                                600, 900, 1800, 3600, 7200, 10800, 21600, 43200, 86400};
	int64_t days = 1;

	for (size_t i = 0; i < sizeof(spans) / sizeof(spans[0]); i++)
		if (spans[i] * CLOCK_SECOND >= least)
			return spans[i] * CLOCK_SECOND;
	/* Powers of two keep within 12 bits for all times there are. */
	while (days * 86400 * CLOCK_SECOND < least)
		days *= 2;
	return days * 86400 * CLOCK_SECOND;
}

static int64_t round_up(int64_t us, int64_t step)
{
	int64_t rest = us % step;

	if (rest == 0)
		return us;
	return rest > 0 ? us + step - rest : us - rest;
}

void axis_times(struct axis_times *a, int64_t from, int64_t to, size_t most)
{
	a->step = round_span((to - from) / (int64_t)most + 1);
	a->first = round_up(from, a->step);
	a->count = 0;
	while (a->count < most && a->first + (int64_t)a->count * a->step <= to)
		a->count++;
}

void axis_append_time(struct buf *b, const struct axis_times *a, size_t i)
{
	int64_t us = a->first + (int64_t)i * a->step;
	char text[CLOCK_TEXT_LEN]; /* 2026-01-31T23:59:59.000000Z */

	clock_format(us, text);
	if (us % (86400 * CLOCK_SECOND) == 0)
		buf_append(b, text + 5, 5);
	else
		buf_append(b, text + 11, a->step % (60 * CLOCK_SECOND) == 0 ? 5 : 8);
}
