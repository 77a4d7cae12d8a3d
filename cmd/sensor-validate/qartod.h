/*
 * qartod: is a value plausible after the values before it?
 *
 * Tests of QARTOD (U.S. IOOS, "Manual for Real-Time Quality Control of In-Situ
 * Temperature and Salinity Data", https://ioos.noaa.gov/project/qartod/) with
 * its flags, for a stream in which a value is judged once, when it comes, and
 * no values are kept but the last two:
 *
 *   gross range     as QARTOD: out of the range for fail, or out of that for suspect.
 *   spike           QARTOD flags the value before the newest: |v(n-1) - (v(n-2) + v(n)) / 2|.
 *                   That one has left by then. Here it is the newest against the median of
 *                   itself and the two before: |v(n) - median(v(n-2), v(n-1), v(n))|. A single
 *                   spike is flagged, and no value after it; so is the first value of a step,
 *                   which is no spike, as nobody can know yet.
 *   rate of change  |v(n) - v(n-1)| by the seconds between them, against a fixed limit. QARTOD
 *                   has a number of standard deviations over a time.
 *   flat line       for how long all values have been within a tolerance of each other. QARTOD
 *                   counts values, as it supposes a fixed interval. A run of such values that
 *                   one value ends begins anew with that value, so a line that is flat within
 *                   the tolerance while the values before it drifted into it is told later than
 *                   it could be, by less than the duration.
 *
 * A check that cannot be made, as there are no values before, says so
 * (QUALITY_NOT_EVALUATED). Limits are compared with doubles, and in a
 * difference what the rounding of decimals to doubles can amount to does not
 * count. Pure: no I/O, no clock: a replay gives the same flags.
 */
#ifndef SENSOR_VALIDATE_QARTOD_H
#define SENSOR_VALIDATE_QARTOD_H

#include "record/record.h"

#include <stdint.h>

enum qartod_check {
	QARTOD_GROSS_RANGE,
	QARTOD_SPIKE,
	QARTOD_RATE_OF_CHANGE,
	QARTOD_FLAT_LINE,
	QARTOD_CHECKS, /* how many */
};

/* After so many values in a row that failed the spike or rate check the level is taken to have
 * changed: the history is forgotten. */
enum { QARTOD_FAILS_MAX = 3 };

/* Limits of a check; one that is not set is never passed. */
struct qartod_range {
	double low, high; /* both still good */
};
struct qartod_limits {
	double suspect, fail; /* what is over it */
};
struct qartod_spans {
	int64_t suspect, fail; /* microseconds; what lasts that long */
};

struct qartod_rules {
	unsigned checks; /* 1 << QARTOD_*: which of them are made */
	struct qartod_range suspect_range, fail_range;
	struct qartod_limits spike, rate; /* the metric's unit; its unit a second */
	double tolerance;
	struct qartod_spans flat;
};

/* Rules without checks or limits. */
extern const struct qartod_rules qartod_none;

/* What is kept of a series. */
struct history {
	int64_t time;        /* of the newest value; HISTORY_NEVER before the first one */
	double last, before; /* the newest value and the one before it: as many as `values` */
	int64_t flat_since;  /* what the values have been since then: */
	double low, high;
	uint8_t values; /* 0 to 2 */
	uint8_t failed; /* in a row, below QARTOD_FAILS_MAX */
};

#define HISTORY_NEVER INT64_MIN

/* A value of a series, and what is said of it. */
struct qartod_verdict {
	enum quality flags[QARTOD_CHECKS]; /* of the checks that were made; else 0 */
	enum quality worst;                /* GOOD, SUSPECT or FAIL */
	enum qartod_check check;           /* the first that gave FAIL */
	double measured;                   /* by it, in the unit of its limit; seconds */
};

/* `gap`: microseconds without a value after which the values before count no more. A value whose
 * time is not after that of the newest gets no check that needs an order. Stops at the first
 * FAIL. */
void qartod_judge(const struct qartod_rules *rules, const struct history *h, int64_t gap,
                  int64_t time, double value, struct qartod_verdict *verdict);

/* The value was passed on: it belongs to the history, unless it is older. */
void history_add(struct history *h, const struct qartod_rules *rules, int64_t gap, int64_t time,
                 double value);

/* The value was refused by the check. */
void history_fail(struct history *h, enum qartod_check check);

/* "spike" */
const char *qartod_name(enum qartod_check check);

#endif
