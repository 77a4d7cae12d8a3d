#include "qartod.h"

#include <float.h>
#include <math.h>

const struct qartod_rules qartod_none = {
    .suspect_range = {-INFINITY, INFINITY},
    .fail_range = {-INFINITY, INFINITY},
    .spike = {INFINITY, INFINITY},
    .rate = {INFINITY, INFINITY},
    .flat = {INT64_MAX, INT64_MAX},
};

const char *qartod_name(enum qartod_check check)
{
	static const char *const names[QARTOD_CHECKS] = {
	    [QARTOD_GROSS_RANGE] = "gross-range",
	    [QARTOD_SPIKE] = "spike",
	    [QARTOD_RATE_OF_CHANGE] = "rate-of-change",
	    [QARTOD_FLAT_LINE] = "flat-line",
	};

	return names[check];
}

/* ---- what is measured ---- */

static inline bool within(struct qartod_range range, double value)
{
	return value >= range.low && value <= range.high;
}

/* That 20.1 is no double must not make it more than 0.1 from 20: what rounding may have added does
 * not count. */
static double distance(double a, double b)
{
	return fmax(0, fabs(a - b) - fabs(a) * DBL_EPSILON - fabs(b) * DBL_EPSILON);
}

/* The distance to the median of the three, which is that to the range of the other two. */
static double spike(const struct history *h, double value)
{
	double low = fmin(h->last, h->before), high = fmax(h->last, h->before);

	if (value > high)
		return distance(value, high);
	return value < low ? distance(low, value) : 0;
}

static double rate(const struct history *h, int64_t time, double value)
{
	return distance(value, h->last) / ((double)(time - h->time) / 1e6);
}

static bool stays_flat(const struct history *h, const struct qartod_rules *rules, double value)
{
	return distance(fmax(h->high, value), fmin(h->low, value)) <= rules->tolerance;
}

/* ---- flags ---- */

static enum quality flag_over(struct qartod_limits limits, double measured)
{
	if (measured > limits.fail)
		return QUALITY_FAIL;
	return measured > limits.suspect ? QUALITY_SUSPECT : QUALITY_GOOD;
}

static enum quality flag_lasting(struct qartod_spans spans, int64_t lasted)
{
	if (lasted >= spans.fail)
		return QUALITY_FAIL;
	return lasted >= spans.suspect ? QUALITY_SUSPECT : QUALITY_GOOD;
}

static enum quality flag_range(const struct qartod_rules *rules, double value)
{
	if (!within(rules->fail_range, value))
		return QUALITY_FAIL;
	return within(rules->suspect_range, value) ? QUALITY_GOOD : QUALITY_SUSPECT;
}

/* How many of the values in the history count for one at this time. */
static unsigned values_before(const struct history *h, int64_t gap, int64_t time)
{
	if (h->values == 0 || time <= h->time || time - h->time > gap)
		return 0;
	return h->values;
}

static enum quality judge_one(enum qartod_check check, const struct qartod_rules *rules,
                              const struct history *h, unsigned values, int64_t time, double value,
                              double *measured)
{
	switch (check) {
	case QARTOD_GROSS_RANGE:
		*measured = value;
		return flag_range(rules, value);
	case QARTOD_SPIKE:
		if (values < 2)
			break;
		*measured = spike(h, value);
		return flag_over(rules->spike, *measured);
	case QARTOD_RATE_OF_CHANGE:
		if (values < 1)
			break;
		*measured = rate(h, time, value);
		return flag_over(rules->rate, *measured);
	case QARTOD_FLAT_LINE:
		if (values < 1)
			break;
		if (!stays_flat(h, rules, value))
			return QUALITY_GOOD;
		*measured = (double)(time - h->flat_since) / 1e6;
		return flag_lasting(rules->flat, time - h->flat_since);
	case QARTOD_CHECKS:
		break;
	}
	return QUALITY_NOT_EVALUATED;
}

void qartod_judge(const struct qartod_rules *rules, const struct history *h, int64_t gap,
                  int64_t time, double value, struct qartod_verdict *verdict)
{
	unsigned values = values_before(h, gap, time);

	*verdict = (struct qartod_verdict){.worst = QUALITY_GOOD};
	for (enum qartod_check check = 0; check < QARTOD_CHECKS; check++) {
		enum quality flag;

		if (!(rules->checks >> check & 1))
			continue;
		flag = judge_one(check, rules, h, values, time, value, &verdict->measured);
		verdict->flags[check] = flag;
		if (flag == QUALITY_SUSPECT)
			verdict->worst = QUALITY_SUSPECT;
		if (flag == QUALITY_FAIL) {
			verdict->worst = QUALITY_FAIL;
			verdict->check = check;
			return;
		}
	}
}

/* ---- history ---- */

void history_add(struct history *h, const struct qartod_rules *rules, int64_t gap, int64_t time,
                 double value)
{
	unsigned values = values_before(h, gap, time);

	if (time <= h->time)
		return;
	if (values > 0 && stays_flat(h, rules, value)) {
		h->low = fmin(h->low, value);
		h->high = fmax(h->high, value);
	} else {
		h->low = h->high = value;
		h->flat_since = time;
	}
	h->before = values > 0 ? h->last : 0;
	h->last = value;
	h->time = time;
	h->values = values > 0 ? 2 : 1;
	h->failed = 0;
}

void history_fail(struct history *h, enum qartod_check check)
{
	if (check != QARTOD_SPIKE && check != QARTOD_RATE_OF_CHANGE)
		return;
	if (++h->failed < QARTOD_FAILS_MAX)
		return;
	h->values = 0;
	h->failed = 0;
}
