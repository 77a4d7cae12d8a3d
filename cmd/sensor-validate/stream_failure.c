#include "stream_failure.h"

#include "base/clock.h"
#include "text/number.h"

#include <float.h>
#include <math.h>

void stream_fail_order(struct failure *f, const struct reading *r, int64_t newest)
{
	bool duplicate = r->time == newest;

	failure_begin(f, duplicate ? FAILURE_DUPLICATE : FAILURE_OUT_OF_ORDER, SLICE(""));
	buf_append_string(&f->detail, "time ");
	clock_append(&f->detail, r->time);
	if (duplicate) {
		buf_append_string(&f->detail, " is that of the newest reading of this sensor");
		return;
	}
	buf_append_string(&f->detail, " is before that of the newest reading of this sensor, ");
	clock_append(&f->detail, newest);
}

static void say(struct buf *detail, const char *text, double number)
{
	buf_append_string(detail, text);
	number_append(detail, number);
}

/* A difference of doubles: it may be beyond their range, and its last digits are rounding. */
static void say_measured(struct buf *detail, const char *text, double number)
{
	buf_printf(detail, "%s%.6g", text, fmin(number, DBL_MAX));
}

static void say_gross_range(struct buf *detail, const struct qartod_rules *rules)
{
	say(detail, " is out of x-gross-range fail ", rules->fail_range.low);
	say(detail, " to ", rules->fail_range.high);
}

static void say_spike(struct buf *detail, const struct qartod_rules *rules, double measured)
{
	say_measured(detail, " is ", measured);
	say(detail, " off the median of the last three values, over x-spike fail ",
	    rules->spike.fail);
}

static void say_rate(struct buf *detail, const struct qartod_rules *rules, double measured)
{
	say_measured(detail, " is a change by ", measured);
	say(detail, " a second, over x-rate-of-change fail ", rules->rate.fail);
}

static void say_flat_line(struct buf *detail, const struct qartod_rules *rules, double measured)
{
	say(detail, " ends ", measured);
	say(detail, " s within a tolerance of ", rules->tolerance);
	say(detail, ", x-flat-line fail ", (double)rules->flat.fail / 1e6);
}

void stream_fail_value(struct failure *f, const struct value_schema *v, const struct metric *m,
                       const struct qartod_verdict *verdict)
{
	static const enum failure_code codes[QARTOD_CHECKS] = {
	    [QARTOD_GROSS_RANGE] = FAILURE_GROSS_RANGE,
	    [QARTOD_SPIKE] = FAILURE_SPIKE,
	    [QARTOD_RATE_OF_CHANGE] = FAILURE_RATE_OF_CHANGE,
	    [QARTOD_FLAT_LINE] = FAILURE_FLAT_LINE,
	};

	failure_begin_value(f, codes[verdict->check], v->place, m->name, m->text);
	switch (verdict->check) {
	case QARTOD_GROSS_RANGE:
		say_gross_range(&f->detail, v->stream);
		break;
	case QARTOD_SPIKE:
		say_spike(&f->detail, v->stream, verdict->measured);
		break;
	case QARTOD_RATE_OF_CHANGE:
		say_rate(&f->detail, v->stream, verdict->measured);
		break;
	case QARTOD_FLAT_LINE:
		say_flat_line(&f->detail, v->stream, verdict->measured);
		break;
	case QARTOD_CHECKS:
		break;
	}
}
