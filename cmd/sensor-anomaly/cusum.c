#include "cusum.h"

#include "robust.h"

static const double slack = 0.5; /* what a step must have for the sum to grow */
static const double step_most = 4;
static const double leak = 1.0 / 60; /* of the sum, with each value */

static void add(double *sum, double *count, int64_t *since, int64_t time, double step)
{
	if (*sum <= 0) {
		*count = 0;
		*since = time;
	}
	*sum = greater(0, (1 - leak) * *sum + step - slack);
	*count += 1;
}

struct cusum_state cusum_take(struct cusum *c, int64_t time, double deviation)
{
	double step = robust_clip(deviation, step_most);

	add(&c->up, &c->up_count, &c->up_since, time, step);
	add(&c->down, &c->down_count, &c->down_since, time, -step);
	if (c->up >= c->down)
		return (struct cusum_state){c->up, c->up_count, c->up_since};
	return (struct cusum_state){-c->down, c->down_count, c->down_since};
}
