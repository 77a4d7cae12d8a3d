#include "readings.h"

void readings_clear(struct readings *r)
{
	if (r->max_string == 0)
		r->max_string = READINGS_STRING_DEFAULT;
	if (r->max_metrics == 0)
		r->max_metrics = RECORD_METRICS_MAX;
	r->count = 0;
	buf_clear(&r->metrics);
	buf_clear(&r->identities);
	r->type = r->sensor = r->schema = (struct slice){0};
	r->topic_type = r->topic_sensor = (struct slice){0};
	r->distinct = false;
}

int readings_begin(struct readings *r, struct fault *fault)
{
	if (r->count == READINGS_MAX)
		return fault_set(fault, FAULT_TOO_MANY_READINGS, "more than %d readings",
		                 READINGS_MAX);
	r->each[r->count++] = (struct reading_part){0};
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

/* Counts what stands between the quotes. A number is as long as the payload is, at most. */
static int check_string(const struct readings *r, struct slice name, struct slice text,
                        struct fault *fault)
{
	if (*text.ptr == '"' && text.len - 2 > r->max_string)
		return fault_set(fault, FAULT_STRING_TOO_LONG,
		                 "'%.*s' is a string of %zu bytes, more than %zu", SLICE_ARG(name),
		                 text.len - 2, r->max_string);
	return 0;
}

int readings_add_metric(struct readings *r, struct slice name, struct slice text,
                        enum quality quality, struct slice unit, struct fault *fault)
{
	if (++r->metric_count > r->max_metrics)
		return fault_set(fault, FAULT_TOO_MANY_METRICS, "more than %zu metrics",
		                 r->max_metrics);
	if (check_string(r, name, text, fault) < 0)
		return -1;
	if (unit.len > RECORD_UNIT_MAX)
		return fault_set(fault, FAULT_STRING_TOO_LONG,
		                 "the unit of '%.*s' has %zu bytes, more than %d", SLICE_ARG(name),
		                 unit.len, RECORD_UNIT_MAX);
	reading_append_metric(&r->metrics, name, text, quality, unit);
	return 0;
}

int readings_add(struct readings *r, struct slice name, struct slice text, struct fault *fault)
{
	return readings_add_metric(r, name, text, QUALITY_GOOD, (struct slice){0}, fault);
}

int readings_add_unit(struct readings *r, struct slice name, struct slice text, struct slice unit,
                      struct fault *fault)
{
	return readings_add_metric(r, name, text, QUALITY_GOOD, unit, fault);
}

int readings_add_quality(struct readings *r, struct slice name, struct slice text,
                         enum quality quality, struct fault *fault)
{
	return readings_add_metric(r, name, text, quality, (struct slice){0}, fault);
}

void readings_set_time(struct readings *r, int64_t time)
{
	r->each[r->count - 1].timed = true;
	r->each[r->count - 1].time = time;
}

/* Copies a name; an empty one is none. */
static int keep_name(struct readings *r, const char *what, struct slice name, size_t *at,
                     uint16_t *len, struct fault *fault)
{
	const char *wrong = name.len ? record_name_fault(name, false) : NULL;

	if (wrong)
		return fault_set(fault, FAULT_BAD_NAME, "the %s '%.*s' %s", what, SLICE_ARG(name),
		                 wrong);
	*at = r->identities.len;
	*len = (uint16_t)name.len;
	buf_append_slice(&r->identities, name);
	return 0;
}

int readings_identify(struct readings *r, struct slice type, struct slice sensor,
                      struct fault *fault)
{
	struct reading_part *last = &r->each[r->count - 1];

	if (keep_name(r, "type", type, &last->type, &last->type_len, fault) < 0)
		return -1;
	return keep_name(r, "sensor", sensor, &last->sensor, &last->sensor_len, fault);
}

int readings_qualify(struct readings *r, struct slice suffix, struct fault *fault)
{
	struct reading_part *last = &r->each[r->count - 1];

	return keep_name(r, "end of a sensor's name,", suffix, &last->suffix, &last->suffix_len,
	                 fault);
}

static struct slice kept_name(const struct readings *r, size_t at, size_t len)
{
	return len ? (struct slice){r->identities.ptr + at, len} : (struct slice){0};
}

struct slice readings_type(const struct readings *r, size_t reading)
{
	return kept_name(r, r->each[reading].type, r->each[reading].type_len);
}

struct slice readings_sensor(const struct readings *r, size_t reading)
{
	return kept_name(r, r->each[reading].sensor, r->each[reading].sensor_len);
}

struct slice readings_suffix(const struct readings *r, size_t reading)
{
	return kept_name(r, r->each[reading].suffix, r->each[reading].suffix_len);
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
	buf_free(&r->identities);
	name_set_free(&r->names);
}
