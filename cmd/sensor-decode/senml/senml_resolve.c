#include "senml/senml_resolve.h"

#include "base/clock.h"
#include "decimal.h"
#include "device_time.h"

#include <stdbool.h>
#include <string.h>

/* Times from this on are absolute, microseconds. */
#define ABSOLUTE_FROM ((INT64_C(1) << 28) * CLOCK_SECOND)

static bool is_letter_or_digit(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

static bool is_separator(char c)
{
	return c == '/' || c == ':' || c == '.' || c == '-' || c == '_';
}

/* Base name and name together are of the characters RFC 8428 allows (section 4.5.1). */
static int check_name(const struct senml *s, struct slice base, struct slice own)
{
	struct slice parts[] = {base, own};
	char first = base.len ? *base.ptr : own.len ? *own.ptr : '\0';

	if (base.len + own.len == 0)
		return fault_set(s->payload->fault, FAULT_BAD_NAME, "record %zu has no name",
		                 s->number);
	for (int i = 0; i < 2; i++)
		for (size_t at = 0; at < parts[i].len; at++)
			if (!is_letter_or_digit(parts[i].ptr[at]) &&
			    !is_separator(parts[i].ptr[at]))
				return fault_set(s->payload->fault, FAULT_BAD_NAME,
				                 "record %zu: the name '%.*s%.*s' is not of "
				                 "A-Z a-z 0-9 - : . / _",
				                 s->number, SLICE_ARG(base), SLICE_ARG(own));
	if (!is_letter_or_digit(first))
		return fault_set(s->payload->fault, FAULT_BAD_NAME,
		                 "record %zu: the name '%.*s%.*s' starts with none of A-Z a-z 0-9",
		                 s->number, SLICE_ARG(base), SLICE_ARG(own));
	return 0;
}

static int resolve_name(const struct senml *s, struct senml_resolved *to)
{
	struct slice base = s->base[SENML_BN], own = s->record.fields[SENML_N];
	const char *wrong;

	if (check_name(s, base, own) < 0)
		return -1;
	to->sensor = base;
	while (to->sensor.len > 0 && is_separator(to->sensor.ptr[to->sensor.len - 1]))
		to->sensor.len--;
	to->name = own.len > 0                  ? own
	           : s->payload->metric.len > 0 ? s->payload->metric
	                                        : SLICE("value");
	wrong = record_name_fault(to->name, true);
	if (wrong)
		return fault_set(s->payload->fault, FAULT_BAD_NAME, "record %zu: the name %s",
		                 s->number, wrong);
	return 0;
}

static int fail_time(const struct senml *s)
{
	return fault_set(s->payload->fault, FAULT_BAD_TIME,
	                 "record %zu: no time of the years 0001 to 9999", s->number);
}

static int resolve_time(const struct senml *s, struct senml_resolved *to)
{
	struct slice base = s->base[SENML_BT], own = s->record.fields[SENML_T], sum;
	char text[DECIMAL_TEXT_MAX];

	if (!base.ptr)
		base = SLICE("0");
	if (!own.ptr)
		own = SLICE("0");
	if (decimal_add(base, own, text, &sum) < 0 ||
	    device_time_number(sum, TIME_S, &to->time) < 0)
		return fail_time(s);
	if (to->time >= ABSOLUTE_FROM)
		return 0;
	to->time += s->payload->message->received;
	return to->time < CLOCK_MIN || to->time > CLOCK_MAX ? fail_time(s) : 0;
}

/* The unit; where it is another than is usual for the name, it tells the metric apart. Usual is
 * that of the name's first value; a sensor without names for its values has the base unit. */
static int resolve_unit(struct senml *s, struct senml_resolved *to)
{
	struct slice base = s->base[SENML_BU], own = s->record.fields[SENML_U], *usual;

	to->told_by = (struct slice){0};
	to->unit = own.ptr ? own : base;
	if (to->unit.len > RECORD_UNIT_MAX)
		return fault_set(s->payload->fault, FAULT_STRING_TOO_LONG,
		                 "record %zu: a unit of %zu bytes, more than %d", s->number,
		                 to->unit.len, RECORD_UNIT_MAX);
	usual = senml_seen_unit(&s->seen, to->sensor, to->name);
	if (usual->len == 0)
		*usual = s->record.fields[SENML_N].len == 0 && base.len > 0 ? base : to->unit;
	if (!slice_equal(*usual, to->unit))
		to->told_by = to->unit;
	return 0;
}

void senml_extend_metric(struct senml_resolved *to, struct slice text)
{
	if (text.len > 0)
		memcpy(to->metric + to->metric_len, text.ptr, text.len);
	to->metric_len += text.len;
}

static void name_metric(struct senml_resolved *to)
{
	to->metric_len = 0;
	senml_extend_metric(to, to->name);
	if (to->told_by.len > 0)
		senml_extend_metric(to, SLICE("."));
	senml_extend_metric(to, to->told_by);
}

int senml_resolve(struct senml *s, struct senml_resolved *to)
{
	if (resolve_name(s, to) < 0 || resolve_time(s, to) < 0 || resolve_unit(s, to) < 0)
		return -1;
	name_metric(to);
	return 0;
}
