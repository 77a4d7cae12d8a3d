#include "chart.h"

#include "base/clock.h"
#include "base/msg.h"
#include "record/escape.h"
#include "text/number.h"

#include <math.h>
#include <stdlib.h>

void chart_append_series(struct buf *b, const struct row *row)
{
	escape_append(b, row->sensor->type);
	buf_putc(b, ' ');
	escape_append(b, row->sensor->name);
	buf_putc(b, ' ');
	escape_append(b, row->metric->name);
}

static void append_label(struct buf *b, const struct row *row, const char *aggregate)
{
	chart_append_series(b, row);
	if (aggregate)
		buf_printf(b, " %s", aggregate);
	if (row->metric->unit.len) {
		buf_append_string(b, " (");
		escape_append(b, row->metric->unit);
		buf_putc(b, ')');
	}
}

struct chart_line *chart_begin_line(struct chart *c)
{
	struct chart_line *line;

	if (c->count == CHART_LINES_MAX)
		msg_die(EX_DATAERR,
		        "more than %d lines to draw: choose fewer with --sensor and --metric",
		        CHART_LINES_MAX);
	line = &c->lines[c->count++];
	*line = (struct chart_line){0};
	return line;
}

/* Begins the lines of a series; they are the last ones then. */
static void begin_series(struct chart *c, const struct row *row, size_t lines)
{
	for (size_t i = 0; i < lines; i++) {
		const char *name = c->aggregates ? c->aggregates->items[i].name : NULL;

		append_label(&chart_begin_line(c)->label, row, name);
	}
}

static void add_point(struct chart *c, struct chart_line *line, int64_t time, double value)
{
	if (++c->points > CHART_POINTS_MAX)
		msg_die(EX_DATAERR, "more than %d points to draw: use a larger --bucket",
		        CHART_POINTS_MAX);
	if (line->count == line->room) {
		size_t room = line->room ? 2 * line->room : 256;
		struct chart_point *points = realloc(line->points, room * sizeof(*points));

		if (!points)
			msg_die(EX_OSERR, "out of memory");
		line->points = points;
		line->room = room;
	}
	line->points[line->count++] = (struct chart_point){time, isfinite(value) ? value : NAN};
}

void chart_add_point(struct chart *c, int64_t time, double value)
{
	add_point(c, &c->lines[c->count - 1], time, value);
}

static double value_of(const struct chart *c, const struct row *row, size_t i)
{
	double value;

	if (c->aggregates)
		return row->values[i];
	return row->is_string || number_parse(row->value, &value) < 0 ? NAN : value;
}

static void take_row(struct stage *self, const struct row *row)
{
	struct chart *c = (struct chart *)self;
	size_t lines = c->aggregates ? c->aggregates->count : 1;

	if (!row_same_series(row, &c->last))
		begin_series(c, row, lines);
	c->last.sensor = row->sensor;
	c->last.metric = row->metric;
	for (size_t i = 0; i < lines; i++)
		add_point(c, &c->lines[c->count - lines + i], row->time, value_of(c, row, i));
	c->tally->written++;
}

static void finish(struct stage *self)
{
	(void)self; /* who made the chart draws it */
}

void chart_init(struct chart *c)
{
	c->stage = (struct stage){take_row, finish};
	c->count = c->points = 0;
	c->last.sensor = NULL;
}

void chart_free(struct chart *c)
{
	for (size_t i = 0; i < c->count; i++) {
		buf_free(&c->lines[i].label);
		free(c->lines[i].points);
	}
	c->count = 0;
}

static void include(struct chart_bounds *b, const struct chart_line *line)
{
	for (size_t i = 0; i < line->count; i++) {
		const struct chart_point *p = &line->points[i];

		if (isnan(p->value))
			continue;
		b->from = p->time < b->from ? p->time : b->from;
		b->to = p->time > b->to ? p->time : b->to;
		b->low = fmin(b->low, p->value);
		b->high = fmax(b->high, p->value);
	}
}

bool chart_bounds(const struct chart *c, struct chart_bounds *b)
{
	*b = (struct chart_bounds){INT64_MAX, INT64_MIN, INFINITY, -INFINITY};
	for (size_t i = 0; i < c->count; i++)
		include(b, &c->lines[i]);
	if (b->from > b->to)
		return false;
	if (b->from == b->to)
		b->to += CLOCK_SECOND;
	if (b->low == b->high) {
		double margin = b->low != 0 ? fabs(b->low) * 0.1 : 1;

		b->low -= margin;
		b->high += margin;
	}
	return true;
}
