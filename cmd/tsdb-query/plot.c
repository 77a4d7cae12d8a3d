#include "plot.h"

#include "axis.h"
#include "base/clock.h"

#include <math.h>

enum { COLOURS = 6 };

static const char glyphs[] = "*+o#x@%&=~"; /* of lines without colours, in turn */

struct plot {
	const struct chart *chart;
	const struct plot_look *look;
	bool braille; /* else glyphs */
	struct chart_bounds bounds;
	struct canvas canvas;
	struct axis_values values;
	size_t margin; /* characters of the labels at the left */
};

/* ---- lines ---- */

static long dot_x(const struct plot *p, int64_t time)
{
	double share = (double)(time - p->bounds.from) / (double)(p->bounds.to - p->bounds.from);

	return lround(share * (double)(p->canvas.width * CANVAS_DOTS_ACROSS - 1));
}

static long dot_y(const struct plot *p, double value)
{
	double span = p->bounds.high - p->bounds.low;
	double share = (p->bounds.high - value) / span;

	/* Beyond the range of a double; its half is not. */
	if (!isfinite(span))
		share = (p->bounds.high / 2 - value / 2) / (p->bounds.high / 2 - p->bounds.low / 2);
	return lround(share * (double)(p->canvas.height * CANVAS_DOTS_DOWN - 1));
}

static void draw_line(struct plot *p, const struct chart_line *line, unsigned char number)
{
	const struct chart_point *before = NULL;

	for (size_t i = 0; i < line->count; i++) {
		const struct chart_point *point = &line->points[i];
		long x, y;

		if (isnan(point->value)) {
			before = NULL;
			continue;
		}
		x = dot_x(p, point->time);
		y = dot_y(p, point->value);
		canvas_line(&p->canvas, before ? dot_x(p, before->time) : x,
		            before ? dot_y(p, before->value) : y, x, y, number);
		before = point;
	}
}

/* ---- text ---- */

static void append_colour(struct buf *b, size_t line)
{
	static const int codes[COLOURS] = {36, 33, 35, 32, 34, 31};

	buf_printf(b, "\033[%dm", codes[line % COLOURS]);
}

static void append_colour_end(struct buf *b)
{
	buf_append_string(b, "\033[0m");
}

static void append_legend(struct buf *b, const struct plot *p)
{
	for (size_t i = 0; i < p->chart->count; i++) {
		buf_append_string(b, "  ");
		if (p->look->colour)
			append_colour(b, i);
		if (p->braille)
			buf_append_string(b, "──");
		else
			buf_putc(b, glyphs[i % (sizeof(glyphs) - 1)]);
		if (p->look->colour)
			append_colour_end(b);
		buf_putc(b, ' ');
		buf_append_slice(b, buf_slice(&p->chart->lines[i].label));
		buf_putc(b, '\n');
	}
}

static void append_place(struct buf *b, const struct plot *p, size_t column, size_t row)
{
	unsigned owner = canvas_owner(&p->canvas, column, row);

	if (owner == 0) {
		buf_putc(b, ' ');
		return;
	}
	if (!p->braille) {
		buf_putc(b, glyphs[(owner - 1) % (sizeof(glyphs) - 1)]);
		return;
	}
	if (p->look->colour)
		append_colour(b, owner - 1);
	canvas_append(b, &p->canvas, column, row);
	if (p->look->colour)
		append_colour_end(b);
}

static void append_spaces(struct buf *b, size_t count)
{
	for (; count > 0; count--)
		buf_putc(b, ' ');
}

/* The tick that is written at a row of characters, or -1. */
static long tick_at(const struct plot *p, size_t row)
{
	for (size_t i = 0; i < p->values.count; i++)
		if (dot_y(p, axis_value(&p->values, i)) / CANVAS_DOTS_DOWN == (long)row)
			return (long)i;
	return -1;
}

static void append_rows(struct buf *b, const struct plot *p)
{
	for (size_t row = 0; row < p->canvas.height; row++) {
		long tick = tick_at(p, row);
		struct buf label = {0};

		if (tick >= 0)
			axis_append_value(&label, &p->values, (size_t)tick);
		append_spaces(b, p->margin - label.len);
		buf_append_slice(b, buf_slice(&label));
		buf_append_string(b, tick >= 0 ? " ┤" : " │");
		for (size_t column = 0; column < p->canvas.width; column++)
			append_place(b, p, column, row);
		while (b->ptr[b->len - 1] == ' ')
			b->len--;
		buf_putc(b, '\n');
		buf_free(&label);
	}
}

static void append_times(struct buf *b, const struct plot *p)
{
	enum { LABEL = 8, APART = 4 };
	size_t room = p->canvas.width / (LABEL + APART), column = 0;
	struct axis_times times;
	struct buf line = {0};

	axis_times(&times, p->bounds.from, p->bounds.to, room < 2 ? 2 : room);
	append_spaces(b, p->margin);
	buf_append_string(b, " └");
	for (size_t i = 0; i < times.count; i++) {
		int64_t at = times.first + (int64_t)i * times.step;
		size_t tick = (size_t)dot_x(p, at) / CANVAS_DOTS_ACROSS;

		for (; column < tick; column++)
			buf_append_string(b, "─");
		buf_append_string(b, "┬");
		column++;
		append_spaces(&line, tick > line.len ? tick - line.len : i > 0);
		axis_append_time(&line, &times, i);
	}
	for (; column < p->canvas.width; column++)
		buf_append_string(b, "─");
	buf_putc(b, '\n');
	append_spaces(b, p->margin + 2);
	buf_append_slice(b, buf_slice(&line));
	buf_putc(b, '\n');
	buf_free(&line);
}

/* The span of the chart, which the labels of the times leave open. */
static void append_span(struct buf *b, const struct plot *p)
{
	append_spaces(b, p->margin + 2);
	clock_append(b, p->bounds.from);
	buf_append_string(b, " to ");
	clock_append(b, p->bounds.to);
	buf_putc(b, '\n');
}

static size_t widest_label(const struct axis_values *values)
{
	struct buf label = {0};
	size_t widest = 0;

	for (size_t i = 0; i < values->count; i++) {
		buf_clear(&label);
		axis_append_value(&label, values, i);
		widest = label.len > widest ? label.len : widest;
	}
	buf_free(&label);
	return widest;
}

void plot_append(struct buf *b, const struct chart *chart, const struct plot_look *look)
{
	enum { ROWS_A_TICK = 4, AXIS_LINES = 3, AXIS_WIDTH = 2 };
	struct plot p = {.chart = chart, .look = look};
	size_t height = look->height - AXIS_LINES;

	if (!chart_bounds(chart, &p.bounds)) {
		buf_append_string(b, "nothing to draw\n");
		return;
	}
	p.braille = look->colour || chart->count == 1;
	axis_values(&p.values, p.bounds.low, p.bounds.high, 2 + height / ROWS_A_TICK);
	p.margin = widest_label(&p.values);
	canvas_init(&p.canvas, look->width - p.margin - AXIS_WIDTH, height);
	for (size_t i = 0; i < chart->count; i++)
		draw_line(&p, &chart->lines[i], (unsigned char)i);
	append_legend(b, &p);
	append_rows(b, &p);
	append_times(b, &p);
	append_span(b, &p);
	canvas_free(&p.canvas);
}
