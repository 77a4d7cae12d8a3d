/*
 * senml_resolve: a record of a SenML pack with all that holds for it: name, time and unit (RFC 8428
 * section 4.5; senml.h tells by which rules).
 */
#ifndef SENSOR_DECODE_SENML_RESOLVE_H
#define SENSOR_DECODE_SENML_RESOLVE_H

#include "record/record.h"
#include "senml/senml.h"

struct senml_resolved {
	struct slice sensor; /* empty where there is no base name */
	struct slice name, unit;
	struct slice told_by; /* the unit, where it is part of the metric's name, else empty */
	int64_t time;

	/* The metric's name: the name, a dot and told_by; there is room for ".sum" behind it. */
	size_t metric_len;
	char metric[RECORD_NAME_MAX + 1 + RECORD_UNIT_MAX + sizeof(".sum")];
};

/* The record is s->record; its base fields were taken. Returns 0, or -1 with the fault set. */
int senml_resolve(struct senml *s, struct senml_resolved *to);

static inline struct slice senml_metric(const struct senml_resolved *r)
{
	return (struct slice){r->metric, r->metric_len};
}

/* Puts something behind the metric's name. */
void senml_extend_metric(struct senml_resolved *to, struct slice text);

#endif
