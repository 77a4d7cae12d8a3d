#include "aggregate.h"

#include "text/number.h"

#include <string.h>

static const struct {
	const char *name;
	enum aggregate_kind kind;
} words[] = {
    {"avg", AGGREGATE_AVG},           {"min", AGGREGATE_MIN},       {"max", AGGREGATE_MAX},
    {"sum", AGGREGATE_SUM},           {"count", AGGREGATE_COUNT},   {"first", AGGREGATE_FIRST},
    {"last", AGGREGATE_LAST},         {"stddev", AGGREGATE_STDDEV}, {"range", AGGREGATE_RANGE},
    {"median", AGGREGATE_PERCENTILE},
};

/*
 * The value at the least (or greatest) time, in constant memory: arrays are compared element by
 * element, and the times of a series differ. A double holds microseconds until the year 2242.
 */
#define AT_FIRST(value) "(min(ARRAY[date_part('epoch', time), " value "]))[2]"
#define AT_LAST(value)  "(max(ARRAY[date_part('epoch', time), " value "]))[2]"

/* Rounding can leave a tiny negative variance: 0. */
#define ROLLED_STDDEV                                                        \
	"CASE WHEN sum(count) > 1 THEN sqrt(greatest(sum(sum_of_squares) - " \
	"sum(sum) * (sum(sum) / sum(count)), 0) / (sum(count) - 1)) END"

static const char *const raw[] = {
    [AGGREGATE_AVG] = "avg(value)",
    [AGGREGATE_MIN] = "min(value)",
    [AGGREGATE_MAX] = "max(value)",
    [AGGREGATE_SUM] = "sum(value)",
    [AGGREGATE_COUNT] = "count(*)::float8",
    [AGGREGATE_FIRST] = AT_FIRST("value"),
    [AGGREGATE_LAST] = AT_LAST("value"),
    [AGGREGATE_STDDEV] = "stddev_samp(value)",
    [AGGREGATE_RANGE] = "max(value) - min(value)",
};

static const char *const rolled[] = {
    [AGGREGATE_AVG] = "sum(sum) / sum(count)",
    [AGGREGATE_MIN] = "min(min)",
    [AGGREGATE_MAX] = "max(max)",
    [AGGREGATE_SUM] = "sum(sum)",
    [AGGREGATE_COUNT] = "sum(count)",
    [AGGREGATE_FIRST] = AT_FIRST("first"),
    [AGGREGATE_LAST] = AT_LAST("last"),
    [AGGREGATE_STDDEV] = ROLLED_STDDEV,
    [AGGREGATE_RANGE] = "max(max) - min(min)",
};

static bool parse_percentile(struct slice name, struct aggregate *a)
{
	struct slice digits = {name.ptr + 1, name.len - 1};
	double percent;

	if (name.len < 2 || name.ptr[0] != 'p' || number_parse(digits, &percent) < 0 ||
	    memchr(digits.ptr, 'e', digits.len) || memchr(digits.ptr, 'E', digits.len) ||
	    !(percent >= 0.1 && percent <= 99.9))
		return false;
	a->kind = AGGREGATE_PERCENTILE;
	a->fraction = percent / 100;
	return true;
}

static bool parse_one(struct slice name, struct aggregate *a)
{
	*a = (struct aggregate){.fraction = 0.5};
	if (name.len >= sizeof(a->name))
		return false;
	memcpy(a->name, name.ptr, name.len);
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
		if (!slice_is(name, words[i].name))
			continue;
		a->kind = words[i].kind;
		return true;
	}
	return parse_percentile(name, a);
}

static bool is_there(const struct aggregates *list, const struct aggregate *a)
{
	for (size_t i = 0; i < list->count; i++)
		if (strcmp(list->items[i].name, a->name) == 0)
			return true;
	return false;
}

const char *aggregates_add(struct aggregates *list, const char *text, struct slice *at)
{
	const char *end;

	do {
		struct aggregate a;

		end = strchrnul(text, ',');
		*at = (struct slice){text, (size_t)(end - text)};
		if (!parse_one(*at, &a))
			return "not one of: avg, min, max, sum, count, first, last, stddev, range, "
			       "median, p0.1 to p99.9";
		if (is_there(list, &a))
			return "is there twice";
		if (list->count == AGGREGATES_MAX)
			return "is one too many";
		list->items[list->count++] = a;
		text = end + 1;
	} while (*end == ',');
	return NULL;
}

bool aggregates_need_raw(const struct aggregates *list)
{
	for (size_t i = 0; i < list->count; i++)
		if (list->items[i].kind == AGGREGATE_PERCENTILE)
			return true;
	return false;
}

void aggregate_append_raw(struct buf *sql, const struct aggregate *a)
{
	if (a->kind == AGGREGATE_PERCENTILE) {
		buf_append_string(sql, "percentile_cont(");
		number_append(sql, a->fraction);
		buf_append_string(sql, ") WITHIN GROUP (ORDER BY value)");
	} else {
		buf_append_string(sql, raw[a->kind]);
	}
}

void aggregate_append_rolled(struct buf *sql, const struct aggregate *a)
{
	buf_append_string(sql, rolled[a->kind]);
}
