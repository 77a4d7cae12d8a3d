#include "table.h"

#include "csv_row.h"

#include "base/msg.h"
#include "record/input.h"

#include <inttypes.h>

void table_begin(struct table *t)
{
	struct siphash name = series_name(&t->series, SLICE("table"));
	struct series *series = series_find(&t->series, name);

	t->detector = detector_of(series ? series : detector_add(&t->series, name));
	t->known = t->detector->count > 0 ? t->detector->time : CLOCK_MIN - 1;
}

/* The line with another field. */
static void write_row(struct table *t, struct slice line, bool carriage_return, const char *field,
                      double score)
{
	buf_append_slice(&t->out.buf, line);
	buf_putc(&t->out.buf, ',');
	buf_append_string(&t->out.buf, field);
	if (score >= 0)
		score_append(&t->out.buf, score);
	if (carriage_return)
		buf_putc(&t->out.buf, '\r');
	buf_putc(&t->out.buf, '\n');
	out_line(&t->out);
}

/* -1: it gets no score. */
static double score_row(struct table *t, enum csv_status status, const struct csv_row *row)
{
	struct verdict verdict;

	if (status == CSV_MISSING) {
		t->missing++;
		return -1;
	}
	if (row->time <= t->known) {
		t->tally.values++;
		t->tally.unscored++;
		return -1;
	}
	detector_take(t->detector, row->time, row->value, &verdict);
	tally_take(&t->tally, t->detector, &verdict);
	return verdict.score;
}

static void reject_row(struct table *t, struct slice line, enum csv_status status)
{
	static const struct {
		const char *code, *what;
	} faults[] = {
	    [CSV_BAD_TIME] = {"bad-time", "the first field is no timestamp"},
	    [CSV_BAD_VALUE] = {"bad-value", "the second field is no number"},
	    [CSV_BAD_ROW] = {"bad-row", "not timestamp,value"},
	};

	reject_line(&t->reject, line, faults[status].code, "line %" PRIu64 ": %s", t->lines.number,
	            faults[status].what);
}

void table_take(struct table *t, struct slice line)
{
	bool carriage_return = line.len > 0 && line.ptr[line.len - 1] == '\r';
	struct csv_row row;
	enum csv_status status;

	line.len -= carriage_return;
	if (line.len == 0) {
		buf_append_string(&t->out.buf, carriage_return ? "\r\n" : "\n");
		out_line(&t->out);
		return;
	}
	status = csv_row_parse(line, &row);
	if (t->lines.number == 1 && (status == CSV_BAD_TIME || status == CSV_BAD_ROW)) {
		write_row(t, line, carriage_return, "score", -1);
		return;
	}
	t->rows++;
	if (status == CSV_ROW || status == CSV_MISSING)
		write_row(t, line, carriage_return, "", score_row(t, status, &row));
	else
		reject_row(t, line, status);
}

void table_reject_long(struct table *t, struct slice line)
{
	struct slice head = line;

	if (head.len > INPUT_KEEP)
		head.len = INPUT_KEEP;
	t->rows++;
	reject_line(&t->reject, head, "too-long",
	            "line %" PRIu64 ": %" PRIu64
	            " bytes are over the bound of %zu (--max-line); the "
	            "first %zu are kept",
	            t->lines.number, t->lines.line_size, line.len, head.len);
}

void table_register(const struct table *t, struct metrics *m)
{
	metrics_counter(m, "anomaly_rows_total", "", "Rows read.", &t->rows);
	metrics_work(m);
	metrics_counter(m, "anomaly_missing_total", "", "Rows without a value.", &t->missing);
	metrics_counter(m, "anomaly_rejected_total", "", "Rows that became dead letters.",
	                &t->reject.count);
	tally_register(&t->tally, m);
}
