#include "limits.h"

#include "keywords.h"
#include "qartod.h"

void limit_span(const struct json_value *value, void *into, struct faults *faults)
{
	const double most = 1e10; /* 300 years; over it there is no reason for a limit */
	int64_t *us = into;

	if (value->kind != JSON_NUMBER || value->number < 0 || value->number > most)
		faults_add(faults, "must be a number of seconds from 0 to 1e10");
	else
		*us = (int64_t)(value->number * 1e6 + 0.5);
}

void limit_number(const struct json_value *value, void *into, struct faults *faults)
{
	double *number = into;

	if (value->kind != JSON_NUMBER || value->number < 0)
		faults_add(faults, "must be a number from 0");
	else
		*number = value->number;
}

void limit_range(const struct json_value *value, void *into, struct faults *faults)
{
	const struct json_value *low = value->first, *high;
	struct qartod_range *range = into;

	if (value->kind != JSON_ARRAY || value->count != 2 || low->kind != JSON_NUMBER ||
	    low->next->kind != JSON_NUMBER) {
		faults_add(faults, "must be an array of two numbers");
		return;
	}
	high = low->next;
	if (low->number > high->number)
		faults_add(faults, "its first number is over its second");
	range->low = low->number;
	range->high = high->number;
}

static void read_member(const struct json_value *member, const struct limit *limits,
                        struct faults *faults)
{
	for (const struct limit *limit = limits; limit->name; limit++)
		if (slice_is(member->name, limit->name)) {
			limit->read(member, limit->into, faults);
			return;
		}
	faults_add(faults, "unknown member");
}

void limits_read(const struct json_value *value, const struct limit *limits, struct faults *faults)
{
	bool limiting = false;

	if (keyword_container(value, JSON_OBJECT, faults) < 0)
		return;
	for (const struct json_value *member = value->first; member; member = member->next) {
		size_t mark = faults_enter(faults, member->name);

		read_member(member, limits, faults);
		faults_leave(faults, mark);
		limiting |= slice_is(member->name, "suspect") || slice_is(member->name, "fail");
	}
	if (!limiting)
		faults_add(faults, "needs suspect, fail or both");
}
