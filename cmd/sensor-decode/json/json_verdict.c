#include "json/json_verdict.h"

#include "text/json.h"

int json_verdict(struct payload *p)
{
	struct json json;

	if (json_check(&json, p->bytes, p->scratch) < 0)
		return fault_set(p->fault, FAULT_BAD_JSON, "offset %zu: %s", json.error_at,
		                 json.error);
	if (p->fault->code == FAULT_BAD_JSON) /* the parser's bound is the only error left */
		return fault_set(p->fault, FAULT_TOO_DEEP, "nested over %u deep",
		                 p->options->json.max_depth);
	return -1;
}
