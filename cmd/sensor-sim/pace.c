#include "pace.h"

void pace_init(struct pace *p, double rate, int64_t now)
{
	*p = (struct pace){.rate = rate, .origin = now};
}

int64_t pace_next(const struct pace *p)
{
	return p->origin + (int64_t)((double)p->sent * (double)CLOCK_SECOND / p->rate);
}

bool pace_take(struct pace *p, int64_t (*now)(void))
{
	if (p->rate > 0 && p->sent >= p->due) {
		int64_t time = now();
		int64_t late = time - pace_next(p);

		if (late < 0)
			return false;
		if (late > PACE_CATCH_UP)
			p->origin += late - PACE_CATCH_UP;
		p->due = 1 +
		         (uint64_t)((double)(time - p->origin) * p->rate / (double)CLOCK_SECOND);
	}
	p->sent++;
	return true;
}
