/*
 * sensor-anomaly: scores every number of every series by how odd it is after those before it.
 *
 * Readings go on with a score behind each metric, or become events where a score is over the
 * threshold; a table of one series gets a column. What is known of a series is of fixed size,
 * whatever its length, and may be kept in a file over restarts. See sensor-anomaly(1).
 */
#include "options.h"
#include "scorer.h"
#include "table.h"

#include "base/msg.h"
#include "base/stop.h"
#include "durable/state_keeper.h"
#include "record/input.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

static struct options opts;
static struct scorer scorer;
static struct table table;

/* The state is never ahead of the output: what a crash takes is not in it, and is scored again. */
static void keep_state(struct state_keeper *state, struct out *out)
{
	if (!state_is_due(state))
		return;
	out_flush(out);
	state_tick(state);
}

static int end_state(struct state_keeper *state, int status)
{
	return state_close(state) < 0 && status == EX_OK ? EX_IOERR : status;
}

/* Of values, for both summaries. */
static void append_tally(struct buf *text, const struct tally *t)
{
	buf_printf(text,
	           "values %" PRIu64 ": scored %" PRIu64 ", learning %" PRIu64 ", unscored %" PRIu64
	           "; events %" PRIu64,
	           t->values, t->scored, t->learning, t->unscored, t->events);
}

/* ---- readings ---- */

static void open_scorer(struct scorer *s)
{
	s->events_only = opts.events;
	s->selection = &opts.selection;
	s->tally.threshold = opts.threshold;
	series_init(&s->series, opts.max_series, sizeof(struct detector));
	filter_open(&opts.common, INPUT_READINGS, &s->in, &s->out, &s->reject);
	s->in.skips = &s->out;
}

static int64_t earlier(int64_t a, int64_t b)
{
	return a < b ? a : b;
}

/* To the end of the input. */
static void run_scorer(struct scorer *s, struct state_keeper *state, struct metrics *metrics)
{
	enum input_status status;

	for (;;) {
		s->in.lines.deadline = earlier(state->due, metrics_due(metrics));
		status = input_next(&s->in);
		if (status == INPUT_END)
			return;
		if (status == INPUT_RECORD)
			scorer_take(s);
		metrics_tick(metrics);
		keep_state(state, &s->out);
	}
}

static int report_scorer(const struct scorer *s)
{
	struct buf values = {0};

	append_tally(&values, &s->tally);
	msg_info("records %" PRIu64 ", readings %" PRIu64 ", skips %" PRIu64 ", rejected %" PRIu64
	         "; %s",
	         s->in.records, s->readings, s->skips, s->reject.count, buf_string(&values));
	buf_free(&values);
	return filter_status(&opts.common, &s->in, &s->reject);
}

static int score_readings(void)
{
	struct state_keeper state;
	struct metrics *metrics;
	int status;

	stop_init();
	open_scorer(&scorer);
	state_open(&state, opts.state, &scorer.series, &detector_form);
	metrics = metrics_open(opts.common.metrics, "");
	scorer_register(&scorer, metrics);

	run_scorer(&scorer, &state, metrics);

	filter_close(&scorer.in, &scorer.out, &scorer.reject);
	status = end_state(&state, report_scorer(&scorer));
	metrics_close(metrics);
	scorer_free(&scorer);
	return status;
}

/* ---- a table ---- */

static void open_table(struct table *t)
{
	t->tally.threshold = opts.threshold;
	series_init(&t->series, SERIES_MAX_LEAST, sizeof(struct detector));
	reject_open(&t->reject, opts.common.reject);
	out_init(&t->out, STDOUT_FILENO, "stdout");
	t->out.first = &t->reject.out;
	line_init(&t->lines, STDIN_FILENO, INPUT_STDIN, opts.common.max_line);
	line_flush_before_block(&t->lines, &t->reject.out);
	line_flush_before_block(&t->lines, &t->out);
}

static void run_table(struct table *t, struct state_keeper *state, struct metrics *metrics)
{
	enum line_status status;
	struct slice line;

	for (;;) {
		t->lines.deadline = earlier(state->due, metrics_due(metrics));
		status = line_next(&t->lines, &line);
		if (status == LINE_END)
			return;
		if (status == LINE_ERROR)
			msg_die(EX_IOERR, "%s: %s", t->lines.name, strerror(errno));
		if (status == LINE_OK || status == LINE_TRUNCATED)
			table_take(t, line);
		if (status == LINE_TOO_LONG)
			table_reject_long(t, line);
		metrics_tick(metrics);
		keep_state(state, &t->out);
	}
}

static int report_table(const struct table *t)
{
	struct buf values = {0};

	append_tally(&values, &t->tally);
	msg_info("rows %" PRIu64 ", missing %" PRIu64 ", rejected %" PRIu64 "; %s", t->rows,
	         t->missing, t->reject.count, buf_string(&values));
	buf_free(&values);
	return opts.common.strict && t->reject.count > 0 ? EX_DATAERR : EX_OK;
}

static int score_table(void)
{
	struct state_keeper state;
	struct metrics *metrics;
	int status;

	stop_init();
	open_table(&table);
	state_open(&state, opts.state, &table.series, &detector_table_form);
	table_begin(&table);
	metrics = metrics_open(opts.common.metrics, "");
	table_register(&table, metrics);

	run_table(&table, &state, metrics);

	out_close(&table.out);
	reject_close(&table.reject);
	status = end_state(&state, report_table(&table));
	line_free(&table.lines);
	metrics_close(metrics);
	series_free(&table.series);
	return status;
}

int main(int argc, char **argv)
{
	msg_init("sensor-anomaly");
	options_parse(&opts, argc, argv);
	return opts.csv ? score_table() : score_readings();
}
