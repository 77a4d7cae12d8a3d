#include "heat_map.h"

#include "base/clock.h"
#include "base/msg.h"
#include "chart.h"
#include "days.h"
#include "text/utf8.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>

#define NOTHING (-1.0F)

static struct heat_map_line *at_hand(struct heat_map *m)
{
	return &m->lines[m->count];
}

static void begin_series(struct heat_map *m, const struct row *row)
{
	struct heat_map_line *line = at_hand(m);

	if (!line->scores)
		line->scores = malloc(m->days * sizeof(*line->scores));
	if (!line->scores)
		msg_die(EX_OSERR, "out of memory");
	for (size_t day = 0; day < m->days; day++)
		line->scores[day] = NOTHING;
	buf_clear(&line->label);
	chart_append_series(&line->label, row);
	m->last = *row;
}

/* Keeps the series at hand if it has an odd day, and there is room. */
static void end_series(struct heat_map *m)
{
	const float *scores = at_hand(m)->scores;
	size_t day = 0;

	if (!m->last.sensor)
		return;
	while (day < m->days && !(scores[day] > (float)m->factor))
		day++;
	if (day == m->days)
		return;
	if (m->count < HEAT_MAP_LINES_MAX)
		m->count++;
	else
		m->left_out++;
}

static void take_row(struct stage *self, const struct row *row)
{
	struct heat_map *m = (struct heat_map *)self;
	size_t day = (size_t)((row->time - m->span.from) / DAYS_DAY);
	float score = (float)row->values[0];

	if (!m->last.sensor || !row_same_series(row, &m->last)) {
		end_series(m);
		begin_series(m, row);
	}
	if (score > at_hand(m)->scores[day])
		at_hand(m)->scores[day] = score;
	m->tally->written++;
}

static void finish(struct stage *self)
{
	struct heat_map *m = (struct heat_map *)self;

	end_series(m);
	if (m->left_out > 0)
		msg_warn("%zu more series have odd days than the %d that are drawn", m->left_out,
		         HEAT_MAP_LINES_MAX);
}

void heat_map_init(struct heat_map *m)
{
	m->stage = (struct stage){take_row, finish};
	m->days = (size_t)((m->span.to - m->span.from) / DAYS_DAY);
	m->count = m->left_out = 0;
	for (size_t i = 0; i <= HEAT_MAP_LINES_MAX; i++)
		m->lines[i] = (struct heat_map_line){0};
	m->last.sensor = NULL;
	if (m->days > HEAT_MAP_DAYS_MAX)
		msg_die(EX_DATAERR, "more than %d days to draw: narrow --from and --to",
		        HEAT_MAP_DAYS_MAX);
}

void heat_map_free(struct heat_map *m)
{
	for (size_t i = 0; i <= HEAT_MAP_LINES_MAX; i++) {
		buf_free(&m->lines[i].label);
		free(m->lines[i].scores);
	}
	m->count = 0;
}

/* ---- text ---- */

static void append_spaces(struct buf *b, size_t count)
{
	for (; count > 0; count--)
		buf_putc(b, ' ');
}

static size_t widest_label(const struct heat_map *m)
{
	size_t widest = 0;

	for (size_t i = 0; i < m->count; i++) {
		size_t width = utf8_length(buf_slice(&m->lines[i].label));

		widest = width > widest ? width : widest;
	}
	return widest;
}

static void append_place(struct buf *b, float score, double factor)
{
	if (score < 0)
		buf_putc(b, ' ');
	else if (score <= (float)factor)
		buf_append_string(b, "·");
	else
		buf_append_string(b, score <= 2 * (float)factor ? "▒" : "█");
}

static void append_line(struct buf *b, const struct heat_map *m, const struct heat_map_line *line,
                        size_t margin, size_t together)
{
	buf_append_slice(b, buf_slice(&line->label));
	append_spaces(b, margin - utf8_length(buf_slice(&line->label)));
	buf_append_string(b, " │");
	for (size_t day = 0; day < m->days; day += together) {
		float worst = NOTHING;

		for (size_t i = day; i < day + together && i < m->days; i++)
			worst = fmaxf(worst, line->scores[i]);
		append_place(b, worst, m->factor);
	}
	buf_putc(b, '\n');
}

void heat_map_append(struct buf *b, const struct heat_map *m, const struct plot_look *look)
{
	size_t margin = widest_label(m), room, together;

	if (m->count == 0) {
		buf_append_string(b, "no odd day\n");
		return;
	}
	room = look->width > margin + 12 ? look->width - margin - 2 : 10;
	together = (m->days + room - 1) / room;
	for (size_t i = 0; i < m->count; i++)
		append_line(b, m, &m->lines[i], margin, together);
	append_spaces(b, margin + 2);
	clock_append_day(b, m->span.from);
	buf_append_string(b, " to ");
	clock_append_day(b, m->span.to - DAYS_DAY);
	buf_printf(b, ", %zu day%s a place; ▒ over %g, █ over %g\n", together,
	           together == 1 ? "" : "s", m->factor, 2 * m->factor);
}

/* ---- gnuplot ---- */

/* Seconds since 1970 of each noon, the number of the series, and the score; a day without is left
 * out. */
static void append_scores(struct buf *b, const struct heat_map *m, size_t line)
{
	for (size_t day = 0; day < m->days; day++) {
		int64_t noon = (m->span.from + (int64_t)day * DAYS_DAY + DAYS_DAY / 2) /
		               CLOCK_SECOND;
		float score = m->lines[line].scores[day];

		if (score < 0)
			buf_printf(b, "%" PRId64 " %zu NaN\n", noon, line);
		else
			buf_printf(b, "%" PRId64 " %zu %.4g\n", noon, line, (double)score);
	}
}

/* As many as there is room for. */
static void append_labels(struct buf *b, const struct heat_map *m, size_t height)
{
	enum { LABEL = 18 }; /* pixels */
	size_t step = 1 + m->count * LABEL / height;

	buf_append_string(b, "set ytics (");
	for (size_t i = 0; i < m->count; i += step) {
		buf_append_string(b, i > 0 ? ", " : "");
		gnuplot_append_quoted(b, buf_slice(&m->lines[i].label));
		buf_printf(b, " %zu", i);
	}
	buf_append_string(b, ")\n");
}

static void append_commands(struct buf *b, const struct heat_map *m, const struct gnuplot *g)
{
	gnuplot_append_terminal(b, g);
	buf_append_string(b, "set xdata time\nset timefmt '%s'\nset format x '%m-%d'\n"
	                     "unset key\nset cblabel 'score'\nset palette defined "
	                     "(0 '#f0f0f0', 1 '#f0d060', 2 '#b01010')\n");
	buf_printf(b, "set cbrange [0:%.17g]\n", m->factor > 0 ? 2 * m->factor : 1);
	buf_printf(b, "set yrange [%zu.5:-0.5]\nset xrange ['%" PRId64 "':'%" PRId64 "']\n",
	           m->count - 1, m->span.from / CLOCK_SECOND, m->span.to / CLOCK_SECOND);
	append_labels(b, m, g->height);
	buf_append_string(b, "$scores << END\n");
	for (size_t i = 0; i < m->count; i++)
		append_scores(b, m, i);
	buf_append_string(b, "END\nplot $scores using 1:2:3 with image\n");
}

void heat_map_draw(const struct heat_map *m, const struct gnuplot *g)
{
	struct buf commands = {0};

	if (m->count == 0) {
		msg_warn("no odd day: '%s' is not written", g->path);
		return;
	}
	append_commands(&commands, m, g);
	gnuplot_run(g, buf_slice(&commands));
	buf_free(&commands);
}
