#include "cover.h"

#include "base/clock.h"

#define HOUR (INT64_C(3600) * CLOCK_SECOND)
#define DAY  (24 * HOUR)

const char *const cover_sources[] = {
    [SOURCE_AUTO] = "auto",
    [SOURCE_RAW] = "raw",
    [SOURCE_HOURLY] = "hourly",
    [SOURCE_DAILY] = "daily",
    NULL,
};

int64_t cover_bucket(int64_t us, int64_t width)
{
	int64_t rest = (us - COVER_ORIGIN) % width;

	return us - (rest < 0 ? rest + width : rest);
}

static int64_t width_of(enum source source)
{
	return source == SOURCE_DAILY ? DAY : HOUR;
}

/* A table that may serve, and up to when. */
struct table {
	enum source source;
	struct rollup rollup;
};

/* Covers the span with the tables of a list, from the coarsest to SOURCE_RAW, which ends it. */
static void cover_span(struct cover *c, const struct table *tables, int64_t from, int64_t to)
{
	int64_t first = from, last = to;

	if (from >= to)
		return;
	if (tables->source != SOURCE_RAW) {
		int64_t width = width_of(tables->source), upto = tables->rollup.upto;

		first = cover_bucket(from + width - 1, width);
		last = cover_bucket(to < upto ? to : upto, width);
		if (first >= last)
			first = last = to;
		cover_span(c, tables + 1, from, first);
	}
	if (first < last) {
		c->parts[c->count++] = (struct cover_part){tables->source, tables->rollup.table,
		                                           first, last};
		cover_span(c, tables + 1, last, to);
	}
}

/* Why a rollup is no help to these buckets, or NULL. */
static const char *obstacle(const struct cover_wish *wish, enum source source)
{
	if (wish->raw_only)
		return "what is asked for is computed from readings only";
	if (wish->bucket % width_of(source) != 0)
		return source == SOURCE_DAILY ? "the buckets are not made of whole days"
		                              : "the buckets are not made of whole hours";
	return NULL;
}

const char *cover_fault(const struct cover_wish *wish)
{
	if (wish->source == SOURCE_AUTO || wish->source == SOURCE_RAW)
		return NULL;
	return obstacle(wish, wish->source);
}

static const char *choose_tables(const struct cover_wish *wish, struct table tables[3])
{
	static const char *const views[] = {
	    [SOURCE_HOURLY] = "readings_hourly", [SOURCE_DAILY] = "readings_daily"};
	const char *why = obstacle(wish, SOURCE_HOURLY);
	size_t count = 0;

	if (wish->source != SOURCE_AUTO) {
		why = "as asked for by --source";
		if (wish->source != SOURCE_RAW)
			tables[count++] = (struct table){wish->source,
			                                 {views[wish->source], INT64_MAX}};
	} else if (!why && wish->hourly.upto <= wish->from) {
		why = "no rollup of this span is stored";
	} else if (!why) {
		why = "whole hours from the rollup, the rest from readings";
		if (wish->daily.upto > wish->from && !obstacle(wish, SOURCE_DAILY)) {
			why = "whole days and hours from the rollups, the rest from readings";
			tables[count++] = (struct table){SOURCE_DAILY, wish->daily};
		}
		tables[count++] = (struct table){SOURCE_HOURLY, wish->hourly};
	}
	tables[count] = (struct table){SOURCE_RAW, {NULL, INT64_MAX}};
	return why;
}

void cover_choose(struct cover *c, const struct cover_wish *wish)
{
	struct table tables[3];

	c->count = 0;
	c->why = choose_tables(wish, tables);
	cover_span(c, tables, wish->from, wish->to);
}

bool cover_is_rolled(const struct cover *c)
{
	for (size_t i = 0; i < c->count; i++)
		if (c->parts[i].source != SOURCE_RAW)
			return true;
	return false;
}
