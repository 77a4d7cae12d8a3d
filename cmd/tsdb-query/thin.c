#include "thin.h"

#include "base/msg.h"
#include "text/number.h"

#include <stdlib.h>

static void grow(struct thin *t)
{
	size_t room = t->room ? 2 * t->room : 4096;
	struct point *series = realloc(t->series, room * sizeof(*series));

	if (!series)
		msg_die(EX_OSERR, "out of memory");
	t->series = series;
	t->room = room;
}

static void end_series(struct thin *t)
{
	size_t kept = t->count ? lttb_reduce(t->series, t->count, t->points) : 0;

	for (size_t i = 0; i < kept; i++) {
		struct row row = {
		    .sensor = t->sensor,
		    .metric = t->metric,
		    .time = t->series[i].time,
		    .quality = t->series[i].quality,
		};

		buf_clear(&t->text);
		number_append(&t->text, t->series[i].value);
		row.value = buf_slice(&t->text);
		t->next->row(t->next, &row);
	}
	t->tally->thinned += t->count - kept;
	t->count = 0;
}

static void take_row(struct stage *self, const struct row *row)
{
	struct thin *t = (struct thin *)self;
	double value;

	if (row->sensor != t->sensor || row->metric != t->metric)
		end_series(t);
	t->sensor = row->sensor;
	t->metric = row->metric;
	/* NaN and Infinity are no numbers to the parser. */
	if (row->is_string || number_parse(row->value, &value) < 0) {
		t->tally->left_out++;
		return;
	}
	if (t->count == THIN_SERIES_MAX)
		msg_die(EX_DATAERR,
		        "'%.*s' of '%.*s' has more than %d readings, which is too many to choose "
		        "points from: narrow --from and --to, or use --agg and --bucket",
		        SLICE_ARG(row->metric->name), SLICE_ARG(row->sensor->name),
		        THIN_SERIES_MAX);
	if (t->count == t->room)
		grow(t);
	t->series[t->count++] = (struct point){row->time, value, row->quality};
}

static void finish(struct stage *self)
{
	struct thin *t = (struct thin *)self;

	end_series(t);
	free(t->series);
	t->series = NULL;
	buf_free(&t->text);
	t->next->finish(t->next);
}

void thin_init(struct thin *t)
{
	t->stage = (struct stage){take_row, finish};
	t->sensor = NULL;
	t->metric = NULL;
	t->series = NULL;
	t->count = t->room = 0;
	t->text = (struct buf){0};
}
