#include "readings.h"

#include "record/record.h"

void readings_clear(struct readings *r)
{
	r->count = 0;
	buf_clear(&r->metrics);
	r->type = r->sensor = r->schema = (struct slice){0};
}

int readings_begin(struct readings *r, struct fault *fault)
{
	if (r->count == READINGS_MAX)
		return fault_set(fault, FAULT_TOO_MANY_READINGS, "more than %d readings",
		                 READINGS_MAX);
	r->each[r->count++].timed = false;
	r->metric_count = 0;
	name_set_clear(&r->names);
	return 0;
}

int readings_name(struct readings *r, struct slice name, struct fault *fault)
{
	const char *wrong = record_name_fault(name, true);

	if (wrong)
		return fault_set(fault, FAULT_BAD_NAME, "the metric name '%.*s' %s",
		                 SLICE_ARG(name), wrong);
	switch (name_set_add(&r->names, name)) {
	case NAME_NEW:
		return 0;
	case NAME_TWICE:
		return fault_set(fault, FAULT_DUPLICATE_NAME, "'%.*s' is there twice",
		                 SLICE_ARG(name));
	case NAME_FULL:
		break;
	}
	return fault_set(fault, FAULT_TOO_MANY_METRICS, "more than %d names", NAME_SET_MAX);
}

int readings_add(struct readings *r, struct slice name, struct slice text, struct fault *fault)
{
	if (++r->metric_count > RECORD_METRICS_MAX)
		return fault_set(fault, FAULT_TOO_MANY_METRICS, "more than %d metrics",
		                 RECORD_METRICS_MAX);
	reading_append_metric(&r->metrics, name, text, QUALITY_GOOD);
	return 0;
}

void readings_set_time(struct readings *r, int64_t time)
{
	r->each[r->count - 1].timed = true;
	r->each[r->count - 1].time = time;
}

int readings_end(struct readings *r, struct fault *fault)
{
	if (r->metric_count == 0)
		return fault_set(fault, FAULT_NO_METRICS, "reading %zu has no metric with a value",
		                 r->count);
	r->each[r->count - 1].end = r->metrics.len;
	return 0;
}

void readings_free(struct readings *r)
{
	buf_free(&r->metrics);
	name_set_free(&r->names);
}
