#include "lone_value.h"

int lone_value_take(struct payload *p, const struct json_value *v)
{
	struct slice text;

	if (p->metric.len == 0)
		return fault_set(p->fault, FAULT_NO_METRIC_NAME,
		                 "the payload is one value, and neither {metric} in a template nor "
		                 "--metric names it");
	if (readings_begin(p->readings, p->fault) < 0 ||
	    readings_name(p->readings, p->metric, p->fault) < 0 ||
	    json_value_metric(v, p->metric, p->scratch, &text, p->fault) < 0 ||
	    readings_add(p->readings, p->metric, text, p->fault) < 0)
		return -1;
	return readings_end(p->readings, p->fault);
}
