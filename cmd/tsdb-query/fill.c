#include "fill.h"

#include <math.h>

const char *const fill_modes[] = {
    [FILL_NONE] = "none",
    [FILL_NULL] = "null",
    [FILL_PREVIOUS] = "previous",
    [FILL_LINEAR] = "linear",
    NULL,
};

/* The value of a bucket at `time` between two others, either of which may be NULL. */
static double value_at(const struct fill *f, size_t i, int64_t time, const struct row *before,
                       const struct row *after)
{
	double share;

	if (f->aggregates->items[i].kind == AGGREGATE_COUNT)
		return 0;
	if (f->mode == FILL_PREVIOUS && before)
		return before->values[i];
	if (f->mode != FILL_LINEAR || !before || !after)
		return NAN;
	share = (double)(time - before->time) / (double)(after->time - before->time);
	return before->values[i] + (after->values[i] - before->values[i]) * share;
}

/* Passes on the buckets that are missing in [from, to) of the series of `of`. */
static void bridge(struct fill *f, const struct row *of, int64_t from, int64_t to,
                   const struct row *before, const struct row *after)
{
	struct row row = {.sensor = of->sensor, .metric = of->metric, .count = of->count};

	for (row.time = from; row.time < to; row.time += f->width) {
		for (size_t i = 0; i < row.count; i++)
			row.values[i] = value_at(f, i, row.time, before, after);
		f->tally->filled++;
		f->next->row(f->next, &row);
	}
}

static void end_series(struct fill *f)
{
	if (f->last.sensor)
		bridge(f, &f->last, f->last.time + f->width, f->end, &f->last, NULL);
	f->last.sensor = NULL;
}

static void take_row(struct stage *self, const struct row *row)
{
	struct fill *f = (struct fill *)self;

	if (!row_same_series(row, &f->last))
		end_series(f);
	if (f->last.sensor)
		bridge(f, row, f->last.time + f->width, row->time, &f->last, row);
	else
		bridge(f, row, f->first, row->time, NULL, row);
	f->last = *row;
	f->next->row(f->next, row);
}

static void finish(struct stage *self)
{
	struct fill *f = (struct fill *)self;

	end_series(f);
	f->next->finish(f->next);
}

void fill_init(struct fill *f)
{
	f->stage = (struct stage){take_row, finish};
	f->last.sensor = NULL;
}
