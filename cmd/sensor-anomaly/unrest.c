#include "unrest.h"

#include "robust.h"

static const double short_span = 12, long_span = 1000;
static const double error_least = 0.05, error_most = 20; /* beyond, it is no matter how far */
static const double deviation_least = 0.1, deviation_most = 3;

double unrest_take(struct unrest *u, int64_t time, double error, double count)
{
	double size = log(error_least + lesser(fabs(error), error_most)), difference, unrest;

	u->now += robust_gain(count, short_span) * (size - u->now);
	difference = u->now - u->usual;
	unrest = difference / greater(u->deviation, deviation_least);
	if ((difference > 0) != (u->before > 0))
		u->since = time;
	u->before = difference;
	u->usual += robust_gain(count, long_span) * (size - u->usual);
	u->deviation += robust_gain(count, long_span) *
	                (lesser(fabs(difference), deviation_most) - u->deviation);
	return unrest;
}
