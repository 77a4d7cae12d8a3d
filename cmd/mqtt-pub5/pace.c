#include "pace.h"

#include "base/clock.h"

static int64_t by_rate(struct pace *p, int64_t now)
{
	double due = p->next;

	if (due < (double)(now - PACE_CATCH_UP))
		due = (double)(now - PACE_CATCH_UP);
	p->next = due + (double)CLOCK_SECOND / p->rate;
	return (int64_t)due;
}

/* p->next is the instant that stands for the origin; it moves on when the sender is late. */
static int64_t by_time(struct pace *p, int64_t received, int64_t now)
{
	double offset = (double)(received - p->origin) / p->speed;
	double late = (double)(now - PACE_CATCH_UP) - (p->next + offset);

	/* A message from before its predecessor is due at once, and no sign of being late. */
	if (late > 0 && offset > 0)
		p->next += late;
	return (int64_t)(p->next + offset);
}

int64_t pace_due(struct pace *p, int64_t received, int64_t now)
{
	if (!p->begun) {
		p->begun = true;
		p->next = (double)now;
		p->origin = received;
	}
	if (p->rate > 0)
		return by_rate(p, now);
	if (p->speed > 0)
		return by_time(p, received, now);
	return now;
}
