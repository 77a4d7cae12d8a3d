#include "fleet.h"

#include "base/clock.h"
#include "base/msg.h"

#include <stdio.h>
#include <stdlib.h>

void fleet_init(struct fleet *f, const struct fleet_plan *plan)
{
	*f = (struct fleet){.plan = *plan, .round = plan->start};
	f->sensors = calloc(plan->sensors, sizeof(*f->sensors));
	if (!f->sensors)
		msg_die(EX_OSERR, "out of memory for %zu sensors", plan->sensors);
	for (size_t i = 0; i < plan->sensors; i++)
		sensor_init(&f->sensors[i], plan->types[i % plan->type_count], (uint32_t)i,
		            plan->seed);
}

static enum payload_format format_of(const struct fleet *f, const struct sensor *s)
{
	bool odd = s->number / f->plan.type_count % 2 == 1;

	if (f->plan.format == FLEET_MIXED)
		return odd ? PAYLOAD_PROTOBUF : PAYLOAD_JSON;
	return f->plan.format == FLEET_PROTOBUF ? PAYLOAD_PROTOBUF : PAYLOAD_JSON;
}

/* The instant of the next message by the clock the fleet lives by. */
static int64_t instant(const struct fleet *f)
{
	if (!f->plan.simulated)
		return clock_now();
	return f->round + f->plan.interval / (int64_t)f->plan.sensors * (int64_t)f->turn +
	       f->plan.interval % (int64_t)f->plan.sensors * (int64_t)f->turn /
	           (int64_t)f->plan.sensors;
}

bool fleet_next(struct fleet *f, struct draft *d)
{
	struct sensor *s = &f->sensors[f->turn];
	int64_t time = instant(f);

	if (time <= s->last)
		time = s->last + 1;
	if (time > CLOCK_MAX)
		return false;
	sensor_measure(s, time, &d->sample);
	d->received = time;
	d->qos = f->plan.qos;
	d->type = slice_of(sensor_type_names[s->type]);
	d->id.len = (size_t)snprintf(f->id, sizeof(f->id), "sim-%06u", (unsigned)s->number);
	d->id.ptr = f->id;
	d->format = format_of(f, s);
	d->content_type = d->format == PAYLOAD_JSON ? SLICE("application/json")
	                                            : SLICE("application/protobuf");
	d->properties = SLICE("schema=1&source=sim");
	d->keep = 100;
	if (++f->turn == f->plan.sensors) {
		f->turn = 0;
		f->round += f->plan.interval;
	}
	return true;
}

void fleet_free(struct fleet *f)
{
	free(f->sensors);
	*f = (struct fleet){0};
}
