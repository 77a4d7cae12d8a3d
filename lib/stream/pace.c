#include "stream/pace.h"

#include "base/clock.h"

/* What can be cast to int64_t; beyond it lie 292,000 years of waiting. */
#define NEVER ((double)INT64_MAX / 2)

int64_t pace_due(struct pace *p, int64_t received, int64_t now)
{
	double due, earliest = (double)(now - PACE_CATCH_UP);

	if (p->rate <= 0 && p->speed <= 0)
		return now;
	if (!p->begun) {
		p->begun = true;
		p->next = (double)now;
		p->received = received;
	}
	if (p->speed > 0 && received > p->received)
		p->next += (double)(received - p->received) / p->speed;
	p->received = received;
	if (p->next < earliest)
		p->next = earliest;
	due = p->next;
	if (p->rate > 0)
		p->next += (double)CLOCK_SECOND / p->rate;
	return due < NEVER ? (int64_t)due : INT64_MAX;
}
