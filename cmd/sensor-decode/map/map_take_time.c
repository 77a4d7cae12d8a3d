#include "map/map_take_time.h"

#include "base/clock.h"

#include <string.h>

int map_fail_missing(struct mapper *m, const char *what, struct slice pointer)
{
	return fault_set(m->p->fault, FAULT_MISSING_VALUE, "no %s: there is no value at '%.*s'",
	                 what, SLICE_ARG(pointer));
}

/* An RFC 3339 time, or one that lacks its offset from UTC and gets that of the rule. */
static int read_time_text(struct mapper *m, const struct map_time *t, const struct json_value *v,
                          int64_t *us)
{
	struct slice text = json_value_string(v, m->p->scratch), offset = t->offset;
	char local[128];
	size_t len;

	if (clock_parse(text, us) == 0)
		return 0;
	if (!offset.len)
		offset = SLICE("Z"); /* only to tell what is wrong */
	len = text.len + offset.len;
	if (len > sizeof(local))
		return json_value_no_time(v, t->pointer.text, m->p->fault);
	memcpy(local, text.ptr, text.len);
	memcpy(local + text.len, offset.ptr, offset.len);
	if (clock_parse((struct slice){local, len}, us) < 0)
		return json_value_no_time(v, t->pointer.text, m->p->fault);
	if (t->offset.len)
		return 0;
	return fault_set(m->p->fault, FAULT_BAD_TIME,
	                 "'%.*s' has no offset from UTC: '%.*s'; the rule may give one",
	                 SLICE_ARG(t->pointer.text), SLICE_ARG(text));
}

/* Adds the nanoseconds that stand apart, 0 to 999999999, cut to microseconds. */
static int add_nanos(struct mapper *m, const struct map_found *found, const struct map_time *t,
                     int64_t *us)
{
	const struct json_value *v;
	int64_t nanos = 0;

	if (!t->nanos.given)
		return 0;
	v = map_found_at(found, &t->nanos);
	if (map_is_missing(v))
		return 0;
	if (v->token != JSON_NUMBER || v->text.len > 9)
		return json_value_no_time(v, t->nanos.text, m->p->fault);
	for (size_t i = 0; i < v->text.len; i++) {
		if (v->text.ptr[i] < '0' || v->text.ptr[i] > '9')
			return json_value_no_time(v, t->nanos.text, m->p->fault);
		nanos = nanos * 10 + (v->text.ptr[i] - '0');
	}
	*us += nanos / 1000;
	if (*us > CLOCK_MAX)
		return json_value_no_time(v, t->nanos.text, m->p->fault);
	return 0;
}

int map_take_time(struct mapper *m, const struct map_found *found, bool *timed, int64_t *us)
{
	const struct map_time *t = &found->scope->time;
	const struct json_value *v;

	*timed = false;
	if (!t->pointer.given)
		return 0;
	v = map_found_at(found, &t->pointer);
	if (map_is_missing(v))
		return t->required ? map_fail_missing(m, "time", t->pointer.text) : 0;
	*timed = true;
	if (v->token == JSON_NUMBER && !t->has_unit)
		return fault_set(m->p->fault, FAULT_BAD_TIME,
		                 "'%.*s' is a number, and the rule has no unit for it",
		                 SLICE_ARG(t->pointer.text));
	if ((v->token == JSON_STRING ? read_time_text(m, t, v, us)
	                             : json_value_time(v, t->pointer.text, t->unit, m->p->scratch,
	                                               us, m->p->fault)) < 0)
		return -1;
	return add_nanos(m, found, t, us);
}
